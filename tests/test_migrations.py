"""What migrations do with rows that are there."""

from fractions import Fraction

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from modules.models import Attempt, Module, Revision
from tests.modules.cast import a_quiz, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def migrated():
    """Migrates modules to one of its migrations, and to the last one when the test is over."""

    def migrate(name: str) -> None:
        executor = MigrationExecutor(connection)
        executor.migrate([("modules", name)])

    yield migrate
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def test_what_was_never_submitted_loses_the_mark_that_grading_again_had_given_it(learner, migrated):
    quiz = a_quiz("### Planet terbesar?\n\n- [ ] Mars\n- [x] Jupiter\n")
    kept, left = take(learner, quiz, ["Jupiter"]), take(learner, quiz, ["Jupiter"])
    migrated("0007_pools_and_checks")
    Attempt.objects.filter(pk=left.pk).update(
        submitted_at=None, abandoned_at=timezone.now(), passed_at=None, mark=Fraction(1)
    )
    migrated("0009_kinds_of_corrections")
    kept.refresh_from_db()
    left.refresh_from_db()
    assert (kept.grade, left.grade) == (100, None)
    assert [one.mark for one in (kept.responses.get(), left.responses.get())] == [1, None]


def test_the_current_revision_is_told_which_pictures_it_shows(migrated):
    module = Module.objects.get(pk=a_quiz("### Berapa?\n\n- [=] 4\n").module_id)
    module.images.create(path="air.png", file="modules/1/air-1.png")
    migrated("0009_kinds_of_corrections")
    migrated("0010_pictures_of_revisions")
    assert Revision.objects.get(pk=module.current_id).pictures == {"air.png": "modules/1/air-1.png"}
