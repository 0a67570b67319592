"""Corrections: attempts closed, opened again or deleted, marks by hand, full marks, grading again; with reasons."""

from fractions import Fraction

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from modules.insights import figures
from modules.models import Attempt, Correction, Enrolment, Question, Regrade, Response
from modules.quizzes import attempts, corrections, grading
from modules.quizzes.corrections import Why
from tests.cast import NOON, a_quiz, at, give, take

pytestmark = pytest.mark.django_db

TWO = """\
### Planet terbesar?

- [ ] Mars
- [x] Jupiter

### Planet luar?

- [x] Saturnus
- [x] Uranus
- [ ] Venus
"""


@pytest.fixture
def why(instructor):
    return Why(instructor, "Salah ketik di soal", at(60))


@pytest.fixture
def quiz():
    return a_quiz(TWO)


def kinds() -> list[str]:
    return list(Correction.objects.values_list("kind", flat=True))


def test_closing_submits_what_is_saved(learner, quiz, why):
    attempt = attempts.start(learner, quiz, now=NOON)
    give(attempt, 1, "Jupiter")
    corrections.close(attempt, why)
    attempt.refresh_from_db()
    assert (attempt.grade, attempt.submitted_at) == (50, at(60))
    made = Correction.objects.get()
    assert (made.kind, made.reason, made.made_by, made.attempt) == ("closed", why.reason, why.by, attempt)
    with pytest.raises(corrections.Impossible, match="closed"):
        corrections.close(attempt, why)


def test_an_attempt_opened_again_goes_on_with_its_answers(learner, quiz, why):
    attempt = take(learner, quiz, ["Jupiter", ["Saturnus", "Uranus"]])
    corrections.reopen(attempt, why, minutes=10)

    assert Enrolment.objects.get().passed_at is None
    assert Correction.objects.get().before == 100
    again = attempts.start(learner, quiz, now=at(61))
    assert (again, again.deadline) == (attempt, at(70))
    give(again, 2, "Saturnus", now=at(62))
    assert attempts.submit(again, now=at(63)).grade == 75
    assert Enrolment.objects.get().passed_at == at(63)


def test_who_has_finished_stays_finished_when_an_attempt_is_opened_again(learner, quiz, why):
    attempt = take(learner, quiz, ["Jupiter", ["Saturnus", "Uranus"]])
    Enrolment.objects.update(finished_at=NOON)
    corrections.reopen(attempt, why)
    assert Enrolment.objects.get().finished_at == NOON


def test_nothing_is_opened_while_another_attempt_is_under_way(learner, quiz, why):
    first = take(learner, quiz, ["Mars"])
    attempts.start(learner, quiz, now=at(5))
    with pytest.raises(corrections.Impossible, match="other-open"):
        corrections.reopen(first, why)
    assert kinds() == []


def test_a_deleted_attempt_counts_nowhere_and_is_kept(learner, why):
    quiz = a_quiz(TWO, front_matter="attempts: 1\n")
    attempt = take(learner, quiz, ["Jupiter", ["Saturnus", "Uranus"]])
    corrections.delete(attempt, why)

    assert not Attempt.objects.exists()
    assert Enrolment.objects.get().passed_at is None
    assert Attempt.with_deleted.get().responses.count() == 2
    assert attempts.start(learner, quiz, now=at(61)).number == 2
    assert Correction.objects.get().before == 100


def test_an_open_attempt_that_is_deleted_makes_room(learner, quiz, why):
    corrections.delete(attempts.start(learner, quiz, now=NOON), why)
    assert attempts.start(learner, quiz, now=at(61)).number == 2


def test_a_mark_by_hand_goes_before_the_key_and_is_taken_back(learner, quiz, why):
    attempt = take(learner, quiz, ["Mars", ["Saturnus", "Uranus"]])
    response = attempt.responses.get(slot=1)
    corrections.give_mark(response, Fraction(1, 2), why)
    attempt.refresh_from_db()
    assert (attempt.grade, attempt.is_passed, Enrolment.objects.get().passed_at) == (75, True, at(60))

    corrections.give_mark(response, None, why)
    attempt.refresh_from_db()
    assert (attempt.grade, attempt.is_passed, Enrolment.objects.get().passed_at) == (50, False, None)
    assert kinds() == ["mark", "mark_undone"]
    assert [one.before for one in Correction.objects.all()] == [0, Fraction(1, 2)]


