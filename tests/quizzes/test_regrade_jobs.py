"""Tests the regrade of a large class: in batches, with other changes meanwhile, and after a kill."""

from fractions import Fraction

import pytest
from django.db import transaction

from modules.models import Attempt, Enrolment, Question, Regrade, RegradeJob, Response, Revision
from modules.quizzes import attempts, completion, corrections, regrade_jobs, trials, withdrawal
from modules.quizzes.corrections import Why
from tests.cast import at, give, run_tasks, take
from tests.large_class import (
    ANSWERS,
    LARGEST,
    OTHER_KEY,
    OUTER,
    TEXT,
    THIRD_KEY,
    a_plan,
    finish,
    load,
    make_four_large,
    step,
    taken_by,
    the_learners,
    the_module,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def large_from_two(monkeypatch):
    make_four_large(monkeypatch)


@pytest.fixture
def module():
    return the_module()


@pytest.fixture
def learners(db):
    return the_learners()


@pytest.fixture
def taken(module, learners):
    return taken_by(learners, module)


@pytest.fixture
def why(instructor):
    return Why(instructor, "Kunci salah", at(60))


def grades() -> list[Fraction | None]:
    return [attempt.grade for attempt in Attempt.with_deleted.order_by("pk")]


def outcomes() -> list[object]:
    """Returns everything that a regrade decides, without its times."""
    return [
        [(row.mark, row.max_mark, row.is_passed) for row in Attempt.with_deleted.order_by("pk")],
        list(
            Response.objects.values_list("mark", "manual_mark", "graded_with__number", "judging").order_by(
                "pk"
            )
        ),
        [(row.passed_at is None, row.finished_at is None) for row in Enrolment.objects.order_by("pk")],
        list(Regrade.objects.order_by("response").values_list("response", "version__number", "mark_before")),
    ]


def test_attempt_keeps_its_grade_until_its_batch(taken, instructor):
    before = grades()
    plan = load(OTHER_KEY, LARGEST, by=instructor)
    job = RegradeJob.objects.get()
    assert (grades(), job.done, job.total, job.reason, job.made_by, job.revision) == (
        before,
        0,
        4,
        "Kunci diperbaiki",
        instructor,
        Revision.objects.latest("pk"),
    )
    assert step(job)
    third = Fraction(100, 3)
    assert grades() == [before[0] - third, *before[1:]]
    finish(job)
    assert grades() == [before[0] - third, before[1] + third, before[2] - third, before[3] + third]
    assert (job.done, job.finished_at, job.up, job.down) == (4, at(40), plan.effect.up, plan.effect.down)


def test_outcome_is_recorded_with_its_batch(taken):
    assert [row.passed_at is not None for row in Enrolment.objects.order_by("pk")] == [
        True,
        False,
        False,
        False,
    ]
    load(OTHER_KEY, LARGEST)
    job = RegradeJob.objects.get()
    step(job)
    assert [row.passed_at is not None for row in Enrolment.objects.order_by("pk")] == [False] * 4
    step(job)
    second = Enrolment.objects.order_by("pk")[1]
    assert (second.passed_at, second.finished_at) == (at(40), at(40))
    assert Enrolment.objects.order_by("pk")[0].finished_at is not None


def test_batches_end_like_a_regrade_at_once(taken, monkeypatch):
    plan = a_plan(THIRD_KEY, LARGEST, OUTER)
    monkeypatch.setattr(regrade_jobs, "LARGE", 200)
    with transaction.atomic():
        load(THIRD_KEY, LARGEST, OUTER)
        at_once = outcomes()
        assert RegradeJob.objects.get().finished_at == at(30)
        transaction.set_rollback(True)
    monkeypatch.setattr(regrade_jobs, "LARGE", 2)
    assert load(THIRD_KEY, LARGEST, OUTER) == plan
    finish(RegradeJob.objects.get())
    job = RegradeJob.objects.get()
    assert outcomes() == at_once
    assert (job.up, job.down) == (plan.effect.up, plan.effect.down)
    assert Enrolment.objects.filter(finished_at__gte=at(30)).count() == plan.finishes


def test_batch_that_fails_leaves_nothing_behind(taken, monkeypatch):
    load(OTHER_KEY, LARGEST)
    job, before = RegradeJob.objects.get(), outcomes()
    with monkeypatch.context() as broken:
        broken.setattr(completion, "record_outcomes", killed)
        with pytest.raises(RuntimeError):
            step(job)
    assert (outcomes(), RegradeJob.objects.get().done) == (before, 0)
    finish(job)
    assert (job.done, Regrade.objects.count()) == (4, 4)


def killed(*_arguments, **_options):
    raise RuntimeError


def test_finished_job_changes_nothing_again(taken):
    load(OTHER_KEY, LARGEST)
    job = finish(RegradeJob.objects.get())
    done = outcomes()
    assert not step(job)
    RegradeJob.objects.update(finished_at=None, cursor=0, done=0)
    finish(job)
    assert outcomes() == done


def test_worker_carries_a_job_out(taken):
    load(OTHER_KEY, LARGEST)
    run_tasks()
    assert RegradeJob.objects.get().done == 4


def test_worker_puts_a_long_job_behind_other_tasks(taken, monkeypatch):
    monkeypatch.setattr(regrade_jobs, "SHIFT", 0)
    load(OTHER_KEY, LARGEST)
    job = RegradeJob.objects.get()
    regrade_jobs.regrade_in_batches.call(job.pk)
    job.refresh_from_db()
    assert (job.done, job.finished_at) == (1, None)
    run_tasks()
    job.refresh_from_db()
    assert job.done == 4


# ------------------------------------------------------------------------------------- what happens meanwhile


def test_open_attempt_gets_the_key_with_the_load(module, taken, learner):
    attempt = attempts.start(learner, module.quiz, now=at(5))
    give(attempt, 1, "Mars", now=at(6))
    load(OTHER_KEY, LARGEST)
    submitted = attempts.submit(attempt, now=at(31))
    assert submitted.mark == 1
    finish(RegradeJob.objects.get())
    submitted.refresh_from_db()
    assert (submitted.mark, submitted.responses.get(slot=1).regrades.count()) == (1, 0)


def test_attempt_after_the_load_is_left_alone(module, taken, learner):
    load(OTHER_KEY, LARGEST)
    take(learner, module.quiz, ANSWERS[1], now=at(31))
    job = finish(RegradeJob.objects.get())
    assert (job.done, job.total) == (4, 4)


def test_reopened_attempt_is_graded_with_the_new_key(taken, why):
    load(OTHER_KEY, LARGEST)
    corrections.reopen(taken[1], why)
    corrections.reopen(taken[3], why)
    attempts.submit(Attempt.objects.get(pk=taken[1].pk), now=at(61))
    job = finish(RegradeJob.objects.get())
    attempts.submit(Attempt.objects.get(pk=taken[3].pk), now=at(62))
    assert (job.done, [Attempt.objects.get(pk=taken[n].pk).mark for n in (1, 3)]) == (4, [3, 2])


def test_restored_attempt_has_the_new_grade(taken, why):
    load(OTHER_KEY, LARGEST)
    corrections.delete(taken[0], why)
    finish(RegradeJob.objects.get())
    corrections.restore(Attempt.with_deleted.get(pk=taken[0].pk), why)
    assert Attempt.objects.get(pk=taken[0].pk).mark == 2


def test_mark_by_hand_stays(taken, why):
    load(OTHER_KEY, LARGEST)
    corrections.give_mark(taken[0].responses.get(slot=1), Fraction(1, 2), why)
    finish(RegradeJob.objects.get())
    assert Attempt.objects.get(pk=taken[0].pk).mark == Fraction(5, 2)


@pytest.mark.parametrize("at_once", [1, 2, 3])
def test_trial_in_several_reads_has_the_same_effect(taken, monkeypatch, at_once):
    whole = a_plan(THIRD_KEY, LARGEST, OUTER)
    monkeypatch.setattr(trials, "AT_ONCE", at_once)
    assert a_plan(THIRD_KEY, LARGEST, OUTER) == whole
    assert (whole.effect.attempts, whole.effect.changed) == (4, 3)


def test_later_load_takes_over_its_questions(taken):
    load(THIRD_KEY, LARGEST, OUTER)
    first = RegradeJob.objects.get()
    step(first)
    plan = load(TEXT, LARGEST, minute=35)
    second = RegradeJob.objects.exclude(pk=first.pk).get()
    first.refresh_from_db()
    outer, largest = (Question.objects.get(identity=identity).pk for identity in (OUTER, LARGEST))
    assert (first.questions, second.questions) == ([outer], [largest])
    run_tasks()
    assert [attempt.mark for attempt in Attempt.objects.order_by("pk")] == [2, 1, 2, 1]
    second.refresh_from_db()
    assert (second.up, second.down) == (plan.effect.up, plan.effect.down)


def test_job_without_questions_left_is_finished(taken):
    load(OTHER_KEY, LARGEST)
    load(TEXT, LARGEST, minute=35)
    first, second = RegradeJob.objects.order_by("pk")
    assert (first.finished_at is None, first.total, second.finished_at) == (False, 0, None)
    finish(second)
    assert [attempt.mark for attempt in Attempt.objects.order_by("pk")] == [3, 2, Fraction(3, 2), 1]


def test_plan_counts_on_top_of_a_job(taken):
    load(OTHER_KEY, LARGEST)
    step(RegradeJob.objects.get())
    plan = load(THIRD_KEY, OUTER, minute=35)
    first, second = RegradeJob.objects.order_by("pk")
    finish(first), finish(second)
    assert (second.up, second.down) == (plan.effect.up, plan.effect.down)
    assert plan.effect.changed > 0


def test_version_of_a_job_is_not_changed_in_place(taken):
    load(OTHER_KEY, LARGEST)
    key = Question.objects.get(identity=LARGEST).current
    load(TEXT, minute=35)
    key.refresh_from_db()
    assert [choice["text"] for choice in key.choices if choice["right"]] == ["Mars"]
    assert Question.objects.get(identity=LARGEST).current != key


def test_shorter_document_waits_for_grades_to_come(taken, module, learners):
    Enrolment.objects.update(finished_at=None)
    shorter = OTHER_KEY.replace("## Tambahan\n\nEmpat di antaranya dari gas.\n\n", "")
    plan = load(shorter, LARGEST)
    assert not Enrolment.objects.filter(finished_at__isnull=False).exists()
    finish(RegradeJob.objects.get())
    finished = Enrolment.objects.filter(finished_at__isnull=False)
    assert [row.learner for row in finished] == [learners[1]]
    assert plan.finishes == 1


def test_full_marks_reach_a_large_class(taken, why):
    question = Question.objects.get(identity=LARGEST)
    corrections.give_full_marks(question, why)
    finish(RegradeJob.objects.get())
    assert [attempt.mark for attempt in Attempt.objects.order_by("pk")] == [3, 3, Fraction(3, 2), 2]
    assert not Regrade.objects.exists()
    corrections.take_full_marks_back(question, why)
    run_tasks()
    assert [attempt.mark for attempt in Attempt.objects.order_by("pk")] == [3, 2, Fraction(3, 2), 1]


def test_full_marks_leave_an_earlier_key_to_its_job(taken, why):
    load(OTHER_KEY, LARGEST)
    question = Question.objects.get(identity=LARGEST)
    corrections.give_full_marks(question, why)
    corrections.take_full_marks_back(question, why)
    run_tasks()
    assert [attempt.mark for attempt in Attempt.objects.order_by("pk")] == [2, 3, Fraction(1, 2), 2]


def test_regraded_question_keeps_its_reason(taken, why):
    load(OTHER_KEY)
    corrections.regrade(Question.objects.get(identity=LARGEST), why)
    finish(RegradeJob.objects.get())
    notes = corrections.notes_on(Attempt.objects.get(pk=taken[0].pk))
    assert [(note.reason, note.before) for note in notes] == [(why.reason, 1)]


def test_regrade_of_a_load_keeps_its_reason(taken):
    load(OTHER_KEY, LARGEST)
    finish(RegradeJob.objects.get())
    notes = corrections.notes_on(Attempt.objects.get(pk=taken[0].pk))
    assert [(note.reason, note.before) for note in notes] == [("Kunci diperbaiki", 1)]


def test_waiting_attempts_are_those_ahead_of_the_job(module, taken):
    load(OTHER_KEY, LARGEST)
    step(RegradeJob.objects.get())
    ahead = regrade_jobs.waiting(Attempt.objects.all(), module)
    assert set(ahead) == set(taken[1:])


# ----------------------------------------------------------------------------------------- what else happens


def corrected(taken: list[Attempt], why: Why, between) -> list[object]:
    """Loads a key and corrects attempts, with ``between`` after each step. Returns the outcomes, and undoes it all."""
    with transaction.atomic():
        load(THIRD_KEY, LARGEST, OUTER)
        for correct in (
            lambda: corrections.give_mark(taken[0].responses.get(slot=2), Fraction(0), why),
            lambda: corrections.delete(taken[1], why),
            lambda: corrections.reopen(taken[2], why),
            lambda: corrections.give_mark(taken[0].responses.get(slot=2), None, why),
            lambda: corrections.restore(taken[1], why),
            lambda: attempts.submit(Attempt.objects.get(pk=taken[2].pk), now=at(61)),
        ):
            between()
            correct()
        for job in RegradeJob.objects.unfinished():
            finish(job)
        made = outcomes()[:3]
        transaction.set_rollback(True)
    return made


@pytest.mark.parametrize("steps", [0, 1])
def test_corrections_between_batches_end_like_a_regrade_at_once(taken, why, monkeypatch, steps):
    def some_batches() -> None:
        for job in RegradeJob.objects.unfinished()[:steps]:
            step(job)

    in_batches = corrected(taken, why, some_batches)
    monkeypatch.setattr(regrade_jobs, "LARGE", 100)
    assert corrected(taken, why, lambda: None) == in_batches


def test_question_whose_answers_are_erased_does_not_stop_a_job(taken):
    load(THIRD_KEY, LARGEST, OUTER)
    Response.objects.filter(
        version__question__identity=OUTER
    ).delete()  # with the accounts that were asked it
    start, end = THIRD_KEY.index("### Planet luar?"), THIRD_KEY.index("### Planet keempat?")
    without = THIRD_KEY[:start] + THIRD_KEY[end:]
    load(without, minute=31)
    assert not Question.objects.filter(identity=OUTER).exists()
    assert a_plan(without).changes_nothing
    job = finish(RegradeJob.objects.get())
    assert (job.finished_at, Regrade.objects.count()) == (at(40), 4)


@pytest.mark.parametrize("keeps_learners", [True, False])
def test_module_that_is_withdrawn_is_graded_all_the_same(module, taken, learner, keeps_learners):
    attempt = attempts.start(learner, module.quiz, now=at(5))
    load(OTHER_KEY, LARGEST)
    step(RegradeJob.objects.get())
    withdrawal.withdraw(module, by=None, now=at(41), keeps_learners=keeps_learners, with_attempts=True)
    finish(RegradeJob.objects.get())
    assert [row.regrades.count() for row in Response.objects.filter(slot=1, attempt__in=taken)] == [
        1,
        1,
        1,
        1,
    ]
    withdrawal.publish(module, by=None, now=at(50))
    give(attempt, 1, "Mars", now=at(51))
    assert attempts.submit(attempt, now=at(52)).mark == 1


def test_account_that_is_deleted_does_not_stop_a_job(taken, learners):
    load(OTHER_KEY, LARGEST)
    step(RegradeJob.objects.get())
    learners[0].delete()
    learners[2].delete()
    job = finish(RegradeJob.objects.get())
    assert (job.finished_at, Attempt.objects.count()) == (at(40), 2)
