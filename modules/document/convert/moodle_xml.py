"""Reads questions in the XML of Moodle. Never raises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from modules.document.convert.categories import pool_titles, shared_title
from modules.document.convert.escapes import escape
from modules.document.convert.foreign_images import ForeignImages
from modules.document.convert.foreign_quiz import MOST_QUESTIONS, ForeignQuiz, gathered, heading_and_text
from modules.document.convert.from_html import markdown_of_html
from modules.document.convert.gift import WILDCARD, paragraphs
from modules.document.convert.losses import Losses
from modules.document.convert.moodle_units import has_lost_units, units_of
from modules.document.convert.numbers import accepted_number, decimal, points
from modules.document.convert.writing import ForeignChoice, ForeignPool, ForeignQuestion
from modules.document.convert.xml_input import parse_xml, refused, text_of
from modules.document.problems import N_, DocumentError

FILE = "@@PLUGINFILE@@/"  # begins the address of an image in the same element
OVERALL = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
USUAL = ("", "Your answer is correct.", "Your answer is partially correct.", "Your answer is incorrect.")


def read_moodle_xml(content: bytes, *, language: str = "id") -> ForeignQuiz:
    """Returns the questions of a file with their images.

    A file that cannot be read gives one error. Each kind of thing that is lost gives one warning.
    """
    try:
        root = parse_xml(content)
        if root.tag != "quiz":
            raise refused(
                "no-moodle", N_("This XML holds no questions of Moodle. Export them as “Moodle XML format”.")
            )
    except DocumentError as error:
        return ForeignQuiz((), error.problems)
    return _Reader(language).read(root)


class _Reader:
    def __init__(self, language: str) -> None:
        self.losses, self.images = Losses(), ForeignImages()
        self.words = ("True", "False") if language.startswith("en") else ("Benar", "Salah")

    def read(self, root: Element) -> ForeignQuiz:
        questions: list[ForeignQuestion] = []
        elements = root.findall("question")
        paths = [text_of(element, "category/text") for element in elements if _is_category(element)]
        pools = pool_titles(paths)
        pool: ForeignPool | None = None
        for number, element in enumerate(elements):
            if len(questions) == MOST_QUESTIONS:
                self.losses.begin()
                self.losses.add("too-many", count=MOST_QUESTIONS)
                break
            if _is_category(element):
                title = pools[text_of(element, "category/text")]
                pool = ForeignPool(title, number=number) if title else None
            elif question := self._question(element):
                questions.append(replace(question, pool=pool))
        return gathered(questions, self.losses, title=shared_title(paths), images=self.images.files)

    def _question(self, element: Element) -> ForeignQuestion | None:
        readers = {
            "multichoice": self._choices,
            "truefalse": self._true_false,
            "shortanswer": self._short,
            "numerical": self._numerical,
        }
        self.losses.begin(text_of(element, "name/text"), text_of(element, "questiontext/text"))
        read = readers.get(element.get("type", ""))
        if read is None:
            self.losses.add("kind")
            return None
        name = escape(" ".join(text_of(element, "name/text").split()))
        title, text = heading_and_text(self._text(element.find("questiontext")), name)
        question = ForeignQuestion(
            title or name,
            text,
            explanation=self._text(element.find("generalfeedback")),
            points=points(text_of(element, "defaultgrade") or "1"),
            identity=text_of(element, "idnumber").strip(),
        )
        if element.find("hint") is not None:
            self.losses.add("hint")
        if any(text_of(element, f"{kind}/text") not in USUAL for kind in OVERALL):
            self.losses.add("combined-feedback")
        return read(element, question)

    def _text(self, element: Element | None) -> str:
        """Returns a text with its images as Markdown."""
        if element is None:
            return ""
        text, form = text_of(element, "text"), element.get("format", "html")
        if form == "markdown":
            return text
        if form == "plain_text":
            return "\n\n".join(paragraphs(text))
        if form == "moodle_auto_format":
            text = text.replace("\n", "<br>")
        files = {file.get("name", ""): file for file in element.findall("file")}
        return markdown_of_html(
            text, image=lambda source: self._image(source, files), highest_heading=4, losses=self.losses
        )

    def _image(self, source: str, files: dict[str, Element]) -> str | None:
        if not source.startswith(FILE):
            return self.images.of_address(source)
        name = unquote(source.removeprefix(FILE).partition("?")[0])
        file = files.get(name.rpartition("/")[2])
        return self.images.add_base64(name, file.text or "") if file is not None else None

    def _choices(self, element: Element, question: ForeignQuestion) -> ForeignQuestion:
        answers = element.findall("answer")
        weights = [_weight(answer) for answer in answers]
        is_single = text_of(element, "single").lower() in ("true", "1")
        choices = tuple(
            ForeignChoice(
                self._text(answer),
                weight >= 100 if is_single else weight > 0,
                self._text(answer.find("feedback")),
            )
            for answer, weight in zip(answers, weights, strict=True)
        )
        right = sum(choice.is_right for choice in choices)
        self._note_weights(weights, right, is_single=is_single)
        return replace(question, kind="single" if is_single and right < 2 else "multiple", choices=choices)

    def _note_weights(self, weights: Sequence[Decimal], right: int, *, is_single: bool) -> None:
        if not right:
            self.losses.add("no-key")
        elif is_single and right > 1:
            self.losses.add("several-right")
        elif (is_single and any(0 < weight < 100 for weight in weights)) or (
            not is_single and any(weight > 0 and abs(weight * right - 100) > 1 for weight in weights)
        ):
            self.losses.add("weight")

    def _true_false(self, element: Element, question: ForeignQuestion) -> ForeignQuestion:
        names = dict(zip(("true", "false"), self.words, strict=True))
        choices = tuple(
            ForeignChoice(
                names.get(text_of(answer, "text").lower(), escape(text_of(answer, "text"))),
                _weight(answer) >= 100,
                self._text(answer.find("feedback")),
            )
            for answer in element.findall("answer")
        )
        if not any(choice.is_right for choice in choices):
            self.losses.add("no-key")
        return replace(question, choices=choices)

    def _short(self, element: Element, question: ForeignQuestion) -> ForeignQuestion | None:
        accepted = []
        for answer in self._accepted(element):
            text = " ".join(text_of(answer, "text").split())
            if WILDCARD.search(text):
                self.losses.add("wildcard")
            elif text:
                accepted.append(escape(text.replace("\\*", "*")))
        case_counts = text_of(element, "usecase") == "1" and any(
            text.upper() != text.lower() for text in accepted
        )
        return self._typed(replace(question, case=case_counts), "short", accepted)

    def _numerical(self, element: Element, question: ForeignQuestion) -> ForeignQuestion | None:
        if has_lost_units(element):
            self.losses.add("unit")
        numbers = (
            accepted_number(text_of(answer, "text"), text_of(answer, "tolerance"))
            for answer in self._accepted(element)
        )
        accepted = [number for number in numbers if number]
        if units := units_of(element):
            accepted = [answer for number in accepted for answer in units.answers(number)]
            question = replace(question, unit=units.attribute)
        return self._typed(question, "numerical", accepted)

    def _accepted(self, element: Element) -> list[Element]:
        """Returns the answers that get all points."""
        answers = element.findall("answer")
        accepted = [answer for answer in answers if _weight(answer) >= 100]
        if any(0 < _weight(answer) < 100 for answer in answers):
            self.losses.add("weight")
        if any(text_of(answer, "feedback/text") for answer in answers):
            self.losses.add("answer-feedback")
        return accepted

    def _typed(self, question: ForeignQuestion, kind: str, accepted: list[str]) -> ForeignQuestion | None:
        if not accepted:
            self.losses.add("no-key")
            return None
        return replace(question, kind=kind, answers=tuple(accepted))


def _is_category(element: Element) -> bool:
    return element.get("type") == "category"


def _weight(answer: Element) -> Decimal:
    return decimal(answer.get("fraction", "0")) or Decimal(0)
