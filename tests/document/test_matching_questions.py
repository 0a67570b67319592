"""Tests matching of questions: the prompt weighs most, then the choices, and bare choices tell nothing."""

from dataclasses import replace

import pytest

from modules.document.compare.matching import Part, match
from modules.document.compare.question_text import divide
from modules.document.syntax import parser

BARE = "- [ ] Benar\n- [x] Salah"
CITIES = "- [x] Tokyo\n- [ ] Osaka\n- [ ] Kyoto"
RIVER = "Benar atau salah: Sungai Nil mengalir ke selatan."
ISLAND = "Benar atau salah: Australia lebih kecil daripada Jawa."
LINK = "> [Bacaan tentang basis dokumen](https://contoh.example/basis/dokumen/pengantar-singkat-untuk-pemula)"


def questions(*pairs: tuple[str, str], side: str = "", active: bool = True) -> list[Part]:
    """Returns questions with these headings and bodies. Their keys are their identities, after ``side``."""
    text = "# Modul\n\n## Bacaan\n\nBaca.\n\n## Kuis\n\n" + "".join(f"### {h}\n\n{b}\n\n" for h, b in pairs)
    quiz = parser.parse_document(text).quiz
    assert quiz
    return [
        Part(f"{side}{q.identity}", q.identity, q.title, q.source, is_active=active, is_question=True)
        for q in quiz.questions
    ]


def outcome(old: list[Part], new: list[Part]) -> str:
    """Returns what becomes of the first incoming question: the key of its partner, "asked" or "new"."""
    matching = match(old, new)
    key = new[0].key
    return "asked" if key in matching.ambiguities else matching.pairs.get(key, "new")


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # Bare choices tell nothing.
        ((RIVER, BARE), (ISLAND, BARE), "new"),
        ((RIVER, "- [x] Ya\n- [ ] Tidak"), (ISLAND, "- [x] Ya\n- [ ] Tidak"), "new"),
        (("Berapa sisi kubus?", "- [ ] 4\n- [x] 6\n- [ ] 8"), ("Berapa kaki laba-laba?", "- [ ] 4\n- [ ] 6\n- [x] 8"), "new"),
        # The prompt alone is enough, and a slip in it changes nothing.
        ((RIVER, BARE), (RIVER.replace("mengalir", "mengalr"), BARE), "old"),
        ((RIVER, BARE), (f"{RIVER} Pilih satu.", "- [x] Benar\n- [ ] Salah"), "old"),
        (("Apa ibu kota Jepang?", CITIES), ("Apa nama ibu kota Jepang?", CITIES), "old"),
        # Equal choices under another prompt do not decide.
        (("Apa ibu kota Jepang?", CITIES), ("Kota mana paling padat di Asia Timur?", CITIES), "asked"),
        (("Apa ibu kota Jepang?", CITIES), ("Apa ibu kota Prancis?", "- [x] Paris\n- [ ] Lyon"), "asked"),
        (("Apa ibu kota Jepang?", CITIES), ("Apa nama ibu kota Jepang?", BARE), "asked"),
        # What a question denies is another thing.
        (("Hewan mana yang termasuk mamalia laut?", "- [x] Paus\n- [ ] Hiu"), ("Hewan mana yang tidak termasuk mamalia laut?", "- [ ] Paus\n- [x] Hiu"), "asked"),
        # The explanation tells least.
        (("Apa yang dipakai untuk data berbentuk dokumen?", f"- [x] dokumen\n- [ ] graf\n\n{LINK}"), ("Perintah mana mencari semua barang?", f"- [x] cari\n- [ ] hapus\n\n{LINK}"), "new"),
    ],
)  # fmt: skip
def test_prompt_decides_before_choices_and_explanation(before, after, expected):
    old, new = questions(before, side="old-"), questions(after)
    assert outcome(old, new).split("-")[0] == expected


def test_other_prompt_in_the_same_place_is_asked():
    around = [("Apa ibu kota Jepang?", CITIES), ("Apa ibu kota Prancis?", "- [x] Paris\n- [ ] Lyon")]
    choices = "- [x] yang ada di utara\n- [ ] yang ada di selatan"
    old = questions(around[0], ("Mengapa modal itu lambat?", choices), around[1], side="old-")
    new = questions(around[0], ("Rantai mana yang berkarat sesudah hujan?", choices), around[1])
    assert [*match(old, new).ambiguities] == ["rantai-mana-yang-berkarat-sesudah-hujan"]


def test_archived_question_with_a_slip_in_its_heading_comes_back():
    old = questions((RIVER, CITIES), side="old-", active=False)
    assert outcome(old, questions((RIVER.replace("mengalir", "mengalr"), CITIES))) == old[0].key


