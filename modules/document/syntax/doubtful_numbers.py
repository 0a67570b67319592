"""Names accepted answers that look like numbers and count as something else than their author may mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from modules.document.problems import N_, Problem
from modules.document.syntax.numbers import quantity
from modules.document.syntax.values import Answer

LONGEST_SHOWN = 80  # characters of an answer in a sentence
MOST_WORDS = 3  # of a unit; more words are a sentence that begins with a number
ATTRIBUTE = re.compile(r"\s*\{(?:unit|case)\b[^{}]*\}\s*\Z")
MINUS = re.compile(r"(?:minus|negatif|negative)\s+(?P<number>\d.*)", re.IGNORECASE)
SPACED = re.compile(r"\d[.,]\s+\d")  # two numbers, or one number with a blank in it
UNIT = re.compile(r"[^\W\d_]+(?:\s[^\W\d_]+)*")
MONTHS = re.compile(
    r"(?:jan|feb|mar|apr|mei|may|jun|jul|agu|aug|sep|okt|oct|nov|des|dec)[a-z]*\Z", re.IGNORECASE
)


def doubts(line: int, answer: Answer) -> Iterator[Problem]:
    """Yields a warning about an accepted answer that is not written in backticks."""
    text = answer.text[:LONGEST_SHOWN]
    if attribute := ATTRIBUTE.search(answer.text):
        template = N_(
            "“{attribute}” is part of this answer here. Write it at the end of the heading of the question."
        )
        yield Problem(line, "warning", "answer-attribute", template, {"attribute": attribute[0].strip()})
    elif answer.value is not None and SPACED.search(answer.text):
        template = N_(
            "“{answer}” is read as one number. If these are several answers, give each a line of its own that begins with [=]; if not, take the blank out."
        )
        yield Problem(line, "warning", "several-answers", template, {"answer": text})
    elif answer.value is None and (minus := MINUS.fullmatch(answer.text)):
        template = N_("“{answer}” counts as words. If it is a number, write it as -{number}.")
        params = {"answer": text, "number": minus["number"][:LONGEST_SHOWN]}
        yield Problem(line, "warning", "number-in-words", template, params)
    elif answer.value is None and _has_unknown_unit(answer.text):
        template = N_(
            "“{answer}” counts as words, so that the number alone is not right. If it is a number with a unit, write {{unit=optional}} at the end of the heading of the question."
        )
        yield Problem(line, "warning", "number-in-words", template, {"answer": text})


def _has_unknown_unit(text: str) -> bool:
    """Tells whether a text is a number and, behind a blank, up to three words that are no name of a month."""
    if not re.match(r"[+\-\N{MINUS SIGN}]?\d[\d.,]*\s", text):
        return False
    found = quantity(text, any_unit=True)
    if found is None or "/" in found.number or not UNIT.fullmatch(found.unit):
        return False
    words = found.unit.split()
    return len(words) <= MOST_WORDS and not MONTHS.match(words[0])
