"""Recognises the file of another program by its content, and reads it as a draft in our notation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from modules.document.convert.converted import Converted, loss
from modules.document.convert.document import convert
from modules.document.convert.docx import is_docx, read_docx
from modules.document.convert.foreign_quiz import ForeignQuiz
from modules.document.convert.gift import is_gift, read_gift
from modules.document.convert.lines import heading_words
from modules.document.convert.losses import short_name
from modules.document.convert.moodle_xml import read_moodle_xml
from modules.document.convert.qti import read_qti
from modules.document.convert.quiz_draft import quiz_draft
from modules.document.convert.spreadsheets import read_spreadsheet
from modules.document.convert.tables import is_table, read_csv
from modules.document.problems import N_, DocumentError, Problem
from modules.document.syntax import archive, source

HEAD = 4_000  # bytes in which the first element of an XML file stands
MARKS = re.compile(r"\*\*|__|\\(?=[!-/:-@\[-`{-~])")  # of Markdown, in the words of a question
TABLES = (".csv", ".tsv")
TEXTS = ("", ".txt", ".gift")
XML = re.compile(rb"\s*(?:<\?xml|<!--|<!DOCTYPE|<quiz\b|<questestinterop\b)")


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """Holds a draft with its images by their paths. ``kind`` is the name of the format.

    A file that could not be read has an empty draft, whose losses hold an error. A file that is a quiz alone has its
    questions as ``quiz``.
    """

    kind: str
    draft: Converted
    images: Mapping[str, bytes] = field(default_factory=dict)
    quiz: ForeignQuiz | None = None


def read_foreign_file(content: bytes, filename: str = "", *, language: str = "id") -> ForeignFile | None:
    """Returns a file of another program as a draft, or ``None`` for a file that is none. Never raises."""
    path = PurePosixPath(filename.replace("\\", "/"))
    if is_docx(content):
        word = read_docx(content)
        return ForeignFile("Word", _with_quiz(word.draft, path.name), word.images)
    if found := _packed(content) or _xml(content, language) or _text(content, path, language):
        kind, quiz = found
        draft = quiz_draft(quiz, title=_title(path), language=language)
        return ForeignFile(kind, draft, quiz.images, quiz)
    return None


def _with_quiz(draft: Converted, name: str) -> Converted:
    """Returns the draft of a Word document with its questions in our notation, if it has any in another one."""
    converted = convert(draft.text, name)
    if not converted.count:
        return draft
    template = N_("Questions that were recognised in the document: {count}. Compare them with it.")
    found = loss(0, template, count=converted.count)
    losses = _by_question(converted.losses, source.split_lines(draft.text))
    return Converted(converted.text, (found, *draft.losses, *losses), converted.count)


def _by_question(losses: Iterable[Problem], lines: Sequence[str]) -> Iterator[Problem]:
    """Yields each sentence once, with the questions that it is about, since a Word document has no lines."""
    named: dict[tuple[object, ...], tuple[Problem, list[str]]] = {}
    for problem in losses:
        kind = (problem.template, *problem.params.items())
        _problem, names = named.setdefault(kind, (problem, []))
        if 0 < problem.line <= len(lines):
            names.append(short_name(MARKS.sub("", heading_words(lines[problem.line - 1]))))
    for problem, names in named.values():
        yield replace(problem, line=0, questions=tuple(filter(None, names)))


def _packed(content: bytes) -> tuple[str, ForeignQuiz] | None:
    paths = archive.paths_of(content)
    if any(path.lower().endswith(archive.MARKDOWN) for path in paths):  # a module of ours
        return None
    if "xl/workbook.xml" in paths:
        return "Excel", read_spreadsheet(content)
    return ("QTI 1.2", read_qti(content)) if "imsmanifest.xml" in paths else None


def _xml(content: bytes, language: str) -> tuple[str, ForeignQuiz] | None:
    head = content[:HEAD].removeprefix(b"\xef\xbb\xbf")
    if not XML.match(head):
        return None
    if b"<questestinterop" in head:
        return "QTI 1.2", read_qti(content)
    return ("Moodle XML", read_moodle_xml(content, language=language)) if b"<quiz" in head else None


def _text(content: bytes, path: PurePosixPath, language: str) -> tuple[str, ForeignQuiz] | None:
    """Reads a text whose name allows it to be something else than Markdown."""
    suffix = path.suffix.lower()
    if suffix not in (*TABLES, *TEXTS):
        return None
    try:
        text, _encoding = source.decode(content)
    except DocumentError:
        return None
    if suffix in TABLES or is_table(text):
        return "CSV", read_csv(content)
    is_named = ".gift" in (item.lower() for item in path.suffixes)
    return ("GIFT", read_gift(text, language=language)) if is_named or is_gift(text) else None


def _title(path: PurePosixPath) -> str:
    """Returns the name of a file as a title, without its endings."""
    return re.sub(r"[_\s]+", " ", path.name.partition(".")[0]).strip()
