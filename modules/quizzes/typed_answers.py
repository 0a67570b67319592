"""Says of a typed answer that it is no number, before submitting, and afterwards how it differs from an accepted one.

Before submitting, nothing here depends on which number or unit is right.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from fractions import Fraction

from django.utils.translation import gettext as _

from modules.document.syntax.numbers import as_typed, possible_values, quantity
from modules.models import QuestionVersion
from modules.quizzes.comparing import comparable
from modules.quizzes.scoring import Accepted

NO_NUMBER, NO_UNIT, MORE_THAN_NUMBER = "no-number", "no-unit", "more-than-number"
SHORTEST_WORD = 5  # letters of a word in which one mistyped letter is small
LONGEST = 100  # characters of an answer that is compared by letter


def lack(version: QuestionVersion, answer: Sequence[str]) -> str:
    """Returns what is wrong with the form of an answer to a question that asks for a number, or an empty text.

    That is ``no-number``, ``no-unit``, or ``more-than-number`` where the question has no unit.
    """
    if version.kind != QuestionVersion.Kind.NUMERICAL or not answer:
        return ""
    typed = as_typed(answer[0])
    if possible_values(typed):
        return NO_UNIT if needs_unit(version) else ""
    if quantity(typed, any_unit=True) is None:
        return NO_NUMBER
    return "" if has_unit(version) else MORE_THAN_NUMBER


def has_unit(version: QuestionVersion) -> bool:
    return any(accepted.get("unit") for accepted in version.answers)


def needs_unit(version: QuestionVersion) -> bool:
    return bool(version.answers) and all(accepted.get("needs_unit") for accepted in version.answers)


def has_negative(version: QuestionVersion) -> bool:
    """Tells whether a right answer is below zero. Keyboards of some phones have no minus sign beside their digits."""
    return any((accepted["value"] or "").startswith("-") for accepted in version.answers)


def lack_in_words(name: str) -> str:
    sentences = {
        NO_NUMBER: _("This is not a number yet. Write digits, such as 12 or 0.5."),
        MORE_THAN_NUMBER: _("Write the number alone, without a unit or other words."),
        NO_UNIT: _("The unit is missing. Write it behind the number."),
    }
    return sentences.get(name, "")


def difference(typed: str, accepted: Sequence[Accepted]) -> str:
    """Says in what a refused answer differs from an accepted one, if that is something small, else an empty text."""
    if len(typed) > LONGEST:
        return ""
    found = (_difference(typed, one) for one in accepted)
    return next((sentence for sentence in found if sentence), "")


def _difference(typed: str, accepted: Accepted) -> str:
    if accepted["value"] is not None:
        return _of_number(typed, accepted)
    return _of_words(typed, accepted["text"])


def _of_number(typed: str, accepted: Accepted) -> str:
    value, unit = Fraction(accepted["value"]), accepted.get("unit", "")
    written = quantity(as_typed(typed), any_unit=True)
    values = possible_values(written.number) if written else ()
    if -value in values and value:
        return _("Only the sign differs.")
    if written and value in values:
        if not written.unit:
            return _("The unit is missing.")
        return (
            _("The number is right; the unit differs.")
            if unit
            else _("The number is right. Leave out the unit.")
        )
    return ""


def _of_words(typed: str, text: str) -> str:
    ways: tuple[tuple[Callable[[str], str], str], ...] = (
        (comparable, _("Only capital letters or signs differ.")),
        (_without_blanks, _("Only spaces or hyphens differ.")),
        (_without_accents, _("Only accents differ.")),
    )
    for form, sentence in ways:
        if form(typed) == form(text):
            return sentence
    return _("Only one letter differs.") if _is_one_letter_off(comparable(typed), comparable(text)) else ""


def _without_blanks(text: str) -> str:
    return "".join(sign for sign in comparable(text) if sign.isalnum())


def _without_accents(text: str) -> str:
    letters = unicodedata.normalize("NFD", comparable(text))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _is_one_letter_off(one: str, other: str) -> bool:
    """Tells whether a letter is missing, doubled, another one, or in the place of its neighbour."""
    if min(len(one), len(other)) < SHORTEST_WORD or abs(len(one) - len(other)) > 1:
        return False
    pairs = zip(one, other, strict=False)
    start = next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))
    rest, other_rest = one[start:], other[start:]
    is_swapped = rest[:2] == other_rest[:2][::-1] and rest[2:] == other_rest[2:]
    return is_swapped or rest[1:] == other_rest[1:] or rest[1:] == other_rest or rest == other_rest[1:]
