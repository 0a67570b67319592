"""Sorts the warnings of a document: what is missing in it, and all other hints."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy, ngettext_lazy

from modules.authoring.problem_lists import problem_list
from modules.document.problems import Problem
from modules.document.syntax.parser import Document

# What a document shows or links to and does not have, in words. It is never folded away among hints.
MISSING = {
    "image": ngettext_lazy("%(n)d picture is missing", "%(n)d pictures are missing", "n"),
    "link": ngettext_lazy("%(n)d link leads nowhere", "%(n)d links lead nowhere", "n"),
}
# What is missing, by the code of its warning.
KINDS = {
    "missing-image": "image",
    "ambiguous-image": "image",
    "image-kind": "image",
    "data-image": "image",
    "dead-link": "link",
}
# What a whole module has, in words by its name in ``Document.lacks``.
LACKING = {
    "headings": gettext_lazy(
        "This document has no headings, so it is one section. Begin each section with ## and its name."
    ),
    "quiz": gettext_lazy(
        "This document has no final quiz. Write one under a heading “Kuis akhir”, or write “quiz: none” in the front matter."
    ),
}


def of(document: Document) -> dict[str, Any]:
    """Returns the warnings of a document for a page, as lists of (line, text) pairs.

    ``missing`` has the images and links without a target, ``missing_title`` counts them, and ``warnings`` has the rest.
    ``lacks`` has sentences about parts that a whole module has.
    """
    missing = [warning for warning in document.warnings if warning.code in KINDS]
    return {
        "missing": problem_list(missing),
        "missing_title": _counted(missing),
        "lacks": [LACKING[name] for name in document.lacks],
        "warnings": problem_list([warning for warning in document.warnings if warning.code not in KINDS]),
    }


def _counted(missing: list[Problem]) -> str:
    """Counts what is missing of each kind. An image that is shown twice counts once."""
    of_kind: dict[str, set[object]] = {kind: set() for kind in MISSING}
    for warning in missing:  # data has no path: only its line tells it from other data
        names = [warning.line] if warning.code == "data-image" else warning.names
        of_kind[KINDS[warning.code]].update(names)
    return ", ".join(str(MISSING[kind] % {"n": len(each)}) for kind, each in of_kind.items() if each)
