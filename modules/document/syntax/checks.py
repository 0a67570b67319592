"""Finds and renders questions in the text of a section: they have ``{.check}`` and are never graded.

The heading with the class is the question if a task list follows it. Otherwise each heading one level deeper is one.
The heading of a section is the title of a page and never a question.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from markdown_it.token import Token

from modules.document.html import directions
from modules.document.html.links import SECTION
from modules.document.html.tokens import Attributes
from modules.document.syntax.quiz import is_quote, is_tasks, top_level
from modules.document.syntax.values import LONGEST_ANSWER, Choice, Question

CLASS = "check"
INPUT = {"single": "radio", "multiple": "checkbox"}
HINTS = {"multiple": "choose_all", "short": "write_words", "numerical": "write_number"}


def with_checks(
    body: Sequence[Token], *, level: int | None, write: Callable[[Sequence[Token]], str]
) -> list[Token]:
    """Returns the blocks of a section with one token ``check`` in place of each question.

    ``write`` returns the safe HTML of a question. ``level`` is the level of the section's heading if that heading has
    the class, else ``None``.
    """
    kept: list[Token] = []
    for question, rest in _cut(body, level):
        if question:
            question[0].meta["is_check"] = True
            kept.append(Token("check", "", 0, content=write(question), map=question[0].map))
        kept += rest
    return kept


def _cut(body: Sequence[Token], level: int | None) -> Iterator[tuple[list[Token], list[Token]]]:
    """Yields the blocks of a section in pairs: a question, or nothing, and the blocks after it."""
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
            yield _split(chunk)
        else:
            yield [], chunk


def loose_choices(body: Sequence[Token]) -> Token | None:
    """Returns the opening token of choices above all headings of a section, which belong to no question."""
    above = next(_chunks(body), [])
    if not above or above[0].type == "heading_open":
        return None
    return next((group[0] for group in top_level(above) if is_tasks(group)), None)


def is_marked(heading: Token) -> bool:
    """Checks whether a heading has the class of questions in the text."""
    attributes: Attributes = heading.meta["attributes"]
    return CLASS in attributes.classes


def _chunks(body: Sequence[Token]) -> Iterator[list[Token]]:
    """Yields the blocks from one heading to the next; the first ones may have no heading."""
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


def _split(chunk: list[Token]) -> tuple[list[Token], list[Token]]:
    """Splits blocks after the choices and the quotes right under them, where the section continues."""
    groups = top_level(chunk)
    first = next((place for place, group in enumerate(groups) if is_tasks(group)), len(groups))
    end = first
    while end < len(groups) and (is_tasks(groups[end]) or is_quote(groups[end])):
        end += 1
    return [*chain.from_iterable(groups[:end])], [*chain.from_iterable(groups[end:])]


def without_keys(tokens: Sequence[Token]) -> list[Token]:
    """Returns the blocks of a section, its heading first, without accepted answers, feedback and explanations."""
    is_section = bool(tokens) and tokens[0].type == "heading_open" and is_marked(tokens[0])
    kept: list[Token] = []
    for question, rest in _cut(tokens[3:], int(tokens[0].tag[1])) if is_section else _cut(tokens, None):
        kept += [*_asked(question), *rest]
    return [*tokens[:3], *kept] if is_section else kept


def _asked(question: Sequence[Token]) -> Iterator[Token]:
    """Yields the blocks of a question that are shown before it is answered."""
    groups = top_level(question)
    first = next((place for place, group in enumerate(groups) if is_tasks(group)), len(groups))
    for group in groups[:first]:
        yield from group
    for item in (item for group in groups[first:] if is_tasks(group) for item in top_level(group[1:-1])):
        if item[0].meta.get("task") != "=":
            yield from (token for block in top_level(item[1:-1]) if not is_quote(block) for token in block)


def named(question: Question, heading: Token) -> Question:
    """Returns the question with the identity that its heading has in the module."""
    return replace(question, identity=str(heading.meta["id"]).removeprefix("s-"))


def ask(
    question: Question, home: str, level: int, words: Mapping[str, str], *, answerable: bool = True
) -> str:
    """Returns a question as a form that asks the server, without its key. The server stores nothing.

    ``home`` is the identity of its section, ``level`` that of its heading on the page. The HTML in ``question`` is safe
    already. Without ``answerable`` there is no form and all fields are disabled, since an editor is a form itself.
    """
    identity = html.escape(question.identity)
    action = f' method="get" action="{SECTION}{html.escape(home)}/checks/{identity}/" data-check'
    tag = "form" if answerable else "div"
    button = 'name="check"' if answerable else 'type="button" disabled'
    return (
        f'<{tag} class="check" id="s-{identity}"{action if answerable else ""}>'
        f'<p class="eyebrow">{words["check_yourself"]}</p>'
        f'<fieldset class="question"><legend><h{level}{_direction(question.title_html, question)}>{question.title_html}</h{level}></legend>'
        f"{question.html}{hint(question, words)}{_inputs(question, answerable=answerable)}</fieldset>"
        f'<p class="check-button"><button class="button quiet" {button}>{words["check"]}</button></p></{tag}>\n'
    )


def hint(question: Question, words: Mapping[str, str]) -> str:
    """Returns how a question wants to be answered, if its field does not show that."""
    return f'<p class="hint">{words[HINTS[question.kind]]}</p>' if question.kind in HINTS else ""


def _keyboard(question: Question) -> str:
    """Returns the keyboard of a phone. On some phones, the one for decimals has no minus sign, and none has letters."""
    needs_letters = any(answer.unit or (answer.value or "").startswith("-") for answer in question.answers)
    return "text" if needs_letters else "decimal"


def _direction(words: str, question: Question) -> str:
    """Returns the attribute of words in a question that has right-to-left letters anywhere."""
    whole = question.title_html + "".join(choice.html for choice in question.choices)
    direction = directions.of_words(words, "ar") if directions.RIGHT_TO_LEFT.search(whole) else ""
    return f' dir="{direction}"' if direction else ""


def _side(choice: Choice, question: Question) -> str:
    """Returns the direction of a choice: all boxes of a question stand on the side where its title begins."""
    title = directions.LETTER.search(directions.TAG.sub(" ", question.title_html))
    if title and directions.RIGHT_TO_LEFT.match(title[0]):
        return ' dir="rtl"'
    return _direction(choice.html, question)


def _inputs(question: Question, *, answerable: bool) -> str:
    kind = INPUT.get(question.kind)
    state = 'name="answer"' if answerable else "disabled"
    if kind is None:
        number = f' inputmode="{_keyboard(question)}"' if question.kind == "numerical" else ""
        return (
            f'<input class="text-answer" type="text" dir="auto" {state} autocomplete="off" autocapitalize="off" '
            f'maxlength="{LONGEST_ANSWER}" aria-label="{html.escape(question.title)}"{number}>'
        )
    labels = (
        f'<label class="choice"{_side(choice, question)}><input type="{kind}" {state} value="{choice.key}">'
        f'<span class="words"{_direction(choice.html, question)}>{choice.html}</span></label>'
        for choice in question.choices
    )
    return f'<div class="choices">{"".join(labels)}</div>'
