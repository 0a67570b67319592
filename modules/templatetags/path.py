"""The path beside a text: drawn by hand, since it is on every page of a module and has a point for each section."""

from __future__ import annotations

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from modules.reading.outlines import Outline, QuizStop, Stop

register = template.Library()

HERE = ' aria-current="page"'


@register.simple_tag
def path(outline: Outline, here: int | str | None = None, here_is_quiz: bool | str = False) -> SafeString:
    """Draw the sections of a module in order, as links, and the final quiz at the end.

    ``here`` is the number of the section that is open, ``here_is_quiz`` whether the quiz is. Through a template
    this takes eight times as long, which two hundred sections feel.
    """
    read, passed = _whispered(gettext("read")), _whispered(gettext("passed"))
    changed = _whispered(gettext("read") + ",") + _tagged(gettext("has changed"))
    again = _tagged(gettext("to be read again"))
    points = [
        _point(stop, stop.number == here, _said(stop, changed if stop.is_changed else read, again))
        for stop in outline.stops
    ]
    if outline.quiz:
        points.append(_quiz_point(outline.quiz, bool(here_is_quiz), passed))
    # Titles and addresses are escaped where they are put in.
    return mark_safe(f'<ol class="path">\n{"".join(points)}</ol>')  # noqa: S308


def _whispered(word: str) -> str:
    return f'<span class="hidden-text">, {escape(word)}</span>'


def _tagged(words: str) -> str:
    return f' <span class="changed">{escape(words)}</span>'


def _said(stop: Stop, read: str, again: str) -> str:
    if stop.is_read:
        return read
    return again if stop.has_lapsed else ""


def _point(stop: Stop, is_here: bool, said: str) -> str:
    state = (" here" if is_here else "") + (" done" if stop.is_read else "")
    listed = f'<li class="{state[1:]}">' if state else "<li>"
    link = f'<a href="{escape(stop.url)}"{HERE if is_here else ""}>'
    return f"{listed}{link}{escape(stop.title)}{said}</a></li>\n"


def _quiz_point(quiz: QuizStop, is_here: bool, passed: str) -> str:
    state = (" done" if quiz.is_passed else "") + (" here" if is_here else "")
    link = f'<a href="{escape(quiz.url)}"{HERE if is_here else ""}>'
    return f'<li class="quiz{state}">{link}{escape(quiz.title)}{passed if quiz.is_passed else ""}</a></li>\n'
