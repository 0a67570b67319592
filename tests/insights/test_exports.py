"""Exported files run no formula in a spreadsheet, and show numbers and times as such."""

import csv
import io
import re
import shutil
import subprocess
import unicodedata
from datetime import datetime

import openpyxl
import pytest
from django.utils import translation

from modules.insights import exports
from modules.insights.answer_table import answers
from modules.insights.csv_file import write_csv
from modules.insights.xlsx_file import write_xlsx
from tests.cast import a_module, at, read_all, take

pytestmark = pytest.mark.django_db

FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "＝1+1", "＋1+1", "－1+1", "＠SUM(1)", "﹦1+1", "−1+1", " =1+1", "\u00a0=1+1",
    "\u200b=1+1", "\ufeff=1+1", '"=1+1', "'=1+1", "a;=cmd|' /C calc'!A0", "a; ＝1+1", 'a;"=1+1', "a\t=1+1", "a|@SUM(1)", "a\n=1+1",
    "a\r\n=1+1", "\t=1+1", 'a";=1+1', "a;b;-2+3", "a,=1+1", 'a","=1+1',
]  # fmt: skip


def answers_of(learner, answer: str) -> exports.Table:
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Mars", ["Saturnus"], answer, answer], now=at(1))
    return answers(module).table()


def answers_file(learner, answer: str) -> str:
    with translation.override("en"):
        write_csv(answers_of(learner, answer), file := io.StringIO())
    return file.getvalue()


@pytest.mark.parametrize("language", ["en", "id"])
@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_begins_a_formula(formula, language):
    table = exports.Table(["name", formula], [[formula, 1.5, formula], ["a", formula, None, formula]])
    with translation.override(language):
        write_csv(table, file := io.StringIO())

    for separator in ",;\t|":
        rows = list(csv.reader(io.StringIO(file.getvalue()), delimiter=separator))
        assert len(rows) >= 3
        assert [cell for row in rows for cell in row if begins_formula(cell)] == []


def begins_formula(cell: str) -> bool:
    plain = unicodedata.normalize("NFKC", cell).replace("−", "-").lstrip('"')
    visible = "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cf", "Cc", "Zs"))
    return visible.startswith(("=", "+", "-", "@"))


def test_every_text_is_quoted_and_no_number_is(learner):
    header, first, *_rows = answers_file(learner, "a;b").splitlines()

    assert all(cell.startswith('"') and cell.endswith('"') for cell in header.split(","))
    assert first.startswith(f'"{learner.name}","{learner.email}",1,"')


def test_harmless_text_is_exported_as_it_is(learner):
    text = 'x > 2; y = 3, "kata" | {1; 2} 〜 a-b @ c'

    rows = list(csv.reader(io.StringIO(answers_file(learner, text))))

    assert text in rows[-1]


@pytest.mark.parametrize("number", ["-18", "\N{MINUS SIGN}18,5", "-1.000,25"])
def test_negative_number_is_exported_as_it_is(learner, number):
    assert list(csv.reader(io.StringIO(answers_file(learner, number))))[-1][9] == number


def test_file_of_a_question_has_its_answers_alone(signed_in, instructor, learner):
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Mars", ["Saturnus"], "tidak tahu", "4"], now=at(1))
    question = module.quiz.questions.get(place=1)
    browser = signed_in(instructor)
    page = f"/admin/modules/module/questions/{question.pk}/"
    assert f"{page}answers.xlsx" in browser.get(f"{page}grades/").content.decode()

    answer = browser.get(f"{page}answers.csv")
    assert f"{module.slug}-{question.identity}-answers.csv" in answer.headers["Content-Disposition"]
    _header, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    whole = browser.get(f"/admin/modules/module/{module.pk}/results/answers.csv").content.decode("utf-8-sig")
    assert rows == [
        row for row in csv.reader(io.StringIO(whole), delimiter=";") if row[7] == question.current.title
    ]
    assert len(rows) == 1

    workbook = openpyxl.load_workbook(io.BytesIO(browser.get(f"{page}answers.xlsx").content))
    assert [row[9].value for row in workbook.active.iter_rows(min_row=2)] == ["Saturnus"]
    assert signed_in(learner).get(f"{page}answers.csv").status_code in (302, 403, 404)
    assert browser.get("/admin/modules/module/questions/999999/answers.csv").status_code == 404


def test_csv_follows_the_convention_of_the_reader():
    table = exports.Table(
        ["nilai", "waktu"], [[66.6667, datetime(2027, 3, 1, 17)], [None, None], [-1, "a,b;c"]]
    )
    written = {}
    for language in ("id", "en"):
        with translation.override(language):
            write_csv(table, file := io.StringIO())
        written[language] = file.getvalue().splitlines()
    assert written["id"] == ['"nilai";"waktu"', '66,6667;"2027-03-01 17:00:00"', '"";""', '-1;"a,b;c"']
    assert written["en"] == ['"nilai","waktu"', '66.6667,"2027-03-01 17:00:00"', '"",""', '-1,"a,b;c"']


def test_workbook_has_numbers_times_and_plain_texts(learner):
    learner.name = "=1+1"
    learner.save()
    write_xlsx(answers_of(learner, "https://example.org/"), file := io.BytesIO())

    header, first, *_middle, last = openpyxl.load_workbook(file).active.iter_rows()

    name, _mail, number, started, _submitted, grade = first[:6]
    assert header[3].value == "dimulai (WIB)"
    assert [cell.data_type for cell in (name, number, started, grade)] == ["s", "n", "d", "n"]
    assert (name.value, number.value, grade.value) == ("=1+1", 1, 12.5)
    assert (last[9].value, last[9].hyperlink) == ("https://example.org/", None)


def test_workbook_goes_on_in_another_sheet(monkeypatch):
    monkeypatch.setattr("modules.insights.xlsx_file.MOST_ROWS", 2)
    write_xlsx(exports.Table(["n"], [[1], [2], [3], ["x" * 40_000], [5]]), file := io.BytesIO())

    sheets = openpyxl.load_workbook(file).worksheets

    assert [[str(row[0].value)[:9] for row in sheet.iter_rows()] for sheet in sheets] == [
        ["n", "1", "2"],
        ["n", "3", "xxxxxxxxx"],
        ["n", "5"],
    ]
    assert sheets[1]["A3"].value.endswith("x…")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", ["nilai.csv", "nilai.xlsx"])
def test_libreoffice_reads_numbers_and_times(tmp_path, name):
    table = exports.Table(["nama", "waktu", "nilai"], [["=1+1", datetime(2027, 3, 1, 17), 66.5]])
    path = tmp_path / name
    with translation.override("id"), path.open("wb") as file:
        write_csv(table, text := io.StringIO())
        write_xlsx(table, file) if name.endswith("xlsx") else file.write(text.getvalue().encode())
    # As the dialog of an Indonesian desktop does it: semicolons, quotes, UTF-8, language 1057, numbers are found.
    options = ["--infilter=CSV:59,34,76,1,,1057,false,true"] if name.endswith("csv") else []
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/home", "--headless", *options]
    subprocess.run(
        [*command, "--convert-to", "fods", "--outdir", str(tmp_path), str(path)],
        check=True,
        timeout=100,
        capture_output=True,
    )

    kinds = re.findall(
        r'office:value-type="(\w+)" (?:office:(?:date-)?value="([^"]*)")?',
        path.with_suffix(".fods").read_text(encoding="utf-8"),
    )

    assert kinds[3:] == [("string", ""), ("date", "2027-03-01T17:00:00"), ("float", "66.5")]
