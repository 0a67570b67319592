"""Counts first tries at questions in a text, without names."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from modules.insights.check_figures import checks_of
from modules.models import CheckCount, CountedTry, Section
from modules.quizzes.check_counts import keep_first_try
from tests.cast import NOON, a_module, read_all
from tests.quizzes.test_practice import CHECK, TEXT

pytestmark = pytest.mark.django_db

SECTION = "/modules/sepeda/rantai/"
RIGHT, WRONG = "Kain kering", "Air sabun"


@pytest.fixture
def module():
    return a_module(TEXT)


@pytest.fixture
def answer(module):
    """Sends an answer to the first question, and returns its status."""
    (rag, *_others) = module.sections.get(identity="rantai").checks

    def answer(browser, *texts):
        keys = [choice["key"] for choice in rag["choices"] if choice["text"] in texts]
        return browser.post(f"{CHECK}count/", {"answer": keys}).status_code

    return answer


def counts(module):
    return [(figures.tried, figures.right) for figures in checks_of(module)]


def test_first_answer_of_each_learner_counts(module, signed_in, learner, other_learner, answer):
    for person, text in ((learner, WRONG), (other_learner, RIGHT)):
        read_all(person, module)
        browser = signed_in(person)
        assert answer(browser, text) == 204
        assert answer(browser, RIGHT) == 204

    assert counts(module) == [(2, 1), (0, 0)]


def test_nothing_of_an_answer_is_kept_with_a_learner(module, signed_in, learner, answer):
    read_all(learner, module)
    answer(signed_in(learner), RIGHT)

    assert {field.name for field in CountedTry._meta.get_fields()} == {"id", "count", "sign"}
    assert str(learner.pk) != CountedTry.objects.get().sign


def test_only_learners_who_have_begun_count(module, signed_in, learner, instructor, answer):
    read_all(instructor, module)

    assert answer(signed_in(instructor), RIGHT) == 204
    assert answer(signed_in(learner), RIGHT) == 204
    assert counts(module) == [(0, 0), (0, 0)]


@pytest.mark.parametrize("sent", [{}, {"answer": ""}, {"answer": "x" * 9000}, {"answer": ["a"] * 500}])
def test_answer_that_says_nothing_is_not_counted_as_right(module, signed_in, learner, sent):
    read_all(learner, module)

    assert signed_in(learner).post(f"{CHECK}count/", sent).status_code == 204
    assert sum(right for _tried, right in counts(module)) == 0


def test_unknown_question_is_not_found(module, signed_in, learner):
    browser = signed_in(learner)

    assert browser.post(f"{SECTION}checks/nowhere/count/", {"answer": "1"}).status_code == 404
    assert browser.post("/modules/sepeda/nowhere/checks/x/count/", {"answer": "1"}).status_code == 404
    assert browser.get(f"{CHECK}count/").status_code == 405


def test_changed_question_is_counted_anew_and_keeps_its_counts(module, signed_in, learner, answer):
    read_all(learner, module)
    answer(signed_in(learner), RIGHT)

    a_module(TEXT.replace("Air sabun", "Air garam"))
    assert counts(module) == [(0, 0), (0, 0)]
    a_module(TEXT.replace("menjadi basah", "menjadi lembap"))
    assert counts(module) == [(1, 1), (0, 0)]


def test_page_of_a_section_counts_only_for_those_who_have_begun(module, signed_in, learner):
    browser = signed_in(learner)
    assert "data-counts" not in browser.get(SECTION).content.decode()
    read_all(learner, module)
    assert "data-counts" in browser.get(SECTION).content.decode()


@pytest.mark.django_db(transaction=True)
def test_answers_of_one_moment_count_once(learner):
    module = a_module(TEXT)
    read_all(learner, module)
    section = Section.objects.get(identity="rantai")
    check = section.checks[0]
    right = [choice["key"] for choice in check["choices"] if choice["right"]]

    def count(_number):
        keep_first_try(learner, section, check, right, now=NOON)
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(8)))
    assert CheckCount.objects.values_list("tried", "right").get() == (1, 1)
