"""Names for addresses: short, readable, unique."""

import re
import unicodedata

LONGEST = 80
VALID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}\Z")
Holder = tuple[str, int]  # the title of what has a name, and its line
RESERVED = frozenset({"enrolment"})


def slugify(text: str) -> str:
    """A text in lower case ASCII with hyphens; empty where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST].strip("-")


def linkable(text: str) -> str:
    """A text as GitHub calls a heading in a link: letters of any script kept, signs dropped, spaces as hyphens."""
    kept = (sign for sign in unicodedata.normalize("NFC", text.strip().lower()) if _stands_in_link(sign))
    return "".join(kept).replace(" ", "-")


def _stands_in_link(sign: str) -> bool:
    return sign.isalnum() or sign in " -_" or unicodedata.category(sign).startswith("M")


def is_told_by_slug(text: str) -> bool:
    """Whether a text keeps all its letters and digits in its slug, so that the slug can stand for it."""
    letters = (sign for sign in unicodedata.normalize("NFKD", text.casefold()) if sign.isalnum())
    slug = slugify(text)
    return bool(slug) and all(letter.isascii() for letter in letters)


class Names:
    """Hands out names that are unique in a document; a repeated one gets ``-2``, ``-3``."""

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}
        self._holders: dict[str, Holder] = {}

    def holder(self, name: str) -> Holder | None:
        """What has a name, where that was said."""
        return self._holders.get(name)

    def claim(self, wanted: str, holder: Holder | None = None) -> str:
        name, number = wanted, self._next.get(wanted, 2)
        while name in self._taken:
            name = f"{wanted}-{number}"
            number += 1
        self._next[wanted] = number
        self._taken.add(name)
        if holder:
            self._holders[name] = holder
        return name
