"""Questions in the text of a section: under a heading with ``{.check}``, answered for oneself and never graded.

The question is the heading itself where a task list stands under it, and else each heading one level deeper. The
heading of a section is the title of a page and never a question.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from markdown_it.token import Token

from modules.document.html.links import SECTION
from modules.document.html.tokens import Attributes
from modules.document.syntax.quiz import is_quote, is_tasks, top_level
from modules.document.syntax.values import LONGEST_ANSWER, Question

CLASS = "check"
INPUT = {"single": "radio", "multiple": "checkbox"}
HINTS = {"multiple": "choose_all", "short": "write_words", "numerical": "write_number"}


def with_checks(
    body: Sequence[Token], *, level: int | None, write: Callable[[Sequence[Token]], str]
) -> list[Token]:
    """The blocks of a section, with one token ``check`` in place of each question; ``write`` gives its safe HTML.

    ``level`` is that of the section's own heading where that carries the class, else ``None``.
    """
    kept: list[Token] = []
    for question, rest in _cut(body, level):
        if question:
            question[0].meta["is_check"] = True
            kept.append(Token("check", "", 0, content=write(question), map=question[0].map))
        kept += rest
    return kept


def _cut(body: Sequence[Token], level: int | None) -> Iterator[tuple[list[Token], list[Token]]]:
    """The blocks of a section in pairs: a question, or nothing, and what stands after it."""
    chunks = list(_chunks(body))
    for number, chunk in enumerate(chunks):
        if chunk[0].type != "heading_open":
            yield [], chunk
            continue
        depth, marked = int(chunk[0].tag[1]), is_marked(chunk[0])
        if level is not None and depth <= level:
            level = None
        if marked and not _has_tasks(chunk) and _is_deeper(chunks[number + 1 : number + 2], depth):
            level = depth
            yield [], chunk
        elif marked or (level is not None and depth == level + 1):
            yield _question(chunk)
        else:
            yield [], chunk


def loose_choices(body: Sequence[Token]) -> Token | None:
    """The first choices that stand in a section above all headings, so that no question has them."""
    above = next(_chunks(body), [])
    if not above or above[0].type == "heading_open":
        return None
    return next((group[0] for group in top_level(above) if is_tasks(group)), None)


def is_marked(heading: Token) -> bool:
    attributes: Attributes = heading.meta["attributes"]
    return CLASS in attributes.classes


def _chunks(body: Sequence[Token]) -> Iterator[list[Token]]:
    """The blocks from one heading to the next; the first ones may have none."""
    chunk: list[Token] = []
    for token in body:
        if token.type == "heading_open" and token.level == 0 and chunk:
            yield chunk
            chunk = []
        chunk.append(token)
    if chunk:
        yield chunk


def _has_tasks(chunk: Sequence[Token]) -> bool:
    return any(is_tasks(group) for group in top_level(chunk))


def _is_deeper(following: Sequence[list[Token]], depth: int) -> bool:
    return bool(following) and int(following[0][0].tag[1]) == depth + 1


def _question(chunk: list[Token]) -> tuple[list[Token], list[Token]]:
    """A question ends with its choices and the quotes right under them; what follows belongs to the section again."""
    groups = top_level(chunk)
    first = next((place for place, group in enumerate(groups) if is_tasks(group)), len(groups))
    end = first
    while end < len(groups) and (is_tasks(groups[end]) or is_quote(groups[end])):
        end += 1
    return [*chain.from_iterable(groups[:end])], [*chain.from_iterable(groups[end:])]


def without_keys(tokens: Sequence[Token]) -> list[Token]:
    """The blocks of a section, its heading first, without accepted answers, feedback and explanations."""
    is_section = bool(tokens) and tokens[0].type == "heading_open" and is_marked(tokens[0])
    kept: list[Token] = []
    for question, rest in _cut(tokens[3:], int(tokens[0].tag[1])) if is_section else _cut(tokens, None):
        kept += [*_asked(question), *rest]
    return [*tokens[:3], *kept] if is_section else kept


def _asked(question: Sequence[Token]) -> Iterator[Token]:
    """What a question shows before it is answered."""
    groups = top_level(question)
    first = next((place for place, group in enumerate(groups) if is_tasks(group)), len(groups))
    for group in groups[:first]:
        yield from group
    for item in (item for group in groups[first:] if is_tasks(group) for item in top_level(group[1:-1])):
        if item[0].meta.get("task") != "=":
            yield from (token for block in top_level(item[1:-1]) if not is_quote(block) for token in block)


# ------------------------------------------------------------------------------------------------ on the page


def named(question: Question, heading: Token) -> Question:
    """The question with the identity that its heading has in the module."""
    return replace(question, identity=str(heading.meta["id"]).removeprefix("s-"))


def ask(question: Question, home: str, level: int, words: Mapping[str, str]) -> str:
    """A question as a form that asks the server: without its key, and nothing to be stored.

    ``home`` is the identity of its section, ``level`` that of its heading on the page. What goes in is safe already.
    """
    identity = html.escape(question.identity)
    name = f"s-{identity}"
    prompt = f"{question.html}{_hint(question, words)}"
    return (
        f'<form class="check" id="{name}" method="get" action="{SECTION}{html.escape(home)}/checks/{identity}/" '
        f'data-check><p class="eyebrow">{words["check_yourself"]}</p>'
        f'<fieldset class="question"><legend><h{level}>{question.title_html}</h{level}></legend>{prompt}'
        f"{_inputs(question)}</fieldset>"
        f'<p class="check-button"><button class="button quiet" name="check">{words["check"]}</button></p></form>\n'
    )


def _hint(question: Question, words: Mapping[str, str]) -> str:
    return f'<p class="hint">{words[HINTS[question.kind]]}</p>' if question.kind in HINTS else ""


def _inputs(question: Question) -> str:
    kind = INPUT.get(question.kind)
    if kind is None:
        number = ' inputmode="decimal"' if question.kind == "numerical" else ""
        return (
            f'<input class="text-answer" type="text" name="answer" autocomplete="off" autocapitalize="off" '
            f'maxlength="{LONGEST_ANSWER}" aria-label="{html.escape(question.title)}"{number}>'
        )
    labels = (
        f'<label class="choice"><input type="{kind}" name="answer" value="{choice.key}">'
        f'<span class="words">{choice.html}</span></label>'
        for choice in question.choices
    )
    return f'<div class="choices">{"".join(labels)}</div>'


FORM = re.compile(r'<form class="check" id="([^"]*)"[^>]*>')


def inert(page: str) -> str:
    """Safe HTML in which nothing can be answered, as it is shown beside an editor."""
    page = FORM.sub(r'<div class="check" id="\g<1>">', page).replace("</form>", "</div>")
    page = re.sub(
        r'(<input (?:class="text-answer" )?type="(?:radio|checkbox|text)") name="answer"',
        r"\g<1> disabled",
        page,
    )
    return page.replace(
        '<button class="button quiet" name="check">', '<button class="button quiet" type="button" disabled>'
    )
