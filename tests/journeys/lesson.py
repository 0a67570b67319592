"""Reads a module that ships, so that journeys know its sections and the answers to its questions."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect

from modules.document.syntax import parser
from modules.document.syntax.values import Document, Question

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "modules" / "examples"


@dataclass(frozen=True)
class Lesson:
    """A module that ships, as a parsed document."""

    document: Document

    @property
    def address(self) -> str:
        return f"/modules/{self.document.slug}/"

    @property
    def quiz_address(self) -> str:
        return f"/quizzes/{self.document.slug}/"

    @property
    def questions(self) -> tuple[Question, ...]:
        assert self.document.quiz
        return self.document.quiz.questions

    def question_on(self, page: Page) -> Question:
        """Returns the question of a page, because a quiz may ask in any order."""
        title = " ".join(page.locator("h1").inner_text().split())
        return next(question for question in self.questions if " ".join(question.title.split()) == title)


def lesson(name: str) -> Lesson:
    text = (EXAMPLES / f"{name}.md").read_text(encoding="utf-8")
    return Lesson(parser.parse_document(text, name=f"{name}.md"))


def right_answers(question: Question) -> list[str]:
    """Returns the values to choose, or a list with the text to write."""
    if question.choices:
        return [choice.key for choice in question.choices if choice.right]
    return [question.answers[0].value or question.answers[0].text]


def expect_no_key(page: Page, question: Question) -> None:
    """Expects that nothing on the page reveals the right answer."""
    source = page.content()
    for feedback in (choice.feedback for choice in question.choices if choice.feedback):
        assert feedback not in source
    if question.explanation:
        assert question.explanation not in source
    expect(page.locator(".right, .wrong, [data-right]")).to_have_count(0)
