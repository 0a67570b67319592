"""What a good teacher would say of a quiz. Every piece of advice is a warning; none keeps a document from loading."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modules.document.problems import N_, Problem
from modules.document.syntax.values import Question, Quiz, Section

FEW = 3  # fewer questions than this show no pattern


def of_document(sections: Sequence[Section], quiz: Quiz | None, *, shuffle: bool) -> list[Problem]:
    """Warnings about a quiz and about the sections that it leaves out."""
    if quiz is None:
        return []
    problems = [problem for question in quiz.questions for problem in _of_question(question, shuffle=shuffle)]
    return [*problems, *_of_all(quiz, shuffle=shuffle), *_unasked(sections, quiz)]


def _of_question(question: Question, *, shuffle: bool) -> Iterator[Problem]:
    line = question.line
    if not question.explanation and not any(choice.feedback for choice in question.choices):
        yield _warning(
            line,
            "no-explanation",
            N_("This question has neither feedback nor an explanation. Add a quote (> …) that says why."),
        )
    if question.kind == "multiple" and sum(choice.right for choice in question.choices) == 1:
        yield _warning(
            line,
            "one-right",
            N_("This multiple response has one right choice. Mark another one, or remove {{multiple}}."),
        )
    if shuffle and any(choice.pinned for choice in question.choices):
        yield _warning(
            line,
            "all-of-above",
            N_(
                "A choice speaks of the others (“all of the above”) while choices are shuffled; it keeps its place. Consider asking for all right choices instead."
            ),
        )


def _of_all(quiz: Quiz, *, shuffle: bool) -> Iterator[Problem]:
    single = [
        one
        for one in quiz.questions
        if one.kind == "single" and len(one.choices) > 1 and any(c.right for c in one.choices)
    ]
    if len(single) < FEW:
        return
    if all(_right_is_longest(question) for question in single):
        yield _warning(
            quiz.line,
            "longest",
            N_(
                "The right choice is always the longest, which gives it away. Shorten some, or make wrong ones longer."
            ),
        )
    places = {next(i for i, choice in enumerate(one.choices) if choice.right) for one in single}
    if len(places) == 1 and not shuffle:
        yield _warning(
            quiz.line,
            "same-place",
            N_(
                "The right choice is always in the same place. Move some, or write “shuffle: true” in the front matter."
            ),
        )


def _right_is_longest(question: Question) -> bool:
    right = max(len(choice.text) for choice in question.choices if choice.right)
    return all(len(choice.text) < right for choice in question.choices if not choice.right)


def _unasked(sections: Sequence[Section], quiz: Quiz) -> Iterator[Problem]:
    asked = {identity for question in quiz.questions for identity in question.explains}
    for section in sections:
        if section.identity not in asked:
            yield _warning(
                section.line,
                "unasked",
                N_(
                    "No question asks about this section. Link to it in an explanation: [{title}](#{identity})."
                ),
                title=section.title[:80],
                identity=section.identity,
            )


def _warning(line: int, code: str, template: str, **params: str) -> Problem:
    return Problem(line, "warning", code, template, params)
