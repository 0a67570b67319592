"""Tests that a correction takes back what an attempt earned, and that undoing it gives the same dates back."""

from fractions import Fraction

import pytest

from modules.models import Attempt, Enrolment, Question, Quiz, Revocation
from modules.quizzes import attempts, corrections, revocations
from modules.quizzes.corrections import Why
from modules.reading import progress
from tests.cast import a_quiz, at, take
from tests.quizzes.test_corrections import TWO_QUESTIONS, change_version, inverted_choices

pytestmark = pytest.mark.django_db

RIGHT = ["Jupiter", ["Saturnus", "Uranus"]]  # 100
HALF = ["Mars", ["Saturnus", "Uranus"]]  # 50; the pass mark is 70
WRONG = ["Mars", "Venus"]  # 0


@pytest.fixture
def quiz():
    return a_quiz(TWO_QUESTIONS)


def because(instructor, minutes: float) -> Why:
    return Why(instructor, "Salinan jawaban", at(minutes))


def read(learner, quiz: Quiz, minutes: float) -> None:
    section = quiz.module.sections.select_related("module").get()
    progress.record_reading(learner, section, now=at(minutes))


def dates() -> tuple:
    return Enrolment.objects.values_list("passed_at", "finished_at").get()


def counting(counts: str, quiz: Quiz) -> Quiz:
    Quiz.objects.filter(pk=quiz.pk).update(counts=counts)
    return Quiz.objects.select_related("module").get(pk=quiz.pk)


def taken(learner, quiz: Quiz, *given: list) -> list[Attempt]:
    """Reads the section at minute 1, and submits attempts at minutes 10, 20 and so on."""
    read(learner, quiz, 1)
    return [take(learner, quiz, answers, now=at(10 * (n + 1))) for n, answers in enumerate(given)]


def give_mark(attempt: Attempt, mark: Fraction | None, why: Why) -> None:
    attempt.refresh_from_db()
    corrections.give_mark(attempt.responses.get(slot=1), mark, why)


# ------------------------------------------------------------------------------------------- one attempt


@pytest.mark.parametrize("counts", list(Quiz.Counts))
def test_deleted_attempt_takes_pass_and_finish_until_restored(learner, instructor, quiz, counts):
    (attempt,) = taken(learner, counting(counts, quiz), RIGHT)
    assert dates() == (at(10), at(10))
    assert revocations.of_deleting(attempt).taken == revocations.Dates(at(10), at(10))
    corrections.delete(attempt, because(instructor, 60))
    assert dates() == (None, None)
    attempt.refresh_from_db(from_queryset=Attempt.with_deleted)
    assert revocations.of_restoring(attempt).given == revocations.Dates(at(10), at(10))
    corrections.restore(attempt, because(instructor, 70))
    assert dates() == (at(10), at(10))


@pytest.mark.parametrize("counts", list(Quiz.Counts))
def test_attempt_marked_down_takes_pass_and_finish_until_marked_up(learner, instructor, quiz, counts):
    (attempt,) = taken(learner, counting(counts, quiz), RIGHT)
    give_mark(attempt, Fraction(0), because(instructor, 60))
    assert dates() == (None, None)
    give_mark(attempt, None, because(instructor, 70))
    assert dates() == (at(10), at(10))


def test_dates_return_after_every_round(learner, instructor, quiz):
    (attempt,) = taken(learner, quiz, RIGHT)
    for round_ in range(3):
        corrections.delete(attempt, because(instructor, 60 + round_))
        assert dates() == (None, None)
        corrections.restore(attempt, because(instructor, 60 + round_))
        give_mark(attempt, Fraction(0), because(instructor, 60 + round_))
        assert dates() == (None, None)
        give_mark(attempt, Fraction(1), because(instructor, 60 + round_))
        assert dates() == (at(10), at(10))
    assert not Revocation.objects.filter(given_back_at=None).exists()


def test_attempt_marked_down_and_deleted_returns_without_pass(learner, instructor, quiz):
    (attempt,) = taken(learner, quiz, RIGHT)
    give_mark(attempt, Fraction(0), because(instructor, 60))
    corrections.delete(attempt, because(instructor, 61))
    corrections.restore(attempt, because(instructor, 62))
    assert dates() == (None, None)
    give_mark(attempt, None, because(instructor, 63))
    assert dates() == (at(10), at(10))


def test_mark_that_still_passes_takes_nothing(learner, instructor, quiz):
    (attempt,) = taken(learner, quiz, RIGHT)
    give_mark(attempt, Fraction(1, 2), because(instructor, 60))
    assert (dates(), Revocation.objects.count()) == ((at(10), at(10)), 0)


