"""Renders a whole document as safe HTML on one page, for previews in which nothing can be answered."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from modules.document.deadline import NEVER, Deadline
from modules.document.html.latex_words import readable
from modules.document.html.links import SECTION
from modules.document.html.render import SafeHTML
from modules.document.html.words import words
from modules.document.syntax.checks import INPUT, hint
from modules.document.syntax.parser import parse_document
from modules.document.syntax.values import Document, Question, Quiz, Section

LINK = re.compile(rf'href="{SECTION}([^/"]*)/?(?:#([^"]*))?"')
# Footnotes of the text of a section; those of its questions have names of their own.
FOOTNOTE = re.compile(r'(?<=["#])s-fn(ref)?-(?=\d+")')
HEADING = re.compile(r"<(/?)h([2-5])(?=[ >])")
TABLE = re.compile(r'(?<= role="region" aria-label=")([^"]*?)(?: \(\d+\))?(?=")')


def render(text: str) -> SafeHTML:
    """Returns safe HTML of a text as a learner sees it: title, introduction, sections and quiz.

    Keys, feedback and explanations are left out.
    """
    return show(parse_document(text, answerable=False))


def show(document: Document, *, deadline: Deadline = NEVER) -> SafeHTML:
    """Returns the same as :func:`render`, of a document that was parsed without ``answerable``."""
    return SafeHTML(show_beginning(document) + show_lines(document, 1, deadline=deadline))


def show_beginning(document: Document) -> SafeHTML:
    """Returns safe HTML of the title and the introduction."""
    return SafeHTML(f"<h1>{html.escape(document.title)}</h1>\n{_on_one_page(document.introduction, 0)}")


def show_stored(introduction: str, sections: Iterable[tuple[str, str, str]]) -> SafeHTML:
    """Returns safe HTML of a stored module on one page, from the identity, the title and the HTML of each section.

    Folds are open, and images do not wait until they are in sight: the page is for paper.
    """
    parts = [_on_one_page(introduction, 0)]
    for number, (identity, title, page) in enumerate(sections, start=1):
        heading = f'<h2 id="s-{html.escape(identity)}">{html.escape(readable(title))}</h2>'
        parts.append(f'<section class="printed">{heading}\n{_on_one_page(page, number)}</section>\n')
    whole = _with_unique_tables("".join(parts))
    return SafeHTML(whole.replace("<details>", "<details open>").replace(' loading="lazy"', ""))


def show_lines(
    document: Document, first: int, last: int | None = None, *, deadline: Deadline = NEVER
) -> SafeHTML:
    """Returns safe HTML of the sections and questions that begin on the lines from ``first`` to ``last``.

    Lines count from 1, both are included, and without ``last`` all lines to the end are. Each heading names its line,
    counted from ``first``, for the editor. Raises what ``deadline`` raises.
    """

    def is_shown(line: int) -> bool:
        deadline.check()
        return first <= line and (last is None or line <= last)

    parts = [
        _section(section, number, first) if is_shown(section.line) else ""
        for number, section in enumerate(document.sections, start=1)
    ]
    if quiz := document.quiz:
        opening = _quiz_opening(quiz, len(parts) + 1, first) if is_shown(quiz.line) else ""
        names = words(document.language)
        questions = [
            _question(question, first, names) for question in quiz.questions if is_shown(question.line)
        ]
        parts.insert(quiz.place, opening + "".join(questions))
    return SafeHTML(_with_unique_tables("".join(parts)))


def _section(section: Section, number: int, first: int) -> str:
    return f"{_heading(section, first)}{_on_one_page(section.html, number)}"


def _quiz_opening(quiz: Quiz, number: int, first: int) -> str:
    return f"{_heading(quiz, first)}{_on_one_page(quiz.html, number)}"


def _question(question: Question, first: int, names: Mapping[str, str]) -> str:
    kind = INPUT.get(question.kind)
    choices = "".join(
        f'<li><label><input type="{kind}" disabled> {choice.html}</label></li>\n'
        for choice in question.choices
    )
    field = f'<p><input type="text" aria-label="{html.escape(question.title)}" disabled></p>\n'
    inputs = f"<ul>\n{choices}</ul>\n" if kind else field
    title = f"<h3{_line(question, first)}>{_on_one_page(question.title_html, 0)}</h3>\n"
    # The hint tells an author whether answers will be judged as words or as numbers.
    return f"{title}{_on_one_page(question.html, 0)}{hint(question, names)}{_on_one_page(inputs, 0)}"


def _heading(part: Section | Quiz, first: int) -> str:
    identity, title = html.escape(part.identity), html.escape(readable(part.title))
    return f'<h2 id="s-{identity}"{_line(part, first)}>{title}</h2>\n'


def _line(part: Section | Quiz | Question, first: int) -> str:
    """Returns the attribute by which the editor's preview follows the caret."""
    return f' data-source-line="{part.line - first + 1}"'


def _on_one_page(page: str, number: int) -> str:
    """Returns the HTML of a section with headings one level deeper, and links and footnotes within the page."""
    page = LINK.sub(lambda link: f'href="#{link[2] or f"s-{link[1]}"}"', page)
    page = FOOTNOTE.sub(rf"s-fn\g<1>-{number}-", page)
    return HEADING.sub(lambda tag: f"<{tag[1]}h{int(tag[2]) + 1}", page)


def _with_unique_tables(page: str) -> str:
    """Numbers the tables again, since tables of different sections may have the same name."""
    counted: Counter[str] = Counter()

    def name(label: re.Match[str]) -> str:
        counted[label[1]] += 1
        return label[1] if counted[label[1]] == 1 else f"{label[1]} ({counted[label[1]]})"

    return TABLE.sub(name, page)
