"""Holds the table of the rules of a final quiz: one entry says everything about one rule.

Front matter, database columns, the form, the plan page and the sentences for learners all read this table. A new rule
needs an entry here and

- a column of :class:`modules.models.Quiz` with its migration, and its date or kept value in ``quizzes/rules.py``;
- the code that obeys it, in ``quizzes/``, and its sentence in ``quizzes/rules_in_words.py``;
- its place in the form (``ORDER`` in ``forms/quiz_rules.py``), and ``FOR_ATTEMPTS_MADE`` in ``authoring/policy.py`` if
  it counts for attempts that were made before;
- a row in ``docs/format.md``, the Indonesian of its words (``make messages``), and a line in the changelog.

Names and meanings are those of Moodle, which are the most precise of the field.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import partial
from typing import Any

from modules.document.problems import N_
from modules.document.syntax.dates import parse_date
from modules.document.syntax.review import parse_review

YEAR = 527_040  # minutes
WEEK = 10_080  # minutes
# Keys of sentences of the review “passed”: an end of attempts, or of the quiz, is named only if it can come.
PASSED_UNLIMITED = "passed, unlimited"
PASSED_OR_CLOSED = "passed, or closed"
PASSED_UNLIMITED_OR_CLOSED = "passed, unlimited, or closed"
KEPT_BY_ATTEMPTS = N_("Attempts that are under way or submitted keep theirs.")
KEEPS_ORDER = N_("Attempts that are under way keep their order.")
COUNTS_AT_ONCE = N_("Counts at once, for submitted attempts too.")


class Late(StrEnum):
    SUBMIT = "submit"
    GRACE = "grace"
    ABANDON = "abandon"


class Counts(StrEnum):
    HIGHEST = "highest"
    AVERAGE = "average"
    FIRST = "first"
    LAST = "last"


class Scoring(StrEnum):
    RIGHT_MINUS_WRONG = "right_minus_wrong"
    ALL_OR_NOTHING = "all_or_nothing"


class QuizOpens(StrEnum):
    AFTER_SECTIONS = "after_sections"
    AT_ONCE = "at_once"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Says everything about one rule. Sentences are the English keys of translations.

    ``parse`` turns what front matter holds into the stored value, or raises ValueError; ``problem`` is shown then.
    ``label`` names the rule on plan pages, ``form_label`` and ``help`` on its form, in a ``row`` of a ``group``.
    ``note`` says what a change means for learners. ``words`` names each value of a rule that has a few.
    ``sentences`` tells learners about a value; the sentence of ``""`` is for any value, which is its ``%(time)s``.
    ``column`` is the one of the quiz, where it has another name. ``bounds`` are those of a number.
    """

    parse: Callable[[Any], Any]
    problem: str
    label: str
    form_label: str
    group: str
    row: int = 1
    help: str = ""
    note: str = ""
    column: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    sentences: Mapping[str, str] = field(default_factory=dict)
    bounds: tuple[int, int] | None = None
    is_date: bool = False
    is_duration: bool = False  # in minutes


def number(low: int, high: int) -> dict[str, Any]:
    """Returns what the entry of a whole number needs."""
    return {"parse": partial(_whole, low=low, high=high), "bounds": (low, high)}


def one_of(words: Mapping[str, str]) -> dict[str, Any]:
    """Returns what the entry of a rule with a few values needs. ``words`` names each value."""
    return {"parse": partial(_word, words=tuple(words)), "words": words}


def _whole(value: object, low: int, high: int) -> int:
    if type(value) is int and low <= value <= high:
        return value
    raise ValueError(value)


def _word(value: object, words: tuple[str, ...]) -> str:
    if isinstance(value, str) and value in words:
        return str(value)
    raise ValueError(value)


