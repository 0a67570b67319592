"""Each file under ``golden/`` is parsed as the text file with the same name says.

For a construct the text file has everything that the parser makes of it, for a mistake every problem by its line.
``REWRITE_GOLDEN=1`` writes the expected files again. Read the difference before you keep it.
"""

import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from modules.document.problems import DocumentError, Problem
from modules.document.syntax import parser, source
from modules.document.syntax.rules import Rules
from modules.document.syntax.values import Document, Question, Quiz, Section

GOLDEN = Path(__file__).parent / "golden"
IMAGES = {"images/rag.png": "/media/rag.png", "images/with space.png": "/media/space.png"}


def files(folder: str) -> list[Path]:
    return sorted((GOLDEN / folder).glob("*.md"))


@pytest.mark.parametrize("path", files("constructs"), ids=lambda path: path.stem)
def test_construct_is_parsed_as_expected(path):
    text, _ = source.decode(path.read_bytes())
    document = parser.parse_document(text, name=path.name, images=IMAGES)

    assert document.text == text
    compare(path, "\n".join(outline(document)))


@pytest.mark.parametrize("path", files("mistakes"), ids=lambda path: path.stem)
def test_mistake_is_reported_by_its_line(path):
    compare(path, "\n".join(map(report, problems_of(path))))


def test_files_named_error_have_an_error():
    for path in files("mistakes"):
        has_error = any(problem.severity == "error" for problem in problems_of(path))
        assert has_error == path.stem.startswith("error-"), path.name


def compare(path: Path, result: str) -> None:
    """Compares with the expected file of ``path``, or writes that file if the environment says so."""
    expected = path.with_suffix(".txt")
    if os.environ.get("REWRITE_GOLDEN"):
        expected.write_text(result + "\n", encoding="utf-8")
    assert expected.exists(), f"{expected.name} is missing: run with REWRITE_GOLDEN=1"
    assert result + "\n" == expected.read_text(encoding="utf-8"), (
        f"{path.relative_to(GOLDEN)} is parsed differently"
    )


def problems_of(path: Path) -> tuple[Problem, ...]:
    try:
        text, _ = source.decode(path.read_bytes())
    except DocumentError as error:
        return error.problems
    return parser.parse_document(text, name=path.name, images=IMAGES).problems


def report(problem: Problem) -> str:
    return f"{problem.line} {problem.severity} {problem.code}: {problem.text()}"


def outline(document: Document) -> Iterator[str]:
    """Yields everything that a document says, as lines to read."""
    yield f"title: {document.title}"
    yield f"slug: {document.slug}{' (given)' if document.slug_is_given else ''}"
    yield from (f"{name}: {value}" for name in ("language", "summary") if (value := getattr(document, name)))
    defaults = asdict(Rules())
    for name, value in asdict(document.rules).items():
        if value != defaults[name]:
            yield f"{name}: {value}"
    if document.introduction:
        yield from ("", "== introduction", document.introduction.rstrip())
    for number, section in enumerate(document.sections):
        if document.quiz and document.quiz.place == number:
            yield from quiz_outline(document.quiz)
        yield from section_outline(section)
    if document.quiz and document.quiz.place == len(document.sections):
        yield from quiz_outline(document.quiz)
    if document.problems:
        yield from ("", "== problems", *map(report, document.problems))


def section_outline(section: Section) -> Iterator[str]:
    yield from (
        "",
        f"== section {section.identity}: {section.title} (line {section.line}, {section.words} words)",
    )
    for heading in section.contents:
        yield f"contents: h{heading.level} {heading.id} {heading.title}"
    if section.html:
        yield section.html.rstrip()
    for question in section.checks:
        yield from question_outline(question)


def quiz_outline(quiz: Quiz) -> Iterator[str]:
    yield from ("", f"== quiz {quiz.identity}: {quiz.title} (line {quiz.line})")
    if quiz.html:
        yield quiz.html.rstrip()
    for place, question in enumerate(quiz.questions):
        for pool in quiz.pools:
            if pool.place == place:
                yield from ("", f"-- pool {pool.title}: {pool.asks} of {pool.size} (line {pool.line})")
        yield from question_outline(question)


def question_outline(question: Question) -> Iterator[str]:
    points = f", {question.points} points" if question.points != 1 else ""
    yield from (
        "",
        f"-- {question.kind} {question.identity}: {question.title} (line {question.line}{points})",
    )
    yield from filter(None, (question.title_html, question.html.rstrip()))
    for choice in question.choices:
        pinned = " (pinned)" if choice.pinned else ""
        yield f"{'right' if choice.right else 'wrong'}{pinned} {choice.text!r}: {choice.html.rstrip()}"
        if choice.feedback:
            yield f"    feedback: {choice.feedback.rstrip()}"
    for answer in question.answers:
        value = f" = {answer.value} ± {answer.tolerance or 0}" if answer.value is not None else ""
        yield f"accepted: {answer.text!r}{value}"
    if question.explanation:
        yield f"explanation: {question.explanation.rstrip()}"
    if question.explains:
        yield f"explains: {', '.join(question.explains)}"
