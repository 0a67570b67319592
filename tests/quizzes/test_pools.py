"""Pools: what an attempt asks of them, how they are kept, and what a plan says of them."""

import pytest

from modules.authoring import apply, planning
from modules.document.syntax.parser import parse_document
from modules.models import Attempt, Module, Pool, Quiz
from modules.quizzes import attempts
from tests.cast import NOON, a_quiz, at

pytestmark = pytest.mark.django_db


def question(name: str, level: int) -> str:
    return f"{'#' * level} {name}?\n\n- [x] benar\n- [ ] keliru\n\n"


POOLS = (
    question("Pembuka", 3)
    + "### Rem {draw=2}\n\nBayangkan jalan basah.\n\n"
    + "".join(question(f"Rem {name}", 4) for name in ("satu", "dua", "tiga", "empat", "lima"))
    + "### Rantai {.pool}\n\n"
    + question("Rantai satu", 4)
    + question("Penutup", 3)
)


def asked(attempt: Attempt) -> list[str]:
    return [one.version.title for one in attempt.responses.select_related("version").order_by("slot")]


def one_more(learner, quiz: Quiz) -> list[str]:
    return asked(attempts.submit(attempts.start(learner, quiz, now=NOON), now=NOON))


def test_an_attempt_asks_so_many_of_each_pool_in_the_order_of_the_document(learner):
    first, *drawn, rest, last = one_more(learner, a_quiz(POOLS))
    assert (first, rest, last) == ("Pembuka?", "Rantai satu?", "Penutup?")
    assert len(drawn) == 2
    assert all(title.startswith("Rem ") for title in drawn)


def test_questions_that_were_not_seen_yet_come_first(learner):
    quiz = a_quiz(POOLS)
    seen = [title for _attempt in range(2) for title in one_more(learner, quiz)[1:3]]
    assert len(set(seen)) == 4
    assert len(set(one_more(learner, quiz)[1:3]) - set(seen)) == 1


def test_shuffled_questions_stay_within_their_pool(learner):
    quiz = a_quiz(POOLS.replace("{draw=2}", "{.pool}"), front_matter="shuffle: true\n")
    orders = {tuple(one_more(learner, quiz)) for _attempt in range(8)}
    assert len(orders) > 1
    for order in orders:
        assert [title.split()[0].strip("?") for title in order] == [
            "Pembuka",
            *["Rem"] * 5,
            "Rantai",
            "Penutup",
        ]


def test_front_matter_draws_of_the_questions_without_a_pool(learner):
    quiz = a_quiz(POOLS, front_matter="draw: 1\n")
    titles = one_more(learner, quiz)
    assert len({"Pembuka?", "Penutup?"} & set(titles)) == 1
    assert len(titles) == quiz.asks == 4


def test_what_stands_under_a_pools_heading_is_asked_with_each_of_its_questions(learner):
    quiz = a_quiz(POOLS)
    html = {one.current.title: one.current.html for one in quiz.questions.select_related("current")}
    assert "jalan basah" in html["Rem satu?"]
    assert html["Rantai satu?"] == html["Penutup?"] == ""


def test_a_document_with_pools_comes_back_as_it_was():
    module = a_quiz(POOLS).module
    assert module.text().endswith(POOLS)
    assert list(Pool.objects.values_list("title", "place", "size", "draw")) == [
        ("Rem", 1, 5, 2),
        ("Rantai", 6, 1, None),
    ]


def test_a_plan_says_what_becomes_of_the_pools(learner):
    quiz = a_quiz(POOLS)
    attempt = attempts.start(learner, quiz, now=NOON)
    before = asked(attempt)
    text = quiz.module.text().replace("{draw=2}", "{draw=3}").replace("jalan basah", "jalan becek")
    plan = planning.plan_document(quiz.module, parse_document(text))

    assert [(one.name, one.before[0], one.after[0]) for one in plan.settings] == [
        ("pools", ("Rem", 2, 5), ("Rem", 3, 5))
    ]
    assert [change.kind for change in plan.changes if change.states] == ["quiz"]
    apply.apply_plan(plan, by=None, now=at(1))

    assert Module.objects.get().text() == text
    assert Quiz.objects.get().asks == 6
    assert asked(attempt) == before
    # Its learner goes on with what they have read.
    assert all("becek" not in one.version.html for one in attempt.responses.select_related("version"))


def test_a_question_that_moves_into_a_pool_is_said(learner):
    quiz = a_quiz(POOLS)
    text = quiz.module.text().replace("### Penutup?", "#### Penutup?")
    plan = planning.plan_document(quiz.module, parse_document(text))
    assert [(one.name, one.before[1], one.after[1]) for one in plan.settings] == [
        ("pools", ("Rantai", None, 1), ("Rantai", None, 2))
    ]


def test_the_page_of_the_quiz_says_how_many_are_asked_of_how_many(signed_in, learner):
    quiz = a_quiz(POOLS)
    page = signed_in(learner).get(f"/quizzes/{quiz.module.slug}/").content.decode()
    assert "5 dari 8 soal" in page
    assert "<dd>5</dd>" in page
