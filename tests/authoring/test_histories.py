"""Tests edits that real authors made: short histories of a document, loaded one text after the other."""

from pathlib import Path

import pytest

from modules.authoring import apply, planning, uploads
from modules.authoring.plan import Decisions, Plan
from modules.models import Module, Question
from tests.cast import at, read_all, take

pytestmark = pytest.mark.django_db
FOLDER = Path(__file__).parent / "histories"


def text(name: str) -> str:
    return (FOLDER / f"{name}.md").read_text()


def load(name: str, **decisions) -> Plan:
    """Loads a text into the only module, or as the first one, and returns its plan."""
    module = Module.objects.first()
    document = uploads.parse_with_images(text(name), module=module)
    plan = planning.plan_document(module, document, Decisions(**decisions))
    apply.apply_plan(plan, by=None, now=at(60)).publish(by=None, now=at(60))
    return plan


def study(learner, *answers: str) -> None:
    """Reads the only module whole and takes its quiz."""
    module = Module.objects.get()
    read_all(learner, module)
    take(learner, module.active_quiz, [*answers])


def test_new_question_with_bare_choices_inherits_no_answers(learner):
    load("history-9-before")
    nile = Question.objects.get(place=0)
    study(learner, "Salah", "Tokyo", "Paris")
    plan = load("history-9-after")
    assert plan.ambiguities == ()
    nile.refresh_from_db()
    assert nile.archived_at
    later = load(
        "history-9-later", regrade=frozenset({Question.objects.get(place=2, archived_at=None).identity})
    )
    assert later.effect.attempts == 0
    assert nile.versions.count() == 1


def test_question_inserted_before_an_explanation_is_new(learner):
    load("history-10-before")
    question = Question.objects.get()
    study(learner, "basis dokumen")
    plan = load("history-10-after")
    assert plan.ambiguities == ()
    active = Question.objects.active().order_by("place")
    assert [row.pk == question.pk for row in active] == [True, False]
    assert active[1].versions.count() == 1
