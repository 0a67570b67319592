"""Writes a table in the form that its reader has chosen: CSV, XLSX or ODS."""

from __future__ import annotations

import io
from typing import IO

from modules.insights.csv_file import write_csv
from modules.insights.exports import Table
from modules.insights.ods_file import write_ods
from modules.insights.xlsx_file import write_xlsx
from modules.models import TableFile

Form = TableFile.Form

CONTENT_TYPES = {
    Form.CSV: "text/csv; charset=utf-8",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.ODS: "application/vnd.oasis.opendocument.spreadsheet",
}


def write(table: Table, form: str, file: IO[bytes], *, folder: str | None = None) -> None:
    """Writes a table into a file. ``folder`` takes what has to wait; without it, the system's folder does."""
    match Form(form):
        case Form.CSV:
            text = io.TextIOWrapper(
                file, encoding="utf-8-sig", newline=""
            )  # spreadsheets know UTF-8 by its mark
            write_csv(table, text)
            text.detach()
        case Form.XLSX:
            write_xlsx(table, file, folder=folder)
        case Form.ODS:
            write_ods(table, file)
