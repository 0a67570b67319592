"""Writes a table as CSV, with the separator and the decimal sign that the reader's spreadsheet expects."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.utils.formats import get_format

from modules.insights.exports import Cell, Table

# A spreadsheet takes a text that begins with one of these for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\N{MINUS SIGN}")
NEGATIVE = re.compile(r"[-\N{MINUS SIGN}][0-9]+(?:[.,][0-9]+)*")
CONTROLS = ("\t", "\r", "\n")  # signs that a spreadsheet leaves out at the beginning of a cell
SEPARATORS = ",;|\t\r\n"  # signs that end a cell in spreadsheets of some country or setting


class Writable(Protocol):
    def write(self, text: str, /) -> object: ...


class DecimalComma(float):
    """Writes a number with a comma. The writer does not quote it, since it is a number."""

    def __str__(self) -> str:
        return super().__repr__().replace(".", ",")


def write_csv(table: Table, file: Writable) -> None:
    """Writes a table: with semicolons and decimal commas where the language has these, else with commas and points."""
    has_comma = get_format("DECIMAL_SEPARATOR") == ","
    separator = ";" if has_comma else ","
    writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC, delimiter=separator)
    writer.writerow(_written(table.header, separator, has_comma=has_comma))
    writer.writerows(_written(row, separator, has_comma=has_comma) for row in table.rows)


def _written(row: Sequence[Cell], separator: str, *, has_comma: bool) -> list[str | int | float]:
    """Returns a row as the writer takes it."""
    return [_plain(cell, separator, has_comma=has_comma) for cell in row]


def _plain(cell: Cell, separator: str, *, has_comma: bool) -> str | int | float:
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M:%S}"
    if isinstance(cell, float) and has_comma:
        return DecimalComma(cell)
    return without_formula(cell or "", separator) if isinstance(cell, str | None) else cell


def without_formula(text: str, separator: str) -> str:
    """Puts an apostrophe before each part of a text that a spreadsheet would run as a formula.

    Quotes protect our own separator. A spreadsheet that expects another one ignores the quotes around all cells but the
    first one of a row.
    """
    others = SEPARATORS.replace(separator, "")
    guarded = "".join(
        f"'{part}" if _is_formula(part) else part for part in re.split(f"([{re.escape(others)}])", text)
    )
    return f"'{guarded}" if guarded.startswith(CONTROLS) else guarded


def _is_formula(text: str) -> bool:
    """Checks how a text begins, in the plain form of its signs: full-width signs begin formulas, too.

    A negative number is none, so that answers such as -18 stay numbers.
    """
    if NEGATIVE.fullmatch(text):
        return False
    sign = next((sign for sign in text if not _is_skipped(sign)), "")
    return unicodedata.normalize("NFKC", sign).startswith(FORMULA_STARTS)


def _is_skipped(sign: str) -> bool:
    """Checks whether a spreadsheet may leave out a sign at the beginning of a cell: blanks, invisible signs, quotes."""
    return sign in "\"'" or unicodedata.category(sign)[0] in "ZC"
