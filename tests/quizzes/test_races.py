"""Tests concurrent writes. Each thread has its own database connection, as a web process has."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection

from modules.authoring import apply, planning, uploads
from modules.models import (
    Attempt,
    Enrolment,
    Module,
    Reading,
    ReadingQuerySet,
    Regrade,
    RegradeJob,
    Section,
)
from modules.quizzes import attempts, completion, corrections, grading
from modules.reading import progress
from tests import large_class
from tests.cast import NOON, READABLE, a_module, a_quiz, at, give, read_all, take

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CROWD = 12
PATIENCE = 1  # seconds to wait for a thread that a lock may keep out; more makes these tests slower


def all_at_once(action: Callable[[int], object], *, crowd: int = CROWD) -> list[object]:
    """Runs an action in many threads at the same moment and returns their results or exceptions, by number."""
    start = Barrier(crowd)

    def run(number: int) -> object:
        try:
            start.wait()
            return action(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(crowd) as threads:
        return list(threads.map(run, range(crowd)))


@pytest.fixture
def quiz():
    return a_quiz("### Planet terbesar?\n\n- [ ] Mars\n- [x] Jupiter\n")


def test_concurrent_starts_create_one_attempt(learner, quiz):
    started = all_at_once(lambda _number: attempts.start(learner, quiz, now=NOON).pk)
    assert started == [Attempt.objects.get().pk] * CROWD


def test_concurrent_submissions_give_one_result(learner, quiz):
    attempt = attempts.start(learner, quiz, now=NOON)
    give(attempt, 1, "Jupiter")
    results = all_at_once(lambda number: attempts.submit(attempt, now=at(number)).submitted_at)
    attempt.refresh_from_db()
    assert results == [attempt.submitted_at] * CROWD


def test_newest_of_concurrent_answers_is_stored(learner, quiz):
    attempt = attempts.start(learner, quiz, now=NOON)
    texts = ["Mars", "Jupiter"]
    all_at_once(lambda number: give(attempt, 1, texts[number % 2], sequence=number + 1))
    response = attempt.responses.get()
    assert response.sequence == CROWD
    assert [choice["text"] for choice in response.version.choices if choice["key"] in response.answer] == [
        texts[(CROWD - 1) % 2]
    ]


def test_concurrent_readings_are_recorded_once(learner):
    a_module(READABLE)
    section = Section.objects.select_related("module").first()
    all_at_once(lambda _number: progress.record_reading(learner, section, now=NOON))
    assert (Enrolment.objects.count(), Reading.objects.count()) == (1, 1)


def test_one_of_concurrent_loads_succeeds(learner):
    module = a_module(READABLE)
    plans = [
        planning.plan_document(module, uploads.parse_with_images(f"{READABLE}\nVersi {number}.\n"))
        for number in range(CROWD)
    ]
    outcomes = all_at_once(lambda number: apply.apply_plan(plans[number], by=None, now=NOON).text())
    won = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert [type(outcome) for outcome in outcomes if not isinstance(outcome, str)] == [
        apply.ModuleChanged
    ] * (CROWD - 1)
    assert won == [Module.objects.get().text()]


# ------------------------------------------------------------------------------------- one inside another


class Pause:
    """Holds the first caller at the end of a function until ``meanwhile`` is done, or for PATIENCE seconds."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
        self.begun, self.over, self.function = Event(), Event(), getattr(owner, name)

        def paused(*args: Any, **kwargs: Any) -> Any:
            result = self.function(*args, **kwargs)
            if not self.begun.is_set():
                self.begun.set()
                self.over.wait(PATIENCE)
            return result

        monkeypatch.setattr(owner, name, paused)

    def meanwhile(self, action: Callable[[], object]) -> None:
        self.begun.wait(10 * PATIENCE)
        action()
        self.over.set()


def run_second_inside_first(first: Callable[[], object], second: Callable[[], object], pause: Pause) -> None:
    actions = [first, lambda: pause.meanwhile(second)]
    errors = [
        outcome
        for outcome in all_at_once(lambda number: actions[number](), crowd=2)
        if isinstance(outcome, Exception)
    ]
    assert errors == []
    assert pause.begun.is_set()


