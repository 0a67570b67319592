"""Keeps the place at which a learner left a section, so that they go on there on any device. It is no reading."""

from __future__ import annotations

import re
from dataclasses import dataclass

from accounts.models import User
from modules.models import LONGEST_KEPT_PLACE, Enrolment, Section

KEPT = re.compile(r"(?P<identity>[^#~@]*)#(?P<anchor>[^~@]*)~(?P<block>\d{1,6})@(?P<revision>\d{1,15})")
MOST_BLOCKS = 100_000  # paragraphs after a heading; a larger number is a mistake


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a section: a heading, and how many blocks after it.

    Without a heading (``anchor``), the blocks count from the beginning. In another text they mean nothing, so the place
    is known only together with the ``revision`` that was read.
    """

    identity: str
    anchor: str
    block: int
    revision: int

    def __str__(self) -> str:
        return f"{self.identity}#{self.anchor}~{self.block}@{self.revision}"


def place_of(kept: str | None) -> Place | None:
    """Returns the place that the column of an enrolment says."""
    match = KEPT.fullmatch(kept or "")
    if match is None:
        return None
    return Place(match["identity"], match["anchor"], int(match["block"]), int(match["revision"]))


def place_in(section: Section, kept: Place | None) -> Place | None:
    """Returns a kept place as far as the section has it now, or ``None``: its heading, if the text has changed."""
    if kept is None or kept.identity != section.identity:
        return None
    is_same_text = kept.revision == section.module.current_id
    if kept.anchor not in _anchors(section):
        return None
    block = kept.block if is_same_text else 0
    return Place(kept.identity, kept.anchor, block, kept.revision) if kept.anchor or block else None


def keep_place(learner: User, section: Section, anchor: str, block: int) -> None:
    """Keeps the place of a learner who has begun the module. The beginning of a section is no place to go on at."""
    anchor = anchor if anchor in _anchors(section) else ""
    place = Place(section.identity, anchor, min(block, MOST_BLOCKS), section.module.current_id or 0)
    kept = str(place) if anchor or block else ""
    if len(kept) <= LONGEST_KEPT_PLACE:
        Enrolment.objects.filter(learner=learner, module=section.module_id).update(place=kept)


def forget_place(enrolment: Enrolment, section: Section) -> None:
    """Forgets the place in a section that its learner has read to the end."""
    left = Enrolment.objects.filter(pk=enrolment.pk, place__startswith=f"{section.identity}#")
    left.update(place="")


def _anchors(section: Section) -> set[str]:
    return {"", *(heading["id"] for heading in section.contents)}