def _flag(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise ValueError(value)


def entry(default: object, **about: Any) -> Any:
    """Returns a field of :class:`Rules` with its default, and its entry in the table."""
    return field(default=default, metadata={"rule": Rule(**about)})


@dataclass(frozen=True, slots=True)
class Rules:
    """Holds the rules of a quiz as its document writes them, with their defaults.

    ``review`` is one of REVIEW_WORDS, or a table as :func:`parse_review` writes it. ``opens`` and ``closes`` are
    ISO 8601; without an offset they are in the site's own time zone. ``quiz_opens`` is empty if the document does not
    say it: then the quiz keeps the value that it has.
    """

    pass_mark: int = entry(
        70,
        **number(0, 100),
        problem=N_("“pass_mark” has to be a whole number from 0 to 100."),
        label=N_("pass mark"),
        form_label=N_("Pass mark, in percent"),
        group="attempts",
        help=N_("Attempts that have begun keep the one that they began with. Left empty, it is 70."),
        note=KEPT_BY_ATTEMPTS,
    )
    attempts: int | None = entry(
        None,
        **number(1, 1_000),
        problem=N_("“attempts” has to be a whole number from 1. Leave it out to allow any number."),
        label=N_("attempts"),
        form_label=N_("Attempts allowed"),
        group="attempts",
        help=N_("Left empty, the quiz may be taken as often as one likes."),
        note=N_("Attempts that were made count: who has none left cannot begin another."),
        column="attempts_allowed",
    )
    wait: int = entry(
        0,
        **number(0, YEAR),
        is_duration=True,
        problem=N_(
            "“wait” has to be the whole number of minutes between two attempts. Leave it out for none."
        ),
        label=N_("waiting time between attempts"),
        form_label=N_("Pause between two attempts, in minutes"),
        group="attempts",
        help=N_("1440 minutes are a day. Left empty, there is no pause."),
        note=N_("Counts for whoever begins another attempt."),
        sentences={"": N_("Between two attempts there is a pause of %(time)s.")},
    )
    time_limit: int | None = entry(
        None,
        **number(1, WEEK),
        is_duration=True,
        problem=N_("“time_limit” has to be a whole number of minutes from 1. Leave it out for no limit."),
        label=N_("time for each attempt"),
        form_label=N_("Time for each attempt, in minutes"),
        group="time",
        help=N_("Left empty, it has no limit."),
        sentences={"": N_("An attempt lasts at most %(time)s.")},
    )
    late: str = entry(
        Late.SUBMIT.value,
        **one_of(
            {
                Late.SUBMIT.value: N_("what is saved is submitted"),
                Late.GRACE.value: N_("there is some time left to submit"),
                Late.ABANDON.value: N_("the attempt does not count"),
            }
        ),
        problem=N_("“late” has to be submit, grace or abandon."),
        label=N_("when time is up"),
        form_label=N_("When time is up"),
        group="time",
        row=2,
        help=N_("Time is up when the minutes are over, or when the quiz closes."),
        note=KEPT_BY_ATTEMPTS,
        sentences={
            Late.SUBMIT.value: N_("When time is up, what you have answered is submitted by itself."),
            Late.GRACE.value: N_(
                "When time is up, answers can no longer be changed; you have %(time)s left to submit them."
            ),
            Late.ABANDON.value: N_("Submit before time is up: otherwise the attempt does not count."),
        },
    )
    grace: int = entry(
        10,
        **number(1, WEEK),
        is_duration=True,
        problem=N_("“grace” has to be the whole number of minutes in which one may still submit."),
        label=N_("time to submit when time is up"),
        form_label=N_("Time left to submit, in minutes"),
        group="time",
        row=2,
        help=N_(
            "Only where there is some time left to submit when time is up. Answers can no longer be changed then."
        ),
        note=KEPT_BY_ATTEMPTS,
    )
    counts: str = entry(
        Counts.HIGHEST.value,
        **one_of(
            {
                Counts.HIGHEST.value: N_("the highest grade"),
                Counts.AVERAGE.value: N_("the average of all grades"),
                Counts.FIRST.value: N_("the grade of the first attempt"),
                Counts.LAST.value: N_("the grade of the last attempt"),
            }
        ),
        problem=N_("“counts” has to be highest, average, first or last."),
        label=N_("which grade counts"),
        form_label=N_("Grade that counts"),
        group="attempts",
        help=N_("It also decides who has passed."),
        note=COUNTS_AT_ONCE,
        sentences={
            Counts.HIGHEST.value: N_("The highest grade counts."),
            Counts.AVERAGE.value: N_("The average of all grades counts."),
            Counts.FIRST.value: N_("The grade of the first attempt counts."),
            Counts.LAST.value: N_("The grade of the last attempt counts."),
        },
    )
    scoring: str = entry(
        Scoring.RIGHT_MINUS_WRONG.value,
        **one_of(
            {
                Scoring.RIGHT_MINUS_WRONG.value: N_("right choices minus wrong ones"),
                Scoring.ALL_OR_NOTHING.value: N_("all or nothing"),
            }
        ),
        problem=N_("“scoring” has to be right_minus_wrong or all_or_nothing."),
        label=N_("scoring of multiple response"),
        form_label=N_("Scoring of multiple response"),
        group="questions",
        help=N_("Right minus wrong gives a part of the points for a part of the choices, never less than 0."),
        note=KEPT_BY_ATTEMPTS,
        sentences={
            Scoring.RIGHT_MINUS_WRONG.value: N_(
                "Where several choices are right: each right one adds, each wrong one takes as much away, never below 0."
            ),
            Scoring.ALL_OR_NOTHING.value: N_(
                "Where several choices are right: only all of them, and no wrong one, earn the points."
            ),
        },
    )
    shuffle: bool = entry(
        False,
        parse=_flag,
        problem=N_("“shuffle” has to be true or false."),
        label=N_("random order"),
        form_label=N_("Questions and choices in random order"),
        group="questions",
        help=N_("Choices that speak of the others (“all of the above”) keep their place."),
        note=KEEPS_ORDER,
    )
    draw: int | None = entry(
        None,
        **number(1, 1_000),
        problem=N_(
            "“draw” has to be how many of the questions an attempt asks, a whole number from 1. Leave it out to ask all."
        ),
        label=N_("questions asked"),
        form_label=N_("Questions that an attempt asks"),
        group="questions",
        help=N_(
            "This many are drawn from the questions outside pools; those that the learner has not had yet come first. Left empty, all are asked."
        ),
        note=KEEPS_ORDER,
    )
    review: str = entry(
        "passed",
        parse=parse_review,
        problem=N_(
            "“review” has to be passed, submitted or never; or a table of right_after, while_open and after_closing, each with a list of answer, correctness, marks, feedback, explanation and right_answer."
        ),
        label=N_("review"),
        form_label=N_("What learners see of an attempt that they have submitted"),
        group="review",
        help=N_(
            "An explanation gives the answer away, so it comes with the right answers, or at once if the question was answered right. A table decides by itself."
        ),
        note=COUNTS_AT_ONCE,
        words={
            "passed": N_("right answers once passed, or when no attempts are left"),
            "submitted": N_("right answers after each attempt"),
            "never": N_("right answers never"),
        },
        sentences={
            "passed": N_(
                "The right answers, and the explanations of what you missed, are shown once you have passed, or have no attempts left."
            ),
            PASSED_UNLIMITED: N_(
                "The right answers, and the explanations of what you missed, are shown once you have passed."
            ),
            PASSED_OR_CLOSED: N_(
                "The right answers, and the explanations of what you missed, are shown once you have passed, have no attempts left, or the quiz has closed."
            ),
            PASSED_UNLIMITED_OR_CLOSED: N_(
                "The right answers, and the explanations of what you missed, are shown once you have passed, or the quiz has closed."
            ),
            "submitted": N_("The right answers are shown after each attempt."),
            "never": N_("The right answers, and the explanations of what you missed, are not shown."),
        },
    )
    quiz_opens: str = entry(
        "",
        **one_of(
            {
                QuizOpens.AFTER_SECTIONS.value: N_("when all sections are read"),
                QuizOpens.AT_ONCE.value: N_("at once"),
            }
        ),
        problem=N_("“quiz_opens” has to be after_sections or at_once."),
        label=N_("the final quiz opens"),
        form_label=N_("The final quiz opens"),
        group="time",
        row=3,
        help=N_("A learner who has an attempt may always finish it."),
        note=N_("Attempts that are under way go on."),
    )
    opens: str = entry(
        "",
        parse=parse_date,
        is_date=True,
        problem=N_(
            "“opens” has to be a date, or a date and a time, from 1971 on: 2027-03-01, 2027-03-01 08:00 or 2027-03-01 08:00 +07:00."
        ),
        label=N_("opens"),
        form_label=N_("Opens"),
        group="time",
        row=4,
        note=N_("Attempts that are under way go on."),
        column="opens_at",
        sentences={"": N_("The quiz opens on %(time)s.")},
    )
    closes: str = entry(
        "",
        parse=partial(parse_date, ends_day=True),
        is_date=True,
        problem=N_(
            "“closes” has to be a date, or a date and a time, before the year 9000: 2027-03-01, 2027-03-01 17:00 or 2027-03-01 17:00 +07:00. Leave it out for no end."
        ),
        label=N_("closes"),
        form_label=N_("Closes"),
        group="time",
        row=4,
        help=N_("For the end of a day, choose 00:00 of the next one. An attempt under way ends then, too."),
        column="closes_at",
        sentences={"": N_("The quiz closes on %(time)s.")},
    )


RULES: Mapping[str, Rule] = {rule.name: rule.metadata["rule"] for rule in fields(Rules)}
