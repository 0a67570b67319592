"""Many at once: each thread has a connection of its own, as a web process has."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from modules import attempts, loading, planning, progress
from modules.models import Attempt, Enrolment, Module, Reading, Section

from .cast import NOON, READABLE, a_module, a_quiz, at, give

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 12


def all_at_once(deed: Callable[[int], object]) -> list[object]:
    """What came of a deed that many did in the same moment: its results, or the exceptions."""
    start = Barrier(CROWD)

    def one(number: int) -> object:
        try:
            start.wait()
            return deed(number)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(CROWD) as crowd:
        return list(crowd.map(one, range(CROWD)))


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
    plans = [planning.plan(module, loading.read(f"{READABLE}\nVersi {number}.\n")) for number in range(CROWD)]
    outcomes = all_at_once(lambda number: loading.apply(plans[number], by=None, now=NOON).text())
    won = [outcome for outcome in outcomes if isinstance(outcome, str)]
    assert [type(outcome) for outcome in outcomes if not isinstance(outcome, str)] == [loading.Moved] * (
        CROWD - 1
    )
    assert won == [Module.objects.get().text()]
