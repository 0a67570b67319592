"""Reads questions from the rows of a CSV file or a spreadsheet. Never raises."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from modules.document.convert.escapes import escape, escape_line_starts
from modules.document.convert.foreign_quiz import MOST_QUESTIONS, ForeignQuiz, gathered, heading_and_text
from modules.document.convert.losses import Losses
from modules.document.convert.numbers import accepted_number, points
from modules.document.convert.open_answers import question_of
from modules.document.convert.writing import ForeignChoice, ForeignQuestion
from modules.document.problems import N_, DocumentError, Problem
from modules.document.syntax import source

MOST_COLUMNS = 50  # that are looked at
HEAD = 20  # rows at the beginning in which the names of the columns may stand
LONGEST_CELL = 20_000  # characters; a longer cell is cut
DELIMITERS = ",;\t|"
# The names of columns in the languages of the interface, without blanks and signs.
NAMES = {
    "question": ["question", "questiontext", "pertanyaan", "soal", "teks", "tekssoal", "prompt"],
    "key": [
        "key",
        "answer",
        "answers",
        "correct",
        "correctanswer",
        "correctanswers",
        "correctoption",
        "correctoptions",
        "correctchoice",
        "rightanswer",
        "kunci",
        "kuncijawaban",
        "jawaban",
        "jawabanbenar",
    ],
    "explanation": [
        "explanation",
        "answerexplanation",
        "feedback",
        "rationale",
        "pembahasan",
        "penjelasan",
        "umpanbalik",
    ],
    "points": ["points", "point", "score", "poin", "bobot", "skor", "nilai"],
    "choices": ["choices", "options", "pilihan", "opsi", "pilihanjawaban"],
}
REMARK = re.compile(r"\([^()]*\)")
HINT = re.compile(r"(?:max\d{1,4}characters|chooseatleastone)$")  # how the template of Kahoot! goes on
CHOICE = re.compile(r"(?:choice|option|answer|jawaban|pilihan|opsi|distractor|pengecoh)?([a-j]|\d{1,2})")
RANGE = re.compile(r"([+-]?[\d.,]+)\s*(?:±|\+/-|\+-)\s*([\d.,]+)")
LETTER = re.compile(r"\(?([A-Ja-j]|\d{1,2})[.)]?")
SEVERAL = re.compile(r"\s*[,;/&+]\s*|\s+(?:dan|and)\s+|\s+")
LABEL = re.compile(r"\s*\(?([A-Ja-j]|\d{1,2})[.)]\s+")
Rows = Iterable[Sequence[str]]


@dataclass(slots=True)
class Columns:
    """Holds the places of the columns of a table by what they mean. ``choices`` has one place for each choice."""

    question: int = -1
    key: int = -1
    explanation: int = -1
    points: int = -1
    all_choices: int = -1
    choices: dict[str, int] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        return self.question >= 0 and self.key >= 0


def columns_of(row: Sequence[str]) -> Columns:
    """Returns what the cells of a row name as columns."""
    columns = Columns()
    for place, cell in enumerate(row[:MOST_COLUMNS]):
        # A remark in brackets is no part of a name, and “Question #” counts the rows.
        name = "" if cell.rstrip().endswith("#") else re.sub(r"[\W_]+", "", REMARK.sub("", cell.lower()))
        name = HINT.sub("", name)
        meaning = next((meaning for meaning, names in NAMES.items() if name in names), "")
        if meaning == "choices":
            columns.all_choices = place
        elif meaning and getattr(columns, meaning) < 0:
            setattr(columns, meaning, place)
        elif match := CHOICE.fullmatch(name):
            columns.choices.setdefault(match[1], place)
    return columns


def is_table(text: str) -> bool:
    """Checks whether a text is a CSV file with columns for questions and their key."""
    rows = _csv_rows("".join(text.splitlines(keepends=True)[:HEAD]))
    return any(columns_of(row).is_complete for row in rows)


def read_csv(content: bytes) -> ForeignQuiz:
    """Returns the questions of a CSV file."""
    try:
        text, _encoding = source.decode(content)
    except DocumentError as error:
        return ForeignQuiz((), error.problems)
    return read_rows(_csv_rows(source.normalise(text)))


def _csv_rows(text: str) -> Iterator[list[str]]:
    head = text.split("\n", HEAD)[:HEAD]
    naming = (sign for sign in DELIMITERS for line in head if columns_of(line.split(sign)).is_complete)
    delimiter = next(naming, ",")
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error:  # a cell that never ends
            continue
        yield [cell[:LONGEST_CELL] for cell in row[:MOST_COLUMNS]]


def read_rows(rows: Rows) -> ForeignQuiz:
    """Returns the questions of a table, whose first rows name its columns."""
    losses = Losses()
    questions: list[ForeignQuestion] = []
    columns: Columns | None = None
    for line, row in enumerate(rows, start=1):
        if columns is None:
            named = columns_of(row)
            columns = named if named.is_complete else None
            if line > HEAD and columns is None:
                break
            continue
        if len(questions) == MOST_QUESTIONS:
            losses.begin()
            losses.add("too-many", line, count=MOST_QUESTIONS)
            break
        if question := _Row(row, columns, line, losses).read():
            questions.append(question)
    if columns is None:
        return ForeignQuiz((), (no_columns(),))
    return gathered(questions, losses)


def read_row(row: Sequence[str], columns: Columns, losses: Losses) -> ForeignQuestion | None:
    """Returns the question of a row whose cells are Markdown, or nothing if it has none."""
    return _Row(row, columns, 1, losses, is_markdown=True).read()


def no_columns() -> Problem:
    """Returns the problem of a table that names no columns."""
    template = N_(
        "This table has no columns for questions and their key. Name them “Soal” and “Kunci” in the first row."
    )
    return Problem(1, "error", "no-columns", template)


class _Row:
    """Reads one row as a question."""

    def __init__(
        self, row: Sequence[str], columns: Columns, line: int, losses: Losses, *, is_markdown: bool = False
    ) -> None:
        self.row, self.columns, self.line, self.losses = row, columns, line, losses
        self.is_markdown = is_markdown

    def _markdown(self, text: str) -> str:
        return text.replace("\n", "\\\n") if self.is_markdown else plain_markdown(text)

    def read(self) -> ForeignQuestion | None:
        prompt = self._cell(self.columns.question)
        self.losses.begin(prompt, *self.row)
        if not prompt:
            if any(cell.strip() for cell in self.row):
                self.losses.add("rows", self.line)
            return None
        title, text = heading_and_text(self._markdown(prompt))
        explanation = self._markdown(self._cell(self.columns.explanation))
        question = ForeignQuestion(title, text, explanation=explanation, points=self._points())
        choices, key = self._choices(), self._cell(self.columns.key)
        if not key:
            self.losses.add("no-key", self.line)
        return self._chosen(question, choices, key) if choices else self._typed(question, key)

    def _cell(self, place: int) -> str:
        return self.row[place].strip() if 0 <= place < len(self.row) else ""

    def _points(self) -> Fraction:
        return points(self._cell(self.columns.points) or "1")

    def _choices(self) -> dict[str, str]:
        """Returns the choices by their letters or numbers."""
        choices = {name: self._cell(place) for name, place in self.columns.choices.items()}
        together = self._cell(self.columns.all_choices)
        separator = "\n" if "\n" in together else ";" if ";" in together else "|"
        parts = [part.strip() for part in together.split(separator) if part.strip()] if together else []
        for number, part in enumerate(parts):
            label = LABEL.match(part)
            name = label[1].lower() if label else chr(ord("a") + number) if number < 26 else str(number + 1)
            choices.setdefault(name, part[label.end() :] if label else part)
        return {name: text for name, text in choices.items() if text}

    def _chosen(self, question: ForeignQuestion, choices: Mapping[str, str], key: str) -> ForeignQuestion:
        right = _named(key, choices)
        if key and not right:
            self.losses.add("key", self.line)
        made = tuple(ForeignChoice(self._markdown(text), name in right) for name, text in choices.items())
        return replace(question, kind="multiple" if len(right) > 1 else "single", choices=made)

    def _typed(self, question: ForeignQuestion, key: str) -> ForeignQuestion | None:
        if two := question_of("", "", key).choices:  # true or false
            return replace(question, choices=two)
        answers = [" ".join(part.split()) for part in re.split(r"[|\n]|;\s", key) if part.strip()]
        if not answers:
            return None
        numbers = [_number(answer) for answer in answers]
        if all(numbers):
            return replace(question, kind="numerical", answers=tuple(numbers))
        return replace(
            question, kind="short", answers=tuple(answers if self.is_markdown else map(escape, answers))
        )


def _number(answer: str) -> str:
    match = RANGE.fullmatch(answer)
    return accepted_number(match[1], match[2]) if match else accepted_number(answer)


def _named(key: str, choices: Mapping[str, str]) -> set[str]:
    """Returns the names of the choices that a key names, by their texts or by their letters or numbers."""
    by_text = {" ".join(text.split()).casefold(): name for name, text in choices.items()}
    whole = " ".join(key.split()).casefold()
    if whole in by_text:
        return {by_text[whole]}
    texts = [" ".join(part.split()).casefold() for part in re.split(r"[;|\n]", key) if part.strip()]
    if len(texts) > 1 and all(text in by_text for text in texts):
        return {by_text[text] for text in texts}
    words = [word for word in SEVERAL.split(key.strip()) if word]
    if len(words) == 1 and re.fullmatch(r"[A-Ja-j]{2,10}", words[0]):
        words = list(words[0])
    names = [_name(match[1].lower(), choices) for word in words if (match := LETTER.fullmatch(word))]
    return {name for name in names if name} if len(names) == len(words) and all(names) else set()


def _name(word: str, choices: Mapping[str, str]) -> str:
    """Returns the name of the choice that a letter or a number names. Columns may be named the other way."""
    if word in choices:
        return word
    other = (
        chr(ord("a") + int(word) - 1)
        if word.isdecimal() and 0 < int(word) < 27
        else str(ord(word[0]) - ord("a") + 1)
    )
    return other if other in choices else ""


def plain_markdown(text: str) -> str:
    """Returns plain text as Markdown. An empty line begins a new paragraph, and each line stays a line."""
    blocks = [
        escape_line_starts(escape(block.strip())) for block in re.split(r"\n\s*\n", text) if block.strip()
    ]
    return "\n\n".join(block.replace("\n", "\\\n") for block in blocks)
