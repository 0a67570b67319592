"""Says the rules of a quiz in words: names and values for instructors, sentences for learners."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from modules.document.syntax.review import ASPECTS, MOMENTS, REVIEW_WORDS, shown_by
from modules.document.syntax.rules import (
    PASSED_OR_CLOSED,
    PASSED_UNLIMITED,
    PASSED_UNLIMITED_OR_CLOSED,
    RULES,
)
from modules.models import Quiz
from modules.quizzes.learner_rules import LearnerRules, Refused
from modules.quizzes.values_in_words import beginning, duration, ending, moment

# The names of the rules on plan pages, by their keys in front matter. Pools are in the document, not in front matter.
NAMES: Mapping[str, Promise] = {name: gettext_lazy(rule.label) for name, rule in RULES.items()} | {
    "pools": gettext_lazy("pools of questions")
}
MOMENT_NAMES: Mapping[str, Promise] = {
    "right_after": gettext_lazy("right after"),
    "while_open": gettext_lazy("while open"),
    "after_closing": gettext_lazy("after closing"),
}
ASPECT_NAMES: Mapping[str, Promise] = {
    "answer": gettext_lazy("the answer"),
    "correctness": gettext_lazy("whether it is right"),
    "marks": gettext_lazy("marks"),
    "feedback": gettext_lazy("feedback"),
    "explanation": gettext_lazy("explanation"),
    "right_answer": gettext_lazy("the right answer"),
}


def word(name: str, value: str) -> str:
    """Returns the name of a value of a rule that has a few, such as “the highest grade”."""
    return _(RULES[name].words[value])


def value_in_words(name: str, value: Any) -> str:
    """Returns the value of a rule as instructors read it."""
    rule = RULES.get(name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return ending(value) if name == "closes" else moment(value)
    if value in (None, "", 0, ()) and name != "pass_mark":
        return _("unlimited") if name == "attempts" else _("none")
    if rule and rule.is_duration:
        return duration(value)
    if rule and value in rule.words:
        return word(name, value)
    if name == "review":
        return _table_of_review(value)
    if name == "pools":
        return "; ".join(pool(*each) for each in value)
    return str(value)


def pool(title: str, draw: int | None, size: int) -> str:
    """Returns a pool, and how many of its questions an attempt asks (``None`` for all)."""
    return _("“%(title)s”, %(asks)d of %(size)d") % {
        "title": title,
        "asks": min(draw or size, size),
        "size": size,
    }


def _table_of_review(review: str) -> str:
    """Returns in one line what may be reviewed at each moment."""
    parts = []
    for moment_key in MOMENTS:
        shown = shown_by(review, moment_key, is_over=False)
        aspects = ", ".join(str(ASPECT_NAMES[aspect]) for aspect in ASPECTS if aspect in shown)
        shown_aspects = aspects or _("nothing")
        parts.append(f"{MOMENT_NAMES[moment_key]}: {shown_aspects}")
    return "; ".join(parts)


class SmallRule(NamedTuple):
    """A rule on the page of a quiz: an icon, what weighs most in it, and the rest of its words."""

    icon: str
    lead: str
    words: str


def beside_figures(
    quiz: Quiz, learner_rules: LearnerRules, now: datetime, *, has_multiple: bool, questions: int
) -> Iterator[SmallRule]:
    """Yields all rules on the page of a quiz, the weighty ones first. Dates that are past are left out."""
    yield from (SmallRule("check", "", sentence) for sentence in _drawing(quiz, questions))
    yield from _times(quiz, learner_rules, now)
    yield _attempts_allowed(quiz, learner_rules)
    if quiz.wait and learner_rules.attempts != 1:
        yield SmallRule("clock", "", _pause(quiz))
    if has_multiple:
        yield SmallRule("half", "", _scoring(quiz))
    yield SmallRule("info", "", sentence_of_review(quiz, learner_rules))


def _times(quiz: Quiz, learner_rules: LearnerRules, now: datetime) -> Iterator[SmallRule]:
    closes_at, opens_at = learner_rules.closes_at, learner_rules.opens_at
    if learner_rules.minutes:
        runs = _("from the moment you press start, also while the page is closed.")
        yield SmallRule("clock", duration(learner_rules.minutes), f"{runs} {_late(quiz)}")
    if opens_at and now < opens_at:
        yield SmallRule("clock", "", _opening(opens_at))
    if closes_at and now < closes_at:
        words = "" if learner_rules.minutes else _late(quiz)
        yield SmallRule("clock", _closing(closes_at), words)


def _attempts_allowed(quiz: Quiz, learner_rules: LearnerRules) -> SmallRule:
    allowed = learner_rules.attempts
    if allowed is None:
        return SmallRule("again", _("Any number of attempts."), _counting(quiz))
    lead = ngettext("%(n)d attempt.", "%(n)d attempts.", allowed) % {"n": allowed}
    return SmallRule("again", lead, "" if allowed == 1 else _counting(quiz))


def sentences(
    quiz: Quiz, learner_rules: LearnerRules, *, has_multiple: bool, questions: int = 0
) -> Iterator[str]:
    """Yields the rules of a quiz for one learner, a sentence each. ``questions`` is how many the quiz has in all."""
    yield from summary(quiz, learner_rules)
    yield from _drawing(quiz, questions)
    if learner_rules.time_limit or learner_rules.closes_at:
        yield _late(quiz)
    if has_multiple:
        yield _scoring(quiz)
    yield sentence_of_review(quiz, learner_rules)


def summary(quiz: Quiz, learner_rules: LearnerRules, now: datetime | None = None) -> Iterator[str]:
    """Yields what a learner wants to know of a quiz before beginning its module.

    With ``now``, an opening that is past is left out.
    """
    yield _attempts(quiz, learner_rules)
    if quiz.wait and learner_rules.attempts != 1:
        yield _pause(quiz)
    if learner_rules.minutes:
        yield _sentence("time_limit", time=duration(learner_rules.minutes))
    if learner_rules.opens_at and (now is None or now < learner_rules.opens_at):
        yield _opening(learner_rules.opens_at)
    if learner_rules.closes_at:
        yield _closing(learner_rules.closes_at)


def _sentence(name: str, value: str = "", *, time: str = "") -> str:
    """Returns the sentence of a rule from the table, for one of its values, or for any value."""
    return _(RULES[name].sentences[value]) % {"time": time}


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
    return _sentence("counts", quiz.counts)


def _pause(quiz: Quiz) -> str:
    return _sentence("wait", time=duration(quiz.wait))


def _opening(opens_at: datetime) -> str:
    return _sentence("opens", time=moment(opens_at))


def _closing(closes_at: datetime) -> str:
    return _sentence("closes", time=ending(closes_at))


def _drawing(quiz: Quiz, questions: int) -> Iterator[str]:
    if questions > quiz.asks:
        yield _(
            "Each attempt asks %(asks)d of %(questions)d questions; those that you have not had yet come first."
        ) % {"asks": quiz.asks, "questions": questions}


def _late(quiz: Quiz) -> str:
    return _sentence("late", quiz.late, time=duration(quiz.grace))


def _scoring(quiz: Quiz) -> str:
    return _sentence("scoring", quiz.scoring)


def sentence_of_review(quiz: Quiz, learner_rules: LearnerRules) -> str:
    """Returns when the right answers are shown to a learner. It names no moment that never comes."""
    if quiz.review == "passed":
        return _sentence("review", _key_of_passed(learner_rules))
    if quiz.review in REVIEW_WORDS:
        return _sentence("review", quiz.review)
    if "right_answer" in shown_by(quiz.review, "right_after", is_over=False):
        return _("The right answers are shown right after each attempt.")
    if "right_answer" in shown_by(quiz.review, "while_open", is_over=False):
        return _("The right answers are shown a little after each attempt.")
    if learner_rules.closes_at and "right_answer" in shown_by(quiz.review, "after_closing", is_over=False):
        return _("The right answers are shown when the quiz has closed.")
    return _("The right answers are not shown.")


def _key_of_passed(learner_rules: LearnerRules) -> str:
    if learner_rules.attempts is None:
        return PASSED_UNLIMITED_OR_CLOSED if learner_rules.closes_at else PASSED_UNLIMITED
    return PASSED_OR_CLOSED if learner_rules.closes_at else "passed"


def refusal_sentence(refusal: Refused) -> str:
    """Returns the sentence that says why a learner may not start an attempt."""
    until = beginning(refusal.until) if refusal.until else ""
    reasons = {
        "withdrawn": _("This module was withdrawn. What you did in it is kept."),
        "unread": _("Read the sections that are still missing; then the quiz opens."),
        "no-attempts-left": _("You have used all your attempts. Your results stay here."),
        "not-open-yet": _("The quiz opens on %(time)s."),
        "closed": _("The quiz is closed. Your results stay here."),
        "wait": _("You can try again from %(time)s."),
        "closes-first": _(
            "The quiz closes before the pause is over, so there is no further attempt. Your results stay here."
        ),
    }
    return reasons[refusal.reason] % {"time": until}
