"""Writes a table as a sheet of LibreOffice: numbers and times as such, and texts that are never formulas or links.

odfpy makes a document as a tree, and a tree of a large table takes a kilobyte of memory for each cell. So it makes the
document with one row, which has a cell of each kind. Each row of the table is written after these patterns.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from odf import number
from odf.element import Element
from odf.opendocument import OpenDocumentSpreadsheet
from odf.style import Style, TableColumnProperties, TextProperties
from odf.table import Table as Sheet
from odf.table import TableCell, TableColumn, TableHeaderRows, TableRow
from odf.teletype import addTextToElement
from odf.text import P

from modules.insights.column_widths import with_widths
from modules.insights.exports import Cell, Row, Table

CONTENT = "content.xml"  # the part of the file that has the cells, by the format
VALUE = "value-comes-here"  # marks the place of the value in a pattern
ROWS_BEGIN, ROWS_END = "</table:table-header-rows>", "</table:table>"  # around the row of patterns
CENTIMETRES = 0.2  # of a column, for each character
# Signs that XML cannot hold. A spreadsheet would refuse the whole file for one of them.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
FLOWING = re.compile(r"  |[\t\n\r]")  # white space that XML would not keep
ROWS_AT_ONCE = 200  # that are joined before they are written; more take more memory


def write_ods(table: Table, file: IO[bytes]) -> None:
    """Writes a table into a file. The memory that it takes does not depend on the number of rows."""
    frame = io.BytesIO()
    table, widths = with_widths(table)
    _document(table.header, widths).save(frame)
    with ZipFile(frame) as parts, ZipFile(file, "w", ZIP_DEFLATED) as package:
        for part in parts.infolist():
            if part.filename == CONTENT:
                _write_content(package, parts.read(part).decode(), table)
            else:
                package.writestr(part, parts.read(part), part.compress_type)  # the type is never compressed


def _document(header: Sequence[str], widths: Sequence[int]) -> OpenDocumentSpreadsheet:
    """Returns a document with a sheet that has a header and the row of patterns."""
    document = OpenDocumentSpreadsheet()
    bold = Style(name="header", family="table-cell")
    bold.addElement(TextProperties(fontweight="bold"))
    time = _time_style()
    columns = {width: _column_style(width) for width in widths}
    for style in (_iso(), bold, time, *columns.values()):
        document.automaticstyles.addElement(style)
    sheet, top = Sheet(name="1"), TableHeaderRows()
    for width in widths:
        sheet.addElement(TableColumn(stylename=columns[width]))
    top.addElement(_row(_text(name, stylename=bold) for name in header))
    sheet.addElement(top)
    sheet.addElement(_row(_patterns(time)))
    document.spreadsheet.addElement(sheet)
    return document


def _column_style(width: int) -> Style:
    style = Style(name=f"width{width}", family="table-column")
    style.addElement(TableColumnProperties(columnwidth=f"{width * CENTIMETRES:.1f}cm"))
    return style


def _patterns(time: Style) -> tuple[Element, Element, Element]:
    """Returns a cell of each kind: a text, a number and a time."""
    return (
        _text(VALUE),
        TableCell(valuetype="float", value=VALUE),
        TableCell(valuetype="date", datevalue=VALUE, stylename=time),
    )


def _time_style() -> Style:
    return Style(name="time", family="table-cell", datastylename="iso")


def _iso() -> Element:
    """Returns the format of times: ``2027-03-01 17:00:00``."""
    style = number.DateStyle(name="iso")
    parts: Sequence[Element | str] = (
        number.Year(style="long"), "-", number.Month(style="long"), "-", number.Day(style="long"), " ",
        number.Hours(style="long"), ":", number.Minutes(style="long"), ":", number.Seconds(style="long"),
    )  # fmt: skip
    for part in parts:
        style.addElement(number.Text(text=part) if isinstance(part, str) else part)
    return style


def _row(cells: Iterable[Element]) -> Element:
    row = TableRow()
    for cell in cells:
        row.addElement(cell)
    return row


def _text(text: str, **look: Style) -> Element:
    """Returns a cell with a text. Each of its lines is a paragraph; a cell has no tabs."""
    cell = TableCell(valuetype="string", **look)
    for line in UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text).replace("\t", " ").splitlines():
        paragraph = P()
        addTextToElement(paragraph, line)
        cell.addElement(paragraph)
    return cell


# ------------------------------------------------------------------------------------------------ the rows


def _write_content(package: ZipFile, frame: str, table: Table) -> None:
    head, begin, rest = frame.partition(ROWS_BEGIN)
    _row_of_patterns, end, tail = rest.rpartition(ROWS_END)
    with package.open(CONTENT, "w", force_zip64=True) as target:
        target.write(f"{head}{begin}".encode())
        for rows in _batches(table.rows):
            target.write(rows.encode())
        target.write(f"{end}{tail}".encode())


def _batches(rows: Iterable[Row]) -> Iterator[str]:
    """Yields some rows at a time, since compressing each one by itself takes longer."""
    write = _RowWriter()
    remaining = iter(rows)
    while batch := list(islice(remaining, ROWS_AT_ONCE)):
        yield "".join(write(row) for row in batch)


class _RowWriter:
    """Writes rows after the patterns: making each cell with odfpy would take thirty times as long."""

    def __init__(self) -> None:
        patterns = (_written(cell).split(VALUE) for cell in _patterns(_time_style()))
        self._text, self._number, self._time = patterns
        self._empty = _written(TableCell())
        self._start, self._end = _written(_row([_text(VALUE)])).split(_written(_text(VALUE)))

    def __call__(self, row: Row) -> str:
        return f"{self._start}{''.join(map(self._cell, row))}{self._end}"

    def _cell(self, cell: Cell) -> str:
        if isinstance(cell, datetime):
            return cell.isoformat().join(self._time)
        if isinstance(cell, int | float):
            return repr(cell).join(self._number)
        if not cell:
            return self._empty
        if FLOWING.search(cell):
            return _written(_text(cell))
        return escape(UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", cell)).join(self._text)


def _written(element: Element) -> str:
    text = io.StringIO()
    element.toXml(1, text)
    return text.getvalue()
