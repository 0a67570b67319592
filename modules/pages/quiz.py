"""Makes the value that the page of a quiz shows, before an attempt and between attempts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.urls import reverse

from modules.document.html.render import SafeHTML, place
from modules.models import QuestionVersion, Quiz
from modules.pages.open_attempts import open_attempt_of
from modules.quizzes import rules_in_words
from modules.quizzes.learner_rules import History, LearnerRules
from modules.reading.cards import OpenAttempt
from modules.reading.outlines import Outline, Stop


@dataclass(frozen=True, slots=True)
class PastAttempt:
    """A closed attempt in a list. ``grade`` is in percent, or ``None`` if it is hidden or does not exist."""

    number: int
    url: str
    ended_at: datetime | None
    grade: Fraction | None
    is_passed: bool
    is_abandoned: bool


@dataclass(frozen=True, slots=True)
class QuizPage:
    """A quiz with its rules in sentences, and what the learner can do with it now.

    ``minutes`` is the time limit of an attempt. ``attempts_left`` is ``None`` if any number is left. ``unread`` holds
    the sections that keep the quiz closed. ``counting`` is the grade that counts, in percent, once there are several
    attempts; ``counts`` names the rule for it. ``refusal`` says why no attempt may start now. ``deadline`` is the end
    of an attempt that starts now.
    """

    title: str
    pass_mark: int
    introduction: SafeHTML
    questions: int
    minutes: Fraction | None
    rules: Sequence[str]
    start_url: str
    attempts_left: int | None
    unread: Sequence[Stop] = ()
    open_attempt: OpenAttempt | None = None
    attempts: Sequence[PastAttempt] = ()
    counting: Fraction | None = None
    counts: str = ""
    refusal: str = ""
    deadline: datetime | None = None
    preview_exit_url: str = ""


def quiz_page(quiz: Quiz, outline: Outline, history: History, now: datetime) -> QuizPage:
    """Returns the page of a quiz for the learner of ``outline`` and ``history``. It takes one query."""
    is_open = outline.quiz is not None and outline.quiz.is_open
    refusal = history.refusal(now)
    return QuizPage(
        title=quiz.title,
        pass_mark=quiz.pass_mark,
        introduction=place(quiz.introduction, quiz.module.get_absolute_url()),
        questions=quiz.module.question_count or 0,
        minutes=history.learner_rules.minutes,
        rules=_rules(quiz, history.learner_rules, now),
        start_url=reverse("quiz", args=[quiz.module.slug]),
        attempts_left=history.left,
        unread=[] if is_open else outline.unread(),
        open_attempt=open_attempt_of(history.open_attempt, now),
        attempts=_past_attempts(history, now),
        counting=history.grade(now) if len(history.submitted) > 1 else None,
        counts=rules_in_words.word("counts", quiz.counts),
        refusal=rules_in_words.refusal_sentence(refusal) if refusal else "",
        deadline=history.learner_rules.deadline(now),
    )


def _rules(quiz: Quiz, learner_rules: LearnerRules, now: datetime) -> list[str]:
    kinds = list(quiz.questions.active().values_list("current__kind", flat=True))
    has_multiple = QuestionVersion.Kind.MULTIPLE in kinds
    return list(
        rules_in_words.beside_figures(
            quiz, learner_rules, now, has_multiple=has_multiple, questions=len(kinds)
        )
    )


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
                    grade=attempt.grade if shows_grade else None,
                    is_passed=attempt.is_passed and shows_grade,
                    is_abandoned=attempt.is_abandoned,
                )
            )
    return past
