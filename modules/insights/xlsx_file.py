"""Writes a table as a workbook of Excel: numbers and times as such, and texts that are never formulas or links."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import IO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from modules.insights.column_widths import with_widths
from modules.insights.exports import Cell, Table

LONGEST_TEXT = (
    32_767  # characters of a cell, by the format; longer texts are cut, and end with a sign that says so
)
MOST_ROWS = 1_048_575  # of a sheet under its header, by the format; further rows go on in another sheet
OPTIONS = {
    "constant_memory": True,  # rows are written as they come, so that a large class takes no more memory
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def write_xlsx(table: Table, file: IO[bytes], *, folder: str | None = None) -> None:
    """Writes a table into as many sheets as its rows need. Each sheet waits in ``folder`` until the file is whole."""
    with Workbook(file, OPTIONS | {"tmpdir": folder}) as workbook:
        bold = workbook.add_format({"bold": True})
        date = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        table, widths = with_widths(table)
        sheet = _new_sheet(workbook, table.header, widths, bold)
        for number, row in enumerate(table.rows):
            if number and number % MOST_ROWS == 0:
                sheet = _new_sheet(workbook, table.header, widths, bold)
            _write_row(sheet, 1 + number % MOST_ROWS, row, date)


def _new_sheet(workbook: Workbook, header: Sequence[str], widths: Sequence[int], bold: Format) -> Worksheet:
    """Adds a sheet whose first row stays in sight."""
    sheet = workbook.add_worksheet()
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(header):
        sheet.write_string(0, column, name, bold)
    return sheet


def _write_row(sheet: Worksheet, place: int, row: Sequence[Cell], date: Format) -> None:
    for column, cell in enumerate(row):
        if isinstance(cell, datetime):
            sheet.write_datetime(place, column, cell, date)
        elif isinstance(cell, int | float):
            sheet.write_number(place, column, cell)
        elif cell:
            sheet.write_string(place, column, _bounded(cell))


def _bounded(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
