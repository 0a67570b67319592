"""Finds the learners who finish a module when its document or their grades change.

It takes few queries, however many learners there are. A plan counts these learners and a load records them. Both ask
here, so that the load does what the plan page says. :func:`record_outcome` does the same for one learner.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from itertools import groupby

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from modules.models import BATCH, Attempt, Enrolment, Module, Quiz, Reading, unread_by
from modules.quizzes.final_grade import final_grade, is_passing
from modules.quizzes.finishes import issue_proofs

ROWS_AT_ONCE = 2_000  # attempts in memory; with more, a plan for a large class needs more memory
OF_ATTEMPT = ("enrolment_id", "number", "pass_mark", "submitted_at", "passed_at", "mark", "max_mark")


@dataclass(frozen=True, slots=True)
class Ending:
    """Says what it takes to finish a module.

    ``sections`` has the keys of the sections to read. It is ``None`` if the module has a section that nobody can have
    read yet. ``counts`` says which grade has to be a pass; it is empty if there is no quiz. ``regraded`` maps the key
    of an attempt that is graded again to its new grade, and to whether that is a pass. ``shared`` has, by the key of a
    section, the keys of enrolments that get a reading of it.
    """

    sections: Collection[int] | None
    counts: str = ""
    regraded: Mapping[int, tuple[Fraction, bool]] = field(default_factory=dict)
    shared: Mapping[int, Collection[int]] = field(default_factory=dict)


def finishers(module: Module, ending: Ending, *, graded: bool) -> list[int]:
    """Returns the keys of the enrolments from :func:`_waiting` that meet the conditions of an ending."""
    return _finishers(_waiting(Enrolment.objects.filter(module=module), graded=graded), ending)


def record_outcomes(
    module: Module,
    now: datetime,
    *,
    graded: bool,
    among: Collection[int] | None = None,
    without: QuerySet[Attempt] | None = None,
) -> None:
    """Records the learners who pass and those who finish after the module or, with ``graded``, their grades changed.

    ``among`` has the keys of the only enrolments to look at. The learners of the attempts in ``without`` are left out:
    their grades are still to change. Call it in a transaction that holds the enrolments.
    """
    learners = Enrolment.objects.filter(module=module)
    if among is not None:
        learners = learners.filter(pk__in=among)
    if without is not None:
        learners = learners.exclude(pk__in=without.values("enrolment"))
    waiting = _waiting(learners, graded=graded)
    quiz = Quiz.objects.filter(module=module).first()
    by_learner = list(_outcomes(waiting, quiz.counts)) if quiz else []
    if graded:
        _record_grades(waiting, {pk: grade for pk, _is_passed, grade in by_learner})
    _record_passes(waiting, {pk for pk, is_passed, _grade in by_learner if is_passed}, now)
    submitted = Attempt.objects.submitted().filter(enrolment__in=waiting.values("pk"))
    submitted.filter(outcome_recorded_at__isnull=True).order_by().update(outcome_recorded_at=now)
    sections = module.sections.active().values_list("pk", flat=True)
    has_quiz = quiz is not None and quiz.archived_at is None
    ending = Ending(sections=list(sections), counts=quiz.counts if quiz and has_quiz else "")
    _finish(module, _finishers(waiting, ending), now)


def _record_passes(enrolments: QuerySet[Enrolment], passing: Collection[int], now: datetime) -> None:
    passed = dict(enrolments.values_list("pk", "passed_at"))
    _update_enrolments((pk for pk, since in passed.items() if since is None and pk in passing), passed_at=now)
    _update_enrolments(
        (pk for pk, since in passed.items() if since is not None and pk not in passing), passed_at=None
    )


def _finish(module: Module, keys: Sequence[int], now: datetime) -> None:
    """Records that learners have finished, and gives them their proofs."""
    for start in range(0, len(keys), BATCH):
        batch = Enrolment.objects.filter(pk__in=keys[start : start + BATCH])
        batch.update(finished_at=now)
        issue_proofs(module.pk, list(batch.select_related("learner").order_by("pk")), now=now)


def _finishers(waiting: QuerySet[Enrolment], ending: Ending) -> list[int]:
    if ending.sections is None:
        return []
    unfinished = waiting.filter(finished_at__isnull=True)
    read_all = having_read(unfinished, ending.sections, ending.shared)
    if not ending.counts:
        return read_all
    passing = _passing(unfinished, ending.counts, ending.regraded)
    return [pk for pk in read_all if pk in passing]


def record_outcome(enrolment: Enrolment, now: datetime) -> None:
    """Records whether a learner has passed the quiz and finished the module, from the learner's attempts.

    The final grade decides, so a quiz can be passed and later no longer passed. The row must be ``locked()``.
    Otherwise, of two calls at the same time, neither sees the changes of the other.
    """
    submitted = list(enrolment.attempts.submitted().select_related("quiz"))
    counts = submitted[0].quiz.counts if submitted else ""
    is_passed = bool(submitted) and is_passing(submitted, counts)
    before = enrolment.passed_at, enrolment.grade
    if is_passed != (enrolment.passed_at is not None):
        enrolment.passed_at = now if is_passed else None
    enrolment.grade = sortable_grade(submitted, counts)
    if before != (enrolment.passed_at, enrolment.grade):
        enrolment.save(update_fields=["passed_at", "grade"])
    finish_if_due(enrolment, now)
    enrolment.attempts.submitted().filter(outcome_recorded_at__isnull=True).update(outcome_recorded_at=now)


def finish_if_due(enrolment: Enrolment, now: datetime) -> None:
    """Records that the module is finished: all its sections are read and its quiz, if it has one, is passed.

    The learner gets a proof of it, and stays finished, whatever the module becomes. The row must be ``locked()``.
    """
    if enrolment.finished_at is None and _is_due(enrolment):
        enrolment.finished_at = now
        enrolment.save(update_fields=["finished_at"])
        issue_proofs(enrolment.module_id, [enrolment], now=now)


def _is_due(enrolment: Enrolment) -> bool:
    if unread_by(enrolment.module.sections.active(), enrolment.learner).exists():
        return False
    has_quiz = Quiz.objects.filter(module=enrolment.module_id, archived_at__isnull=True).exists()
    return not has_quiz or enrolment.passed_at is not None


def _waiting(learners: QuerySet[Enrolment], *, graded: bool) -> QuerySet[Enrolment]:
    """Keeps the enrolments that have begun reading and are not finished.

    If grades change, enrolments with a submitted attempt are kept too.
    """
    touched = Q(Exists(Reading.objects.filter(enrolment=OuterRef("pk"))), finished_at__isnull=True)
    if graded:
        touched |= Q(Exists(Attempt.objects.submitted().filter(enrolment=OuterRef("pk"))))
    return learners.filter(touched).order_by()


def having_read(
    enrolments: QuerySet[Enrolment], sections: Collection[int], shared: Mapping[int, Collection[int]]
) -> list[int]:
    """Returns the keys of the enrolments that have read all sections, or get readings of them, in order.

    ``shared`` is that of :class:`Ending`. It is enough to count readings: the database allows one reading that counts
    per learner and section.
    """
    plain = set(sections) - shared.keys()
    if plain:
        wanted = Q(readings__section__in=plain, readings__lapsed_at__isnull=True)
        enrolments = enrolments.annotate(read=Count("readings", filter=wanted)).filter(read=len(plain))
    keys = list(enrolments.order_by("pk").values_list("pk", flat=True))
    for section in shared.keys() & set(sections):
        own = Reading.objects.counting().filter(section=section).values_list("enrolment", flat=True)
        have = {*own, *shared[section]}
        keys = [key for key in keys if key in have]
    return keys


def sortable_grade(attempts: Iterable[Attempt], counts: str) -> float | None:
    """Returns the final grade as :attr:`Enrolment.grade` has it: near the exact one, so that a database can sort it."""
    grade = final_grade(attempts, counts)
    return None if grade is None else float(grade)


def _outcomes(enrolments: QuerySet[Enrolment], counts: str) -> Iterator[tuple[int, bool, float | None]]:
    """Returns the key of each enrolment with a submitted attempt, whether its final grade is a pass, and this grade."""
    for pk, of_learner in _attempts_by_learner(enrolments, {}):
        yield pk, is_passing(of_learner, counts), sortable_grade(of_learner, counts)


def _record_grades(enrolments: QuerySet[Enrolment], grades: Mapping[int, float | None]) -> None:
    """Keeps the final grade of each learner whose grade has changed."""
    kept = enrolments.values_list("pk", "grade")
    changed = [Enrolment(pk=pk, grade=grades.get(pk)) for pk, grade in kept if grade != grades.get(pk)]
    Enrolment.objects.bulk_update(changed, ["grade"], batch_size=BATCH)


def _passing(
    enrolments: QuerySet[Enrolment], counts: str, regraded: Mapping[int, tuple[Fraction, bool]]
) -> set[int]:
    """Returns the keys of the enrolments whose final grade is a pass."""
    return {
        pk for pk, of_learner in _attempts_by_learner(enrolments, regraded) if is_passing(of_learner, counts)
    }


def _attempts_by_learner(
    enrolments: QuerySet[Enrolment], regraded: Mapping[int, tuple[Fraction, bool]]
) -> Iterator[tuple[int, list[Attempt]]]:
    """Returns the submitted attempts of each enrolment that has some."""
    attempts = Attempt.objects.submitted().filter(enrolment__in=enrolments.values("pk"))
    in_order = attempts.only(*OF_ATTEMPT).order_by("enrolment_id").iterator(chunk_size=ROWS_AT_ONCE)
    by_enrolment = groupby(_as_regraded(in_order, regraded), key=lambda attempt: attempt.enrolment_id)
    return ((pk, list(of_learner)) for pk, of_learner in by_enrolment)


def _as_regraded(
    attempts: Iterable[Attempt], regraded: Mapping[int, tuple[Fraction, bool]]
) -> Iterator[Attempt]:
    for attempt in attempts:
        if attempt.pk in regraded:
            grade, passes = regraded[attempt.pk]
            attempt.mark, attempt.max_mark = grade, Fraction(100)
            attempt.passed_at = attempt.submitted_at if passes else None
        yield attempt


def _update_enrolments(keys: Iterable[int], **values: datetime | None) -> None:
    keys = list(keys)
    for start in range(0, len(keys), BATCH):
        Enrolment.objects.filter(pk__in=keys[start : start + BATCH]).update(**values)
