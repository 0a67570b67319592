"""Special rules whose attempt is under way: they get the time at once, and nobody loses any."""

from datetime import timedelta
from fractions import Fraction

import pytest
from django.contrib.auth.models import Group

from modules import attempts
from modules.models import Attempt, Module, Override, Quiz
from tests.modules.cast import NOON, a_module, a_quiz, at

pytestmark = pytest.mark.django_db

ONE = "### Jumlah planet?\n\n- [=] 8\n"


def test_an_attempt_under_way_gets_the_time_at_once(learner, other_learner):
    quiz = a_quiz(ONE, front_matter="time_limit: 10\nlate: grace\ngrace: 5\n")
    for one in (learner, other_learner):
        attempts.start(one, quiz, now=NOON)
    override = Override.objects.create(quiz=quiz, learner=learner, time_factor=Fraction(2))

    assert attempts.lengthen(override, now=at(1)) == 1

    ends = Attempt.objects.order_by("pk").values_list("deadline", "overdue_until")
    assert list(ends) == [(at(20), at(25)), (at(10), at(15))]


def test_a_group_gets_it_too(learner, other_learner):
    quiz = a_quiz(ONE, front_matter="closes: 2026-11-24 12:30 Z\n")
    group = Group.objects.create(name="Kelas B")
    learner.groups.add(group)
    for one in (learner, other_learner):
        attempts.start(one, quiz, now=NOON)

    assert (
        attempts.lengthen(Override.objects.create(quiz=quiz, group=group, closes_at=at(90)), now=at(1)) == 1
    )
    assert [one.deadline for one in Attempt.objects.order_by("pk")] == [at(90), at(30)]


def test_what_was_late_before_is_closed_and_gets_none(learner):
    quiz = a_quiz(ONE, front_matter="time_limit: 10\n")
    attempts.start(learner, quiz, now=NOON)
    override = Override.objects.create(quiz=quiz, learner=learner, extra_minutes=60)

    assert attempts.lengthen(override, now=at(11)) == 0
    assert Attempt.objects.get().submitted_at == at(10)


def test_nobody_loses_time(learner):
    quiz = a_quiz(ONE, front_matter="time_limit: 10\n")
    attempt = attempts.start(learner, quiz, now=NOON)
    Attempt.objects.update(deadline=NOON + timedelta(hours=3))

    assert (
        attempts.lengthen(Override.objects.create(quiz=quiz, learner=learner, extra_minutes=5), now=at(1))
        == 0
    )
    attempt.refresh_from_db()
    assert attempt.deadline == at(180)


def test_whoever_looked_before_does_not_close_what_has_more_time_now(learner):
    quiz = a_quiz(ONE, front_matter="time_limit: 10\n")
    seen = attempts.start(learner, quiz, now=NOON)
    attempts.lengthen(Override.objects.create(quiz=quiz, learner=learner, extra_minutes=5), now=at(1))

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

    assert Override.objects.get().quiz == Module.objects.get().standing_quiz
    assert Module.objects.get().text() == text
