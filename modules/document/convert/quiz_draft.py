"""Writes a quiz that was read from another program as a draft of a module."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import groupby

from modules.document.convert.converted import Converted
from modules.document.convert.escapes import escape
from modules.document.convert.foreign_quiz import ForeignQuiz
from modules.document.convert.writing import ForeignQuestion, write_pool, write_question
from modules.document.html.plain_text import name_of
from modules.document.html.tokens import parse
from modules.document.slugs import slugify

WORDS = {"en": ("Quiz", "Final quiz"), "id": ("Kuis", "Kuis akhir")}  # a title, and the heading of a quiz


def quiz_draft(quiz: ForeignQuiz, *, title: str = "", language: str = "id") -> Converted:
    """Returns a draft with a title and a quiz. Without a question, the draft is empty and the losses say why."""
    if not quiz.questions:
        return Converted("", quiz.problems)
    usual, heading = WORDS["en" if language.startswith("en") else "id"]
    name = escape(" ".join((quiz.title or title or usual).split()))
    rules = "".join(f"{rule}: {value}\n" for rule, value in quiz.rules.items())
    matter = f"---\n{rules}---\n\n" if rules else ""
    text = f"{matter}# {name}\n\n## {heading} {{.quiz}}\n\n{questions_of(quiz)}"
    return Converted(text, quiz.problems, len(quiz.questions))


def questions_of(quiz: ForeignQuiz, *, level: int = 3) -> str:
    """Returns the pools and questions of a quiz, with headings of a ``level`` and of the next one."""
    written: list[str] = []
    for pool, group in groupby(_named(quiz.questions), key=lambda question: question.pool):
        if pool:
            written.append(write_pool(pool, level=level))
        written += [write_question(question, level=level + bool(pool)) for question in group]
    return "\n".join(written)


def _named(questions: Iterable[ForeignQuestion]) -> Iterator[ForeignQuestion]:
    """Yields the questions, each identity once, and without those that their titles give anyway."""
    taken: set[str] = set()
    for question in questions:
        title = parse(f"# {' '.join(question.title.split())}")
        is_usual = bool(title) and question.identity == slugify(name_of(title[1]))
        identity = "" if question.identity in taken or is_usual else question.identity
        taken.add(question.identity)
        yield replace(question, identity=identity)
