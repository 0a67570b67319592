"""Finds what waits today: doubtful keys, late people, late answers, grades, drafts with mistakes, invitations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from modules.insights.doubtful_keys import DoubtfulKey
from modules.insights.draft_states import DraftState
from modules.models import (
    Assignment,
    Enrolment,
    Invitation,
    LateAnswer,
    ModuleQuerySet,
    OwnDueDate,
    RegradeJob,
    StudyClass,
    StudyClassQuerySet,
)

MOST_LINES = 7  # of the list; more make it a list that nobody reads
MOST_OF_A_KIND = 3  # lines; the others of this kind are counted in the last of them
DUE_LOOKED_AT = 50  # the latest due dates; each costs a look at the members of its class
RECENT = timedelta(days=30)  # a late answer that nobody counted for longer is not waited for


@dataclass(frozen=True, slots=True)
class Call:
    """Something that waits, with one act. ``kind`` decides its words, and ``tone`` its colour.

    ``number`` of ``total`` are concerned, and ``new`` of these have not begun. ``key`` and ``class_key`` are those of
    the rows to which the act leads.
    ``others`` counts what waits in the same way and is not listed.
    """

    kind: str
    tone: str
    number: int = 0
    total: int = 0
    new: int = 0
    key: int = 0
    class_key: int = 0
    title: str = ""
    language: str = ""
    beside: str = ""
    at: datetime | None = None
    others: int = 0


@dataclass(frozen=True, slots=True)
class LateInModule:
    """The members of a class who have not finished a module in time. ``new`` of them have not begun it."""

    assignment: Assignment
    late: int
    new: int
    members: int


def late_people(classes: StudyClassQuerySet, *, now: datetime) -> Sequence[LateInModule]:
    """Returns who is late by class and module, the most first. One query.

    Members who have longer than their class are not late. Members who have not begun are among those who are late.
    """
    due = Assignment.objects.filter(
        Q(module__published_at__isnull=False) | Q(module__keeps_learners=True),
        study_class__in=classes.order_by().values("pk"),
        due_at__lte=now,
    ).order_by("-due_at")
    in_class = Enrolment.objects.filter(
        module=OuterRef("module"), learner__groups=OuterRef("study_class__group")
    )
    counted: QuerySet[Any] = due.annotate(
        members=_members(),
        begun=_number(in_class, "module"),
        finished=_number(in_class.filter(finished_at__isnull=False), "module"),
        has_longer=_number(_with_longer(now, finished_at__isnull=False), "assignment"),
        has_longer_to_begin=_number(_with_longer(now), "assignment"),
    )
    rows = counted.select_related("module", "study_class__group").defer(
        "module__introduction", "module__summary", "module__opening"
    )
    late = [
        LateInModule(
            row,
            row.members - row.finished - row.has_longer,
            row.members - row.begun - row.has_longer_to_begin,
            row.members,
        )
        for row in rows[:DUE_LOOKED_AT]
    ]
    return sorted((each for each in late if each.late > 0), key=lambda each: each.late, reverse=True)


def _with_longer(now: datetime, **done: bool) -> QuerySet[OwnDueDate]:
    """Keeps the own due dates of members that are not over, where the member has no enrolment that is ``done``."""
    enrolled = Enrolment.objects.filter(
        module=OuterRef("assignment__module"), learner=OuterRef("learner"), **done
    )
    of_members = OwnDueDate.objects.filter(
        assignment=OuterRef("pk"), learner__groups=OuterRef("study_class__group"), due_at__gt=now
    )
    return of_members.exclude(Exists(enrolled))


def _members() -> Coalesce:
    through = User.groups.through.objects.filter(group=OuterRef("study_class__group"))
    return _number(through, "group")


def _number(rows: QuerySet[Any], key: str) -> Coalesce:
    """Counts the rows of a subquery that have one value of ``key``."""
    counted = rows.order_by().values(key).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def calls(
    modules: ModuleQuerySet,
    classes: StudyClassQuerySet,
    *,
    late: Sequence[LateInModule],
    drafts: Iterable[DraftState],
    background: str,
    now: datetime,
    keys: Sequence[DoubtfulKey] = (),
    refused: int = 0,
) -> Sequence[Call]:
    """Returns what waits, the worst first. Three queries, however many modules and classes there are.

    ``background`` is the state of the work outside of requests, or ``""`` for a person whom it does not concern.
    ``refused`` counts the statements that the store of xAPI refused, and is 0 for the others, too.
    """
    kinds = [
        [Call("background", "bad", title=background)] if background not in ("", "fine") else [],
        [Call("refused", "bad", number=refused)] if refused else [],
        _gathered([_key(each) for each in keys]),
        _gathered([_late(each) for each in late]),
        _gathered(_late_answers(modules, now)),
        _gathered(_regrades(modules)),
        _gathered([_draft(draft) for draft in drafts if draft.errors]),
        _gathered(_invitations(classes)),
    ]
    return [call for of_kind in kinds for call in of_kind][:MOST_LINES]


def _gathered(lines: Sequence[Call]) -> list[Call]:
    """Keeps the first lines of a kind. The last of them says how many more there are."""
    shown = list(lines[:MOST_OF_A_KIND])
    if len(lines) > MOST_OF_A_KIND:
        shown[-1] = replace(shown[-1], others=len(lines) - MOST_OF_A_KIND)
    return shown


def _key(doubtful: DoubtfulKey) -> Call:
    question = doubtful.question
    return Call(
        "key",
        "bad",
        number=doubtful.attempts,
        key=question.pk,
        title=question.quiz.module.title,
        language=question.quiz.module.language,
        beside=question.current.title if question.current else "",
    )


def _late(each: LateInModule) -> Call:
    assignment = each.assignment
    return Call(
        "late",
        "soon",
        number=each.late,
        total=each.members,
        new=each.new,
        key=assignment.module_id,
        class_key=assignment.study_class_id,
        title=assignment.module.title,
        language=assignment.module.language,
        beside=assignment.study_class.name,
        at=assignment.due_at,
    )


def _late_answers(modules: ModuleQuerySet, now: datetime) -> list[Call]:
    """Returns the modules in which answers came too late and nobody has decided yet, with the first such attempt."""
    waiting = LateAnswer.objects.filter(
        counted_at__isnull=True,
        arrived_at__gte=now - RECENT,
        response__attempt__submitted_at__isnull=False,
        response__attempt__deleted_at__isnull=True,
        response__attempt__quiz__module__in=modules.order_by().values("pk"),
    )
    module = "response__attempt__quiz__module"
    rows = (
        waiting.order_by()
        .values(title=F(f"{module}__title"), language=F(f"{module}__language"))
        .annotate(
            n=Count("response__attempt", distinct=True), first=Min("response__attempt"), at=Min("arrived_at")
        )
        .order_by("at")
    )
    return [
        Call(
            "late_answers",
            "soon",
            number=row["n"],
            key=row["first"],
            title=row["title"],
            language=row["language"],
            at=row["at"],
        )
        for row in rows
    ]


def _regrades(modules: ModuleQuerySet) -> list[Call]:
    """Returns the modules in which attempts wait for their new grade."""
    jobs = RegradeJob.objects.unfinished().filter(module__in=modules.order_by().values("pk"))
    left: dict[int, tuple[Any, int]] = {}
    for job in jobs.select_related("module"):
        _module, before = left.get(job.module_id, (job.module, 0))
        left[job.module_id] = (job.module, before + job.total - job.done)
    return [
        Call("regrade", "", number=number, key=key, title=module.title, language=module.language)
        for key, (module, number) in left.items()
        if number
    ]


def _draft(draft: DraftState) -> Call:
    return Call("draft", "bad", number=draft.errors, key=draft.key, title=draft.title, beside=draft.first)


def _invitations(classes: StudyClassQuerySet) -> list[Call]:
    pending = Invitation.objects.pending().filter(study_class__in=classes.order_by().values("pk"))
    rows = (
        pending.order_by()
        .values("study_class", class_name=F("study_class__group__name"))
        .annotate(n=Count("pk"), at=Min("invited_at"))
        .order_by("-n")
    )
    return [
        Call(
            "invitations",
            "",
            number=row["n"],
            class_key=row["study_class"],
            beside=row["class_name"],
            at=row["at"],
        )
        for row in rows
    ]


def late_by_class(classes: Iterable[StudyClass], *, now: datetime) -> Mapping[int, int]:
    """Maps classes to their members who are late in any module. One query."""
    member = OuterRef(OuterRef("user"))
    finished = Enrolment.objects.filter(module=OuterRef("module"), learner=member, finished_at__isnull=False)
    longer = OwnDueDate.objects.filter(assignment=OuterRef("pk"), learner=member, due_at__gt=now)
    late = Assignment.objects.filter(
        Q(module__published_at__isnull=False) | Q(module__keeps_learners=True),
        study_class__group=OuterRef("group"),
        due_at__lte=now,
    ).exclude(Exists(finished) | Exists(longer))
    groups = {study_class.group_id: study_class.pk for study_class in classes}
    members = User.groups.through.objects.filter(Exists(late), group__in=list(groups))
    numbers = members.order_by().values_list("group").annotate(n=Count("pk"))
    return {groups[group]: number for group, number in numbers}


def late_by_module(late: Sequence[LateInModule]) -> Mapping[int, int]:
    """Adds up the late people of all classes by module."""
    numbers: dict[int, int] = {}
    for each in late:
        key = each.assignment.module_id
        numbers[key] = numbers.get(key, 0) + each.late
    return numbers
