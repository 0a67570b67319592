"""Finds the learners who finish a module when its document or their grades change.

It takes few queries, however many learners there are. A plan counts these learners and a load records them. Both ask
here, so that the load does what the plan page says. :func:`record_outcome` does the same for one learner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from modules.models import BATCH, Attempt, Enrolment, Module, Quiz, Reading, unread_by
from modules.quizzes.final_grade import is_passing


@dataclass(frozen=True, slots=True)
class Ending:
    """Says what it takes to finish a module.

    ``sections`` has the keys of the sections to read. It is ``None`` if the module has a section that nobody can have
    read yet. ``counts`` says which grade has to be a pass; it is empty if there is no quiz. ``regraded`` maps the key
    of an attempt that is graded again to its new grade, and to whether that is a pass.
    """

    sections: Collection[int] | None
    counts: str = ""
    regraded: Mapping[int, tuple[Fraction, bool]] = field(default_factory=dict)


def finishers(module: Module, ending: Ending, *, graded: bool) -> list[int]:
    """Returns the keys of the enrolments from :func:`_waiting` that meet the conditions of an ending."""
    if ending.sections is None:
        return []
    unfinished = _waiting(module, graded=graded).filter(finished_at__isnull=True)
    read_all = _having_read(unfinished, ending.sections).order_by("pk").values_list("pk", flat=True)
    if not ending.counts:
        return list(read_all)
    passing = _passing(unfinished, ending.counts, ending.regraded)
    return [pk for pk in read_all if pk in passing]


def record_outcomes(module: Module, now: datetime, *, graded: bool) -> None:
    """Records the learners who pass and those who finish after the module or, with ``graded``, their grades changed.

    Call it in a transaction that holds the module's learners (:func:`modules.models.hold_learners`).
    """
    waiting = _waiting(module, graded=graded)
    quiz = Quiz.objects.filter(module=module).first()
    passing = _passing(waiting, quiz.counts, {}) if quiz else set()
    passed = dict(waiting.values_list("pk", "passed_at"))
    _update_enrolments((pk for pk, since in passed.items() if since is None and pk in passing), passed_at=now)
    _update_enrolments(
        (pk for pk, since in passed.items() if since is not None and pk not in passing), passed_at=None
    )
    submitted = Attempt.objects.submitted().filter(enrolment__in=waiting.values("pk"))
    submitted.filter(outcome_recorded_at__isnull=True).order_by().update(outcome_recorded_at=now)
    sections = module.sections.active().values_list("pk", flat=True)
    has_quiz = quiz is not None and quiz.archived_at is None
    ending = Ending(sections=list(sections), counts=quiz.counts if quiz and has_quiz else "")
    _update_enrolments(finishers(module, ending, graded=graded), finished_at=now)


def record_outcome(enrolment: Enrolment, now: datetime) -> None:
    """Records whether a learner has passed the quiz and finished the module, from the learner's attempts.

    The final grade decides, so a quiz can be passed and later no longer passed. The row must be ``locked()``.
    Otherwise, of two calls at the same time, neither sees the changes of the other.
    """
    submitted = list(enrolment.attempts.submitted().select_related("quiz"))
    is_passed = bool(submitted) and is_passing(submitted, submitted[0].quiz.counts)
    if is_passed != (enrolment.passed_at is not None):
        enrolment.passed_at = now if is_passed else None
        enrolment.save(update_fields=["passed_at"])
    finish_if_due(enrolment, now)
    enrolment.attempts.submitted().filter(outcome_recorded_at__isnull=True).update(outcome_recorded_at=now)


def finish_if_due(enrolment: Enrolment, now: datetime) -> None:
    """Records that the module is finished: all its sections are read and its quiz, if it has one, is passed.

    A learner who has finished stays finished, whatever the module becomes. The row must be ``locked()``.
    """
    if enrolment.finished_at is None and _is_due(enrolment):
        enrolment.finished_at = now
        enrolment.save(update_fields=["finished_at"])


def _is_due(enrolment: Enrolment) -> bool:
    if unread_by(enrolment.module.sections.active(), enrolment.learner).exists():
        return False
    has_quiz = Quiz.objects.filter(module=enrolment.module_id, archived_at__isnull=True).exists()
    return not has_quiz or enrolment.passed_at is not None


def _waiting(module: Module, *, graded: bool) -> QuerySet[Enrolment]:
    """Returns enrolments that have begun reading and are not finished.

    If grades change, enrolments with a submitted attempt are returned too.
    """
    touched = Q(Exists(Reading.objects.filter(enrolment=OuterRef("pk"))), finished_at__isnull=True)
    if graded:
        touched |= Q(Exists(Attempt.objects.submitted().filter(enrolment=OuterRef("pk"))))
    return Enrolment.objects.filter(touched, module=module).order_by()


def _having_read(enrolments: QuerySet[Enrolment], sections: Collection[int]) -> QuerySet[Enrolment]:
    """Returns the enrolments that have read all sections.

    It is enough to count readings: the database allows one reading that counts per learner and section.
    """
    if not sections:
        return enrolments
    wanted = Q(readings__section__in=sections, readings__lapsed_at__isnull=True)
    return enrolments.annotate(read=Count("readings", filter=wanted)).filter(read=len(set(sections)))


def _passing(
    enrolments: QuerySet[Enrolment], counts: str, regraded: Mapping[int, tuple[Fraction, bool]]
) -> set[int]:
    """Returns the keys of the enrolments whose final grade is a pass."""
    by_enrolment: dict[int, list[Attempt]] = defaultdict(list)
    for attempt in Attempt.objects.submitted().filter(enrolment__in=enrolments.values("pk")):
        if attempt.pk in regraded:
            grade, passes = regraded[attempt.pk]
            attempt.mark, attempt.max_mark = grade, Fraction(100)
            attempt.passed_at = attempt.submitted_at if passes else None
        by_enrolment[attempt.enrolment_id].append(attempt)
    return {pk for pk, attempts in by_enrolment.items() if is_passing(attempts, counts)}


def _update_enrolments(keys: Iterable[int], **values: datetime | None) -> None:
    keys = list(keys)
    for start in range(0, len(keys), BATCH):
        Enrolment.objects.filter(pk__in=keys[start : start + BATCH]).update(**values)
