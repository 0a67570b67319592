"""Tells a typing error from a change of meaning, between two texts and between two choices."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from markdown_it.token import Token

from modules.document.compare.likeness import NEGATIONS, plain_negation
from modules.document.compare.lines import matches
from modules.document.compare.passages import BLOCKS, LOOSE_NOTE
from modules.document.html.plain_text import plain, shown_tags
from modules.document.html.tokens import parse
from modules.document.marks import normal_form
from modules.document.syntax.source import normalise

WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+(?:['’]\w+)*|[-−](?=\d)|[%‰<>=≤≥≠±+×÷√∞$€£¥°]|!(?==)")
SIGN_OR_WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+(?:['’]\w+)*|[^\w\s]")
STOP = re.compile(r"(?:(?<=[^\W_])|(?<=[\")]))[.,](?=\s|\Z)")  # behind a word, a quote or a bracket
# Words of two letters that say the same in capitals; other short words may be signs of units or elements.
SHORT_WORDS = frozenset(
    {"di", "ke", "ya", "as", "at", "by", "if", "in", "is", "it", "no", "of", "on", "or", "to"}
)
SAME_SIGNS = str.maketrans("“”„‘’−–—", '"""\'\'---')
# A genotype, such as AABB or aabb, in which the case of each letter counts.
GENOTYPE = re.compile(r"(?:([a-z])\1){2,}", re.IGNORECASE)
AS_WRITTEN = frozenset({"code_inline", "math_inline", "math_inline_double"})
SPACE_OR_WORD = re.compile(r"\S+|[^\S\n]{2,}|\n\s*")  # a single blank between words is no word
MOST_SLIPS = 3  # mistyped words in a slight change; raised, more changed texts need not be read again
LONGEST_WORD = 40  # letters; longer words are not compared by letter, which takes the product of both lengths


def is_slight(old: str, new: str) -> bool:
    """Checks whether two pieces of Markdown differ only in their looks, or by a few mistyped words.

    Numbers and negations must be equal. So must each sign of code, formulas and addresses of images.
    """
    return old == new or _are_slips(_words(old), _words(new), _is_slip)


def is_misspelt(old: str, new: str) -> bool:
    """Checks whether two short texts say the same, apart from letters that were left out, doubled or swapped.

    This is stricter than :func:`is_slight`, since each word counts in a short text. No sign may differ, and no letter
    may be another one, which often makes another word (nitrat and nitrit).
    """
    before, after = ([plain_negation(word) for word in signs_and_words(text)] for text in (old, new))
    return bool(before and after) and _are_slips(before, after, _is_slip_of_the_pen)


def signs_and_words(text: str) -> list[str]:
    """Returns every word, number and sign of a short text, without the full stops and commas after words.

    Case counts where it makes a difference (kB and Kb, Aa and aa). After a backtick, every sign counts. After two,
    spaces count, too.
    """
    if text.startswith("``"):
        return [f"`{word}" for word in SPACE_OR_WORD.findall(text)]
    if text.startswith("`"):
        return [f"`{word}" for word in text.split()]
    plain_signs = STOP.sub("", normal_form("NFC", text).translate(SAME_SIGNS))
    return [word.casefold() if is_any_case(word) else word for word in SIGN_OR_WORD.findall(plain_signs)]


def is_any_case(word: str) -> bool:
    """Checks whether a word says the same in lower case."""
    if not word.isalpha() or not (word.islower() or word.isupper() or word.istitle()):
        return False
    if GENOTYPE.fullmatch(word):
        return False
    return len(word) > 2 or word.casefold() in SHORT_WORDS


def _words(source: str) -> list[str]:
    """Returns the words of a piece of Markdown, in order. A word of which every sign counts begins with a backtick."""
    words: list[str] = []
    for token in parse(normalise(source)):
        if token.type == "math_block":
            words += (f"`{word}" for word in token.content.split())
        elif token.type in BLOCKS:
            words += _words_of_code(token.content)
        elif token.type == "html_block":
            words += WORD.findall(shown_tags(token.content).casefold())
        elif token.type == "inline":
            words += _inline_words(token)
    return words


def _words_of_code(content: str) -> Iterator[str]:
    """Yields the words of code. The first word of a line carries the line end and the indentation."""
    for line in content.expandtabs(4).splitlines():
        for index, word in enumerate(line.split()):
            yield f"`{word}" if index else f"`\n{' ' * (len(line) - len(line.lstrip()))}{word}"


def _inline_words(token: Token) -> Iterator[str]:
    """Yields the words of an inline token. Markup inside a word does not split it."""
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


def _are_slips(old: Sequence[str], new: Sequence[str], is_slip: Callable[[str, str], bool]) -> bool:
    """Checks whether two texts differ only by a few mistyped words."""
    slips = old_start = new_start = 0
    for i, j in [*sorted(matches(old, new)), (len(old), len(new))]:
        if old_start < i or new_start < j:
            slips += _slips(old[old_start:i], new[new_start:j], is_slip)
        if slips > MOST_SLIPS:
            return False
        old_start, new_start = i + 1, j + 1
    return True


def _slips(old: Sequence[str], new: Sequence[str], is_slip: Callable[[str, str], bool]) -> int:
    """Counts the mistyped words; returns more than ``MOST_SLIPS`` for any other difference."""
    if any(_must_stay(word) for word in (*old, *new)) or max(len(old), len(new)) > 2 * MOST_SLIPS:
        return MOST_SLIPS + 1
    if "".join(old) == "".join(new):  # written in one word instead of two
        return 1
    pairs = list(zip(old, new, strict=False))
    if len(old) == len(new) and all(before == after or is_slip(before, after) for before, after in pairs):
        return sum(before != after for before, after in pairs)
    return MOST_SLIPS + 1


def _must_stay(word: str) -> bool:
    """Checks whether every difference in a word changes the meaning: in a number, a sign, a negation or code."""
    return word in NEGATIONS or not word[0].isalpha() or any(letter.isdigit() for letter in word)


def _is_slip(old: str, new: str) -> bool:
    """Checks whether one word is the other one, mistyped.

    The first letter is seldom mistyped, and often changes the meaning: internal and external, legal and illegal.
    """
    shorter, longer = sorted((len(old), len(new)))
    if longer > LONGEST_WORD or (old[0] != new[0] and old[:2] != new[1::-1]):
        return False
    if shorter < 4:
        return sorted(old) == sorted(new)
    return _edits(old, new) <= (1 if shorter < 8 else 2)


def _is_slip_of_the_pen(old: str, new: str) -> bool:
    """Checks whether one letter is missing in a word, or two letters are swapped. A short word is another word then."""
    if not _is_slip(old, new) or min(len(old), len(new)) < 4 or _edits(old, new) > 1:
        return False
    return len(old) != len(new) or sorted(old) == sorted(new)


def _edits(old: str, new: str) -> int:
    """Counts the letters that have to be added, removed, replaced or swapped with their neighbour."""
    before: list[int] = []
    last = list(range(len(new) + 1))
    for i, letter in enumerate(old, start=1):
        line = [i]
        for j, other in enumerate(new, start=1):
            line.append(min(last[j] + 1, line[j - 1] + 1, last[j - 1] + (letter != other)))
            if i > 1 and j > 1 and letter == new[j - 2] and old[i - 2] == other:
                line[j] = min(line[j], before[j - 2] + 1)
        before, last = last, line
    return last[-1]
