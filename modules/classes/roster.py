"""Reads a list of people, as it was pasted: each line has an address, with a name and a number in any column.

It is plain text in and values out. Nothing here asks the database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.addresses import folded_form

MOST_LINES = 3_000  # of one list, and people; raised, a request and its lock take longer than a second
LONGEST_LINE = 1_000  # characters; a longer line is no row of a list of people
LONGEST_ADDRESS = 254  # characters, as of the accounts
LONGEST_NAME = 150
LONGEST_NUMBER = 40

AROUND = re.compile(r"[\t;,|،؛，、；]")  # also as Arabic and Chinese write them
IN_ADDRESS = r"[^\s,;|،؛，、；<>\"'()\[\]{}:]*"
ADDRESS = re.compile(f"{IN_ADDRESS}@{IN_ADDRESS}")
JOINERS = "\u200c\u200d"  # nobody sees them, but they change the letters around them
NUMBER = re.compile(r"[\w./-]*\d[\w./-]*")
PART = re.compile(r"(?=.*\w)[\w.+-]+")  # a word that can stand in an address
LIST_SIGN = re.compile(r"^\s*(?:\d{1,5}[.)]\s+|[-*•]\s+)")
FORMULA = re.compile(r"=|[+@-](?![\d\s]|$)")
# Columns of a first line that only names them.
HEADINGS = frozenset(
    [
        "email",
        "e-mail",
        "mail",
        "surel",
        "alamat",
        "address",
        "nama",
        "name",
        "peserta",
        "siswa",
        "nis",
        "nisn",
        "nim",
        "no",
        "nomor",
        "number",
    ]
)
NAMES = frozenset(["nama", "name"])
NUMBERS = frozenset(["nis", "nisn", "nim"])


class Problem(Enum):
    """Says why a line is unreadable, and how to mend it."""

    NO_ADDRESS = _("No e-mail address stands in this line. Add one, or leave the line out.")
    NO_DOT = _("This address has no dot after the @. Write it whole, such as sari@example.com.")
    NOT_AN_ADDRESS = _("This is no e-mail address. Write it such as sari@example.com.")
    OTHER_LETTERS = _("This address has letters that mail servers do not know. Type it again with a to z.")
    LONG_ADDRESS = _("This address is longer than an address can be.")
    FORMULA = _("A formula stands in this line. Put its result there, as text.")
    LONG_LINE = _("This line is too long for one person. Write one person on each line.")


@dataclass(frozen=True, slots=True)
class Entry:
    """One person of a list. ``line`` counts from 1. With a ``problem``, ``address`` is empty.

    ``same_as`` is the line in which the same address stood before. ``may_have_blank`` says that the address may be the
    rest of a longer one, in which somebody typed a blank.
    """

    line: int
    text: str
    address: str = ""
    name: str = ""
    number: str = ""
    problem: Problem | None = None
    same_as: int | None = None
    may_have_blank: bool = False

    @property
    def sentence(self) -> str | Promise:
        return self.problem.value if self.problem else ""


@dataclass(frozen=True, slots=True)
class Columns:
    """The places, from 0, of the name and of the number in each line, as the first line says."""

    name: int | None = None
    number: int | None = None


class TooLong(Exception):
    """Reports that a list has more than ``MOST_LINES`` lines or people."""


def read_roster(text: str) -> list[Entry]:
    """Returns the people of a list, line by line. A bad line has a problem, and stops no other."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0b", "\n").split("\n")
    if len(lines) > MOST_LINES and sum(bool(line.strip()) for line in lines) > MOST_LINES:
        raise TooLong
    entries: list[Entry] = []
    is_first, seen, columns = True, dict[str, int](), Columns()
    for number, raw in enumerate(lines, start=1):
        line = _clean(raw)
        if not line.strip():
            continue
        if is_first and _is_heading(line):
            columns = _named_columns(line)
        else:
            entries += _with_repetitions(_entries(number, line, columns), seen)
        if len(entries) > MOST_LINES:
            raise TooLong
        is_first = False
    return entries


def _clean(line: str) -> str:
    """Takes out signs that nobody sees, such as marks of direction, and joins runs of spaces."""
    seen = "".join(
        " " if sign == "\xa0" else sign
        for sign in line
        if sign in f"\t{JOINERS}" or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co")
    )
    return re.sub(r" +", " ", seen).strip(" ")


def _is_heading(line: str) -> bool:
    words = {word.strip(" \"'.:").lower() for word in re.split(r"[\t;,|\s]", line)}
    return "@" not in line and bool(words & HEADINGS)


def _named_columns(heading: str) -> Columns:
    """Returns the columns that a first line names, so that a class or a gender is not taken for a name."""
    cells = [set(cell.strip(" \"'.:").lower().split()) for cell in AROUND.split(heading)]

    def first(words: frozenset[str]) -> int | None:
        return next((place for place, cell in enumerate(cells) if cell & words), None)

    return Columns(first(NAMES), first(NUMBERS)) if len(cells) > 1 else Columns()


