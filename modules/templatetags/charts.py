"""Draws small charts as pictures in the page, each with words for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe

from modules.insights.grade_spread import GradeSpread, Step

register = template.Library()

WIDTH, GAP, HEIGHT = 6, 3, 24  # of a column, between two of them, and of the picture, in pixels
POINT = 2.4  # width of the mark of a share, of 100
LOWEST, NONE = 2.0, 1.5  # of a column with something in it, and of an empty one

# Of the picture of grades: the left and lower edge of its bars, the width of one, and the height of all, in pixels.
LEFT, BASE, BAR, RISE = 34, 140, 29, 110
RULES = [factor * 10**power for power in range(6) for factor in (1, 2, 5)]  # learners between two lines


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


@register.simple_tag
def bar(share: float, kind: str = "", behind: float = 0.0) -> SafeString:
    """Draws a share of 1 as a bar, over a paler one. The numbers stand beside it, so readers aloud skip it."""
    over, under = (100 * max(0.0, min(1.0, value)) for value in (share, behind))
    return mark_safe(  # noqa: S308  # numbers, and a class of our own templates
        f'<svg class="hbar {escape(kind)}" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="track" width="100" height="10"/>'
        f'<rect class="behind" width="{under:.1f}" height="10"/><rect class="fill" width="{over:.1f}" height="10"/></svg>'
    )


@register.simple_tag
def histogram(spread: GradeSpread, title: str, words: str, pass_mark: str) -> SafeString:
    """Draws how many learners have which grade, and the pass mark. ``words`` says what the picture shows."""
    top = max((step.learners for step in spread.steps), default=0)
    rule = next(each for each in RULES if 4 * each >= top)
    lines = "".join(_rule(number * rule, 4 * rule) for number in range(5))
    bars = "".join(_bar(step, spread.pass_mark, 4 * rule) for step in spread.steps if step.learners)
    ticks = "".join(
        f'<text x="{_across(value):.1f}" y="154" text-anchor="middle">{value}</text>'
        for value in range(0, 101, 20)
    )
    return mark_safe(  # noqa: S308  # numbers, and words that are escaped
        '<svg viewBox="0 0 340 160" role="img" aria-labelledby="grades-title grades-words">'
        f'<title id="grades-title">{escape(title)}</title><desc id="grades-words">{escape(words)}</desc>'
        f"{lines}{bars}{ticks}{_pass_mark(spread.pass_mark, escape(pass_mark))}</svg>"
    )


def _across(grade: float) -> float:
    return LEFT + BAR * grade / 10


def _up(learners: float, top: int) -> float:
    return BASE - RISE * learners / top


def _rule(learners: int, top: int) -> str:
    y, kind = _up(learners, top), "rule" if learners else "axis"
    return (
        f'<path class="{kind}" d="M{LEFT} {y:.1f}h{10 * BAR}"/>'
        f'<text x="{LEFT - 5}" y="{y + 3.5:.1f}" text-anchor="end">{learners}</text>'
    )


def _bar(step: Step, pass_mark: int, top: int) -> str:
    """Draws one bar. One whose grades lie on both sides of the pass mark is neither good nor bad."""
    kind = "over" if step.low >= pass_mark else "under" if step.high <= pass_mark else "both"
    x, y = _across(step.low) + 2.5, _up(step.learners, top)
    return (
        f'<rect class="{kind}" x="{x:.1f}" y="{y:.1f}" width="{BAR - 5}" height="{BASE - y:.1f}" rx="2"/>'
        f'<text class="strong" x="{x + (BAR - 5) / 2:.1f}" y="{y - 4:.1f}" text-anchor="middle">{step.learners}</text>'
    )


def _pass_mark(pass_mark: int, words: str) -> str:
    x = _across(pass_mark)
    side, anchor = (-5, "end") if pass_mark >= 50 else (5, "start")
    return (
        f'<path class="pass" d="M{x:.1f} 12V{BASE}"/>'
        f'<text class="strong" x="{x + side:.1f}" y="11" text-anchor="{anchor}">{words}</text>'
    )
