"""Makes the list of sections that a learner should read again after an attempt, the most missed first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from modules.pages.reviews import MISSED, Review
from modules.reading.outlines import Stop

FEW = 6  # sections that the list names; raised, a result of a long quiz begins with a longer list


@dataclass(frozen=True, slots=True)
class Reread:
    """A section to read again, with the numbers of the missed questions that it is about."""

    stop: Stop
    slots: Sequence[int]

    @property
    def slots_in_words(self) -> str:
        return str(get_text_list([str(slot) for slot in self.slots], _("and")))


def to_reread(reviewed: Sequence[Review]) -> list[Reread]:
    """Returns the sections of the missed questions, as far as the reviews say which questions were missed."""
    missed: dict[str, Reread] = {}
    for review in reviewed:
        if review.state in MISSED:
            for stop in review.explained_in:
                earlier = missed.get(stop.identity, Reread(stop, ()))
                missed[stop.identity] = Reread(stop, (*earlier.slots, review.number))
    ordered = sorted(missed.values(), key=lambda item: (-len(item.slots), item.stop.number))
    return ordered[:FEW]
