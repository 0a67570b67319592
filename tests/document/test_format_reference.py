"""Tests docs/format.md against the parser: every example, key, default, limit and problem in it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from modules.authoring import image_files
from modules.document.convert import other_formats
from modules.document.html import addresses, code, footnotes, markup, maths, plain_text, tables, tokens
from modules.document.problems import DocumentError, Problem
from modules.document.syntax import archive, front_matter, limits, lookalikes, parser, quiz, source, values
from modules.document.syntax.front_matter import KEYS, FrontMatter
from modules.document.syntax.review import ASPECTS, MOMENTS, REVIEW_WORDS
from modules.document.syntax.rules import RULES, Rules
from modules.document.syntax.values import Document
from modules.models import LONGEST_PATH, Quiz
from tests.document.test_golden import files, problems_of

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
IMAGES = {"images/chain.png": "/media/chain.png"}
LANGUAGES = ("markdown", "yaml", "html", "")  # fences that hold the format, unless their word says otherwise
WRAPPERS = {
    "module": "{}",
    "section": "---\nlanguage: en\n---\n# Module\n\n## Section\n\n{}\n## Brakes {{#brakes}}\n\nText.\n",
    "question": "# Module\n\n## Brakes {{#brakes}}\n\nText.\n\n## Final quiz\n\n{}",
    "front-matter": "---\n{}---\n# Module\n\n## Section\n\nText.\n",
}


@dataclass(slots=True)
class Example:
    """Holds one example. ``expected`` has the content of each block after it by the word of that block.

    ``line`` is the one of its first line in docs/format.md, from 1.
    """

    line: int
    form: str
    kinds: list[str]
    content: str
    expected: dict[str, str] = field(default_factory=dict)

    @property
    def wrapped(self) -> str:
        return WRAPPERS[self.form].format(self.content)

    @property
    def lines_before(self) -> int:
        return WRAPPERS[self.form].partition("{}")[0].count("\n")

    def parse(self) -> Document:
        return parser.parse_document(self.wrapped, images=IMAGES)


def find_examples(text: str) -> Iterator[Example]:
    """Yields the examples of a text in Markdown. Raises :class:`ValueError` for a fence that says no form."""
    example = None
    for token in tokens.parse(text):
        if token.type != "fence":
            continue
        language, *words = token.info.split() or [""]
        line = (token.map or [0])[0] + 2
        if words and words[0] in WRAPPERS and language in ("markdown", "yaml"):
            example = Example(line, words[0], words[1:], token.content)
            yield example
        elif example and words in (["problems"], ["outline"]):
            example.expected[words[0]] = token.content
        elif example and language == "html" and example.form == "section":
            example.expected["html"] = token.content
        elif language in LANGUAGES or words:
            raise ValueError(f"line {line}: the block “{token.info}” does not say what it is an example of")


def table(heading: str) -> list[list[str]]:
    """Returns the cells of the first table whose header row begins with these cells."""
    rows = TEXT.partition(f"\n| {heading} |")[2].partition("\n\n")[0].splitlines()[2:]
    assert rows, heading
    return [re.split(r"(?<!\\) \| ", row.strip().removeprefix("| ").removesuffix(" |")) for row in rows]


def outline(document: Document) -> Iterator[str]:
    """Yields the parts of a document as a block ``outline`` shows them."""
    yield f"title: {document.title}"
    yield f"slug: {document.slug}"
    if document.introduction:
        yield "introduction"
    parts = [f"section {section.identity}: {section.title}" for section in document.sections]
    if document.quiz:
        parts[document.quiz.place : document.quiz.place] = quiz_outline(document)
    yield from parts


def quiz_outline(document: Document) -> Iterator[str]:
    assert document.quiz
    yield f"quiz {document.quiz.identity}: {document.quiz.title}"
    pools = {pool.place: pool for pool in document.quiz.pools}
    for place, question in enumerate(document.quiz.questions):
        if pool := pools.get(place):
            yield f"pool {pool.title}: {pool.asks} of {pool.size}"
        points = f"{question.points} point{'' if question.points == 1 else 's'}"
        yield f"question {question.identity}: {question.kind}, {points}"


def report(problem: Problem, lines_before: int) -> str:
    inside = problem.within(range(lines_before + 1, sys.maxsize)) or problem
    return f"{inside.line}: {inside.severity}: {inside.text()}"


EXAMPLES = list(find_examples(TEXT))
each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"line-{example.line}")


# ------------------------------------------------------------------------------------------------- examples


@each_example
def test_example_has_the_problems_it_shows(example):
    problems = [problem for problem in example.parse().problems if not _comes_from_wrapper(problem, example)]
    reported = "".join(f"{report(problem, example.lines_before)}\n" for problem in problems)
    assert reported == example.expected.get("problems", "")


def _comes_from_wrapper(problem: Problem, example: Example) -> bool:
    """Checks whether a problem says that no question asks about a section of the module around a question."""
    return problem.code == "unasked" and example.form == "question"


LINK_OF_HEADING = re.compile(r'<a class="mark-link".*?</a>')  # every heading has one, so no example shows it


@each_example
def test_example_has_the_parts_it_shows(example):
    if "outline" in example.expected:
        assert list(outline(example.parse())) == example.expected["outline"].splitlines()
    if "html" in example.expected:
        shown = LINK_OF_HEADING.sub("", example.parse().sections[0].html)
        assert shown.strip() == example.expected["html"].strip()


@each_example
def test_example_of_questions_has_the_kinds_it_names(example):
    if example.form == "question":
        quiz_of_example = example.parse().quiz
        assert quiz_of_example is not None
        assert [question.kind for question in quiz_of_example.questions] == example.kinds


def test_examples_cover_every_form_and_kind():
    assert {example.form for example in EXAMPLES} == set(WRAPPERS)
    assert {kind for example in EXAMPLES for kind in example.kinds} == {
        "single",
        "multiple",
        "short",
        "numerical",
    }


@pytest.mark.parametrize("info", ["markdown", "yaml", "", "markdown modul", "html", "text problem"])
def test_block_without_form_is_refused(info):
    with pytest.raises(ValueError, match="line 2"):
        list(find_examples(f"```{info}\n# M\n```\n"))


# --------------------------------------------------------------------------------------------- front matter


def test_every_key_of_front_matter_is_documented_once():
    assert [key for key, *_cells in table("key")] == [f"`{key}`" for key in _keys_in_order()]


def _keys_in_order() -> list[str]:
    """Returns the keys of texts and levels first, then the rules, both in the order of the code."""
    return sorted(KEYS, key=lambda key: (key in RULES, list(KEYS).index(key)))


@pytest.mark.parametrize("key", KEYS)
def test_default_of_key_is_documented(key):
    cell = {name.strip("`"): default for name, _values, default, _meaning in table("key")}[key]
    default = getattr(Rules() if key in RULES else FrontMatter(), key)
    if key == "quiz_opens":
        default = Quiz._meta.get_field(key).default
    shown = [yaml.safe_load(word) for word in re.findall(r"`([^`]+)`", cell)]
    assert shown == ([default] if default not in (None, "") else [])


@pytest.mark.parametrize("key", RULES)
def test_values_of_rule_are_documented(key):
    cell = {name.strip("`"): allowed for name, allowed, _default, _meaning in table("key")}[key]
    rule = RULES[key]
    if rule.bounds:
        assert [int(number) for number in re.findall(r"\d+", cell)] == list(rule.bounds)
    elif rule.words:
        assert re.findall(r"`([^`]+)`", cell) == list(rule.words)
    else:
        assert rule.is_date or cell == "`true` or `false`"


def test_words_of_review_are_documented():
    assert set(re.findall(r"^- `(\w+)` shows ", TEXT, re.MULTILINE)) == set(REVIEW_WORDS)
    assert [moment for moment, _meaning in table("moment")] == [f"`{moment}`" for moment in MOMENTS]
    assert [aspect for aspect, _meaning in table("aspect")] == [f"`{aspect}`" for aspect in ASPECTS]


# ------------------------------------------------------------------------------------------- lists and limits


def test_html_tags_are_documented():
    assert {name for cell, _use in table("tag") for name in re.findall(r"<(\w+)>", cell)} == set(
        plain_text.ALLOWED
    )


def test_names_of_the_quiz_are_documented():
    section = TEXT.partition("\n## The final quiz\n")[2].partition("A module has at most one")[0]
    assert {name.lower() for name in re.findall(r"\*([^*]+)\*", section)} == lookalikes.QUIZ_NAMES


def test_files_of_archives_are_documented():
    section = TEXT.partition("\n## Archives\n")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(\.?[\w.]+)`", section))
    left = {name.lower() for name in named} - {*archive.MARKDOWN, *archive.IMAGES, *archive.NO_MODULES}
    assert left == {"__macosx", "load", "check_document"}
    assert {*archive.MARKDOWN, *archive.IMAGES, *archive.NO_MODULES} <= {name.lower() for name in named}


def test_formats_that_are_refused_are_documented():
    line = next(line for line in TEXT.splitlines() if line.startswith("- Files of other programs"))
    formats = (archive.OTHER_FORMATS, source.OTHER_FORMATS, other_formats.ENDINGS)
    for name in {name for table_of_formats in formats for name in table_of_formats.values()}:
        assert name in line


def test_limits_are_documented():
    megabyte = 1024 * 1024
    assert dict(table("limit")) == {
        "size of a document": f"{source.LIMIT // megabyte} MB",
        "sections of a document": f"{limits.MOST_SECTIONS:,}",
        "questions of the quiz, and of all sections together": f"{limits.MOST_QUESTIONS:,}",
        "choices or accepted answers of a question": f"{limits.MOST_CHOICES}",
        "headings inside a section": f"{limits.MOST_HEADINGS}",
        "headings of a document": f"{limits.MOST_HEADINGS_OF_DOCUMENT:,}",
        "HTML of a section or question": f"{limits.LARGEST_PAGE // 1000:,} kB",
        "HTML tags that are open inside each other": f"{markup.MOST_OPEN_TAGS}",
        "length of the front matter": f"{front_matter.LONGEST:,} characters",
        "length of a title that is shown": f"{parser.LONGEST_TITLE} characters",
        "unpacked size of an archive": f"{archive.UNPACKED_LIMIT // megabyte} MB",
        "files in an archive": f"{archive.MOST_FILES}",
        "size of an image": f"{image_files.LARGEST_FILE // megabyte} MB",
        "pixels of an image": f"{image_files.MOST_PIXELS:,}",
        "frames of an image": f"{image_files.MOST_FRAMES}",
        "length of an image's path": f"{LONGEST_PATH} characters",
        "length of a formula": f"{maths.LONGEST:,} characters",
        "groups of a formula": f"{maths.MOST_BRACES}",
        "open brackets of a formula": f"{maths.MOST_UNCLOSED}",
        "length of coloured code": f"{code.LONGEST_CODE:,} characters",
        "coloured blocks of that length": f"{code.MOST_LONG_BLOCKS}",
        "cells that the rows of all tables leave out": f"{tables.MOST_MISSING_CELLS:,}",
        "length of the label of a footnote": f"{footnotes.LONGEST_LABEL} characters",
        "length of a bare address that becomes a link": f"{addresses.LONGEST:,} characters",
        "points of a question": f"{quiz.MOST_POINTS}",
        "length of a typed answer": f"{values.LONGEST_ANSWER} characters",
    }


# -------------------------------------------------------------------------------------------------- problems

SENTENCES = {
    sentence.replace("\\", "").strip(): (severity.split(" or "), code_of_problem.strip("`"))
    for severity, code_of_problem, sentence in (
        row[2:-2].split(" | ", 2) for row in TEXT.splitlines() if re.match(r"\| (?:error|warning)\b", row)
    )
}


def shown_as(template: str) -> str:
    """Returns a sentence as the documentation shows it: an ellipsis for each word of the document."""
    return re.sub(r"\{\w+\}", "…", template.replace("{{", "\0").replace("}}", "\1")).translate(
        {0: "{", 1: "}", ord("\\"): None}
    )


PARTS_OF_PROBLEMS = (
    "rules.py",
    "problems.py",
    "access.py",
    "check_answers.py",
)  # hold sentences that are listed elsewhere, or only parts of them


def sentences_of_code() -> Iterator[str]:
    """Yields the sentence of each problem that the code can report."""
    yield from (rule.problem for rule in RULES.values())
    for path in sorted((ROOT / "modules").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        is_document = (
            path.is_relative_to(ROOT / "modules" / "document") and path.name not in PARTS_OF_PROBLEMS
        )
        for call in (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)):
            name = call.func.id if isinstance(call.func, ast.Name) else ""
            if name in ("N_", "gettext_noop") and (is_document or "Problem(" in text):
                yield ast.literal_eval(call.args[0])
            elif name == "ImageError" and isinstance(call.args[0], ast.Call):
                yield ast.literal_eval(call.args[0].args[0])


def test_every_problem_is_documented_and_no_other():
    assert set(SENTENCES) == {shown_as(sentence) for sentence in sentences_of_code()}


def reported_problems() -> Iterator[Problem]:
    for path in files("mistakes"):
        yield from problems_of(path)
    for example in EXAMPLES:
        yield from example.parse().problems
    for content in (b"%PDF-1.7", b"\xff\xd8\xff", b"a" * (source.LIMIT + 1), b"a\0b"):
        with pytest.raises(DocumentError) as refused:
            source.decode(content)
        yield from refused.value.problems
    with pytest.raises(DocumentError) as refused:
        archive.unpack(b"PK\3\4")
    yield from refused.value.problems


def test_severity_and_code_of_problems_are_documented():
    for problem in reported_problems():
        severities, code_of_problem = SENTENCES[shown_as(problem.template)]
        assert (problem.severity in severities, problem.code) == (True, code_of_problem), problem
