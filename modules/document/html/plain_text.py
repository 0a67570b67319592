"""Turns inline tokens and HTML into words without markup, and knows which HTML tags work in a text."""

from __future__ import annotations

import re
from collections.abc import Callable

from markdown_it.token import Token

ALLOWED = frozenset({"br", "kbd", "sub", "sup", "mark", "abbr", "details", "summary"})
TAG = re.compile(r"<!--.*?(?:-->|\Z)|<(/?)([A-Za-z][A-Za-z0-9-]*)((?:[\s/][^<>]*)?)>", re.DOTALL)


def plain(token: Token) -> str:
    """Returns the words of an inline token without markup. A tag that does not work counts as text."""
    return _words(token, tag=shown_tags)


def name_of(token: Token) -> str:
    """Returns the words of a heading from which its address is made, without any tag."""
    return _words(token, tag=lambda _content: "")


def _words(token: Token, *, tag: Callable[[str], str]) -> str:
    parts = []
    for child in token.children or []:
        if child.type in ("text", "code_inline", "math_inline", "math_inline_double"):
            parts.append(child.content)
        elif child.type in ("softbreak", "hardbreak"):
            parts.append(" ")
        elif child.type == "html_inline":
            parts.append(tag(child.content))
        elif child.type == "image":
            parts.append(_words(child, tag=tag))
    return "".join(parts).strip()


def shown_tags(content: str) -> str:
    """Returns HTML as a reader sees it: without comments and allowed tags, with all other tags as text."""
    return TAG.sub(_shown_tag, content)


def _shown_tag(match: re.Match[str]) -> str:
    is_hidden = match[0].startswith("<!--") or match[2].lower() in ALLOWED
    return "" if is_hidden else match[0]
