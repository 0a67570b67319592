"""Writes the names of people in a plain form, so that the database sorts and finds them by any word of the name."""

from __future__ import annotations

import re
import unicodedata

from django.db.models import Q

LONGEST = 300  # characters of a plain name that are kept; the rest cannot be searched
SEPARATORS = re.compile(r"[\s\-–—,;/]+")
LEFT_OUT = re.compile(r"['’ʼ`‘.]")  # signs inside a word: Ma'ruf is found by “maruf”


def plain(text: str) -> str:
    """Returns words in lower case, without accents and punctuation, with one blank between them."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(sign for sign in decomposed if unicodedata.category(sign) not in ("Mn", "Cc"))
    return " ".join(LEFT_OUT.sub("", SEPARATORS.sub(" ", letters)).split())


def search_name(name: str, email: str) -> str:
    """Returns the plain words of a name and then the address. A blank stands before each, also before the first."""
    return f" {plain(name)} {email.lower()}".replace("  ", " ")[:LONGEST]


def matching(typed: str, person: str = "") -> Q:
    """Matches the people who have, for each typed word, a word in name or address that begins with it.

    ``person`` is the path from the rows of the query to the account, such as ``"learner__"``.
    """
    condition = Q()
    for word in typed.split():
        found = Q()
        for form in {plain(word), word.lower()} - {""}:
            found |= Q(**{f"{person}search_name__contains": f" {form}"})
        condition &= found
    return condition
