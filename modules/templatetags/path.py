"""The path beside a text: drawn by hand, since it is on every page of a module and has a point for each section."""

from __future__ import annotations

from html import escape

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from modules.progress import Outline, QuizStop, Stop

register = template.Library()

HERE = ' aria-current="page"'


@register.simple_tag
def path(outline: Outline, here: int | str | None = None, here_is_quiz: bool | str = False) -> SafeString:
    """Draw the sections of a module in order, as links, and the final quiz at the end.

    ``here`` is the number of the section that is open, ``here_is_quiz`` whether the quiz is. Through a template
    this takes eight times as long, which two hundred sections feel.
    """
    read, passed = _whispered(gettext("read")), _whispered(gettext("passed"))
    changed = (
        f'{_whispered(gettext("read") + ",")} <span class="changed">{escape(gettext("has changed"))}</span>'
    )
    points = [
        _point(stop, stop.number == here, changed if stop.is_changed else read) for stop in outline.stops
    ]
    if outline.quiz:
        points.append(_quiz_point(outline.quiz, bool(here_is_quiz), passed))
    # Titles and addresses are escaped where they are put in.
    return mark_safe(f'<ol class="path">\n{"".join(points)}</ol>')  # noqa: S308


def _whispered(word: str) -> str:
    return f'<span class="hidden-text">, {escape(word)}</span>'


def _point(stop: Stop, is_here: bool, read: str) -> str:
    state = (" here" if is_here else "") + (" done" if stop.is_read else "")
    listed = f'<li class="{state[1:]}">' if state else "<li>"
    link = f'<a href="{escape(stop.url)}"{HERE if is_here else ""}>'
    return f"{listed}{link}{escape(stop.title)}{read if stop.is_read else ''}</a></li>\n"


def _quiz_point(quiz: QuizStop, is_here: bool, passed: str) -> str:
    state = (" done" if quiz.is_passed else "") + (" here" if is_here else "")
    link = f'<a href="{escape(quiz.url)}"{HERE if is_here else ""}>'
    return f'<li class="quiz{state}">{link}{escape(quiz.title)}{passed if quiz.is_passed else ""}</a></li>\n'
