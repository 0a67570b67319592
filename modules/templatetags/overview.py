"""Writes times and grades of the overview of a module in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from django import template
from django.utils.translation import ngettext

from modules.templatetags.look import grade

register = template.Library()

MINUTE, HOUR, DAY = 60, 60 * 60, 24 * 60 * 60
MOST_GRADES = 3  # of one learner; the page of the learner has all of them


@register.filter
def roughly(seconds: float) -> str:
    """Writes a time in its largest unit: ``12 minutes``, ``3 hours``, ``2 days``."""
    if seconds < HOUR:
        return _counted(max(1, round(seconds / MINUTE)), "%(n)d minute", "%(n)d minutes")
    if seconds < DAY:
        return _counted(round(seconds / HOUR), "%(n)d hour", "%(n)d hours")
    return _counted(round(seconds / DAY), "%(n)d day", "%(n)d days")


def _counted(number: int, one: str, many: str) -> str:
    return ngettext(one, many, number) % {"n": number}


@register.filter
def last_grades(grades: Sequence[Fraction]) -> str:
    """Writes the last grades of a learner, the earlier first."""
    return ", ".join(grade(each) for each in grades[-MOST_GRADES:])


@register.filter
def joined(numbers: Iterable[object]) -> str:
    return ", ".join(str(number) for number in numbers)


@register.simple_tag
def share_of_all(part: int, total: int) -> float:
    """Returns a part as a share of 1."""
    return part / total if total else 0.0
