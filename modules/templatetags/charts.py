"""Draws small charts as pictures in the page, each with words for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

WIDTH, GAP, HEIGHT = 6, 3, 24  # of a column, between two of them, and of the picture, in pixels
POINT = 2.4  # width of the mark of a share, of 100
LOWEST, NONE = 2.0, 1.5  # of a column with something in it, and of an empty one


@register.simple_tag
def columns(numbers: Sequence[int], label: str) -> SafeString:
    """Draws a column for each number. ``label`` says in words what the picture shows."""
    top = max(numbers, default=0)
    drawn = "".join(_column(place, number, top) for place, number in enumerate(numbers))
    width = len(numbers) * (WIDTH + GAP) - GAP
    return mark_safe(  # noqa: S308  # numbers, and a label that is escaped
        f'<svg class="cols" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}" role="img" '
        f'aria-label="{escape(label)}">{drawn}</svg>'
    )


@register.simple_tag
def interval(share: float, ends: tuple[float, float]) -> SafeString:
    """Draws a share with its interval on a line from 0 to 1. The numbers stand beside it, so readers aloud skip it."""
    low, high = (100 * end for end in ends)
    left = min(100 * share, 100 - POINT)
    return mark_safe(  # noqa: S308  # numbers
        '<svg class="interval" viewBox="0 0 100 14" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" y="6" width="100" height="2"/>'
        f'<rect class="band" x="{low:.1f}" y="3" width="{high - low:.1f}" height="8" rx="1"/>'
        f'<rect class="point" x="{left:.1f}" y="0" width="{POINT}" height="14"/></svg>'
    )


def _column(place: int, number: int, top: int) -> str:
    height = max(LOWEST, (HEIGHT - 1) * number / top) if number else NONE
    kind = "bar-of" if number else "none"
    x, y = place * (WIDTH + GAP), HEIGHT - height
    return f'<rect class="{kind}" x="{x}" y="{y:.1f}" width="{WIDTH}" height="{height:.1f}" rx="1"/>'
