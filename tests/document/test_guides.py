"""Tests that the guides in both languages teach the same, and that the module in README.md has no problems."""

from pathlib import Path

from modules.document.html import tokens
from modules.document.syntax import parser
from modules.document.syntax.values import Document

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "modules" / "examples"


def guide(name: str) -> Document:
    return parser.parse_document((EXAMPLES / f"{name}.md").read_text(encoding="utf-8"))


INDONESIAN, ENGLISH = guide("menulis-modul"), guide("writing-a-module")


def test_guides_state_their_languages_and_the_same_rules():
    assert (INDONESIAN.language, ENGLISH.language) == ("id", "en")
    assert INDONESIAN.rules == ENGLISH.rules


def test_guides_have_the_same_sections_and_headings():
    def shape(document: Document) -> list[tuple[list[int], int]]:
        return [
            ([heading.level for heading in section.contents], len(section.checks))
            for section in document.sections
        ]

    assert shape(INDONESIAN) == shape(ENGLISH)


def test_guides_ask_the_same_questions():
    def questions(document: Document) -> list[tuple[object, ...]]:
        assert document.quiz
        return [
            (
                question.kind,
                question.points,
                [choice.right for choice in question.choices],
                [(answer.value, answer.tolerance) for answer in question.answers],
                [_place(document, identity) for identity in question.explains],
            )
            for question in document.quiz.questions
        ]

    assert questions(INDONESIAN) == questions(ENGLISH)


def _place(document: Document, identity: str) -> int:
    return [section.identity for section in document.sections].index(identity)


def test_guides_have_the_same_fences():
    def languages(document: Document) -> list[str]:
        return [token.info for token in tokens.parse(document.text) if token.type == "fence"]

    assert languages(INDONESIAN) == languages(ENGLISH)


def test_module_in_readme_has_no_problems():
    fences = (
        token
        for token in tokens.parse((ROOT / "README.md").read_text(encoding="utf-8"))
        if token.type == "fence" and token.info == "markdown"
    )
    document = parser.parse_document(next(fences).content)
    assert (document.problems, len(document.sections), next(fences, None)) == ((), 1, None)
