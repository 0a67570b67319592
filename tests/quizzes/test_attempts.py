"""An attempt: its questions are fixed when it starts, its answers are kept, its result is one."""

from fractions import Fraction
from textwrap import dedent

import pytest
from django.db import IntegrityError, transaction

from modules.models import Attempt, Quiz
from modules.quizzes import answers, attempts
from modules.quizzes.final_grade import final_grade
from modules.quizzes.learner_rules import Refused
from tests.cast import NOON, PLANETS, a_module, a_quiz, at, give, keys, read_all, take

pytestmark = pytest.mark.django_db

ONE = """
    ### Planet terbesar?

    - [ ] Mars
    - [x] Jupiter
    """


def test_a_learner_who_tries_again_keeps_the_best_grade(learner):
    quiz = a_quiz(ONE)

    take(learner, quiz, ["Jupiter"])
    take(learner, quiz, ["Mars"])

    assert final_grade(Attempt.objects.of(learner, quiz), "highest") == 100


def test_a_quiz_opens_when_its_sections_are_read(learner):
    quiz = a_quiz(ONE, opens=Quiz.QuizOpens.AFTER_SECTIONS)

    with pytest.raises(Refused, match="unread"):
        attempts.start(learner, quiz, now=NOON)
    read_all(learner, quiz.module)

    assert attempts.start(learner, quiz, now=NOON).is_open


def test_starting_twice_gives_the_same_attempt(learner):
    quiz = a_quiz(ONE)
    assert attempts.start(learner, quiz, now=NOON) == attempts.start(learner, quiz, now=at(5))


