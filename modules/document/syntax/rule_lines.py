"""Writes changed rules into the lines of a front matter. All other lines stay byte for byte."""

from __future__ import annotations

from dataclasses import replace

from modules.document.problems import DocumentError
from modules.document.syntax.front_matter import FrontMatter
from modules.document.syntax.matter_lines import parse_lines, unusual, write_values
from modules.document.syntax.rules import RULES, Rules


def with_access(text: str, wanted: str) -> str:
    """Returns the text with a front matter that gives this access. All other lines stay.

    Raises :class:`DocumentError` as :func:`with_rules` does.
    """
    matter, problems = parse_lines(text)
    if problems:
        raise DocumentError(tuple(problems))
    if matter.access == wanted:
        return text
    default = FrontMatter().access
    edited = write_values(text, {"access": wanted}, matter, lambda _name: matter.access != default)
    after, problems = parse_lines(edited)
    if problems or replace(after, lines=matter.lines, sections_line=matter.sections_line) != replace(
        matter, access=wanted
    ):
        raise unusual(["access"])
    return edited


def with_rules(text: str, wanted: Rules) -> str:
    """Returns the text with a front matter that gives these rules.

    A rule that changes stays in its place, with its comment. A new rule comes last, and begins a front matter
    if the text has none. A default is written too, so that the line says what holds; only a value that cannot be
    written (no limit, no date) takes its lines away. The lines are edited simply: the result is parsed again, and
    refused if it says anything but what was wanted.

    Raises :class:`DocumentError` for a front matter that cannot be read, or cannot be changed line by line.
    """
    matter, problems = parse_lines(text)
    if problems:
        raise DocumentError(tuple(problems))
    changed = {name: new for name in RULES if (new := getattr(wanted, name)) != getattr(matter.rules, name)}
    if not changed:
        return text
    defaults = Rules()
    edited = write_values(
        text, changed, matter, lambda name: bool(getattr(matter.rules, name) != getattr(defaults, name))
    )
    after, problems = parse_lines(edited)
    if problems or replace(after, lines=matter.lines, sections_line=matter.sections_line) != replace(
        matter, rules=wanted
    ):
        raise unusual(changed)
    return edited
