"""Holds what was read from a file of another program."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from modules.document.convert.losses import Losses
from modules.document.convert.writing import ForeignQuestion
from modules.document.problems import N_, Problem

MOST_QUESTIONS = 1_000  # of a file; raised, reading takes longer
# The first signs of a block that cannot be a heading: code, a table, a quote, a list, a picture alone, a formula.
NO_HEADING = re.compile(r"```|~~~|\||>|[-+*] |\d{1,9}[.)] |!\[|\$\$|---|<details|#")


@dataclass(frozen=True, slots=True)
class ForeignQuiz:
    """Holds questions, images by their paths, and a warning for each kind of thing that was lost.

    ``rules`` has the rules of the quiz by their names in the front matter, as they are written there.
    """

    questions: tuple[ForeignQuestion, ...]
    problems: tuple[Problem, ...] = ()
    title: str = ""
    images: Mapping[str, bytes] = field(default_factory=dict)
    rules: Mapping[str, str] = field(default_factory=dict)


def gathered(
    questions: Sequence[ForeignQuestion],
    losses: Losses,
    *,
    title: str = "",
    images: Mapping[str, bytes] | None = None,
    rules: Mapping[str, str] | None = None,
) -> ForeignQuiz:
    """Returns what was read, with an error if no question was."""
    problems = losses.problems()
    if not questions:
        template = N_("There is no question here that could be read.")
        problems = (Problem(0, "error", "no-questions", template), *problems)
    return ForeignQuiz(tuple(questions), problems, title, images or {}, rules or {})


def heading_and_text(markdown: str, name: str = "") -> tuple[str, str]:
    """Returns the first paragraph of a prompt for its heading, and the rest.

    A prompt that begins with code, a list or a picture has its ``name`` as a heading, and may have none.
    """
    first, _blank, rest = markdown.strip("\n").partition("\n\n")
    if not first or NO_HEADING.match(first):
        return name, markdown
    return " ".join(line.removesuffix("\\").strip() for line in first.split("\n")), rest.strip("\n")