def test_pass_without_finish_is_taken_and_given_back(learner, instructor, quiz):
    attempt = take(learner, quiz, RIGHT, now=at(10))
    corrections.delete(attempt, because(instructor, 60))
    assert dates() == (None, None)
    corrections.restore(attempt, because(instructor, 70))
    assert dates() == (at(10), None)


def test_reopened_and_deleted_attempt_takes_the_finish(learner, instructor, quiz):
    (attempt,) = taken(learner, quiz, RIGHT)
    corrections.reopen(attempt, because(instructor, 60))
    assert dates() == (None, at(10))
    corrections.delete(attempt, because(instructor, 61))
    assert dates() == (None, None)
    corrections.restore(attempt, because(instructor, 62))
    assert dates() == (None, at(10))


# -------------------------------------------------------------------------------------- several attempts

# For each rule, the grades of two attempts, the attempt that is deleted, and what the learner has after that.
SEVERAL = [
    ("highest", (RIGHT, HALF), 0, (None, None)),
    ("highest", (RIGHT, HALF), 1, (10, 10)),
    ("highest", (RIGHT, RIGHT), 0, (10, 10)),
    ("highest", (HALF, RIGHT), 0, (20, 20)),
    ("highest", (HALF, RIGHT), 1, (None, None)),
    ("first", (RIGHT, HALF), 0, (None, None)),
    ("first", (RIGHT, HALF), 1, (10, 10)),
    ("first", (HALF, RIGHT), 1, (None, None)),
    ("last", (RIGHT, HALF), 0, (None, None)),
    ("last", (RIGHT, RIGHT), 1, (10, 10)),
    ("last", (HALF, RIGHT), 1, (None, None)),
    ("average", (RIGHT, HALF), 0, (None, None)),
    ("average", (RIGHT, HALF), 1, (10, 10)),
    ("average", (RIGHT, WRONG), 0, (None, None)),
]


def moments(minutes: tuple) -> tuple:
    return tuple(None if minute is None else at(minute) for minute in minutes)


@pytest.mark.parametrize(("counts", "given", "deleted", "left"), SEVERAL)
def test_deleting_one_of_two_attempts(learner, instructor, quiz, counts, given, deleted, left):
    made = taken(learner, counting(counts, quiz), *given)
    before = dates()
    corrections.delete(made[deleted], because(instructor, 60))
    assert dates() == moments(left)
    corrections.restore(made[deleted], because(instructor, 70))
    assert dates() == before


@pytest.mark.parametrize("counts", list(Quiz.Counts))
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("back", [(0, 1), (1, 0)])
def test_order_of_deleting_and_restoring_makes_no_difference(learner, instructor, quiz, counts, order, back):
    made = taken(learner, counting(counts, quiz), RIGHT, RIGHT)
    for number in order:
        corrections.delete(made[number], because(instructor, 60))
    assert dates() == (None, None)
    for number in back:
        corrections.restore(made[number], because(instructor, 70))
        assert dates() == (at(10), at(10))


def test_deleted_attempt_that_earned_nothing_takes_nothing(learner, instructor, quiz):
    made = taken(learner, counting("last", quiz), HALF, RIGHT, HALF)
    assert dates() == (None, at(20))
    corrections.delete(made[0], because(instructor, 60))
    assert dates() == (None, at(20))
    corrections.delete(made[1], because(instructor, 61))
    assert dates() == (None, None)


def test_last_attempt_marked_down_takes_the_finish(learner, instructor, quiz):
    made = taken(learner, counting("last", quiz), RIGHT, RIGHT)
    give_mark(made[1], Fraction(0), because(instructor, 60))
    assert dates() == (None, None)
    give_mark(made[1], Fraction(1), because(instructor, 70))
    assert dates() == (at(10), at(10))


def test_new_pass_after_a_deletion_has_its_own_date(learner, instructor, quiz):
    (first,) = taken(learner, quiz, RIGHT)
    corrections.delete(first, because(instructor, 60))
    take(learner, quiz, RIGHT, now=at(90))
    assert dates() == (at(90), at(90))
    corrections.restore(first, because(instructor, 100))
    assert dates() == (at(10), at(10))


def test_later_attempt_marked_up_does_not_get_earlier_dates(learner, instructor, quiz):
    (first,) = taken(learner, quiz, RIGHT)
    corrections.delete(first, because(instructor, 60))
    second = take(learner, quiz, HALF, now=at(90))
    give_mark(second, Fraction(1), because(instructor, 100))
    assert dates() == (at(100), at(100))


# ---------------------------------------------------------------------------- corrections that are undone

LAST, FIRST, AVERAGE, HIGHEST = Quiz.Counts.LAST, Quiz.Counts.FIRST, Quiz.Counts.AVERAGE, Quiz.Counts.HIGHEST


