"""Tests that a sample of both databases together leaves out no case of a test."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.sampling import sample


def item(name: str, fixtures: tuple[str, ...] = ("db",)) -> Any:
    return SimpleNamespace(nodeid=name, fixturenames=fixtures, get_closest_marker=lambda _name: None)


def names(items: list[pytest.Item]) -> list[str]:
    return [one.nodeid for one in items]


def test_databases_take_cases_by_turns_after_the_first():
    items = [item(f"tests/a.py::test_a[{number}]") for number in range(5)] + [item("tests/a.py::test_b")]
    on_sqlite, on_postgres = sample(items, False)[0], sample(items, True)[0]
    assert names(on_sqlite) == [
        "tests/a.py::test_a[0]",
        "tests/a.py::test_a[1]",
        "tests/a.py::test_a[3]",
        "tests/a.py::test_b",
    ]
    assert names(on_postgres) == [
        "tests/a.py::test_a[0]",
        "tests/a.py::test_a[2]",
        "tests/a.py::test_a[4]",
        "tests/a.py::test_b",
    ]
    assert set(names(on_sqlite) + names(on_postgres)) == set(names(items))


def test_what_uses_no_database_runs_once():
    plain, program = item("tests/look.py::test_a", ()), item("tests/server/test_run.py::test_a", ())
    assert sample([plain, program], True) == ([program], [plain])
    assert sample([plain, program], False) == ([plain, program], [])
