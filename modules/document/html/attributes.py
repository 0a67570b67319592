"""Reads attributes in braces: ``{#id .class key=value word}``."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

ATTRIBUTE = re.compile(
    r"\s*(?:#(?P<id>[^\s{}]+)|\.(?P<name>[^\s{}]+)|(?P<key>[\w-]+)=(?:\"(?P<quoted>[^\"]*)\"|(?P<value>[^\s{}\"]+))|(?P<word>[\w-]+))"
    r"(?=\s|\Z)"
)
# Words that make braces attributes: one of ours, and the sign of a heading without a number in pandoc. Braces with
# other words alone are text.
WORDS = frozenset({"multiple", "-"})


@dataclass(slots=True)
class Attributes:
    """Holds the attributes in braces behind a heading: ``{#id .class key=value word}``."""

    id: str = ""
    classes: set[str] = field(default_factory=set)
    values: dict[str, str] = field(default_factory=dict)


def parse_attributes(braces: str) -> Attributes | None:
    """Returns the attributes in braces, or ``None`` where the braces are text."""
    attributes, position = Attributes(), 0
    while position < len(braces):
        part = ATTRIBUTE.match(braces, position)
        if part is None:
            return None
        position = part.end()
        if part["id"]:
            attributes.id = part["id"]
        elif part["name"]:
            attributes.classes.add(part["name"])
        elif part["key"]:
            attributes.values[part["key"]] = part["value"] if part["quoted"] is None else part["quoted"]
        elif part["word"]:
            attributes.values[part["word"]] = ""
    is_attributes = attributes.id or attributes.classes or attributes.values.keys() & WORDS or "=" in braces
    return attributes if is_attributes else None
