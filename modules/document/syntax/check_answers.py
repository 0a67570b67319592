"""Says what is kept of the answers to the questions in a text."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from modules.document.problems import N_


class CheckAnswers(StrEnum):
    COUNTED = "counted"
    RECORDED = "recorded"


# Names each value, on the plan page.
CHECK_ANSWER_WORDS: Mapping[str, str] = {
    CheckAnswers.COUNTED.value: N_("counted without names"),
    CheckAnswers.RECORDED.value: N_("recorded with the learner’s name"),
}
