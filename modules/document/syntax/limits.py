"""Limits what one document may hold, so that its pages stay quick for learners and instructors.

The limits hold for a text that is loaded for the first time. Stored documents are parsed without them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from modules.document.problems import N_, Problem
from modules.document.syntax.source import TOO_LARGE

MOST_SECTIONS = 2_000  # raised, the path of a module and the plan of a load take longer
MOST_QUESTIONS = (
    1_000  # in the final quiz, and in the texts of all sections; raised, grading again takes longer
)
MOST_CHOICES = 200  # or accepted answers of one question; raised, its plan and its page take longer
MOST_HEADINGS = 200  # inside one section, without those of questions; raised, its list of contents grows
MOST_HEADINGS_OF_DOCUMENT = (
    20_000  # parsing stops there; raised, a file of headings alone takes longer to refuse
)
LARGEST_PAGE = 1_000_000  # characters of HTML of one section or question; raised, telephones show it slowly
CODES = frozenset(
    {
        "many-headings",
        "many-sections",
        "many-questions",
        "many-choices",
        "many-headings-inside",
        "large-page",
        TOO_LARGE,
    }
)

# Errors of which earlier releases did not know, so that a text which was loaded then is only warned about.
NEW_ERRORS = frozenset({"open-code", "open-html"})


def broken(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Returns those problems that report a limit."""
    return tuple(problem for problem in problems if problem.code in CODES)


def allowed_before(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Returns those problems that a text may have if it was loaded before they were errors."""
    return tuple(problem for problem in problems if problem.code in CODES | NEW_ERRORS)


def are_all(errors: Collection[Problem]) -> bool:
    """Checks whether a document is refused for nothing but limits."""
    return bool(errors) and len(broken(errors)) == len(errors)


def too_many_headings(line: int) -> Problem:
    """Returns the problem of a document whose first heading too many is on ``line``."""
    template = N_(
        "There are more than {most} headings up to here. Split the document into several modules, or make text of some headings."
    )
    return _error(line, "many-headings", template, {"most": MOST_HEADINGS_OF_DOCUMENT})


def of_sections(lines: list[int]) -> Iterator[Problem]:
    """Yields a problem if a document has too many sections, which begin on these lines."""
    template = N_(
        "This document has {count} sections, and at most {most} are allowed. The first one too many begins here: move the rest into another module."
    )
    if len(lines) > MOST_SECTIONS:
        params = {"count": len(lines), "most": MOST_SECTIONS}
        yield _error(lines[MOST_SECTIONS], "many-sections", template, params)


def of_questions(lines: list[int]) -> Iterator[Problem]:
    """Yields a problem if a quiz, or the sections together, have too many questions, which begin on these lines."""
    template = N_(
        "There are {count} questions, and at most {most} are allowed. The first one too many begins here: move the rest into another module."
    )
    if len(lines) > MOST_QUESTIONS:
        params = {"count": len(lines), "most": MOST_QUESTIONS}
        yield _error(lines[MOST_QUESTIONS], "many-questions", template, params)


def of_choices(choices: int, line: int) -> Iterator[Problem]:
    """Yields a problem if the question on ``line`` has too many choices or accepted answers."""
    template = N_(
        "This question has {count} choices or answers, and at most {most} are allowed. Remove some, or make several questions of them."
    )
    if choices > MOST_CHOICES:
        yield _error(line, "many-choices", template, {"count": choices, "most": MOST_CHOICES})


def of_headings(headings: int, line: int) -> Iterator[Problem]:
    """Yields a problem if the section on ``line`` has too many headings inside."""
    template = N_(
        "This section has {count} headings inside, and at most {most} are allowed. Split it into several sections."
    )
    if headings > MOST_HEADINGS:
        yield _error(line, "many-headings-inside", template, {"count": headings, "most": MOST_HEADINGS})


def of_page(size: int, line: int) -> Iterator[Problem]:
    """Yields a problem if the HTML of the part on ``line`` has too many characters."""
    template = N_(
        "This part becomes a page of {size} kB, and at most {most} kB are allowed. Split it, or shorten its lists and tables."
    )
    if size > LARGEST_PAGE:
        yield _error(line, "large-page", template, {"size": size // 1000, "most": LARGEST_PAGE // 1000})


def _error(line: int, code: str, template: str, params: Mapping[str, int]) -> Problem:
    return Problem(line, "error", code, template, params)
