"""Makes the value that the result of an attempt shows, as far as its rules let the learner know it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.urls import reverse

from modules.models import Attempt, Module, Quiz
from modules.pages.notices import ToldGrade, told_grade
from modules.pages.reviews import MISSED, Review, reviews
from modules.quizzes import regrade_jobs, rules_in_words
from modules.quizzes.learner_rules import History
from modules.reading.outlines import Outline, Stop


@dataclass(frozen=True, slots=True)
class WaysOn:
    """The places that a learner can go to from a result.

    ``reads_on`` is the next section to read. ``is_done``: nothing is left to do. While the grade is
    hidden, both are the same whether or not the learner has passed; only a learner who has finished may know that.
    """

    reads_on: Stop | None
    is_done: bool
    can_retry: bool
    can_improve: bool
    has_missed: bool
    refusal: str
    quiz_url: str
    attempts_left: int | None
    open_attempt: Attempt | None
    practice_url: str


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A closed attempt with its grade and its reviews.

    ``counting`` is the grade that counts, in percent, if this attempt has another grade; ``counts`` names the rule for
    it. ``may_change``: the attempt is about to be graded again. ``is_by_another``: the learner has passed by another
    attempt. ``review_rule`` says when hidden answers are shown. ``judges``: the reviews say what is right. ``right``
    counts the right answers. ``told_grade`` is the latest change of the grade.
    """

    attempt: Attempt
    shows_grade: bool
    shows_answers: bool
    judges: bool
    grade: Fraction | None
    counting: Fraction | None
    counts: str
    has_several: bool
    pass_mark: int
    may_change: bool
    is_passed: bool
    is_by_another: bool
    is_finished: bool
    reviews: Sequence[Review]
    right: int
    review_rule: str
    told_grade: ToldGrade | None
    ways: WaysOn

    @property
    def total(self) -> int:
        return len(self.reviews)


def result_page(
    attempt: Attempt, module: Module, outline: Outline, history: History, now: datetime
) -> ResultPage:
    """Returns the result of a closed attempt. ``module`` has the figures of its learner's outline."""
    shown, counting = history.shown(attempt, now), history.grade(now)
    shows_grade = "marks" in shown and not attempt.is_abandoned
    is_finished = module.finished_at is not None
    reviewed = reviews(attempt, outline, shown) if shown else []
    goes_on = history.is_passed if shows_grade else not attempt.is_abandoned
    reads_on = outline.next_stop if goes_on and not is_finished else None
    is_done = goes_on and (shows_grade or is_finished) and not reads_on
    return ResultPage(
        attempt=attempt,
        shows_grade=shows_grade,
        shows_answers="answer" in shown,
        judges="correctness" in shown,
        grade=attempt.grade,
        counting=counting if counting != attempt.grade else None,
        counts=rules_in_words.word("counts", attempt.quiz.counts),
        has_several=len(history.made) > 1,
        pass_mark=history.pass_mark,
        may_change=shows_grade and regrade_jobs.is_waiting(attempt),
        is_passed=shows_grade and history.is_passed,
        is_by_another=not attempt.is_passed and attempt.quiz.counts != Quiz.Counts.AVERAGE,
        is_finished=is_finished,
        reviews=reviewed,
        right=sum(review.is_right for review in reviewed),
        review_rule="" if "right_answer" in shown else _review_rule(history),
        told_grade=told_grade(attempt) if shows_grade else None,
        ways=_ways_on(attempt, history, reviewed, now, reads_on=reads_on, is_done=is_done),
    )


def _review_rule(history: History) -> str:
    return rules_in_words.sentence_of_review(history.quiz, history.learner_rules)


def _ways_on(
    attempt: Attempt,
    history: History,
    reviewed: Sequence[Review],
    now: datetime,
    *,
    reads_on: Stop | None,
    is_done: bool,
) -> WaysOn:
    quiz, refusal = attempt.quiz, history.refusal(now)
    is_active = quiz.archived_at is None and quiz.module.is_readable
    has_missed = any(review.state in MISSED for review in reviewed)
    may_practise = has_missed and history.may_practise(attempt, now)
    is_refused = refusal is not None and quiz.module.is_readable
    is_resting = history.open_attempt is not None and history.open_attempt.is_withdrawn
    return WaysOn(
        reads_on=reads_on,
        is_done=is_done,
        can_retry=refusal is None and is_active,
        can_improve=history.can_improve(now),
        has_missed=has_missed,
        refusal=rules_in_words.refusal_sentence(refusal) if refusal and is_refused else "",
        quiz_url=quiz.get_absolute_url() if is_active else "",
        attempts_left=history.left,
        open_attempt=None if is_resting else history.open_attempt,
        practice_url=reverse("missed", args=[attempt.pk]) if may_practise else "",
    )
