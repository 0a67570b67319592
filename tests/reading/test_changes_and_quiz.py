"""Tests attempts and results when sections change meanwhile."""

import pytest
from django.urls import reverse

from modules.models import Attempt, Quiz
from modules.quizzes import attempts
from modules.quizzes.learner_rules import Refused
from tests.cast import NOON, PLANETS, a_module, give, keys, read_all
from tests.reading.changes import (
    load,
    queries,
)

pytestmark = pytest.mark.django_db


LONGER = PLANETS.replace("## Kuis akhir", "## Pluto\n\nBukan planet lagi.\n\n## Kuis akhir")
QUIZLESS = PLANETS[: PLANETS.index("## Kuis akhir")]


@pytest.fixture
def open_attempt(learner):
    module = a_module(PLANETS)
    read_all(learner, module)
    return attempts.start(learner, module.quiz, now=NOON)


def test_open_attempt_continues_after_sections_were_added(as_learner, learner, open_attempt):
    load(LONGER)
    quiz_url = open_attempt.quiz.get_absolute_url()

    page = as_learner.get(quiz_url)

    assert page.context["page"].unread == []
    assert open_attempt.get_absolute_url() in page.content.decode()
    assert as_learner.post(quiz_url).url == open_attempt.get_absolute_url()


def test_new_attempt_waits_for_added_sections(learner, open_attempt):
    attempts.submit(open_attempt, now=NOON)
    load(LONGER)

    with pytest.raises(Refused, match="unread"):
        attempts.start(learner, Quiz.objects.get(), now=NOON)


def test_open_attempt_at_archived_quiz_reaches_its_result(as_learner, open_attempt):
    load(QUIZLESS)
    response = open_attempt.responses.get(slot=1)
    own = open_attempt.get_absolute_url()

    assert as_learner.get(own).url == f"{own}questions/1/"
    assert as_learner.get(f"{own}questions/1/").status_code == 200
    answer = as_learner.post(f"{own}questions/1/", {"answer": keys(response, "Jupiter"), "go": "finish"})
    assert as_learner.get(answer.url).status_code == 200
    result = as_learner.post(answer.url, follow=True)

    assert result.status_code == 200
    assert Attempt.objects.get().mark == 1
    assert open_attempt.quiz.get_absolute_url() not in result.content.decode()
    told = as_learner.get(open_attempt.quiz.get_absolute_url(), follow=True)
    assert told.redirect_chain == [(open_attempt.quiz.module.get_absolute_url(), 302)]
    assert "This module has no final quiz now. What you did in it is kept." in told.content.decode()


def test_missed_question_links_to_the_renamed_section(as_learner, learner, open_attempt):
    give(open_attempt, 1, "Mars")
    attempts.submit(open_attempt, now=NOON)
    load(PLANETS.replace("## Planet luar", "## Raksasa gas").replace("#planet-luar", "#raksasa-gas"))

    reviews = as_learner.get(reverse("result", args=[open_attempt.pk])).context["page"].reviews

    assert [stop.identity for stop in reviews[0].links] == ["raksasa-gas"]


def test_missed_question_links_to_no_archived_section(as_learner, learner, open_attempt):
    give(open_attempt, 1, "Mars")
    attempts.submit(open_attempt, now=NOON)
    load(
        PLANETS.replace("## Planet luar\n\nJupiter, Saturnus, Uranus, Neptunus.\n\n", "").replace(
            "(#planet-luar)", "()"
        )
    )

    reviews = as_learner.get(reverse("result", args=[open_attempt.pk])).context["page"].reviews

    assert reviews[0].links == []


def test_renamed_sections_cost_a_result_one_query(as_learner, learner, open_attempt):
    attempts.submit(open_attempt, now=NOON)
    address = reverse("result", args=[open_attempt.pk])
    before = queries(as_learner, address)
    load(PLANETS.replace("## Planet luar", "## Raksasa gas").replace("#planet-luar", "#raksasa-gas"))

    assert queries(as_learner, address) == before + 1
