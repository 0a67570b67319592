"""Upgrades the database of each fixture by the commands of an installation, and shows that nothing is lost."""

import base64
import copy
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.upgrade import changes, rows
from tests.upgrade.comparison import differences
from tests.upgrade.rows import Tables

pytestmark = pytest.mark.slow

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
FIXTURES = sorted([*HERE.glob("*.json"), *HERE.glob("*.json.gz")])


@dataclass(frozen=True)
class Upgraded:
    """What was in a fixture, and what the upgraded database has and says."""

    before: dict[str, Any]
    after: Tables
    said: dict[str, Any]
    pages: dict[str, int]


@pytest.fixture(scope="module", params=FIXTURES, ids=lambda file: file.name.partition(".")[0])
def upgraded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Upgraded]:
    """Fills a database as it was at the fixture's release, and brings it up to date.

    The rows are compared after the migrations alone, since `prepare` may render all HTML again.
    """
    environment = {**os.environ, "DATA_DIR": str(tmp_path_factory.mktemp("upgrade"))}
    with database(environment):
        run(environment, "-m", "tests.upgrade.steps", "load", str(request.param))
        run(environment, "manage.py", "migrate", "--verbosity", "0")
        after = json.loads(run(environment, "-m", "tests.upgrade.steps", "dump"))
        run(environment, "manage.py", "prepare")
        seen = json.loads(run(environment, "-m", "tests.upgrade.steps", "look"))
        yield Upgraded(rows.content_of(request.param), after, seen["said"], seen["pages"])


@contextmanager
def database(environment: dict[str, str]) -> Iterator[None]:
    """Gives the steps a database of their own, on the same kind of server as the tests have."""
    server, name = environment.get("TEST_POSTGRES_URL", ""), f"upgrade_{os.getpid()}"
    if not server:
        yield
        return
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        environment["DATABASE_URL"] = urlsplit(server)._replace(path=f"/{name}").geturl()
        yield
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def run(environment: dict[str, str], *arguments: str) -> str:
    """Runs a program of the project, and returns what it printed."""
    paths = os.pathsep.join([str(ROOT), str(ROOT / "platform")])
    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env={**environment, "PYTHONPATH": paths},
        check=False,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def _rows_by_key(table: dict[str, Any]) -> dict[int, dict[str, Any]]:
    listed = [dict(zip(table["columns"], row, strict=True)) for row in table["rows"]]
    return {row["id"]: row for row in listed}


def test_every_row_is_still_there(upgraded: Upgraded):
    assert sum(len(table["rows"]) for table in upgraded.before["tables"].values()) > 200
    assert differences(upgraded.before["tables"], upgraded.after) == []


def test_quizzes_open_when_they_opened_before(upgraded: Upgraded):
    modules = _rows_by_key(upgraded.before["tables"]["modules.module"])
    quizzes = _rows_by_key(upgraded.after["modules.quiz"]).values()
    if not any("quiz_opens" in module for module in modules.values()):
        pytest.skip("this release has the rule in the quiz already")
    expected = {quiz["module_id"]: modules[quiz["module_id"]]["quiz_opens"] for quiz in quizzes}
    assert "at_once" in expected.values()
    assert {quiz["module_id"]: quiz["quiz_opens"] for quiz in quizzes} == expected


def test_documents_are_the_same_bytes(upgraded: Upgraded):
    expected = changes.documents_as_intended(upgraded.before["said"], upgraded.before["tables"])
    now = {key: base64.b64decode(content) for key, content in upgraded.said["documents"].items()}
    assert now == expected


def test_grades_and_readings_are_the_same(upgraded: Upgraded):
    assert upgraded.said["learners"] == upgraded.before["said"]["learners"]


def test_grades_that_sort_results_are_the_grades(upgraded: Upgraded):
    addresses = {key: row["email"] for key, row in _rows_by_key(upgraded.after["accounts.user"]).items()}
    kept = {
        (str(row["module_id"]), addresses[row["learner_id"]]): row["grade"]
        for row in _rows_by_key(upgraded.after["modules.enrolment"]).values()
    }
    said = [(module, *row) for module, rows in upgraded.said["learners"].items() for row in rows]
    assert any(grade is not None for *_rest, grade in said)
    for module, email, *_counts, grade in said:
        assert kept[module, email] == (None if grade is None else pytest.approx(float(Fraction(grade))))


def test_every_page_opens(upgraded: Upgraded):
    assert any("/results/" in page for page in upgraded.pages)
    assert len(upgraded.pages) > 30
    assert {page: status for page, status in upgraded.pages.items() if status != 200} == {}


def test_lost_row_is_noticed(upgraded: Upgraded):
    after = copy.deepcopy(upgraded.after)
    lost = after["modules.reading"]["rows"].pop()
    key = lost[after["modules.reading"]["columns"].index("id")]
    assert differences(upgraded.before["tables"], after) == [f"modules.reading {key}: the row is gone."]


def test_other_value_is_noticed(upgraded: Upgraded):
    after = copy.deepcopy(upgraded.after)
    columns, listed = after["modules.response"]["columns"], after["modules.response"]["rows"]
    listed[0][columns.index("answer")] = ["another"]
    assert len(differences(upgraded.before["tables"], after)) == 1


@pytest.mark.parametrize("table", ["modules.revision", "modules.attempt"])
def test_row_that_nobody_meant_to_add_is_noticed(upgraded: Upgraded, table: str):
    after = copy.deepcopy(upgraded.after)
    columns, listed = after[table]["columns"], after[table]["rows"]
    listed.append([10_000 if column == "id" else None for column in columns])
    assert [line.startswith(f"{table}: ") for line in differences(upgraded.before["tables"], after)] == [True]


def test_lost_column_is_noticed(upgraded: Upgraded):
    after = copy.deepcopy(upgraded.after)
    columns = after["modules.attempt"]["columns"]
    columns[columns.index("pass_mark")] = "threshold"
    assert differences(upgraded.before["tables"], after) == ["modules.attempt: the column pass_mark is gone."]
