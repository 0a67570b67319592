"""Finds the choice that an author sets apart by colour, a marker or underlining, as the key of a question in Word."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from xml.etree.ElementTree import Element

from modules.document.convert.word_numbers import attribute

# Colours of text, of links, and of a ground that is none.
PLAIN_COLOURS = frozenset({"", "auto", "000000", "0563c1", "0000ff", "1155cc"})
PLAIN_GROUNDS = frozenset({"", "auto", "ffffff"})
HEX = re.compile(r"[0-9A-Fa-f]{6}")
LEAST_COLOUR = 64  # between the strongest and the weakest of red, green and blue; less looks grey
TYPED = re.compile(r"\s*\(?[A-Za-z][.)]?\s*$")  # the letter of a choice, in a run of its own


def marked_choice(choices: Sequence[Element]) -> int | None:
    """Returns the position of the one choice of a question that is set apart as a whole, or nothing.

    Nothing is also returned where two signs set different choices apart.
    """
    found = set[int]()
    for is_set_apart in (_is_vivid, is_underlined):
        places = [place for place, choice in enumerate(choices) if _is_whole(choice, is_set_apart)]
        touched = [place for place, choice in enumerate(choices) if _is_touched(choice, is_set_apart)]
        if len(places) == 1 and touched == places:
            found.add(places[0])
    return found.pop() if len(found) == 1 else None


def is_coloured(properties: Element) -> bool:
    """Checks whether words have a colour other than that of text, or a coloured ground."""
    colour = attribute(properties.find("color"), "val").lower()
    ground = attribute(properties.find("shd"), "fill").lower()
    marker = attribute(properties.find("highlight"), "val").lower()
    return colour not in PLAIN_COLOURS or ground not in PLAIN_GROUNDS or marker not in ("", "none", "white")


def _is_vivid(properties: Element) -> bool:
    """Checks whether words have a colour or a ground that is no grey, which text from a web page often has."""
    colour, ground = attribute(properties.find("color"), "val"), attribute(properties.find("shd"), "fill")
    marker = attribute(properties.find("highlight"), "val").lower()
    is_marked = marker not in ("", "none") and "gray" not in marker and marker not in ("white", "black")
    return is_marked or (is_coloured(properties) and any(map(_is_no_grey, (colour, ground))))


def _is_no_grey(colour: str) -> bool:
    if not HEX.fullmatch(colour) or colour.lower() in PLAIN_COLOURS:
        return False
    red, green, blue = bytes.fromhex(colour)
    return max(red, green, blue) - min(red, green, blue) >= LEAST_COLOUR


def is_underlined(properties: Element) -> bool:
    return attribute(properties.find("u"), "val").lower() not in ("", "none")


def _is_whole(choice: Element, is_set_apart: Callable[[Element], bool]) -> bool:
    """Checks whether all words of a choice are set apart. Its letter may be plain."""
    runs = [run for run in choice.iter("r") if _words(run).strip()]
    if len(runs) > 1 and TYPED.match(_words(runs[0])):
        runs = runs[1:]
    return bool(runs) and all(_has(run, is_set_apart) for run in runs)


def _is_touched(choice: Element, is_set_apart: Callable[[Element], bool]) -> bool:
    return any(_has(run, is_set_apart) for run in choice.iter("r") if _words(run).strip())


def _has(run: Element, is_set_apart: Callable[[Element], bool]) -> bool:
    properties = run.find("rPr")
    return properties is not None and is_set_apart(properties)


def _words(run: Element) -> str:
    return "".join(text.text or "" for text in run.iter("t"))
