"""Gives the readers of a section readings of the sections that are split off from it, or come out of it again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import OuterRef, Subquery

from modules.document.compare.likeness import body
from modules.document.compare.moved_text import adds_lines
from modules.models import BATCH, FormerText, Module, Reading, Section


def share(module: Module, origins: Mapping[str, int], wholes: Mapping[str, int]) -> None:
    """Adds readings of active sections. ``origins`` and ``wholes`` are those of :class:`~modules.authoring.plan.Kept`.

    Each learner who has read the whole has read its half. A section that was merged and comes out again keeps its
    readings, and gets one of each learner who has read its text in the whole.
    """
    active = {
        section.identity: section
        for section in module.sections.active().filter(identity__in=[*origins, *wholes])
    }
    parents = Reading.objects.counting().filter(section__in=set(origins.values()))
    by_parent: dict[int, list[Reading]] = {}
    for reading in parents:
        by_parent.setdefault(reading.section_id, []).append(reading)
    halves = (
        _copy(reading, active[identity], reading.revision_id)
        for identity, parent in origins.items()
        for reading in by_parent.get(parent, [])
    )
    returned = (
        _copy(reading, active[identity], module.current_id)
        for identity, whole in wholes.items()
        for reading in readings_in_whole(active[identity].pk, whole, active[identity].source)
    )
    Reading.objects.bulk_create([*halves, *returned], BATCH)


def _copy(reading: Reading, section: Section, revision: Any) -> Reading:
    return Reading(
        enrolment_id=reading.enrolment_id, section=section, revision_id=revision, read_at=reading.read_at
    )


def readings_in_whole(section: int, whole: int, source: str) -> Iterator[Reading]:
    """Yields the readings of a whole by learners who have read all lines of a source in it.

    Those who have a counting reading of the section itself are left out. ``section`` and ``whole`` are keys of rows.
    """
    row = Section.objects.filter(pk=whole).first()
    if row is None:  # nobody had read it, so its row is gone
        return
    former = FormerText.objects.filter(section=whole, until__gt=OuterRef("revision")).order_by("until_id")
    own = Reading.objects.counting().filter(section=section)
    others = Reading.objects.counting().filter(section=whole).exclude(enrolment__in=own.values("enrolment"))
    readings: Any = others.order_by("pk")  # any type, since the next line annotates it
    readings = readings.annotate(text_read=Subquery(former.values("pk")[:1]))
    has_text = {
        text.pk: not adds_lines([text.source], body(source))
        for text in FormerText.objects.filter(section=whole)
    }
    has_text_now = not adds_lines([row.source], body(source))
    yield from (reading for reading in readings if has_text.get(reading.text_read, has_text_now))
