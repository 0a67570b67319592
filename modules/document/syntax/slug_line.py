"""Writes the slug of a module into its front matter. All other lines stay byte for byte."""

from __future__ import annotations

from dataclasses import replace

from modules.document.problems import DocumentError
from modules.document.syntax.matter_lines import parse_lines, unusual, write_values


def with_slug(text: str, slug: str) -> str:
    """Returns the text with a front matter that gives this slug.

    A slug that is there already changes in its place. Otherwise its line comes last, and begins a front matter if the
    text has none. The result is parsed again, and refused if it says anything but what was wanted.

    Raises :class:`DocumentError` for a front matter that cannot be read, or cannot be changed line by line.
    """
    matter, problems = parse_lines(text)
    if problems:
        raise DocumentError(tuple(problems))
    edited = write_values(text, {"slug": slug}, matter, lambda _name: bool(matter.slug))
    after, problems = parse_lines(edited)
    if problems or replace(after, lines=0, sections_line=0) != replace(
        matter, slug=slug, lines=0, sections_line=0
    ):
        raise unusual(["slug"])
    return edited
