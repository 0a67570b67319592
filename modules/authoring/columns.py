"""Turns the values of a document into the columns of its rows."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from modules.document.syntax import parser
from modules.document.syntax.values import Answer
from modules.models import Quiz
from modules.quizzes.rules import rule_columns

LONGEST_TITLE = 1_000  # characters that a row keeps of a title; the source keeps all of it


def section_columns(section: parser.Section) -> dict[str, Any]:
    """Returns what is derived from the text of a section, by column."""
    return {
        "html": section.html,
        "contents": [asdict(heading) for heading in section.contents],
        "words": section.words,
        "checks": [check_columns(question) for question in section.checks],
    }


def check_columns(question: parser.Question) -> dict[str, Any]:
    """Returns what a question in a text says, by column. It has no points."""
    columns = question_columns(question)
    del columns["points"], columns["source"]
    return columns | {"identity": question.identity}


def question_columns(question: parser.Question) -> dict[str, Any]:
    """Returns what a question says, by column."""
    return {
        "title": question.title[:LONGEST_TITLE],
        "source": question.source,
        "kind": question.kind,
        "points": question.points,
        "title_html": question.title_html,
        "html": question.html,
        "choices": [asdict(choice) for choice in question.choices],
        "answers": [_answer_columns(answer) for answer in question.answers],
        "explanation": question.explanation,
        "explains": list(question.explains),
    }


def _answer_columns(answer: Answer) -> dict[str, Any]:
    """Returns an accepted answer. What was added after the first release is left out where it says nothing."""
    always = ("text", "value", "tolerance")
    return {name: value for name, value in asdict(answer).items() if name in always or value}


def quiz_columns(document: parser.Document, quiz: parser.Quiz, row: Quiz | None = None) -> dict[str, Any]:
    """Returns what a document says of its quiz, by column. ``row`` is the quiz that the module has already."""
    return {
        "identity": quiz.identity,
        "place": quiz.place,
        "title": quiz.title[:LONGEST_TITLE],
        "source": quiz.source,
        "introduction": quiz.html,
        "archived_at": None,
        "asks": document.asks,
        **rule_columns(document.rules, row),
    }
