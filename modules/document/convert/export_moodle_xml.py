"""Writes a quiz in the XML of Moodle."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from fractions import Fraction
from urllib.parse import quote
from xml.etree.ElementTree import Element

from modules.document.convert.export_gift import LONGEST_NAME, category_path, share
from modules.document.convert.exported import (
    Exported,
    is_judged_specially,
    losses_of,
    problems_of,
    take_apart,
)
from modules.document.convert.moodle_units import add_units, common_unit
from modules.document.convert.portable import PortableChoice, PortableQuestion
from modules.document.convert.xml_output import add, to_bytes
from modules.document.syntax.values import Answer, Document

FILE = "@@PLUGINFILE@@/"
TYPES = {"single": "multichoice", "multiple": "multichoice", "short": "shortanswer", "numerical": "numerical"}


def export_moodle_xml(document: Document, images: Mapping[str, bytes]) -> Exported:
    """Returns the quiz of a document that has no errors. ``images`` has the module's images by their paths."""
    quiz, shown = take_apart(document, images, _address)
    writer = _Writer(
        {flat_name(path): content for path, content in shown.items()}, shuffles=document.rules.shuffle
    )
    losses = losses_of(quiz) - {"judging"} | {
        loss for question in quiz.questions for loss in _losses(question)
    }
    root = Element("quiz")
    _add_category(root, document.title)
    category = ""
    for question in quiz.questions:
        title = question.pool.title if question.pool else ""
        if title != category:
            _add_category(root, document.title, title)
            category = title
        writer.add_question(root, question)
    return Exported(f"{document.slug}.moodle.xml", to_bytes(root), problems_of(losses))


def _add_category(root: Element, *titles: str) -> None:
    _add_text(add(add(root, "question", type="category"), "category"), category_path(*titles))


def flat_name(path: str) -> str:
    """Returns a path as the name of a file, since Moodle keeps the images of a text in one folder."""
    return path.replace("/", "_")


def _address(path: str) -> str:
    return FILE + quote(flat_name(path))


def _losses(question: PortableQuestion) -> Iterator[str]:
    if Fraction(_points(question.points)) != question.points:
        yield "points-exactly"
    if question.pool and question.pool.draw:
        yield "draw"

    if is_judged_specially(question) and not (common_unit(question.answers) or _case_counts(question)):
        yield "judging"


def _case_counts(question: PortableQuestion) -> bool:
    return bool(question.answers) and all(answer.case and answer.value is None for answer in question.answers)


def _points(points: Fraction) -> str:
    return f"{float(points):.7f}"


def _add_text(parent: Element, text: str) -> None:
    add(parent, "text", text)


class _Writer:
    """Writes questions. ``images`` has the images that they may show by their names."""

    def __init__(self, images: Mapping[str, bytes], *, shuffles: bool) -> None:
        self.images, self.shuffles = images, shuffles

    def add_question(self, root: Element, question: PortableQuestion) -> None:
        element = add(root, "question", type=TYPES[question.kind])
        _add_text(add(element, "name"), question.title[:LONGEST_NAME])
        self._add_html(add(element, "questiontext", format="html"), question.prompt)
        self._add_html(add(element, "generalfeedback", format="html"), question.explanation)
        add(element, "defaultgrade", _points(question.points))
        add(element, "penalty", "0")
        add(element, "hidden", "0")
        add(element, "idnumber", question.identity)
        if question.choices:
            self._add_choices(element, question)
        if question.kind == "short":
            add(element, "usecase", "1" if _case_counts(question) else "0")
        for answer in question.answers:
            self._add_answer(element, answer, is_number=question.kind == "numerical")
        if question.kind == "numerical":
            add_units(element, question.answers)

    def _add_choices(self, element: Element, question: PortableQuestion) -> None:
        add(element, "single", "true" if question.kind == "single" else "false")
        add(element, "shuffleanswers", "true" if self.shuffles else "false")
        add(element, "answernumbering", "abc")
        right = sum(choice.right for choice in question.choices)
        for choice in question.choices:
            fraction = _fraction(question, choice, right)
            answer = add(element, "answer", fraction=fraction, format="html")
            self._add_html(answer, choice.html)
            self._add_html(add(answer, "feedback", format="html"), choice.feedback)

    def _add_answer(self, element: Element, answer: Answer, *, is_number: bool) -> None:
        added = add(element, "answer", fraction="100", format="moodle_auto_format")
        if answer.value is None or not is_number:
            _add_text(added, answer.text.replace("*", "\\*"))  # a bare asterisk stands for any text
        else:
            _add_text(added, answer.value)
            add(added, "tolerance", answer.tolerance or "0")

    def _add_html(self, parent: Element, html: str) -> None:
        """Adds a text with the images that it shows."""
        _add_text(parent, html)
        for name, content in self.images.items():
            if FILE + quote(name) in html:
                add(
                    parent, "file", base64.b64encode(content).decode(), name=name, path="/", encoding="base64"
                )


def _fraction(question: PortableQuestion, choice: PortableChoice, right: int) -> str:
    if question.kind == "single":
        return "100" if choice.right else "0"
    return share(right) if choice.right else f"-{share(right)}"
