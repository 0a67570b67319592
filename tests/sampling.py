"""Leaves out cases of the tests on a database where `make test` asks for a sample; `make test-all` runs all of them.

Both databases run each test of a table, a query or a lock. Of a test with several cases, both run the first one. They
take the others by turns. PostgreSQL leaves out the tests that use no database.
"""

import os
from collections import Counter

import pytest

# Tests that use the database from programs of their own, and therefore have no mark of it.
PROGRAMS = (
    "tests/server/",
    "tests/upgrade/",
    "tests/management/",
    "tests/tasks/",
    "tests/test_ground.py",
    "tests/test_broken_ground.py",
)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if os.environ.get("TEST_SAMPLE"):
        taken, left = sample(items, os.environ.get("TEST_DATABASE") == "postgres")
        items[:] = taken
        config.hook.pytest_deselected(items=left)


def sample(items: list[pytest.Item], on_postgres: bool) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """Returns the tests that a database runs, and the tests that it leaves out."""
    cases: Counter[str] = Counter()
    kept: tuple[list[pytest.Item], list[pytest.Item]] = ([], [])
    for item in items:
        if uses_database(item):
            function = item.nodeid.partition("[")[0]
            number = cases[function]
            cases[function] += 1
            is_left = number > 0 and number % 2 == int(on_postgres)
        else:
            is_left = on_postgres and not item.nodeid.startswith(PROGRAMS)
        kept[is_left].append(item)
    return kept


def uses_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None
