"""Reads the cells of a sheet of LibreOffice (ODS) as texts, within the bounds of the other spreadsheets."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import groupby
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

from modules.document.convert.tables import LONGEST_CELL, MOST_COLUMNS

MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
DEEPEST = 60  # elements inside each other
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CELLS = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
MOST_DIGITS = 15  # of a number; a longer one is none that a spreadsheet has kept exactly


def is_open_sheet(files: dict[str, bytes]) -> bool:
    """Tells whether the files of an archive are those of a sheet of LibreOffice."""
    return files.get("mimetype", b"").strip().startswith(MIMETYPE)


def open_sheet_rows(files: dict[str, bytes], *, most_rows: int) -> list[list[str]]:
    """Returns the filled rows of the first sheet that has any. Raises whatever a broken file leads to.

    A cell or a row may be written once and stand for a million. Repetitions beyond the bounds are left out.
    """
    for _sheet, rows in groupby(_rows(files["content.xml"]), key=lambda numbered: numbered[0]):
        filled: list[list[str]] = []
        for _number, row, times in rows:
            filled += [row] * min(times, most_rows - len(filled)) if any(row) else []
            if len(filled) >= most_rows:
                return filled
        if filled:
            return filled
    return []


def _rows(content: bytes) -> Iterator[tuple[int, list[str], int]]:
    """Yields the number of the sheet, the cells, and how often the row is repeated. It forgets rows that were read."""
    sheet = depth = 0
    parents: list[Element] = []
    for event, element in ElementTree.iterparse(
        io.BytesIO(content), events=("start", "end"), forbid_dtd=True
    ):
        depth += 1 if event == "start" else -1
        if depth > DEEPEST:
            raise ValueError("too deep")
        if event == "start":
            sheet += element.tag == f"{TABLE}table"
            parents.append(element)
            continue
        parents.pop()
        if element.tag == f"{TABLE}table-row":
            yield sheet, _cells(element), _times(element, "rows")
            element.clear()
            parents[-1].remove(element)


def _cells(row: Element) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if cell.tag in CELLS and len(cells) < MOST_COLUMNS:
            cells += [_text(cell)] * min(_times(cell, "columns"), MOST_COLUMNS - len(cells))
    return cells


def _times(element: Element, what: str) -> int:
    written = element.get(f"{TABLE}number-{what}-repeated", "1")
    return max(1, int(written[:9])) if written.isdecimal() else 1


def _text(cell: Element) -> str:
    """Returns a number as it is stored, such as one that is shown as 1E+09, and else what the cell shows.

    The paragraphs of a comment stand deeper in the cell, and are left out.
    """
    value = cell.get(f"{OFFICE}value", "")
    if cell.get(f"{OFFICE}value-type") == "float" and len(value) <= MOST_DIGITS:
        return value
    paragraphs = (" ".join(_words(each).split()) for each in cell.findall(f"{TEXT}p"))
    return " ".join(filter(None, paragraphs))[:LONGEST_CELL].strip()


def _words(paragraph: Element) -> str:
    """Returns the text of a paragraph. Runs of blanks are elements of their own."""
    pieces = [paragraph.text or ""]
    for element in paragraph:
        inner = " " if element.tag in (f"{TEXT}s", f"{TEXT}tab", f"{TEXT}line-break") else _words(element)
        pieces += [inner, element.tail or ""]
    return "".join(pieces)
