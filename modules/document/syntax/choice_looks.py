"""Warns if the looks of the right choice give it away: bold, struck through, with a sign such as ✅, or very long."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from modules.document.problems import N_, Problem
from modules.document.syntax.values import Choice

CODE = "key-shows"
STYLES = ("strong", "em", "s", "del", "mark", "code", "kbd", "a")
# Of the letters of a choice, the part that is in one style. Raised, a single plain word hides that a choice is bold.
MOST_OF_IT = 0.5
SIGN = "[✅✔✓☑🗸⭐★👍🟢✳💯]\ufe0f?"
WORD = r"benar|betul|tepat|kunci|jawaban(?:nya)?|jawaban (?:yang )?(?:benar|tepat)|kunci jawaban|correct|right|true|answer|(?:correct|right) answer|key"
END = re.compile(
    rf"(?:{SIGN}|(?:<-+|←|⬅\ufe0f?)(?:[ ]*(?:{WORD}))?|\(?\*\)?|[(\[](?:{WORD})[)\]])[.! ]*\Z", re.IGNORECASE
)
BEGINNING = re.compile(rf"(?:{SIGN}|[(\[](?:{WORD})[)\]])", re.IGNORECASE)
FOOTNOTE = re.compile(r"<sup\b[^>]*>\s*<a\b.*?</sup>", re.DOTALL)  # a link that says nothing about the choice
# A right choice this many times as long as each wrong one, and this many characters longer, is longest by far.
# Raised, fewer choices are warned about.
TIMES_LONGER, CHARACTERS_LONGER = 2.5, 60


def of_choices(choices: Sequence[Choice], lines: Sequence[int]) -> Iterator[Problem]:
    """Yields at most one warning about a question whose right choices look different from all wrong ones.

    ``lines`` are those of the choices.
    """
    right = [choice for choice in choices if choice.right]
    wrong = [choice for choice in choices if not choice.right]
    if not right or not wrong:
        return
    line = next(line for choice, line in zip(choices, lines, strict=True) if choice.right)
    for is_striking, template in LOOKS:
        if all(map(is_striking, right)) and not any(map(is_striking, wrong)):
            yield Problem(line, "warning", CODE, template)
            return
    if sign := _sign_of(right, wrong):
        yield Problem(line, "warning", CODE, SIGN_SHOWS, {"sign": sign})
    elif len(right) == 1 and _is_longest_by_far(right[0], wrong):
        yield Problem(line, "warning", CODE, LENGTH_SHOWS)


def _has_style(style: str) -> Callable[[Choice], bool]:
    pattern = re.compile(rf"<{style}(?: [^>]*)?>(.*?)</{style}>", re.DOTALL)
    tag = re.compile(r"<[^>]*>")

    def is_styled(choice: Choice) -> bool:
        html = FOOTNOTE.sub("", choice.html)
        styled = sum(len(tag.sub("", words)) for words in pattern.findall(html))
        return bool(styled) and styled > MOST_OF_IT * len(tag.sub("", html))

    return is_styled


def _sign_of(right: Sequence[Choice], wrong: Sequence[Choice]) -> str:
    """Returns the sign or word that stands at a right choice and at no wrong one, or an empty text."""
    if any(map(_own_sign, wrong)):
        return ""
    return next(filter(None, map(_own_sign, right)), "")


def _own_sign(choice: Choice) -> str:
    """Returns the sign at the end or the beginning of a choice. In code and formulas, signs belong to the choice."""
    text = choice.text.strip()
    if "<code" in choice.html or "<math" in choice.html:
        return ""
    match = END.search(text) or BEGINNING.match(text)
    return match[0].strip(" .!") if match and match[0].strip() != text else ""


def _is_longest_by_far(right: Choice, wrong: Sequence[Choice]) -> bool:
    longest = max(len(choice.text) for choice in wrong)
    return len(right.text) > max(TIMES_LONGER * longest, longest + CHARACTERS_LONGER)


STRUCK = N_("Only the right choice is struck through, which gives it away. Write all choices alike.")
STYLED = N_(
    "Only the right choice is in bold, italic or marked letters, which gives it away. Write all choices alike."
)
SIGN_SHOWS = N_("“{sign}” stands only at the right choice, which gives it away. Take it out.")
LENGTH_SHOWS = N_(
    "The right choice is longer by far than the others, which gives it away. Shorten it, or make wrong ones longer."
)
CODE_OR_LINK = N_(
    "Only the right choice is code, a key or a link, which gives it away. Write all choices alike."
)
SENTENCES = {"s": STRUCK, "del": STRUCK, "code": CODE_OR_LINK, "kbd": CODE_OR_LINK, "a": CODE_OR_LINK}
LOOKS = tuple((_has_style(style), SENTENCES.get(style, STYLED)) for style in STYLES)
