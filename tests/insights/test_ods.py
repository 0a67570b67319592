"""Files in ODS have numbers and times as such, and texts that no spreadsheet runs or refuses."""

import io
import re
import shutil
import subprocess
import tracemalloc
from datetime import datetime

import pytest

from modules.insights.exports import Table
from modules.insights.ods_file import write_ods
from tests.insights.sheets import rows_of_ods
from tests.insights.test_exports import FORMULAS


def written(header: list, rows: list) -> bytes:
    write_ods(Table(header, rows), file := io.BytesIO())
    return file.getvalue()


def test_cells_keep_their_kinds():
    row = ["Sari", 66.5, -3, datetime(2027, 3, 1, 17), None, "", "5"]

    assert rows_of_ods(written(list("abcdefg"), [row]))[1] == [
        "Sari", 66.5, -3.0, datetime(2027, 3, 1, 17), None, None, "5",
    ]  # fmt: skip


@pytest.mark.parametrize("formula", [*FORMULAS, "https://example.org/", "<a>&b;", "\x0b\x00=1+1", "\ud800"])
def test_text_is_a_text_in_header_and_cell(formula):
    header, row = rows_of_ods(written([formula, "b"], [[formula, 1.0]]))

    assert isinstance(header[0], str)
    assert isinstance(row[0], str)
    assert row[1] == 1.0


def test_text_keeps_its_lines_and_blanks():
    text = "satu\ndua  tiga\tempat"
    [cell] = rows_of_ods(written(["a"], [[text]]))[1]
    assert cell.replace("\n", "|").replace(" ", "") == "satu|duatigaempat"
    assert 'text:c="1"' in content_of(written(["a"], [[text]]))


def test_header_that_looks_like_the_pattern_changes_nothing():
    rows = rows_of_ods(written(["value-comes-here", "b"], [["value-comes-here", 2]]))
    assert rows == [["value-comes-here", "b"], ["value-comes-here", 2.0]]


def test_memory_does_not_grow_with_the_rows(tmp_path):
    def peak(number: int) -> int:
        tracemalloc.start()
        rows = ([f"Orang {n}", 1.5 * n, datetime(2027, 3, 1)] for n in range(number))
        with (tmp_path / "a.ods").open("wb") as file:
            write_ods(Table(["a", "b", "c"], rows), file)
        _now, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    peak(10)
    assert peak(8_000) < peak(2_000) + 100_000


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_it(tmp_path):
    path = tmp_path / "nilai.ods"
    row = ["=1+1", datetime(2027, 3, 1, 17), 66.5, "a  b\nc"]
    path.write_bytes(written(["nama", "waktu", "nilai", "jawaban"], [row]))
    command = [
        "soffice",
        f"-env:UserInstallation=file://{tmp_path}/home",
        "--headless",
        "--convert-to",
        "fods",
    ]
    subprocess.run(
        [*command, "--outdir", str(tmp_path), str(path)], check=True, timeout=100, capture_output=True
    )

    text = path.with_suffix(".fods").read_text(encoding="utf-8")

    kinds = re.findall(r'office:value-type="(\w+)"(?: office:(?:date-)?value="([^"]*)")?', text)
    assert kinds[4:] == [("string", ""), ("date", "2027-03-01T17:00:00"), ("float", "66.5"), ("string", "")]
    assert "<text:p>=1+1</text:p>" in text
    assert "<text:p>2027-03-01 17:00:00</text:p>" in text
    assert "table:formula" not in text


def content_of(file: bytes) -> str:
    from zipfile import ZipFile

    with ZipFile(io.BytesIO(file)) as package:
        return package.read("content.xml").decode()


def test_column_is_as_wide_as_what_stands_in_it():
    address = "sari.wulandari.kusuma@smk-negeri.sch.id"
    widths = re.findall(r'column-width="([\d.]+)cm"', content_of(written(["surel", "nilai"], [[address, 1]])))
    narrow, wide = sorted(map(float, widths))
    assert wide >= 0.2 * len(address) > narrow
