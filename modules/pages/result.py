"""Makes the value that the result of an attempt shows, as far as its rules let the learner know it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from math import ceil

from django.urls import reverse

from modules.models import Attempt, Module, Quiz
from modules.pages.late_answers import ShownLateAnswer, late_answers_of
from modules.pages.notices import ToldGrade, told_grade
from modules.pages.reread import Reread, to_reread
from modules.pages.reviews import MISSED, Review, reviews
from modules.quizzes import regrade_jobs, rules_in_words
from modules.quizzes.learner_rules import History
from modules.quizzes.values_in_words import duration
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
class Scale:
    """A grade on a line from 0 to 100, as places in a drawing that is 300 wide. ``anchor`` keeps its number inside."""

    grade: str
    passing: str
    filled: str
    anchor: str
    has_zero: bool
    has_hundred: bool


@dataclass(frozen=True, slots=True)
class ResultPage:
    """A closed attempt with its grade and its reviews.

    ``counting`` is the grade that counts, in percent, if this attempt has another grade; ``counts`` names the rule for
    it. ``may_change``: the attempt is about to be graded again. ``is_by_another``: the learner has passed by another
    attempt. ``review_rule`` says when hidden answers are shown. ``judges``: the reviews say what is right. ``right``
    counts the right answers. ``told_grade`` is the latest change of the grade. ``missing`` is how many points of a
    hundred, rounded up, the grade lacks, and ``questions_missing`` how many more questions would have passed.
    ``reread`` has the sections to read again. ``time_used`` and ``time_limit`` are in words. ``late`` holds answers
    that arrived after the attempt was closed.
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
    scale: Scale | None
    missing: int
    questions_missing: int
    reread: Sequence[Reread]
    time_used: str
    time_limit: str
    late: Sequence[ShownLateAnswer]

    @property
    def total(self) -> int:
        return len(self.reviews)

    @property
    def missed(self) -> int:
        """Counts the questions that leave something to practise, as far as the reviews say so."""
        return sum(review.state in MISSED for review in self.reviews)

    @property
    def reread_minutes(self) -> int:
        return sum(item.stop.minutes for item in self.reread)

    @property
    def rereads(self) -> bool:
        """Tells whether the result leads to what was missed, because the learner has not passed."""
        is_missed = self.shows_grade and not self.is_passed and not self.ways.open_attempt
        return (
            is_missed and self.attempt.quiz.module.is_readable and bool(self.reread or self.ways.practice_url)
        )

    @property
    def is_last_attempt_next(self) -> bool:
        return self.ways.attempts_left == 1


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
        scale=_scale(attempt.grade, history.pass_mark) if shows_grade and attempt.grade is not None else None,
        missing=_missing(attempt, history, now) if shows_grade else 0,
        questions_missing=_questions_missing(attempt, history, reviewed, now) if shows_grade else 0,
        reread=to_reread(reviewed),
        time_used=_time_used(attempt) if shows_grade else "",
        time_limit=_time_limit(attempt),
        late=late_answers_of(attempt),
    )


def _scale(grade: Fraction, pass_mark: int) -> Scale:
    def place(percent: Fraction | int) -> str:
        return f"{float(6 + 288 * Fraction(percent) / 100):.1f}"

    return Scale(
        grade=place(grade),
        passing=place(pass_mark),
        filled=f"{float(288 * grade / 100):.1f}",
        anchor="start" if grade < 4 else "end" if grade > 96 else "middle",
        has_zero=pass_mark > 14,
        has_hundred=pass_mark < 84,
    )


def _lacks(attempt: Attempt, history: History, now: datetime) -> bool:
    """Tells whether this attempt decides, and does not pass. Then its distance from the pass mark means something."""
    return attempt.grade is not None and not history.is_passed and history.grade(now) == attempt.grade


def _missing(attempt: Attempt, history: History, now: datetime) -> int:
    return ceil(history.pass_mark - (attempt.grade or 0)) if _lacks(attempt, history, now) else 0


def _questions_missing(attempt: Attempt, history: History, reviewed: Sequence[Review], now: datetime) -> int:
    """Returns how many more right answers would pass, or 0 if questions differ in worth or one is partly right."""
    worth = {review.points for review in reviewed}
    is_even = len(worth) == 1 and all(review.state and review.state != "partly" for review in reviewed)
    if not is_even or not _lacks(attempt, history, now) or attempt.mark is None or attempt.max_mark is None:
        return 0
    return ceil((attempt.max_mark * history.pass_mark / 100 - attempt.mark) / worth.pop())


def _time_used(attempt: Attempt) -> str:
    if attempt.submitted_at is None:
        return ""
    seconds = max(1, round((attempt.submitted_at - attempt.started_at).total_seconds()))
    return duration(Fraction(seconds, 60) if seconds < 3600 else seconds // 60)


def _time_limit(attempt: Attempt) -> str:
    """Returns the time that an attempt had. An attempt that lasts for days is limited by the end of the quiz."""
    if attempt.deadline is None or attempt.deadline - attempt.started_at > timedelta(days=1):
        return ""
    return duration(Fraction(round((attempt.deadline - attempt.started_at).total_seconds()), 60))


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
