"""Tests attempts: starting, answering, submitting, grading, and finishing the module."""

from fractions import Fraction
from textwrap import dedent

import pytest
from django.db import IntegrityError, transaction

from modules.models import Attempt, Quiz
from modules.quizzes import answers, attempts
from modules.quizzes.final_grade import final_grade
from modules.quizzes.learner_rules import Refused
from tests.cast import NOON, PLANETS, a_module, a_quiz, at, give, keys, read_all, save, take

pytestmark = pytest.mark.django_db

ONE_QUESTION = """
    ### Planet terbesar?

    - [ ] Mars
    - [x] Jupiter
    """


def test_second_attempt_keeps_the_best_grade(learner):
    quiz = a_quiz(ONE_QUESTION)

    take(learner, quiz, ["Jupiter"])
    take(learner, quiz, ["Mars"])

    assert final_grade(Attempt.objects.of(learner, quiz), "highest") == 100


def test_quiz_opens_when_all_sections_are_read(learner):
    quiz = a_quiz(ONE_QUESTION, opens=Quiz.QuizOpens.AFTER_SECTIONS)

    with pytest.raises(Refused, match="unread"):
        attempts.start(learner, quiz, now=NOON)
    read_all(learner, quiz.module)

    assert attempts.start(learner, quiz, now=NOON).is_open


def test_starting_twice_returns_the_same_attempt(learner):
    quiz = a_quiz(ONE_QUESTION)
    assert attempts.start(learner, quiz, now=NOON) == attempts.start(learner, quiz, now=at(5))


