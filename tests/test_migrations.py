"""Shows that data migrations change only the rows that they are about."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from django.apps.registry import Apps
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from modules.models import Module, Override, SharedModules, StudyClass
from tests.cast import a_module, a_quiz, take

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def migrated():
    """Migrates `modules` to a named migration and returns the models of then. The test ends at the last one."""

    def migrate(name: str) -> Apps:
        target = [("modules", name)]
        MigrationExecutor(connection).migrate(target)
        return MigrationExecutor(connection).loader.project_state(target).apps

    yield migrate
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


def newest() -> str:
    """Returns the name of the last migration of the modules."""
    return MigrationExecutor(connection).loader.graph.leaf_nodes("modules")[0][1]


def test_unpublished_module_stays_closed_to_everybody(migrated: Callable[[str], Apps]):
    module = a_module()
    before = migrated("0021_regrade_jobs")
    before.get_model("modules", "Module").objects.filter(pk=module.pk).update(published_at=None)
    migrated(newest())
    module = Module.objects.get()
    assert (module.is_published, module.is_readable, module.withdrawn_at) == (False, False, None)


def test_unsubmitted_attempt_loses_its_mark(learner, migrated: Callable[[str], Apps]):
    quiz = a_quiz("### Planet terbesar?\n\n- [ ] Mars\n- [x] Jupiter\n")
    kept, left = take(learner, quiz, ["Jupiter"]), take(learner, quiz, ["Jupiter"])
    before = migrated("0007_pools_and_checks")
    before.get_model("modules", "Attempt").objects.filter(pk=left.pk).update(
        submitted_at=None, abandoned_at=timezone.now(), passed_at=None, mark=Fraction(1)
    )
    after = migrated("0009_kinds_of_corrections")
    marks = dict(after.get_model("modules", "Attempt").objects.values_list("pk", "mark"))
    assert marks == {kept.pk: 1, left.pk: None}
    given = dict(after.get_model("modules", "Response").objects.values_list("attempt", "mark"))
    assert given == {kept.pk: 1, left.pk: None}


def test_current_revision_names_its_images(migrated: Callable[[str], Apps]):
    module = Module.objects.get(pk=a_quiz("### Berapa?\n\n- [=] 4\n").module_id)
    module.images.create(path="air.png", file="modules/1/air-1.png")
    migrated("0009_kinds_of_corrections")
    revisions = migrated("0010_pictures_of_revisions").get_model("modules", "Revision").objects
    assert revisions.get(pk=module.current_id).pictures == {"air.png": "modules/1/air-1.png"}


def test_opening_of_a_quiz_is_written_into_its_document(migrated: Callable[[str], Apps]):
    module = a_module()
    text = module.text()
    before = migrated("0013_plain_names")
    before.get_model("modules", "Module").objects.filter(pk=module.pk).update(quiz_opens="at_once")
    migrated("0015_remove_module_quiz_opens")
    migrated(newest())  # the models of today read the columns of today
    module = Module.objects.get()
    assert module.text() == module.current.text == "---\nquiz_opens: at_once\n---\n" + text
    assert (module.current.number, module.quiz.quiz_opens) == (2, "at_once")


def test_usual_opening_of_a_quiz_writes_no_revision(migrated: Callable[[str], Apps]):
    module = a_module()
    migrated("0013_plain_names")
    migrated("0015_remove_module_quiz_opens")
    migrated(newest())
    assert Module.objects.get().text() == module.text()
    assert Module.objects.get().current.number == 1


def test_groups_without_power_become_classes(learner, instructor, migrated: Callable[[str], Apps]):
    quiz = a_quiz("### Jumlah?\n\n- [=] 8\n")
    before = migrated("0033_classes")
    before.get_model("modules", "StudyClass").objects.all().delete()
    study, strong = Group.objects.create(name="Kelas 8B"), Group.objects.create(name="Pengawas")
    strong.permissions.add(Permission.objects.first())
    study.user_set.add(learner)
    Override.objects.create(quiz=quiz, group=study, attempts_allowed=3)
    migrated(newest())
    made = StudyClass.objects.get()
    assert (made.name, list(made.instructors.all())) == ("Kelas 8B", [instructor])
    assert list(made.group.user_set.all()) == [learner]
    assert Override.objects.get().group == made.group


def test_module_belongs_to_the_instructor_of_its_first_revision(
    instructor, learner, migrated: Callable[[str], Apps]
):
    mine = a_module(by=instructor)
    a_module("# Tanpa\n\n## Satu\n\nSatu.\n")
    a_module("# Bekas\n\n## Satu\n\nSatu.\n", by=learner)  # who is no instructor any more
    a_module("# Tata surya\n\n## Planet dalam\n\nDua.\n")  # the second revision, by nobody
    migrated("0030_readings_that_lack_a_part")

    migrated(newest())

    owned = dict(Module.objects.values_list("title", "owner"))
    assert owned == {"Tata surya": instructor.pk, "Tanpa": None, "Bekas": None}
    assert mine.revisions.count() == 2
    assert SharedModules.objects.count() == 1


def test_new_installation_does_not_share_its_modules(migrated: Callable[[str], Apps]):
    migrated("0030_readings_that_lack_a_part")
    migrated(newest())
    assert not SharedModules.objects.exists()
