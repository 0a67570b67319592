"""Matching: a section is found again by its identity, its text or its likeness; what could be either is asked."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.document.compare.assignment import assign
from modules.document.compare.matching import Matching, Part, match, written_identity
from modules.document.syntax import parser

INTI = "Inti atom tersusun dari proton dan neutron yang terikat oleh gaya kuat. Massanya hampir seluruh massa atom."
KULIT = "Elektron menempati kulit di sekeliling inti. Kulit terluar menentukan sifat kimia sebuah unsur."
IKATAN = (
    "Dua atom dapat berbagi elektron. Ikatan seperti itu disebut kovalen dan arahnya tertentu dalam ruang."
)
GAS = "Gas mulia hampir tidak bereaksi, sebab kulit terluarnya sudah penuh. Helium dan neon termasuk di dalamnya."

OTHERS = (
    "Arus mengalir sepanjang kawat tembaga karena beda tegangan di antara kedua ujungnya.",
    "Hambatan kawat bertambah bila kawat itu panjang, tipis, atau panas.",
    "Saklar memutus rangkaian sehingga lampu padam dan muatan berhenti bergerak.",
)


def parts(*sections: tuple[str, str], matters: bool = True, side: str = "") -> list[Part]:
    """Sections, given by heading and text, as parts whose keys are their headings (after ``side``)."""
    text = "# Modul\n\n" + "".join(f"## {heading}\n\n{body}\n\n" for heading, body in sections)
    read = parser.parse_document(text).sections
    return [
        Part(f"{side}{one.identity}", one.identity, one.title, one.source, matters=matters) for one in read
    ]


def archived(heading: str, body: str) -> Part:
    one = parts((heading, body))[0]
    return Part(f"lama-{one.identity}", one.identity, one.title, one.source, stands=False)


def test_equal_identities_are_the_same_section_whatever_its_text():
    found = match(parts(("Inti", INTI), ("Kulit", KULIT)), parts(("Inti", GAS), ("Kulit", KULIT)))
    assert found == Matching(pairs={"inti": "inti", "kulit": "kulit"})


def test_a_renamed_section_is_found_by_its_text():
    found = match(parts(("Inti", INTI), ("Kulit", KULIT)), parts(("Nukleus", INTI), ("Kulit", KULIT)))
    assert found.pairs == {"nukleus": "inti", "kulit": "kulit"}


def test_a_renamed_and_edited_section_is_found_by_its_likeness():
    edited = INTI.replace("hampir seluruh massa atom", "menentukan hampir semua berat")
    found = match(parts(("Inti", INTI), ("Kulit", KULIT)), parts(("Kulit", KULIT), ("Nukleus", edited)))
    assert found.pairs == {"nukleus": "inti", "kulit": "kulit"}


def test_another_text_under_another_heading_is_something_new():
    found = match(parts(("Inti", INTI), ("Kulit", KULIT)), parts(("Gas mulia", GAS), ("Kulit", KULIT)))
    assert found == Matching(pairs={"kulit": "kulit"})


def test_a_heading_that_may_have_been_given_to_a_short_section_is_asked():
    found = match(parts(("Inti", INTI), ("Isotop", "Menyusul.")), parts(("Inti", "Menyusul.")))
    assert found.pairs == {}
    assert found.ambiguities == {"inti": ("inti", "isotop")}


def test_a_text_that_became_short_is_the_same_section_as_long_as_no_other_had_that_text():
    assert match(parts(("Inti", INTI)), parts(("Inti", "Menyusul."))).pairs == {"inti": "inti"}


def test_near_copies_that_swap_a_heading_are_told_by_their_very_words():
    copy = INTI.replace("gaya kuat", "gaya inti")
    old = parts(("Inti", INTI), ("Nukleus", copy))
    assert match(old, parts(("Inti", copy), ("Teras", INTI))).pairs == {"inti": "nukleus", "teras": "inti"}


def test_what_is_much_like_something_archived_is_asked_and_what_is_equal_comes_back():
    edited = INTI.replace("hampir seluruh massa atom", "menentukan hampir semua berat")
    found = match(
        [*parts(("Kulit", KULIT)), archived("Inti", INTI)], parts(("Kulit", KULIT), ("Teras", edited))
    )
    assert found.ambiguities == {"teras": ("lama-inti",)}
    found = match(
        [*parts(("Kulit", KULIT)), archived("Inti", INTI)], parts(("Kulit", KULIT), ("Teras", INTI))
    )
    assert found.pairs == {"kulit": "kulit", "teras": "lama-inti"}


def test_what_was_split_off_or_came_back_is_asked():
    old = [*parts(("Inti", f"{INTI} {KULIT}")), archived("Kulit", f"{KULIT} Begitulah.")]
    found = match(old, parts(("Inti", INTI), ("Kulit terluar", f"{KULIT} Begitulah, kata Bohr.")))
    assert found.ambiguities == {"kulit-terluar": ("lama-kulit",)}


def test_two_sections_that_swap_their_headings_keep_their_texts():
    found = match(parts(("Satu", INTI), ("Dua", KULIT)), parts(("Dua", INTI), ("Satu", KULIT)))
    assert found.pairs == {"dua": "satu", "satu": "dua"}


def test_a_heading_that_is_given_to_another_section_takes_nothing_along():
    found = match(parts(("Satu", INTI), ("Dua", KULIT)), parts(("Satu", KULIT)))
    assert found.pairs == {"satu": "dua"}


def test_an_identity_that_the_author_wrote_decides():
    found = match(
        parts(("Satu {#a}", INTI), ("Dua {#b}", KULIT)), parts(("Dua {#b}", INTI), ("Satu {#a}", KULIT))
    )
    assert found.pairs == {"a": "a", "b": "b"}


def test_the_number_of_a_repeated_heading_is_no_identity():
    before = parts(("Latihan", INTI), ("Latihan", KULIT), ("Latihan", GAS))
    found = match(before, parts(("Latihan", KULIT), ("Latihan", GAS)))
    assert found.pairs == {"latihan": "latihan-2", "latihan-2": "latihan-3"}


def test_the_number_of_a_heading_that_is_only_a_tag_is_no_identity():
    old = parts(("<nav>", INTI), ("<header>", KULIT))
    new = parts(("<main>", GAS), ("<header>", KULIT))

    assert [part.identity for part in new] == ["bagian-1", "bagian-2"]
    assert match(old, new).pairs == {"bagian-2": "bagian-2"}


def test_equal_sections_are_paired_in_their_order():
    before = parts(("Latihan", "Kerjakan."), ("Inti", INTI), ("Latihan", "Kerjakan."))
    assert match(before, before).pairs == {"latihan": "latihan", "inti": "inti", "latihan-2": "latihan-2"}


def test_which_of_two_equal_sections_is_gone_is_asked():
    before = parts(("Latihan", "Kerjakan."), ("Inti", INTI), ("Latihan", "Kerjakan."))
    found = match(before, parts(("Inti", INTI), ("Latihan", "Kerjakan.")))
    assert found.pairs == {"inti": "inti"}
    assert set(found.ambiguities["latihan"]) == {"latihan", "latihan-2"}


def test_nobody_is_asked_where_nobody_has_read_anything():
    before = parts(("Latihan", "Kerjakan."), ("Inti", INTI), ("Latihan", "Kerjakan."), matters=False)
    assert match(before, parts(("Inti", INTI), ("Latihan", "Kerjakan."))).ambiguities == {}


@pytest.mark.parametrize("meant", ["latihan", "latihan-2", ""])
def test_an_answer_settles_a_doubt(meant):
    before = parts(("Latihan", "Kerjakan."), ("Inti", INTI), ("Latihan", "Kerjakan."))
    found = match(before, parts(("Inti", INTI), ("Latihan", "Kerjakan.")), {"latihan": meant})
    assert found.pairs.get("latihan", "") == meant
    assert found.ambiguities == {}


def test_sections_that_are_told_apart_by_a_number_alone_are_not_mixed_up():
    found = match(parts(("Latihan 1", "Kerjakan.")), parts(("Latihan 2", "Kerjakan.")))
    assert found.pairs == {}


def test_what_is_split_off_knows_where_it_came_from():
    whole = f"{INTI} {KULIT}"
    found = match(parts(("Atom", whole), ("Gas", GAS)), parts(("Atom", INTI), ("Kulit", KULIT), ("Gas", GAS)))
    assert found.pairs == {"atom": "atom", "gas": "gas"}
    assert found.origins == {"kulit": "atom"}


def test_both_halves_may_have_new_headings():
    whole = f"{INTI} {KULIT}"
    found = match(parts(("Atom", whole), ("Gas", GAS)), parts(("Inti", INTI), ("Kulit", KULIT), ("Gas", GAS)))
    assert {*found.pairs.values()} == {"atom", "gas"}
    assert [*found.origins.values()] == ["atom"]
    assert found.ambiguities == {}


def test_what_is_merged_knows_where_it_went():
    found = match(parts(("Inti", INTI), ("Kulit", KULIT)), parts(("Inti", f"{INTI} {KULIT}")))
    assert found.pairs == {"inti": "inti"}
    assert found.merged == {"kulit": "inti"}


def test_an_archived_section_comes_back():
    old = [*parts(("Kulit", KULIT)), archived("Inti", INTI)]
    found = match(old, parts(("Inti", INTI.replace("kuat", "inti kuat")), ("Kulit", KULIT)))
    assert found.pairs == {"inti": "lama-inti", "kulit": "kulit"}


def test_an_archived_section_comes_back_under_another_heading():
    old = [*parts(("Kulit", KULIT)), archived("Inti", INTI)]
    assert match(old, parts(("Nukleus", INTI), ("Kulit", KULIT))).pairs["nukleus"] == "lama-inti"


def test_another_text_under_the_heading_of_an_archived_section_is_new():
    old = [*parts(("Kulit", KULIT)), archived("Inti", INTI)]
    assert match(old, parts(("Inti", GAS), ("Kulit", KULIT))).pairs == {"kulit": "kulit"}


def test_a_former_identity_leads_back_to_its_section():
    old = Part(
        "7", "nukleus", "Nukleus", f"## Nukleus\n\n{IKATAN}\n", former=(("inti", f"## Inti\n\n{INTI}\n"),)
    )
    assert match([old], parts(("Inti", INTI))).pairs == {"inti": "7"}


def test_the_very_text_that_one_part_had_earlier_leads_back_to_it():
    """Two stand with the same words now, of which one had the heading that comes back."""
    answer = "Baca lagi bagian tentang kulit elektron."
    one, other = parts(("Isotop artinya apa", answer), ("Arti isotop", answer))
    had = parts(("Apa itu isotop", answer))[0]
    one = replace(one, former=(("isotop-artinya-apa", had.source),))
    assert match([one, other], [had]).pairs == {"apa-itu-isotop": one.key}
    other = replace(other, former=one.former)
    (asked,) = match([one, other], [had]).ambiguities.values()
    assert set(asked) == {one.key, other.key}


def test_what_is_far_less_alike_than_another_is_no_candidate():
    some = " ".join(INTI.split()[:12])
    old = parts(("Inti", INTI), ("Teras", INTI), ("Kulit", f"{some} {KULIT}"))
    assert match(old, parts(("Pusat", INTI))).ambiguities == {"pusat": ("inti", "teras")}


def test_a_sentence_under_every_heading_says_nothing():
    shared = (
        "Di bagian ini Anda belajar hal baru yang berguna bagi pekerjaan Anda sehari-hari di laboratorium. "
        * 2
    )
    before = parts(
        *((name, shared + text) for name, text in [("Inti", INTI), ("Kulit", KULIT), ("Ikatan", IKATAN)])
    )
    after = parts(
        *((name, shared + text) for name, text in [("Gas", GAS), ("Kulit", KULIT), ("Ikatan", IKATAN)])
    )
    assert match(before, after).pairs == {"kulit": "kulit", "ikatan": "ikatan"}


def test_assignment_takes_the_highest_score_first():
    scores = {("a", 1): 0.5, ("a", 2): 0.7, ("b", 2): 0.9, ("b", 1): 0.8, ("c", 2): 0.9}
    assert assign(scores) == {"b": 2, "a": 1}


def test_a_large_group_is_assigned_too():
    scores = {(i, f"k{j}"): 1 / (1 + abs(i - j)) for i in range(120) for j in range(120)}
    assert assign(scores) == {i: f"k{i}" for i in range(120)}


HEADINGS = st.sampled_from(["Inti", "Kulit", "Latihan", "Latihan {#dua}", "Ringkasan"])
BODIES = st.lists(st.sampled_from([INTI, KULIT, IKATAN, GAS, "Kerjakan.", ""]), max_size=2).map(" ".join)
DOCUMENTS = st.lists(st.tuples(HEADINGS, BODIES), min_size=1, max_size=6)


@settings(max_examples=150, deadline=None)
@given(before=DOCUMENTS, after=DOCUMENTS)
def test_nothing_is_matched_twice_and_nothing_is_both_matched_and_asked(before, after):
    old, new = parts(*before, side="lama-"), parts(*after)
    found = match(old, new)
    earlier, coming = {part.key for part in old}, {part.key for part in new}
    assert len(set(found.pairs.values())) == len(found.pairs)
    assert set(found.pairs) <= coming
    assert set(found.pairs.values()) <= earlier
    assert not set(found.pairs) & set(found.ambiguities)
    assert not set(found.pairs) & set(found.origins)
    assert not set(found.pairs.values()) & {
        *found.merged,
        *(one for some in found.ambiguities.values() for one in some),
    }
    assert match(old, new) == found


@settings(max_examples=100, deadline=None)
@given(before=DOCUMENTS, after=DOCUMENTS, choose=st.randoms(use_true_random=False))
def test_answers_settle_every_doubt_within_a_few_rounds(before, after, choose):
    old, new = parts(*before, side="lama-"), parts(*after)
    meant: dict[str, str] = {}
    for _round in range(len(new) + 1):
        found = match(old, new, meant)
        if not found.ambiguities:
            break
        asked, candidates = next(iter(found.ambiguities.items()))
        meant[asked] = choose.choice([*candidates, ""])
    assert found.ambiguities == {}
    assert {key: found.pairs.get(key, "") for key in meant} == meant


@settings(max_examples=100, deadline=None)
@given(sections=DOCUMENTS)
def test_a_document_is_matched_with_itself_without_a_question(sections):
    both = parts(*sections)
    assert match(both, both) == Matching(pairs={part.key: part.key for part in both})


def test_an_archived_section_without_words_comes_back_only_when_asked():
    found = match(
        [*parts(("Inti", INTI)), archived("Contoh", "")], parts(("Inti", INTI), ("Contoh {#baru}", ""))
    )
    assert found.pairs == {"inti": "inti"}
    assert found.ambiguities == {"baru": ("lama-contoh",)}


def test_a_heading_that_several_had_does_not_tell_which_of_them_got_words():
    inner = (("Inti", INTI), ("Inti lagi", f"{INTI} {GAS}"))
    before = parts(("Latihan", KULIT), *inner, ("Latihan", ""))
    after = parts(("Kulit", KULIT), *inner, ("Tugas", ""), ("Latihan", "Inti atom tersusun dari proton."))
    found = match(before, after)
    assert found.pairs == {"kulit": "latihan", "inti": "inti", "inti-lagi": "inti-lagi"}
    assert found.ambiguities == {"latihan": ("latihan-2",)}


def test_a_new_section_that_takes_another_in_and_is_mostly_other_text_is_asked():
    before = parts(("Inti", INTI), ("Kulit", KULIT), ("Gas", GAS))
    after = parts(("Inti", INTI), ("Perjalanan listrik", "\n\n".join([IKATAN, *OTHERS, KULIT])), ("Gas", GAS))
    found = match(before, after)
    assert found.pairs == {"inti": "inti", "gas": "gas"}
    assert found.ambiguities == {"perjalanan-listrik": ("kulit",)}


def test_a_link_to_a_section_is_no_identity_that_the_author_wrote():
    air, api = f"Lihat [tanah](#air-tanah). {INTI}", f"Lihat [udara](#api-dan-udara). {KULIT}"
    found = match(parts(("Air", air), ("Api", api)), parts(("Api", air), ("Air", api)))
    assert found.pairs == {"api": "air", "air": "api"}  # the two headings are swapped


@pytest.mark.parametrize(
    ("source", "identity"),
    [
        ("## Air {#air}\n\nTeks.", "air"),
        ("\ufeff## Air { .satu #air-laut }\r\n", "air-laut"),
        ("Air\nlaut {#air}\n---\n", "air"),
        ("## Air\n\nLihat [api](#air).", ""),
        ("## Air `{#air}` dan api\n", ""),
        ("Air {#air} tanpa judul", ""),
        ("", ""),
    ],
)
def test_an_identity_is_written_in_braces_behind_the_heading(source, identity):
    assert written_identity(source) == identity
