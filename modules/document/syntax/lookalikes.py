"""Finds headings that look like the final quiz and begin none, so that their choices would show the key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from modules.document.html.plain_text import name_of, plain
from modules.document.html.tokens import Attributes
from modules.document.problems import N_, Problem

QUIZ_NAMES = frozenset({"kuis", "kuis akhir", "quiz", "final quiz"})


def is_called_quiz(heading: Token, words: Token) -> bool:
    """Checks whether a heading has the class or the name of the final quiz."""
    return _has_class(heading) or " ".join(name_of(words).casefold().split()) in QUIZ_NAMES


def of_title(tokens: Sequence[Token], start: int) -> Iterator[Problem]:
    """Yields a problem if the title, which begins at the token ``start``, is called a quiz in a module without one."""
    template = N_(
        "The title of a module cannot be its quiz. Write the title above it, in a heading of the same level."
    )
    if severity := _severity(tokens, start):
        yield Problem(_line(tokens[start]), severity, "stray-quiz", template)


def of_text(tokens: Sequence[Token], depth: int) -> Iterator[Problem]:
    """Yields problems with headings inside a section, or before the first one, that are called a quiz.

    ``depth`` is the level of the headings that begin a section. Questions in the text have to be marked already.
    """
    template = N_(
        "The final quiz stands beside the sections, not inside one. Begin its heading with {signs} and those of its questions with {deeper}; or write {{.check}}, for questions that are not graded."
    )
    for index in _headings(tokens):
        if severity := _severity(tokens, index):
            params = {"signs": "#" * depth, "deeper": "#" * (depth + 1)}
            yield Problem(_line(tokens[index]), severity, "stray-quiz", template, params)


def of_section(tokens: Sequence[Token]) -> Iterator[Problem]:
    """Yields a problem if the headings directly under a section have choices like a quiz."""
    template = N_(
        "This section looks like a quiz. Name its heading “Kuis akhir”, or add {{.quiz}} to it; or {{.check}}, for questions that are not graded."
    )
    if _looks_like_quiz(tokens):
        yield Problem(_line(tokens[0]), "warning", "looks-like-quiz", template)


def _severity(tokens: Sequence[Token], index: int) -> str:
    """Returns how bad it is that a heading begins no quiz: ``error``, ``warning``, or nothing if no key is shown."""
    if _has_class(tokens[index]):
        return "error"
    shows_key = is_called_quiz(tokens[index], tokens[index + 1]) and _shows_key(tokens, index)
    return "warning" if shows_key else ""


def _has_class(heading: Token) -> bool:
    attributes: Attributes = heading.meta["attributes"]
    return "quiz" in attributes.classes


def _shows_key(tokens: Sequence[Token], start: int) -> bool:
    """Checks whether plain text under a heading shows right choices or accepted answers."""
    level, is_check = int(tokens[start].tag[1]), "is_check" in tokens[start].meta
    for token in (tokens[index] for index in range(start + 1, len(tokens))):
        if token.type == "heading_open" and token.level == 0:
            if int(token.tag[1]) <= level:
                return False
            is_check = "is_check" in token.meta
        elif token.meta.get("task") in ("x", "=") and not is_check:
            return True
    return False


def _looks_like_quiz(tokens: Sequence[Token]) -> bool:
    """Checks whether headings directly under the first one have right and wrong choices, or accepted answers.

    Such a list may also be a list of tasks. It is a quiz if half of the headings have one, or one that asks.
    """
    level, is_check = int(tokens[0].tag[1]), False
    marks: list[set[str]] = []
    for index, token in enumerate(tokens[3:], start=3):
        if token.type == "heading_open" and token.level == 0:
            if is_called_quiz(token, tokens[index + 1]):
                return False  # another check reports this heading
            is_check = "is_check" in token.meta
            if int(token.tag[1]) == level + 1 and not is_check:
                marks.append({"?"} if plain(tokens[index + 1]).endswith("?") else set())
        elif marks and "task" in token.meta and not is_check:
            marks[-1].add(token.meta["task"])
    alike = [signs for signs in marks if {" ", "x"} <= signs or "=" in signs]
    return bool(alike) and (2 * len(alike) >= len(marks) or any({"?", "="} & signs for signs in alike))


def _headings(tokens: Sequence[Token]) -> Iterator[int]:
    return (i for i, token in enumerate(tokens) if token.type == "heading_open" and token.level == 0)


def _line(token: Token) -> int:
    return (token.map or [0])[0] + 1
