"""Checks the overview of a module against figures that are computed by hand."""

from dataclasses import astuple, replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext

from modules.insights import reading_figures, results
from modules.insights.class_comparison import class_comparison
from modules.insights.cohorts import Cohort, cohort_of
from modules.insights.grade_spread import grade_spread
from modules.insights.headcounts import Headcounts, headcounts
from modules.insights.help_needed import help_needed, in_state
from modules.insights.overview import overview_of
from modules.models import Enrolment, Override, Quiz
from tests.cast import NOON, a_module, at
from tests.classes.rooms import a_class, assign
from tests.insights.overview_cast import RIGHT, TWO_WEEKS_LATER, WRONG, quiz_takers, sixteen_learners

pytestmark = pytest.mark.django_db

HALF = ["Mars", ["Saturnus", "Uranus"], "Mars", "9"]


@pytest.fixture
def module():
    return a_module()


@pytest.fixture
def clock(monkeypatch):
    """Lets the figures of reading be counted two weeks after noon."""
    monkeypatch.setattr(reading_figures.timezone, "now", lambda: TWO_WEEKS_LATER)


@pytest.fixture
def people(module):
    return sixteen_learners(module)


def test_heads_count_who_began_is_active_and_finished(module, people):
    heads = headcounts(Cohort(module), now=TWO_WEEKS_LATER)
    assert heads == Headcounts(
        begun=16,
        begun_new=2,
        active=2,
        active_before=13,
        tried=6,
        passed=4,
        passed_new=0,
        stuck=2,
        finished=4,
        finished_new=0,
        not_begun=0,
    )


def test_path_says_how_many_reached_read_and_stopped(module, people, clock):
    path = overview_of(Cohort(module), [], now=TWO_WEEKS_LATER).path
    begun, first, second = path.steps
    assert (begun.section, begun.reached, begun.stopped) == (None, 16, 1)
    assert (first.reached, first.read, first.stopped, first.wait) == (15, 14, 6, 30 * 60)
    assert (second.reached, second.read, second.stopped, second.wait) == (9, 9, 1, None)
    assert path.worst is first
    assert path.weeks == [0, 0, 0, 19, 0, 4]


def test_path_of_few_learners_names_no_place(module, people, clock):
    Enrolment.objects.filter(learner__in=people["active"]).delete()
    assert overview_of(Cohort(module), [], now=TWO_WEEKS_LATER).path.worst is None


def test_grades_are_spread_over_steps(module, people):
    spread = grade_spread(Cohort(module), 70)
    assert (spread.graded, spread.passed, spread.median, spread.is_few) == (6, 4, 100, True)
    assert spread.mean == pytest.approx(400 / 6)
    assert [step.learners for step in spread.steps] == [2, 0, 0, 0, 0, 0, 0, 0, 0, 4]


def test_median_of_an_even_number_is_the_mean_of_two(module):
    quiz_takers(module, RIGHT, WRONG, HALF, HALF)
    assert grade_spread(Cohort(module), 70).median == 50
    quiz_takers(module, RIGHT, RIGHT, prefix="u")
    assert grade_spread(Cohort(module), 70).median == 75


def test_help_names_the_worst_first_with_reasons(module, people):
    found = help_needed(Cohort(module), now=TWO_WEEKS_LATER)
    assert found.total == 10
    assert found.by_reason == {"out": 0, "twice": 2, "late": 0, "still": 10}
    first = found.people[0]
    assert {each.enrolment.learner for each in found.people[:2]} == set(people["failed"])
    assert (first.reasons, first.grades, first.read) == (["twice", "still"], [0, 0], 2)
    assert [each.reasons for each in found.people[2:]] == [["still"]] * 3


def test_last_attempt_without_a_pass_leaves_nobody_alone(module, people):
    Quiz.objects.filter(module=module).update(attempts_allowed=2)
    module.refresh_from_db()
    assert help_needed(Cohort(module), now=TWO_WEEKS_LATER).by_reason["out"] == 2


