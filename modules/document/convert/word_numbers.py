"""Works out the numbers and letters that Word shows before paragraphs, such as ``3.`` and ``B.``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

LETTERS = {"upperLetter": "A", "lowerLetter": "a"}
ROMANS = frozenset({"upperRoman", "lowerRoman"})
SIGNS = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # of Roman numbers, as far as documents count
PLACE = re.compile(r"%([1-9])")
DEEPEST = 9  # levels that a list of Word has
MOST = 100_000  # a number that Word counts up to; raised, hostile files make long numbers
STYLES = 20  # styles that a style may rest on, one on the other


@dataclass(frozen=True, slots=True)
class Level:
    """Describes how a level of a list counts. ``text`` is how Word writes it: ``%1.``, ``(%2)``."""

    kind: str = ""
    text: str = ""
    start: int = 1


@dataclass(frozen=True, slots=True)
class Label:
    """Holds the number of a paragraph as it is shown, its list, its level from 0, and the kind of its number.

    ``text`` is empty for bullets and for numbers that are not written here.
    """

    text: str
    list: str
    level: int
    kind: str

    @property
    def is_letter(self) -> bool:
        return self.kind in LETTERS


@dataclass(slots=True)
class _List:
    """Holds the levels of a list. Lists with one ``family`` count on from each other, but for their own ``starts``."""

    family: str = ""
    levels: dict[int, Level] = field(default_factory=dict)
    starts: dict[int, int] = field(default_factory=dict)


def labels_of(body: Element, numbering: Element | None, styles: Element | None) -> dict[Element, Label]:
    """Returns the label of each paragraph that has one. All names of elements are without their namespaces."""
    lists = _lists(numbering) if numbering is not None else {}
    by_style = _lists_of_styles(styles) if styles is not None else {}
    counter = _Counter(lists)
    labels = {}
    for paragraph in body.iter("p"):
        identity, level = _list_of(paragraph, by_style)
        if label := counter.next(identity, level):
            labels[paragraph] = label
    return labels


class _Counter:
    """Counts the paragraphs of lists in their order."""

    def __init__(self, lists: Mapping[str, _List]) -> None:
        self.lists = lists
        self.counts: dict[str, dict[int, int]] = {}
        self.begun: set[tuple[str, int]] = set()

    def next(self, identity: str, place: int) -> Label | None:
        """Returns the label of the next paragraph of a list, or nothing for a list that is not there."""
        found = self.lists.get(identity)
        level = found.levels.get(place) if found else None
        if found is None or level is None:
            return None
        counts = self.counts.setdefault(found.family, {})
        if place in found.starts and (identity, place) not in self.begun:
            counts[place] = found.starts[place] - 1
        self.begun.add((identity, place))
        counts[place] = min(MOST, counts.get(place, level.start - 1) + 1)
        for deeper in [other for other in counts if other > place]:
            del counts[deeper]
        is_written = level.kind == "decimal" or level.kind in LETTERS or level.kind in ROMANS
        return Label(self._text(found, level, counts) if is_written else "", identity, place, level.kind)

    def _text(self, found: _List, level: Level, counts: Mapping[int, int]) -> str:
        def number(match: re.Match[str]) -> str:
            place = int(match[1]) - 1
            other = found.levels.get(place, level)
            return _number(other.kind, counts.get(place, other.start))

        text = PLACE.sub(number, level.text).strip()
        return f"{text}." if text[-1:].isalnum() else text


def _number(kind: str, count: int) -> str:
    if kind in ROMANS and 0 < count < 40:
        return _roman(count).upper() if kind == "upperRoman" else _roman(count)
    if kind not in LETTERS:
        return str(count)
    letter = chr(ord(LETTERS[kind]) + (count - 1) % 26)
    return letter * min(9, (count - 1) // 26 + 1)  # Word goes on with AA, BB


def _roman(count: int) -> str:
    text = ""
    for value, signs in SIGNS:
        text += signs * (count // value)
        count %= value
    return text


def _lists(numbering: Element) -> dict[str, _List]:
    """Returns the lists of a document by their identities."""
    families = {
        attribute(family, "abstractNumId"): dict(_levels(family)) for family in numbering.iter("abstractNum")
    }
    lists = {}
    for element in numbering.findall("num"):
        named = element.find("abstractNumId")
        family = attribute(named, "val")
        made = _List(family, dict(families.get(family, {})))
        for override in element.findall("lvlOverride"):
            place = _integer(attribute(override, "ilvl"), 0)
            made.levels |= dict(_levels(override))
            if (start := override.find("startOverride")) is not None:
                made.starts[place] = _integer(attribute(start, "val"), 1)
        lists[attribute(element, "numId")] = made
    return lists


def _levels(element: Element) -> Iterator[tuple[int, Level]]:
    for level in element.findall("lvl"):
        place = _integer(attribute(level, "ilvl"), 0)
        kind = attribute(level.find("numFmt"), "val") or "decimal"
        text = attribute(level.find("lvlText"), "val") or f"%{min(place, DEEPEST - 1) + 1}."
        yield place, Level(kind, text[:20], _integer(attribute(level.find("start"), "val"), 1))


def _lists_of_styles(styles: Element) -> dict[str, tuple[str, int]]:
    """Returns the list and the level that each style of paragraphs gives, its own or that of the style below it."""
    own: dict[str, tuple[str, int]] = {}
    below: dict[str, str] = {}
    for style in styles.iter("style"):
        name = attribute(style, "styleId")
        below[name] = attribute(style.find("basedOn"), "val")
        if (properties := style.find("pPr/numPr")) is not None:
            own[name] = _place(properties)
    found = {}
    for name in below:
        base = name
        for _step in range(STYLES):
            if base in own or base not in below:
                break
            base = below[base]
        if base in own:
            found[name] = own[base]
    return found


def _list_of(paragraph: Element, by_style: Mapping[str, tuple[str, int]]) -> tuple[str, int]:
    """Returns the list and the level of a paragraph. A list without a name is none."""
    of_style = by_style.get(attribute(paragraph.find("pPr/pStyle"), "val"), ("", 0))
    properties = paragraph.find("pPr/numPr")
    if properties is None:
        return of_style
    identity, level = _place(properties)
    return (identity, level) if properties.find("numId") is not None else (of_style[0], level)


def _place(properties: Element) -> tuple[str, int]:
    level = _integer(attribute(properties.find("ilvl"), "val"), 0)
    return attribute(properties.find("numId"), "val"), level


def attribute(element: Element | None, name: str) -> str:
    """Returns an attribute by its name without a namespace, or nothing."""
    attributes = element.attrib.items() if element is not None else ()
    return next((value for key, value in attributes if key.rpartition("}")[2] == name), "")


def _integer(text: str, default: int) -> int:
    return int(text) if re.fullmatch(r"\d{1,5}", text) else default
