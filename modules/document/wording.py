"""What has changed between two texts, for people: rows of words side by side, and whether it is a typo alone."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import ClassVar, TypeVar

from markdown_it.token import Token

from .checks import without_keys
from .likeness import NEGATIONS
from .lines import matches
from .markup import plain, shown_tags
from .parsing import parse
from .source import normalise

WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+(?:['’]\w+)*|[-−](?=\d)|[%‰<>=≤≥≠±+×÷√∞$€£¥°]|!(?==)")
SIGN_OR_WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+(?:['’]\w+)*|[^\w\s]")
STOP = re.compile(r"(?<=[^\W_])[.,](?=\s|\Z)")
SHORT_WORDS = frozenset(
    {"di", "ke", "ya", "as", "at", "by", "if", "in", "is", "it", "no", "of", "on", "or", "to"}
)
SAME_SIGNS = str.maketrans("“”„‘’−–—", '"""\'\'---')
PIECE = re.compile(r"\s+|\w+|[^\w\s]")
LOOSE_LINK = re.compile(r"\[([^\[\]]+)\]\[[^\[\]]*\]")  # its address stands elsewhere in the document
HEADING_SIGN = re.compile(r"^ {0,3}#{1,6} +")
LOOSE_NOTE = re.compile(r"\[\^[^\[\]\s]+\]")
AS_WRITTEN = frozenset({"code_inline", "math_inline", "math_inline_double"})
MATHS = frozenset({"math_inline", "math_inline_double", "math_block"})
BLOCKS = frozenset({"fence", "code_block", "math_block"})
LETTERS = re.compile(r"\w+")
ALIKE = 0.4  # so much of their words two lines share that are one line, changed
INSIDE = 0.8  # or so many words of the shorter one stand in the longer one, where it has
FEW = 4  # words or more
TELLING = 5  # words with which a passage tells one text from another
SHORT_LINE = 8  # words at most in a line whose words are marked though few of them stayed
CELLS_OF_LINES = 40_000  # pairs of lines that are looked at in two texts
CELLS_OF_WORDS = 400_000  # pairs of words
MOST_WORDS = 4_000  # in lines whose changed words are marked; beyond, whole lines are
MOST_SLIPS = 3  # mistyped words that are no news
LONGEST_WORD = 40  # letters of a word that can be a slip of another

Line = TypeVar("Line", "Row", "Row | Moved")
Pair = tuple[int, int]  # places, old and new, of what is the same line or word


@dataclass(frozen=True, slots=True)
class Run:
    """Words that changed, or words that did not."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line before and after; one side is empty where the line was added or removed.

    ``is_code``: its blanks count, and it is read as code. ``is_moved``: the line stands elsewhere in the same text.
    """

    before: tuple[Run, ...]
    after: tuple[Run, ...]
    is_same: bool
    is_code: bool = False
    is_moved: bool = False

    @property
    def is_alone(self) -> bool:
        return not self.before or not self.after

    @property
    def is_whole(self) -> bool:
        """Whether all of it changed, so that no words are to be told from others."""
        return all(run.is_changed for run in (*self.before, *self.after))


@dataclass(frozen=True, slots=True)
class Place:
    """Another text that has a line too."""

    title: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """Rows that only moved: they stand in another text now or, where they ``came``, were read in one."""

    rows: tuple[Row, ...]
    place: Place
    came: bool
    is_same: ClassVar[bool] = False
    is_alone: ClassVar[bool] = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """So many rows that are the same and are left out."""

    count: int


class Formulas:
    """Formulas in words: each stands there as one sign of its own, from a range that no text uses."""

    FIRST, LAST = 0x100000, 0x10FFFD
    SIGN = re.compile(f"[{chr(FIRST)}-{chr(LAST)}]")

    def __init__(self) -> None:
        self.signs: dict[tuple[str, bool], str] = {}

    def take(self, token: Token) -> None:
        """Put the sign of a formula in its place, for a formula token or the children of an inline one."""
        for one in (token, *(token.children or ())):
            if one.type in MATHS:
                formula = one.content.strip(), one.type != "math_inline"
                one.content = self.signs.setdefault(
                    formula, chr(min(self.FIRST + len(self.signs), self.LAST))
                )


def passages(source: str, formulas: Formulas | None = None) -> list[str]:
    """The words of a piece of Markdown: a passage for each heading, paragraph, row of a table and line of code.

    Of a question in the text, only what it asks. Formulas are as they are typed, or signs of ``formulas``.
    """
    found: list[str] = []
    cells: list[str] | None = None
    for token in without_keys(parse(normalise(source))):
        if formulas is not None:
            formulas.take(token)
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close":
            found.append(" | ".join(cells or []))
            cells = None
        elif token.type == "inline":
            (found if cells is None else cells).append(_spoken(token))
        elif token.type in BLOCKS:
            found += token.content.splitlines()
        elif token.type == "html_block":
            found += shown_tags(token.content).splitlines()
    return [passage for passage in found if passage.strip()]


