"""What sections and questions are called: as their authors write it, else by the slugs of their headings."""

from __future__ import annotations

from modules.document.problems import N_, Problem
from modules.document.slugs import VALID, Names


def written(identity: str, line: int) -> tuple[str, list[Problem]]:
    """The identity that stands in braces behind a heading; empty, and a problem, where it cannot be one."""
    if not identity or VALID.match(identity):
        return identity, []
    template = N_(
        "“{id}” cannot be an identity: use letters from a to z, digits, hyphens and underscores, at most 100 in all."
    )
    return "", [Problem(line, "warning", "bad-id", template, {"id": identity[:60]})]


def claim(names: Names, wanted: str, title: str, line: int) -> tuple[str, list[Problem]]:
    """Take a name for what has this title, or a numbered one and a problem where something else is called so."""
    holder = names.holder(wanted)
    claimed = names.claim(wanted, (title, line))
    if claimed == wanted or holder is None:
        return claimed, []
    template = N_(
        "The name “{name}” belongs to “{title}” on line {line} already, so this is called “{claimed}”. Give it an identity of its own: {{#another-name}}."
    )
    said: dict[str, str | int] = {
        "name": wanted,
        "title": holder[0][:80],
        "line": holder[1],
        "claimed": claimed,
    }
    return claimed, [Problem(line, "warning", "repeated-heading", template, said)]
