"""Tests rules that give more time to open attempts. They apply at once and never take time away."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.contrib.auth.models import Group

from modules.authoring import apply, planning, uploads
from modules.models import Attempt, Module, Override, Quiz
from modules.quizzes import attempts
from tests.cast import NOON, a_module, a_quiz, at

pytestmark = pytest.mark.django_db

ONE_QUESTION = "### Jumlah planet?\n\n- [=] 8\n"


def test_override_extends_open_attempt_at_once(learner, other_learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 10\nlate: grace\ngrace: 5\n")
    for person in (learner, other_learner):
        attempts.start(person, quiz, now=NOON)
    override = Override.objects.create(quiz=quiz, learner=learner, time_factor=Fraction(2))

    assert attempts.extend_for_override(override, now=at(1)) == 1

    ends = Attempt.objects.order_by("pk").values_list("deadline", "overdue_until")
    assert list(ends) == [(at(20), at(25)), (at(10), at(15))]


def test_override_of_class_extends_open_attempts(learner, other_learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="closes: 2026-11-24 12:30 Z\n")
    group = Group.objects.create(name="Kelas B")
    learner.groups.add(group)
    for person in (learner, other_learner):
        attempts.start(person, quiz, now=NOON)

    assert (
        attempts.extend_for_override(
            Override.objects.create(quiz=quiz, group=group, closes_at=at(90)), now=at(1)
        )
        == 1
    )
    assert [attempt.deadline for attempt in Attempt.objects.order_by("pk")] == [at(90), at(30)]


def test_override_closes_attempt_that_was_late(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 10\n")
    attempts.start(learner, quiz, now=NOON)
    override = Override.objects.create(quiz=quiz, learner=learner, extra_minutes=60)

    assert attempts.extend_for_override(override, now=at(11)) == 0
    assert Attempt.objects.get().submitted_at == at(10)


def test_override_never_shortens_open_attempt(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 10\n")
    attempt = attempts.start(learner, quiz, now=NOON)
    Attempt.objects.update(deadline=NOON + timedelta(hours=3))

    assert (
        attempts.extend_for_override(
            Override.objects.create(quiz=quiz, learner=learner, extra_minutes=5), now=at(1)
        )
        == 0
    )
    attempt.refresh_from_db()
    assert attempt.deadline == at(180)


def test_outdated_attempt_is_not_closed_before_new_deadline(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 10\n")
    outdated = attempts.start(learner, quiz, now=NOON)
    attempts.extend_for_override(
        Override.objects.create(quiz=quiz, learner=learner, extra_minutes=5), now=at(1)
    )

    assert not attempts.close_if_late(outdated, now=at(12))
    assert outdated.deadline == at(15)
    assert attempts.close_if_late(outdated, now=at(16))
    assert Attempt.objects.get().submitted_at == at(15)


def test_override_survives_archived_quiz(learner):
    quiz = a_quiz(ONE_QUESTION)
    text = quiz.module.text()
    Override.objects.create(quiz=quiz, learner=learner, extra_minutes=30)

    a_module(text.replace("## Kuis akhir", "## Latihan"))
    assert Quiz.objects.get().archived_at is not None
    a_module(text)

    assert Override.objects.get().quiz == Module.objects.get().active_quiz
    assert Module.objects.get().text() == text


@pytest.mark.parametrize(
    ("before", "after", "ends"),
    [
        ("time_limit: 10\nlate: grace\ngrace: 5\n", "time_limit: 20\nlate: grace\ngrace: 5\n", (20, 25)),
        ("time_limit: 10\nlate: grace\ngrace: 5\n", "late: grace\ngrace: 5\n", (None, None)),
        ("time_limit: 10\n", "time_limit: 5\n", (10, None)),
        ("closes: 2026-11-24 12:30 Z\n", "closes: 2026-11-24 13:00 Z\n", (60, None)),
        ("closes: 2026-11-24 12:30 Z\n", "time_limit: 40\ncloses: 2026-11-24 13:00 Z\n", (40, None)),
        ("closes: 2026-11-24 12:30 Z\n", "closes: 2026-11-24 12:10 Z\n", (30, None)),
    ],
)
def test_document_with_more_time_extends_open_attempt(learner, before, after, ends):
    quiz = a_quiz(ONE_QUESTION, front_matter=before)
    attempt = attempts.start(learner, quiz, now=NOON)
    load(quiz, before, after, minute=1)

    attempt.refresh_from_db()
    assert (attempt.deadline, attempt.overdue_until) == tuple(minutes and at(minutes) for minutes in ends)


def test_document_extends_each_attempt_by_learner_rules(learner, other_learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 10\n")
    group = Group.objects.create(name="Kelas B")
    learner.groups.add(group)
    Override.objects.create(quiz=quiz, group=group, time_factor=Fraction(3, 2))
    for person in (learner, other_learner):
        attempts.start(person, quiz, now=NOON)
    load(quiz, "time_limit: 10\n", "time_limit: 20\n", minute=1)

    assert [attempt.deadline for attempt in Attempt.objects.order_by("pk")] == [at(30), at(20)]


def test_document_gives_late_attempt_no_time(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 10\n")
    attempt = attempts.start(learner, quiz, now=NOON)
    load(quiz, "time_limit: 10\n", "time_limit: 20\n", minute=11)

    assert attempts.close_if_late(attempt, now=at(12))
    assert Attempt.objects.get().submitted_at == at(10)


def load(quiz, before, after, *, minute):
    text = quiz.module.text()
    assert before in text
    plan = planning.plan_document(quiz.module, uploads.parse_with_images(text.replace(before, after)))
    apply.apply_plan(plan, by=None, now=at(minute))