def test_a_mark_by_hand_outlives_grading_again(learner, quiz, why):
    attempt = take(learner, quiz, ["Mars"])
    corrections.give_mark(attempt.responses.get(slot=1), Fraction(1), why)
    corrections.regrade(Question.objects.get(identity="planet-terbesar"), why)
    assert attempt.responses.get(slot=1).mark == 1


def test_full_marks_are_for_everybody_until_they_are_taken_back(learner, other_learner, quiz, why):
    attempt = take(learner, quiz, ["Mars"])
    question = Question.objects.get(identity="planet-terbesar")
    given = [(one.before, one.after) for one in grading.trials_of_full_marks(question, why.now)]
    corrections.give_full_marks(question, why)
    attempt.refresh_from_db()
    assert attempt.grade == 50
    assert given == [(0, 50)]
    back = grading.effect_of(grading.trials_of_full_marks(question, None))
    assert (back.attempts, back.up, back.down) == (1, 0, 1)
    assert take(other_learner, quiz, ["Mars"], now=at(70)).grade == 50

    corrections.take_full_marks_back(question, why)
    assert [one.grade for one in Attempt.objects.all()] == [0, 0]
    assert kinds() == ["full_marks", "full_marks_undone"]


def test_grading_again_says_first_whose_grade_changes(learner, other_learner, quiz, why):
    wrong, right = take(learner, quiz, ["Mars"]), take(other_learner, quiz, ["Jupiter"])
    question = Question.objects.select_related("current").get(identity="planet-terbesar")
    mended = question.current
    mended.pk, mended.number = None, 2
    mended.choices = [one | {"right": one["text"] == "Mars"} for one in mended.choices]
    mended.save()
    Question.objects.filter(pk=question.pk).update(current=mended)
    question.refresh_from_db()

    told = {one.attempt.pk: (one.before, one.after) for one in corrections.regrade_trials(question)}
    assert told == {wrong.pk: (0, 50), right.pk: (50, 0)}
    assert corrections.regrade(question, why) == 2
    assert {one.pk: one.grade for one in Attempt.objects.all()} == {wrong.pk: 50, right.pk: 0}
    assert corrections.regrade_trials(question) == []
    assert Response.objects.filter(graded_with=mended).count() == 2


def mend(question: Question, **key) -> None:
    """Give a question another key, as a load does that keeps what was graded."""
    version = question.current
    version.pk, version.number = None, version.number + 1
    for name, value in key.items():
        setattr(version, name, value)
    version.save()
    Question.objects.filter(pk=question.pk).update(current=version)
    question.refresh_from_db()


def turned(question: Question) -> list[dict]:
    """The choices of a question with right and wrong the other way round."""
    return [one | {"right": not one["right"]} for one in question.current.choices]


@pytest.fixture
def strict():
    """A quiz whose late attempts do not count; the average does."""
    return a_quiz(TWO, front_matter="time_limit: 10\nlate: abandon\ncounts: average\n")


def abandoned(learner, quiz, *answers: str) -> Attempt:
    attempt = attempts.start(learner, quiz, now=NOON)
    for slot, answer in enumerate(answers, start=1):
        give(attempt, slot, answer)
    attempts.close_late(Attempt.objects.all(), now=at(20))
    attempt.refresh_from_db()
    assert attempt.is_abandoned
    return attempt


@pytest.mark.parametrize("answer", ["Mars", "Jupiter"])
def test_grading_again_gives_no_grade_to_what_was_never_submitted(learner, strict, why, answer):
    left = abandoned(learner, strict, answer)
    taken = take(learner, strict, ["Mars", ["Saturnus", "Uranus"]], now=at(30))
    question = strict.questions.select_related("current").get(identity="planet-terbesar")
    mend(question, choices=turned(question))
    corrections.regrade(question, why)
    left.refresh_from_db()
    taken.refresh_from_db()
    assert (left.grade, left.passed_at, taken.grade) == (None, None, 100)
    assert Enrolment.objects.get().passed_at == at(60)
    assert not left.responses.exclude(mark=None).exists()


