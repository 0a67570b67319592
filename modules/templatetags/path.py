"""Draws the path of a module next to a text.

Python writes the HTML here, because the path is on every page of a module and has a point for each section. A template
takes eight times as long, which is noticeable with two hundred sections.
"""

from __future__ import annotations

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from modules.document.html.latex_words import readable
from modules.reading.outlines import Outline, QuizStop, Stop

register = template.Library()

HERE = ' aria-current="page"'


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