def compare(old: Sequence[str], new: Sequence[str]) -> list[Row]:
    """Two texts as aligned rows of lines (without their ends) or passages, the changed words in them marked."""
    budget = _Budget()
    rows: list[Row] = []
    place = other = 0
    for i, j in [*sorted(matches(old, new)), (len(old), len(new))]:
        rows += _rows(old[place:i], new[other:j], budget)
        if i < len(old):
            rows.append(_same(old[i]))
        place, other = i + 1, j + 1
    return rows


def with_code_marked(rows: Iterable[Row], *sources: str) -> list[Row]:
    """Rows of passages, those of code marked as such."""
    tokens = [token for source in sources for token in parse(normalise(source))]
    code = {line for one in tokens if one.type in BLOCKS for line in one.content.splitlines()}
    return [
        replace(row, is_code="".join(run.text for run in row.after or row.before) in code) for row in rows
    ]


def with_moves(
    rows: Iterable[Row], now: Mapping[Place, Collection[str]], then: Mapping[Place, Collection[str]]
) -> list[Row | Moved]:
    """Rows of passages, those taken together that stand elsewhere ``now``, or that were read elsewhere ``then``.

    A few words, such as the head of a table, stand in many texts: they have moved only with longer ones.
    """
    rows = list(rows)
    went = _found_in(now, [_text(row) for row in rows if not row.after])
    came = _found_in(then, [_text(row) for row in rows if not row.before])
    told: list[Row | Moved] = []
    for place, group in groupby(rows, key=lambda row: _place_of(row, went, came)):
        some = tuple(group)
        told += [Moved(some, place[0], place[1])] if place else some
    return told


def _place_of(row: Row, went: Mapping[str, Place], came: Mapping[str, Place]) -> tuple[Place, bool] | None:
    place = (came if row.after else went).get(_text(row)) if row.is_alone else None
    return (place, bool(row.after)) if place else None


def _found_in(places: Mapping[Place, Collection[str]], lines: Sequence[str]) -> dict[str, Place]:
    """Lines with the first of these places that has them, and some that tell it from others."""
    found: dict[str, Place] = {}
    for place, said in places.items():
        held = [line for line in lines if line in said]
        if any(len(LETTERS.findall(line)) >= TELLING for line in held):
            found = dict.fromkeys(held, place) | found
    return found


def tidied(rows: Iterable[Line]) -> list[Line]:
    """Rows without blank lines that came or went, and with one line beside the one whose place it takes."""
    shown: list[Line] = []
    for is_alone, group in groupby(rows, key=lambda row: row.is_alone):
        some = list(group)
        shown += _faced([row for row in some if isinstance(row, Row)]) if is_alone else some
    return shown


def _faced(rows: Iterable[Row]) -> list[Row]:
    """Lines that came and went between two that stayed."""
    spoken = [row for row in rows if _text(row).strip()]
    gone, came = [row for row in spoken if row.before], [row for row in spoken if row.after]
    return [_facing(gone[0], came[0])] if len(gone) == len(came) == 1 else spoken


def _facing(gone: Row, came: Row) -> Row:
    """Two lines that share little beside each other; words are marked in short ones, such as headings, alone."""
    if max(len(LETTERS.findall(_text(row))) for row in (gone, came)) > SHORT_LINE:
        return replace(gone, after=came.after)
    return replace(_changed(_text(gone), _text(came), _Budget()), is_code=gone.is_code)


def with_moved_lines(rows: Iterable[Row]) -> list[Row]:
    """Rows of two whole texts, those marked whose line went from one place of the text to another.

    A few words stand in many places: they have moved only together with a longer line.
    """
    rows = list(rows)
    gone, came = (
        {_text(row) for row in rows if row.is_alone and getattr(row, side)} for side in ("before", "after")
    )
    told: list[Row] = []
    for _side, group in groupby(rows, key=lambda row: (row.is_alone, bool(row.before))):
        some = list(group)
        moved = {_text(row) for row in some if row.is_alone} & gone & came
        tells = any(len(LETTERS.findall(line)) >= TELLING for line in moved)
        told += [replace(row, is_moved=tells and row.is_alone and _text(row) in moved) for row in some]
    return told


def _text(row: Row) -> str:
    return "".join(run.text for run in row.before or row.after)


def folded(rows: Sequence[Line], around: int = 1) -> Iterator[Line | Skipped]:
    """The rows that changed with so many neighbours each; two or more others become one :class:`Skipped`."""
    near = [False] * len(rows)
    for place, row in enumerate(rows):
        if not row.is_same:
            for neighbour in range(max(0, place - around), min(len(rows), place + around + 1)):
                near[neighbour] = True
    for is_near, group in groupby(zip(rows, near, strict=True), key=lambda pair: pair[1]):
        some = [row for row, _near in group]
        if is_near or len(some) == 1:
            yield from some
        else:
            yield Skipped(len(some))


def gave_away(old: str, new: str, others: Iterable[str]) -> bool:
    """Whether a piece of Markdown lost nothing but lines that stand in others now, and says nothing that it did not.

    What was a heading may be one of another level there.
    """
    before, after = _bare_lines(old), _bare_lines(new)
    rest = iter(before)
    if not all(line in rest for line in after):  # in their order
        return False
    return Counter(before) - Counter(after) <= Counter(line for one in others for line in _bare_lines(one))


