"""Tests corrections of attempts and marks: closing, reopening, deleting, manual marks, full marks and regrading."""

from fractions import Fraction

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from modules.insights import figures
from modules.models import Attempt, Correction, Enrolment, Question, Regrade, Response
from modules.quizzes import attempts, corrections, trials
from modules.quizzes.corrections import Why
from tests.cast import NOON, a_quiz, at, give, take

pytestmark = pytest.mark.django_db

TWO_QUESTIONS = """\
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
    return a_quiz(TWO_QUESTIONS)


def kinds() -> list[str]:
    return list(Correction.objects.values_list("kind", flat=True))


def test_closing_an_attempt_submits_saved_answers(learner, quiz, why):
    attempt = attempts.start(learner, quiz, now=NOON)
    give(attempt, 1, "Jupiter")
    corrections.close(attempt, why)
    attempt.refresh_from_db()
    assert (attempt.grade, attempt.submitted_at) == (50, at(60))
    correction = Correction.objects.get()
    assert (correction.kind, correction.reason, correction.made_by, correction.attempt) == (
        "closed",
        why.reason,
        why.by,
        attempt,
    )
    with pytest.raises(corrections.Impossible, match="closed"):
        corrections.close(attempt, why)


def test_reopened_attempt_keeps_its_answers(learner, quiz, why):
    attempt = take(learner, quiz, ["Jupiter", ["Saturnus", "Uranus"]])
    corrections.reopen(attempt, why, minutes=10)

    assert Enrolment.objects.get().passed_at is None
    assert Correction.objects.get().before == 100
    reopened = attempts.start(learner, quiz, now=at(61))
    assert (reopened, reopened.deadline) == (attempt, at(70))
    give(reopened, 2, "Saturnus", now=at(62))
    assert attempts.submit(reopened, now=at(63)).grade == 75
    assert Enrolment.objects.get().passed_at == at(63)


def test_reopening_keeps_module_finished(learner, quiz, why):
    attempt = take(learner, quiz, ["Jupiter", ["Saturnus", "Uranus"]])
    Enrolment.objects.update(finished_at=NOON)
    corrections.reopen(attempt, why)
    assert Enrolment.objects.get().finished_at == NOON


def test_reopening_is_refused_during_open_attempt(learner, quiz, why):
    first = take(learner, quiz, ["Mars"])
    attempts.start(learner, quiz, now=at(5))
    with pytest.raises(corrections.Impossible, match="other-open"):
        corrections.reopen(first, why)
    assert kinds() == []


def test_deleted_attempt_stops_counting_but_is_kept(learner, why):
    single_attempt_quiz = a_quiz(TWO_QUESTIONS, front_matter="attempts: 1\n")
    attempt = take(learner, single_attempt_quiz, ["Jupiter", ["Saturnus", "Uranus"]])
    corrections.delete(attempt, why)

    assert not Attempt.objects.exists()
    assert Enrolment.objects.get().passed_at is None
    assert Attempt.with_deleted.get().responses.count() == 2
    assert attempts.start(learner, single_attempt_quiz, now=at(61)).number == 2
    assert Correction.objects.get().before == 100


def test_deleting_open_attempt_allows_a_new_one(learner, quiz, why):
    corrections.delete(attempts.start(learner, quiz, now=NOON), why)
    assert attempts.start(learner, quiz, now=at(61)).number == 2


def test_manual_mark_replaces_key_until_undone(learner, quiz, why):
    attempt = take(learner, quiz, ["Mars", ["Saturnus", "Uranus"]])
    response = attempt.responses.get(slot=1)
    corrections.give_mark(response, Fraction(1, 2), why)
    attempt.refresh_from_db()
    assert (attempt.grade, attempt.is_passed, Enrolment.objects.get().passed_at) == (75, True, at(60))

    corrections.give_mark(response, None, why)
    attempt.refresh_from_db()
    assert (attempt.grade, attempt.is_passed, Enrolment.objects.get().passed_at) == (50, False, None)
    assert kinds() == ["mark", "mark_undone"]
    assert [correction.before for correction in Correction.objects.all()] == [0, Fraction(1, 2)]


def test_manual_mark_survives_regrading(learner, quiz, why):
    attempt = take(learner, quiz, ["Mars"])
    corrections.give_mark(attempt.responses.get(slot=1), Fraction(1), why)
    corrections.regrade(Question.objects.get(identity="planet-terbesar"), why)
    assert attempt.responses.get(slot=1).mark == 1


def test_full_marks_apply_to_all_until_undone(learner, other_learner, quiz, why):
    attempt = take(learner, quiz, ["Mars"])
    question = Question.objects.get(identity="planet-terbesar")
    changes = [(trial.before, trial.after) for trial in trials.trials_of_full_marks(question, why.now)]
    corrections.give_full_marks(question, why)
    attempt.refresh_from_db()
    assert attempt.grade == 50
    assert changes == [(0, 50)]
    effect_of_undoing = trials.effect_of(trials.trials_of_full_marks(question, None))
    assert (effect_of_undoing.attempts, effect_of_undoing.up, effect_of_undoing.down) == (1, 0, 1)
    assert take(other_learner, quiz, ["Mars"], now=at(70)).grade == 50

    corrections.take_full_marks_back(question, why)
    assert [attempt.grade for attempt in Attempt.objects.all()] == [0, 0]
    assert kinds() == ["full_marks", "full_marks_undone"]


def test_regrade_trials_list_changed_grades(learner, other_learner, quiz, why):
    wrong, right = take(learner, quiz, ["Mars"]), take(other_learner, quiz, ["Jupiter"])
    question = Question.objects.select_related("current").get(identity="planet-terbesar")
    version = question.current
    version.pk, version.number = None, 2
    version.choices = [choice | {"right": choice["text"] == "Mars"} for choice in version.choices]
    version.save()
    Question.objects.filter(pk=question.pk).update(current=version)
    question.refresh_from_db()

    changes = {trial.attempt: (trial.before, trial.after) for trial in corrections.regrade_trials(question)}
    assert changes == {wrong.pk: (0, 50), right.pk: (50, 0)}
    assert corrections.regrade(question, why) == 2
    assert {attempt.pk: attempt.grade for attempt in Attempt.objects.all()} == {wrong.pk: 50, right.pk: 0}
    assert corrections.regrade_trials(question) == []
    assert Response.objects.filter(graded_with=version).count() == 2


def change_version(question: Question, **key) -> None:
    """Adds a version to a question, as loading a document does, and leaves its graded responses alone."""
    version = question.current
    version.pk, version.number = None, version.number + 1
    for name, value in key.items():
        setattr(version, name, value)
    version.save()
    Question.objects.filter(pk=question.pk).update(current=version)
    question.refresh_from_db()


def inverted_choices(question: Question) -> list[dict]:
    """Returns the choices of a question with right and wrong exchanged."""
    return [choice | {"right": not choice["right"]} for choice in question.current.choices]


@pytest.fixture
def strict_quiz():
    """Returns a quiz that abandons late attempts and counts the average grade."""
    return a_quiz(TWO_QUESTIONS, front_matter="time_limit: 10\nlate: abandon\ncounts: average\n")


def abandoned_attempt(learner, quiz, *answers: str) -> Attempt:
    attempt = attempts.start(learner, quiz, now=NOON)
    for slot, answer in enumerate(answers, start=1):
        give(attempt, slot, answer)
    attempts.close_late(Attempt.objects.all(), now=at(20))
    attempt.refresh_from_db()
    assert attempt.is_abandoned
    return attempt


@pytest.mark.parametrize("answer", ["Mars", "Jupiter"])
def test_regrading_leaves_abandoned_attempts_ungraded(learner, strict_quiz, why, answer):
    unsubmitted = abandoned_attempt(learner, strict_quiz, answer)
    submitted = take(learner, strict_quiz, ["Mars", ["Saturnus", "Uranus"]], now=at(30))
    question = strict_quiz.questions.select_related("current").get(identity="planet-terbesar")
    change_version(question, choices=inverted_choices(question))
    corrections.regrade(question, why)
    unsubmitted.refresh_from_db()
    submitted.refresh_from_db()
    assert (unsubmitted.grade, unsubmitted.passed_at, submitted.grade) == (None, None, 100)
    assert Enrolment.objects.get().passed_at == at(60)
    assert not unsubmitted.responses.exclude(mark=None).exists()


def test_manual_mark_is_refused_for_abandoned_attempt(learner, strict_quiz, why):
    unsubmitted = abandoned_attempt(learner, strict_quiz, "Mars")
    with pytest.raises(corrections.Impossible, match="not-submitted"):
        corrections.give_mark(unsubmitted.responses.get(slot=1), Fraction(1), why)
    assert kinds() == []


def test_restored_attempt_is_graded_with_current_key(learner, quiz, why):
    attempt = take(learner, quiz, ["Mars"])
    corrections.delete(attempt, why)
    question = quiz.questions.select_related("current").get(identity="planet-terbesar")
    change_version(question, choices=inverted_choices(question))
    assert corrections.regrade(question, why) == 0

    corrections.restore(attempt, why)
    assert Attempt.objects.get().grade == 50
    assert Regrade.objects.get().mark_before == 0


def test_restored_attempt_gets_full_marks_given_meanwhile(learner, quiz, why):
    attempt = take(learner, quiz, ["Mars", ["Saturnus", "Uranus"]])
    corrections.delete(attempt, why)
    corrections.give_full_marks(Question.objects.get(identity="planet-terbesar"), why)
    assert Enrolment.objects.get().passed_at is None

    corrections.restore(attempt, why)
    assert (Attempt.objects.get().grade, Enrolment.objects.get().passed_at) == (100, at(60))


def test_single_choice_answer_is_right_after_question_becomes_multiple(learner, other_learner, quiz, why):
    right, wrong = take(learner, quiz, ["Jupiter"]), attempts.start(other_learner, quiz, now=NOON)
    give(wrong, 1, "Mars")
    question = quiz.questions.select_related("current").get(identity="planet-terbesar")
    all_right = [choice | {"right": True} for choice in question.current.choices]
    change_version(question, choices=all_right, kind="multiple")

    assert corrections.regrade_trials(question) == []
    corrections.regrade(question, why)
    attempts.submit(wrong, now=at(90))
    right.refresh_from_db()
    assert [right.grade, Attempt.objects.get(pk=wrong.pk).grade] == [50, 50]
    assert figures.answers_to(question).right == 2


def test_manual_mark_scales_with_points(learner, quiz, why):
    attempt = take(learner, quiz, ["Mars", ["Saturnus", "Uranus"]])
    corrections.give_mark(attempt.responses.get(slot=1), Fraction(1, 2), why)
    question = quiz.questions.select_related("current").get(identity="planet-terbesar")
    change_version(question, points=Fraction(4))
    changes = [(trial.before, trial.after) for trial in corrections.regrade_trials(question)]
    corrections.regrade(question, why)
    attempt.refresh_from_db()
    assert (attempt.mark, attempt.max_mark) == (3, 5)
    assert changes == [(75, 60)]
    corrections.regrade(question, why)
    assert attempt.responses.get(slot=1).mark == 2


def test_manual_mark_is_void_when_answer_changes(learner, quiz, why):
    attempt = take(learner, quiz, ["Mars", "Venus"])
    corrections.give_mark(attempt.responses.get(slot=1), Fraction(1, 2), why)
    corrections.give_mark(attempt.responses.get(slot=2), Fraction(1, 2), why)
    corrections.reopen(attempt, why)
    attempt.refresh_from_db()
    give(attempt, 1, "Jupiter", now=at(61))
    give(attempt, 2, "Venus", now=at(62))
    assert attempts.submit(attempt, now=at(63)).grade == 75
    void = Correction.objects.get(kind="mark_void")
    assert (void.slot, void.before, void.made_at) == (1, Fraction(1, 2), at(61))


def test_reopened_attempt_is_submitted_when_late(learner, strict_quiz, why):
    attempt = take(learner, strict_quiz, ["Jupiter", ["Saturnus", "Uranus"]])
    corrections.reopen(attempt, why, minutes=10)
    attempts.close_late(Attempt.objects.all(), now=at(90))
    attempt.refresh_from_db()
    assert (attempt.grade, attempt.submitted_at) == (100, at(70))


def test_reopened_abandoned_attempt_has_its_grace(learner, why):
    grace_quiz = a_quiz(TWO_QUESTIONS, front_matter="time_limit: 10\nlate: grace\ngrace: 5\n")
    attempt = abandoned_attempt(learner, grace_quiz, "Jupiter")
    corrections.reopen(attempt, why, minutes=10)
    attempt.refresh_from_db()
    assert (attempt.deadline, attempt.overdue_until) == (at(70), at(75))


def test_restored_attempt_counts_again(learner, quiz, why):
    attempt = take(learner, quiz, ["Jupiter", ["Saturnus", "Uranus"]])
    corrections.delete(attempt, why)
    corrections.restore(attempt, why)
    assert (Attempt.objects.get().grade, Enrolment.objects.get().passed_at) == (100, NOON)
    assert kinds() == ["deleted", "restored"]


def test_restoring_is_refused_during_open_attempt(learner, quiz, why):
    first = attempts.start(learner, quiz, now=NOON)
    corrections.delete(first, why)
    attempts.start(learner, quiz, now=at(5))
    with pytest.raises(corrections.Impossible, match="other-open"):
        corrections.restore(first, why)


def test_regrade_is_refused_when_shown_effect_changed(learner, quiz, why):
    take(learner, quiz, ["Mars"])
    question = quiz.questions.select_related("current").get(identity="planet-terbesar")
    change_version(question, choices=inverted_choices(question))
    sign = corrections.sign_of(question, corrections.regrade_trials(question))
    change_version(question, choices=[choice | {"right": True} for choice in question.current.choices])
    with pytest.raises(corrections.Impossible, match="otherwise"):
        corrections.regrade(question, why, shown=sign)
    assert (kinds(), Attempt.objects.get().grade) == ([], 0)


def test_answers_outside_current_key_are_counted(learner, quiz, why):
    take(learner, quiz, ["Mars"])
    question = quiz.questions.select_related("current").get(identity="planet-terbesar")
    assert corrections.asked_otherwise(question) == 0
    change_version(question, kind="short", choices=[], answers=[{"text": "Jupiter"}])
    assert corrections.asked_otherwise(question) == 1


def test_notes_list_all_changes_of_marks(learner, quiz, why):
    attempt = take(learner, quiz, ["Mars", "Venus"])
    question = quiz.questions.select_related("current").get(identity="planet-terbesar")
    change_version(question, choices=inverted_choices(question))
    corrections.regrade(question, why)
    corrections.give_full_marks(quiz.questions.get(identity="planet-luar"), why)
    notes = [(note.slot, note.before, note.reason) for note in corrections.notes_on(attempt)]
    assert sorted(notes) == [(1, 0, why.reason), (2, None, why.reason)]


def grant_full_marks(question: Question, why: Why) -> None:
    corrections.give_full_marks(question, why)


def grant_and_undo_full_marks(question: Question, why: Why) -> None:
    corrections.give_full_marks(question, why)
    corrections.take_full_marks_back(question, why)


@pytest.mark.parametrize("correct", [corrections.regrade, grant_full_marks, grant_and_undo_full_marks])
def test_correction_query_count_ignores_number_of_attempts(quiz, why, correct):
    def queries(attempt_count: int) -> int:
        start = transaction.savepoint()
        question = quiz.questions.select_related("current").get(identity="planet-terbesar")
        for number in range(attempt_count):
            learner = User.objects.create(email=f"peserta{number}@example.com")
            take(learner, quiz, ["Mars", ["Saturnus", "Uranus"]])
        change_version(question, choices=inverted_choices(question))
        with CaptureQueriesContext(connection) as captured:
            correct(question, why)
        passed_count = Enrolment.objects.filter(passed_at=at(60)).count()
        assert passed_count == (0 if correct is grant_and_undo_full_marks else attempt_count)
        transaction.savepoint_rollback(start)
        return len(captured)

    assert queries(1) == queries(12)
