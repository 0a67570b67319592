"""Names sections and questions: with the identity that the author wrote, or with the slug of the heading."""

from __future__ import annotations

from modules.document.problems import N_, Problem
from modules.document.slugs import VALID, Names


def written(identity: str, line: int) -> tuple[str, list[Problem]]:
    """Returns the identity in braces behind a heading, or an empty text and a problem if it is not valid."""
    if not identity or VALID.match(identity):
        return identity, []
    template = N_(
        "“{id}” cannot be an identity: use letters from a to z, digits, hyphens and underscores, at most 100 in all."
    )
    return "", [Problem(line, "warning", "bad-id", template, {"id": identity[:60]})]


def claim(names: Names, wanted: str, title: str, line: int) -> tuple[str, list[Problem]]:
    """Claims a name for the part with this title; returns a numbered name and a problem if it is taken."""
    holder = names.holder(wanted)
    claimed = names.claim(wanted, (title, line))
    if claimed == wanted or holder is None:
        return claimed, []
    template = N_(
        "The name “{name}” belongs to “{title}” on line {line} already, so this is called “{claimed}”. Give it an identity of its own: {{#another-name}}."
    )
    title_of_holder, line_of_holder = holder
    params: dict[str, str | int] = {"name": wanted, "claimed": claimed}
    params |= {"title": title_of_holder[:80], "line": line_of_holder}
    return claimed, [Problem(line, "warning", "repeated-heading", template, params)]
