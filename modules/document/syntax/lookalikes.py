"""Finds headings that look like the final quiz but do not begin it, so that lists under them show their key."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from modules.document.html.plain_text import name_of, plain
from modules.document.html.tokens import Attributes
from modules.document.problems import N_, Problem

QUIZ_NAMES = frozenset({"kuis", "kuis akhir", "quiz", "final quiz"})
LONGEST_NAME = 80  # characters of a line that may name a key
# A line that says only that a key follows.
KEY_NAME = re.compile(
    r"[\W_]*(?:(?:kunci|daftar)[ \t]+jawaban|jawaban[ \t]+kuis|answer[ \t]+keys?|(?:correct|right)[ \t]+answers|quiz[ \t]+answers)\b[^.:]{0,40}[\W_]*$",
    re.IGNORECASE,
)


def names_key(words: str) -> bool:
    """Checks whether words, such as those of a heading, are the name of a key: *Kunci jawaban*."""
    return len(words) <= LONGEST_NAME and bool(KEY_NAME.match(words))


def is_called_quiz(heading: Token, words: Token) -> bool:
    """Checks whether a heading says that it begins the final quiz."""
    return _has_class(heading) or " ".join(name_of(words).casefold().split()) in QUIZ_NAMES


def of_title(tokens: Sequence[Token], start: int) -> Iterator[Problem]:
    """Yields a problem where the title of a document, which begins at a token, calls itself the quiz."""
    template = N_(
        "The title of a module cannot be its quiz. Write the title above it, in a heading of the same level."
    )
    if severity := _severity(tokens, start, _headings_over_keys(tokens)):
        yield Problem(_line(tokens[start]), severity, "stray-quiz", template)


def of_text(tokens: Sequence[Token], depth: int) -> Iterator[Problem]:
    """Yields problems with headings that call themselves the quiz inside a section, or before the first one.

    ``depth`` is the level of the headings that begin a section. The headings of checks have to be marked already.
    """
    template = N_(
        "The final quiz stands beside the sections, not inside one. Begin its heading with {signs} and those of its questions with {deeper}; or write {{.check}}, for questions that are not graded."
    )
    over_keys = _headings_over_keys(tokens)
    for index in _headings(tokens):
        if severity := _severity(tokens, index, over_keys):
            params = {"signs": "#" * depth, "deeper": "#" * (depth + 1)}
            yield Problem(_line(tokens[index]), severity, "stray-quiz", template, params)


def of_section(tokens: Sequence[Token]) -> Iterator[Problem]:
    """Yields a problem where the headings directly under that of a section have choices like a quiz."""
    template = N_(
        "This section looks like a quiz. Name its heading “Kuis akhir”, or add {{.quiz}} to it; or {{.check}}, for questions that are not graded."
    )
    if _looks_like_quiz(tokens):
        yield Problem(_line(tokens[0]), "warning", "looks-like-quiz", template)


def _severity(tokens: Sequence[Token], index: int, over_keys: set[int]) -> str:
    """Returns how bad it is that a heading begins no quiz: empty where it is not called so, or shows no key."""
    if _has_class(tokens[index]):
        return "error"
    looks_like_quiz = is_called_quiz(tokens[index], tokens[index + 1]) and index in over_keys
    return "warning" if looks_like_quiz else ""


def _has_class(heading: Token) -> bool:
    attributes: Attributes = heading.meta["attributes"]
    return "quiz" in attributes.classes


def _headings_over_keys(tokens: Sequence[Token]) -> set[int]:
    """Returns the headings that have right choices or accepted answers under them as plain text.

    Each token is looked at once, since a document may have thousands of headings.
    """
    over_keys: set[int] = set()
    around: list[int] = []  # the headings that the token stands under, the highest first
    is_check = False
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.level == 0:
            while around and int(tokens[around[-1]].tag[1]) >= int(token.tag[1]):
                around.pop()
            around.append(index)
            is_check = "is_check" in token.meta
        elif around and not is_check and token.meta.get("task") in ("x", "="):
            over_keys.update(around)
    return over_keys


def _looks_like_quiz(tokens: Sequence[Token]) -> bool:
    """Checks whether headings directly under the first one have right and wrong choices, or accepted answers.

    Such a list may also be a list of tasks. It counts where half of the headings have one, or a heading asks.
    """
    level, is_check = int(tokens[0].tag[1]), False
    signs: list[set[str]] = []  # of each heading: the signs of its list, and "?" where it asks
    for index, token in enumerate(tokens[3:], start=3):
        if token.type == "heading_open" and token.level == 0:
            if is_called_quiz(token, tokens[index + 1]):
                return False  # of_text reports it
            is_check = "is_check" in token.meta
            if int(token.tag[1]) == level + 1 and not is_check:
                signs.append({"?"} if plain(tokens[index + 1]).endswith("?") else set())
        elif signs and "task" in token.meta and not is_check:
            signs[-1].add(token.meta["task"])
    quizlike = [shown for shown in signs if {" ", "x"} <= shown or "=" in shown]
    return bool(quizlike) and (
        2 * len(quizlike) >= len(signs) or any({"?", "="} & shown for shown in quizlike)
    )


def _headings(tokens: Sequence[Token]) -> Iterator[int]:
    return (i for i, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0)


def _line(token: Token) -> int:
    return (token.map or [0])[0] + 1
