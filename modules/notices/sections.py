"""Tells learners of sections to read again, and of changes in a module that they have finished."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import QuerySet

from modules.models import BATCH, Enrolment, Module, Notice, Reading, Section

Kind = Notice.Kind


def ask_to_read_again(section: Section, readings: QuerySet[Reading], *, now: datetime) -> None:
    """Stores a notice for each reader who is asked to read a section again."""
    _tell(section, Kind.READ_AGAIN, readings.values_list("enrolment", flat=True), now)


def tell_of_change(section: Section, *, now: datetime) -> None:
    """Tells readers who have finished the module that a section has another text than they read."""
    readings = section.readings.counting().filter(enrolment__finished_at__isnull=False)
    knowing = section.readings.of_former_words(section.source).values("pk")
    _tell(section, Kind.CHANGED, readings.exclude(pk__in=knowing).values_list("enrolment", flat=True), now)


def tell_of_addition(module: Module, section: Section, *, now: datetime) -> None:
    """Tells learners who have finished the module of a section that they have not read."""
    readers = section.readings.counting().values("enrolment")
    finished = Enrolment.objects.filter(module=module, finished_at__isnull=False)
    _tell(section, Kind.ADDED, finished.exclude(pk__in=readers).values_list("pk", flat=True), now)


def take_back(section: Section, readings: QuerySet[Reading]) -> None:
    """Removes unseen notices of readers who have read the words that a section says again."""
    unseen = Notice.objects.unseen().filter(section=section)
    unseen.filter(enrolment__in=readings.values("enrolment")).delete()


def _tell(section: Section, kind: Notice.Kind, enrolments: Iterable[int], now: datetime) -> None:
    """Stores a notice for each enrolment, in the place of an unseen one about the same section."""
    keys = sorted(set(enrolments))
    for start in range(0, len(keys), BATCH):
        _tell_batch(section, kind, keys[start : start + BATCH], now)


def _tell_batch(section: Section, kind: Notice.Kind, enrolments: Sequence[int], now: datetime) -> None:
    Notice.objects.unseen().filter(section=section, enrolment__in=enrolments).delete()
    Notice.objects.bulk_create(
        Notice(enrolment_id=enrolment, kind=kind, section=section, made_at=now) for enrolment in enrolments
    )
