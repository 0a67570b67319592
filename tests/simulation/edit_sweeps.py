"""Changes the form of many choices at once, as a formatter or a careful editor does. No choice says anything else.

The edit takes an author and returns the next document, or None if the document does not allow the edit.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from .authors import Author
from .documents import Document, Question
from .edit_choices import are_valid

LABEL = re.compile(r"[A-Ha-h]\. ")
WHOLE = re.compile(r"-?\d+(\.0)?")
SHARE = 0.8  # of the questions that a sweep changes


def sweep_choices(author: Author) -> Document | None:
    """Gives most choices, or takes from them, code marks, quotes, a capital, a full stop, a label, or decimals."""
    style = author.random.choice(STYLES)
    questions = tuple(
        _swept(question, style) if author.chance(SHARE) else question
        for question in author.document.questions
    )
    return replace(author.document, questions=questions)


def _swept(question: Question, style: Callable[[str, int], str]) -> Question:
    """Returns a question with its choices in another form, or as it was if two choices would be the same then."""
    choices = [
        replace(choice, text=style(choice.text, place)) for place, choice in enumerate(question.choices)
    ]
    return replace(question, choices=tuple(choices)) if are_valid(choices) else question


def _code(text: str, _place: int) -> str:
    return text.replace("`", "") if "`" in text else f"`{text}`"


def _quotes(text: str, _place: int) -> str:
    """Quotes the last word, or takes the quotes away."""
    if "“" in text:
        return text.replace("“", "").replace("”", "")
    head, _space, last = text.rpartition(" ")
    return f"{head} “{last}”".lstrip()


def _capital(text: str, _place: int) -> str:
    return text[:1].swapcase() + text[1:]


def _full_stop(text: str, _place: int) -> str:
    return text.rstrip(".") if text.endswith(".") else f"{text}."


def _label(text: str, place: int) -> str:
    if text.startswith("`"):  # the label may be within
        return text
    return LABEL.sub("", text, count=1) if LABEL.match(text) else f"{'ABCDEFGH'[place]}. {text}"


def _decimals(text: str, _place: int) -> str:
    if not WHOLE.fullmatch(text):
        return text
    return text.removesuffix(".0") if text.endswith(".0") else f"{text}.0"


STYLES = (_code, _quotes, _capital, _full_stop, _label, _decimals)
