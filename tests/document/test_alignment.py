"""Parts of a translation are paired by their form where one of them is missing in it."""

from modules.document.compare.alignment import translated_pairs
from modules.document.compare.matching import match
from tests.document.test_matching import OTHERS, parts

BEFORE = {
    "Boiling": "Water boils at `100 °C`. Steam rises.",
    "Freezing": "- Ice floats.\n- Salt melts it.\n- Roads stay wet.",
    "Clouds": "Drops gather around dust.",
    "Rain": "It falls in 3 forms. Some of it is warm. Some of it is cold. Some of it is hail.",
}
AFTER = {
    "Mendidih": "Air mendidih pada `100 °C`. Uapnya naik.",
    "Membeku": "- Es terapung.\n- Garam mencairkannya.\n- Jalan tetap basah.",
    "Awan": "Titik air berkumpul di sekitar debu.",
    "Hujan": "Ia turun dalam 3 bentuk. Ada yang hangat. Ada yang dingin. Ada pula hujan es.",
}
NAMES = {"mendidih": "boiling", "membeku": "freezing", "awan": "clouds", "hujan": "rain"}


def without(texts: dict[str, str], heading: str) -> dict[str, str]:
    return {title: text for title, text in texts.items() if title != heading}


def test_translation_without_a_section_pairs_the_others():
    for left_out in AFTER:
        incoming = parts(*without(AFTER, left_out).items())
        matching = match(parts(*BEFORE.items()), incoming, is_translated=True)
        assert matching.pairs == without(NAMES, left_out.lower())
        assert matching.ambiguities == {}


def test_translation_of_a_part_of_a_document_pairs_what_it_has():
    for left_out in BEFORE:
        incoming = parts(*AFTER.items())
        matching = match(parts(*without(BEFORE, left_out).items()), incoming, is_translated=True)
        assert matching.pairs == {new: old for new, old in NAMES.items() if old != left_out.lower()}


def test_neighbours_of_one_form_are_asked_where_one_is_missing():
    before = {**BEFORE, "Snow": "Flakes fall slowly.", "Fog": "Mist hides the road."}
    after = {**AFTER, "Kabut": "Kabut menutupi jalan."}
    matching = match(parts(*before.items()), parts(*after.items()), is_translated=True)
    assert matching.pairs == NAMES
    assert {new: {*olds} for new, olds in matching.ambiguities.items()} == {"kabut": {"snow", "fog"}}


def test_unread_neighbours_are_not_asked_about():
    before = {**BEFORE, "Snow": "Flakes fall slowly.", "Fog": "Mist hides the road."}
    after = {**AFTER, "Kabut": "Kabut menutupi jalan."}
    stored = parts(*before.items(), matters=False)
    assert match(stored, parts(*after.items()), is_translated=True).ambiguities == {}


def test_parts_of_one_form_are_never_certain():
    """Nothing tells which of them is missing."""
    stored = parts(*((f"{number}. Topic", "One sentence.") for number in range(4)))
    incoming = parts(*((f"{number}. Topik", "Satu kalimat.") for number in range(3)))
    assert translated_pairs(stored, incoming) == []


def test_parts_of_other_forms_are_no_pair():
    stored = parts(("Topic", " ".join(OTHERS)), ("Code", "```\na = 1\nb = 2\n```"))
    incoming = parts(("Topik", "- satu\n- dua\n- tiga\n- empat"))
    assert translated_pairs(stored, incoming) == []


def test_section_that_was_moved_and_translated_is_found_by_its_form():
    last, *others = reversed([*AFTER.items()])
    incoming = parts(last, *reversed(others))
    assert match(parts(*BEFORE.items()), incoming, is_translated=True).pairs == NAMES


def test_short_section_that_was_moved_and_translated_is_new():
    """Nothing but its place would speak for it, and it has another one."""
    order = ["Awan", "Mendidih", "Membeku", "Hujan"]
    incoming = parts(*((heading, AFTER[heading]) for heading in order))
    matching = match(parts(*BEFORE.items()), incoming, is_translated=True)
    assert matching.pairs == {new: old for new, old in NAMES.items() if new != "awan"}


def test_translated_sections_of_similar_forms_follow_their_signs():
    texts = {
        "Kode": "Tulis `panjang = 4`. Jalankan. Lihat. Catat.",
        "Tautan": "Baca https://contoh.id/1 dahulu. Lalu ulangi. Lalu catat.",
        "Polos": "Duduk diam. Hitung. Ulangi. Catat. Istirahat.",
    }
    stored = parts(*((f"Lama {heading}", text) for heading, text in texts.items()))
    incoming = parts(*((f"New {heading}", texts[heading]) for heading in ("Tautan", "Polos", "Kode")))
    assert {(new.title, old.title) for old, new in translated_pairs(stored, incoming)} >= {
        ("New Kode", "Lama Kode"),
        ("New Tautan", "Lama Tautan"),
    }
