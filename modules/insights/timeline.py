"""Tells what a learner did, and what was changed for them, in the order of time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from itertools import groupby
from typing import Any, ClassVar, TypeAlias

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from modules.insights.learner_scope import Scope
from modules.models import Attempt, Correction, Enrolment, Invitation, Proof, Reading, Regrade, Response
from modules.quizzes.values_in_words import duration

SHOWN = 30  # events on the page without a month
MOST_OF_A_MONTH = 300  # events of each kind; more make the page longer
MOST_READINGS = 2_000  # rows that become sittings; more take more memory
PAUSE = timedelta(minutes=30)  # between two readings of one sitting; a longer pause joins more of them
FULL_MARKS = (Correction.Kind.FULL_MARKS, Correction.Kind.FULL_MARKS_UNDONE)
KINDS = ("quiz", "readings")  # that a reader may ask for; without one, all are shown


@dataclass(frozen=True, slots=True)
class Sitting:
    """Sections of a module that were read one after the other. ``took`` is the time from the first to the last."""

    kind: ClassVar[str] = "read"
    at: datetime
    module: Any
    sections: Sequence[str]
    took: str

    @property
    def marked(self) -> str:
        return "read"


@dataclass(frozen=True, slots=True)
class Run:
    """An attempt. ``took`` is its time in words, ``empty`` the number of its questions without an answer."""

    kind: ClassVar[str] = "attempt"
    at: datetime
    module: Any
    attempt: Attempt
    took: str
    empty: int

    @property
    def marked(self) -> str:
        if self.attempt.submitted_at is None:
            return "attempt"
        return "passed" if self.attempt.is_passed else "missed"


@dataclass(frozen=True, slots=True)
class Change:
    """A correction of an attempt, or a grade of it with another key, with the reason that learners read.

    ``number`` is that of the attempt. It is empty for full marks, which are for all answers to a question.
    """

    kind: ClassVar[str] = "change"
    at: datetime
    module: Any
    number: int | None
    words: str
    reason: str
    by: str

    @property
    def marked(self) -> str:
        return "attempt"


@dataclass(frozen=True, slots=True)
class Arrival:
    """The day on which the learner came into a class. ``code`` is that of the join link, if they came by it."""

    kind: ClassVar[str] = "arrival"
    at: datetime
    class_name: str
    code: str
    marked: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Finish:
    """The end of a module, with the proof of it."""

    kind: ClassVar[str] = "finish"
    at: datetime
    module: Any
    enrolment: int
    proof: Proof | None

    @property
    def marked(self) -> str:
        return "passed"


Event: TypeAlias = Sitting | Run | Change | Arrival | Finish


@dataclass(frozen=True, slots=True)
class Day:
    date: date
    events: Sequence[Event]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days of a page. ``older`` is the first day of the month of what comes next, ``is_cut`` says that more
    happened in this month than the page shows.
    """

    days: Sequence[Day]
    older: date | None
    is_cut: bool = False


def latest(scope: Scope, kind: str = "") -> Timeline:
    """Returns the latest events. At most seven queries, each of a bounded number of rows."""
    events, floor = _events(scope, kind, None, None, SHOWN + 1)
    shown = events[:SHOWN]
    more = events[SHOWN].at if len(events) > SHOWN else floor
    return Timeline(_by_day(shown), _month(more) if more else None)


def of_month(scope: Scope, month: date, kind: str = "") -> Timeline:
    """Returns the events of a month in the time zone of the reader. At most eight queries."""
    since = _midnight(month)
    until = _midnight(_next_month(month))
    events, floor = _events(scope, kind, since, until, MOST_OF_A_MONTH)
    older = _last_before(scope, kind, since)
    return Timeline(_by_day(events), _month(older) if older else None, is_cut=floor is not None)


