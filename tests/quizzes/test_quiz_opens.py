"""The rule of a document that says when its final quiz opens: at once, or after the sections."""

import pytest

from modules.authoring import apply, planning, uploads
from modules.document.syntax import parser
from modules.models import Module, Quiz, unread_sections
from tests.cast import NOON, PLANETS, a_module

pytestmark = pytest.mark.django_db
AT_ONCE = "---\nquiz_opens: at_once\n---\n"


def load(text: str, module: Module | None = None) -> Module:
    plan = planning.plan_document(module, uploads.parse_with_images(text, module=module))
    return apply.apply_plan(plan, by=None, now=NOON)


def test_new_module_opens_its_quiz_after_the_sections(learner):
    module = load(PLANETS)
    assert module.quiz.quiz_opens == Quiz.QuizOpens.AFTER_SECTIONS
    assert unread_sections(module.quiz, learner).count() == 2


def test_quiz_opens_at_once_for_every_learner(learner):
    module = load(AT_ONCE + PLANETS)
    assert module.quiz.quiz_opens == Quiz.QuizOpens.AT_ONCE
    assert not unread_sections(module.quiz, learner).exists()


def test_other_word_is_a_problem_with_its_line():
    document = parser.parse_document(AT_ONCE.replace("at_once", "never") + PLANETS)
    assert [(problem.line, problem.text()) for problem in document.errors] == [
        (2, "“quiz_opens” has to be after_sections or at_once.")
    ]


def test_document_without_the_key_keeps_the_value_and_the_plan_says_so(signed_in, instructor):
    module = load(AT_ONCE + PLANETS)
    plan = planning.plan_document(module, uploads.parse_with_images(PLANETS, module=module))
    assert plan.keeps_opening
    assert "quiz_opens" not in [setting.name for setting in plan.settings]
    assert load(PLANETS, module).quiz.quiz_opens == Quiz.QuizOpens.AT_ONCE


def test_document_with_the_key_changes_the_value():
    module = load(AT_ONCE + PLANETS)
    after = AT_ONCE.replace("at_once", "after_sections") + PLANETS
    plan = planning.plan_document(module, uploads.parse_with_images(after, module=module))
    assert [(one.name, one.before, one.after) for one in plan.settings] == [
        ("quiz_opens", "at_once", "after_sections")
    ]
    assert load(after, module).quiz.quiz_opens == Quiz.QuizOpens.AFTER_SECTIONS


def test_form_writes_the_key_only_when_it_changes(signed_in, instructor):
    module = a_module()
    page = f"/admin/modules/module/{module.pk}/rules/"
    browser = signed_in(instructor)
    form = browser.get(page).context["form"]
    sent = {name: form[name].value() or "" for name in form.fields if form[name].value() is not None}
    browser.post(page, sent | {"pass_mark": "80"})
    assert Module.objects.get().text() == "---\npass_mark: 80\n---\n" + PLANETS
    sent["base_revision"] = str(Module.objects.get().current_id)
    browser.post(page, sent | {"pass_mark": "80", "quiz_opens": "at_once"})
    assert Module.objects.get().text() == "---\npass_mark: 80\nquiz_opens: at_once\n---\n" + PLANETS
    assert Quiz.objects.get().quiz_opens == Quiz.QuizOpens.AT_ONCE
