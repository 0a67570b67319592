"""Says in one sentence that a text has its key in another file, or is that file, instead of one sentence a question."""

from __future__ import annotations

from collections.abc import Iterable

from modules.document.problems import N_, Problem
from modules.document.syntax.front_matter import FrontMatter
from modules.document.syntax.values import Question

CODE = "separate-key"
# What is wrong with a question, an answer or a footnote only because the key is elsewhere.
WITHOUT_KEY = frozenset(
    {
        "no-right-answer",
        "empty-choice",
        "no-explanation",
        "one-right",
        "unused-footnote",
        "unasked",
    }
)


def problems_of(
    matter: FrontMatter, problems: Iterable[Problem], questions: Iterable[Question]
) -> list[Problem]:
    """Returns the problems of a document, as its author has to read them."""
    if matter.key_of:
        template = N_(
            "This is the key of a module, and no module. Load it together with its text, whose name ends with .md instead of .kunci.md."
        )
        return [Problem(1, "error", CODE, template)]
    if not matter.answer_key:
        return list(problems)
    if any(map(_has_key, questions)):
        template = N_(
            "The front matter says that the key is in a file of its own, but it is here. Take out the line “answer_key”."
        )
        return [*problems, Problem(1, "error", CODE, template)]
    template = N_(
        "This text comes without its key. Load it together with its key file, whose name ends with .kunci.md."
    )
    return [
        Problem(1, "error", CODE, template),
        *(problem for problem in problems if problem.code not in WITHOUT_KEY),
    ]


def is_half(problems: Iterable[Problem]) -> bool:
    """Checks whether a text is only a key, or has its key elsewhere, so that no quiz can be made of it."""
    return any(problem.code == CODE for problem in problems)


def _has_key(question: Question) -> bool:
    return any(choice.right for choice in question.choices) or any(answer.text for answer in question.answers)