def month_of(text: str) -> date | None:
    """Reads a month from an address: ``2026-11``. Years that no calendar of a site has are no month."""
    matched = re.fullmatch(r"(2\d{3})-(0[1-9]|1[0-2])", text, re.ASCII)
    return date(int(matched[1]), int(matched[2]), 1) if matched else None


def _month(moment: datetime) -> date:
    return timezone.localtime(moment).date().replace(day=1)


def _next_month(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _by_day(events: Sequence[Event]) -> list[Day]:
    days = groupby(events, key=lambda event: timezone.localtime(event.at).date())
    return [Day(day, list(of_day)) for day, of_day in days]


def _events(
    scope: Scope, kind: str, since: datetime | None, until: datetime | None, most: int
) -> tuple[list[Event], datetime | None]:
    """Returns events, the latest first. Where a kind has more rows than were read, all events end where that one does.

    The second value is the time of the latest event that was left out, or ``None``.
    """
    floors: list[datetime] = []
    events: list[Event] = []
    for source in _sources(kind):
        rows_of, read, limit = source.rows, source.read, source.most or most
        rows = list(_between(rows_of(scope), since, until)[: limit + 1])
        if len(rows) > limit:
            floors.append(rows[-1].at)
        events += read(scope, rows[:limit])
    floor = max(floors, default=None)
    kept = [event for event in events if floor is None or event.at > floor]
    return sorted(kept, key=lambda event: event.at, reverse=True), floor


def _last_before(scope: Scope, kind: str, moment: datetime) -> datetime | None:
    """Returns the time of the latest event before a moment, in one query."""
    first, *others = [
        _between(source.rows(scope), None, moment).order_by().values_list("at") for source in _sources(kind)
    ]
    return next((at for (at,) in first.union(*others, all=True).order_by("-at")[:1]), None)


def _between(rows: QuerySet[Any], since: datetime | None, until: datetime | None) -> QuerySet[Any]:
    if since:
        rows = rows.filter(at__gte=since)
    return (rows.filter(at__lt=until) if until else rows).order_by("-at")


# ------------------------------------------------------------------------------------------------ sources


@dataclass(frozen=True, slots=True)
class Source:
    """One kind of event: its rows, each with the time ``at``, and the function that makes events of them."""

    rows: Callable[[Scope], QuerySet[Any]]
    read: Callable[[Scope, Sequence[Any]], Iterator[Event]]
    most: int | None = None


def _sources(kind: str) -> Sequence[Source]:
    readings = Source(_readings, _sittings, MOST_READINGS)
    of_quiz = (
        Source(_attempts, _runs),
        Source(_corrections, _changes),
        Source(_regrades, _new_keys),
        Source(_finishes, _ends),
    )
    match kind:
        case "quiz":
            return of_quiz
        case "readings":
            return (readings,)
        case _:
            return (readings, *of_quiz, Source(_arrivals, _joined))


def _readings(scope: Scope) -> QuerySet[Any]:
    readings = Reading.objects.filter(enrolment__in=scope.keys).annotate(at=F("read_at"))
    return readings.select_related("section").only("enrolment_id", "read_at", "section__title")


def _sittings(scope: Scope, rows: Sequence[Any]) -> Iterator[Event]:
    """Joins the readings of one module that follow each other on one day."""
    by_enrolment = sorted(rows, key=lambda reading: (reading.enrolment_id, reading.read_at, reading.pk))
    sitting: list[Any] = []
    for reading in by_enrolment:
        if sitting and not _is_same_sitting(sitting[-1], reading):
            yield _sitting(scope, sitting)
            sitting = []
        sitting.append(reading)
    if sitting:
        yield _sitting(scope, sitting)


def _is_same_sitting(before: Reading, after: Reading) -> bool:
    if before.enrolment_id != after.enrolment_id or after.read_at - before.read_at > PAUSE:
        return False
    return timezone.localtime(before.read_at).date() == timezone.localtime(after.read_at).date()


def _sitting(scope: Scope, readings: Sequence[Any]) -> Sitting:
    first, last = readings[0], readings[-1]
    titles = [reading.section.title for reading in readings]
    minutes = round((last.read_at - first.read_at).total_seconds() / 60)
    return Sitting(last.read_at, scope.module_of(first.enrolment_id), titles, duration(minutes))


def _attempts(scope: Scope) -> QuerySet[Any]:
    attempts = Attempt.objects.filter(enrolment__in=scope.keys)
    return attempts.annotate(
        at=Coalesce("submitted_at", "abandoned_at", "started_at"),
        empty=Count("responses", filter=Q(responses__answer=[])),
    )


def _runs(scope: Scope, rows: Sequence[Any]) -> Iterator[Event]:
    for attempt in rows:
        seconds = int((attempt.at - attempt.started_at).total_seconds())
        took = duration(Fraction(seconds, 60)) if attempt.submitted_at else ""
        yield Run(attempt.at, scope.module_of(attempt.enrolment_id), attempt, took, attempt.empty)


def _corrections(scope: Scope) -> QuerySet[Any]:
    """Returns the corrections of the learner's attempts, and the full marks for questions that these attempts hold."""
    answered = Response.objects.filter(attempt__enrolment__in=scope.keys, attempt__deleted_at__isnull=True)
    of_questions = Q(question__in=answered.order_by().values("version__question"), kind__in=FULL_MARKS)
    corrections = Correction.objects.filter(Q(attempt__enrolment__in=scope.keys) | of_questions)
    return corrections.annotate(at=F("made_at")).select_related("attempt", "question__quiz", "made_by")


def _changes(scope: Scope, rows: Sequence[Any]) -> Iterator[Event]:
    for row in rows:
        attempt, words, by = row.attempt, row.get_kind_display(), str(row.made_by or "")
        if attempt:
            module = scope.module_of(attempt.enrolment_id)
        else:
            module = scope.modules[row.question.quiz.module_id]
        yield Change(row.at, module, attempt.number if attempt else None, words, row.reason, by)


def _regrades(scope: Scope) -> QuerySet[Any]:
    """Returns a row for each attempt and time, since a regrade has a row for each response."""
    columns = ("response__attempt", "response__attempt__number", "response__attempt__enrolment")
    of_attempts = Regrade.objects.filter(response__attempt__enrolment__in=scope.keys)
    kept = of_attempts.filter(response__attempt__deleted_at__isnull=True)
    named = kept.annotate(at=F("made_at")).order_by()
    return named.values_list(*columns, "at", "job__reason", "made_by__name", named=True).distinct()


def _new_keys(scope: Scope, rows: Sequence[Any]) -> Iterator[Event]:
    for _attempt, number, enrolment, at, reason, by in rows:
        words = str(Correction.Kind.REGRADED.label)
        yield Change(at, scope.module_of(enrolment), number, words, reason or "", by or "")


def _finishes(scope: Scope) -> QuerySet[Any]:
    finished = Enrolment.objects.filter(pk__in=scope.keys, finished_at__isnull=False)
    return finished.annotate(at=F("finished_at"))


def _ends(scope: Scope, rows: Sequence[Any]) -> Iterator[Event]:
    proofs = {
        proof.enrolment_id: proof
        for proof in Proof.objects.of_now().filter(enrolment__in=[row.pk for row in rows])
    }
    for row in rows:
        yield Finish(row.at, scope.modules[row.module_id], row.pk, proofs.get(row.pk))


def _arrivals(scope: Scope) -> QuerySet[Any]:
    classes = [study_class.pk for study_class in scope.classes]
    joined = Invitation.objects.filter(learner=scope.learner, study_class__in=classes)
    return joined.annotate(at=F("joined_at")).select_related("study_class__group")


def _joined(_scope: Scope, rows: Sequence[Any]) -> Iterator[Event]:
    for row in rows:
        yield Arrival(row.at, row.study_class.name, row.code)
