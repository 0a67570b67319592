"""Tests what the search reads of a section: what learners read, without questions and formulas."""

from textwrap import dedent

from modules.document.syntax import parser
from modules.search.text import LONGEST_PIECE, Piece, pieces


def pieces_of(text: str) -> list[Piece]:
    document = parser.parse_document("# Modul\n\n## Bagian\n\n" + dedent(text))
    return pieces(document.sections[0].html)


def test_pieces_know_their_heading():
    assert pieces_of("Awal.\n\n### Sub\n\nIsi *penting*.\n\n- satu\n- dua\n") == [
        Piece("", "Awal."),
        Piece("s-sub", "Sub", is_heading=True),
        Piece("s-sub", "Isi penting."),
        Piece("s-sub", "satu"),
        Piece("s-sub", "dua"),
    ]


def test_rows_of_tables_are_pieces():
    texts = [piece.text for piece in pieces_of("| A | B |\n| --- | --- |\n| satu | dua |\n")]
    assert texts == ["A · B", "satu · dua"]


def test_questions_in_the_text_are_left_out():
    text = """\
        Sebelum.

        ### Rahasiasoal? {.check}

        Rahasiateks.

        - [x] Rahasiabenar
          > Rahasiaumpan
        - [ ] Rahasiasalah

        > Rahasiajelas

        ### Sesudah

        Isi.
        """
    found = pieces_of(text)
    assert [piece.text for piece in found] == ["Sebelum.", "Sesudah", "Isi."]
    assert found[-1].anchor == "s-sesudah"


def test_formulas_leave_an_ellipsis_and_comments_nothing():
    assert [piece.text for piece in pieces_of("Nilai $x^2$ kecil. <!-- rahasia -->\n")] == ["Nilai … kecil."]


def test_folds_and_code_are_read():
    text = "<details><summary>Buka</summary>\n\nIsi lipatan.\n\n</details>\n\n```python\nx = fit(y)\n```\n"
    assert [piece.text for piece in pieces_of(text)] == ["Buka", "Isi lipatan.", "x = fit(y)"]


def test_notes_lead_to_themselves():
    found = pieces_of("Teks[^1].\n\n[^1]: Isi catatan.\n")
    assert [(piece.anchor, piece.text) for piece in found] == [("", "Teks."), ("s-fn-1", "Isi catatan.")]


def test_long_paragraphs_are_several_pieces():
    found = pieces_of(" ".join(f"kata{n}" for n in range(2 * LONGEST_PIECE)))
    assert [piece.continues for piece in found] == [False, True]
    assert found[0].text.endswith(" …")
    assert found[1].text.startswith("… kata60")
