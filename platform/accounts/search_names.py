"""Writes the names of people in a plain form, so that the database sorts and finds them by any word of the name."""

from __future__ import annotations

import re
import unicodedata

from django.db.models import Q

from accounts.bounded_search import bounded

LONGEST = 300  # characters that are kept: of the address all, and of the plain name what has room beside it
SEPARATORS = re.compile(r"[\s\-–—,;/]+")
LEFT_OUT = re.compile(r"['’ʼ`‘.]")  # signs inside a word: Ma'ruf is found by “maruf”


def plain(text: str) -> str:
    """Returns words in lower case, without accents and punctuation, with one blank between them."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    letters = "".join(sign for sign in decomposed if unicodedata.category(sign) not in ("Mn", "Cc"))
    return " ".join(LEFT_OUT.sub("", SEPARATORS.sub(" ", letters)).split())


def search_name(name: str, email: str) -> str:
    """Returns the plain words of a name and then the address. A blank stands before each, also before the first."""
    address = f" {email.lower()}"
    words = plain(name)[: LONGEST - len(address) - 1].rstrip()
    return (f" {words}" if words else "") + address


def matching(typed: str, person: str = "") -> Q:
    """Matches the people who have, for each typed word, a word in name or address that begins with it.

    Words after the tenth are left out. A word of nothing but dashes or commas is left out, since no plain name has it.

    ``person`` is the path from the rows of the query to the account, such as ``"learner__"``.
    """
    condition = Q()
    for word in bounded(typed).split():
        if not SEPARATORS.sub("", word):
            continue
        found = Q()
        for form in {plain(word), word.lower()} - {""}:
            found |= Q(**{f"{person}search_name__contains": f" {form}"})
        condition &= found
    return condition
