"""Reads the first sheet of a file of LibreOffice, and refuses what would take all memory."""

import io
import tracemalloc
import zipfile

import pytest

from modules.document.convert.spreadsheets import read_cells
from modules.document.problems import DocumentError
from modules.insights.exports import Table
from modules.insights.ods_file import write_ods

NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
)


def ods(rows: str, *, before: str = "") -> bytes:
    body = f"<office:body {NAMES}><table:table>{rows}</table:table></office:body>"
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", before + body)
    return file.getvalue()


def test_file_that_we_wrote_is_read_again():
    file = io.BytesIO()
    write_ods(Table(["nama", "surel"], [["Sari  W", "sari@example.com"], ["Tono", 12345.0]]), file)
    rows = read_cells(file.getvalue(), most_rows=10)
    assert rows == [["nama", "surel"], ["Sari W", "sari@example.com"], ["Tono", "12345.0"]]


def test_first_filled_sheet_is_read():
    filled = "<table:table-row><table:table-cell><text:p>a@x.id</text:p></table:table-cell></table:table-row>"
    second = f"</table:table><table:table>{filled}</table:table><table:table>{filled}"
    assert read_cells(ods(f"<table:table-row/>{second}"), most_rows=10) == [["a@x.id"]]


def test_comment_on_a_cell_is_left_out():
    comment = "<office:annotation><text:p>pindah kelas</text:p></office:annotation>"
    cell = f"<table:table-cell>{comment}<text:p>a@x.id</text:p><text:p>b</text:p></table:table-cell>"
    assert read_cells(ods(f"<table:table-row>{cell}</table:table-row>"), most_rows=10) == [["a@x.id b"]]


def test_repetitions_stay_within_the_bounds():
    cell = '<table:table-cell table:number-columns-repeated="16384"><text:p>x</text:p></table:table-cell>'
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    rows = read_cells(ods(row), most_rows=10)
    assert (len(rows), len(rows[0])) == (11, 50)


@pytest.mark.parametrize(
    "content",
    [
        ods("", before='<!DOCTYPE a [<!ENTITY b "c">]>'),
        ods("<table:table-row>" * 100 + "</table:table-row>" * 100),
        ods("<table:table-row>"),
        ods("<text:p>" + "x" * 11_000_000 + "</text:p>"),
    ],
    ids=["entities", "depth", "broken", "bomb"],
)
def test_file_that_is_not_safe_is_refused(content):
    with pytest.raises(DocumentError):
        read_cells(content, most_rows=10)


def test_many_rows_take_little_memory():
    cell = "<table:table-cell><text:p>sari@example.com</text:p></table:table-cell>"
    content = ods(f"<table:table-row>{cell}</table:table-row>" * 80_000)
    tracemalloc.start()
    rows = read_cells(content, most_rows=3_000)
    _now, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(rows) == 3_001
    assert highest < 30 * 1024 * 1024
