"""Reads questions in GIFT, the text format of Moodle. Never raises."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise

from modules.document.convert.categories import pool_titles, shared_title
from modules.document.convert.escapes import escape, escape_line_starts
from modules.document.convert.foreign_quiz import MOST_QUESTIONS, ForeignQuiz, gathered, heading_and_text
from modules.document.convert.from_html import markdown_of_html
from modules.document.convert.losses import Losses
from modules.document.convert.numbers import accepted_number, accepted_range
from modules.document.convert.writing import ForeignChoice, ForeignPool, ForeignQuestion
from modules.document.problems import Problem

# A backslash makes a sign of the notation plain; ``\n`` is a line end.
GAP = "_____"
ESCAPED = re.compile(r"\\([\\:#={}~n])")
# Signs that stand for escaped ones until a text is cut into its parts.
HIDDEN = {sign: chr(0xE000 + place) for place, sign in enumerate("\\:#={}~n")}
SHOWN = str.maketrans({hidden: "\n" if sign == "n" else sign for sign, hidden in HIDDEN.items()})
PRIVATE = re.compile("[\ue000-\ue008\0]")
BLANK_LINE = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")
NAME = re.compile(r"\s*::(.*?)::", re.DOTALL)
FORMAT = re.compile(r"\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
TRUE_FALSE = re.compile(
    r"\s*(T|TRUE|F|FALSE)\s*(?:#(?P<wrong>[^#]*))?(?:#(?P<right>[^#]*))?\s*\Z", re.IGNORECASE | re.DOTALL
)
WEIGHT = re.compile(r"\s*%(-?\d{1,3}(?:\.\d{1,9})?)%")
ANSWER = re.compile(r"[=~]")
IDENTITY = re.compile(r"//.*\[id:([^\]]{1,100})\]")
WILDCARD = re.compile(r"(?<!\\)\*")
SIGNATURE = re.compile(r"(?<!\\)\{[^{}]*(?:=|~|#\s*-?\d|\b(?:T|F|TRUE|FALSE)\b)[^{}]*\}", re.DOTALL)


def is_gift(text: str) -> bool:
    """Checks whether a whole text looks like GIFT: every block names a category, is a comment or has answers."""
    chunks = [chunk for _line, chunk in _chunks(_hidden(_normal(text)))]
    asking = [chunk for chunk in chunks if SIGNATURE.search(chunk)]
    return bool(asking) and 2 * len(asking) > len(chunks)


def read_gift(text: str, *, language: str = "id") -> ForeignQuiz:
    """Returns the questions of a text, and a warning for each kind of thing that is lost.

    ``language`` gives the words of the choices of a true-or-false question.
    """
    losses = Losses()
    questions: list[ForeignQuestion] = []
    asides = _Asides(text)
    for line, chunk in _chunks(_hidden(_normal(text))):
        if len(questions) == MOST_QUESTIONS:
            losses.begin()
            losses.add("too-many", line, count=MOST_QUESTIONS)
            break
        if question := _Reader(chunk, line, losses, language).read():
            questions.append(replace(question, identity=asides.identity(line), pool=asides.pool(line)))
    return gathered(questions, losses, title=asides.title)


class _Asides:
    """Holds what lines beside the questions say: the categories, and the identities right above a question."""

    def __init__(self, text: str) -> None:
        self.identities: dict[int, str] = {}
        self.categories = [(0, "")]
        lines = [line.strip() for line in _normal(text).split("\n")]
        for number, line in enumerate(lines, start=1):
            if line.startswith("$CATEGORY:"):
                self.categories.append((number, line.partition(":")[2].strip()))
            elif match := IDENTITY.match(line):
                self.identities[number + 1] = match[1]
        paths = [path for _line, path in self.categories if path]
        self.titles, self.title = pool_titles(paths), shared_title(paths)

    def identity(self, line: int) -> str:
        """Returns the identity of the question that begins on a line."""
        return self.identities.get(line, "")

    def pool(self, line: int) -> ForeignPool | None:
        """Returns the pool of the question that begins on a line."""
        number, path = self.categories[bisect_left(self.categories, (line, "")) - 1]
        title = self.titles.get(path, "")
        return ForeignPool(title, number=number) if title else None


def read_gift_block(
    text: str, line: int, *, language: str = "id"
) -> tuple[ForeignQuestion | None, tuple[Problem, ...]]:
    """Returns the question that is the whole text, at a ``line`` of its document, and everything that is lost."""
    losses = Losses()
    question = _Reader(_hidden(PRIVATE.sub("", text)), line, losses, language).read()
    return question, losses.problems()


def _normal(text: str) -> str:
    return PRIVATE.sub("", re.sub(r"\r\n?", "\n", text.removeprefix("\ufeff")))


def _hidden(text: str) -> str:
    return ESCAPED.sub(lambda match: HIDDEN[match[1]], text)


def _shown(text: str) -> str:
    return text.translate(SHOWN)


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Yields the blocks between blank lines, each with its line from 1, without comments and categories."""
    waiting, first = "", 1
    for line, block in _blocks(text):
        is_continued = waiting and not block.lstrip().startswith("::") and "}" in block.partition("{")[0]
        if waiting and not is_continued:
            yield first, waiting
            waiting = ""
        chunk = f"{waiting}\n\n{block}" if waiting else block
        first = first if waiting else line
        waiting = chunk if chunk.count("{") > chunk.count("}") else ""
        if not waiting:
            yield first, chunk
    if waiting:
        yield first, waiting


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    lines: list[str] = []
    first = 1
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        is_aside = line.lstrip().startswith(("//", "$CATEGORY:"))
        if line.strip() and not is_aside:
            first = first if lines else number
            lines.append(line)
        elif lines and not line.strip():
            yield first, "\n".join(lines)
            lines = []


