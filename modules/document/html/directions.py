"""Tells in which direction a text runs, and marks it on blocks where a document has right-to-left text."""

from __future__ import annotations

import re
from itertools import pairwise

from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# Languages that are written from right to left, and scripts that a code such as az-Arab names.
LANGUAGES = frozenset(
    [
        "ar",
        "arc",
        "ckb",
        "dv",
        "fa",
        "ha-arab",
        "he",
        "iw",
        "ji",
        "ks",
        "ku-arab",
        "lrc",
        "mzn",
        "nqo",
        "pnb",
        "ps",
        "sd",
        "sdh",
        "skr",
        "syr",
        "ug",
        "ur",
        "yi",
    ]
)
SCRIPTS = frozenset({"arab", "hebr", "syrc", "thaa", "nkoo", "adlm", "rohg", "mand", "samr"})
# Letters of these scripts, from Hebrew to Arabic, with their forms for presentation.
RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001eeff]"
)
LETTER = re.compile(r"[^\W\d_]")
TAG = re.compile(r"<[^>]*>|&[a-z]+;|&#?\w+;")
CONTAINERS = ("bullet_list_open", "ordered_list_open", "blockquote_open", "table_open")
WORDS = ("text", "text_special")
BLOCKS = ("paragraph_open", "heading_open")


def of_language(code: str) -> str:
    """Returns ``rtl`` or ``ltr`` for the code of a language, such as ``ar``, ``fa-IR`` or ``az-Arab``."""
    parts = code.casefold().replace("_", "-").split("-")
    is_rtl = parts[0] in LANGUAGES or not SCRIPTS.isdisjoint(parts[1:])
    return "rtl" if is_rtl and "latn" not in parts else "ltr"


def of_words(html: str, language: str) -> str:
    """Returns the direction of words on a page of a module: ``auto``, or ``rtl`` for bare numbers, or nothing.

    Nothing is said where neither the words nor their language run from right to left.
    """
    words, is_rtl = TAG.sub(" ", html), of_language(language) == "rtl"
    if RIGHT_TO_LEFT.search(words) or (is_rtl and LETTER.search(words)):
        return "auto"
    return "rtl" if is_rtl else ""


def of_choice(html: str, language: str) -> str:
    """Returns the direction of a choice, and so the side of its box: in a right-to-left module, one for all choices.

    The words of the choice have their own direction by :func:`of_words`.
    """
    return "rtl" if of_language(language) == "rtl" else of_words(html, language)


def mark_directions(state: StateCore) -> None:
    """Marks each block of a text that has right-to-left letters: the browser finds its direction by its first letter.

    A list, a quote and a table have the direction of their first letter, since their marks and columns follow it.
    """
    if not RIGHT_TO_LEFT.search(state.src):
        return
    opened: list[Token] = []
    for before, token in pairwise([Token("", "", 0), *state.tokens]):
        if token.nesting > 0 and token.type in CONTAINERS:
            opened.append(token)
        elif token.nesting < 0 and opened and token.type == opened[-1].type.replace("_open", "_close"):
            opened.pop()
        elif token.type == "inline":
            _mark(token, before, opened)


def _mark(inline: Token, block: Token, containers: list[Token]) -> None:
    """Marks the block around some words, and the containers that have no direction yet. Code is no words."""
    children = inline.children or []
    for child in children:
        if child.type == "code_inline":
            child.attrSet("dir", "ltr")
    letter = LETTER.search(" ".join(child.content for child in children if child.type in WORDS))
    if letter:
        direction = "rtl" if RIGHT_TO_LEFT.match(letter[0]) else "ltr"
        for container in containers:
            container.attrs.setdefault("dir", direction)
        if block.type in BLOCKS:
            block.attrSet("dir", "auto")


def attribute(token: Token) -> str:
    """Returns the attribute of a block that was marked, or nothing."""
    direction = token.attrGet("dir")
    return f' dir="{direction}"' if direction else ""
