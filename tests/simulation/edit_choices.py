"""Edits the choices and the keys of questions.

Each edit takes an author and returns the next document, or None if the document does not allow the edit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .authors import Author
from .documents import Choice, Document, Question
from .edit_parts import any_question, replace_part
from .words import reworded, with_typo


def _with_choices(author: Author, question: Question, choices: Sequence[Choice]) -> Document | None:
    """Returns the document with other choices for a question, or None if the choices would be invalid."""
    if not are_valid(choices):
        return None
    return replace_part(author, question, replace(question, choices=tuple(choices)))


def are_valid(choices: Sequence[Choice]) -> bool:
    """Checks whether a question may have these choices: two or more, no two the same, and one that is right."""
    texts = {choice.text.casefold() for choice in choices}
    return len(texts) >= max(2, len(choices)) and any(choice.is_right for choice in choices)


def _any_choices(author: Author) -> tuple[Question, list[Choice]] | tuple[None, list[Choice]]:
    with_choices = [question for question in author.document.questions if question.choices]
    question = author.random.choice(with_choices) if with_choices else None
    return (question, list(question.choices)) if question else (None, [])


def typo_in_a_choice(author: Author) -> Document | None:
    question, choices = _any_choices(author)
    if question is None:
        return None
    place = author.random.randrange(len(choices))
    choices[place] = replace(choices[place], text=with_typo(author.random, choices[place].text))
    return _with_choices(author, question, choices)


def reword_a_choice(author: Author) -> Document | None:
    """Rewords a long choice slightly."""
    question, choices = _any_choices(author)
    long = [place for place, choice in enumerate(choices) if choice.text.count(" ") >= 3]
    if question is None or not long:
        return None
    place = author.random.choice(long)
    words = reworded(author.random, choices[place].text, author.language)
    choices[place] = replace(choices[place], text=words)
    return _with_choices(author, question, choices)


def reword_two_choices(author: Author) -> Document | None:
    """Explains a right choice and another one in brackets, or says half of their words otherwise."""
    question, choices = _any_choices(author)
    wrong = [place for place, choice in enumerate(choices) if not choice.is_right]
    if question is None or not wrong:
        return None
    right = [place for place, choice in enumerate(choices) if choice.is_right]
    for place in (author.random.choice(right), author.random.choice(wrong)):
        choices[place] = replace(choices[place], text=_said_otherwise(author, choices[place].text))
    return _with_choices(author, question, choices)


def _said_otherwise(author: Author, text: str) -> str:
    if text.count(" ") < 3:
        return f"{text} ({author.language.phrase().lower()})"
    return reworded(author.random, reworded(author.random, text, author.language), author.language)


def replace_a_choice(author: Author) -> Document | None:
    """Replaces a choice by another one at the same place."""
    question, choices = _any_choices(author)
    if question is None:
        return None
    place = author.random.randrange(len(choices))
    choices[place] = author.new_choice(author.language.phrase(), is_right=choices[place].is_right)
    return _with_choices(author, question, choices)


def add_a_choice(author: Author) -> Document | None:
    question, choices = _any_choices(author)
    if question is None or len(choices) >= 8:
        return None
    new = author.new_choice(author.language.phrase(), is_right=author.chance(0.2))
    choices.insert(author.random.randint(0, len(choices)), new)
    return _with_choices(author, question, choices)


def remove_a_choice(author: Author) -> Document | None:
    question, choices = _any_choices(author)
    if question is None or len(choices) < 3:
        return None
    del choices[author.random.randrange(len(choices))]
    return _with_choices(author, question, choices)


def reorder_choices(author: Author) -> Document | None:
    question, choices = _any_choices(author)
    author.random.shuffle(choices)
    return question and _with_choices(author, question, choices)


def change_the_key(author: Author) -> Document | None:
    """Makes another choice right, or accepts other answers."""
    question = any_question(author)
    if question is None or not question.choices:
        return question and replace_part(author, question, replace(question, answers=author.new_answers()))
    right = author.random.randrange(len(question.choices))
    several = author.chance(0.3)
    choices = [
        replace(choice, is_right=place == right or (several and choice.is_right))
        for place, choice in enumerate(question.choices)
    ]
    return _with_choices(author, question, choices)
