"""Reads questions from the first sheet of a spreadsheet that has any. Never raises."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from modules.document.convert.foreign_quiz import ForeignQuiz
from modules.document.convert.losses import Losses
from modules.document.convert.open_sheets import is_open_sheet, open_sheet_rows
from modules.document.convert.tables import LONGEST_CELL, MOST_COLUMNS, no_columns, read_rows
from modules.document.convert.xml_input import refused
from modules.document.problems import N_, DocumentError
from modules.document.syntax import archive

MOST_ROWS = 5_000  # of a sheet; a larger one is refused
MOST_EMPTY_ROWS = 1_000  # after each other; the sheet ends there
MOST_SHEETS = 20  # that are looked at
LIMIT = 10 * 1024 * 1024  # bytes of the file unpacked; raised, reading takes more time and memory


def read_spreadsheet(content: bytes) -> ForeignQuiz:
    """Returns the questions of a ``.xlsx`` file.

    A file that cannot be read gives one error. Each kind of thing that is lost gives one warning.
    """
    try:
        archive.unpack_all(content, limit=LIMIT)  # refuses bombs, before the library opens the file
        return _read(content)
    except DocumentError as error:
        return ForeignQuiz((), error.problems)
    except Exception:  # the library raises whatever a broken part of a file leads to
        return ForeignQuiz((), _bad().problems)


def read_cells(content: bytes, *, most_rows: int) -> list[list[str]]:
    """Returns the rows of the first sheet that has any, as texts, of an XLSX or an ODS file.

    Raises DocumentError for a file that is none.
    """
    try:
        files = archive.unpack_all(content, limit=LIMIT)  # refuses bombs, before the library opens the file
    except DocumentError:
        raise _bad() from None
    try:
        if is_open_sheet(files):
            return open_sheet_rows(files, most_rows=most_rows + 1)
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheets = ([row for row in _rows(sheet) if any(row)] for sheet in book.worksheets[:MOST_SHEETS])
        rows = next((rows for rows in sheets if rows), [])
    except DocumentError:
        raise
    except Exception:  # the library raises whatever a broken part of a file leads to
        raise _bad() from None
    return rows[: most_rows + 1]  # one more, so that a list that is too long is known as such


def _bad() -> DocumentError:
    return refused(
        "bad-spreadsheet", N_("This spreadsheet cannot be read. Save it again as .xlsx or as CSV.")
    )


def _read(content: bytes) -> ForeignQuiz:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    results = [read_rows(_rows(sheet)) for sheet in book.worksheets[:MOST_SHEETS]]
    if not results:
        return ForeignQuiz((), (no_columns(),))
    with_questions = [result for result in results if result.questions]
    result = with_questions[0] if with_questions else results[0]
    losses = Losses()
    losses.add("sheets", count=max(0, len(with_questions) - 1))
    return replace(result, problems=(*result.problems, *losses.problems()))


def _rows(sheet: Worksheet) -> Iterator[list[str]]:
    """Yields the rows of a sheet as texts, up to a long run of empty ones, which only have a format."""
    if reset := getattr(sheet, "reset_dimensions", None):  # the size that a file names may leave rows out
        reset()
    filled = empty = 0
    for row in sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True):
        cells = [_text(value) for value in row]
        is_filled = any(cells)
        filled, empty = filled + is_filled, 0 if is_filled else empty + 1
        if filled > MOST_ROWS:
            template = N_("This sheet has more than {most} rows. Keep the rows with questions alone.")
            raise refused("many-rows", template, most=MOST_ROWS)
        if empty > MOST_EMPTY_ROWS:
            return
        yield cells


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return f"{value:.15g}"
    if isinstance(value, datetime) and not value.time():
        value = value.date()
    return "" if value is None else str(value)[:LONGEST_CELL].strip()
