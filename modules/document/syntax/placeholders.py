"""Knows the words that the editor writes and that an author replaces, and names those that are left in a document."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from markdown_it.token import Token

from modules.document.problems import N_, Problem

WORDS = {
    "id": {
        "example": "Modul ini sebuah contoh. Ganti judul dan isinya dengan milik Anda.",
        "section": "Judul bagian",
        "text": "Tulis isi bagian ini di sini.",
        "quiz": "Kuis akhir",
        "question": "Tulis pertanyaannya di sini",
        "right": "Jawaban yang benar",
        "wrong": "Jawaban yang keliru",
        "other": "Jawaban lain yang keliru",
        "explanation": "Jelaskan mengapa jawaban itu benar.",
        "read": "Baca lagi {link}.",
    },
    "en": {
        "example": "This module is an example. Put your own title and text in the place of these.",
        "section": "Title of the section",
        "text": "Write the text of this section here.",
        "quiz": "Final quiz",
        "question": "Write the question here",
        "right": "The right answer",
        "wrong": "A wrong answer",
        "other": "Another wrong answer",
        "explanation": "Explain why that answer is right.",
        "read": "Read {link} again.",
    },
}
KEPT = ("quiz", "read")  # words that serve any module
REPLACED = frozenset(word for words in WORDS.values() for key, word in words.items() if key not in KEPT)
# The mark of a choice or of an accepted answer, the words, and perhaps a way back to a section.
LINE = re.compile(
    rf"(?:\[[ xX=]\]\s+)?({'|'.join(map(re.escape, sorted(REPLACED, key=len, reverse=True)))})(?:\s+\S.*)?",
    re.DOTALL,
)


def of_tokens(tokens: Iterable[Token]) -> Iterator[Problem]:
    """Yields a warning for each paragraph, heading and choice whose words nobody has replaced."""
    template = N_("“{words}” are words of the editor, which learners would read. Write your own instead.")
    for token in tokens:
        found = LINE.fullmatch(token.content) if token.type == "inline" and token.map else None
        if found and token.map and _is_alone(found):
            yield Problem(token.map[0] + 1, "warning", "placeholder", template, {"words": found[1]})


def _is_alone(found: re.Match[str]) -> bool:
    """Tells whether nothing stands behind the words, or only another sentence."""
    return found[1].endswith(".") or not found[0][found.end(1) - found.start(0) :].strip()