def _bare_lines(source: str) -> list[str]:
    lines = (HEADING_SIGN.sub("", line).rstrip() for line in normalise(source).splitlines())
    return [line for line in lines if line]


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


@dataclass(slots=True)
class _Budget:
    """How much may still be compared, so that no text takes long."""

    cells_of_lines: int = CELLS_OF_LINES
    cells_of_words: int = CELLS_OF_WORDS
    words: int = MOST_WORDS


def _rows(old: Sequence[str], new: Sequence[str], budget: _Budget) -> Iterator[Row]:
    """Rows for what stands between two lines that are the same: the most alike lines, in order, face each other."""
    place = other = 0
    for i, j in [*_alike(old, new, budget), (len(old), len(new))]:
        yield from (Row((Run(line, True),), (), False) for line in old[place:i])
        yield from (Row((), (Run(line, True),), False) for line in new[other:j])
        if i < len(old):
            yield _same(old[i]) if old[i] == new[j] else _changed(old[i], new[j], budget)
        place, other = i + 1, j + 1


def _same(line: str) -> Row:
    return Row((Run(line, False),), (Run(line, False),), True)


def _alike(old: Sequence[str], new: Sequence[str], budget: _Budget) -> list[Pair]:
    cells = len(old) * len(new)
    if not cells or cells > budget.cells_of_lines:
        return []
    budget.cells_of_lines -= cells
    words = [Counter(LETTERS.findall(line.casefold())) for line in old]
    others = [Counter(LETTERS.findall(line.casefold())) for line in new]
    likeness = [
        [_likeness(one, two) if line != twin else 1.0 for two, twin in zip(others, new, strict=True)]
        for one, line in zip(words, old, strict=True)
    ]
    return _best(likeness)


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """How much of their words two lines share, from 0 to 1; 0 where it is too little to be one line."""
    shorter, longer = sorted((one, other), key=Counter.total)
    common = sum(min(count, longer[word]) for word, count in shorter.items() if word in longer)
    if not common:
        return 0.0
    share = 2 * common / (shorter.total() + longer.total())
    is_inside = shorter.total() >= FEW and common >= INSIDE * shorter.total()
    return share if share >= ALIKE or is_inside else 0.0


def _best(likeness: Sequence[Sequence[float]]) -> list[Pair]:
    """The pairs in order, old and new, whose likenesses add up to most."""
    width = len(likeness[0])
    best = [[0.0] * (width + 1)]
    for row in likeness:
        above, line = best[-1], [0.0]
        for j, value in enumerate(row):
            line.append(max(above[j + 1], line[j], above[j] + value))
        best.append(line)
    pairs, i, j = [], len(likeness), width
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _changed(before: str, after: str, budget: _Budget) -> Row:
    """A row of a line that changed, its changed words marked as long as the budget lasts."""
    old, new = PIECE.findall(before), PIECE.findall(after)
    budget.words -= len(old) + len(new)
    if budget.words < 0:
        return Row((Run(before, True),), (Run(after, True),), False)
    kept = _kept(old, new, budget)
    return Row(_runs(old, {i for i, _ in kept}), _runs(new, {j for _, j in kept}), False)


def _kept(old: Sequence[str], new: Sequence[str], budget: _Budget) -> list[Pair]:
    """The pieces of a line that stayed: those that are certain, and the most that fit between."""
    kept = []
    place = other = 0
    for i, j in [*sorted(matches(old, new)), (len(old), len(new))]:
        cells = (i - place) * (j - other)
        if 0 < cells <= budget.cells_of_words:
            budget.cells_of_words -= cells
            equal = [
                [float(one == two and not one.isspace()) for two in new[other:j]] for one in old[place:i]
            ]
            kept += [(place + a, other + b) for a, b in _best(equal)]
        if i < len(old):
            kept.append((i, j))
        place, other = i + 1, j + 1
    return kept


def _runs(pieces: Sequence[str], kept: set[int]) -> tuple[Run, ...]:
    """Pieces as runs; a blank between two changed words is part of the change."""
    is_changed = [place not in kept for place in range(len(pieces))]
    is_only_blanks = all(
        piece.isspace() for piece, changed in zip(pieces, is_changed, strict=True) if changed
    )
    for place, piece in enumerate(pieces):
        if piece.isspace() and not is_only_blanks:
            around = is_changed[max(0, place - 1) : place + 2]
            is_changed[place] = around[0] and around[-1]
    grouped = groupby(zip(pieces, is_changed, strict=True), key=lambda pair: pair[1])
    return tuple(Run("".join(piece for piece, _ in group), changed) for changed, group in grouped)


# ----------------------------------------------------------------------------------------------------- words


def _spoken(token: Token) -> str:
    """The words of an inline token; of what is defined elsewhere in the document, the words alone."""
    said = plain(token) or " ".join(str(image.attrGet("src")) for image in _pictures(token))
    return LOOSE_NOTE.sub("", LOOSE_LINK.sub(r"\1", said)) if "[" in said else said


def _pictures(token: Token) -> list[Token]:
    return [child for child in token.children or [] if child.type == "image"]


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
