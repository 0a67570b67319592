"""Finds traces of a key that was not understood, in a text with questions that have no answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from modules.document.convert.answer_words import LABEL, TAGS
from modules.document.convert.choices import choices_of
from modules.document.convert.keys import NAMED
from modules.document.convert.lines import Lines, heading_words
from modules.document.convert.readings import Reading

LONGEST = 2_000  # characters of a line that is looked at
MOST_CHOICES = 200  # lines of one question that are compared
MOST_BESIDE = 40  # characters beside the pairs of a line
STRESS = re.compile(r"[ \t*_~`]+")
# A number with a letter: 1. B · (2) a · Q3 – C · IV. d · [^1]: B
PAIR = re.compile(
    rf"(?<![\w.,]){NAMED}[(\[^]{{0,2}}(?:\d{{1,3}}|[IVXivx]{{1,5}})[)\]]{{0,2}}"
    r" ?(?:[.):=–—→|-]{1,2} ?| |(?=[A-H]))\(?[A-Ha-h]\)?\.?(?= ?(?:$|[|,;<\d(]|[a-zA-Z]{0,10}\d))"
)
OPENING = r"(?::{3,}(?!:)|!!!|\?\?\?\+?|[>#\s|•·({\[-]|\[![a-z]{1,20}\][+-]?|\{[\w.-]{1,30}\}|[\w-]{1,12} (?=[\"']))*[\"'.({\[]?"
ANSWER = rf"(?:{LABEL}|solution|solusi|pembahasan|correct|key)"
LABELLED = re.compile(
    rf"^{OPENING}{ANSWER}(?:[\"'}})\]: ]*$|[^:.]{{0,40}}[:：] ?\$?(?=[^\s_.…])|[^\w:]+[A-H]\b)", re.IGNORECASE
)
BRACKETED = re.compile(
    rf"[(\[{{] ?{ANSWER}\b[^)\]}}]{{0,40}}?\b[A-H]\b[^)\]}}]{{0,40}}[)\]}}]", re.IGNORECASE
)
ONLY_LABEL = re.compile(r"[\w ]*[:：]? ?$")
LETTER_BELOW = re.compile(r"[>\s*_(\[]*[A-Ha-h](?:[.)\]\s]|$)")
ITALIC = re.compile(r"(?:\*(?!\*)[^*]+\*|_(?!_)[^_]+_)[. ]*")


def find_traces(
    lines: Lines, readings: Sequence[Reading], taken: Sequence[bool | int], hidden: set[int]
) -> set[int]:
    """Returns the lines that may hold the key of questions without an answer.

    ``taken`` marks the lines that are converted or taken out; learners never see ``hidden`` ones.
    """
    unanswered = [reading for reading in readings if not reading.shows_key]
    if not unanswered:
        return set()
    open_places = {place for reading in unanswered for place in range(reading.start, reading.end)}
    places = [
        place
        for place in range(lines.matter.lines, len(lines))
        if (place in open_places or not taken[place])
        and place not in hidden
        and len(lines.all[place]) <= LONGEST
    ]
    labelled = {place for place in places if _is_labelled(lines, place)}
    return labelled | _paired(lines, places) | set(_odd_choices(lines, unanswered))


def _words(line: str) -> str:
    return STRESS.sub(" ", TAGS.sub(" ", heading_words(line))).strip()


def _is_labelled(lines: Lines, place: int) -> bool:
    """Checks whether a line names an answer, and something follows it there or below."""
    words = _words(lines.all[place])
    if BRACKETED.search(words):
        return True
    if not LABELLED.match(words):
        return False
    is_alone = lines.shown[place] and not lines.levels[place] and bool(ONLY_LABEL.fullmatch(words))
    below = lines.skip_blank(place + 1)
    return not is_alone or (below < len(lines) and bool(LETTER_BELOW.match(lines.all[below])))


def _paired(lines: Lines, places: Sequence[int]) -> set[int]:
    """Returns the lines that are numbers with letters, if there is more than one such pair."""
    counts = {place: _pairs(_words(lines.all[place])) for place in places}
    return {place for place, count in counts.items() if count} if sum(counts.values()) > 1 else set()


def _pairs(words: str) -> int:
    """Returns how many pairs a line has that is nothing but pairs, with a few words before them."""
    count = len(PAIR.findall(words))
    rest = PAIR.sub("", words) if count else ""
    is_key = (
        len(rest) <= MOST_BESIDE if count > 1 else not rest.strip(" |.,;)>") and not words[-2:-1].isdecimal()
    )
    return count if count and is_key else 0


def _odd_choices(lines: Lines, readings: Sequence[Reading]) -> Iterator[int]:
    """Yields the choices that alone are in italics or in capitals, if each of the questions has such a one."""
    for is_odd in (ITALIC.fullmatch, _is_shouted):
        found = [_odd_choice(lines, reading, is_odd) for reading in readings]
        if all(place is not None for place in found):
            yield from (place for place in found if place is not None)


def _odd_choice(lines: Lines, reading: Reading, is_odd: Callable[[str], object]) -> int | None:
    end = min(reading.end, reading.start + MOST_CHOICES)
    choices = [
        choice for place in range(reading.start, end) for choice in choices_of(lines.all[place], place)
    ]
    odd = [choice.place for choice in choices if is_odd(choice.words)]
    return odd[0] if len(odd) == 1 and len(choices) > 2 else None


def _is_shouted(words: str) -> bool:
    """Checks whether words are in capitals, and are no abbreviation."""
    return words.isupper() and sum(sign.isalpha() for sign in words) > 5