def test_denied_prompt_is_asked():
    old = questions(("Zat mana yang larut dalam air dingin?", "- [x] Gula\n- [ ] Pasir"))
    new = questions(("Zat mana yang tidak larut dalam air dingin?", "- [ ] Gula\n- [x] Pasir"))
    assert outcome(old, new) == "asked"


def test_question_before_an_explanation_inherits_no_answers():
    first, second = (
        "Penyimpanan apa yang dipakai untuk data JSON?",
        "Perintah mana yang mencari semua barang?",
    )
    choices, commands = "- [x] dokumen\n- [ ] graf", "- [x] cari\n- [ ] hapus"
    old = questions((first, f"{choices}\n\n{LINK}"), side="old-")
    new = questions((first, choices), (second, f"{commands}\n\n{LINK}"))
    matching = match(old, new)
    assert matching.pairs == {new[0].key: old[0].key}
    assert matching.ambiguities == {}


def test_two_written_identities_are_never_paired_by_text():
    old = questions((f"{RIVER} {{#nil}}", BARE), side="old-")
    new = questions((f"{RIVER} {{#sungai}}", BARE))
    assert match(old, new).pairs == {}


def test_numbered_headings_follow_their_prompts():
    prompts = [
        "Sungai Nil mengalir ke selatan.",
        "Bulan mengelilingi bumi.",
        "Air mendidih pada suhu tinggi.",
    ]
    old = questions(*((f"Soal {n}", f"{p}\n\n{BARE}") for n, p in enumerate(prompts, start=1)), side="old-")
    new = questions(*((f"Soal {n}", f"{p}\n\n{BARE}") for n, p in enumerate(prompts[1:], start=1)))
    assert match(old, new).pairs == {"soal-1": "old-soal-2", "soal-2": "old-soal-3"}


def test_archived_question_comes_back_with_another_explanation():
    old = questions(("Apa ibu kota Jepang?", f"{CITIES}\n\n{LINK}"), side="old-", active=False)
    new = questions(("Apa ibu kota Jepang?", f"{CITIES}\n\n> Dibahas di bagian lain."))
    assert outcome(old, new) == old[0].key


def test_archived_question_under_another_number_comes_back():
    old = questions(("1. Apa ibu kota Jepang?", f"{CITIES}\n\n{LINK}"), side="old-", active=False)
    assert outcome(old, questions(("7. Apa ibu kota Jepang?", CITIES))) == old[0].key


def test_questions_are_never_split_or_merged():
    long = "Perhatikan rangkaian berikut, lalu sebutkan hambatan total dari dua hambatan yang disusun seri."
    old = questions((long, CITIES))
    new = questions((long, CITIES), ("Mana ibu kota?", CITIES))
    matching = match(old, new)
    assert not matching.origins
    assert not matching.merged


def test_question_is_divided_into_its_areas():
    prompt, choices, explanation = divide(
        "Kata.\n\n- [x] Ya\n  > Umpan balik.\n- [ ] Tidak\n\n> Sebab.\n> Lagi.\n"
    )
    assert prompt.strip() == "Kata."
    assert choices == ["- [x] Ya", "  > Umpan balik.", "- [ ] Tidak", ""]
    assert explanation == "> Sebab.\n> Lagi."


def test_identity_still_decides_for_a_question():
    old = questions((f"{RIVER} {{#nil}}", BARE))
    assert match(old, [replace(old[0], source=old[0].source.replace(RIVER, ISLAND))]).pairs == {"nil": "nil"}


def test_earlier_form_of_a_question_comes_back_under_the_same_heading():
    heading = "Mengapa air laut menjadi hujan?"
    active = questions((heading, "- [x] karena menguap\n- [ ] karena membeku"), side="active-")
    former = questions((heading, BARE), side="former-", active=False)
    assert outcome([*active, *former], questions((heading, BARE))) == former[0].key
    assert outcome([*active, *former], questions((heading, CITIES))) == active[0].key


def test_question_that_returns_word_for_word_under_a_repeated_prompt_is_found():
    """Another question has the same prompt meanwhile, and other choices."""
    cities, rivers = (
        ("Mana yang terbesar di Jepang?", CITIES),
        ("Mana yang terbesar di Jepang?", "- [x] Shinano"),
    )
    stored = [*questions(rivers, side="old-"), *questions(cities, side="gone-", active=False)]
    incoming = questions(cities, rivers)
    assert match(stored, incoming).pairs == {
        incoming[0].key: stored[1].key,
        incoming[1].key: stored[0].key,
    }
