"""Writes out, in the XML of a Word document, what Word only shows: letters of choices and numbers of questions.

A library reads the document afterwards. It knows lists, but neither their letters nor the colours of words.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from modules.document.convert.stems import QUIZLIKE, asks
from modules.document.convert.word_marks import marked_choice
from modules.document.convert.word_numbers import Label, attribute, labels_of

BODY, NUMBERING, STYLES = "word/document.xml", "word/numbering.xml", "word/styles.xml"
LETTER = re.compile(r"\(?([A-Za-z])[.)]{0,2}$")
TYPED = re.compile(r"\s*\(?([A-Ha-h])[.)](?:\s|$)")
FIRST_INSIDE, SECOND_INSIDE = re.compile(r"\s\(?[Aa][.)]\s"), re.compile(r"\s\(?[Bb][.)]\s")
CHOOSING = re.compile(r"pilihan ganda|pilih|multiple choice|choose", re.IGNORECASE)
HEADING = re.compile(r"(?:heading|title|subtitle)\b", re.IGNORECASE)
LONGEST_PART = 80  # characters of a paragraph that may name a part of a document
LONGEST = 5_000  # characters of a paragraph that is looked at; raised, hostile texts take more time
TICK = "✅"


@dataclass(slots=True)
class Paragraph:
    """Describes a paragraph. ``letter`` is the one with which it begins, typed or shown by Word, in upper case.

    ``is_in_quiz`` tells whether the name of a part above it speaks of questions.
    """

    element: Element
    label: Label | None
    text: str
    is_heading: bool
    letter: str = ""
    is_in_quiz: bool = False

    @property
    def is_blank(self) -> bool:
        return not self.text.strip() and not any(True for _picture in self.element.iter("drawing"))


def written_out(content: bytes, parts: Mapping[str, Element]) -> tuple[bytes, set[Element]]:
    """Returns a document with the labels of its questions as text, and the choices that got a tick.

    ``parts`` are its XML parts, with names of elements without their namespaces.
    """
    paragraphs = paragraphs_of(parts)
    runs = list(_runs_of_choices(paragraphs))
    choices = {paragraph.element for run in runs for paragraph in run}
    spelled = {
        paragraph.element: paragraph.label.text
        for paragraph in paragraphs
        if paragraph.label and paragraph.element in choices
    }
    spelled |= _numbers(paragraphs, choices)
    found = ((run, marked_choice([paragraph.element for paragraph in run])) for run in runs)
    ticked = {run[place].element for run, place in found if place is not None}
    if not spelled and not ticked:
        return content, ticked
    return _rewritten(content, parts[BODY], spelled, ticked), ticked


def paragraphs_of(parts: Mapping[str, Element]) -> list[Paragraph]:
    """Returns the paragraphs of a document in their order."""
    labels = labels_of(parts[BODY], parts.get(NUMBERING), parts.get(STYLES))
    headings = _styles_of_headings(parts.get(STYLES))
    paragraphs, is_in_quiz = [], False
    for element in parts[BODY].iter("p"):
        text = _text(element)[:LONGEST]
        is_heading = attribute(element.find("pPr/pStyle"), "val") in headings
        label = None if is_heading else labels.get(element)
        match = LETTER.match(label.text) if label and label.is_letter else None
        match = match if label and label.text else TYPED.match(text)
        if is_heading or (0 < len(text.strip()) < LONGEST_PART and _names_part(element, text)):
            is_in_quiz = bool(QUIZLIKE.search(text) or CHOOSING.search(text))
        letter = match[1].upper() if match else ""
        paragraphs.append(Paragraph(element, label, text, is_heading, letter, is_in_quiz))
    return paragraphs


def _names_part(element: Element, text: str) -> bool:
    """Checks whether a short paragraph may be a heading: it is bold, or tells learners to choose."""
    runs = [run for run in element.iter("r") if any((t.text or "").strip() for t in run.iter("t"))]
    is_bold = bool(runs) and all(run.find("rPr/b") is not None for run in runs)
    return (is_bold and not TYPED.match(text)) or bool(CHOOSING.search(text))


def _styles_of_headings(styles: Element | None) -> frozenset[str]:
    found = styles.iter("style") if styles is not None else ()
    return frozenset(
        attribute(style, "styleId") for style in found if HEADING.match(attribute(style.find("name"), "val"))
    )


def _text(element: Element) -> str:
    signs = {"tab": "\t", "br": "\n", "cr": "\n"}
    pieces = (child for run in element.iter("r") for child in run)
    return "".join(
        child.text or "" if child.tag == "t" else signs.get(str(child.tag), "") for child in pieces
    )


def _runs_of_choices(paragraphs: Sequence[Paragraph]) -> Iterator[list[Paragraph]]:
    """Yields paragraphs with the letters A, B, … below one that asks, or in a part that is called a quiz."""
    filled = [paragraph for paragraph in paragraphs if not paragraph.is_blank or paragraph.label]
    place = 0
    while place < len(filled):
        end = place
        while end < len(filled) and filled[end].letter == chr(ord("A") + end - place) and end - place < 8:
            end += 1
        if end - place > 1 and (filled[place].is_in_quiz or _is_asked(filled[:place][-3:])):
            yield filled[place:end]
        place = max(end, place + 1)


def _is_asked(above: Sequence[Paragraph]) -> bool:
    """Checks whether the last paragraph with words asks."""
    words = [paragraph.text for paragraph in above if paragraph.text.strip()]
    return bool(words) and asks(words[-1])


def _numbers(paragraphs: Sequence[Paragraph], choices: set[Element]) -> dict[Element, str]:
    """Returns the numbers of the levels of lists whose items are questions, or stand apart from each other."""
    filled = [paragraph for paragraph in paragraphs if not paragraph.is_blank or paragraph.label]
    outside = [*accumulate((_is_outside(paragraph, choices) for paragraph in filled), initial=0)]
    by_level: dict[tuple[str, int], list[Paragraph]] = {}
    last: dict[tuple[str, int], int] = {}
    apart = set[tuple[str, int]]()
    for place, paragraph in enumerate(filled):
        label = paragraph.label
        if not label or not label.text or paragraph.element in choices:
            continue
        level = (label.list, label.level)
        above = max((last.get((label.list, other), -1) for other in range(label.level)), default=-1)
        before = last.get(level, -1)
        if (before > above and outside[place] > outside[before + 1]) or _leads_to_choices(
            filled, place, choices
        ):
            apart.add(level)
        by_level.setdefault(level, []).append(paragraph)
        last[level] = place
    return {item.element: item.label.text for level in apart for item in by_level[level] if item.label}


def _is_outside(paragraph: Paragraph, choices: set[Element]) -> bool:
    """Checks whether a paragraph ends a list of numbers, so that Markdown would begin again at 1."""
    is_bullet = paragraph.label is not None and not paragraph.label.text and not paragraph.label.level
    return paragraph.label is None or is_bullet or paragraph.element in choices


def _leads_to_choices(filled: Sequence[Paragraph], place: int, choices: set[Element]) -> bool:
    """Checks whether choices stand in a paragraph itself, or below it and its pictures."""
    text = filled[place].text
    if (first := FIRST_INSIDE.search(text)) and SECOND_INSIDE.search(text, first.end() - 1):
        return True
    below = (other for other in filled[place + 1 : place + 4] if other.text.strip() or other.label)
    following = next(below, None)
    is_typed = following is not None and not following.label and following.letter == "A"
    return following is not None and (following.element in choices or is_typed)


def _rewritten(content: bytes, body: Element, spelled: Mapping[Element, str], ticked: set[Element]) -> bytes:
    """Returns a document whose paragraphs begin with their labels, and end with a tick."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w") as new:
        for entry in old.infolist():
            part = old.read(entry)
            if entry.filename == BODY:
                root = fromstring(part)
                # Both trees come from the same bytes, so their elements stand in the same order.
                for plain, element in zip(body.iter(), list(root.iter()), strict=True):
                    if plain in spelled:
                        _begin_with(element, f"{spelled[plain]} ")
                    if plain in ticked:
                        element.append(_run(element, f" {TICK}"))
                part = ElementTree.tostring(root)
            new.writestr(entry.filename, part)
    return made.getvalue()


def _begin_with(paragraph: Element, label: str) -> None:
    """Puts a label before the text of a paragraph, and takes it out of its list."""
    space = _space(paragraph)
    properties = paragraph.find(f"{space}pPr")
    if properties is not None:
        for name in ("numPr", "pStyle"):
            for element in properties.findall(f"{space}{name}"):
                properties.remove(element)
    paragraph.insert(
        0 if properties is None else list(paragraph).index(properties) + 1, _run(paragraph, label)
    )


def _run(paragraph: Element, text: str) -> Element:
    space = _space(paragraph)
    run = Element(f"{space}r")
    ElementTree.SubElement(run, f"{space}t").text = text
    return run


def _space(element: Element) -> str:
    """Returns the namespace of an element in curly brackets."""
    return element.tag.partition("}")[0] + "}" if "}" in element.tag else ""
