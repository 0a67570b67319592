"""Tests that learners of a large class are told of their grade with the batch that changes it."""

import pytest

from modules.models import Notice, Question, RegradeJob
from modules.quizzes import corrections
from modules.quizzes.corrections import Why
from tests.cast import at, run_tasks
from tests.large_class import (
    LARGEST,
    OTHER_KEY,
    finish,
    load,
    make_four_large,
    step,
    taken_by,
    the_learners,
    the_module,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def taken(db, monkeypatch):
    make_four_large(monkeypatch)
    return taken_by(the_learners(), the_module())


def test_each_learner_is_told_with_the_batch(taken):
    load(OTHER_KEY, LARGEST)
    job = RegradeJob.objects.get()
    assert not Notice.objects.exists()
    step(job)
    notice = Notice.objects.get()
    assert (notice.attempt, notice.slots) == (taken[0], [[1, "regraded", "1", "0", "Kunci diperbaiki"]])
    finish(job)
    told = Notice.objects.order_by("attempt").values_list("attempt", "reason", "made_at")
    assert list(told) == [(attempt.pk, "Kunci diperbaiki", at(40)) for attempt in taken]


def test_full_marks_of_a_large_class_are_told(taken, instructor):
    question = Question.objects.get(identity=LARGEST)
    corrections.give_full_marks(question, Why(instructor, "Soal rancu", at(60)))
    run_tasks()
    told = Notice.objects.order_by("attempt").values_list("attempt", "slots")
    assert list(told) == [(row.pk, [[1, "full_marks", "0", "1", "Soal rancu"]]) for row in taken[1::2]]
