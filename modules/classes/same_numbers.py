"""Finds numbers that two people of a class have: one of them is mistyped, or it is no number of a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _

from modules.classes.roster import Entry
from modules.models import Invitation, StudyClass

SHORTEST = 4  # signs; a shorter number is a place in a list, or the year of a class
MOST_NAMED = 3  # lines and people; the others say no more


def same_numbers(study_class: StudyClass, entries: Sequence[Entry]) -> Mapping[int, Sequence[str]]:
    """Maps lines to the other lines, and to the addresses in the class, with the same number. One query."""
    people = [entry for entry in entries if entry.address and len(entry.number) >= SHORTEST]
    by_number: dict[str, dict[str, int]] = defaultdict(dict)  # the first line of each address
    for entry in people:
        by_number[entry.number].setdefault(entry.address, entry.line)
    in_class = _in_class(study_class)
    same = {}
    for entry in people:
        lines = [
            _("line %(line)d") % {"line": line}
            for address, line in by_number[entry.number].items()
            if address != entry.address
        ]
        known = [
            address
            for address in in_class[entry.number]
            if address != entry.address and address not in by_number[entry.number]
        ]
        if lines or known:
            same[entry.line] = [*lines, *known][:MOST_NAMED]
    return same


def _in_class(study_class: StudyClass) -> Mapping[str, list[str]]:
    """Maps the numbers of those who are in the class, or invited, to their addresses."""
    addresses: dict[str, list[str]] = defaultdict(list)
    listed = Invitation.objects.filter(study_class=study_class, withdrawn_at__isnull=True).exclude(number="")
    for number, address in listed.values_list("number", "address"):
        addresses[number].append(address)
    return addresses
