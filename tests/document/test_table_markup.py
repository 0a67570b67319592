"""Tests how tables are laid out: by their columns, and by lists that were typed into their cells."""

import re

from modules.document.syntax.parser import parse_document


def shown(text: str) -> str:
    return parse_document(f"# M\n\n## S\n\n{text}\n").sections[0].html


def table(*rows: str) -> str:
    columns = rows[0].count("|") + 1
    return "\n".join([rows[0], "|".join(["---"] * columns), *rows[1:]])


def kinds(page: str) -> tuple[str, str]:
    box = re.search(r'<div class="(table[^"]*)"', page)
    inner = re.search(r'<table(?: class="([^"]*)")?', page)
    assert box is not None
    assert inner is not None
    return box[1], inner[1] or ""


def test_columns_decide_how_a_table_is_laid_out():
    assert kinds(shown(table("a | b", "1 | 2"))) == ("table", "compare pair")
    assert kinds(shown(table("a | b", f"{'panjang ' * 11} | 2"))) == ("table", "compare")
    assert kinds(shown(table("a | b | c", "1 | 2 | 3"))) == ("table", "compare")
    assert kinds(shown(table("a | b | c | d", "1 | 2 | 3 | 4"))) == ("table broad", "")
    assert kinds(shown(table("a | b | c | d", f"1 | 2 | 3 | {'kata ' * 8}"))) == ("table broad wordy", "")


def test_first_column_of_a_wide_table_heads_its_rows():
    page = shown(table("a | b | c | d", "kepala | 2 | 3 | 4", "|  | 6 | 7 | 8 |"))
    assert re.findall(r'<th scope="row">(.*?)</th>', page) == ["kepala"]
    assert "<td></td>" in page


def test_typed_bullets_of_a_cell_hang_line_by_line():
    page = shown(table("a | b", "• **satu**<br>• dua<br>tiga | biasa<br>saja"))
    assert '<span class="hang">• <strong>satu</strong></span><span class="hang">• dua</span>' in page
    assert '<span class="line">tiga</span>' in page
    assert "biasa<br>saja" in page


def test_break_inside_a_mark_of_a_typed_list_keeps_the_mark_whole():
    assert '<span class="hang">• <strong>satu<br>• dua</strong></span>' in shown(
        table("a | b", "• **satu<br>• dua** | x")
    )


def test_long_formula_in_a_line_scrolls_by_itself():
    long = " + ".join(f"a_{{{n}}} x^{n}" for n in range(12))
    assert '<span class="maths long" role="group" aria-label="Rumus" tabindex="0">' in shown(
        f"Rumus ${long}$."
    )
    assert "maths" not in shown(r"Rumus $\frac{a}{b}$.")
