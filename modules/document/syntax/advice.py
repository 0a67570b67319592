"""Gives the advice of a good teacher about a quiz. Every piece is a warning, so the document can still be loaded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modules.document.problems import N_, Problem
from modules.document.syntax.lookalikes import names_key
from modules.document.syntax.rules import Rules
from modules.document.syntax.speaking_choices import labels_of, names_letters
from modules.document.syntax.values import Question, Quiz, Section

FEW = 3  # questions; fewer ones show no pattern; raised, short quizzes get less advice


def of_document(sections: Sequence[Section], quiz: Quiz | None, rules: Rules) -> list[Problem]:
    """Returns warnings about a quiz and about sections that it does not ask about."""
    if quiz is None:
        return []
    shuffle = rules.shuffle
    problems = [problem for question in quiz.questions for problem in _of_question(question, shuffle=shuffle)]
    return [*problems, *_of_all(quiz, shuffle=shuffle), *_too_few(quiz, rules), *_unasked(sections, quiz)]


def _too_few(quiz: Quiz, rules: Rules) -> Iterator[Problem]:
    """Yields a warning if an attempt should ask more questions than there are outside pools."""
    loose = len(quiz.questions) - sum(pool.size for pool in quiz.pools)
    if rules.draw and rules.draw > loose:
        template = N_(
            "“draw” in the front matter asks {draw} questions outside pools, and there are {size}. Add some, or lower it."
        )
        yield Problem(quiz.line, "warning", "small-pool", template, {"draw": rules.draw, "size": loose})


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
    if shuffle:
        yield from _of_shuffled(question)


def _of_shuffled(question: Question) -> Iterator[Problem]:
    """Yields what makes no sense once the choices of a question are shuffled."""
    texts = [choice.text for choice in question.choices]
    pinned = [choice.text for choice in question.choices if choice.pinned]
    lettered, others = next(filter(names_letters, pinned), ""), next(iter(pinned), "")
    if lettered:
        template = N_(
            "“{choice}” names other choices by letters or numbers while choices are shuffled; it keeps its place, and they do not. Consider asking for all right choices instead."
        )
        yield _warning(question.line, "all-of-above", template, choice=lettered[:80])
    elif others:
        template = N_(
            "“{choice}” speaks of the other choices while choices are shuffled; it keeps its place. Consider asking for all right choices instead."
        )
        yield _warning(question.line, "all-of-above", template, choice=others[:80])
    if labels := labels_of(texts):
        template = N_(
            "“{label}” before a choice means nothing while choices are shuffled. Take such letters and numbers out of the choices."
        )
        yield _warning(question.line, "own-letter", template, label=labels[0])


def _of_all(quiz: Quiz, *, shuffle: bool) -> Iterator[Problem]:
    single = [
        question
        for question in quiz.questions
        if question.kind == "single"
        and len(question.choices) > 1
        and any(choice.right for choice in question.choices)
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
    positions = {next(i for i, choice in enumerate(question.choices) if choice.right) for question in single}
    if len(positions) == 1 and not shuffle:
        yield _warning(
            quiz.line,
            "same-place",
            N_(
                "The right choice is always in the same place. Move some, or write “shuffle: true” in the front matter."
            ),
        )


def _right_is_longest(question: Question) -> bool:
    longest = max(len(choice.text) for choice in question.choices if choice.right)
    return all(len(choice.text) < longest for choice in question.choices if not choice.right)


def _unasked(sections: Sequence[Section], quiz: Quiz) -> Iterator[Problem]:
    asked = {identity for question in quiz.questions for identity in question.explains}
    for section in sections:
        if section.identity not in asked and not names_key(section.title):
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