@dataclass(frozen=True, slots=True)
class _Answer:
    """Holds an answer: whether ``=`` begins it, its weight in percent or ``None``, its text and its feedback."""

    is_right: bool
    weight: Fraction | None
    text: str
    feedback: str


class _Reader:
    """Reads one block. ``line`` is where it begins."""

    def __init__(self, chunk: str, line: int, losses: Losses, language: str) -> None:
        self.line, self.losses = line, losses
        self.words = ("True", "False") if language.startswith("en") else ("Benar", "Salah")
        name = NAME.match(chunk)
        self.name = " ".join(_shown(name[1]).split()) if name else ""
        rest = chunk[name.end() :] if name else chunk
        tag = FORMAT.match(rest)
        self.format = tag[1].lower() if tag else "moodle"
        self.rest = rest[tag.end() :] if tag else rest
        losses.begin(self.name, _shown(self.rest.partition("{")[0]), _shown(self.rest))

    def read(self) -> ForeignQuestion | None:
        before, brace, rest = self.rest.partition("{")
        inside, closing, after = rest.partition("}")
        if not brace:
            self.losses.add("kind", self.line)  # a description that asks nothing
            return None
        if not closing or "{" in after:  # one gap is a question, and several are none
            self.losses.add("kind" if closing else "broken", self.line)
            return None
        is_gap = bool(after.strip(" .!?\n")) or (bool(after.strip()) and not before.rstrip().endswith("?"))
        prompt = self._gap(before, after) if is_gap else self._text(before)
        answers, _sign, general = inside.partition("####")
        title, text = heading_and_text(prompt, escape(self.name))
        question = ForeignQuestion(title or escape(self.name), text, explanation=self._text(general))
        return self._answered(question, answers)

    def _gap(self, before: str, after: str) -> str:
        """Returns a sentence with a gap in the place of its answers."""
        gap = escape(GAP) if self.format == "markdown" else GAP
        end = after.strip() if after.strip()[0] in ".,;:!?" else f" {after.strip()}"
        return self._text(f"{before.rstrip()} {gap}{end}")

    def _text(self, text: str, *, given: str | None = None) -> str:
        """Returns a text in the format of the question, or in the one that it names itself, as Markdown."""
        tag = FORMAT.match(text)
        name = tag[1].lower() if tag else self.format
        text = (text[tag.end() :] if tag else text).strip()
        if name == "markdown":
            return _shown(text).strip()
        if name == "plain":
            return "\n\n".join(paragraphs(_shown(text)))
        if name == "moodle":
            text = re.sub(r"\s*\n\s*", " ", text)
            text = text.replace(HIDDEN["n"], "<br>")
        return markdown_of_html(_shown(text), highest_heading=4, losses=self.losses, line=self.line)

    def _answered(self, question: ForeignQuestion, inside: str) -> ForeignQuestion | None:
        if match := TRUE_FALSE.match(inside):
            return self._true_false(question, match)
        if inside.lstrip().startswith("#"):
            return self._numerical(question, inside.lstrip()[1:])
        answers = self._answers(inside)
        if not answers or any(answer.is_right and "->" in answer.text for answer in answers):
            self.losses.add("kind" if answers or not inside.strip() else "broken", self.line)
            return None
        if all(answer.is_right for answer in answers):
            return self._short(question, answers)
        return self._choices(question, answers)

    def _answers(self, inside: str) -> list[_Answer]:
        starts = [*(match.start() for match in ANSWER.finditer(inside)), len(inside)]
        return [self._answer(inside[start:end].strip()) for start, end in pairwise(starts)]

    def _answer(self, written: str) -> _Answer:
        text, _sign, feedback = written[1:].partition("#")
        weight = WEIGHT.match(text)
        value = Fraction(weight[1]) if weight else None
        return _Answer(written[0] == "=", value, text[weight.end() :] if weight else text, feedback)

    def _true_false(self, question: ForeignQuestion, match: re.Match[str]) -> ForeignQuestion:
        is_true = match[1].upper().startswith("T")
        wrong, right = self._text(match["wrong"] or ""), self._text(match["right"] or "")
        true, false = self.words
        choices = (
            ForeignChoice(true, is_true, right if is_true else wrong),
            ForeignChoice(false, not is_true, wrong if is_true else right),
        )
        return replace(question, choices=choices)

    def _numerical(self, question: ForeignQuestion, inside: str) -> ForeignQuestion | None:
        answers = self._answers(inside) or [self._answer("=" + inside.strip())]
        numbers = [(answer, _number(_shown(answer.text))) for answer in answers]
        accepted = tuple(number for answer, number in numbers if number and self._counts(answer))
        if any(answer.feedback.strip() for answer in answers):
            self.losses.add("answer-feedback", self.line)
        if not accepted:
            self.losses.add("broken", self.line)
            return None
        return replace(question, kind="numerical", answers=accepted)

    def _counts(self, answer: _Answer) -> bool:
        """Checks whether an accepted answer gets all points. Others are lost, since nothing here says half."""
        if answer.weight is None or answer.weight == 100:
            return answer.is_right
        self.losses.add("weight", self.line)
        return False

    def _short(self, question: ForeignQuestion, answers: Sequence[_Answer]) -> ForeignQuestion | None:
        accepted = []
        for answer in answers:
            text = _shown(answer.text).strip()
            if answer.feedback.strip():
                self.losses.add("answer-feedback", self.line)
            if WILDCARD.search(text):
                self.losses.add("wildcard", self.line)
            elif self._counts(answer) and text:
                accepted.append(escape(self._plain(text).replace("\\*", "*")))
        if not accepted:
            self.losses.add("no-key", self.line)
            return None
        return replace(question, kind="short", answers=tuple(accepted))

    def _plain(self, text: str) -> str:
        return " ".join(re.sub(r"<br\s*/?>", " ", text).split())

    def _choices(self, question: ForeignQuestion, answers: Sequence[_Answer]) -> ForeignQuestion:
        weights = [_weight(answer) for answer in answers]
        right = sum(answer.is_right for answer in answers)
        is_multiple = not right and any(weight > 0 for weight in weights)
        choices = tuple(
            ForeignChoice(
                self._text(answer.text),
                (is_multiple and weight > 0) or answer.is_right,
                self._text(answer.feedback),
            )
            for answer, weight in zip(answers, weights, strict=True)
        )
        self._note_weights(weights, right, is_multiple=is_multiple)
        kind = "multiple" if is_multiple or right > 1 else "single"
        return replace(question, kind=kind, choices=choices)

    def _note_weights(self, weights: Sequence[Fraction], right: int, *, is_multiple: bool) -> None:
        positive = [weight for weight in weights if weight > 0]
        if right > 1:
            self.losses.add("several-right", self.line)
        if not positive:
            self.losses.add("no-key", self.line)
        elif (is_multiple and any(abs(weight * len(positive) - 100) > 1 for weight in positive)) or (
            right and any(0 < weight < 100 for weight in weights)
        ):
            self.losses.add("weight", self.line)


def _weight(answer: _Answer) -> Fraction:
    return answer.weight if answer.weight is not None else Fraction(100 if answer.is_right else 0)


def _number(text: str) -> str:
    """Returns ``3.14:0.01`` or ``3..5`` as an accepted number of ours, or an empty text."""
    low, dots, high = text.partition("..")
    if dots:
        return accepted_range(low, high)
    value, _colon, tolerance = text.partition(":")
    return accepted_number(value, tolerance)


def paragraphs(text: str) -> Iterator[str]:
    """Yields the paragraphs of plain text as Markdown."""
    for block in re.split(r"\n\s*\n", text):
        if block.strip():
            yield escape_line_starts(escape(block.strip())).replace("\n", "\\\n")
