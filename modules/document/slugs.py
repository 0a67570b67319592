"""Names for addresses: short, readable, unique."""

import re
import unicodedata

LONGEST = 80
VALID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}\Z")
RESERVED = frozenset({"enrolment"})


def slugify(text: str) -> str:
    """A text in lower case ASCII with hyphens; empty where nothing of it is left."""
    plain = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:LONGEST].strip("-")


class Names:
    """Hands out names that are unique in a document; a repeated one gets ``-2``, ``-3``."""

    def __init__(self, taken: frozenset[str] = frozenset()) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def claim(self, wanted: str) -> str:
        name, number = wanted, self._next.get(wanted, 2)
        while name in self._taken:
            name = f"{wanted}-{number}"
            number += 1
        self._next[wanted] = number
        self._taken.add(name)
        return name
