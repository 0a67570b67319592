"""Keeps with a draft what its file lost on the way, or the draft that it was made from, until the draft is gone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from modules.authoring.problem_lists import rest
from modules.document.problems import MOST_SHOWN, Problem
from modules.models import Draft

TABLES = frozenset({"CSV", "Excel"})  # formats that have rows instead of lines


@dataclass(frozen=True, slots=True)
class Remarks:
    """Holds the first remarks as pairs: the place in the file or in the original, and the sentence."""

    shown: tuple[tuple[str, str], ...]
    rest: str


def kept(problems: Iterable[Problem], origin: str = "") -> list[dict[str, Any]]:
    """Returns problems as a draft keeps them. ``origin`` is the format of its file, and empty for another draft."""
    return [
        {
            "origin": origin,
            "line": problem.line,
            "code": problem.code,
            "template": problem.template,
            "params": dict(problem.params),
            "questions": list(problem.questions),
        }
        for problem in problems
    ]


def of_draft(draft: Draft) -> Remarks:
    """Returns the remarks of a draft in the language of the reader."""
    rows = [(row["origin"], _problem(row)) for row in draft.remarks]
    shown = tuple((_place(origin, problem.line), problem.text(_)) for origin, problem in rows[:MOST_SHOWN])
    return Remarks(shown, rest(len(rows) - MOST_SHOWN))


def _problem(row: dict[str, Any]) -> Problem:
    return Problem(
        row["line"],
        "warning",
        row["code"],
        row["template"],
        row["params"],
        questions=tuple(row["questions"]),
    )


def _place(origin: str, line: int) -> str:
    """Returns where a remark belongs, so that nobody looks for it in the text of the draft."""
    if not line:
        return ""
    if origin in TABLES:
        return _("Row %(line)d of the table") % {"line": line}
    sentence = _("Line %(line)d of the file") if origin else _("Line %(line)d of the original")
    return sentence % {"line": line}
