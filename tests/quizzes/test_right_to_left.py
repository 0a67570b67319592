"""Pages of an Arabic module read from right to left; the words of the interface do not."""

import re

import pytest
from django.urls import reverse

from tests.cast import a_module, a_quiz, take

pytestmark = pytest.mark.django_db

MODULE = "---\nlanguage: ar\nquiz_opens: at_once\n---\n\n# درس\n\n## ماء\n\nالماء.\n\n"
QUESTIONS = "### ما هذا؟\n\n- [x] ماء\n- [ ] H2O.\n- [ ] 42\n\n### كيف؟\n\n- [=] ماء\n"


def page(client, url: str) -> str:
    return " ".join(client.get(url).content.decode().split())


def test_pages_of_an_arabic_module_have_directions(as_learner, learner):
    module = a_module(MODULE + "## اختبار {.quiz}\n\n" + QUESTIONS)
    attempt = take(learner, module.quiz, ["H2O.", "سماء"])
    section = page(as_learner, module.sections.get().get_absolute_url())
    result = page(as_learner, reverse("result", args=[attempt.pk]))

    assert '<article lang="ar" dir="rtl"' in section
    assert '<div class="row apart" lang="en" dir="ltr">' in section
    assert '<span dir="auto">سماء</span>' in result


def test_boxes_of_an_arabic_module_stand_on_one_side(as_learner, learner):
    module = a_module(MODULE + "## اختبار {.quiz}\n\n" + QUESTIONS)
    attempt = take(learner, module.quiz, ["H2O.", "سماء"])
    result = page(as_learner, reverse("result", args=[attempt.pk]))
    as_learner.post(module.quiz.get_absolute_url())
    started = learner.enrolments.get().attempts.latest("pk")
    asked = page(as_learner, reverse("attempt_question", args=[started.pk, 1]))

    assert asked.count('<label class="choice" dir="rtl">') == 3
    assert '<span class="words" lang="ar" dir="auto">H2O.</span>' in asked
    assert len(re.findall(r'<li class="choice shown[^"]*" dir="rtl">', result)) == 3


def test_number_reads_from_left_to_right(as_learner, learner):
    module = a_module(MODULE + "## اختبار {.quiz}\n\n### كم؟\n\n- [=] -39\n")
    attempt = take(learner, module.quiz, ["39-"])
    assert '<span dir="ltr">39-</span>' in page(as_learner, reverse("result", args=[attempt.pk]))


def test_choices_and_typed_answers_find_their_direction(as_learner, learner):
    quiz = a_quiz(QUESTIONS, front_matter="language: id\n")
    as_learner.post(quiz.get_absolute_url())
    attempt = learner.enrolments.get().attempts.get()
    choices = page(as_learner, reverse("attempt_question", args=[attempt.pk, 1]))
    typed = page(as_learner, reverse("attempt_question", args=[attempt.pk, 2]))

    assert choices.count('<label class="choice" dir="auto">') == 1
    assert choices.count('<label class="choice">') == 2
    assert 'type="text" dir="auto"' in typed
