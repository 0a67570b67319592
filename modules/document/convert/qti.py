"""Reads questions in QTI 1.2: a file, or a package as Canvas exports it. Never raises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from modules.document.convert.escapes import escape
from modules.document.convert.export_qti import IDENT
from modules.document.convert.foreign_images import ForeignImages
from modules.document.convert.foreign_quiz import MOST_QUESTIONS, ForeignQuiz, gathered, heading_and_text
from modules.document.convert.from_html import markdown_of_html
from modules.document.convert.gift import paragraphs
from modules.document.convert.losses import Losses
from modules.document.convert.numbers import (
    accepted_between,
    accepted_number,
    accepted_range,
    decimal,
    points,
)
from modules.document.convert.qti_rules import rules_of
from modules.document.convert.writing import ForeignChoice, ForeignPool, ForeignQuestion
from modules.document.convert.xml_input import parse_xml, refused, text_of
from modules.document.problems import N_, DocumentError
from modules.document.syntax import archive

FILES = "$IMS-CC-FILEBASE$/"  # begins the address of a file of the package
FOLDERS = ("", "web_resources/")  # where such a file may be
OVERALL = ("correct_fb", "general_incorrect_fb")
USUAL_TITLE = "Question"  # that Canvas gives to a question without a name
KINDS = {
    "multiple_choice_question": "single",
    "true_false_question": "single",
    "multiple_answers_question": "multiple",
    "short_answer_question": "short",
    "numerical_question": "numerical",
}


def read_qti(content: bytes) -> ForeignQuiz:
    """Returns the questions of a file or a package with their images.

    A file that cannot be read gives one error. Each kind of thing that is lost gives one warning.
    """
    try:
        files = (
            archive.unpack_all(content) if content.startswith(archive.SIGNATURES) else {"quiz.xml": content}
        )
        roots = [root for path in sorted(files) if (root := _root(path, files[path])) is not None]
        if not roots:
            raise refused("no-qti", N_("This file holds no questions of QTI 1.2. Export the quiz as QTI."))
    except DocumentError as error:
        return ForeignQuiz((), error.problems)
    return _Reader(files).read(roots)


def _root(path: str, content: bytes) -> Element | None:
    if not path.lower().endswith(".xml") or b"questestinterop" not in content[:2000]:
        return None
    root = parse_xml(content)
    return root if root.tag == "questestinterop" else None


class _Reader:
    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files
        self.losses, self.images = Losses(), ForeignImages()

    def read(self, roots: list[Element]) -> ForeignQuiz:
        questions: list[ForeignQuestion] = []
        for item, pool in (pair for root in roots for pair in _items(root, None)):
            if len(questions) == MOST_QUESTIONS:
                self.losses.begin()
                self.losses.add("too-many", count=MOST_QUESTIONS)
                break
            if question := _Item(self, item).read():
                questions.append(replace(question, pool=pool))
        title = next((found.get("title", "") for root in roots for found in root.iter("assessment")), "")
        rules = rules_of(self.files)
        return gathered(questions, self.losses, title=title, images=self.images.files, rules=rules)

    def text(self, parent: Element | None) -> str:
        """Returns the texts right below an element as Markdown."""
        if parent is None:
            return ""
        texts = [self._markdown(mattext) for mattext in _own_texts(parent)]
        return "\n\n".join(text for text in texts if text)

    def _markdown(self, mattext: Element) -> str:
        text = mattext.text or ""
        if mattext.get("texttype", "text/plain") == "text/plain" and "</" not in text:
            return "\n\n".join(paragraphs(text))
        return markdown_of_html(text, image=self._image, highest_heading=4, losses=self.losses)

    def _image(self, source: str) -> str | None:
        path = unquote(source.partition("?")[0])
        if not path.startswith(FILES):
            return self.images.of_address(source)
        name = path.removeprefix(FILES)
        places = (folder + name for folder in FOLDERS)
        content = next((self.files[place] for place in places if place in self.files), b"")
        return self.images.add(name, content)


def _items(parent: Element, pool: ForeignPool | None) -> Iterator[tuple[Element, ForeignPool | None]]:
    """Yields the questions inside an element, each with the group of which the quiz asks some."""
    for child in parent:
        if child.tag == "item":
            yield child, pool
        else:
            yield from _items(child, _pool(child) or pool)


def _pool(section: Element) -> ForeignPool | None:
    asks = decimal(text_of(section, "selection_ordering/selection/selection_number"))
    if asks is None or not 1 <= asks <= MOST_QUESTIONS:
        return None
    size = sum(1 for _item in section.iter("item"))
    return ForeignPool(section.get("title", ""), int(asks) if asks < size else None, id(section))


def _identity(name: str) -> str:
    """Returns the identity in the name of a question, if that question was written here."""
    maker, _dot, rest = name.partition(".")
    return rest.rpartition(".")[2] if maker == IDENT else ""


def _own_texts(parent: Element) -> Iterator[Element]:
    """Yields the texts of an element, without those of the answers in it."""
    for child in parent:
        if child.tag == "mattext":
            yield child
        elif child.tag in ("material", "flow", "flow_mat", "flow_label"):
            yield from _own_texts(child)


class _Item:
    """Reads one question."""

    def __init__(self, reader: _Reader, item: Element) -> None:
        self.reader, self.losses, self.item = reader, reader.losses, item
        self.presentation = item.find("presentation")
        title = item.get("title", "")
        asked = "".join(self.presentation.itertext()) if self.presentation is not None else ""
        self.losses.begin("" if title == USUAL_TITLE else title, asked)
        self.fields = {
            text_of(field, "fieldlabel"): text_of(field, "fieldentry")
            for field in item.iter("qtimetadatafield")
        }
        self.conditions = list(item.iter("respcondition"))
        self.feedback = {
            feedback.get("ident", ""): reader.text(feedback) for feedback in item.findall("itemfeedback")
        }

    def read(self) -> ForeignQuestion | None:
        kind = self._kind()
        read: dict[str, Callable[[ForeignQuestion], ForeignQuestion | None]] = {
            "single": self._choices,
            "multiple": self._choices,
            "short": self._short,
            "numerical": self._numerical,
        }
        if kind not in read:
            self.losses.add("kind")
            return None
        prompt = self.reader.text(self.presentation)
        title, text = heading_and_text(prompt, escape(self.item.get("title", "")))
        if any(self.feedback.get(name) for name in OVERALL):
            self.losses.add("combined-feedback")
        question = ForeignQuestion(
            title,
            text,
            kind,
            explanation=self.feedback.get("general_fb", ""),
            points=points(self.fields.get("points_possible", "1")),
            identity=_identity(self.item.get("ident", "")),
        )
        return read[kind](question)

    def _kind(self) -> str:
        """Returns the kind that the question names, or else the one that its answers show."""
        if name := self.fields.get("question_type", ""):
            return KINDS.get(name, "")
        responses = [element for element in self.item.iter() if element.tag.startswith("response_")]
        response = next(
            (element for element in responses if element.tag in ("response_lid", "response_str")), None
        )
        if response is None:
            return ""
        if response.tag == "response_lid":
            return "single" if response.get("rcardinality", "Single") == "Single" else "multiple"
        render = response.find("render_fib")
        return (
            "numerical"
            if render is not None and render.get("fibtype", "") in ("Decimal", "Integer")
            else "short"
        )

    def _right(self) -> Iterator[Element]:
        """Yields the conditions that give all points."""
        for condition in self.conditions:
            scores = [decimal(setvar.text or "") for setvar in condition.iter("setvar")]
            score = max((score for score in scores if score is not None), default=None)
            if score is None or score <= 0:
                continue
            if score < 100 and self.fields.get("question_type") and self.fields["question_type"] in KINDS:
                self.losses.add("weight")
            else:
                yield condition

    def _choices(self, question: ForeignQuestion) -> ForeignQuestion:
        right = {name for condition in self._right() for name in _wanted(condition)}
        feedback = self._feedback_of_choices()
        choices = tuple(
            ForeignChoice(
                self.reader.text(label),
                label.get("ident", "") in right,
                feedback.get(label.get("ident", ""), ""),
            )
            for label in self.item.iter("response_label")
        )
        count = sum(choice.is_right for choice in choices)
        if not count:
            self.losses.add("no-key")
        if question.kind == "single" and count > 1:
            self.losses.add("several-right")
        return replace(question, kind="multiple" if count > 1 else question.kind, choices=choices)

    def _feedback_of_choices(self) -> dict[str, str]:
        """Returns the feedback of each choice by its name."""
        feedback: dict[str, str] = {}
        for condition in self.conditions:
            shown = condition.find("displayfeedback")
            names = list(_wanted(condition))
            if shown is not None and len(names) == 1:
                feedback.setdefault(names[0], self.feedback.get(shown.get("linkrefid", ""), ""))
        return feedback

    def _short(self, question: ForeignQuestion) -> ForeignQuestion | None:
        accepted = [" ".join(name.split()) for condition in self._right() for name in _wanted(condition)]
        return self._typed(question, [escape(text) for text in accepted if text])

    def _numerical(self, question: ForeignQuestion) -> ForeignQuestion | None:
        return self._typed(
            question, [number for condition in self._right() if (number := _number(condition))]
        )

    def _typed(self, question: ForeignQuestion, accepted: list[str]) -> ForeignQuestion | None:
        if any(text for name, text in self.feedback.items() if name not in ("general_fb", *OVERALL)):
            self.losses.add("answer-feedback")
        if not accepted:
            self.losses.add("no-key")
            return None
        return replace(question, answers=tuple(accepted))


def _wanted(condition: Element) -> Iterator[str]:
    """Yields the values that a condition wants, without those that it forbids."""
    forbidden = {id(equal) for negation in condition.iter("not") for equal in negation.iter("varequal")}
    for equal in condition.iter("varequal"):
        if id(equal) not in forbidden:
            yield (equal.text or "").strip()


def _number(condition: Element) -> str:
    """Returns the number that a condition wants, with its tolerance."""
    bounds = {element.tag: (element.text or "").strip() for element in condition.iter()}
    low = bounds.get("vargte", bounds.get("vargt", ""))
    high = bounds.get("varlte", bounds.get("varlt", ""))
    value = bounds.get("varequal", "")
    if value and low and high:
        return accepted_between(value, low, high)
    return accepted_number(value) or accepted_range(low, high)
