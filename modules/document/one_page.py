"""The one renderer: Markdown in, HTML that is safe out. Nothing else declares safe what an author wrote."""

from __future__ import annotations

import html
import re
from collections import Counter

from modules.document.html.links import SECTION
from modules.document.html.render import SafeHTML
from modules.document.syntax import checks
from modules.document.syntax.checks import INPUT
from modules.document.syntax.parser import parse_document
from modules.document.syntax.values import Document, Question, Quiz, Section

LINK = re.compile(rf'href="{SECTION}([^/"]*)/?(?:#([^"]*))?"')
FOOTNOTE = re.compile(
    r'(?<=["#])s-fn(ref)?-(?=\d+")'
)  # of the text of a section, whose questions have their own
HEADING = re.compile(r"<(/?)h([2-5])(?=[ >])")
TABLE = re.compile(r'(?<=<div class="table" role="region" aria-label=")([^"]*?)(?: \(\d+\))?(?=")')


def render(text: str) -> SafeHTML:
    """Safe HTML of a whole document as a learner sees it, on one page.

    Title, introduction, sections and quiz; never a key, a feedback or an explanation.
    """
    return show(parse_document(text))


def show(document: Document) -> SafeHTML:
    """What :func:`render` gives, of a document that is read already."""
    return SafeHTML(show_beginning(document) + show_lines(document, 1))


def show_beginning(document: Document) -> SafeHTML:
    """Safe HTML of the title and the introduction."""
    return SafeHTML(f"<h1>{html.escape(document.title)}</h1>\n{_on_one_page(document.introduction, 0)}")


def show_lines(document: Document, first: int, last: int | None = None) -> SafeHTML:
    """Safe HTML of the sections and questions that begin on the lines from ``first`` to ``last`` (from 1, both
    included; without ``last`` to the end)."""

    def is_meant(line: int) -> bool:
        return first <= line and (last is None or line <= last)

    parts = [
        _section(section, number) if is_meant(section.line) else ""
        for number, section in enumerate(document.sections, start=1)
    ]
    if quiz := document.quiz:
        opening = _quiz_opening(quiz, len(parts) + 1) if is_meant(quiz.line) else ""
        asked = [_question(question) for question in quiz.questions if is_meant(question.line)]
        parts.insert(quiz.place, opening + "".join(asked))
    return SafeHTML(_tables_told_apart("".join(parts)))


def _section(section: Section, number: int) -> str:
    return f"{_heading(section.title, section.identity)}{_on_one_page(section.html, number)}"


def _quiz_opening(quiz: Quiz, number: int) -> str:
    return f"{_heading(quiz.title, quiz.identity)}{_on_one_page(quiz.html, number)}"


def _question(question: Question) -> str:
    kind = INPUT.get(question.kind)
    choices = "".join(
        f'<li><label><input type="{kind}" disabled> {choice.html}</label></li>\n'
        for choice in question.choices
    )
    typed = f'<p><input type="text" aria-label="{html.escape(question.title)}" disabled></p>\n'
    asked = f"<ul>\n{choices}</ul>\n" if kind else typed
    return f"<h3>{_on_one_page(question.title_html, 0)}</h3>\n{_on_one_page(question.html, 0)}{_on_one_page(asked, 0)}"


def _heading(title: str, identity: str) -> str:
    return f'<h2 id="s-{html.escape(identity)}">{html.escape(title)}</h2>\n'


def _on_one_page(page: str, number: int) -> str:
    """A section's HTML below its heading: one level deeper, its links and footnotes within the page."""
    page = checks.inert(page) if "<form" in page else page
    page = LINK.sub(lambda link: f'href="#{link[2] or f"s-{link[1]}"}"', page)
    page = FOOTNOTE.sub(rf"s-fn\g<1>-{number}-", page)
    return HEADING.sub(lambda tag: f"<{tag[1]}h{int(tag[2]) + 1}", page)


def _tables_told_apart(page: str) -> str:
    """Tables are numbered anew, since those of several sections may have one name."""
    counted: Counter[str] = Counter()

    def name(label: re.Match[str]) -> str:
        counted[label[1]] += 1
        return label[1] if counted[label[1]] == 1 else f"{label[1]} ({counted[label[1]]})"

    return TABLE.sub(name, page)