def _entries(number: int, line: str, columns: Columns) -> Iterator[Entry]:
    shown = line.strip()[:200]
    if len(line) > LONGEST_LINE:
        yield Entry(number, shown, problem=Problem.LONG_LINE)
        return
    cells = [cell.strip(f" \"'{JOINERS}") for cell in AROUND.split(LIST_SIGN.sub("", line))]
    addresses = [folded_form(match.strip(f".{JOINERS}")) for match in ADDRESS.findall(line)]
    name, student = _name_and_number(cells) if len(addresses) == 1 else ("", "")
    if len(addresses) == 1:
        whole = [cell.strip(f" \"'{JOINERS}") for cell in AROUND.split(line)]
        name, student = _in(whole, columns.name) or name, _in(whole, columns.number) or student
    if any(FORMULA.match(cell) for cell in (*cells, name)):
        yield Entry(number, shown, problem=Problem.FORMULA)
        return
    if not addresses:
        yield Entry(number, shown, problem=Problem.NO_ADDRESS)
        return
    for address in addresses:
        problem = _problem_of(address)
        if problem:
            yield Entry(number, shown, problem=problem)
        else:
            may_have_blank = _may_have_blank(LIST_SIGN.sub("", line))
            yield Entry(
                number,
                shown,
                address,
                name[:LONGEST_NAME],
                student[:LONGEST_NUMBER],
                may_have_blank=may_have_blank,
            )


def _may_have_blank(line: str) -> bool:
    """Tells whether a word beside the address of a line looks like a part of it, as in ``hana fitri@smk.example``.

    Lists from chats have the name and the address in one cell, too. There, the name begins with a capital letter, or
    the address repeats a word of it.
    """
    cells = [cell.strip(f" \"'{JOINERS}") for cell in AROUND.split(line)]
    found = [match for cell in cells if (match := ADDRESS.search(cell))]
    if len(found) != 1:
        return False
    match = found[0]
    before, after = match.string[: match.start()], match.string[match.end() :]
    words = before.split() if before.endswith(" ") else []
    if after.startswith((" .", " @")) or (match[0].endswith(".") and after[1:2].islower()):
        return True
    if not words or NUMBER.fullmatch(words[-1]) or not PART.fullmatch(words[-1]):
        return False
    if words[-1][-1] in "._-+":
        return True
    has_name_apart = any(_has_letter(cell) and "@" not in cell for cell in cells)
    local = match[0].partition("@")[0]
    is_like_address = words[-1][0].islower() or local[:1].isupper()
    return has_name_apart or (is_like_address and not _repeats(local, words))


def _repeats(local: str, words: Sequence[str]) -> bool:
    """Tells whether the part of an address before the @ has a word of a name in it."""
    return any(len(word) > 2 and word.lower() in local.lower() for word in words)


def _problem_of(address: str) -> Problem | None:
    if len(address) > LONGEST_ADDRESS:
        return Problem.LONG_ADDRESS
    if not address.isascii():
        return Problem.OTHER_LETTERS
    try:
        validate_email(address)
    except ValidationError:
        local, _at, domain = address.rpartition("@")
        return Problem.NO_DOT if local and domain and "." not in domain else Problem.NOT_AN_ADDRESS
    return None


def _name_and_number(cells: Sequence[str]) -> tuple[str, str]:
    """Returns the name and the number in the cells of a line, apart from the address."""
    rest = [" ".join(ADDRESS.sub(" ", cell).split()).strip(f"<>()[] \"'{JOINERS}") for cell in cells]
    rest = [cell for cell in rest if cell]
    if len(rest) == 1:  # the columns are not apart
        words = rest[0].split()
        rest = [" ".join(word for word in words if not NUMBER.fullmatch(word))]
        rest += [word for word in words if NUMBER.fullmatch(word)]
    numbers = [cell for cell in rest if NUMBER.fullmatch(cell)]
    names = [cell for cell in rest if not any(sign.isdigit() for sign in cell) and _has_letter(cell)]
    number = max(numbers, key=len, default="")
    return names[0] if names else "", number


def _in(cells: Sequence[str], place: int | None) -> str:
    """Returns the cell of a named column, as far as a line has one there that is no address."""
    cell = cells[place] if place is not None and place < len(cells) else ""
    return "" if "@" in cell else cell


def _has_letter(cell: str) -> bool:
    return any(sign.isalpha() for sign in cell)


def _with_repetitions(entries: Iterator[Entry], seen: dict[str, int]) -> Iterator[Entry]:
    for entry in entries:
        if entry.address in seen:
            yield Entry(
                entry.line, entry.text, entry.address, entry.name, entry.number, same_as=seen[entry.address]
            )
            continue
        if entry.address:
            seen[entry.address] = entry.line
        yield entry
