"""What has changed between two texts, for people: rows of words side by side, and whether it is a typo alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from markdown_it.token import Token

from modules.document.compare.likeness import NEGATIONS
from modules.document.compare.lines import matches
from modules.document.compare.passages import BLOCKS, LOOSE_NOTE
from modules.document.html.plain_text import plain, shown_tags
from modules.document.html.tokens import parse
from modules.document.syntax.source import normalise

WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+(?:['’]\w+)*|[-−](?=\d)|[%‰<>=≤≥≠±+×÷√∞$€£¥°]|!(?==)")
SIGN_OR_WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+(?:['’]\w+)*|[^\w\s]")
STOP = re.compile(r"(?<=[^\W_])[.,](?=\s|\Z)")
SHORT_WORDS = frozenset(
    {"di", "ke", "ya", "as", "at", "by", "if", "in", "is", "it", "no", "of", "on", "or", "to"}
)
SAME_SIGNS = str.maketrans("“”„‘’−–—", '"""\'\'---')
AS_WRITTEN = frozenset({"code_inline", "math_inline", "math_inline_double"})
MOST_SLIPS = 3  # mistyped words that are no news
LONGEST_WORD = 40  # letters of a word that can be a slip of another


def is_slight(old: str, new: str) -> bool:
    """Whether two pieces of Markdown differ in their looks alone, or by a few mistyped words.

    No number and no negation may differ, nor anything in code, formulas and pictures: there each sign counts.
    """
    return old == new or _are_slips(_words(old), _words(new), _is_slip)


def is_misspelt(old: str, new: str) -> bool:
    """Whether two short texts say the same, but for letters that were left out, doubled or swapped.

    It is stricter than :func:`is_slight`, since in a few words each counts: no sign may differ, and no letter may be
    another one, which often makes another word (nitrat and nitrit).
    """
    was, now = signs_and_words(old), signs_and_words(new)
    return bool(was and now) and _are_slips(was, now, _is_slip_of_the_pen)


def signs_and_words(text: str) -> list[str]:
    """What a short text is compared by: every word, number and sign but the marks that end or part a sentence.

    Case counts where it tells things apart (kB and Kb, Aa and aa); after a backtick, all counts as it is written.
    """
    if text.startswith("`"):
        return [f"`{word}" for word in text.split()]
    plain = STOP.sub("", unicodedata.normalize("NFC", text).translate(SAME_SIGNS))
    return [word.casefold() if _is_any_case(word) else word for word in SIGN_OR_WORD.findall(plain)]


def _is_any_case(word: str) -> bool:
    if not word.isalpha() or not (word.islower() or word.isupper() or word.istitle()):
        return False
    return len(word) > 2 or word.casefold() in SHORT_WORDS


# ------------------------------------------------------------------------------------------------------ rows


def _words(source: str) -> list[str]:
    """The words that a piece of Markdown says, in order. What counts as it is written carries a backtick."""
    said: list[str] = []
    for token in parse(normalise(source)):
        if token.type == "math_block":
            said += (f"`{word}" for word in token.content.split())
        elif token.type in BLOCKS:
            said += _words_of_code(token.content)
        elif token.type == "html_block":
            said += WORD.findall(shown_tags(token.content).casefold())
        elif token.type == "inline":
            said += _inline_words(token)
    return said


def _words_of_code(content: str) -> Iterator[str]:
    """The words of code. How far a line is indented counts with its first one, which begins a line besides."""
    for line in content.expandtabs(4).splitlines():
        for place, word in enumerate(line.split()):
            yield f"`{word}" if place else f"`\n{' ' * (len(line) - len(line.lstrip()))}{word}"


def _inline_words(token: Token) -> Iterator[str]:
    """The words of an inline token. Markup inside a word does not part it."""
    for kind, group in groupby(token.children or [], key=_kind):
        children = list(group)
        if kind == "text":
            yield from WORD.findall(
                LOOSE_NOTE.sub("", "".join(_text_of(child) for child in children)).casefold()
            )
        elif kind == "as written":
            yield from (f"`{word}" for child in children for word in child.content.split())
        else:
            yield from (f"`{child.attrGet('src') or child.type}" for child in children)
            yield from (word for child in children for word in WORD.findall(plain(child).casefold()))


def _kind(token: Token) -> str:
    if token.type in AS_WRITTEN:
        return "as written"
    return "sign" if token.type in ("image", "s_open") else "text"


def _text_of(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type == "html_inline":
        return shown_tags(token.content)
    return token.content


def _are_slips(was: Sequence[str], now: Sequence[str], is_slip: Callable[[str, str], bool]) -> bool:
    """Whether nothing but a few mistyped words tells two texts apart."""
    slips = place = other = 0
    for i, j in [*sorted(matches(was, now)), (len(was), len(now))]:
        if place < i or other < j:
            slips += _slips(was[place:i], now[other:j], is_slip)
        if slips > MOST_SLIPS:
            return False
        place, other = i + 1, j + 1
    return True


def _slips(old: Sequence[str], new: Sequence[str], is_slip: Callable[[str, str], bool]) -> int:
    """How many words of these were mistyped; more than are slight where anything else happened."""
    if any(_must_stay(word) for word in (*old, *new)) or max(len(old), len(new)) > 2 * MOST_SLIPS:
        return MOST_SLIPS + 1
    if "".join(old) == "".join(new):  # written in one word instead of two
        return 1
    if len(old) == len(new) and all(
        one == two or is_slip(one, two) for one, two in zip(old, new, strict=True)
    ):
        return sum(one != two for one, two in zip(old, new, strict=True))
    return MOST_SLIPS + 1


def _must_stay(word: str) -> bool:
    """Whether a word says something else as soon as it differs: a number, a sign, a negation, code."""
    return word in NEGATIONS or not word[0].isalpha() or any(letter.isdigit() for letter in word)


def _is_slip(one: str, other: str) -> bool:
    """Whether one word is the other, mistyped.

    The first letter is seldom mistyped, and often turns the meaning: internal and external, legal and illegal.
    """
    shorter, longer = sorted((len(one), len(other)))
    if longer > LONGEST_WORD or (one[0] != other[0] and one[:2] != other[1::-1]):
        return False
    if shorter < 4:
        return sorted(one) == sorted(other)
    return _edits(one, other) <= (1 if shorter < 8 else 2)


def _is_slip_of_the_pen(one: str, other: str) -> bool:
    """Whether one letter is missing in a word, or two have changed places; a short word is another word then."""
    if not _is_slip(one, other) or min(len(one), len(other)) < 4 or _edits(one, other) > 1:
        return False
    return len(one) != len(other) or sorted(one) == sorted(other)


def _edits(one: str, other: str) -> int:
    """How many letters have to be put in, taken out, replaced or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        line = [i]
        for j, twin in enumerate(other, start=1):
            line.append(min(last[j] + 1, line[j - 1] + 1, last[j - 1] + (letter != twin)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == twin:
                line[j] = min(line[j], before[j - 2] + 1)
        before, last = last, line
    return last[-1]
