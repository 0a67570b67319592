"""Sorts the warnings of a document for people: what it shows or links to and does not have, and hints beside that."""

from __future__ import annotations

from typing import Any

from django.utils.translation import ngettext_lazy

from modules.authoring.problem_lists import problem_list
from modules.document.problems import Problem
from modules.document.syntax.parser import Document

# What learners would stumble upon, in words by its code. It is never folded away among hints.
MISSING = {
    "missing-image": ngettext_lazy("%(n)d picture is missing", "%(n)d pictures are missing", "n"),
    "dead-link": ngettext_lazy("%(n)d link leads nowhere", "%(n)d links lead nowhere", "n"),
}


def of(document: Document) -> dict[str, Any]:
    """The warnings of a document for a page, as lists of (line, text) pairs.

    ``missing`` with ``missing_title``, which counts them, and ``warnings``, the rest.
    """
    missing = [one for one in document.warnings if one.code in MISSING]
    return {
        "missing": problem_list(missing),
        "missing_title": _counted(missing),
        "warnings": problem_list([one for one in document.warnings if one.code not in MISSING]),
    }


def _counted(missing: list[Problem]) -> str:
    """How many of each kind are missing; a picture that is shown twice is one."""
    each = [(said, {one.text() for one in missing if one.code == code}) for code, said in MISSING.items()]
    return ", ".join(str(said % {"n": len(texts)}) for said, texts in each if texts)