def test_what_was_never_submitted_has_no_mark_by_hand(learner, strict, why):
    left = abandoned(learner, strict, "Mars")
    with pytest.raises(corrections.Impossible, match="not-submitted"):
        corrections.give_mark(left.responses.get(slot=1), Fraction(1), why)
    assert kinds() == []


def test_a_deleted_attempt_stands_in_no_figure_and_comes_back_graded_like_the_others(learner, quiz, why):
    attempt = take(learner, quiz, ["Mars"])
    corrections.delete(attempt, why)
    question = quiz.questions.select_related("current").get(identity="planet-terbesar")
    mend(question, choices=turned(question))
    assert corrections.regrade(question, why) == 0

    corrections.restore(attempt, why)
    assert Attempt.objects.get().grade == 50
    assert Regrade.objects.get().mark_before == 0


def test_a_deleted_attempt_comes_back_with_full_marks_that_others_were_given(learner, quiz, why):
    attempt = take(learner, quiz, ["Mars", ["Saturnus", "Uranus"]])
    corrections.delete(attempt, why)
    corrections.give_full_marks(Question.objects.get(identity="planet-terbesar"), why)
    assert Enrolment.objects.get().passed_at is None

    corrections.restore(attempt, why)
    assert (Attempt.objects.get().grade, Enrolment.objects.get().passed_at) == (100, at(60))


def test_who_could_make_one_choice_has_it_all_with_any_that_is_right_now(learner, other_learner, quiz, why):
    right, wrong = take(learner, quiz, ["Jupiter"]), attempts.start(other_learner, quiz, now=NOON)
    give(wrong, 1, "Mars")
    question = quiz.questions.select_related("current").get(identity="planet-terbesar")
    both = [one | {"right": True} for one in question.current.choices]
    mend(question, choices=both, kind="multiple")

    assert corrections.regrade_trials(question) == []
    corrections.regrade(question, why)
    attempts.submit(wrong, now=at(90))
    right.refresh_from_db()
    assert [right.grade, Attempt.objects.get(pk=wrong.pk).grade] == [50, 50]
    assert figures.answers_to(question).right == 2


def test_a_mark_by_hand_stays_the_same_part_of_the_points(learner, quiz, why):
    attempt = take(learner, quiz, ["Mars", ["Saturnus", "Uranus"]])
    corrections.give_mark(attempt.responses.get(slot=1), Fraction(1, 2), why)
    question = quiz.questions.select_related("current").get(identity="planet-terbesar")
    mend(question, points=Fraction(4))
    told = [(one.before, one.after) for one in corrections.regrade_trials(question)]
    corrections.regrade(question, why)
    attempt.refresh_from_db()
    assert (attempt.mark, attempt.max_mark) == (3, 5)
    assert told == [(75, 60)]
    corrections.regrade(question, why)
    assert attempt.responses.get(slot=1).mark == 2


def test_a_mark_by_hand_goes_with_the_answer_that_it_was_for(learner, quiz, why):
    attempt = take(learner, quiz, ["Mars", "Venus"])
    corrections.give_mark(attempt.responses.get(slot=1), Fraction(1, 2), why)
    corrections.give_mark(attempt.responses.get(slot=2), Fraction(1, 2), why)
    corrections.reopen(attempt, why)
    attempt.refresh_from_db()
    give(attempt, 1, "Jupiter", now=at(61))
    give(attempt, 2, "Venus", now=at(62))
    assert attempts.submit(attempt, now=at(63)).grade == 75
    gone = Correction.objects.get(kind="mark_void")
    assert (gone.slot, gone.before, gone.made_at) == (1, Fraction(1, 2), at(61))