def test_database_refuses_a_second_open_attempt(learner):
    first = attempts.start(learner, a_quiz(ONE_QUESTION), now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(
            enrolment=first.enrolment, quiz=first.quiz, number=2, pass_mark=70, started_at=NOON
        )


def test_answer_is_stored_with_its_time(learner):
    attempt = attempts.start(learner, a_quiz(ONE_QUESTION), now=NOON)

    saved = give(attempt, 1, "Mars", now=at(1))
    response = attempt.responses.get(slot=1)

    assert saved.accepted
    assert (response.answer, response.saved_at) == (keys(response, "Mars"), at(1))


def test_older_answer_never_overwrites_newer_answer(learner):
    attempt = attempts.start(learner, a_quiz(ONE_QUESTION), now=NOON)

    give(attempt, 1, "Jupiter", sequence=7)
    late = give(attempt, 1, "Mars", sequence=6)

    assert (late.accepted, late.response.answer) == (False, keys(late.response, "Jupiter"))


def test_answer_without_sequence_is_always_newest(learner):
    attempt = attempts.start(learner, a_quiz(ONE_QUESTION), now=NOON)

    give(attempt, 1, "Jupiter", sequence=7)
    pressed = give(attempt, 1, "Mars")

    assert (pressed.accepted, pressed.response.sequence) == (True, 8)


def test_unknown_choice_is_stored_as_no_answer(learner):
    attempt = attempts.start(learner, a_quiz(ONE_QUESTION), now=NOON)
    saved = save(attempt, answers.IncomingAnswer(["nonsense", "' OR 1=1"]), now=NOON)
    assert saved.response.answer == []


def test_single_choice_question_keeps_one_choice(learner):
    attempt = attempts.start(learner, a_quiz(ONE_QUESTION), now=NOON)
    assert len(give(attempt, 1, "Mars", "Jupiter").response.answer) == 1


def test_submitted_attempt_is_graded_exactly(learner):
    module = a_module(PLANETS)
    read_all(learner, module)

    attempt = take(learner, module.quiz, ["Jupiter", ["Saturnus", "Uranus", "Venus"], " mars ", "8,0"])

    assert [response.mark for response in attempt.responses.order_by("slot")] == [1, Fraction(1, 2), 1, 1]
    assert (attempt.mark, attempt.max_mark, attempt.grade) == (Fraction(7, 2), 4, Fraction(175, 2))
    assert attempt.is_passed


def test_submitting_twice_keeps_the_first_result(learner):
    quiz = a_quiz(ONE_QUESTION)
    first = take(learner, quiz, ["Jupiter"], now=NOON)

    give(first, 1, "Mars", now=at(1))
    resubmitted = attempts.submit(first, now=at(2))

    assert (resubmitted.submitted_at, resubmitted.grade) == (NOON, 100)


def test_answer_after_submission_is_refused(learner):
    attempt = take(learner, a_quiz(ONE_QUESTION), ["Jupiter"])
    assert not give(attempt, 1, "Mars").accepted


def test_pass_mark_is_compared_exactly(learner):
    quiz = a_quiz(
        ONE_QUESTION + ONE_QUESTION.replace("terbesar", "gas") + ONE_QUESTION.replace("terbesar", "luar"),
        front_matter="pass_mark: 66\n",
    )
    assert take(learner, quiz, ["Jupiter", "Jupiter", "Mars"]).is_passed
    assert not take(learner, quiz, ["Jupiter", "Mars", "Mars"]).is_passed


def test_open_attempt_keeps_its_pass_mark(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="pass_mark: 100\n")
    attempt = attempts.start(learner, quiz, now=NOON)
    type(quiz).objects.filter(pk=quiz.pk).update(pass_mark=0)
    assert not attempts.submit(attempt, now=NOON).is_passed


def test_start_is_refused_without_attempts_left(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="attempts: 2\n")
    take(learner, quiz, ["Mars"])
    take(learner, quiz, ["Mars"])
    with pytest.raises(Refused, match="no-attempts-left"):
        attempts.start(learner, quiz, now=NOON)


def test_right_answers_are_shown_after_last_attempt(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="attempts: 3\n")

    def shows_right_answer(last):
        return "right_answer" in attempts.history(learner, quiz, now=NOON).shown(last, NOON)

    first = take(learner, quiz, ["Mars"])
    assert not shows_right_answer(first)

    second = take(learner, quiz, ["Mars"])
    assert not shows_right_answer(second)

    last = attempts.start(learner, quiz, now=NOON)
    assert not shows_right_answer(second)
    last = attempts.submit(last, now=NOON)
    assert shows_right_answer(last)


def test_time_limit_submits_saved_answers(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 10\n")
    attempt = attempts.start(learner, quiz, now=NOON)
    give(attempt, 1, "Jupiter", now=at(9))

    late = give(attempt, 1, "Mars", now=at(10) + attempts.TOLERANCE)
    assert not late.accepted
    assert attempts.close_if_late(attempt, now=at(60))

    attempt.refresh_from_db()
    assert (attempt.submitted_at, attempt.grade) == (at(10), 100)


def test_answer_within_tolerance_is_accepted(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 10\n")
    attempt = attempts.start(learner, quiz, now=NOON)
    assert give(attempt, 1, "Jupiter", now=at(10) + attempts.TOLERANCE / 2).accepted


def test_late_attempt_allows_a_new_attempt(learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 10\n")
    first = attempts.start(learner, quiz, now=NOON)
    assert attempts.start(learner, quiz, now=at(60)) != first


def test_shuffling_keeps_all_questions_and_choices(learner):
    quiz = a_quiz(ONE_QUESTION + ONE_QUESTION.replace("terbesar", "gas"), front_matter="shuffle: true\n")
    responses = attempts.start(learner, quiz, now=NOON).responses.select_related("version")
    assert sorted(response.version.title for response in responses) == ["Planet gas?", "Planet terbesar?"]
    assert all(sorted(r.order) == sorted(c["key"] for c in r.version.choices) for r in responses)


def test_open_attempt_keeps_its_question_versions(learner):
    quiz = a_quiz(ONE_QUESTION)
    attempt = attempts.start(learner, quiz, now=NOON)

    a_module(
        "# Modul\n\n## Bacaan\n\nSatu kalimat.\n\n## Kuis akhir\n"
        + dedent(ONE_QUESTION).replace("[ ] Mars", "[ ] Merkurius")
    )

    assert [choice["text"] for choice in attempt.responses.get().choices_in_order()] == ["Mars", "Jupiter"]
    assert quiz.questions.get().versions.count() == 2


def test_passed_quiz_finishes_a_module_fully_read(learner):
    module = a_module(PLANETS)
    read_all(learner, module)
    enrolment = module.enrolments.get()
    assert enrolment.finished_at is None

    take(learner, module.quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"], now=at(3))

    enrolment.refresh_from_db()
    assert enrolment.finished_at == at(3)


def test_passed_quiz_waits_for_unread_sections(learner):
    quiz = a_quiz(ONE_QUESTION)
    take(learner, quiz, ["Jupiter"])
    assert quiz.module.enrolments.get().finished_at is None
    read_all(learner, quiz.module, now=at(9))
    assert quiz.module.enrolments.get().finished_at == at(9)


def test_deleted_learner_takes_only_own_attempts(learner, other_learner):
    quiz = a_quiz(ONE_QUESTION)
    for person in (learner, other_learner):
        read_all(person, quiz.module)
        take(person, quiz, ["Jupiter"])

    learner.delete()

    assert [attempt.enrolment.learner for attempt in Attempt.objects.all()] == [other_learner]
    assert quiz.questions.get().current.title == "Planet terbesar?"
