"""Draws who chose each choice of a question, from the weakest quarter of the class to the strongest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from modules.insights.item_analysis import QUARTERS, ItemAnalysis
from modules.insights.item_rules import Finding, Verdict

register = template.Library()

LEFT, RIGHT, TOP, BOTTOM = 38.0, 262.0, 14.0, 160.0  # of the lines, in a picture of 352 by 188
LINE_OF_WORDS = 13.0  # between two words at the end of lines, so that none covers another
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True, slots=True)
class Line:
    """Holds the line of a choice: its letter, its kind (``key``, ``rival`` or ``other``) and its shares by quarter.

    A quarter without learners has ``None``.
    """

    letter: str
    kind: str
    shares: Sequence[float | None]

    @property
    def points(self) -> list[tuple[float, float]]:
        return [(_x(place), _y(share)) for place, share in enumerate(self.shares) if share is not None]

    @property
    def label(self) -> str:
        words = {"key": _("key"), "rival": _("chosen instead")}.get(self.kind, "")
        return f"{self.letter} {words}".strip()


@register.filter
def letter(place: int) -> str:
    """Returns the letter of a choice by its place in the text, from 0."""
    return LETTERS[place] if place < len(LETTERS) else str(place + 1)


@register.simple_tag
def kind_of_choice(key: str, analysis: ItemAnalysis, verdicts: Sequence[Verdict]) -> str:
    """Returns how a choice is shown: as the key, as the rival of a doubtful key, or as another one."""
    rival = next((each.choice for each in verdicts if each.finding == Finding.KEY), None)
    right = {each.choice.key for each in analysis.choices if each.choice.is_right}
    return "key" if key in right else "rival" if rival and rival.choice.key == key else "other"


@register.simple_tag
def quarter_lines(analysis: ItemAnalysis, verdicts: Sequence[Verdict]) -> SafeString:
    """Draws a line for each choice. Readers aloud hear the shares in words, and a table stands beside it."""
    lines = [
        Line(
            letter(place),
            kind_of_choice(each.choice.key, analysis, verdicts),
            _shares(each.by_quarter, analysis),
        )
        for place, each in enumerate(analysis.choices)
    ]
    ordered = sorted(lines, key=lambda line: ["other", "rival", "key"].index(line.kind))
    drawn = "".join([_axes(), *map(_drawn, ordered), *_words(lines)])
    return mark_safe(  # noqa: S308  # numbers, and words that are escaped
        f'<svg viewBox="0 0 352 188" role="img" aria-label="{escape(_in_words(lines))}">{drawn}</svg>'
    )


def _shares(by_quarter: Sequence[int], analysis: ItemAnalysis) -> list[float | None]:
    return [times / size if size else None for times, size in zip(by_quarter, analysis.quarters, strict=True)]


def _in_words(lines: Sequence[Line]) -> str:
    sentence = _("Choices by quarter of the class, from the lowest to the highest.")
    shares = (
        f"{line.label}: "
        + ", ".join("–" if share is None else f"{round(100 * share)} %" for share in line.shares)
        for line in lines
    )
    return f"{sentence} {'; '.join(shares)}."


def _x(place: int) -> float:
    return LEFT + place * (RIGHT - LEFT) / (QUARTERS - 1)


def _y(share: float) -> float:
    return BOTTOM - share * (BOTTOM - TOP)


def _axes() -> str:
    rules = "".join(
        f'<path class="{"rule" if percent else "axis"}" d="M{LEFT - 8:.1f} {_y(percent / 100):.1f}H{RIGHT + 6:.1f}"/>'
        f'<text x="{LEFT - 12:.1f}" y="{_y(percent / 100) + 3.5:.1f}" text-anchor="end">{percent}</text>'
        for percent in (0, 25, 50, 75, 100)
    )
    names = (_("lowest"), _("second"), _("third"), _("highest"))
    words = "".join(
        f'<text x="{_x(place):.1f}" y="{BOTTOM + 18:.1f}" text-anchor="middle">{escape(name)}</text>'
        for place, name in enumerate(names)
    )
    return rules + words


def _drawn(line: Line) -> str:
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in line.points)
    size = 2.4 if line.kind == "other" else 3.4
    dots = "".join(
        f'<circle class="{line.kind}-dot" cx="{x:.1f}" cy="{y:.1f}" r="{size}"/>' for x, y in line.points
    )
    return f'<polyline class="{line.kind}" points="{points}"/>{dots}'


def _words(lines: Sequence[Line]) -> list[str]:
    """Writes a name at the end of each line, from the top down, none closer to the next than a line of words."""
    ends = sorted((line.points[-1][1], line.label, line.kind) for line in lines if line.points)
    written, last = [], TOP - 2 * LINE_OF_WORDS
    room = [BOTTOM + 4 - LINE_OF_WORDS * below for below in reversed(range(len(ends)))]
    for (y, label, kind), most in zip(ends, room, strict=True):
        last = max(last + LINE_OF_WORDS, min(y + 3.5, most))
        written.append(
            f'<text class="{kind}-word" x="{RIGHT + 12:.1f}" y="{last:.1f}">{escape(label)}</text>'
        )
    return written
