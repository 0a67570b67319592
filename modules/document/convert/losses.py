"""Names what another program's file says and our notation cannot, or the other way round: one sentence per kind."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from modules.document.problems import N_, Problem

LONGEST_NAME = 60  # characters of a question that a sentence repeats
TAG = re.compile(r"<[^<>]*>")

# What is lost when a file of another program is read. ``{count}`` is how often.
READING = {
    "image": N_("Pictures that the file does not bring: {count}. Their descriptions are kept."),
    "link": N_("Links that lead nowhere outside the other program: {count}. Their words are kept."),
    "kind": N_("Questions of a kind that a quiz here does not have: {count}. They are left out."),
    "broken": N_("Questions that could not be understood: {count}. They are left out."),
    "no-key": N_("Questions without a right answer: {count}. Mark the right one before you load the module."),
    "weight": N_(
        "Questions with partial credit for single answers: {count}. Here such answers count as wrong."
    ),
    "several-right": N_(
        "Single choices with several right answers: {count}. Here all of them have to be chosen."
    ),
    "answer-feedback": N_(
        "Remarks on typed answers: {count}. Write what everyone may read as the explanation."
    ),
    "wildcard": N_("Accepted answers with a wildcard (*): {count}. Write out each form that counts."),
    "hint": N_("Hints and penalties for further tries: {count}. They are left out."),
    "combined-feedback": N_("Remarks on whole attempts at a question: {count}. They are left out."),
    "unit": N_("Numbers with units that cannot be read: {count}. Write the unit into the question."),
    "too-many": N_("Only the first {count} questions are read. Split the file."),
    "key": N_("Keys that name none of the choices: {count}. Mark the right one before you load the module."),
    "sheets": N_("Further sheets in the file: {count}. Only the first one with questions is read."),
    "rows": N_("Rows without a question: {count}. They are left out."),
}

# What another program cannot say of a quiz that is written for it.
WRITING = {
    "identity-anew": N_(
        "Identities of questions, if Canvas writes the file anew. When that file comes back, questions are found by their text."
    ),
    "counts": N_("The grade of the first attempt counts. There, the highest grade counts."),
    "rules": N_(
        "Rules of the quiz, such as attempts, time, pass mark and review. Set them in the other program."
    ),
    "other-rules": N_(
        "Rules of the quiz other than attempts, time, order and the counting attempt. Set them in the other program."
    ),
    "sections": N_("The sections of the module. The file holds the quiz alone."),
    "section-link": N_("Links to sections. They lead nowhere there; their words stay."),
    "maths": N_("Formulas are written in LaTeX. The other program needs MathJax to show them."),
    "footnote": N_("Footnotes. They become a list below their text."),
    "image": N_("Pictures. Their descriptions stand in their places."),
    "points": N_("Points of questions. Each question has one point there."),
    "points-exactly": N_("Points that are no decimal number. They are rounded."),
    "draw": N_("The number of questions that a pool asks. Its questions are in a category of their own."),
    "scoring": N_("All or nothing for multiple responses. There, wrong choices take points from right ones."),
    "pinned": N_("Choices that keep their place, such as “all of the above”. They may be shuffled there."),
    "arrow": N_("Accepted answers with an arrow (->). They would be read as pairs."),
    "pool-points": N_(
        "Different points of the questions of one pool. There, the first question's points count for all."
    ),
    "judging": N_(
        "Units of numbers, and capitals and signs that count in typed answers. The other program compares in its own way."
    ),
    "quiz-text": N_("The text above the first question."),
    "checks": N_("Questions in the text of sections."),
}


@dataclass(slots=True)
class Losses:
    """Counts what is lost by its kind, with the line where each kind is met first, and the names of its questions.

    ``question`` is the name of the question that is read now.
    """

    counts: dict[str, int] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    named: dict[str, list[str]] = field(default_factory=dict)
    question: str = ""

    def begin(self, *names: str) -> None:
        """Notes which question is read from now on, by the first of its names that says something."""
        self.question = next((short for name in names if (short := short_name(name))), "")

    def add(self, kind: str, line: int = 0, *, count: int = 1) -> None:
        if count:
            self.counts[kind] = self.counts.get(kind, 0) + count
            self.lines.setdefault(kind, line)
            named = self.named.setdefault(kind, [])
            if self.question and self.question not in named[-1:]:
                named.append(self.question)

    def problems(self) -> tuple[Problem, ...]:
        """Returns one warning for each kind, in the order of their lines."""
        kinds = sorted(self.counts, key=lambda kind: (self.lines[kind], kind))
        return tuple(
            Problem(
                self.lines[kind],
                "warning",
                f"lost-{kind}",
                READING[kind],
                {"count": self.counts[kind]},
                questions=tuple(self.named[kind]),
            )
            for kind in kinds
        )


def short_name(text: str) -> str:
    """Returns the first words of a question on one line, without the tags of HTML."""
    words = " ".join(TAG.sub(" ", text[:2_000]).split())
    return words if len(words) <= LONGEST_NAME else f"{words[: LONGEST_NAME - 1].rstrip()}…"