def test_who_had_a_grade_keeps_one_when_an_attempt_is_opened_again(learner, strict, why):
    attempt = take(learner, strict, ["Jupiter", ["Saturnus", "Uranus"]])
    corrections.reopen(attempt, why, minutes=10)
    attempts.close_late(Attempt.objects.all(), now=at(90))
    attempt.refresh_from_db()
    assert (attempt.grade, attempt.submitted_at) == (100, at(70))


def test_an_attempt_that_was_never_submitted_has_its_grace_when_it_is_opened_again(learner, why):
    quiz = a_quiz(TWO, front_matter="time_limit: 10\nlate: grace\ngrace: 5\n")
    attempt = abandoned(learner, quiz, "Jupiter")
    corrections.reopen(attempt, why, minutes=10)
    attempt.refresh_from_db()
    assert (attempt.deadline, attempt.overdue_until) == (at(70), at(75))


def test_a_deleted_attempt_is_brought_back(learner, quiz, why):
    attempt = take(learner, quiz, ["Jupiter", ["Saturnus", "Uranus"]])
    corrections.delete(attempt, why)
    corrections.restore(attempt, why)
    assert (Attempt.objects.get().grade, Enrolment.objects.get().passed_at) == (100, at(60))
    assert kinds() == ["deleted", "restored"]


def test_no_second_attempt_is_under_way_by_bringing_one_back(learner, quiz, why):
    first = attempts.start(learner, quiz, now=NOON)
    corrections.delete(first, why)
    attempts.start(learner, quiz, now=at(5))
    with pytest.raises(corrections.Impossible, match="other-open"):
        corrections.restore(first, why)


def test_nothing_is_applied_that_was_not_shown(learner, quiz, why):
    take(learner, quiz, ["Mars"])
    question = quiz.questions.select_related("current").get(identity="planet-terbesar")
    mend(question, choices=turned(question))
    sign = corrections.sign_of(question, corrections.regrade_trials(question))
    mend(question, choices=[one | {"right": True} for one in question.current.choices])
    with pytest.raises(corrections.Impossible, match="otherwise"):
        corrections.regrade(question, why, shown=sign)
    assert (kinds(), Attempt.objects.get().grade) == ([], 0)


def test_answers_that_the_current_key_cannot_grade_are_counted(learner, quiz, why):
    take(learner, quiz, ["Mars"])
    question = quiz.questions.select_related("current").get(identity="planet-terbesar")
    assert corrections.asked_otherwise(question) == 0
    mend(question, kind="short", choices=[], answers=[{"text": "Jupiter"}])
    assert corrections.asked_otherwise(question) == 1


def test_an_attempt_tells_all_that_changed_its_marks(learner, quiz, why):
    attempt = take(learner, quiz, ["Mars", "Venus"])
    question = quiz.questions.select_related("current").get(identity="planet-terbesar")
    mend(question, choices=turned(question))
    corrections.regrade(question, why)
    corrections.give_full_marks(quiz.questions.get(identity="planet-luar"), why)
    told = [(note.slot, note.before, note.reason) for note in corrections.notes_on(attempt)]
    assert sorted(told) == [(1, 0, why.reason), (2, None, why.reason)]


def full_marks(question: Question, why: Why) -> None:
    corrections.give_full_marks(question, why)


def no_full_marks(question: Question, why: Why) -> None:
    corrections.give_full_marks(question, why)
    corrections.take_full_marks_back(question, why)


@pytest.mark.parametrize("deed", [corrections.regrade, full_marks, no_full_marks])
def test_what_is_corrected_for_all_takes_as_many_queries_for_one_as_for_many(quiz, why, deed):
    def queries(crowd: int) -> int:
        start = transaction.savepoint()
        question = quiz.questions.select_related("current").get(identity="planet-terbesar")
        for number in range(crowd):
            who = User.objects.create(email=f"peserta{number}@example.com")
            take(who, quiz, ["Mars", ["Saturnus", "Uranus"]])
        mend(question, choices=turned(question))
        with CaptureQueriesContext(connection) as asked:
            deed(question, why)
        passed = Enrolment.objects.filter(passed_at=at(60)).count()
        assert passed == (0 if deed is no_full_marks else crowd)
        transaction.savepoint_rollback(start)
        return len(asked)

    assert queries(1) == queries(12)
