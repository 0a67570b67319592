"""Cuts a text into words, and reduces each word to the stem under which it is stored and found.

The same code reads texts and queries, so that every database finds the same. It knows Indonesian and English; words of
other languages are found as they are written.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

import snowballstemmer

from modules.search.roots import root_of
from modules.search.stop_words import STOP_WORDS

STEMMERS = {"id": "indonesian", "en": "english"}
DEFAULT = "id"  # the language of a module that names none, as in `modules.document.html.words`
LONGEST_WORD = 60  # signs; a longer one is cut, so that a picture as text fits its column
REMEMBERED = 50_000  # stems that a process remembers; raised, it takes more memory
SHORTEST_STEM = 4  # signs; a shorter word is found as it is written

# Scripts that put no space between words: each sign is a word, and a query of several signs is a phrase.
UNSPACED = (
    r"\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U0003134f"
)
# Signs that change the letter before them, and that Python does not count as letters.
MARKS = r"\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u0900-\u0963\u0966-\u0dff"
LETTERS = rf"[^\W_{UNSPACED}]+"
SIGNED = r"(?<!\w)[A-Za-z](?:\+\+|\#)(?!\w)"  # C++, C#
WORD = re.compile(rf"{SIGNED}|{LETTERS}(?:(?:[{MARKS}]+|['’ʼ]){LETTERS})*[{MARKS}]*|[{UNSPACED}]")
DROPPED = re.compile(r"[\u0300-\u036f\u064b-\u0652'’ʼ]")
HYPHENS = "-\u2010\u2011"
CLITICS = frozenset({"nya", "ku", "mu", "lah", "kah", "pun"})  # as in “AI-nya”


class Word(NamedTuple):
    """A word of a text: the key under which it is found, and its place in the text."""

    key: str
    start: int
    end: int


class Reader:
    """Reads texts of one language. It remembers the stems that it has found."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._keys: dict[str, str] = {}

    def words(self, text: str) -> list[Word]:
        """Returns the words of a text in their order. ``text`` is normalised by :func:`normal`.

        “buku-buku” is the one word “buku”, and “AI-nya” is “AI”.
        """
        found: list[Word] = []
        last = -2
        for match in WORD.finditer(text):
            start, end = match.span()
            key = self._keys.get(match[0]) or self._key(match[0])
            is_hyphenated = start == last + 1 and text[last] in HYPHENS
            if is_hyphenated and (key == found[-1].key or folded(match[0]) in CLITICS):
                found[-1] = Word(found[-1].key, found[-1].start, end)
            else:
                found.append(Word(key, start, end))
            last = end
        return found

    def _key(self, written: str) -> str:
        key = self._keys[written] = key_of(self.language, folded(written))
        return key


def key_of(language: str, word: str) -> str:
    """Returns the key under which a folded word of a language is found."""
    is_stemmed = language in STEMMERS and len(word) >= SHORTEST_STEM and word.isalpha()
    return f"{language}:{stem(language, word) if is_stemmed else word}"


@lru_cache(REMEMBERED)
def stem(language: str, word: str) -> str:
    """Returns the stem of a folded word of a language in ``STEMMERS``."""
    # A stemmer keeps the word in itself while it works, so that two threads must not share one.
    root = root_of(word) if language == "id" else None
    return root or str(snowballstemmer.stemmer(STEMMERS[language]).stemWord(word))


def language_of(code: str) -> str:
    """Returns the language in which a module is read: ``id``, ``en``, or nothing for any other language."""
    language = code.lower().split("-")[0] or DEFAULT
    return language if language in STEMMERS else ""


def normal(text: str) -> str:
    """Returns a text with each letter and its accents as one sign, as an index and a query compare them."""
    return unicodedata.normalize("NFC", text).replace("\0", "")


def folded(word: str) -> str:
    """Returns a word without capitals, accents and apostrophes: “Résumé” as “resume”, “Jum'at” as “jumat”."""
    if word.isascii():
        return DROPPED.sub("", word.casefold())[:LONGEST_WORD]
    apart = unicodedata.normalize("NFKD", word.casefold())
    return unicodedata.normalize("NFC", DROPPED.sub("", apart))[:LONGEST_WORD]


def is_stop_word(word: str) -> bool:
    """Tells whether a word says nothing by itself. A query needs it only within quotes, or if it has no other word."""
    return folded(word) in STOP_WORDS
