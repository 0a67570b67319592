"""Many at once: each thread has a connection of its own, as a web process has."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection

from modules.authoring import apply, planning, uploads
from modules.models import Attempt, Enrolment, Module, Reading, ReadingQuerySet, Section
from modules.quizzes import attempts, completion, corrections, grading
from modules.reading import progress
from tests.cast import NOON, READABLE, a_module, a_quiz, at, give, read_all, take

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

CROWD = 12
PATIENCE = 1  # seconds until one who is kept out by a lock is no longer waited for


def all_at_once(deed: Callable[[int], object], *, crowd: int = CROWD) -> list[object]:
    """What came of a deed that many did in the same moment: its results, or the exceptions."""
    start = Barrier(crowd)

    def one(number: int) -> object:
        try:
            start.wait()
            return deed(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(crowd) as threads:
        return list(threads.map(one, range(crowd)))


@pytest.fixture
def quiz():
    return a_quiz("### Planet terbesar?\n\n- [ ] Mars\n- [x] Jupiter\n")


def test_many_starts_give_one_attempt(learner, quiz):
    started = all_at_once(lambda _number: attempts.start(learner, quiz, now=NOON).pk)
    assert started == [Attempt.objects.get().pk] * CROWD


def test_many_submissions_give_one_result(learner, quiz):
    attempt = attempts.start(learner, quiz, now=NOON)
    give(attempt, 1, "Jupiter")
    results = all_at_once(lambda number: attempts.submit(attempt, now=at(number)).submitted_at)
    attempt.refresh_from_db()
    assert results == [attempt.submitted_at] * CROWD


def test_the_newest_of_many_answers_stays(learner, quiz):
    attempt = attempts.start(learner, quiz, now=NOON)
    texts = ["Mars", "Jupiter"]
    all_at_once(lambda number: give(attempt, 1, texts[number % 2], sequence=number + 1))
    response = attempt.responses.get()
    assert response.sequence == CROWD
    assert [one["text"] for one in response.version.choices if one["key"] in response.answer] == [
        texts[(CROWD - 1) % 2]
    ]


def test_going_on_many_times_is_one_reading(learner):
    a_module(READABLE)
    section = Section.objects.select_related("module").first()
    all_at_once(lambda _number: progress.record_reading(learner, section, now=NOON))
    assert (Enrolment.objects.count(), Reading.objects.count()) == (1, 1)


def test_of_many_who_load_at_once_one_wins(learner):
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


# ------------------------------------------------------------------------------------- one in the middle of another


class Pause:
    """The first who comes out of a function waits there, until what happens ``meanwhile`` is done or is kept out."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str) -> None:
        self.begun, self.over, self.function = Event(), Event(), getattr(owner, name)

        def paused(*given: Any, **named: Any) -> Any:
            found = self.function(*given, **named)
            if not self.begun.is_set():
                self.begun.set()
                self.over.wait(PATIENCE)
            return found

        monkeypatch.setattr(owner, name, paused)

    def meanwhile(self, deed: Callable[[], object]) -> None:
        self.begun.wait(10 * PATIENCE)
        deed()
        self.over.set()


def one_in_the_middle_of_another(
    first: Callable[[], object], second: Callable[[], object], pause: Pause
) -> None:
    deeds = [first, lambda: pause.meanwhile(second)]
    wrong = [
        one for one in all_at_once(lambda number: deeds[number](), crowd=2) if isinstance(one, Exception)
    ]
    assert wrong == []
    assert pause.begun.is_set()


@pytest.fixture
def why(instructor):
    return corrections.Why(instructor, "Salah ketik di soal", at(60))


def test_two_corrections_at_once_leave_nobody_passed_without_an_attempt_that_passes(
    learner, quiz, why, monkeypatch
):
    gone, marked = take(learner, quiz, ["Jupiter"]), take(learner, quiz, ["Jupiter"], now=at(5))
    response = marked.responses.get()
    one_in_the_middle_of_another(
        lambda: corrections.delete(gone, why),
        lambda: corrections.give_mark(response, Fraction(0), why),
        Pause(monkeypatch, completion, "is_passing"),
    )
    assert [one.is_passed for one in Attempt.objects.all()] == [False]
    assert Enrolment.objects.get().passed_at is None


def test_who_reads_the_last_section_while_the_quiz_is_submitted_has_finished(learner, quiz, monkeypatch):
    attempt = attempts.start(learner, quiz, now=NOON)
    give(attempt, 1, "Jupiter")
    one_in_the_middle_of_another(
        lambda: read_all(learner, quiz.module, now=at(1)),
        lambda: attempts.submit(attempt, now=at(1)),
        Pause(monkeypatch, ReadingQuerySet, "counting"),
    )
    enrolment = Enrolment.objects.get()
    assert (enrolment.passed_at, enrolment.finished_at) == (at(1), at(1))


def test_full_marks_reach_who_submits_meanwhile(learner, quiz, why, monkeypatch):
    attempt = attempts.start(learner, quiz, now=NOON)
    question = quiz.questions.get()
    one_in_the_middle_of_another(
        lambda: attempts.submit(attempt, now=at(1)),
        lambda: corrections.give_full_marks(question, why),
        Pause(monkeypatch, grading, "sum_up"),
    )
    assert (Attempt.objects.get().grade, Enrolment.objects.get().passed_at) == (100, at(60))


@pytest.mark.parametrize("has_begun", [True, False])
def test_who_reads_while_the_rest_is_taken_away_has_finished(learner, has_begun, monkeypatch):
    module = a_module(READABLE)
    if has_begun:
        progress.begin(learner, module, now=NOON)
    section = module.sections.select_related("module").get(identity="planet-dalam")
    shorter = planning.plan_document(
        module, uploads.parse_with_images(READABLE.partition("## Planet luar")[0])
    )
    one_in_the_middle_of_another(
        lambda: apply.apply_plan(shorter, by=None, now=at(1)),
        lambda: progress.record_reading(learner, section, now=at(2)),
        Pause(monkeypatch, completion, "finishers"),
    )
    assert Enrolment.objects.get().finished_at == at(2)
