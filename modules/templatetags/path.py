"""Draws the path of a module: next to a text as a list of links, and lying down as a picture.

Python writes the HTML here, because the path is on every page of a module and has a point for each section. A template
takes eight times as long, which is noticeable with two hundred sections.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext

from modules.document.html.latex_words import readable
from modules.insights.learner_modules import ModuleProgress
from modules.reading.outlines import Outline, QuizStop, Stop
from modules.reading.studies import Study

register = template.Library()

HERE = ' aria-current="page"'
MOST_POINTS = 14  # steps that are drawn as points; more of them become a bar
STEP, RADIUS, MIDDLE, START = 22, 4.6, 8, 6.2  # of the path that lies down, in pixels


@register.simple_tag
def path(outline: Outline, here: int | str | None = None, here_is_quiz: bool | str = False) -> SafeString:
    """Draws the sections of a module in order, as links, and its quiz at the end.

    ``here`` is the number of the section that the page shows. ``here_is_quiz`` tells whether the page shows the quiz.
    """
    read, passed = _hidden_text(gettext("read")), _hidden_text(gettext("passed"))
    changed = _hidden_text(gettext("read") + ",") + _tag(gettext("has changed"))
    again, new_part = _tag(gettext("to be read again")), _tag(gettext("has a new part"))
    points = [
        _point(
            stop,
            stop.number == here,
            _status(stop, changed if stop.is_changed else read, new_part if stop.has_new_part else again),
        )
        for stop in outline.stops
    ]
    if outline.quiz:
        points.append(_quiz_point(outline.quiz, bool(here_is_quiz), passed))
    # Every function below escapes the titles and addresses that it uses.
    return mark_safe(f'<ol class="path">\n{"".join(points)}</ol>')  # noqa: S308


def _hidden_text(words: str) -> str:
    """Returns words that only screen readers read."""
    return f'<span class="hidden-text">, {escape(words)}</span>'


def _tag(words: str) -> str:
    return f' <span class="changed">{escape(words)}</span>'


def _status(stop: Stop, read: str, again: str) -> str:
    if stop.is_read:
        return read
    return again if stop.has_lapsed else ""


def _point(stop: Stop, is_here: bool, status: str) -> str:
    classes = (" here" if is_here else "") + (" done" if stop.is_read else "")
    opening = f'<li class="{classes[1:]}">' if classes else "<li>"
    link = f'<a href="{escape(stop.url)}"{HERE if is_here else ""}>'
    return f"{opening}{link}{escape(readable(stop.title))}{status}</a></li>\n"


def _quiz_point(quiz: QuizStop, is_here: bool, passed: str) -> str:
    classes = (" done" if quiz.is_passed else "") + (" here" if is_here else "")
    link = f'<a href="{escape(quiz.url)}"{HERE if is_here else ""}>'
    return (
        f'<li class="quiz{classes}">{link}{escape(quiz.title)}{passed if quiz.is_passed else ""}</a></li>\n'
    )


@register.simple_tag
def path_line(study: Study) -> SafeString:
    """Draws the path of a study lying down. The point where the learner goes on is marked."""
    return _lying(study.steps_read, study.card.steps, study.card.done, has_quiz=study.has_quiz)


@register.simple_tag
def path_of_learner(row: ModuleProgress) -> SafeString:
    """Draws the path of a learner in a module lying down, for an instructor."""
    steps = len(row.steps_read) + row.has_quiz
    done = sum(row.steps_read) + (row.has_quiz and row.is_passed)
    return _lying(row.steps_read, steps, done, has_quiz=row.has_quiz)


def _lying(steps_read: Sequence[bool], steps: int, done: int, *, has_quiz: bool) -> SafeString:
    """Draws sections and a quiz. ``steps`` counts them, and ``done`` those that are read or passed."""
    read, total = sum(steps_read), len(steps_read)
    label = escape(
        ngettext("%(read)d of %(total)d section read", "%(read)d of %(total)d sections read", total)
        % {"read": read, "total": total}
    )
    if steps > MOST_POINTS:
        bar = f'<progress class="bar short" max="{steps}" value="{done}" aria-label="{label}"></progress>'
        return mark_safe(bar)  # noqa: S308  # numbers, and a label that is escaped
    width = max(steps - 1, 0) * STEP + 14
    drawing = _joints(steps_read, steps) + _circles(steps_read)
    if has_quiz:
        drawing += _diamond(total, "done" if done > read else "here" if read == total else "todo")
    return mark_safe(  # noqa: S308  # numbers, and a label that is escaped
        f'<svg class="path-line" viewBox="0 0 {width} 16" width="{width}" height="16" role="img" '
        f'aria-label="{label}">{drawing}</svg>'
    )


def _joints(steps_read: Sequence[bool], steps: int) -> str:
    states = ["done" if is_read else "todo" for is_read in steps_read]
    return "".join(
        f'<path class="{state}" d="M{START + place * STEP:g} {MIDDLE}h{STEP}"/>'
        for place, state in enumerate(states[: steps - 1])
    )


def _circles(steps_read: Sequence[bool]) -> str:
    here = steps_read.index(False) if False in steps_read else None
    return "".join(
        f'<circle class="{"done" if is_read else "here" if place == here else "todo"}" '
        f'cx="{START + place * STEP:g}" cy="{MIDDLE}" r="{RADIUS}"/>'
        for place, is_read in enumerate(steps_read)
    )


def _diamond(place: int, state: str) -> str:
    x = START + place * STEP
    return (
        f'<rect class="{state}" x="{x - 4.2:g}" y="{MIDDLE - 4.2:g}" width="8.4" height="8.4" rx="1.4" '
        f'transform="rotate(45 {x:g} {MIDDLE})"/>'
    )
