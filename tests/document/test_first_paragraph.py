"""Tests which words stand in for a missing summary."""

import pytest

from modules.document.html.first_paragraph import LONGEST, first_paragraph
from modules.document.syntax.parser import parse_document


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Satu *dua* `tiga`.\nEmpat.\n\nLima.", "Satu dua tiga. Empat."),
        ("- Butir\n\n> Kutipan.\n\nIsi & lainnya.", "Isi & lainnya."),
        ("$x^2$ adalah rumus.\n\nKata biasa.", "Kata biasa."),
        ("| a | b |\n| - | - |\n| c | d |\n\nSesudah tabel.", "Sesudah tabel."),
    ],
)
def test_first_paragraph_is_found_as_words(text, found):
    assert parse_document(f"# Judul\n\n{text}\n\n## A\n\nKata.\n").opening == found


def test_paragraph_of_the_first_section_serves_without_an_introduction():
    assert parse_document("# Judul\n\n## A\n\nKata pertama.\n\n## B\n\nKata.\n").opening == "Kata pertama."


def test_long_paragraph_is_cut_after_a_word():
    found = first_paragraph(f"<p>{'panjang ' * 100}</p>")
    assert len(found) <= LONGEST + 1
    assert found.endswith("panjang…")


def test_text_without_a_paragraph_has_none():
    assert first_paragraph("<ul><li>satu</li></ul>") == ""
