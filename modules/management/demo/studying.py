"""Lets one learner of the demo study one module: read, take the quiz, and stop where their situation says."""

from __future__ import annotations

import enum
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from accounts.models import User
from modules.management.demo import charts
from modules.models import Attempt, Module, Quiz, Response
from modules.quizzes import answers, attempts
from modules.quizzes.learner_rules import Refused
from modules.reading import progress

FLAGGED = 0.2  # the share of answers that learners want to come back to
UNSURE = {"short": "not sure", "numerical": "7"}  # wrong answers that are typed, by kind of question


class Situation(enum.Enum):
    """Says how far a learner has come in a module."""

    NOT_BEGUN = enum.auto()
    BEGUN = enum.auto()
    READING = enum.auto()
    HALF_READ = enum.auto()
    ALL_READ = enum.auto()
    OPEN_ATTEMPT = enum.auto()
    FAILED = enum.auto()
    FAILED_TWICE = enum.auto()
    FAILED_THEN_PASSED = enum.auto()
    PASSED = enum.auto()


# How many of the class are in each situation; 30 in all.
CLASS = {
    Situation.NOT_BEGUN: 4,
    Situation.BEGUN: 1,
    Situation.READING: 5,
    Situation.HALF_READ: 3,
    Situation.ALL_READ: 2,
    Situation.OPEN_ATTEMPT: 3,
    Situation.FAILED: 4,
    Situation.FAILED_THEN_PASSED: 3,
    Situation.PASSED: 5,
}

# The same of the second class, which studies one module with more luck: 24 in all.
SECOND_CLASS = {
    Situation.NOT_BEGUN: 1,
    Situation.READING: 2,
    Situation.HALF_READ: 6,
    Situation.FAILED: 2,
    Situation.FAILED_TWICE: 3,
    Situation.PASSED: 10,
}


@dataclass
class Study:
    """Lets one learner study one module. ``clock`` advances with their work; ``now`` is the time of the whole demo.

    ``misled_by`` is a question whose words lead attentive learners to a wrong choice.
    """

    learner: User
    module: Module
    random: Random
    clock: datetime
    now: datetime
    misled_by: str = ""

    def run(self, situation: Situation) -> None:
        if situation is Situation.NOT_BEGUN:
            return
        progress.begin(self.learner, self.module, now=self.clock)
        self._read(situation)
        # A module that ships may have other rules by now: its instructor has changed them.
        with suppress(Refused):
            self._take_quizzes(situation)

    def _take_quizzes(self, situation: Situation) -> None:
        match situation:
            case Situation.OPEN_ATTEMPT:
                self._leave_attempt_open()
            case Situation.FAILED:
                self._take_quiz(passes=False)
            case Situation.FAILED_TWICE:
                self._take_quiz(passes=False)
                self._wait(hours=20)
                self._take_quiz(passes=False)
            case Situation.FAILED_THEN_PASSED:
                self._take_quiz(passes=False)
                self._wait(hours=6)
                self._take_quiz(passes=True)
            case Situation.PASSED:
                self._take_quiz(passes=True)

    def _read(self, situation: Situation) -> None:
        sections = list(self.module.sections.active().select_related("module"))
        many = {
            Situation.BEGUN: 0,
            Situation.READING: self.random.randint(1, max(1, len(sections) // 2 - 1)),
            Situation.HALF_READ: len(sections) // 2,
        }
        for section in sections[: many.get(situation, len(sections))]:
            self._wait(minutes=section.minutes + self.random.randint(0, 20))
            progress.record_reading(self.learner, section, now=self.clock)

    def _take_quiz(self, *, passes: bool) -> Attempt:
        """Submits an attempt: nearly all answers are right, or fewer than half of them."""
        attempt = self._begin_attempt()
        responses = _by_question(attempt)
        wrong = self.random.sample(
            responses, self.random.randint(0, 1) if passes else len(responses) * 6 // 10
        )
        for response in responses:
            is_misled = passes and response.version.question.identity == self.misled_by
            self._answer(attempt, response, is_right=response not in wrong and not is_misled)
        self._wait(minutes=1)
        return attempts.submit(attempt, now=self.clock)

    def _leave_attempt_open(self) -> None:
        """Begins an attempt some minutes ago, so that a limit of time leaves the rest of it, and answers a half."""
        self.clock = self.now - timedelta(minutes=10)
        attempt = self._begin_attempt()
        responses = _by_question(attempt)
        for response in responses[: len(responses) // 2]:
            self._answer(attempt, response, is_right=self.random.random() < 0.7, seconds=30)

    def _begin_attempt(self) -> Attempt:
        self._wait(minutes=1)
        return attempts.start(self.learner, Quiz.objects.get(module=self.module), now=self.clock)

    def _answer(self, attempt: Attempt, response: Response, *, is_right: bool, seconds: int = 75) -> None:
        answer = answers.IncomingAnswer(
            _right_answer(response) if is_right else _wrong_answer(response),
            is_flagged=self.random.random() < FLAGGED,
        )
        self.clock += timedelta(seconds=seconds)
        own_attempt = Attempt.objects.filter(pk=attempt.pk)
        answers.save_answer(own_attempt, response.slot, answer, now=self.clock)

    def _wait(self, *, hours: int = 0, minutes: int = 0) -> None:
        self.clock += timedelta(hours=hours, minutes=minutes)


def _by_question(attempt: Attempt) -> list[Response]:
    """Returns the responses by their questions' names: slots are drawn by lot, and the demo is always the same."""
    responses = attempt.responses.select_related("version__question")
    return sorted(responses, key=lambda response: response.version.question.identity)


def _right_answer(response: Response) -> list[str]:
    version = response.version
    if version.question.identity == charts.CORRECTED:
        return [charts.RIGHT_ANSWER]
    if version.has_choices:
        return sorted(version.right_keys)
    accepted = version.answers[0]
    return [accepted["value"] or accepted["text"]]


def _wrong_answer(response: Response) -> list[str]:
    version = response.version
    if version.has_choices:
        return [choice["key"] for choice in version.choices if not choice["right"]][-1:]
    return [UNSURE[version.kind]]
