"""Rules that give more time while attempts are under way: they get it at once, and nobody loses any."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.contrib.auth.models import Group

from modules.authoring import apply, planning, uploads
from modules.models import Attempt, Module, Override, Quiz
from modules.quizzes import attempts
from tests.cast import NOON, a_module, a_quiz, at

pytestmark = pytest.mark.django_db

ONE = "### Jumlah planet?\n\n- [=] 8\n"


def test_an_attempt_under_way_gets_the_time_at_once(learner, other_learner):
    quiz = a_quiz(ONE, front_matter="time_limit: 10\nlate: grace\ngrace: 5\n")
    for one in (learner, other_learner):
        attempts.start(one, quiz, now=NOON)
    override = Override.objects.create(quiz=quiz, learner=learner, time_factor=Fraction(2))

    assert attempts.extend_for_override(override, now=at(1)) == 1

    ends = Attempt.objects.order_by("pk").values_list("deadline", "overdue_until")
    assert list(ends) == [(at(20), at(25)), (at(10), at(15))]


def test_a_group_gets_it_too(learner, other_learner):
    quiz = a_quiz(ONE, front_matter="closes: 2026-11-24 12:30 Z\n")
    group = Group.objects.create(name="Kelas B")
    learner.groups.add(group)
    for one in (learner, other_learner):
        attempts.start(one, quiz, now=NOON)

    assert (
        attempts.extend_for_override(
            Override.objects.create(quiz=quiz, group=group, closes_at=at(90)), now=at(1)
        )
        == 1
    )
    assert [one.deadline for one in Attempt.objects.order_by("pk")] == [at(90), at(30)]


def test_what_was_late_before_is_closed_and_gets_none(learner):
    quiz = a_quiz(ONE, front_matter="time_limit: 10\n")
    attempts.start(learner, quiz, now=NOON)
    override = Override.objects.create(quiz=quiz, learner=learner, extra_minutes=60)

    assert attempts.extend_for_override(override, now=at(11)) == 0
    assert Attempt.objects.get().submitted_at == at(10)


def test_nobody_loses_time(learner):
    quiz = a_quiz(ONE, front_matter="time_limit: 10\n")
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


def test_whoever_looked_before_does_not_close_what_has_more_time_now(learner):
    quiz = a_quiz(ONE, front_matter="time_limit: 10\n")
    seen = attempts.start(learner, quiz, now=NOON)
    attempts.extend_for_override(
        Override.objects.create(quiz=quiz, learner=learner, extra_minutes=5), now=at(1)
    )

    assert not attempts.close_if_late(seen, now=at(12))
    assert seen.deadline == at(15)
    assert attempts.close_if_late(seen, now=at(16))
    assert Attempt.objects.get().submitted_at == at(15)


def test_other_rules_outlast_a_quiz_that_nobody_took_and_that_goes_for_a_while(learner):
    quiz = a_quiz(ONE)
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
def test_a_document_that_gives_more_time_gives_it_to_attempts_under_way(learner, before, after, ends):
    quiz = a_quiz(ONE, front_matter=before)
    attempt = attempts.start(learner, quiz, now=NOON)
    load(quiz, before, after, minute=1)

    attempt.refresh_from_db()
    assert (attempt.deadline, attempt.overdue_until) == tuple(minutes and at(minutes) for minutes in ends)


def test_a_document_gives_each_the_time_that_is_theirs(learner, other_learner):
    quiz = a_quiz(ONE, front_matter="time_limit: 10\n")
    group = Group.objects.create(name="Kelas B")
    learner.groups.add(group)
    Override.objects.create(quiz=quiz, group=group, time_factor=Fraction(3, 2))
    for one in (learner, other_learner):
        attempts.start(one, quiz, now=NOON)
    load(quiz, "time_limit: 10\n", "time_limit: 20\n", minute=1)

    assert [one.deadline for one in Attempt.objects.order_by("pk")] == [at(30), at(20)]


def test_a_document_gives_none_to_an_attempt_whose_time_was_up(learner):
    quiz = a_quiz(ONE, front_matter="time_limit: 10\n")
    attempt = attempts.start(learner, quiz, now=NOON)
    load(quiz, "time_limit: 10\n", "time_limit: 20\n", minute=11)

    assert attempts.close_if_late(attempt, now=at(12))
    assert Attempt.objects.get().submitted_at == at(10)


def load(quiz, before, after, *, minute):
    text = quiz.module.text()
    assert before in text
    plan = planning.plan_document(quiz.module, uploads.parse_with_images(text.replace(before, after)))
    apply.apply_plan(plan, by=None, now=at(minute))
