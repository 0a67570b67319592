"""Lets the worker count figures of large modules, which equal those of a direct count and say how old they are."""

import pytest
from django.utils import timezone

from modules.insights import question_figures, reading_figures, stored_figures
from modules.insights.cohorts import Cohort
from modules.insights.quiz_items import items_of
from modules.models import Attempt, QuestionVersion, Response, StoredFigures
from modules.quizzes import corrections
from tasks.models import StoredTask
from tests.cast import PLANETS, a_module, run_tasks
from tests.classes.rooms import a_class
from tests.insights.overview_cast import (
    RIGHT,
    TWO_WEEKS_LATER,
    WRONG,
    quiz_takers,
    sixteen_learners,
)

pytestmark = pytest.mark.django_db

Kind = StoredFigures.Kind
RIVAL = ["Mars", ["Saturnus", "Uranus"], "Mars", "8"]


@pytest.fixture
def module():
    return a_module()


@pytest.fixture
def large(monkeypatch):
    """Makes every module a large one."""
    for source in (question_figures, reading_figures):
        monkeypatch.setattr(source, "MOST_AT_ONCE", 0)


def look(module, kind, study_class=None):
    return stored_figures.look(Cohort(module, study_class), kind, now=timezone.now())


def counted(module, kind, study_class=None):
    look(module, kind, study_class)
    run_tasks()
    return look(module, kind, study_class)


def test_small_module_is_counted_at_once(module):
    quiz_takers(module, RIGHT, WRONG)
    found = look(module, Kind.QUESTIONS)
    assert (found.figures["attempts"], found.counted_at, found.is_old) == (2, None, False)
    assert not StoredFigures.objects.exists()


def test_large_module_waits_for_the_worker(module, large):
    quiz_takers(module, RIGHT, WRONG)
    first = look(module, Kind.QUESTIONS)
    assert (first.is_waiting, first.is_old, first.done, first.total) == (True, True, 0, 8)
    look(module, Kind.QUESTIONS)
    assert StoredTask.objects.filter(function__endswith="count_stored_figures").count() == 1
    run_tasks()
    found = look(module, Kind.QUESTIONS)
    assert (found.is_waiting, found.is_old) == (False, False)
    assert found.counted_at is not None


def test_stored_questions_equal_a_direct_count(module, large):
    quiz_takers(module, *[RIGHT] * 6, *[WRONG] * 4, *[RIVAL] * 7)
    table = question_figures.items_from(module.active_quiz, counted(module, Kind.QUESTIONS).figures)
    assert table == items_of(module.active_quiz)
    assert table.is_judged


def test_stored_questions_of_a_class_equal_a_direct_count(module, large):
    learners = quiz_takers(module, *[RIGHT] * 3, *[WRONG] * 2)
    study_class = a_class(members=learners[:4])
    stored = counted(module, Kind.QUESTIONS, study_class)
    assert question_figures.items_from(module.active_quiz, stored.figures) == items_of(
        module.active_quiz, study_class
    )
    assert StoredFigures.objects.get().scope != ""


def test_stored_reading_equals_a_direct_count(module, large):
    sixteen_learners(module)
    assert counted(module, Kind.READING).figures == reading_figures.count(Cohort(module))


def test_another_attempt_makes_figures_old(module, large):
    quiz_takers(module, RIGHT)
    fresh = counted(module, Kind.QUESTIONS)
    quiz_takers(module, WRONG, prefix="u")
    old = look(module, Kind.QUESTIONS)
    assert (old.is_old, old.figures, old.counted_at) == (True, fresh.figures, fresh.counted_at)
    run_tasks()
    again = look(module, Kind.QUESTIONS)
    assert (again.is_old, again.figures["attempts"]) == (False, 2)


def test_correction_and_deletion_make_figures_old(module, large, administrator):
    quiz_takers(module, RIGHT, WRONG)
    why = corrections.Why(administrator, "Tepat.", timezone.now())
    counted(module, Kind.QUESTIONS)
    corrections.give_mark(Response.objects.filter(mark=0).first(), 1, why)
    assert look(module, Kind.QUESTIONS).is_old
    counted(module, Kind.QUESTIONS)
    corrections.delete(Attempt.objects.first(), why)
    assert look(module, Kind.QUESTIONS).is_old


def test_another_key_leaves_stored_answers_out(module, large):
    quiz_takers(module, RIGHT, WRONG)
    counted(module, Kind.QUESTIONS)
    changed = PLANETS.replace("- [ ] Mars", "- [x] Mars").replace("- [x] Jupiter", "- [ ] Jupiter")
    module = a_module(changed)
    found = look(module, Kind.QUESTIONS)
    first, second, *_others = sorted(
        question_figures.items_from(module.active_quiz, found.figures).items, key=lambda item: item.number
    )
    assert found.is_old
    assert (first.analysis.attempts, first.earlier) == (0, 2)
    assert (second.analysis.attempts, second.earlier) == (2, 0)


def test_another_reading_makes_reading_old(module, large):
    people = sixteen_learners(module)
    counted(module, Kind.READING)
    assert not look(module, Kind.READING).is_old
    people["active"][0].enrolments.get().see(TWO_WEEKS_LATER)
    assert look(module, Kind.READING).is_old


def test_class_that_is_gone_is_not_counted(module, large):
    study_class = a_class(members=quiz_takers(module, RIGHT))
    look(module, Kind.QUESTIONS, study_class)
    study_class.delete()
    run_tasks()
    assert StoredFigures.objects.get().figures is None


def test_figures_that_nobody_wants_are_removed(module, large):
    study_class = a_class(members=quiz_takers(module, RIGHT))
    counted(module, Kind.QUESTIONS, study_class)
    StoredFigures.objects.update(asked_at=timezone.now() - 2 * stored_figures.KEPT_FOR)
    counted(module, Kind.QUESTIONS)
    assert [row.scope for row in StoredFigures.objects.all()] == [""]


def test_learner_in_the_place_of_another_makes_figures_old(module, large):
    first, second, _latest = people = quiz_takers(module, RIGHT, WRONG, RIGHT)
    study_class = a_class(members=[first, people[2]])
    for kind in stored_figures.SOURCES:
        counted(module, kind, study_class)
    study_class.group.user_set.remove(first)
    study_class.group.user_set.add(second)
    assert [look(module, kind, study_class).is_old for kind in stored_figures.SOURCES] == [True, True]


def test_finish_without_a_visit_makes_reading_old(module, large):
    sixteen_learners(module)
    counted(module, Kind.READING)
    module.enrolments.filter(grade=None).update(finished_at=TWO_WEEKS_LATER)
    assert look(module, Kind.READING).is_old


def test_quiz_that_is_gone_is_not_counted(module, large):
    quiz_takers(module, RIGHT)
    look(module, Kind.QUESTIONS)
    module.quiz.archived_at = timezone.now()
    module.quiz.save()
    run_tasks()
    assert not StoredTask.objects.exclude(problem="").exists()


def test_order_of_names_in_a_key_does_not_count(module, large):
    quiz_takers(module, RIGHT, WRONG)
    figures = counted(module, Kind.QUESTIONS).figures
    for version in QuestionVersion.objects.all():
        version.answers = [dict(reversed(each.items())) for each in version.answers]
        version.save()
    assert not any(item.earlier for item in question_figures.items_from(module.active_quiz, figures).items)
