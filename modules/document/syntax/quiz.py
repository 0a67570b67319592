"""Parses a question: a heading with a list of choices or accepted answers under it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from urllib.parse import unquote

from markdown_it.token import Token

from modules.document.html import sanitiser
from modules.document.html.plain_text import name_of, plain
from modules.document.html.site import Notes, Site
from modules.document.html.tokens import Attributes
from modules.document.problems import N_, Problem
from modules.document.slugs import Names, slugify
from modules.document.syntax import accepted, choice_looks, identities, near_misses, question_attributes
from modules.document.syntax.choice_keys import key_of
from modules.document.syntax.speaking_choices import speaking
from modules.document.syntax.values import Answer, Choice, Question

COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
# Without an exponent, which could make a number of any size.
POINTS = re.compile(r"\d{1,4}(?:\.\d{1,4}|/[1-9]\d{0,3})?", re.ASCII)
MOST_POINTS = 1_000  # of a question; raised, the sentence about “points” has to name the new number


class QuestionParser:
    """Parses the tokens of one question into a value, and collects its problems in ``problems``.

    ``home`` is the identity of the section or quiz, ``names`` gives identities that are unique in it.
    """

    def __init__(self, tokens: Sequence[Token], source: str, site: Site, home: str, names: Names) -> None:
        self.heading, self.title = tokens[0], tokens[1]
        self.body = tokens[3:]
        self.source, self.site, self.home, self.names = source, site, home, names
        self.line = (self.heading.map or [0])[0] + 1
        self.attributes: Attributes = self.heading.meta.get("attributes") or Attributes()
        self.problems: list[Problem] = []
        # No identity has a full stop, so that the names of these footnotes are never the name of a heading.
        self.prefix = str(self.heading.meta["id"])
        self.notes = Notes(f"{self.prefix}.")
        self.pieces = 0  # feedback and explanations until now, each with footnotes of its own

    def parse(self) -> Question:
        prompt, items, explanation = self._parts()
        marks = {item[0].meta.get("task") for item in items}
        title = plain(self.title)
        title_html, prompt_html = self._inline(self.title), self._prompt(prompt)
        if not title and not prompt:
            self._error("no-prompt", N_("This question has no prompt. Write it into its heading."))
        is_typed = "=" in marks
        if is_typed and marks - {"="}:
            self._error(
                "mixed-marks",
                N_(
                    "This question mixes [x] with [=]. Use [ ] and [x] for choices, or [=] alone for typed answers."
                ),
            )
        choices = () if is_typed else self._choices(items)
        answers = tuple(self._answers(items)) if is_typed else ()
        self._check_answers(choices, answers)
        self.problems += question_attributes.of_question(self.attributes, self.line, answers)
        return Question(
            identity=self._identity(title),
            title=title or plain_words(prompt)[:200],
            source=self.source,
            line=self.line,
            kind=self._kind(choices, answers),
            points=self._points(),
            title_html=title_html,
            html=prompt_html + self._footnotes(),
            choices=choices,
            answers=answers,
            explanation=self._blocks(explanation),
            explains=self._explains(explanation),
        )

    def _parts(self) -> tuple[list[Token], list[list[Token]], list[Token]]:
        """Returns the prompt, the items of the lists, and the quotes that explain the question."""
        prompt: list[Token] = []
        items: list[list[Token]] = []
        explanation: list[Token] = []
        late: list[Token] = []
        inner: Token | None = None
        for group in top_level(self.body):
            if is_tasks(group):
                if inner is not None:
                    self._refuse_inner_question(inner)
                    late = []  # another question begins at that heading
                    break
                if explanation and items:
                    self._warn_of_quote(explanation)
                items += _items(group)
            elif items and is_quote(group):
                explanation += _quoted(group)
            else:
                prompt += group
                late += group if items and _says_something(group) else []
                inner = group[0] if items and group[0].type == "heading_open" else inner
        if late:
            self._warn_of_late_words(late)
        return prompt, items, [*self._quotes_under_answers(items), *explanation]

    def _refuse_inner_question(self, heading: Token) -> None:
        template = N_(
            "This heading stands inside a question, and has choices of its own. Begin it with {signs} to make it a question, too, or take it out."
        )
        signs = "#" * int(self.heading.tag[1])
        self._error("inner-question", template, line=_line([heading]), signs=signs)

    def _quotes_under_answers(self, items: list[list[Token]]) -> list[Token]:
        """Returns the quotes under accepted answers. These have no feedback, so the quotes explain the question."""
        answers = (item for item in items if item[0].meta.get("task") == "=")
        quotes = [group for item in answers for group in top_level(item[1:-1]) if is_quote(group)]
        if quotes:
            template = N_(
                "Typed answers have no feedback of their own: everyone is shown this quote as the explanation of the question. Move it below the answers, and word it for everyone."
            )
            self._warn("loose-quote", template, line=_line(quotes[0]))
        return [token for quote in quotes for token in _quoted(quote)]

    def _warn_of_quote(self, quote: Sequence[Token]) -> None:
        template = N_(
            "This quote between choices belongs to the whole question. Indent it under a choice to make it that choice's feedback."
        )
        self._warn("loose-quote", template, line=_line(quote))

    def _warn_of_late_words(self, late: Sequence[Token]) -> None:
        template = N_(
            "What stands here after the choices is shown before the question is answered. Write > before each line to make it the explanation, or move it above the choices."
        )
        self._warn("after-choices", template, line=_line(late))

    def _choices(self, items: list[list[Token]]) -> tuple[Choice, ...]:
        choices, keys = [], set()
        for item in items:
            choice = self._choice(item)
            if choice.key in keys and choice.html:  # an empty choice has a problem of its own
                self._error(
                    "same-choice",
                    N_("The choice “{choice}” appears twice. Remove one, or make them differ."),
                    line=_line(item),
                    choice=choice.text[:80],
                )
            keys.add(choice.key)
            choices.append(choice)
        lines = [_line(item) for item in items]
        self.problems += choice_looks.of_choices(choices, lines)
        self._warn_of_words_under(items)
        pinned = speaking([choice.text for choice in choices])
        return tuple(replace(choice, pinned=pin) for choice, pin in zip(choices, pinned, strict=True))

    def _warn_of_words_under(self, items: list[list[Token]]) -> None:
        """Warns once if a list or text under a choice may be meant as its feedback."""
        under = (group for item in items for group in top_level(item[1:-1])[1:] if _is_remark(item, group))
        if group := next(under, None):
            template = N_(
                "What stands here under a choice is part of it and is shown before the question is answered. Write > before each line to make it feedback."
            )
            self._warn("under-choice", template, line=_line(group))
        if line := next(filter(None, map(_line_of_deep_quote, items)), 0):
            template = N_(
                "This > stands too deep to begin feedback, so its line is part of the choice and is shown before the question is answered. Write it right below the first word of the choice."
            )
            self._warn("under-choice", template, line=line)

    def _choice(self, item: list[Token]) -> Choice:
        content: list[Token] = []
        feedback: list[Token] = []
        for group in top_level(item[1:-1]):
            if is_quote(group):
                feedback += _quoted(group)
            else:
                content += group
        mark = item[0].meta.get("task")
        if mark is None:
            self._refuse_unmarked(item, content)
        text = plain_words(content)
        if not content or not (
            text or any(child.type == "image" for token in content for child in token.children or [])
        ):
            self._error(
                "empty-choice",
                N_("This choice is empty. Write what it says, or remove it."),
                line=_line(item),
            )
        return Choice(
            key=key_of(content),
            html=self._choice_html(content),
            text=text,
            right=mark == "x",
            feedback=self._blocks(feedback),
            pinned=False,
        )

    def _refuse_unmarked(self, item: Sequence[Token], content: Sequence[Token]) -> None:
        first = content[1].content if len(content) > 1 and content[1].type == "inline" else ""
        near_miss = near_misses.of_line(first, _line(item))
        if near_miss:
            self.problems.append(near_miss)
        else:
            self._error("no-mark", N_("This choice has no mark. Begin it with [ ] or [x]."), line=_line(item))

    def _choice_html(self, content: list[Token]) -> str:
        if len(content) == 3 and content[0].type == "paragraph_open":
            return self._inline(content[1])
        return self._prompt(content, is_choice=True)

    def _inline(self, token: Token) -> str:
        return sanitiser.inline(token, self.site, self.home, self.notes)

    def _prompt(self, tokens: Sequence[Token], *, is_choice: bool = False) -> str:
        """Returns HTML that is shown before the question is answered; the prompt has its footnotes.

        A press on the image of a choice chooses it, so that image does not open.
        """
        if not tokens or self.site.budget < 0:
            return ""
        html = sanitiser.blocks(tokens, self.site, self.home, self.notes, may_open=not is_choice)
        return html if self.site.spend(len(html)) else ""

    def _blocks(self, tokens: Sequence[Token]) -> str:
        """Returns HTML that is shown after the question is answered, with footnotes that are hidden before."""
        if not tokens or self.site.budget < 0:
            return ""
        self.pieces += 1
        notes = Notes(f"{self.prefix}.{self.pieces}.")
        html = sanitiser.blocks(tokens, self.site, self.home, notes)
        html += sanitiser.footnotes(notes, self.site, self.home)
        return html if self.site.spend(len(html)) else ""

    def _footnotes(self) -> str:
        html = sanitiser.footnotes(self.notes, self.site, self.home)
        return html if self.site.spend(len(html)) else ""

    def _answers(self, items: list[list[Token]]) -> list[Answer]:
        answers, problems = accepted.parse([self._accepted(item) for item in items], self.attributes)
        self.problems += problems
        return answers

    def _accepted(self, item: list[Token]) -> accepted.Line:
        """Returns an accepted answer, which is one paragraph. Quotes under it are another problem."""
        groups = [group for group in top_level(item[1:-1]) if not is_quote(group) and _says_something(group)]
        text = " ".join(plain_words(groups[0]).split()) if groups else ""
        if not text:
            self._error(
                "empty-choice", N_("This accepted answer is empty. Write it after [=]."), line=_line(item)
            )
        elif len(groups) > 1:
            self._error(
                "long-answer",
                N_(
                    "An accepted answer is a single line, and more stands under this one. Give each answer a [=] of its own, or write > before what explains it."
                ),
                line=_line(groups[1]),
            )
        inline = next((token for token in groups[0] if token.type == "inline"), None) if groups else None
        return accepted.Line(_line(item), inline, text)

    def _check_answers(self, choices: Sequence[Choice], answers: Sequence[Answer]) -> None:
        if answers:
            return
        if len(choices) == 0:
            self._refuse_without_answers()
            return
        if len(choices) < 2:
            self._error("few-choices", N_("This question has fewer than two choices. Add another one."))
        has_near_miss = any(problem.code == near_misses.CODE for problem in self.problems)
        if not has_near_miss and not any(choice.right for choice in choices):
            self._error("no-right-answer", N_("This question has no right answer; mark one with [x]."))

    def _refuse_without_answers(self) -> None:
        near = near_misses.of_choices(self.body)
        self.problems += near
        if not near:
            self._error(
                "no-right-answer",
                N_(
                    "This question has no answers. Write a list of choices with [ ] and [x], or typed answers with [=]."
                ),
            )

    def _kind(self, choices: Sequence[Choice], answers: Sequence[Answer]) -> str:
        if answers:
            return accepted.kind_of(answers)
        wants_several = question_attributes.has(self.attributes, "multiple")
        return "multiple" if wants_several or sum(choice.right for choice in choices) > 1 else "single"

    def _points(self) -> Fraction:
        written = self.attributes.values.get("points", "1").replace(",", ".")
        points = Fraction(written) if POINTS.fullmatch(written) else Fraction(0)
        if not 0 < points <= MOST_POINTS:
            self._error(
                "points", N_("“points” has to be a number above 0 and up to 1000, such as {{points=2}}.")
            )
            return Fraction(1)
        return points

    def _identity(self, title: str) -> str:
        identity, problems = identities.written(self.attributes.id, self.line)
        self.problems += problems
        wanted = identity or slugify(name_of(self.title))
        if not wanted:
            return self.names.claim("soal", (title, self.line))
        claimed, problems = identities.claim(self.names, wanted, title, self.line)
        self.problems += problems
        return claimed

    def _explains(self, explanation: Sequence[Token]) -> tuple[str, ...]:
        """Returns the identities of the sections that the explanation links to."""
        sections: list[str] = []
        for token in explanation:
            for child in token.children or []:
                href = str(child.attrGet("href") or "") if child.type == "link_open" else ""
                target = self.site.target(unquote(href[1:])) if href.startswith("#") else None
                if target and target[0] not in ("", self.home, *sections):
                    sections.append(target[0])
        return tuple(sections)

    def _error(self, code: str, template: str, *, line: int | None = None, **params: str) -> None:
        self.problems.append(Problem(line or self.line, "error", code, template, params))

    def _warn(self, code: str, template: str, *, line: int | None = None, **params: str) -> None:
        self.problems.append(Problem(line or self.line, "warning", code, template, params))


def top_level(tokens: Sequence[Token]) -> list[list[Token]]:
    """Returns tokens in groups, each of them one block with everything inside it."""
    groups: list[list[Token]] = []
    depth = 0
    for token in tokens:
        if depth == 0:
            groups.append([])
        groups[-1].append(token)
        depth += token.nesting
    return groups


def plain_words(tokens: Sequence[Token]) -> str:
    """Returns the words of block tokens."""
    words = (plain(token) if token.type == "inline" else token.content for token in tokens)
    return " ".join(word.strip() for word in words if word.strip())


def is_tasks(group: list[Token]) -> bool:
    """Checks whether a block is a list of choices or accepted answers."""
    return group[0].type in ("bullet_list_open", "ordered_list_open") and any(
        "task" in token.meta and token.level == group[0].level + 1 for token in group
    )


def is_quote(group: Sequence[Token]) -> bool:
    """Checks whether a block is a quote or an alert, which is hidden until the question is answered."""
    return group[0].type == "blockquote_open"


def _quoted(group: list[Token]) -> list[Token]:
    """Returns the content of a quote, or an alert with its box."""
    return group if "alert" in group[0].meta else group[1:-1]


def _says_something(group: Sequence[Token]) -> bool:
    """Checks whether a block has anything to read; a rule between two questions and a comment have not."""
    opening = group[0]
    return opening.type != "hr" and (
        opening.type != "html_block" or bool(COMMENT.sub("", opening.content).strip())
    )


def _is_remark(item: Sequence[Token], group: Sequence[Token]) -> bool:
    """Checks whether a list or text stands under the words of a choice. A choice may itself be a list."""
    has_words = item[1].type == "paragraph_open" and bool(item[2].content.strip())
    is_text = group[0].type == "paragraph_open" and bool(plain(group[1]))
    return has_words and (is_text or group[0].type in ("bullet_list_open", "ordered_list_open"))


def _line_of_deep_quote(item: Sequence[Token]) -> int:
    """Returns the line of a > that Markdown reads as text of the choice, because it is indented too far, or 0."""
    lines = item[2].content.split("\n") if item[1].type == "paragraph_open" else []
    below = (number for number, line in enumerate(lines[1:], start=1) if line.lstrip().startswith(">"))
    return next((_line(item) + number for number in below), 0)


def _items(group: list[Token]) -> list[list[Token]]:
    return top_level(group[1:-1])


def _line(item: Sequence[Token]) -> int:
    return (item[0].map or [0])[0] + 1