def correct(steps: list[tuple], instructor) -> None:
    """Makes corrections of attempts, minute by minute: a mark for the first question, or whether it is deleted."""
    for minute, (number, step) in enumerate(steps, start=60):
        attempt, why = Attempt.with_deleted.get(number=number), because(instructor, minute)
        if step in ("delete", "restore"):
            getattr(corrections, step)(attempt, why)
        else:
            give_mark(attempt, step, why)


# For each rule, the grades of attempts, corrections that are undone in the end, and the dates before and after them.
UNDONE = [
    (LAST, (RIGHT, HALF), [(2, Fraction(1)), (2, None)], (None, 10)),
    (LAST, (RIGHT, HALF), [(1, Fraction(0)), (1, None)], (None, 10)),
    (LAST, (RIGHT, HALF), [(1, "delete"), (1, "restore")], (None, 10)),
    (LAST, (HALF, HALF), [(2, Fraction(1)), (2, None)], (None, None)),
    (LAST, (RIGHT, HALF, RIGHT), [(3, "delete"), (3, "restore")], (30, 10)),
    (FIRST, (HALF, RIGHT), [(1, "delete"), (1, "restore")], (None, None)),
    (FIRST, (RIGHT, HALF), [(1, "delete"), (2, Fraction(1)), (1, "restore"), (2, None)], (10, 10)),
    (AVERAGE, (WRONG, RIGHT), [(1, "delete"), (1, "restore")], (None, None)),
    (AVERAGE, (HALF, WRONG), [(1, Fraction(1)), (2, "delete"), (2, "restore"), (1, None)], (None, None)),
    (AVERAGE, (RIGHT, WRONG), [(1, "delete"), (2, Fraction(1)), (1, "restore"), (2, None)], (None, 10)),
    (
        AVERAGE,
        (RIGHT, HALF),
        [(2, Fraction(0)), (1, "delete"), (1, "restore"), (2, "delete"), (2, "restore"), (2, None)],
        (10, 10),
    ),
    (HIGHEST, (HALF, RIGHT), [(1, Fraction(1)), (2, "delete"), (1, None), (2, "restore")], (20, 20)),
]


@pytest.mark.parametrize(("counts", "given", "steps", "left"), UNDONE)
def test_undone_corrections_leave_the_first_dates(learner, instructor, quiz, counts, given, steps, left):
    taken(learner, counting(counts, quiz), *given)
    assert dates() == moments(left)
    correct(steps, instructor)
    assert dates() == moments(left)


@pytest.mark.parametrize("counts", [LAST, AVERAGE])
def test_finish_of_a_raised_mark_goes_with_it(learner, instructor, quiz, counts):
    taken(learner, counting(counts, quiz), HALF)
    correct([(1, Fraction(1))], instructor)
    assert dates() == (at(60), at(60))
    take(learner, counting(counts, quiz), WRONG, now=at(70))
    assert dates() == (None, at(60))
    give_mark(Attempt.objects.get(number=1), None, because(instructor, 80))
    assert dates() == (None, None)


def test_earlier_pass_date_returns_although_the_learner_passes(learner, instructor, quiz):
    taken(learner, counting(AVERAGE, quiz), RIGHT, HALF)
    correct([(2, Fraction(0))], instructor)
    second = Attempt.objects.get(number=2)
    corrections.give_mark(second.responses.get(slot=2), Fraction(0), because(instructor, 61))
    take(learner, quiz, RIGHT, now=at(70))
    take(learner, quiz, RIGHT, now=at(80))
    assert dates() == (at(80), at(80))
    correct([(2, None)], instructor)
    corrections.give_mark(second.responses.get(slot=2), None, because(instructor, 90))
    assert dates() == (at(10), at(10))


@pytest.mark.parametrize(
    ("counts", "given"),
    [(HIGHEST, (RIGHT,)), (FIRST, (RIGHT, HALF)), (LAST, (RIGHT, HALF)), (AVERAGE, (RIGHT, WRONG))],
)
@pytest.mark.parametrize("step", [Fraction(0), "delete"])
def test_marking_to_zero_takes_as_much_as_deleting(learner, instructor, quiz, counts, given, step):
    taken(learner, counting(counts, quiz), *given)
    assert Enrolment.objects.get().finished_at == at(10)
    correct([(1, step)], instructor)
    assert dates() == (None, None)


def test_regraded_attempt_marked_down_takes_the_finish(learner, instructor, quiz):
    taken(learner, quiz, RIGHT)
    question = quiz.questions.select_related("current").get(identity="planet-terbesar")
    change_version(question, choices=inverted_choices(question))
    corrections.regrade(question, because(instructor, 60))
    attempt = Attempt.objects.get()
    corrections.give_mark(attempt.responses.get(slot=2), Fraction(0), because(instructor, 61))
    assert dates() == (None, None)
    corrections.give_mark(attempt.responses.get(slot=2), None, because(instructor, 62))
    assert dates() == (None, at(10))


