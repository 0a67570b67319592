"""Tests pools of questions: how attempts draw from them, how they are stored, and how plans describe them."""

import pytest

from modules.authoring import apply, planning
from modules.document.syntax.parser import parse_document
from modules.models import Attempt, Module, Pool, Quiz
from modules.quizzes import attempts
from tests.cast import NOON, a_quiz, at, squeezed

pytestmark = pytest.mark.django_db


def question_markdown(name: str, level: int) -> str:
    return f"{'#' * level} {name}?\n\n- [x] benar\n- [ ] keliru\n\n"


POOLS = (
    question_markdown("Pembuka", 3)
    + "### Rem {draw=2}\n\nBayangkan jalan basah.\n\n"
    + "".join(question_markdown(f"Rem {name}", 4) for name in ("satu", "dua", "tiga", "empat", "lima"))
    + "### Rantai {.pool}\n\n"
    + question_markdown("Rantai satu", 4)
    + question_markdown("Penutup", 3)
)


def titles_asked(attempt: Attempt) -> list[str]:
    return [
        response.version.title for response in attempt.responses.select_related("version").order_by("slot")
    ]


def titles_of_next_attempt(learner, quiz: Quiz) -> list[str]:
    return titles_asked(attempts.submit(attempts.start(learner, quiz, now=NOON), now=NOON))


def test_attempt_draws_from_pools_in_document_order(learner):
    first, *drawn, rest, last = titles_of_next_attempt(learner, a_quiz(POOLS))
    assert (first, rest, last) == ("Pembuka?", "Rantai satu?", "Penutup?")
    assert len(drawn) == 2
    assert all(title.startswith("Rem ") for title in drawn)


def test_unseen_questions_are_drawn_first(learner):
    quiz = a_quiz(POOLS)
    seen = [title for _attempt in range(2) for title in titles_of_next_attempt(learner, quiz)[1:3]]
    assert len(set(seen)) == 4
    assert len(set(titles_of_next_attempt(learner, quiz)[1:3]) - set(seen)) == 1


def test_shuffled_questions_stay_within_their_pool(learner):
    quiz = a_quiz(POOLS.replace("{draw=2}", "{.pool}"), front_matter="shuffle: true\n")
    orders = {tuple(titles_of_next_attempt(learner, quiz)) for _attempt in range(8)}
    assert len(orders) > 1
    for order in orders:
        assert [title.split()[0].strip("?") for title in order] == [
            "Pembuka",
            *["Rem"] * 5,
            "Rantai",
            "Penutup",
        ]


def test_front_matter_draws_questions_without_pool(learner):
    quiz = a_quiz(POOLS, front_matter="draw: 1\n")
    titles = titles_of_next_attempt(learner, quiz)
    assert len({"Pembuka?", "Penutup?"} & set(titles)) == 1
    assert len(titles) == quiz.asks == 4


def test_pool_introduction_is_shown_with_each_question(learner):
    quiz = a_quiz(POOLS)
    html = {
        question.current.title: question.current.html for question in quiz.questions.select_related("current")
    }
    assert "jalan basah" in html["Rem satu?"]
    assert html["Rantai satu?"] == html["Penutup?"] == ""


def test_document_with_pools_is_kept_verbatim():
    module = a_quiz(POOLS).module
    assert module.text().endswith(POOLS)
    assert list(Pool.objects.values_list("title", "place", "size", "draw")) == [
        ("Rem", 1, 5, 2),
        ("Rantai", 6, 1, None),
    ]


def test_plan_lists_changed_pools(learner):
    quiz = a_quiz(POOLS)
    attempt = attempts.start(learner, quiz, now=NOON)
    before = titles_asked(attempt)
    text = quiz.module.text().replace("{draw=2}", "{draw=3}").replace("jalan basah", "jalan becek")
    plan = planning.plan_document(quiz.module, parse_document(text))

    assert [(setting.name, setting.before[0], setting.after[0]) for setting in plan.settings] == [
        ("pools", ("Rem", 2, 5), ("Rem", 3, 5))
    ]
    assert [change.kind for change in plan.changes if change.states] == ["quiz"]
    apply.apply_plan(plan, by=None, now=at(1))

    assert Module.objects.get().text() == text
    assert Quiz.objects.get().asks == 6
    assert titles_asked(attempt) == before
    # The open attempt keeps the text that its learner has already read.
    assert all(
        "becek" not in response.version.html for response in attempt.responses.select_related("version")
    )


def test_plan_lists_question_moved_into_pool(learner):
    quiz = a_quiz(POOLS)
    text = quiz.module.text().replace("### Penutup?", "#### Penutup?")
    plan = planning.plan_document(quiz.module, parse_document(text))
    assert [(setting.name, setting.before[1], setting.after[1]) for setting in plan.settings] == [
        ("pools", ("Rantai", None, 1), ("Rantai", None, 2))
    ]


def test_quiz_page_shows_number_of_questions_drawn(signed_in, learner):
    quiz = a_quiz(POOLS)
    page = signed_in(learner).get(f"/quizzes/{quiz.module.slug}/").content.decode()
    assert "5 dari 8 soal" in page
    assert "<dd>5</dd>" in squeezed(page)
