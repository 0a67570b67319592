"""Tests the questions that a browser keeps for an attempt without a network."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from modules.models import Attempt, LateAnswer
from modules.quizzes import attempts
from tests.cast import NOON, a_quiz, give
from tests.quizzes.test_answers import SECRET

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt(learner, at_noon) -> Attempt:
    return attempts.start(learner, a_quiz(SECRET), now=NOON)


def address(attempt: Attempt) -> str:
    return f"/attempts/{attempt.pk}/questions/"


def test_all_questions_come_without_keys(attempt, as_learner):
    give(attempt, 1, "Mars")
    reply = as_learner.get(address(attempt))
    kept = reply.json()
    assert [question["number"] for question in kept["questions"]] == [1, 2, 3]
    assert [question["url"] for question in kept["questions"]] == [
        f"{address(attempt)}{n}/" for n in (1, 2, 3)
    ]
    assert "Planet merah?" in kept["questions"][2]["form"]
    text = json.dumps(kept)
    assert "RAHASIA" not in text
    assert '"right"' not in text
    assert "no-store" in reply.headers["Cache-Control"]


def test_questions_are_kept_by_their_learner_only(attempt, signed_in, other_learner, client):
    assert signed_in(other_learner).get(address(attempt)).status_code == 404
    assert client.get(address(attempt)).json() == {"signed_out": True}


def test_closed_attempt_gives_no_questions(attempt, as_learner):
    attempts.submit(attempt, now=NOON)
    assert as_learner.get(address(attempt)).json() == {"closed": True}


def test_number_of_queries_does_not_grow(as_learner, learner, at_noon):
    def queries(questions: int) -> int:
        text = "\n".join(f"### Soal ke-{n}?\n\n- [x] a\n- [ ] b\n" for n in range(questions))
        attempt = attempts.start(learner, a_quiz(text, front_matter=f"slug: q{questions}\n"), now=NOON)
        as_learner.get(address(attempt))
        with CaptureQueriesContext(connection) as made:
            as_learner.get(address(attempt))
        return len(made)

    assert queries(2) == queries(12)
    assert not LateAnswer.objects.exists()