def test_override_gives_attempts_again(module, people):
    Quiz.objects.filter(module=module).update(attempts_allowed=2)
    module.refresh_from_db()
    one, other = people["failed"]
    Override.objects.create(quiz=module.quiz, learner=one, attempts_allowed=3)
    out = Enrolment.objects.filter(in_state(module, "out", now=TWO_WEEKS_LATER))
    assert [enrolment.learner for enrolment in out] == [other]
    group = Group.objects.create(name="more attempts")
    group.user_set.add(other)
    Override.objects.create(quiz=module.quiz, group=group, attempts_allowed=3)
    assert not out.all().exists()


def test_members_are_late_after_the_due_date(module, people):
    study_class = a_class(members=[*people["active"], *people["finished"]])
    assign(study_class, module, due_at=TWO_WEEKS_LATER - timedelta(hours=1))
    found = help_needed(Cohort(module), now=TWO_WEEKS_LATER)
    assert found.by_reason["late"] == 2
    assert {each.due_at for each in found.people if "late" in each.reasons} == {
        TWO_WEEKS_LATER - timedelta(hours=1)
    }
    earlier = help_needed(Cohort(module), now=TWO_WEEKS_LATER - timedelta(hours=2))
    assert earlier.by_reason["late"] == 0


def test_state_of_the_list_agrees_with_the_count(module, people):
    found = help_needed(Cohort(module), now=TWO_WEEKS_LATER)
    for state, number in {"help": found.total, **found.by_reason}.items():
        listed = Enrolment.objects.filter(in_state(module, state, now=TWO_WEEKS_LATER), module=module)
        assert listed.count() == number


def test_classes_stand_beside_each_other(module, instructor):
    one = a_class("X-TKR 1", members=quiz_takers(module, RIGHT, WRONG, HALF, prefix="a"))
    other = a_class("X-TKR 2", members=[*quiz_takers(module, RIGHT, RIGHT, prefix="b"), instructor])
    none = a_class("X-TKR 3")
    figures = class_comparison(Cohort(module, one), [one, other, none])
    assert [astuple(replace(each, study_class=None))[1:] for each in figures] == [
        (3, 3, 1, 3, 1, 50, 50),
        (2, 2, 2, 2, 2, 100, 100),
        (0, 0, 0, 0, 0, None, None),
    ]


def test_class_and_dates_say_who_counts(module, people):
    study_class = a_class(members=[*people["stopped"], *people["active"]])
    assign(study_class, module)
    of_class = headcounts(Cohort(module, study_class), now=TWO_WEEKS_LATER)
    assert (of_class.begun, of_class.active, of_class.not_begun) == (8, 2, 0)
    later = Cohort(module, study_class, begun_from=at(1))
    assert (headcounts(later, now=TWO_WEEKS_LATER).begun, later.has_dates) == (2, True)
    before = Cohort(module, begun_before=at(1))
    assert headcounts(before, now=TWO_WEEKS_LATER).begun == 14
    assert headcounts(before, now=TWO_WEEKS_LATER).not_begun is None


def test_members_who_have_not_begun_are_counted_once(module, people, learner):
    for name in ("X-TKR 1", "X-TKR 2"):
        assign(a_class(name, members=[learner, *people["active"]]), module)
    assert headcounts(Cohort(module), now=TWO_WEEKS_LATER).not_begun == 1


def test_scope_gives_the_cohort_back(module):
    study_class = a_class()
    for cohort in (
        Cohort(module),
        Cohort(module, study_class),
        Cohort(module, None, NOON),
        Cohort(module, study_class, NOON, at(60)),
    ):
        assert cohort_of(module, cohort.scope) == cohort
    assert cohort_of(module, "0  ") is None


def test_section_has_the_share_right_of_its_questions(module, clock):
    quiz_takers(module, *[RIGHT] * 12, *[WRONG] * 4)
    _begun, first, second = overview_of(Cohort(module), [], now=TWO_WEEKS_LATER).path.steps
    assert (first.questions, first.right) == (0, None)
    assert (second.questions, second.right) == (1, 12 / 16)


def test_queries_do_not_grow_with_learners_or_classes(module, people):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            overview_of(Cohort(module), list(results.classes_with(module)), now=TWO_WEEKS_LATER)
        return len(captured)

    assign(a_class(members=people["active"]), module)
    before = queries()
    assign(a_class("X-TKR 1", members=quiz_takers(module, *[RIGHT] * 10, *[WRONG] * 10)), module)
    assert queries() == before
