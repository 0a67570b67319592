"""Writes a quiz that was read from another program as a draft of a module."""

from __future__ import annotations

from modules.document.convert.converted import Converted
from modules.document.convert.escapes import escape
from modules.document.convert.foreign_quiz import ForeignQuiz
from modules.document.convert.writing import write_question

WORDS = {"en": ("Quiz", "Final quiz"), "id": ("Kuis", "Kuis akhir")}  # a title, and the heading of a quiz


def quiz_draft(quiz: ForeignQuiz, *, title: str = "", language: str = "id") -> Converted:
    """Returns a draft with a title and a quiz. Without a question, the draft is empty and the losses say why."""
    if not quiz.questions:
        return Converted("", quiz.problems)
    usual, heading = WORDS["en" if language.startswith("en") else "id"]
    name = escape(" ".join((quiz.title or title or usual).split()))
    questions = "\n".join(write_question(question, level=3) for question in quiz.questions)
    return Converted(f"# {name}\n\n## {heading} {{.quiz}}\n\n{questions}", quiz.problems, len(quiz.questions))
