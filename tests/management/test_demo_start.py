"""Checks when the demo fills a database, and that it fills each in the same way."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.roles import Role, open_account
from modules.management.demo import charts, filling
from modules.models import Module
from tests.management.test_demo import counts, demo, grades

pytestmark = pytest.mark.django_db


def test_database_of_other_learners_is_refused():
    open_account("somebody@school.example", name="Somebody", role=Role.LEARNER)
    before = counts()
    with pytest.raises(CommandError, match="There are 1 other learners"):
        demo()
    assert counts() == before


def test_first_accounts_of_an_installation_are_no_other_learners(monkeypatch):
    call_command("prepare", examples=True, stdout=StringIO(), stderr=StringIO())
    monkeypatch.setattr(filling, "fill", lambda author, *, now: [])
    assert "Accounts of the demo" in demo()


def test_module_at_the_demos_address_is_refused():
    Module.objects.create(slug=charts.SLUG, title="Ours")
    with pytest.raises(CommandError, match="reading-charts"):
        demo("--force")
    assert not filling.is_filled()


@pytest.mark.slow
def test_demo_is_the_same_each_time():
    """Fills two databases, one with another learner in it, and compares what came of all attempts."""
    results = []
    for options in ((), ("--force",)):
        with transaction.atomic():
            if options:
                open_account("somebody@school.example", name="Somebody", role=Role.LEARNER)
            demo(*options)
            results.append(grades())
            transaction.set_rollback(True)
    assert results[0] == results[1]
    assert results[0]
