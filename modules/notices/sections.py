"""Tells learners of sections to read again, and of changes in a module that they have finished."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BigIntegerField, CharField, DateTimeField, JSONField, QuerySet, Value

from modules.models import Enrolment, Module, Notice, Reading, Section

Kind = Notice.Kind


def ask_to_read_again(section: Section, readings: QuerySet[Reading], *, now: datetime) -> None:
    """Stores a notice for each reader who is asked to read a section again."""
    _tell(section, Kind.READ_AGAIN, _readers(readings), now)


def ask_to_read_the_rest(section: Section, readings: QuerySet[Reading], *, now: datetime) -> None:
    """Stores a notice for each reader of a section that has taken in text that they have not read."""
    _tell(section, Kind.NEW_PART, _readers(readings), now)


def tell_of_change(section: Section, *, now: datetime) -> None:
    """Tells readers who have finished the module that a section has another text than they read."""
    readings = section.readings.counting().filter(enrolment__finished_at__isnull=False)
    knowing = section.readings.of_former_words(section.source).values("pk")
    _tell(section, Kind.CHANGED, _readers(readings.exclude(pk__in=knowing)), now)


def tell_of_addition(module: Module, section: Section, *, now: datetime) -> None:
    """Tells learners who have finished the module of a section that they have not read."""
    readers = section.readings.counting().values("enrolment")
    finished = Enrolment.objects.filter(module=module, finished_at__isnull=False)
    _tell(section, Kind.ADDED, finished.exclude(pk__in=readers), now)


def take_back(section: Section, readings: QuerySet[Reading]) -> None:
    """Removes unseen notices of readers who have read the words that a section says again."""
    unseen = Notice.objects.unseen().filter(section=section)
    unseen.filter(enrolment__in=readings.values("enrolment")).delete()


def _readers(readings: QuerySet[Reading]) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(pk__in=readings.values("enrolment"))


def _tell(section: Section, kind: Notice.Kind, enrolments: QuerySet[Enrolment], now: datetime) -> None:
    """Stores a notice for each enrolment, in the place of an unseen one about the same section."""
    Notice.objects.unseen().filter(section=section, enrolment__in=enrolments.values("pk")).delete()
    columns = {
        "kind": Value(str(kind), CharField()),
        "section_id": Value(section.pk, BigIntegerField()),
        "slots": Value([], JSONField()),
        "finish": Value("", CharField()),
        "reason": Value("", CharField()),
        "made_at": Value(now, DateTimeField()),
    }
    names = {f"of_notice_{name}": value for name, value in columns.items()}
    rows = enrolments.order_by().annotate(**names).values_list("pk", *names)
    # A load holds all learners of its module. As objects, the notices for 10,000 of them would take a second.
    try:
        select, values = rows.query.sql_with_params()
    except EmptyResultSet:  # nobody is to be told
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {Notice._meta.db_table} (enrolment_id, {', '.join(columns)}) {select}", values
        )
