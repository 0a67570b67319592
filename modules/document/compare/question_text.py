"""Divides a question into its prompt, its choices and its explanation, and makes of them a text that is compared.

The heading and the prompt say what a question asks. Choices tell less, since many questions may share them, and the
explanation tells least. Bare choices, such as "Benar" and "Salah" or numbers, tell nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from modules.document.compare.likeness import (
    WORD,
    Area,
    Text,
    body,
    features_of,
    letters,
    turning_words,
)
from modules.document.compare.thresholds import WORDS_THAT_TELL
from modules.document.compare.typos import is_slight

CHOICE = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])[ \t]+\[[ xX=]\][ \t]*")
QUOTE = re.compile(r" ?>")  # deeper ones are the feedback of a choice
# The number in front of a heading changes when a question is inserted before it.
ORDINAL = re.compile(r"\s*(?:(?:soal|pertanyaan|nomor|no|question|q)\.?\s*)?\d{1,3}\s*(?:[.):]|\Z)\s*", re.I)
ATTRIBUTES = re.compile(r"\{[^{}]*\}\s*\Z")
# Words of choices that questions have in common without being the same question.
BARE = frozenset(
    {"benar", "salah", "betul", "keliru", "ya", "tidak", "bukan", "setuju", "semua", "semuanya", "keduanya", "jawaban"}
    | {"true", "false", "yes", "no", "right", "wrong", "correct", "incorrect", "agree", "all", "both", "none", "above"}
)  # fmt: skip


def question_text(title: str, source: str) -> Text:
    """Returns a question in the form that is compared."""
    prompt, choices, explanation = divide(body(source))
    heading = ORDINAL.sub("", ATTRIBUTES.sub("", title), count=1)
    asked = f"{heading}\n{prompt}"
    areas = {
        Area.PROMPT: _without_bare(features_of(asked), WORD.findall(asked.casefold())),
        Area.CHOICES: _features_of_choices(choices),
        Area.EXPLANATION: features_of(explanation),
    }
    words = [word for line in [asked, *map(_bare_of_mark, choices)] for word in WORD.findall(line.casefold())]
    return Text(
        letters(title),
        tuple(turning_words(asked)),
        {area: frozenset(features) for area, features in areas.items() if features},
        " ".join([*prompt.split(), *" ".join(choices).split()]),
        is_telling=sum(not _is_bare(word) for word in words) >= WORDS_THAT_TELL,
        is_identifying=len(WORD.findall(prompt)) >= WORDS_THAT_TELL,
    )


def divide(text: str) -> tuple[str, list[str], str]:
    """Returns the prompt under a heading, the lines of the choices with their marks, and the explanation."""
    prompt: list[str] = []
    choices: list[str] = []
    explanation: list[str] = []
    for line in text.splitlines():
        if CHOICE.match(line):
            choices.append(line)
        elif not choices:
            prompt.append(line)
        elif QUOTE.match(line) or (explanation and line.strip()):
            explanation.append(line)
        else:
            choices.append(line)
    return "\n".join(prompt), choices, "\n".join(explanation)


def without_explanation(source: str) -> str:
    """Returns the heading, the prompt and the choices of a question."""
    prompt, choices, _explanation = divide(source)
    return "\n".join([prompt, *choices]).strip()


def asks_the_same(first: str, second: str) -> bool:
    """Checks whether two questions have the same heading and prompt, apart from typing errors, or a choice in common.

    A choice is in common if half of the words of the shorter one are. Questions without choices have only a prompt.
    """
    parts = [divide(source) for source in (first, second)]
    prompts, choices = [prompt for prompt, _choices, _why in parts], [lines for _prompt, lines, _why in parts]
    if not all(choices) or is_slight(*prompts):
        return True
    before, after = ([words for line in lines if (words := _words_of_choice(line))] for lines in choices)
    return any(2 * len(old & new) >= min(len(old), len(new)) for old in before for new in after)


def _words_of_choice(line: str) -> set[str]:
    """Returns the words of a choice, without its label."""
    if not CHOICE.match(line):
        return set()
    words = WORD.findall(_bare_of_mark(line).casefold())
    return {*(words if len(words) == 1 else [word for word in words if len(word) > 1])}


def _features_of_choices(choices: Iterable[str]) -> set[int]:
    """Returns the hashes of the words of choices, and of pairs of words within a choice, without bare words."""
    features: set[int] = set()
    for choice in choices:
        words = WORD.findall(_bare_of_mark(choice).casefold())
        telling = [word for word in words if not _is_bare(word)]
        features.update(hash(word) for word in telling)
        features.update(hash(pair) for pair in pairwise(words) if set(pair) & {*telling})
    return features


def _bare_of_mark(choice: str) -> str:
    return CHOICE.sub("", choice, count=1)


def _without_bare(features: set[int], words: Iterable[str]) -> set[int]:
    """Takes out what the words of bare choices add to a prompt: "Benar atau salah: …" begins many questions."""
    words = list(words)
    bare = {hash(word) for word in words if word in BARE}
    bare |= {hash(pair) for pair in pairwise(words) if BARE & {*pair}}
    return features - bare


def _is_bare(word: str) -> bool:
    """Checks whether a word of a choice tells nothing: a number, a letter, or a word like "Benar"."""
    return word in BARE or word.isdigit() or len(word) < 2
