"""Makes the key of a choice of its text, so that an answer stays with its choice."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from markdown_it.token import Token


def key_of(content: Sequence[Token]) -> str:
    """Returns the key of a choice. Between words spaces do not count, and in code they do.

    The key of a choice without code never changes, since answers are stored with it.
    """
    source = " ".join(_on_one_line(token.content) for token in content if token.content)
    spaced = [code for code in _code_in(content) if code != _on_one_line(code)]
    return hashlib.sha256("\0".join([source, *spaced]).encode()).hexdigest()[:10]


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _code_in(content: Sequence[Token]) -> Iterator[str]:
    """Yields the code of blocks and of words, as it is written."""
    for token in content:
        if token.type in ("fence", "code_block"):
            yield token.content.rstrip("\n")
        yield from (child.content for child in token.children or [] if child.type == "code_inline")