# --------------------------------------------------------------------------- what never takes a finish away


def test_finish_without_a_quiz_stays(learner, instructor, quiz):
    Quiz.objects.update(archived_at=at(0))
    read(learner, quiz, 1)
    Quiz.objects.update(archived_at=None)
    attempt = take(learner, quiz, RIGHT, now=at(10))
    corrections.delete(attempt, because(instructor, 60))
    assert dates() == (None, at(1))


def test_archived_quiz_takes_no_finish(learner, instructor, quiz):
    (attempt,) = taken(learner, quiz, RIGHT)
    Quiz.objects.update(archived_at=at(30))
    corrections.delete(attempt, because(instructor, 60))
    assert dates() == (None, at(10))


def test_regrading_takes_the_pass_and_leaves_the_finish(learner, instructor, quiz):
    taken(learner, quiz, RIGHT)
    question = quiz.questions.select_related("current").get(identity="planet-terbesar")
    change_version(question, choices=inverted_choices(question))
    corrections.regrade(question, because(instructor, 60))
    assert dates() == (None, at(10))


def test_full_marks_withdrawn_leave_the_finish(learner, instructor, quiz):
    taken(learner, quiz, HALF)
    question = Question.objects.get(identity="planet-terbesar")
    corrections.give_full_marks(question, because(instructor, 60))
    assert dates() == (at(60), at(60))
    corrections.take_full_marks_back(question, because(instructor, 70))
    assert (dates(), Revocation.objects.count()) == ((None, at(60)), 0)


def test_restored_attempt_that_was_regraded_keeps_the_finish(learner, instructor, quiz):
    (attempt,) = taken(learner, quiz, RIGHT)
    corrections.delete(attempt, because(instructor, 60))
    question = quiz.questions.select_related("current").get(identity="planet-terbesar")
    change_version(question, choices=inverted_choices(question))
    corrections.regrade(question, because(instructor, 61))
    corrections.restore(attempt, because(instructor, 62))
    assert dates() == (None, at(10))


def test_open_attempt_that_is_deleted_takes_nothing(learner, instructor, quiz):
    taken(learner, quiz, RIGHT)
    corrections.delete(attempts.start(learner, quiz, now=at(30)), because(instructor, 60))
    assert (dates(), Revocation.objects.count()) == ((at(10), at(10)), 0)


# ----------------------------------------------------------------------------------------- the least mark


@pytest.mark.parametrize(
    ("counts", "given", "least"),
    [
        ("highest", (RIGHT,), Fraction(2, 5)),
        ("highest", (RIGHT, RIGHT), None),  # the other one passes too
        ("last", (HALF, RIGHT), Fraction(2, 5)),
        ("highest", (HALF,), None),  # nothing to lose
        ("average", (HALF, RIGHT), Fraction(4, 5)),  # 90 + 50 are 2 times 70
    ],
)
def test_least_mark_that_passes(learner, quiz, counts, given, least):
    attempt = taken(learner, counting(counts, quiz), *given)[-1]
    made = list(Attempt.objects.submitted().select_related("quiz"))
    response = attempt.responses.get(slot=1)
    found = revocations.thresholds(response, made, Enrolment.objects.get())
    assert [threshold.mark for threshold in found] == ([] if least is None else [least])


def test_least_mark_that_keeps_the_finish_of_a_replaced_attempt(learner, quiz):
    attempt = taken(learner, counting("last", quiz), RIGHT, HALF)[0]
    made = list(Attempt.objects.submitted().select_related("quiz"))
    found = revocations.thresholds(attempt.responses.get(slot=1), made, Enrolment.objects.get())
    assert found == [revocations.Threshold(Fraction(2, 5), revocations.Dates(None, at(10)))]


@pytest.mark.parametrize(
    ("counts", "given"), [("last", (RIGHT, HALF)), ("average", (RIGHT, HALF)), ("first", (RIGHT,))]
)
def test_threshold_is_exactly_where_something_is_taken(learner, instructor, quiz, counts, given):
    attempt = taken(learner, counting(counts, quiz), *given)[0]
    before = dates()
    made = list(Attempt.objects.submitted().select_related("quiz"))
    (threshold,) = revocations.thresholds(attempt.responses.get(slot=1), made, Enrolment.objects.get())
    give_mark(attempt, threshold.mark, because(instructor, 60))
    assert dates() == before
    give_mark(attempt, threshold.mark - Fraction(1, 100), because(instructor, 61))
    assert dates() == (None, None)
