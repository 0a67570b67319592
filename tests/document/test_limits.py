"""A new document has limits, which name the first part too many; a stored one is parsed without them."""

import pytest

from modules.document import one_page
from modules.document.deadline import Deadline, TooSlow
from modules.document.html import tokens
from modules.document.syntax import limits
from modules.document.syntax.parser import parse_document
from tests.document.shapes import write


@pytest.fixture(autouse=True)
def small_limits(monkeypatch):
    monkeypatch.setattr(limits, "MOST_SECTIONS", 3)
    monkeypatch.setattr(limits, "MOST_QUESTIONS", 2)
    monkeypatch.setattr(limits, "MOST_CHOICES", 11)
    monkeypatch.setattr(limits, "MOST_HEADINGS", 2)
    monkeypatch.setattr(limits, "MOST_HEADINGS_OF_DOCUMENT", 12)
    monkeypatch.setattr(limits, "LARGEST_PAGE", 2_000)


SECTIONS = "# T\n\n" + "## A {n}\n\nx\n\n" * 4
QUESTIONS = "# T\n\n## A\n\nx\n\n## Kuis\n\n" + "### Q?\n\n- [ ] a\n- [x] b\n\n> why [A](#a)\n\n" * 3
CHECKS = "# T\n\n" + "## A\n\n### Q? {.check}\n\n- [ ] a\n- [x] b\n\n" * 3
HEADINGS = "# T\n\n## A\n\n" + "### b\n\nx\n\n" * 3
ALL_HEADINGS = "# T\n\n" + "- # x\n" * 12
PAGE = "# T\n\n## A\n\nx\n\n## B\n\n" + "kata **kata** " * 150
QUIZ_PAGE = "# T\n\n## Kuis\n\n" + "kata " * 500 + "\n\n### Q?\n\n- [ ] a\n- [x] b\n\n> why\n"
INTRODUCTION = "# T\n\n" + "kata " * 500 + "\n\n## A\n\nx\n\n"
QUESTION = (
    "# T\n\n## Kuis\n\n### Q?\n\n"
    + "".join(f"- [ ] {'kata ' * 90}{n}\n" for n in range(9))
    + "- [x] b\n\n> why\n"
)


CHOICES = "# T\n\n## Kuis\n\n### Q?\n\n" + "".join(f"- [ ] a{n}\n" for n in range(11)) + "- [x] b\n\n> why\n"
ANSWERS = "# T\n\n## Kuis\n\n### Q?\n\n" + "".join(f"- [=] a{n}\n" for n in range(12)) + "\n> why\n"


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        (SECTIONS, 15, "many-sections"),
        (QUESTIONS, 23, "many-questions"),
        (CHECKS, 19, "many-questions"),
        (HEADINGS, 3, "many-headings-inside"),
        (ALL_HEADINGS, 14, "many-headings"),
        (PAGE, 7, "large-page"),
        (QUIZ_PAGE, 3, "large-page"),
        (INTRODUCTION, 1, "large-page"),
        (QUESTION, 5, "large-page"),
        (CHOICES, 5, "many-choices"),
        (ANSWERS, 5, "many-choices"),
    ],
)
def test_document_beyond_a_limit_names_the_line(text, line, code):
    document = parse_document(text)
    stored = parse_document(text, is_limited=False)

    assert [(problem.line, problem.code) for problem in document.errors] == [(line, code)]
    assert code in limits.CODES
    assert stored.errors == ()
    assert document.text == stored.text == text


@pytest.mark.parametrize(
    "text",
    [
        SECTIONS.replace("## A {n}\n\nx\n\n", "", 1),
        QUESTIONS.replace("### Q?", "Q?", 1),
        CHECKS.replace("{.check}", "", 1),
        HEADINGS.replace("### b\n\nx\n\n", "", 1),
        ALL_HEADINGS.replace("- # x\n", "", 1),
        "# T\n\n## A\n\n" + "x" * 1_990,
    ],
)
def test_document_at_a_limit_is_accepted(text):
    assert {problem.code for problem in parse_document(text).errors} <= {"loose-choices"}


def test_stored_document_beyond_a_limit_is_rendered_whole():
    assert len(parse_document(SECTIONS, is_limited=False).sections) == 4
    assert len(parse_document(QUESTIONS, is_limited=False).quiz.questions) == 3
    assert "kata" in parse_document(PAGE, is_limited=False).sections[1].html


def test_refused_questions_are_not_shown_with_their_key():
    assert "[x]" not in one_page.render(QUESTIONS)
    assert "checked" not in one_page.render(QUESTIONS)


def test_parsing_stops_at_the_first_heading_too_many(monkeypatch):
    parsed = []
    monkeypatch.setattr(tokens._Inline, "parse", lambda _self, src, *_args: parsed.append(src))

    document = parse_document("# a\n" * 300_000)

    assert [problem.line for problem in document.errors] == [13]
    assert parsed == []


class Clock:
    """Goes on by one second at each look."""

    def __init__(self) -> None:
        self.looks = 0

    def __call__(self) -> float:
        self.looks += 1
        return self.looks


@pytest.mark.parametrize(
    "shape",
    [
        "paras",
        "dollar-a",
        "pending-at",
        "bracket",
        "table-rows",
        "lines",
        "list",
        "fence-c-newlines",
        "br-many",
        "link-ok",
    ],
)
def test_deadline_ends_work_soon_after_it_is_over(shape):
    clock = Clock()
    text = write(shape, 20_000)
    with pytest.raises(TooSlow):
        parse_document(text, is_limited=False, deadline=Deadline(3, clock=clock))

    assert clock.looks == 5


def test_document_is_looked_at_often_enough_while_it_is_shown():
    document = parse_document(SECTIONS, is_limited=False)
    with pytest.raises(TooSlow):
        one_page.show(document, deadline=Deadline(2, clock=Clock()))
