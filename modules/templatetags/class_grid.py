"""Writes the cells of the grid of a class. A grid has thousands of them, for which a template would take too long."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from modules.insights.class_progress import Cell
from modules.templatetags.look import day, grade, icon

register = template.Library()


@register.simple_tag
def cells(of_member: Iterable[Cell]) -> SafeString:
    """Writes how far a member is in each module, each as a ``td``. Words repeat what a colour says."""
    language = get_language() or ""
    return format_html_join(
        "", "<td>{}{}</td>", ((_cell(cell, language), _until(cell)) for cell in of_member)
    )


@lru_cache(maxsize=5_000)
def _cell(cell: Cell, language: str) -> SafeString:
    """Writes a cell in the current ``language``. Many members have equal cells, so they are kept."""
    kind, shown = _shown(cell)
    late = _hidden(_("late"), ", ") if cell.is_late else ""
    return format_html(
        '<span class="cell {}{}">{}{}</span>', kind, " late" if cell.is_late else "", shown, late
    )


def _until(cell: Cell) -> str:
    """Writes the date of a member who has longer than the class. It is not kept: a day depends on the time zone."""
    if cell.own_due_at is None:
        return ""
    return format_html(
        '<span class="meta under">{}</span>', _("until %(day)s") % {"day": day(cell.own_due_at)}
    )


def _shown(cell: Cell) -> tuple[str, SafeString]:
    """Returns the class of a cell, and what stands in it."""
    match cell.state:
        case "done":
            words = _hidden(_("finished"), ", " if cell.grade is not None else "")
            return "done", format_html("{}{}{}", icon("check"), grade(cell.grade), words)
        case "failed":
            words = _hidden(_("not passed yet"), ", ")
            return "missed", format_html("{}{}{}", icon("again"), grade(cell.grade), words)
        case "reading":
            return f"h{cell.heat}", format_html("{}/{}", cell.read, cell.total)
        case _:
            return "none", format_html('<span aria-hidden="true">–</span>{}', _hidden(_("not begun")))


def _hidden(words: str, before: str = "") -> SafeString:
    """Writes words for screen readers."""
    return format_html('<span class="hidden-text">{}{}</span>', before, words)
