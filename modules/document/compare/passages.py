"""Splits a piece of Markdown into passages: the words of each heading, paragraph, row of a table and line of code."""

from __future__ import annotations

import re

from markdown_it.token import Token

from modules.document.compare.formula_signs import Formulas
from modules.document.html.plain_text import plain, shown_tags
from modules.document.html.tokens import parse
from modules.document.syntax.checks import without_keys
from modules.document.syntax.source import normalise

# A link and a footnote that are defined elsewhere in the document, so that this piece has only their mention.
LOOSE_LINK = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")
LOOSE_NOTE = re.compile(r"\[\^[^\[\]\s]+\]")
BLOCKS = frozenset({"fence", "code_block", "math_block"})


def passages(source: str, formulas: Formulas | None = None) -> list[str]:
    """Returns the passages of a piece of Markdown, without the keys of questions in the text.

    With ``formulas``, each formula becomes one sign of it; without, a formula stays LaTeX.
    """
    texts: list[str] = []
    cells: list[str] | None = None
    for token in without_keys(parse(normalise(source))):
        if formulas is not None:
            formulas.take(token)
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            texts.append(" | ".join(cells or []))
            cells = None
        elif token.type == "inline":
            (texts if cells is None else cells).append(spoken(token))
        elif token.type in BLOCKS:
            texts += token.content.splitlines()
        elif token.type == "html_block":
            texts += shown_tags(token.content).splitlines()
    return [text for text in texts if text.strip()]


def spoken(token: Token) -> str:
    """Returns the words of an inline token; of a mention of a link or footnote, only its words."""
    words = plain(token) or " ".join(str(image.attrGet("src")) for image in _images(token))
    return LOOSE_NOTE.sub("", LOOSE_LINK.sub(r"\1", words)) if "[" in words else words


def _images(token: Token) -> list[Token]:
    return [child for child in token.children or [] if child.type == "image"]
