"""What has changed between two texts, for people: rows of words side by side, and whether it is a typo alone."""

from __future__ import annotations

import re

from markdown_it.token import Token

from modules.document.compare.formula_signs import Formulas
from modules.document.html.plain_text import plain, shown_tags
from modules.document.html.tokens import parse
from modules.document.syntax.checks import without_keys
from modules.document.syntax.source import normalise

LOOSE_LINK = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")  # its address stands elsewhere in the document
LOOSE_NOTE = re.compile(r"\[\^[^\[\]\s]+\]")
BLOCKS = frozenset({"fence", "code_block", "math_block"})


def passages(source: str, formulas: Formulas | None = None) -> list[str]:
    """The words of a piece of Markdown: a passage for each heading, paragraph, row of a table and line of code.

    Of a question in the text, only what it asks. Formulas are as they are typed, or signs of ``formulas``.
    """
    found: list[str] = []
    cells: list[str] | None = None
    for token in without_keys(parse(normalise(source))):
        if formulas is not None:
            formulas.take(token)
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            found.append(" | ".join(cells or []))
            cells = None
        elif token.type == "inline":
            (found if cells is None else cells).append(spoken(token))
        elif token.type in BLOCKS:
            found += token.content.splitlines()
        elif token.type == "html_block":
            found += shown_tags(token.content).splitlines()
    return [passage for passage in found if passage.strip()]


def spoken(token: Token) -> str:
    """The words of an inline token; of what is defined elsewhere in the document, the words alone."""
    said = plain(token) or " ".join(str(image.attrGet("src")) for image in _images(token))
    return LOOSE_NOTE.sub("", LOOSE_LINK.sub(r"\1", said)) if "[" in said else said


def _images(token: Token) -> list[Token]:
    return [child for child in token.children or [] if child.type == "image"]
