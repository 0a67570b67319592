"""Finds what a chat assistant says around a document: a greeting before it, and offers below it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modules.document.convert.lines import Lines

GREETING = re.compile(
    r"(?:tentu|baik(?:lah)?|oke|siap|berikut|sure|certainly|of course|absolutely|great|okay|here(?:'s|’s| is| are))\b.*[:.!…]$",
    re.IGNORECASE,
)
OFFER = re.compile(
    r"(?:apakah (?:anda|kamu|bapak|ibu)\b.{0,40}\bsaya\b|(?:mau|perlu|ingin) (?:saya|aku)\b|(?:jika|kalau|bila) (?:anda|kamu|perlu|ingin|mau)\b.*\bsaya\b"
    r"|semoga (?:bermanfaat|membantu)|silakan beri ?tahu|would you like me|do you want me|let me know|if you(?:'d|’d| would) like\b.*\bI\b"
    r"|(?:I )?hope (?:this|that|it) helps)",
    re.IGNORECASE,
)
LONGEST = 300  # characters of such a line; raised, a paragraph of the author may count as one
MOST_OFFERS = 2


def said_around(lines: Lines) -> Iterator[int]:
    """Yields the lines of a greeting above the first heading and of offers at the end, with the rules beside them."""
    places = [place for place in range(lines.matter.lines, len(lines)) if not lines.is_blank(place)]
    if len(places) < 3:
        return
    first, second, third = places[:3]
    is_above = lines.levels[second] or (lines.is_rule(second) and lines.levels[third])
    if is_above and _says(lines, first, GREETING):
        yield first
        if lines.is_rule(second):
            yield second
    for _offer in range(MOST_OFFERS):
        if not places or not _says(lines, places[-1], OFFER):
            return
        yield places.pop()
        if places and lines.is_rule(places[-1]):
            yield places.pop()


def _says(lines: Lines, place: int, words: re.Pattern[str]) -> bool:
    line = lines.all[place]
    is_alone = place == len(lines) - 1 or lines.is_blank(place + 1)
    is_alone = is_alone and (place == 0 or lines.is_blank(place - 1))
    return (
        lines.shown[place]
        and not lines.levels[place]
        and is_alone
        and len(line) <= LONGEST
        and bool(words.match(line))
    )
