"""Writes changed rules into the lines of a front matter. All other lines stay byte for byte."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from modules.document.problems import DocumentError
from modules.document.syntax.front_matter import FrontMatter
from modules.document.syntax.matter_lines import parse_lines, unusual, write_values
from modules.document.syntax.rules import RULES, Rules


def with_access(text: str, wanted: str) -> str:
    """Returns the text with a front matter that gives this access. All other lines stay.

    Raises :class:`DocumentError` as :func:`with_rules` does.
    """
    matter = _parsed(text)
    is_written = matter.access != FrontMatter().access
    changed = {"access": wanted} if matter.access != wanted else {}
    return _edited(text, changed, replace(matter, access=wanted), lambda _name: is_written)


def with_rules(text: str, wanted: Rules) -> str:
    """Returns the text with a front matter that gives these rules.

    A rule that changes stays in its place, with its comment. A new rule comes last, and begins a front matter
    if the text has none. A default is written too, so that the line says what holds; only a value that cannot be
    written (no limit, no date) takes its lines away. The lines are edited simply: the result is parsed again, and
    refused if it says anything but what was wanted.

    Raises :class:`DocumentError` for a front matter that cannot be read, or cannot be changed line by line.
    """
    matter, defaults = _parsed(text), Rules()
    changed = {name: new for name in RULES if (new := getattr(wanted, name)) != getattr(matter.rules, name)}
    return _edited(
        text,
        changed,
        replace(matter, rules=wanted),
        lambda name: bool(getattr(matter.rules, name) != getattr(defaults, name)),
    )


def _parsed(text: str) -> FrontMatter:
    matter, problems = parse_lines(text)
    if problems:
        raise DocumentError(tuple(problems))
    return matter


def _edited(
    text: str, changed: Mapping[str, object], wanted: FrontMatter, is_written: Callable[[str], bool]
) -> str:
    """Returns the text with the changed values, or raises :class:`DocumentError` if it does not say what is wanted."""
    if not changed:
        return text
    edited = write_values(text, changed, wanted, is_written)
    after, problems = parse_lines(edited)
    as_wanted = replace(after, lines=wanted.lines, sections_line=wanted.sections_line)
    if problems or as_wanted != wanted:
        raise unusual(changed)
    return edited
