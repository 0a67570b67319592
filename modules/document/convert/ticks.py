"""Recognises the signs by which authors mark a right choice inside its words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from modules.document.convert.choices import Choice, Run

WORDS = r"(?:benar|betul|jawaban(?: benar| yang benar)?|kunci(?: jawaban)?|correct(?: answer)?|right(?: answer)?|answer)"
RIGHT = re.compile(
    rf"[ \t]*(?:[✅✔✓☑🟢]\ufe0f?|:white_check_mark:|(?<=[ \t])[–—-][ \t]+{WORDS}|[*_]*[(\[←<][ \t-]*{WORDS}[!]?[ \t]*[)\]]?[*_]*)[ \t.]*$",
    re.IGNORECASE,
)
RIGHT_FIRST = re.compile(r"[ \t]*(?:[✅✔✓☑🟢]\ufe0f?|:white_check_mark:)[ \t]*")
WRONG = re.compile(
    r"[ \t]*(?:[❌✗✘✖🔴]\ufe0f?|:x:|[*_]*\([ \t]*(?:salah|wrong|incorrect)[ \t]*\)[*_]*)[ \t.]*$",
    re.IGNORECASE,
)
WRONG_FIRST = re.compile(r"[ \t]*(?:[❌✗✘✖🔴]\ufe0f?|:x:)[ \t]*")
BOLD = re.compile(r"(?P<sign>\*\*|__)(?P<words>[^\s].*)(?P=sign)$", re.DOTALL)
# A mark around the words: ==rantai==, <u>rantai</u>. Stars behind them: rantai*.
LIT = re.compile(
    r"(?:==(?P<lit>[^=\s][^=]*)==|<(?P<tag>u|mark|ins|b|strong|span|font)\b[^<>]*>(?P<tagged>.+)</(?P=tag)>|(?P<starred>[^*]*[^*\s])[ \t]*\*{1,3})[ \t.]*$",
    re.IGNORECASE,
)
STRUCK = re.compile(r"~~(?P<words>[^\s].*)~~$", re.DOTALL)
LONGEST_SIGN = (
    200  # characters at the end of a choice that are searched for a sign; raised, blanks take more time
)


def is_marked(run: Run) -> bool:
    """Checks whether choices have letters or boxes, or else signs of what is right."""
    return run.is_lettered or run.is_boxed or any(is_ticked(choice) for choice in run.choices)


def is_ticked(choice: Choice) -> bool:
    """Checks whether a choice has a sign that says in itself that it is right."""
    return bool(
        choice.is_lit
        or choice.is_right
        or RIGHT.search(choice.words[-LONGEST_SIGN:])
        or RIGHT_FIRST.match(choice.words)
    )


def right_by_signs(choices: Sequence[Choice]) -> set[int]:
    """Returns the positions of the choices that signs call right: a tick, bold words, or words that are struck.

    A sign that all choices have says nothing.
    """
    everything = set(range(len(choices)))
    bold = {place for place in everything if BOLD.fullmatch(choices[place].words)}
    struck = {place for place in everything if STRUCK.fullmatch(choices[place].words)}
    ticked = {place for place in everything if is_ticked(choices[place])}
    lit = {place for place in everything if LIT.fullmatch(choices[place].words)}
    for places in (ticked, bold, lit if len(lit) == 1 else set()):
        if places and places != everything:
            return places
    if len(choices) > 2 and len(struck) == len(choices) - 1:
        return everything - struck  # all wrong choices are crossed out
    return struck if len(choices) > 2 and len(struck) == 1 else set()


def is_struck(choice: Choice) -> bool:
    """Checks whether the words of a choice are crossed out as a whole."""
    return bool(STRUCK.fullmatch(choice.words))


def has_bold_choice(choices: Sequence[Choice]) -> bool:
    """Checks whether exactly one of several choices is bold as a whole, as authors mark a right one."""
    return len(choices) > 1 and sum(bool(BOLD.fullmatch(choice.words)) for choice in choices) == 1


def stands_out(choices: Sequence[Choice], right: set[int]) -> bool:
    """Checks whether exactly the right choices are bold or struck as a whole."""
    words = [choice.words for choice in choices]
    return any(
        {place for place, text in enumerate(words) if look.fullmatch(text)} == right
        for look in (BOLD, STRUCK)
    )


def without_signs(choice: Choice) -> Choice:
    """Returns a choice without the signs that would show a learner what is right."""
    for pattern in (RIGHT, WRONG):
        start = max(0, len(choice.words) - LONGEST_SIGN)
        choice.words = choice.words[:start] + pattern.sub("", choice.words[start:])
    for pattern in (RIGHT_FIRST, WRONG_FIRST):
        choice.words = choice.words[match.end() :] if (match := pattern.match(choice.words)) else choice.words
    choice.words = choice.words.strip()
    return choice


def without_bold(choice: Choice) -> Choice:
    """Returns a choice whose words are neither bold nor struck as a whole, and without a mark around them."""
    for pattern in (BOLD, STRUCK):
        if match := pattern.fullmatch(choice.words):
            choice.words = match["words"].strip()
    if match := LIT.fullmatch(choice.words):
        choice.words = (match["lit"] or match["tagged"] or match["starred"]).strip()
    return choice
