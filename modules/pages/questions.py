"""Makes the values that show one question before it is answered.

A template never receives the questions of an attempt, because they hold the keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from modules.document.html.render import SafeHTML, place, without_links
from modules.document.syntax.values import LONGEST_ANSWER
from modules.models import QuestionVersion, Response
from modules.quizzes import typed_answers


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question as a learner sees it before answering, without its key.

    ``longest`` is the most characters that a written answer may have. ``unit`` is ``optional`` or ``required`` if a
    number has one. ``keyboard`` is the keyboard of a phone that a written answer needs.
    """

    kind: str
    points: Fraction
    title_html: SafeHTML
    html: SafeHTML
    unit: str = ""
    keyboard: str = "text"
    longest: int = LONGEST_ANSWER


@dataclass(frozen=True, slots=True)
class Option:
    """A choice. ``is_right`` and ``feedback`` are set after the attempt, as far as the learner may see them."""

    value: str
    html: SafeHTML
    is_chosen: bool = False
    is_right: bool | None = None
    feedback: SafeHTML | str = ""

    @property
    def is_mistaken(self) -> bool:
        """Tells whether the choice was taken and is shown to be wrong."""
        return self.is_chosen and self.is_right is False


def asked_question(version: QuestionVersion, base: str, *, needs_minus: bool | None = None) -> AskedQuestion:
    """Returns a question without its key. ``needs_minus``: the keyboard has a minus sign, whatever the key is."""
    if needs_minus is None:
        needs_minus = typed_answers.has_negative(version)
    is_plain = version.kind == QuestionVersion.Kind.NUMERICAL and not needs_minus
    unit = (
        "required"
        if typed_answers.needs_unit(version)
        else "optional"
        if typed_answers.has_unit(version)
        else ""
    )
    return AskedQuestion(
        version.kind,
        version.points,
        place(version.title_html, base),
        place(version.html, base),
        unit=unit,
        keyboard="decimal" if is_plain and not unit else "text",
    )


def options(response: Response, base: str) -> list[Option]:
    """Returns the choices in the learner's order, with the chosen ones marked and without right or wrong.

    Links are taken out, because a click on a choice chooses it. The result page shows them.
    """
    return [
        Option(choice["key"], place(without_links(choice["html"]), base), choice["key"] in response.answer)
        for choice in response.choices_in_order()
    ]


def written_answer(response: Response) -> str:
    """Returns the answer to a question without choices, else an empty text."""
    return "" if response.version.has_choices else "".join(response.answer[:1])
