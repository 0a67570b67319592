"""Makes names for addresses: short, readable, unique."""

import re
import unicodedata
import zlib

from anyascii import anyascii

from modules.document.marks import normal_form

LONGEST = 80  # characters of a slug; raised, a slug with a number may exceed what VALID allows
MOST_READ = 2_000  # characters of a heading from which its name is made; raised, hostile headings take longer
VALID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}\Z")
Holder = tuple[str, int]  # the title of the part that has a name, and its line
RESERVED = frozenset({"enrolment"})  # names that other pages of a module have
UNNAMED = "modul"  # begins the slug of a module whose title has neither letters nor digits
LATIN = re.compile("[a-z]")
QUOTES = re.compile("[`']")  # stand for letters that Latin lacks, in the middle of words


def slugify(text: str) -> str:
    """Returns a text in lower case ASCII with hyphens, or an empty text if it has neither letters nor digits.

    Other scripts are transliterated only where the text has no Latin letter, so that known addresses stay.
    """
    latin = latin_slug(text)
    return latin if LATIN.search(latin) else _hyphenated(QUOTES.sub("", anyascii(text[:MOST_READ]))) or latin


def latin_slug(text: str) -> str:
    """Returns a slug of the Latin letters and the digits in a text alone, as version 0.2.0 made it."""
    whole = normal_form("NFKD", text[:MOST_READ].casefold())
    return _hyphenated(whole.encode("ascii", "ignore").decode())


def module_slug(title: str) -> str:
    """Returns the slug of a module by its title. A title of signs alone gets a number that follows from the signs."""
    return slugify(title) or f"{UNNAMED}-{zlib.crc32(title.encode('utf-8', 'replace'))}"


def _hyphenated(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:LONGEST].strip("-")


def linkable(text: str) -> str:
    """Returns the name that GitHub gives a heading in links: letters of any script, no signs, hyphens for spaces."""
    whole = normal_form("NFC", text[:MOST_READ].strip().lower())
    kept = (sign for sign in whole if _is_linkable(sign))
    return "".join(kept).replace(" ", "-")


def _is_linkable(sign: str) -> bool:
    return sign.isalnum() or sign in " -_" or unicodedata.category(sign).startswith("M")


def is_kept_by_slug(text: str) -> bool:
    """Checks whether the slug of a text keeps all its letters and digits, so that the slug can replace it."""
    letters = (sign for sign in normal_form("NFKD", text[:MOST_READ].casefold()) if sign.isalnum())
    slug = slugify(text)
    return bool(slug) and all(letter.isascii() for letter in letters)


class Names:
    """Gives names that are unique in a document; a repeated name gets ``-2``, ``-3``."""

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}
        self._holders: dict[str, Holder] = {}

    def holder(self, name: str) -> Holder | None:
        """Returns the part that has a name, if it was claimed with one."""
        return self._holders.get(name)

    def claim(self, wanted: str, holder: Holder | None = None) -> str:
        """Returns the wanted name, or with a number if it is taken, and takes it."""
        name, number = wanted, self._next.get(wanted, 2)
        while name in self._taken:
            name = f"{wanted}-{number}"
            number += 1
        self._next[wanted] = number
        self._taken.add(name)
        if holder:
            self._holders[name] = holder
        return name
