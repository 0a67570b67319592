"""Makes the value that the page of a quiz shows, before an attempt and between attempts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.urls import reverse

from modules.document.html.render import SafeHTML, place
from modules.models import Attempt, QuestionVersion, Quiz
from modules.pages.open_attempts import open_attempt_of
from modules.pages.reread import Reread, to_reread
from modules.pages.reviews import reviews
from modules.quizzes import practice, rules_in_words
from modules.quizzes.learner_rules import History, LearnerRules
from modules.quizzes.rules_in_words import SmallRule
from modules.reading.cards import OpenAttempt
from modules.reading.outlines import Outline, Stop


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """A closed attempt in a list. ``grade`` is in percent, or ``None`` if it is hidden or does not exist."""

    number: int
    url: str
    ended_at: datetime | None
    minutes: int
    grade: Fraction | None
    is_passed: bool
    is_abandoned: bool


@dataclass(frozen=True, slots=True)
class Passed:
    """A passed quiz: the grade that counts, if it is shown, and the result of the last attempt that has passed."""

    grade: Fraction | None
    finished_at: datetime | None
    result_url: str


@dataclass(frozen=True, slots=True)
class QuizPage:
    """A quiz with its rules in sentences, and what the learner can do with it now.

    ``minutes`` is the time limit of an attempt. ``attempts_left`` is ``None`` if any number is left. ``unread`` holds
    the sections that keep the quiz closed. ``counting`` is the grade that counts, in percent, once there are several
    attempts; ``counts`` names the rule for it. ``refusal`` says why no attempt may start now. ``deadline`` is the end
    of an attempt that starts now. ``best`` is the grade that counts if no further attempt is possible and none has
    passed; then ``reread`` has the sections of what was missed last. ``most_asked`` is the section that most questions
    are about. ``practice_url`` leads to the ``missed`` questions of the last attempt, if they may be practised.
    """

    title: str
    pass_mark: int
    introduction: SafeHTML
    questions: int
    minutes: Fraction | None
    rules: Sequence[SmallRule]
    start_url: str
    attempts_left: int | None
    unread: Sequence[Stop] = ()
    open_attempt: OpenAttempt | None = None
    attempts: Sequence[PastAttempt] = ()
    counting: Fraction | None = None
    counts: str = ""
    refusal: str = ""
    deadline: datetime | None = None
    passed: Passed | None = None
    best: Fraction | None = None
    reread: Sequence[Reread] = ()
    most_asked: Stop | None = None
    missed: int = 0
    practice_url: str = ""
    preview_exit_url: str = ""

    @property
    def may_start(self) -> bool:
        return not (self.unread or self.refusal or self.open_attempt or self.preview_exit_url)


def quiz_page(quiz: Quiz, outline: Outline, history: History, now: datetime) -> QuizPage:
    """Returns the page of a quiz for the learner of ``outline`` and ``history``.

    It takes one query. After an attempt, two more count the missed questions that may be practised, and name the
    sections to read again once no attempt is left.
    """
    is_open = outline.quiz is not None and outline.quiz.is_open
    refusal = history.refusal(now)
    asked = list(quiz.questions.active().values_list("current__kind", "current__explains"))
    passed = _passed(quiz, outline, history, now)
    last = history.submitted[-1] if history.submitted else None
    missed = len(practice.missed(last)) if last and history.may_practise(last, now) else 0
    is_out = bool(refusal and refusal.until is None and not passed and not history.open_attempt)
    return QuizPage(
        title=quiz.title,
        pass_mark=quiz.pass_mark,
        introduction=place(quiz.introduction, quiz.module.get_absolute_url()),
        questions=quiz.module.question_count or 0,
        minutes=history.learner_rules.minutes,
        rules=_rules(quiz, history.learner_rules, now, [kind for kind, _explains in asked]),
        start_url=reverse("quiz", args=[quiz.module.slug]),
        attempts_left=history.left,
        unread=[] if is_open else outline.unread(),
        open_attempt=open_attempt_of(history.open_attempt, now),
        attempts=_past_attempts(history, now),
        counting=history.grade(now) if len(history.submitted) > 1 else None,
        counts=rules_in_words.word("counts", quiz.counts),
        refusal=rules_in_words.refusal_sentence(refusal) if refusal else "",
        deadline=history.learner_rules.deadline(now),
        passed=passed,
        best=history.grade(now) if is_out else None,
        reread=to_reread(reviews(last, outline, history.shown(last, now))) if last and is_out else (),
        most_asked=_most_asked(outline, [identity for _kind, explains in asked for identity in explains]),
        missed=missed,
        practice_url=reverse("missed", args=[last.pk]) if last and missed else "",
    )


def _rules(quiz: Quiz, learner_rules: LearnerRules, now: datetime, kinds: Sequence[str]) -> list[SmallRule]:
    has_multiple = QuestionVersion.Kind.MULTIPLE in kinds
    return list(
        rules_in_words.beside_figures(
            quiz, learner_rules, now, has_multiple=has_multiple, questions=len(kinds)
        )
    )


def _passed(quiz: Quiz, outline: Outline, history: History, now: datetime) -> Passed | None:
    """Returns the pass, if there is one and the learner may know it."""
    if outline.quiz is None or not outline.quiz.is_passed:
        return None
    passing = [attempt for attempt in history.submitted if attempt.is_passed] or history.submitted
    return Passed(
        grade=history.grade(now),
        finished_at=quiz.module.finished_at,
        result_url=reverse("result", args=[passing[-1].pk]) if passing else "",
    )


def _most_asked(outline: Outline, identities: Sequence[str]) -> Stop | None:
    """Returns the section that most questions are about, if there are several sections to choose from."""
    counted = Counter(identity for identity in identities if outline.stop(identity))
    return outline.stop(counted.most_common(1)[0][0]) if len(counted) > 1 else None


def _past_attempts(history: History, now: datetime) -> list[PastAttempt]:
    """Returns the closed attempts, the newest first. The grades that the learner may not know are left out."""
    past = []
    for attempt in sorted(history.made, key=lambda attempt: -attempt.number):
        if not attempt.is_open:
            shows_grade = "marks" in history.shown(attempt, now)
            past.append(
                PastAttempt(
                    number=attempt.number,
                    url=reverse("result", args=[attempt.pk]),
                    ended_at=attempt.submitted_at or attempt.abandoned_at,
                    minutes=_minutes(attempt),
                    grade=attempt.grade if shows_grade else None,
                    is_passed=attempt.is_passed and shows_grade,
                    is_abandoned=attempt.is_abandoned,
                )
            )
    return past


def _minutes(attempt: Attempt) -> int:
    """Returns how long an attempt took, in whole minutes and at least one. An abandoned one took its whole time."""
    ended = attempt.submitted_at or attempt.abandoned_at
    return max(1, round((ended - attempt.started_at).total_seconds() / 60)) if ended else 0