def test_the_database_promises_one_open_attempt(learner):
    first = attempts.start(learner, a_quiz(ONE), now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.create(
            enrolment=first.enrolment, quiz=first.quiz, number=2, pass_mark=70, started_at=NOON
        )


def test_an_answer_is_kept_as_it_is_given(learner):
    attempt = attempts.start(learner, a_quiz(ONE), now=NOON)

    saved = give(attempt, 1, "Mars", now=at(1))
    again = attempt.responses.get(slot=1)

    assert saved.accepted
    assert (again.answer, again.saved_at) == (keys(again, "Mars"), at(1))


def test_an_older_answer_never_overwrites_a_newer_one(learner):
    attempt = attempts.start(learner, a_quiz(ONE), now=NOON)

    give(attempt, 1, "Jupiter", sequence=7)
    late = give(attempt, 1, "Mars", sequence=6)

    assert (late.accepted, late.response.answer) == (False, keys(late.response, "Jupiter"))


def test_a_button_is_always_the_newest_answer(learner):
    attempt = attempts.start(learner, a_quiz(ONE), now=NOON)

    give(attempt, 1, "Jupiter", sequence=7)
    pressed = give(attempt, 1, "Mars")

    assert (pressed.accepted, pressed.response.sequence) == (True, 8)


def test_an_answer_that_is_no_choice_of_the_question_is_no_answer(learner):
    attempt = attempts.start(learner, a_quiz(ONE), now=NOON)
    saved = answers.save_answer(attempt, 1, answers.Given(["nonsense", "' OR 1=1"]), now=NOON)
    assert saved.response.answer == []


def test_a_single_choice_keeps_one_choice(learner):
    attempt = attempts.start(learner, a_quiz(ONE), now=NOON)
    assert len(give(attempt, 1, "Mars", "Jupiter").response.answer) == 1


def test_submitting_grades_exactly(learner):
    module = a_module(PLANETS)
    read_all(learner, module)

    attempt = take(learner, module.quiz, ["Jupiter", ["Saturnus", "Uranus", "Venus"], " mars ", "8,0"])

    assert [response.mark for response in attempt.responses.order_by("slot")] == [1, Fraction(1, 2), 1, 1]
    assert (attempt.mark, attempt.max_mark, attempt.grade) == (Fraction(7, 2), 4, Fraction(175, 2))
    assert attempt.is_passed


def test_submitting_twice_gives_the_same_result(learner):
    quiz = a_quiz(ONE)
    first = take(learner, quiz, ["Jupiter"], now=NOON)

    give(first, 1, "Mars", now=at(1))
    again = attempts.submit(first, now=at(2))

    assert (again.submitted_at, again.grade) == (NOON, 100)


def test_an_answer_after_the_submission_is_not_taken(learner):
    attempt = take(learner, a_quiz(ONE), ["Jupiter"])
    assert not give(attempt, 1, "Mars").accepted


def test_the_pass_mark_is_met_exactly(learner):
    quiz = a_quiz(
        ONE + ONE.replace("terbesar", "gas") + ONE.replace("terbesar", "luar"), front_matter="pass_mark: 66\n"
    )
    assert take(learner, quiz, ["Jupiter", "Jupiter", "Mars"]).is_passed
    assert not take(learner, quiz, ["Jupiter", "Mars", "Mars"]).is_passed


def test_an_attempt_keeps_the_pass_mark_it_began_with(learner):
    quiz = a_quiz(ONE, front_matter="pass_mark: 100\n")
    attempt = attempts.start(learner, quiz, now=NOON)
    type(quiz).objects.filter(pk=quiz.pk).update(pass_mark=0)
    assert not attempts.submit(attempt, now=NOON).is_passed


def test_attempts_run_out(learner):
    quiz = a_quiz(ONE, front_matter="attempts: 2\n")
    take(learner, quiz, ["Mars"])
    take(learner, quiz, ["Mars"])
    with pytest.raises(Refused, match="no-attempts-left"):
        attempts.start(learner, quiz, now=NOON)


def test_right_answers_show_once_passed_or_out_of_attempts(learner):
    quiz = a_quiz(ONE, front_matter="attempts: 3\n")

    def shows(last):
        return "right_answer" in attempts.history(learner, quiz, now=NOON).shown(last, NOON)

    made = [take(learner, quiz, ["Mars"])]
    assert not shows(made[0])

    made.append(take(learner, quiz, ["Mars"]))
    assert not shows(made[1])

    last = attempts.start(learner, quiz, now=NOON)
    assert not shows(made[1])
    last = attempts.submit(last, now=NOON)
    assert shows(last)


def test_time_up_submits_what_is_saved(learner):
    quiz = a_quiz(ONE, front_matter="time_limit: 10\n")
    attempt = attempts.start(learner, quiz, now=NOON)
    give(attempt, 1, "Jupiter", now=at(9))

    late = give(attempt, 1, "Mars", now=at(10) + attempts.TOLERANCE)
    assert not late.accepted
    assert attempts.close_if_late(attempt, now=at(60))

    attempt.refresh_from_db()
    assert (attempt.submitted_at, attempt.grade) == (at(10), 100)


def test_a_packet_that_was_sent_in_time_is_taken_a_moment_later(learner):
    quiz = a_quiz(ONE, front_matter="time_limit: 10\n")
    attempt = attempts.start(learner, quiz, now=NOON)
    assert give(attempt, 1, "Jupiter", now=at(10) + attempts.TOLERANCE / 2).accepted


def test_a_late_attempt_makes_room_for_the_next(learner):
    quiz = a_quiz(ONE, front_matter="time_limit: 10\n")
    first = attempts.start(learner, quiz, now=NOON)
    assert attempts.start(learner, quiz, now=at(60)) != first


def test_shuffling_keeps_every_question_and_choice(learner):
    quiz = a_quiz(ONE + ONE.replace("terbesar", "gas"), front_matter="shuffle: true\n")
    responses = attempts.start(learner, quiz, now=NOON).responses.select_related("version")
    assert sorted(response.version.title for response in responses) == ["Planet gas?", "Planet terbesar?"]
    assert all(sorted(r.order) == sorted(c["key"] for c in r.version.choices) for r in responses)


def test_an_attempt_goes_on_with_the_versions_it_began_with(learner):
    quiz = a_quiz(ONE)
    attempt = attempts.start(learner, quiz, now=NOON)

    a_module(
        "# Modul\n\n## Bacaan\n\nSatu kalimat.\n\n## Kuis akhir\n"
        + dedent(ONE).replace("[ ] Mars", "[ ] Merkurius")
    )

    assert [choice["text"] for choice in attempt.responses.get().choices_in_order()] == ["Mars", "Jupiter"]
    assert quiz.questions.get().versions.count() == 2


def test_a_passed_quiz_finishes_the_module_when_all_is_read(learner):
    module = a_module(PLANETS)
    read_all(learner, module)
    enrolment = module.enrolments.get()
    assert enrolment.finished_at is None

    take(learner, module.quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"], now=at(3))

    enrolment.refresh_from_db()
    assert enrolment.finished_at == at(3)


def test_a_passed_quiz_does_not_finish_a_module_with_unread_sections(learner):
    quiz = a_quiz(ONE)
    take(learner, quiz, ["Jupiter"])
    assert quiz.module.enrolments.get().finished_at is None
    read_all(learner, quiz.module, now=at(9))
    assert quiz.module.enrolments.get().finished_at == at(9)


def test_who_leaves_takes_their_attempts_along_and_nothing_else(learner, other_learner):
    quiz = a_quiz(ONE)
    for one in (learner, other_learner):
        read_all(one, quiz.module)
        take(one, quiz, ["Jupiter"])

    learner.delete()

    assert [attempt.enrolment.learner for attempt in Attempt.objects.all()] == [other_learner]
    assert quiz.questions.get().current.title == "Planet terbesar?"
