"""Takes the final quiz of a document apart for other programs: each question with its texts as portable HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

from markdown_it.token import Token

from modules.document.convert.portable_html import Image, PortablePage
from modules.document.html.site import Notes, Site
from modules.document.html.tokens import parse
from modules.document.html.words import words
from modules.document.syntax.front_matter import parse_front_matter
from modules.document.syntax.quiz import is_quote, is_tasks, top_level
from modules.document.syntax.source import normalise
from modules.document.syntax.values import Answer, Document, Pool, Question, Quiz


@dataclass(frozen=True, slots=True)
class PortableChoice:
    """Describes a choice. ``html`` and ``feedback`` are HTML."""

    html: str
    right: bool
    feedback: str


@dataclass(frozen=True, slots=True)
class PortableQuestion:
    """Describes a question. ``prompt`` is its heading and the text below it, as HTML.

    ``pool`` is the pool that it belongs to, if there is one.
    """

    identity: str
    title: str
    kind: str
    points: Fraction
    prompt: str
    choices: tuple[PortableChoice, ...]
    answers: tuple[Answer, ...]
    explanation: str
    pool: Pool | None = None


@dataclass(frozen=True, slots=True)
class PortableQuiz:
    """Describes a quiz. ``losses`` has the kinds of things that HTML for other programs says in another way."""

    document: Document
    questions: tuple[PortableQuestion, ...]
    losses: set[str]


def portable_quiz(document: Document, image: Callable[[str], str | None]) -> PortableQuiz:
    """Returns the final quiz of a document that has no errors. Without a quiz, it has no questions."""
    return _Taker(document, image).take()


class _Taker:
    def __init__(self, document: Document, image: Image) -> None:
        self.document, self.image = document, image
        self.losses: set[str] = set()
        text = document.text
        self.site = Site(budget=20 * len(text) + 2_000_000, words=words(document.language))
        self.tokens = self._without_footnotes(_tokens(text))

    def take(self) -> PortableQuiz:
        quiz = self.document.quiz
        questions = tuple(self._questions(quiz)) if quiz else ()
        return PortableQuiz(self.document, questions, self.losses)

    def _without_footnotes(self, tokens: list[Token]) -> list[Token]:
        kept: list[Token] = []
        footnote: list[Token] | None = None
        for token in tokens:
            if token.type == "footnote_open":
                footnote = self.site.footnotes.setdefault(token.meta["id"], [])
            elif token.type.startswith("footnote_block") or token.type == "footnote_close":
                footnote = None
            elif footnote is not None:
                footnote.append(token)
            else:
                kept.append(token)
        return kept

    def _questions(self, quiz: Quiz) -> Iterator[PortableQuestion]:
        parts = self._parts(quiz)
        for place, question in enumerate(quiz.questions):
            pool = next((pool for pool in quiz.pools if pool.holds(place)), None)
            above = parts.get(pool.line, [])[3:] if pool else []
            yield self._question(question, parts.get(question.line, []), above, pool)

    def _parts(self, quiz: Quiz) -> dict[int, list[Token]]:
        """Returns the tokens of each section, pool and question by the line of its heading."""
        lines = {section.line for section in self.document.sections} | {quiz.line}
        lines |= {pool.line for pool in quiz.pools} | {question.line for question in quiz.questions}
        parts: dict[int, list[Token]] = {}
        current: list[Token] = []
        for token in self.tokens:
            line = (token.map or [-1])[0] + 1
            if token.type == "heading_open" and token.level == 0 and line in lines:
                current = parts.setdefault(line, [])
            current.append(token)
        return parts

    def _question(
        self, question: Question, tokens: list[Token], above: list[Token], pool: Pool | None
    ) -> PortableQuestion:
        prompt, items, explanation = _split(tokens[3:])
        heading = self._inline(tokens[1]) if len(tokens) > 2 else ""
        return PortableQuestion(
            identity=question.identity,
            title=question.title,
            kind=question.kind,
            points=question.points,
            prompt=self._prompt(heading, [*above, *prompt]),
            choices=() if question.answers else tuple(self._choice(item) for item in items),
            answers=question.answers,
            explanation=self._blocks(explanation),
            pool=pool,
        )

    def _prompt(self, heading: str, body: list[Token]) -> str:
        notes = Notes()
        page = self._page(notes)
        below = page.blocks(body) + page.footnotes()
        if not below.strip():
            return heading
        return f"<p>{heading}</p>\n{below}".strip() if heading else below.strip()

    def _choice(self, item: list[Token]) -> PortableChoice:
        content: list[Token] = []
        feedback: list[Token] = []
        for group in top_level(item[1:-1]):
            if is_quote(group):
                feedback += _quoted(group)
            else:
                content += group
        is_line = len(content) == 3 and content[0].type == "paragraph_open"
        html = self._inline(content[1]) if is_line else self._blocks(content)
        return PortableChoice(html, item[0].meta.get("task") == "x", self._blocks(feedback))

    def _inline(self, token: Token) -> str:
        notes = Notes()
        page = self._page(notes)
        return (page.inline(token) + page.footnotes()).strip()

    def _blocks(self, tokens: Sequence[Token]) -> str:
        page = self._page(Notes())
        return (page.blocks(tokens) + page.footnotes()).strip()

    def _page(self, notes: Notes) -> PortablePage:
        return PortablePage(self.site, notes, self.image, self.losses)


def _tokens(text: str) -> list[Token]:
    """Returns the tokens of a document, each with its line in the file."""
    normal = normalise(text)
    matter, _problems = parse_front_matter(normal)
    body = "".join(normal.split("\n", matter.lines)[matter.lines :])
    return parse("\n" * matter.lines + body)


def _split(body: Sequence[Token]) -> tuple[list[Token], list[list[Token]], list[Token]]:
    """Returns the prompt, the items of the lists, and the explanation of a question."""
    prompt: list[Token] = []
    items: list[list[Token]] = []
    quotes: list[list[Token]] = []
    for group in top_level(body):
        if is_tasks(group):
            items += top_level(group[1:-1])
        elif items and is_quote(group):
            quotes.append(_quoted(group))
        else:
            prompt += group
    typed = (item for item in items if item[0].meta.get("task") == "=")
    under_answers = [_quoted(group) for item in typed for group in top_level(item[1:-1]) if is_quote(group)]
    return prompt, items, [*chain.from_iterable([*under_answers, *quotes])]


def _quoted(group: list[Token]) -> list[Token]:
    return group if "alert" in group[0].meta else group[1:-1]