@pytest.fixture
def why(instructor):
    return corrections.Why(instructor, "Salah ketik di soal", at(60))


def test_concurrent_corrections_leave_no_pass_without_attempt(learner, quiz, why, monkeypatch):
    gone, marked = take(learner, quiz, ["Jupiter"]), take(learner, quiz, ["Jupiter"], now=at(5))
    response = marked.responses.get()
    run_second_inside_first(
        lambda: corrections.delete(gone, why),
        lambda: corrections.give_mark(response, Fraction(0), why),
        Pause(monkeypatch, completion, "is_passing"),
    )
    assert [attempt.is_passed for attempt in Attempt.objects.all()] == [False]
    assert Enrolment.objects.get().passed_at is None


def test_reading_during_submission_finishes_the_module(learner, quiz, monkeypatch):
    attempt = attempts.start(learner, quiz, now=NOON)
    give(attempt, 1, "Jupiter")
    run_second_inside_first(
        lambda: read_all(learner, quiz.module, now=at(1)),
        lambda: attempts.submit(attempt, now=at(1)),
        Pause(monkeypatch, ReadingQuerySet, "counting"),
    )
    enrolment = Enrolment.objects.get()
    assert (enrolment.passed_at, enrolment.finished_at) == (at(1), at(1))


def test_full_marks_reach_concurrently_submitted_attempt(learner, quiz, why, monkeypatch):
    attempt = attempts.start(learner, quiz, now=NOON)
    question = quiz.questions.get()
    run_second_inside_first(
        lambda: attempts.submit(attempt, now=at(1)),
        lambda: corrections.give_full_marks(question, why),
        Pause(monkeypatch, grading, "sum_up"),
    )
    assert (Attempt.objects.get().grade, Enrolment.objects.get().passed_at) == (100, at(60))


@pytest.mark.parametrize("has_begun", [True, False])
def test_reading_during_shortening_load_finishes_the_module(learner, has_begun, monkeypatch):
    module = a_module(READABLE)
    if has_begun:
        progress.begin(learner, module, now=NOON)
    section = module.sections.select_related("module").get(identity="planet-dalam")
    shorter = planning.plan_document(
        module, uploads.parse_with_images(READABLE.partition("## Planet luar")[0])
    )
    run_second_inside_first(
        lambda: apply.apply_plan(shorter, by=None, now=at(1)),
        lambda: progress.record_reading(learner, section, now=at(2)),
        Pause(monkeypatch, completion, "_finishers"),
    )
    assert Enrolment.objects.get().finished_at == at(2)


# ------------------------------------------------------------------------------------- a large class


def test_concurrent_workers_grade_each_attempt_once(monkeypatch):
    large_class.make_four_large(monkeypatch)
    module = large_class.the_module()
    large_class.taken_by(large_class.the_learners(), module)
    large_class.load(large_class.OTHER_KEY, large_class.LARGEST)
    job = RegradeJob.objects.get()

    def work(_number: int) -> None:
        while large_class.step(job):
            pass

    assert all_at_once(work, crowd=3) == [None] * 3
    job.refresh_from_db()
    assert (job.done, job.up, job.down, Regrade.objects.count()) == (4, 2, 2, 4)


def test_attempt_submitted_during_a_large_load_gets_the_new_key(learner, monkeypatch):
    large_class.make_four_large(monkeypatch)
    module = large_class.the_module()
    large_class.taken_by(large_class.the_learners(), module)
    attempt = attempts.start(learner, module.quiz, now=NOON)
    give(attempt, 1, "Mars")
    run_second_inside_first(
        lambda: attempts.submit(attempt, now=at(1)),
        lambda: large_class.load(large_class.OTHER_KEY, large_class.LARGEST),
        Pause(monkeypatch, grading, "sum_up"),
    )
    large_class.finish(RegradeJob.objects.get())
    assert Attempt.objects.get(pk=attempt.pk).mark == 1
