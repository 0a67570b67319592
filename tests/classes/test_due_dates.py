"""Gives one learner of a class longer: the more generous date counts wherever due dates count."""

from datetime import timedelta

import pytest

from modules.admin import permissions
from modules.classes.acquaintance import modules_in_view
from modules.classes.assignments import duties_of
from modules.insights import class_tables
from modules.insights.attention import late_people
from modules.insights.class_progress import ProgressQuery, progress_page
from modules.insights.cohorts import Cohort
from modules.insights.help_needed import help_needed
from modules.insights.learner_modules import modules_of
from modules.insights.learner_scope import scope_of
from modules.models import Assignment, OwnDueDate, StudyClass
from tests.cast import NOON, a_module, read_all
from tests.classes.rooms import a_class, assign

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def study_class(instructor, learner, other_learner):
    return a_class(by=instructor, members=[learner, other_learner])


@pytest.fixture
def duty(study_class, instructor):
    """An assignment that has been due for a day."""
    return assign(study_class, a_module(by=instructor), due_at=NOON - DAY)


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


def give(duty, learner, due_at=NOON + DAY):
    return OwnDueDate.objects.create(assignment=duty, learner=learner, due_at=due_at, given_at=NOON)


def url_of(duty, learner, part: str = "") -> str:
    return f"/admin/modules/studyclass/{duty.study_class_id}/members/{learner.pk}/due/{duty.pk}/{part}"


def late_in_grid(study_class) -> list[str]:
    page = progress_page(study_class, ProgressQuery(state="late"), now=NOON)
    return [row.name for row in page.rows]


def states_of(learner) -> list[tuple[str, bool]]:
    return [(each.state, each.has_own_date) for each in duties_of(learner, now=NOON)]


def test_learner_with_longer_is_not_late(study_class, duty, learner, other_learner):
    assert late_in_grid(study_class) == [other_learner.name, learner.name]
    give(duty, learner)
    assert states_of(learner) == [("soon", True)]
    assert states_of(other_learner) == [("late", False)]
    assert late_in_grid(study_class) == [other_learner.name]
    cells = {row.name: row.cells[0] for row in progress_page(study_class, now=NOON).rows}
    assert (cells[learner.name].is_late, cells[learner.name].own_due_at) == (False, NOON + DAY)
    assert cells[other_learner.name].is_late


def test_start_page_counts_nobody_who_has_longer(study_class, duty, learner, other_learner):
    def numbers():
        late = late_people(StudyClass.objects.all(), now=NOON)
        return [(each.late, each.new, each.members) for each in late]

    assert numbers() == [(2, 2, 2)]
    give(duty, learner)
    assert numbers() == [(1, 1, 2)]
    read_all(learner, duty.module)
    assert numbers() == [(1, 1, 2)]
    duty.module.enrolments.update(finished_at=NOON)
    assert numbers() == [(1, 1, 2)]


def test_overview_of_the_module_counts_nobody_who_has_longer(duty, learner, other_learner):
    for each in (learner, other_learner):
        read_all(each, duty.module)
    duty.module.enrolments.update(finished_at=None)
    assert help_needed(Cohort(duty.module), now=NOON).by_reason["late"] == 2
    give(duty, learner)
    assert help_needed(Cohort(duty.module), now=NOON).by_reason["late"] == 1
    give(duty, other_learner, NOON - timedelta(hours=1))
    (late,) = [each for each in help_needed(Cohort(duty.module), now=NOON).people if "late" in each.reasons]
    assert late.due_at == NOON - timedelta(hours=1)


def test_file_of_the_class_says_who_is_late(study_class, duty, learner):
    give(duty, learner)
    rows = list(class_tables.grades(study_class, now=NOON).table().rows)
    assert [row[-1] for row in rows] == ["ya", "tidak"]


def test_page_of_the_learner_has_the_later_date(study_class, duty, learner, instructor):
    give(duty, learner)
    modules = permissions.with_is_changeable(modules_in_view(instructor, learner), instructor)
    (row,) = modules_of(scope_of(instructor, learner, modules), now=NOON)
    assert (row.due_at, row.is_late) == (NOON + DAY, False)


def test_own_date_that_is_over_makes_late(study_class, duty, learner):
    give(duty, learner, NOON - timedelta(hours=1))
    assert states_of(learner) == [("late", True)]
    assert learner.name in late_in_grid(study_class)


def test_later_date_of_the_class_wins(study_class, duty, learner):
    give(duty, learner)
    Assignment.objects.update(due_at=NOON + 9 * DAY)
    (shown,) = duties_of(learner, now=NOON)
    assert (shown.due_at, shown.has_own_date) == (NOON + 9 * DAY, False)
    Assignment.objects.update(due_at=None)
    (shown,) = duties_of(learner, now=NOON)
    assert (shown.due_at, shown.state) == (None, "open")


def test_instructor_gives_and_takes_away_an_own_date(browser, duty, learner, instructor, signed_in, at_noon):
    page = browser.get(f"/admin/modules/studyclass/{duty.study_class_id}/members/{learner.pk}/")
    assert url_of(duty, learner) in page.content.decode()
    sent = {"due_at": "2026-12-20T12:00"}
    answer = browser.post(url_of(duty, learner), sent)
    assert answer.headers["Location"].endswith(f"/members/{learner.pk}/#due-dates")
    own = OwnDueDate.objects.get()
    assert (own.learner, own.given_by) == (learner, instructor)
    assert "waktu lebih lama" in signed_in(learner).get("/learning/").content.decode()
    module_page = signed_in(learner).get(duty.module.get_absolute_url()).content.decode()
    assert "bagi Anda sampai 20 Des 2026, 12.00 WIB" in module_page
    browser.post(url_of(duty, learner), {"due_at": "2026-12-20T13:00"})
    assert OwnDueDate.objects.get().due_at == own.due_at + timedelta(hours=1)
    browser.post(url_of(duty, learner, "removal/"))
    assert not OwnDueDate.objects.exists()


@pytest.mark.parametrize("sent", [{"due_at": ""}, {"due_at": "2026-11-01T12:00"}])
def test_date_that_is_not_later_is_refused(browser, duty, learner, sent):
    answer = browser.post(url_of(duty, learner), sent)
    assert list(answer.context["form"].errors) == ["due_at"]
    assert not OwnDueDate.objects.exists()


def test_only_members_of_the_class_get_an_own_date(browser, duty, learner, administrator):
    assert browser.get(url_of(duty, administrator)).status_code == 404
    Assignment.objects.update(due_at=None)
    assert browser.get(url_of(duty, learner)).status_code == 404


def test_form_names_the_time_zone(browser, duty, learner):
    for url in (url_of(duty, learner), f"/admin/modules/studyclass/{duty.study_class_id}/modules/",
                f"/admin/modules/studyclass/{duty.study_class_id}/link/"):  # fmt: skip
        assert "Waktu Indonesia Barat (WIB)" in browser.get(url).content.decode()
