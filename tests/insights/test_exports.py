"""Exported CSV files run no formula in a spreadsheet, whichever sign separates its cells."""

import csv
import io
import unicodedata

import pytest

from modules.insights import exports
from tests.cast import a_module, at, read_all, take

pytestmark = pytest.mark.django_db

FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(1)", "＝1+1", "＋1+1", "－1+1", "＠SUM(1)", "﹦1+1", "−1+1", " =1+1", "\u00a0=1+1",
    "\u200b=1+1", "\ufeff=1+1", '"=1+1', "'=1+1", "a;=cmd|' /C calc'!A0", "a; ＝1+1", 'a;"=1+1', "a\t=1+1", "a|@SUM(1)", "a\n=1+1",
    "a\r\n=1+1", "\t=1+1", 'a";=1+1', "a;b;-2+3", "a,=1+1", 'a","=1+1',
]  # fmt: skip


def answers_file(learner, answer: str) -> str:
    module = a_module()
    read_all(learner, module)
    take(learner, module.quiz, ["Mars", ["Saturnus"], answer, answer], now=at(1))
    file = io.StringIO()
    exports.write_attempts(module, file)
    return file.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_begins_a_formula(learner, formula, separator):
    learner.name = formula
    learner.save()

    rows = list(csv.reader(io.StringIO(answers_file(learner, formula)), delimiter=separator))

    assert len(rows) > 4
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
