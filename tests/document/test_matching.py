"""Tests matching: parts are recognised by identity, by text or by likeness, and ambiguities are asked about."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modules.document.compare import thresholds
from modules.document.compare.assignment import assign
from modules.document.compare.likeness import Index, text_of
from modules.document.compare.lines import matches
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
TOPICS = [
    "gaya",
    "usaha",
    "daya",
    "suhu",
    "kalor",
    "arus",
    "medan",
    "cahaya",
    "bunyi",
    "massa",
    "waktu",
    "gerak",
    "tekanan",
]
EDITED_INTI = INTI.replace("hampir seluruh massa atom", "menentukan hampir semua berat")


def parts(*sections: tuple[str, str], matters: bool = True, side: str = "") -> list[Part]:
    """Returns parts with these headings and texts. Their keys are their identities, after ``side``."""
    text = "# Modul\n\n" + "".join(f"## {heading}\n\n{body}\n\n" for heading, body in sections)
    return [
        Part(f"{side}{section.identity}", section.identity, section.title, section.source, matters=matters)
        for section in parser.parse_document(text).sections
    ]


def archived(heading: str, body: str) -> Part:
    """Returns an archived part, whose key begins with ``lama-``."""
    return replace(parts((heading, body), side="lama-")[0], is_active=False)


def words(**counts: int) -> str:
    """Returns words that all differ: ``words(inti=2)`` is "inti0 inti1"."""
    return " ".join(f"{topic}{number}" for topic, count in counts.items() for number in range(count))


# ------------------------------------------------------------------------------------------------- identity


def test_equal_identity_pairs_whatever_the_text():
    matching = match(parts(("Inti", INTI), ("Kulit", KULIT)), parts(("Inti", GAS), ("Kulit", KULIT)))
    assert matching == Matching(pairs={"inti": "inti", "kulit": "kulit"})


def test_text_that_became_short_keeps_its_identity():
    assert match(parts(("Inti", INTI)), parts(("Inti", "Menyusul."))).pairs == {"inti": "inti"}


def test_swapped_headings_follow_their_texts():
    matching = match(parts(("Satu", INTI), ("Dua", KULIT)), parts(("Dua", INTI), ("Satu", KULIT)))
    assert matching.pairs == {"dua": "satu", "satu": "dua"}


def test_heading_given_to_another_section_follows_the_text():
    matching = match(parts(("Satu", INTI), ("Dua", KULIT)), parts(("Satu", KULIT)))
    assert matching.pairs == {"satu": "dua"}


def test_heading_given_to_a_short_section_is_ambiguous():
    matching = match(parts(("Inti", INTI), ("Isotop", "Menyusul.")), parts(("Inti", "Menyusul.")))
    assert matching.pairs == {}
    assert matching.ambiguities == {"inti": ("inti", "isotop")}


def test_near_copies_that_swap_a_heading_follow_equal_texts():
    copy = INTI.replace("gaya kuat", "gaya inti")
    stored = parts(("Inti", INTI), ("Nukleus", copy))
    assert match(stored, parts(("Inti", copy), ("Teras", INTI))).pairs == {"inti": "nukleus", "teras": "inti"}


def test_near_copies_that_return_together_follow_their_headings():
    longer = f"{INTI}\n\n{KULIT}"
    before = parts(("Nukleus", longer))[0]
    shortened = replace(parts(("Nukleus", INTI))[0], former=(("nukleus", before.source),))
    matching = match([shortened, archived("Inti", INTI)], parts(("Inti", INTI), ("Nukleus", longer)))
    assert matching.pairs == {"inti": "lama-inti", "nukleus": "nukleus"}


def test_written_identity_decides_against_the_text():
    matching = match(
        parts(("Satu {#a}", INTI), ("Dua {#b}", KULIT)), parts(("Dua {#b}", INTI), ("Satu {#a}", KULIT))
    )
    assert matching.pairs == {"a": "a", "b": "b"}


def test_number_of_a_repeated_heading_does_not_pair():
    stored = parts(("Latihan", INTI), ("Latihan", KULIT), ("Latihan", GAS))
    matching = match(stored, parts(("Latihan", KULIT), ("Latihan", GAS)))
    assert matching.pairs == {"latihan": "latihan-2", "latihan-2": "latihan-3"}


def test_number_of_a_heading_of_tags_does_not_pair():
    stored = parts(("<nav>", INTI), ("<header>", KULIT))
    incoming = parts(("<main>", GAS), ("<header>", KULIT))

    assert [part.identity for part in incoming] == ["bagian-1", "bagian-2"]
    assert match(stored, incoming).pairs == {"bagian-2": "bagian-2"}


def test_repeated_heading_without_words_is_ambiguous():
    inner = (("Inti", INTI), ("Inti lagi", f"{INTI} {GAS}"))
    stored = parts(("Latihan", KULIT), *inner, ("Latihan", ""))
    incoming = parts(("Kulit", KULIT), *inner, ("Tugas", ""), ("Latihan", "Inti atom tersusun dari proton."))
    matching = match(stored, incoming)
    assert matching.pairs == {"kulit": "latihan", "inti": "inti", "inti-lagi": "inti-lagi"}
    assert matching.ambiguities == {"latihan": ("latihan-2",)}


def test_link_to_a_section_is_no_written_identity():
    air, api = f"Lihat [tanah](#air-tanah). {INTI}", f"Lihat [udara](#api-dan-udara). {KULIT}"
    matching = match(parts(("Air", air), ("Api", api)), parts(("Api", air), ("Air", api)))
    assert matching.pairs == {"api": "air", "air": "api"}  # the two headings are swapped


@pytest.mark.parametrize(
    ("source", "identity"),
    [
        ("## Air {#air}\n\nTeks.", "air"),
        ("\ufeff## Air { .satu #air-laut }\r\n", "air-laut"),
        ("Air\nlaut {#air}\n---\n", "air"),
        (f"{'Air laut' + chr(10)}" * 9 + "dan darat {#air}\n---\n", "air"),
        ("## Air\nLaut {#laut}\n---\n", ""),
        ("Air\n \nLaut {#laut}\n---\n", ""),
        ("## Air\n\nLihat [api](#air).", ""),
        ("## Air `{#air}` dan api\n", ""),
        ("Air {#air} tanpa judul", ""),
        ("", ""),
    ],
)
def test_written_identity_is_in_braces_behind_the_heading(source, identity):
    assert written_identity(source) == identity


# ----------------------------------------------------------------------------------------------- equal text


def test_renamed_section_is_found_by_its_text():
    matching = match(parts(("Inti", INTI), ("Kulit", KULIT)), parts(("Nukleus", INTI), ("Kulit", KULIT)))
    assert matching.pairs == {"nukleus": "inti", "kulit": "kulit"}


@pytest.mark.parametrize(("count", "pairs"), [(4, {}), (5, {"nukleus": "inti"})])
def test_equal_text_of_five_words_pairs(count, pairs):
    body = words(kata=count)
    assert match(parts(("Inti", body)), parts(("Nukleus", body))).pairs == pairs


def test_equal_sections_are_paired_in_their_order():
    stored = parts(("Latihan", "Kerjakan."), ("Inti", INTI), ("Latihan", "Kerjakan."))
    assert match(stored, stored).pairs == {"latihan": "latihan", "inti": "inti", "latihan-2": "latihan-2"}


def test_copies_are_paired_by_their_place():
    stored = parts(("Latihan", "Kerjakan."), ("Inti", INTI), ("Latihan", "Kerjakan."))
    matching = match(stored, parts(("Inti", INTI), ("Latihan", "Kerjakan.")))
    assert matching == Matching(pairs={"inti": "inti", "latihan": "latihan-2"})


def test_copies_without_a_place_are_paired_from_the_first_on():
    stored = parts(*[("Latihan", "Kerjakan.")] * 3)
    assert match(stored, stored[:2]) == Matching(pairs={"latihan": "latihan", "latihan-2": "latihan-2"})
    added = parts(*[("Latihan", "Kerjakan.")] * 4)
    assert match(stored, added).pairs == {part.key: part.key for part in stored}


def copies(*headings: str, body: str, is_question: bool = False) -> list[Part]:
    """Returns parts that say the same under these headings, so that its words tell none of them."""
    return [replace(part, is_question=is_question) for part in parts(*((each, body) for each in headings))]


def test_renamed_copy_is_found_between_its_neighbours():
    stored = [*copies("Air", "Api", "Tanah", "Udara", "Kayu", body=INTI), archived("Logam", INTI)]
    matching = match(stored, copies("Air", "Api", "Lempung", "Udara", "Kayu", body=INTI))
    assert (matching.pairs["lempung"], matching.ambiguities) == ("tanah", {})
    moved = match(stored, copies("Air", "Api", "Udara", "Kayu", "Lempung", body=INTI))
    assert moved.ambiguities == {"lempung": ("tanah", "lama-logam")}


def test_other_prompt_over_the_same_choices_is_no_copy():
    choices = "- [x] mitokondria menghasilkan tenaga\n- [ ] ribosom membuat protein"
    stored = copies("Apa itu sel?", "Apa itu inti?", "Apa itu otot?", body=choices, is_question=True)
    prompts = ("Apa itu sel?", "Mengapa daun hijau?", "Apa itu otot?")
    assert "mengapa-daun-hijau" not in match(stored, copies(*prompts, body=choices, is_question=True)).pairs


def test_nothing_is_ambiguous_where_nobody_has_read():
    stored = parts(("Latihan", "Kerjakan."), ("Inti", INTI), ("Latihan", "Kerjakan."), matters=False)
    assert match(stored, parts(("Inti", INTI), ("Latihan", "Kerjakan."))).ambiguities == {}


@pytest.mark.parametrize("decision", ["latihan", "latihan-2", ""])
def test_decision_resolves_an_ambiguity(decision):
    stored = parts(("Latihan", "Kerjakan."), ("Inti", INTI), ("Latihan", "Kerjakan."))
    matching = match(stored, parts(("Inti", INTI), ("Latihan", "Kerjakan.")), {"latihan": decision})
    assert matching.pairs.get("latihan", "") == decision
    assert matching.ambiguities == {}


# ------------------------------------------------------------------------------- archived and former texts


def test_archived_section_comes_back_edited():
    stored = [*parts(("Kulit", KULIT)), archived("Inti", INTI)]
    matching = match(stored, parts(("Inti", INTI.replace("kuat", "inti kuat")), ("Kulit", KULIT)))
    assert matching.pairs == {"inti": "lama-inti", "kulit": "kulit"}


def test_archived_section_comes_back_under_another_heading():
    stored = [*parts(("Kulit", KULIT)), archived("Inti", INTI)]
    assert match(stored, parts(("Nukleus", INTI), ("Kulit", KULIT))).pairs["nukleus"] == "lama-inti"


def test_misspelt_question_comes_back_whatever_its_explanation_is():
    (lost,) = copies("Berapa suhu didih air di pantai?", body="- [=] 100 ± 2", is_question=True)
    body = "- [=] 100 ± 2\n\n> Di gunung air mendidih lebih awal."
    (found,) = copies("Berapa shuu didih air di pantai?", body=body, is_question=True)
    assert match([replace(lost, is_active=False)], [found]).pairs == {found.key: lost.key}


def test_whole_with_the_heading_of_a_merged_section_stays_itself():
    stored = [*parts(("Atom", f"{INTI}\n\n{GAS}\n\n{KULIT}")), archived("Kulit", f"{KULIT} {GAS}")]
    matching = match(stored, parts(("Kulit", f"{INTI}\n\n{GAS}\n\n{KULIT}\n\nSelesai.")))
    assert matching.pairs == {"kulit": "atom"}


def test_question_goes_back_whatever_its_level_points_and_explanation_are():
    body = "- [=] 100 ± 2\n\n> Di gunung air mendidih lebih awal."
    (now,) = copies("Kapan uap terlihat?", body=body, is_question=True)
    (before,) = copies("Berapa suhu didih air di pantai?", body=body, is_question=True)
    stored = replace(now, key="lama", former=((before.identity, before.source),))
    source = f"#### {before.title} {{points=3}}\n\n- [=] 100 ± 2\n\n> Di pantai tekanan udara penuh."
    assert match([stored], [replace(before, source=source)]).pairs == {before.key: "lama"}


def test_other_text_under_an_archived_heading_is_new():
    stored = [*parts(("Kulit", KULIT)), archived("Inti", INTI)]
    assert match(stored, parts(("Inti", GAS), ("Kulit", KULIT))).pairs == {"kulit": "kulit"}


def test_text_much_like_an_archived_one_is_ambiguous():
    stored = [*parts(("Kulit", KULIT)), archived("Inti", INTI)]
    matching = match(stored, parts(("Kulit", KULIT), ("Teras", EDITED_INTI)))
    assert matching.ambiguities == {"teras": ("lama-inti",)}


def test_archived_section_without_words_comes_back_by_its_heading():
    stored = [*parts(("Inti", INTI)), archived("Contoh", "")]
    matching = match(stored, parts(("Inti", INTI), ("Contoh {#baru}", "")))
    assert matching == Matching(pairs={"inti": "inti", "baru": "lama-contoh"})


def test_former_identity_leads_back_to_its_section():
    former = (("inti", f"## Inti\n\n{INTI}\n"),)
    stored = Part("7", "nukleus", "Nukleus", f"## Nukleus\n\n{IKATAN}\n", former=former)
    assert match([stored], parts(("Inti", INTI))).pairs == {"inti": "7"}


def test_former_text_leads_back_to_its_only_owner():
    body = "Baca lagi bagian tentang kulit elektron."
    first, second = parts(("Isotop artinya apa", body), ("Arti isotop", body))
    returning = parts(("Apa itu isotop", body))
    first = replace(first, former=(("isotop-artinya-apa", returning[0].source),))
    assert match([first, second], returning).pairs == {"apa-itu-isotop": first.key}
    second = replace(second, former=first.former)
    (candidates,) = match([first, second], returning).ambiguities.values()
    assert set(candidates) == {first.key, second.key}


# ------------------------------------------------------------------------------------------------- likeness


def test_renamed_and_edited_section_is_found_by_likeness():
    stored = parts(("Inti", INTI), ("Kulit", KULIT))
    matching = match(stored, parts(("Kulit", KULIT), ("Nukleus", EDITED_INTI)))
    assert matching.pairs == {"nukleus": "inti", "kulit": "kulit"}


def test_other_text_under_another_heading_is_new():
    matching = match(parts(("Inti", INTI), ("Kulit", KULIT)), parts(("Gas mulia", GAS), ("Kulit", KULIT)))
    assert matching == Matching(pairs={"kulit": "kulit"})


def test_sentence_under_every_heading_does_not_pair():
    shared = (
        "Di bagian ini Anda belajar hal baru yang berguna bagi pekerjaan Anda sehari-hari di laboratorium. "
        * 2
    )
    same = [("Kulit", shared + KULIT), ("Ikatan", shared + IKATAN)]
    matching = match(parts(("Inti", shared + INTI), *same), parts(("Gas", shared + GAS), *same))
    assert matching.pairs == {"kulit": "kulit", "ikatan": "ikatan"}


@pytest.mark.parametrize(("share", "pairs"), [(47, {}), (53, {"nukleus": "inti"})])
def test_half_equal_text_is_sure(share, pairs):
    stored = parts(("Inti", words(inti=100)))
    assert match(stored, parts(("Nukleus", words(inti=share, baru=100 - share)))).pairs == pairs


@pytest.mark.parametrize(("share", "ambiguities"), [(27, {}), (33, {"nukleus": ("inti",)})])
def test_third_equal_text_is_ambiguous(share, ambiguities):
    stored = parts(("Inti", words(inti=100)))
    incoming = parts(("Nukleus", words(inti=share, baru=100 - share)))
    assert match(stored, incoming).ambiguities == ambiguities


@pytest.mark.parametrize(("share", "pairs"), [(27, {}), (33, {"nukleus": "inti"})])
def test_third_equal_text_pairs_between_the_same_neighbours(share, pairs):
    stored = parts(("Gas", GAS), ("Inti", words(inti=100)), ("Kulit", KULIT))
    changed = words(inti=share, baru=100 - share)
    matching = match(stored, parts(("Gas", GAS), ("Nukleus", changed), ("Kulit", KULIT)))
    assert matching.pairs == {"gas": "gas", "kulit": "kulit", **pairs}


@pytest.mark.parametrize(("inti", "gas", "ambiguities"), [(56, 43, {}), (53, 46, {"atom": ("inti", "gas")})])
def test_near_candidates_are_ambiguous(inti, gas, ambiguities):
    stored = parts(("Inti", words(inti=inti, dulu=100 - inti)), ("Gas", words(gas=gas, lama=100 - gas)))
    assert match(stored, parts(("Atom", words(inti=inti, gas=gas)))).ambiguities == ambiguities


@pytest.mark.parametrize(("share", "candidates"), [(22, ("inti", "teras")), (28, ("inti", "teras", "gas"))])
def test_weak_candidate_is_left_out(share, candidates):
    inti, teras = words(inti=40, sama=40), words(teras=37, sama=40)
    stored = parts(("Inti", inti), ("Teras", teras), ("Gas", words(gas=share)))
    matching = match(stored, parts(("Atom", words(inti=40, teras=37, sama=40, gas=40))))
    assert matching.ambiguities == {"atom": candidates}


@pytest.mark.parametrize(("body", "pairs"), [("Segera ada.", {}), ("Segera.", {"baru": "contoh-soal"})])
def test_equal_heading_pairs_short_texts(body, pairs):
    stored = parts(("Contoh soal", "Menyusul."))
    assert match(stored, parts(("Contoh soal {#baru}", body))).pairs == pairs


@pytest.mark.parametrize(("share", "pairs"), [(37, {}), (43, {"baru": "contoh-soal"})])
def test_equal_heading_adds_likeness(share, pairs):
    stored = parts(("Contoh soal", words(inti=100)))
    incoming = parts(("Contoh soal {#baru}", words(inti=share, baru=100 - share)))
    assert match(stored, incoming).pairs == pairs


@pytest.mark.parametrize(("share", "returning"), [(87, {}), (93, {"nukleus": "lama-inti"})])
def test_nearly_equal_text_comes_back(share, returning):
    stored = [*parts(("Kulit", KULIT)), archived("Inti", words(inti=100))]
    incoming = parts(("Kulit", KULIT), ("Nukleus", words(inti=share, baru=100 - share)))
    assert match(stored, incoming).pairs == {"kulit": "kulit", **returning}


@pytest.mark.parametrize(
    ("heading", "before", "after", "ambiguities"),
    [
        ("Latihan", "Kerjakan.", "Kerjakan.", {"latihan-2": ("latihan-1",)}),
        ("Latihan tentang atom", "Kerjakan soal.", "Jawablah pertanyaan ini.", {}),
    ],
)
def test_other_number_in_the_heading(heading, before, after, ambiguities):
    stored, incoming = parts((f"{heading} 1", before)), parts((f"{heading} 2", after))
    assert match(stored, incoming) == Matching(ambiguities=ambiguities)


def test_short_words_count_in_pairs():
    assert len(text_of("Atom", "## Atom\n\nKita ada").features) == len(["kita", "kita ada"])


def test_common_words_are_not_looked_up():
    text = text_of("Atom", f"## Atom\n\n{INTI}")
    assert Index([text] * 20).near(text) == [*range(8)]
    assert Index([text] * 21).near(text) == []


def test_assignment_takes_the_highest_score_first():
    scores = {("a", 1): 0.5, ("a", 2): 0.7, ("b", 2): 0.9, ("b", 1): 0.8, ("c", 2): 0.9}
    assert assign(scores) == {"b": 2, "a": 1}


def test_assignment_of_a_large_group_takes_the_best():
    scores = {(i, f"k{j}"): 1 / (1 + abs(i - j)) for i in range(120) for j in range(120)}
    assert assign(scores) == {i: f"k{i}" for i in range(120)}


# ----------------------------------------------------------------------------------------- splits and merges


def test_split_off_section_knows_its_origin():
    stored = parts(("Atom", f"{INTI} {KULIT}"), ("Gas", GAS))
    matching = match(stored, parts(("Atom", INTI), ("Kulit", KULIT), ("Gas", GAS)))
    assert matching.pairs == {"atom": "atom", "gas": "gas"}
    assert matching.origins == {"kulit": "atom"}


def test_halves_with_new_headings_continue_the_section():
    stored = parts(("Atom", f"{INTI} {KULIT}"), ("Gas", GAS))
    matching = match(stored, parts(("Inti", INTI), ("Kulit", KULIT), ("Gas", GAS)))
    assert {*matching.pairs.values()} == {"atom", "gas"}
    assert [*matching.origins.values()] == ["atom"]
    assert matching.ambiguities == {}


@pytest.mark.parametrize(("share", "origins"), [(55, {}), (65, {"kulit": "atom"})])
def test_part_of_a_text_is_split_off(share, origins):
    stored = parts(("Atom", words(inti=200, kulit=share)))
    incoming = parts(("Atom", words(inti=200)), ("Kulit", words(kulit=share, baru=100 - share)))
    assert match(stored, incoming).origins == origins


@pytest.mark.parametrize(("kept", "origins"), [(35, {"kulit": "atom"}), (45, {})])
def test_kept_text_is_not_split_off(kept, origins):
    stored = parts(("Atom", words(inti=100, kulit=100)))
    incoming = parts(("Atom", words(inti=100, kulit=kept)), ("Kulit", words(kulit=100)))
    assert match(stored, incoming).origins == origins


def test_pieces_that_siblings_share_are_split_from_the_section_before():
    exercise = "Kerjakan latihan ini bersama teman sebangku Anda."
    topics = [f"Bahasan nomor {n} tentang {word} saja." for n, word in enumerate(TOPICS)]
    stored = parts(*((f"Bab {n}", f"{topic}\n\n### Latihan\n\n{exercise}") for n, topic in enumerate(topics)))
    incoming = parts(
        *(
            (f"{heading} {n}", body)
            for n, topic in enumerate(topics)
            for heading, body in (("Bab", topic), ("Latihan", exercise))
        )
    )
    matching = match(stored, incoming)
    assert matching.pairs == {f"bab-{n}": f"bab-{n}" for n in range(len(TOPICS))}
    assert matching.origins == {f"latihan-{n}": f"bab-{n}" for n in range(len(TOPICS))}


def test_section_keeps_its_heading_when_a_subheading_rises():
    long = " ".join([*OTHERS, KULIT, GAS])
    stored = parts(("Inti", f"Inti itu kecil.\n\n### Kulit\n\n{long}"))
    matching = match(stored, parts(("Inti", "Inti itu kecil."), ("Kulit", long)))
    assert matching.pairs == {"inti": "inti"}
    assert matching.origins == {"kulit": "inti"}


def test_emptied_section_keeps_its_heading_when_a_subheading_rises():
    stored = parts(("Inti", f"### Kulit\n\n{KULIT} {GAS}"))
    matching = match(stored, parts(("Inti", ""), ("Kulit", f"{KULIT} {GAS}")))
    assert matching.pairs == {"inti": "inti"}
    assert matching.origins == {"kulit": "inti"}


@pytest.mark.parametrize(
    ("before", "after", "is_asked"),
    [
        (("Memasang di Windows", KULIT), ("Memasang perkakas di Windows", GAS), True),
        (("Why loops", f"{KULIT}\n\n```js\nlet i = 0;\n```"), ("Perulangan", f"{GAS}\n\n```js\nlet i = 0;\n```"), True),
        (("Why loops", f"{KULIT} [Here](/a)."), ("Perulangan", f"{GAS} [Ini](/a)."), True),
        (("Why loops", KULIT), ("Perulangan", GAS), False),
    ],
)  # fmt: skip
def test_section_rewritten_between_neighbours_is_asked(before, after, is_asked):
    around = (("Awal", IKATAN), ("Akhir", INTI))
    stored, incoming = (parts(around[0], middle, around[1]) for middle in (before, after))
    assert bool(match(stored, incoming).ambiguities) == is_asked


@pytest.mark.parametrize("is_first", [True, False])
def test_section_rewritten_beside_a_merged_one_is_asked(is_first):
    merged, rewritten = ("Ikatan", IKATAN), ("Memasang di Windows", KULIT)
    middle = (rewritten, merged) if is_first else (merged, rewritten)
    stored = parts(("Awal", INTI), *middle, ("Akhir", " ".join(OTHERS)))
    incoming = parts(
        ("Awal", f"{INTI}\n\n{IKATAN}"), ("Memasang perkakas di Windows", GAS), ("Akhir", " ".join(OTHERS))
    )
    matching = match(stored, incoming)
    assert matching.merged == {"ikatan": "awal"}
    assert matching.ambiguities == {"memasang-perkakas-di-windows": ("memasang-di-windows",)}


def test_section_that_nobody_has_read_is_not_asked():
    stored = parts(("Awal", IKATAN), ("Memasang di Windows", KULIT), matters=False)
    incoming = parts(("Awal", IKATAN), ("Memasang perkakas di Windows", GAS))
    assert match(stored, incoming).ambiguities == {}


def test_translated_parts_are_paired_in_their_order():
    stored = parts(("Nucleus", "Protons and neutrons."), ("Atom", INTI), ("Shells", "Electrons around it."))
    incoming = parts(("Inti", "Proton dan neutron."), ("Atom", INTI), ("Kulit", "Elektron di sekelilingnya."))
    expected = {"inti": "nucleus", "atom": "atom", "kulit": "shells"}
    assert match(stored, incoming, is_translated=True).pairs == expected


def test_merged_section_that_comes_out_again_is_itself():
    stored = [*parts(("Inti", f"{INTI} {KULIT} {GAS}")), archived("Kulit", f"{KULIT} {GAS} Begitulah.")]
    matching = match(stored, parts(("Inti", INTI), ("Kulit terluar", f"{KULIT} {GAS}")))
    assert (matching.ambiguities, matching.origins) == ({}, {})
    assert matching.pairs == {"inti": "inti", "kulit-terluar": "lama-kulit"}
    assert matching.wholes == {"kulit-terluar": "inti"}


def test_piece_of_one_of_two_near_copies_continues_it():
    lines = f"{INTI}\n\n{IKATAN}\n\n{GAS}"
    copy = lines.replace("gaya kuat", "gaya inti").replace("tertentu", "tetap")
    stored = [archived("Atom", f"Bacalah dulu.\n\n{lines}"), archived("Unsur", f"Bacalah dulu.\n\n{copy}")]
    assert match(stored, parts(("Teras", lines))).ambiguities == {}
    assert match(stored, parts(("Teras", lines))).pairs == {"teras": "lama-atom"}


def test_half_of_a_section_with_an_archived_near_copy_is_ambiguous():
    stored = [*parts(("Inti", f"{INTI} {KULIT} {GAS}")), archived("Atom", f"{INTI} {KULIT} {GAS} Begitulah.")]
    matching = match(stored, parts(("Inti", INTI), ("Kulit", f"{KULIT} {GAS}")))
    assert matching.ambiguities == {"kulit": ("lama-atom",)}


def test_merged_section_knows_its_target():
    matching = match(parts(("Inti", INTI), ("Kulit", KULIT)), parts(("Inti", f"{INTI} {KULIT}")))
    assert matching.pairs == {"inti": "inti"}
    assert matching.merged == {"kulit": "inti"}


@pytest.mark.parametrize(
    ("moved", "expected"), [(GAS, {"gas": ("inti",)}), ("Helium ringan sekali di udara.", {})]
)
def test_sentences_of_a_removed_section(moved: str, expected: dict[str, tuple[str, ...]]):
    gone = f"{moved} {' '.join(OTHERS)} {IKATAN}"
    kept = " ".join([INTI, KULIT, EDITED_INTI, *(f"Percobaan {n} mengukur {n} ampere." for n in range(20))])
    matching = match(parts(("Inti", kept), ("Gas", gone)), parts(("Inti", f"{kept} {moved}")))
    assert matching.pairs == {"inti": "inti"}
    assert (matching.merged, matching.taken) == ({}, expected)


def test_merged_section_continues_the_one_with_its_heading():
    stored = parts(("Contoh", INTI), ("Contoh", f"{KULIT} {GAS}"), ("Latihan", " ".join([*OTHERS, IKATAN])))
    merged = f"{KULIT} {GAS}\n\n### Latihan\n\n{' '.join([*OTHERS, IKATAN])}"
    matching = match(stored, parts(("Contoh", INTI), ("Contoh", merged)))
    assert matching.pairs == {"contoh": "contoh", "contoh-2": "contoh-2"}
    assert matching.merged == {"latihan": "contoh-2"}


def test_merge_is_noticed_although_both_end_alike():
    end = "Kerjakan latihan pada lembar yang dibagikan guru, lalu bandingkan dengan teman sebangku Anda."
    stored = parts(("Inti", f"{INTI}\n\n{end}"), ("Kulit", f"{KULIT}\n\n{end}"))
    matching = match(stored, parts(("Inti", f"{INTI}\n\n{end}\n\n{KULIT}\n\n{end}")))
    assert matching.merged == {"kulit": "inti"}


def test_longer_section_that_absorbs_a_removed_one_is_ambiguous():
    stored = parts(("Inti", INTI), ("Kulit", KULIT), ("Gas", GAS))
    absorbing = "\n\n".join([IKATAN, *OTHERS, KULIT])
    matching = match(stored, parts(("Inti", INTI), ("Perjalanan listrik", absorbing), ("Gas", GAS)))
    assert matching.pairs == {"inti": "inti", "gas": "gas"}
    assert matching.ambiguities == {"perjalanan-listrik": ("kulit",)}


# ------------------------------------------------------------------------------------------------ any document

HEADINGS = st.sampled_from(["Inti", "Kulit", "Latihan", "Latihan {#dua}", "Ringkasan"])
BODIES = st.lists(st.sampled_from([INTI, KULIT, IKATAN, GAS, "Kerjakan.", ""]), max_size=2).map(" ".join)
DOCUMENTS = st.lists(st.tuples(HEADINGS, BODIES), min_size=1, max_size=6)


@settings(max_examples=150, deadline=None)
@given(before=DOCUMENTS, after=DOCUMENTS)
def test_parts_are_paired_once_and_never_both_paired_and_ambiguous(before, after):
    stored, incoming = parts(*before, side="lama-"), parts(*after)
    matching = match(stored, incoming)
    assert len(set(matching.pairs.values())) == len(matching.pairs)
    assert set(matching.pairs) <= {part.key for part in incoming}
    assert set(matching.pairs.values()) <= {part.key for part in stored}
    assert not set(matching.pairs) & set(matching.ambiguities)
    assert not set(matching.pairs) & set(matching.origins)
    candidates = {key for keys in matching.ambiguities.values() for key in keys}
    assert not set(matching.pairs.values()) & {*matching.merged, *candidates}
    assert match(stored, incoming) == matching


@settings(max_examples=100, deadline=None)
@given(before=DOCUMENTS, after=DOCUMENTS, chance=st.randoms(use_true_random=False))
def test_decisions_resolve_all_ambiguities_in_few_rounds(before, after, chance):
    stored, incoming = parts(*before, side="lama-"), parts(*after)
    decisions: dict[str, str] = {}
    for _round in range(len(incoming) + 1):
        matching = match(stored, incoming, decisions)
        if not matching.ambiguities:
            break
        key, candidates = next(iter(matching.ambiguities.items()))
        decisions[key] = chance.choice([*candidates, ""])
    assert matching.ambiguities == {}
    assert {key: matching.pairs.get(key, "") for key in decisions} == decisions


@settings(max_examples=100, deadline=None)
@given(sections=DOCUMENTS)
def test_document_matches_itself_without_ambiguities(sections):
    both = parts(*sections)
    assert match(both, both) == Matching(pairs={part.key: part.key for part in both})


# ----------------------------------------------------------------------------------------- lines, thresholds


@pytest.mark.parametrize(("sections", "pairs"), [(2, True), (6, False)])
def test_common_line_does_not_tell_parts(sections, pairs):
    """A sentence under every heading shows nothing, even where it is all that a section has."""
    line = "Isilah lembar kerja sesudah membaca bagian ini."
    around = [(f"Topik {word}", f"{words(**{word: 20})}\n\n{line}") for word in TOPICS[: sections - 1]]
    stored = parts(*around, ("Tahap campur", line), side="lama-")
    grown = ("Tahap campur", f"{line}\n\n{KULIT} {INTI}")
    matching = match(stored, parts(*around, grown, ("Contoh soal", line)))
    assert (matching.pairs.get("contoh-soal") == "lama-tahap-campur") == pairs


def test_sentence_of_its_own_tells_a_part_of_common_words():
    """Each word and each pair of words is in all sections. So only whole sentences tell them apart."""
    turned = [[*TOPICS[place:], *TOPICS[:place]] for place in range(len(TOPICS))]
    texts = [f"{' '.join(turned_words).capitalize()}." for turned_words in turned]
    stored = parts(*((f"Lama {number}", text) for number, text in enumerate(texts)), side="lama-")
    incoming = parts(*((heading, text) for heading, text in zip(TOPICS, texts, strict=True)))
    expected = [part.key for part in stored]
    assert [match(stored, incoming).pairs.get(part.key) for part in incoming] == expected


def test_section_that_got_its_earlier_heading_and_text_back_is_found():
    """The heading went to another section for a while, and now both are as they were."""
    before = parts(("Tujuan", INTI), side="lama-")[0]
    renamed = replace(parts(("Latihan", KULIT), side="lama-")[0], former=((before.identity, before.source),))
    heir = parts(("Tujuan", IKATAN), side="lama-")[0]
    assert match([renamed, heir], parts(("Tujuan", INTI))).pairs == {"tujuan": "lama-latihan"}


@pytest.mark.parametrize(
    ("prompt", "is_paired"), [("suhu suhu suhu", False), ("suhu suhu kalor kalor", True)]
)
def test_equal_choices_are_asked_about(prompt, is_paired):
    """Questions with the same choices are the same only if they ask for something alike."""
    choices = "- [x] Arus listrik searah\n- [ ] Medan magnet bumi\n- [ ] Gaya gesek udara\n"
    old, new = (
        [
            Part(
                f"{side}{number}",
                f"q{side}{number}",
                heading,
                f"### {heading}\n\n{choices}",
                is_question=True,
            )
            for number, heading in enumerate(headings)
        ]
        for side, headings in (("lama", ["kalor kalor kalor massa"]), ("baru", [prompt]))
    )
    assert bool(match(old, new).pairs) == is_paired


def nested(side: str, level: int) -> list[str]:
    """Returns lines in which a line of each level is unique only between two lines of the level above it."""
    if level == 0:
        return [side]
    inner = nested(side, level - 1)
    return [*inner, f"{level}", *inner]


def test_equal_lines_are_found_through_eight_levels():
    kept = matches(nested("lama", 10), nested("baru", 10))
    assert len([*kept]) == sum(2**level for level in range(8))


def test_thresholds_are_explained_and_tested():
    constants = {name for name in vars(thresholds) if name.isupper()}
    table = [line.split("|")[1:] for line in (thresholds.__doc__ or "").splitlines() if line.startswith("| ")]
    names = [row[0].strip() for row in table[2:]]
    assert {*names} == constants
    assert len(names) == len(constants)
    assert {f"test_{row[-1].strip()}" for row in table[2:]} <= set(globals())
