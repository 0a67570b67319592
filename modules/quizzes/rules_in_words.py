"""The rules of a quiz in words: their names and values for instructors, and sentences for learners; and points.

What a load changes is named and counted here too, for the admin and for the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from modules.document.syntax import rules
from modules.models import Quiz
from modules.quizzes.learner_rules import LearnerRules
from modules.quizzes.values_in_words import duration, ending, moment

# By the names that rules have in front matter.
NAMES: Mapping[str, Promise] = {
    "pass_mark": gettext_lazy("pass mark"),
    "attempts": gettext_lazy("attempts"),
    "wait": gettext_lazy("waiting time between attempts"),
    "time_limit": gettext_lazy("time for each attempt"),
    "late": gettext_lazy("when time is up"),
    "grace": gettext_lazy("time to submit when time is up"),
    "counts": gettext_lazy("which grade counts"),
    "scoring": gettext_lazy("scoring of multiple response"),
    "shuffle": gettext_lazy("random order"),
    "draw": gettext_lazy("questions asked"),
    "pools": gettext_lazy("pools of questions"),
    "review": gettext_lazy("review"),
    "opens": gettext_lazy("opens"),
    "closes": gettext_lazy("closes"),
}
REVIEWS: Mapping[str, Promise] = {
    "passed": gettext_lazy("right answers once passed, or when no attempts are left"),
    "submitted": gettext_lazy("right answers after each attempt"),
    "never": gettext_lazy("right answers never"),
}
MOMENTS: Mapping[str, Promise] = {
    "right_after": gettext_lazy("right after"),
    "while_open": gettext_lazy("while open"),
    "after_closing": gettext_lazy("after closing"),
}
ASPECTS: Mapping[str, Promise] = {
    "answer": gettext_lazy("the answer"),
    "correctness": gettext_lazy("whether it is right"),
    "marks": gettext_lazy("marks"),
    "feedback": gettext_lazy("feedback"),
    "explanation": gettext_lazy("explanation"),
    "right_answer": gettext_lazy("the right answer"),
}
CHOICES: Mapping[str, Mapping[str, Any]] = {
    "late": dict(Quiz.Late.choices),
    "counts": dict(Quiz.Counts.choices),
    "scoring": dict(Quiz.Scoring.choices),
}


def value(name: str, of: Any) -> str:
    """The value of a rule as instructors read it."""
    if isinstance(of, bool):
        return _("yes") if of else _("no")
    if isinstance(of, datetime):
        return ending(of) if name == "closes" else moment(of)
    if of in (None, "", 0, ()) and name != "pass_mark":
        return _("any number") if name == "attempts" else _("none")
    if name in ("wait", "time_limit", "grace"):
        return duration(of)
    if name == "review":
        return review(of)
    if name == "pools":
        return "; ".join(pool(*one) for one in of)
    return str(CHOICES.get(name, {}).get(of, of))


def pool(title: str, draw: int | None, size: int) -> str:
    """A pool, and how many of its questions an attempt asks (``None`` for all)."""
    return _("“%(title)s”, %(asks)d of %(size)d") % {
        "title": title,
        "asks": min(draw or size, size),
        "size": size,
    }


def review(word: str) -> str:
    """What may be reviewed when, in one line."""
    if word in REVIEWS:
        return str(REVIEWS[word])
    parts = []
    for key in rules.MOMENTS:
        aspects = [
            str(ASPECTS[one]) for one in rules.ASPECTS if one in rules.shown_by(word, key, is_over=False)
        ]
        shown = ", ".join(aspects) or _("nothing")
        parts.append(f"{MOMENTS[key]}: {shown}")
    return "; ".join(parts)


def beside_figures(
    quiz: Quiz, learner_rules: LearnerRules, now: datetime, *, has_multiple: bool, questions: int
) -> Iterator[str]:
    """The rules on the page of a quiz: time first, since only the first few are not folded away.

    Without what stands in its figures (time, attempts that are left), and without what is past.
    """
    if learner_rules.time_limit or learner_rules.closes_at:
        yield _late(quiz)
    if learner_rules.closes_at and now < learner_rules.closes_at:
        yield _closing(learner_rules.closes_at)
    if quiz.wait and learner_rules.attempts != 1:
        yield _pause(quiz)
    if learner_rules.opens_at and now < learner_rules.opens_at:
        yield _opening(learner_rules.opens_at)
    if learner_rules.attempts != 1:
        yield _counting(quiz)
    if has_multiple:
        yield _scoring(quiz)
    yield from _drawing(quiz, questions)
    yield sentence_of_review(quiz)


def sentences(
    quiz: Quiz, learner_rules: LearnerRules, *, has_multiple: bool, questions: int = 0
) -> Iterator[str]:
    """The rules of a quiz for one learner, a sentence each. ``questions`` is how many it has in all."""
    yield from summary(quiz, learner_rules)
    yield from _drawing(quiz, questions)
    if learner_rules.time_limit or learner_rules.closes_at:
        yield _late(quiz)
    if has_multiple:
        yield _scoring(quiz)
    yield sentence_of_review(quiz)


def summary(quiz: Quiz, learner_rules: LearnerRules, now: datetime | None = None) -> Iterator[str]:
    """What somebody wants to know of a quiz before they begin its module.

    With the time that it is ``now``, without an opening that is past.
    """
    yield _attempts(quiz, learner_rules)
    if quiz.wait and learner_rules.attempts != 1:
        yield _pause(quiz)
    if learner_rules.minutes:
        yield _("An attempt lasts at most %(time)s.") % {"time": duration(learner_rules.minutes)}
    if learner_rules.opens_at and (now is None or now < learner_rules.opens_at):
        yield _opening(learner_rules.opens_at)
    if learner_rules.closes_at:
        yield _closing(learner_rules.closes_at)


def _attempts(quiz: Quiz, learner_rules: LearnerRules) -> str:
    if learner_rules.attempts == 1:
        return _("You have one attempt.")
    number = _("You may take the quiz as often as you like.")
    if learner_rules.attempts is not None:
        number = ngettext("You have %(n)d attempt.", "You have %(n)d attempts.", learner_rules.attempts) % {
            "n": learner_rules.attempts
        }
    return f"{number} {_counting(quiz)}"


def _counting(quiz: Quiz) -> str:
    counts = {
        Quiz.Counts.HIGHEST: _("The highest grade counts."),
        Quiz.Counts.AVERAGE: _("The average of all grades counts."),
        Quiz.Counts.FIRST: _("The grade of the first attempt counts."),
        Quiz.Counts.LAST: _("The grade of the last attempt counts."),
    }
    return counts[Quiz.Counts(quiz.counts)]


def _pause(quiz: Quiz) -> str:
    return _("Between two attempts there is a pause of %(time)s.") % {"time": duration(quiz.wait)}


def _opening(at: datetime) -> str:
    return _("The quiz opens on %(time)s.") % {"time": moment(at)}


def _closing(at: datetime) -> str:
    return _("The quiz closes on %(time)s.") % {"time": ending(at)}


def _drawing(quiz: Quiz, questions: int) -> Iterator[str]:
    if questions > quiz.asks:
        yield _(
            "Each attempt asks %(asks)d of %(questions)d questions; those that you have not had yet come first."
        ) % {"asks": quiz.asks, "questions": questions}


def _late(quiz: Quiz) -> str:
    match quiz.late:
        case Quiz.Late.GRACE:
            return _(
                "When time is up, answers can no longer be changed; you have %(time)s left to submit them."
            ) % {"time": duration(quiz.grace)}
        case Quiz.Late.ABANDON:
            return _("Submit before time is up: otherwise the attempt does not count.")
    return _("When time is up, what you have answered is submitted by itself.")


def _scoring(quiz: Quiz) -> str:
    if quiz.scoring == Quiz.Scoring.ALL_OR_NOTHING:
        return _("Where several choices are right: only all of them, and no wrong one, earn the points.")
    return _(
        "Where several choices are right: each right one adds, each wrong one takes as much away, never below 0."
    )


def sentence_of_review(quiz: Quiz) -> str:
    """When the right answers are shown."""
    match quiz.review:
        case "passed":
            return _("The right answers are shown once you have passed, or have no attempts left.")
        case "submitted":
            return _("The right answers are shown after each attempt.")
        case "never":
            return _("The right answers are not shown.")
    if "right_answer" in rules.shown_by(quiz.review, "right_after", is_over=False):
        return _("The right answers are shown right after each attempt.")
    if "right_answer" in rules.shown_by(quiz.review, "while_open", is_over=False):
        return _("The right answers are shown a little after each attempt.")
    if "right_answer" in rules.shown_by(quiz.review, "after_closing", is_over=False):
        return _("The right answers are shown when the quiz has closed.")
    return _("The right answers are not shown.")
