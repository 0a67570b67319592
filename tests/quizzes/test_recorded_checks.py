"""Records first answers to questions in a text where the front matter says so, and tells learners."""

from textwrap import dedent

import pytest
from django.utils.translation import override

from accounts.erasure import what_goes
from modules.models import CheckAnswer
from tests.cast import a_module, read_all
from tests.classes.rooms import a_class, assign
from tests.quizzes.test_practice import CHECK, TEXT

pytestmark = pytest.mark.django_db

SECTION = "/modules/sepeda/rantai/"
RIGHT, WRONG = "Kain kering", "Air sabun"
TOLD = "is recorded with your name"
RECORDED = "---\nchecks: recorded\n---\n\n" + dedent(TEXT)


@pytest.fixture
def module(instructor):
    return a_module(RECORDED, by=instructor)


@pytest.fixture
def answer(module, learner, signed_in):
    """Answers the first question of the text as the learner, who has read the module."""
    read_all(learner, module)
    (rag, *_others) = module.sections.get(identity="rantai").checks

    def answer(*texts):
        keys = [choice["key"] for choice in rag["choices"] if choice["text"] in texts]
        assert signed_in(learner).post(f"{CHECK}count/", {"answer": keys}).status_code == 204

    return answer


def recorded():
    return list(CheckAnswer.objects.values_list("enrolment__learner", "answer", "is_right"))


def answers_page(module):
    section = module.sections.get(identity="rantai")
    return f"/admin/modules/module/{module.pk}/checks/{section.pk}/"


def test_first_answer_is_recorded_with_its_learner(answer, learner):
    answer(WRONG)
    answer(RIGHT)

    assert recorded() == [(learner.pk, WRONG, False)]


def test_nothing_is_recorded_unless_the_module_says_so(answer):
    a_module(RECORDED.replace("checks: recorded", "checks: counted\nslug: sepeda"))
    answer(RIGHT)

    assert recorded() == []


def test_section_page_says_that_answers_are_recorded(answer, as_learner):
    assert TOLD in as_learner.get(SECTION).content.decode()
    assert TOLD not in as_learner.get("/modules/sepeda/rem/").content.decode()

    a_module(TEXT)
    assert TOLD not in as_learner.get(SECTION).content.decode()


def test_section_page_tells_nothing_before_the_module_is_begun(module, as_learner):
    assert TOLD not in as_learner.get(SECTION).content.decode()


@pytest.mark.parametrize("gone", ["question", "section"])
def test_answers_stay_when_the_text_changes(answer, learner, gone):
    answer(WRONG)
    text = dedent(TEXT)
    start = text.index("### Apa yang" if gone == "question" else "## Rantai")
    end = text.index("Bacaan berlanjut." if gone == "question" else "## Rem")
    a_module("---\nchecks: recorded\n---\n\n" + text[:start] + text[end:])

    assert recorded() == [(learner.pk, WRONG, False)]
    kept = CheckAnswer.objects.get()
    assert (kept.question, kept.section_title) == ("Apa yang dipakai untuk mengelap?", "Rantai")


def test_answer_outlives_a_section_that_nobody_had_read(module, learner, signed_in):
    signed_in(learner).post("/modules/sepeda/enrolment/")
    (rag, *_others) = module.sections.get(identity="rantai").checks
    signed_in(learner).post(f"{CHECK}count/", {"answer": [rag["choices"][0]["key"]]})
    assert recorded()

    text = dedent(TEXT)
    a_module(
        "---\nchecks: recorded\n---\n\n" + text[: text.index("## Rantai")] + text[text.index("## Rem") :]
    )
    assert not module.sections.filter(identity="rantai").exists()
    assert CheckAnswer.objects.get().section is None


def test_answers_go_with_the_account_which_says_so(answer, learner):
    answer(WRONG)

    with override("en"):
        assert "1 recorded answer to a question in a text." in list(what_goes(learner))
    learner.delete()
    assert recorded() == []


def test_instructor_sees_answers_by_section(answer, module, instructor, learner, signed_in):
    answer(WRONG)
    page = signed_in(instructor).get(answers_page(module)).content.decode()

    assert WRONG in page
    assert learner.name in page
    assert answers_page(module) in (
        signed_in(instructor).get(f"/admin/modules/module/{module.pk}/questions/").content.decode()
    )


def test_instructor_of_a_class_sees_answers_of_its_member(answer, module, instructor, learner, signed_in):
    answer(WRONG)
    study_class = a_class(by=instructor, members=[learner])
    address = f"/admin/modules/studyclass/{study_class.pk}/members/{learner.pk}/"
    assign(study_class, module)

    assert WRONG in signed_in(instructor).get(address).content.decode()


def test_plan_shows_that_answers_will_be_recorded(module):
    assert module.records_checks
    a_module(TEXT)
    module.refresh_from_db()
    assert not module.records_checks
