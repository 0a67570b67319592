"""Counts what the new keys of a plan do to submitted attempts: at once, or as the worker has counted it before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import astuple, replace
from fractions import Fraction
from typing import Any

from modules.models import JUDGING, Module, QuestionVersion, Response
from modules.quizzes import completion, regrade_jobs, trials
from modules.quizzes.new_keys import Keys
from modules.quizzes.trials import Effect, Trial

# A page of a plan tries so many responses at most: more take longer than a second, and the worker tries them.
MOST_AT_ONCE = 20_000


class TooMany(Exception):
    """Reports that new keys touch more responses than may be tried at once."""

    def __init__(self, responses: int) -> None:
        super().__init__(responses)
        self.responses = responses


class KeyEffects:
    """Counts effects, and keeps them in ``counted``, which can be stored as JSON and given back.

    ``most`` is the number of responses that may be tried; ``None`` stands for any number. ``watch`` is called with the
    number of responses that have been tried and with that of all, and may write to the database.
    """

    def __init__(
        self,
        counted: Mapping[str, Any] | None = None,
        *,
        most: int | None = None,
        watch: Callable[[int, int], None] | None = None,
    ) -> None:
        self.counted: dict[str, Any] = dict(counted or {})
        self.most, self.watch = most, watch
        self.tried = self.total = 0
        self._regraded: dict[int, tuple[Fraction, bool]] = {}

    def expect(self, module: Module, questions: Collection[int], chosen: Collection[int]) -> None:
        """Takes the questions with new keys, and those that are to be graded again. Raises :class:`TooMany`."""
        self.pending = regrade_jobs.pending(module)
        if self.counted or not questions:
            return
        # Each trial also reads the answers to the questions of a regrade that is not done yet.
        before = trials.responses_to_try(self.pending.keys) * (len(questions) + bool(chosen))
        self.total = before + trials.responses_to_try(questions) + trials.responses_to_try(chosen)
        if self.most is not None and self.total > self.most:
            raise TooMany(self.total)

    def of(self, question: int, key: QuestionVersion) -> Effect:
        """Returns the effect of regrading one question alone."""
        return self._effect(f"{question}", {question: key})

    def of_judging_anew(self, question: int, key: QuestionVersion) -> Effect:
        """Returns the same if its typed answers are judged as today."""
        if not key.has_choices and self._has_judged_otherwise(question):
            return self._effect(f"{question} anew", {question: key}, {question})
        return self.of(question, key)

    def _has_judged_otherwise(self, question: int) -> bool:
        return Response.objects.filter(version__question=question, judging__lt=JUDGING).exists()

    def of_all(self, keys: Keys, judged_anew: Collection[int]) -> Effect:
        """Returns the effect of all regrades that are chosen."""
        return self._effect("all", keys, judged_anew) if keys else Effect()

    def finishers(self, module: Module, ending: completion.Ending, *, graded: bool) -> int:
        """Counts the learners who finish, with the grades that :meth:`of_all` has found."""
        if "finishers" not in self.counted:
            ending = replace(ending, regraded=self._regraded)
            self.counted["finishers"] = len(completion.finishers(module, ending, graded=graded))
        return int(self.counted["finishers"])

    def _effect(self, name: str, keys: Keys, judged_anew: Collection[int] = ()) -> Effect:
        if name not in self.counted:
            regraded = self._watched(trials.trials(keys, judged_anew, self.pending), len(keys))
            if name == "all":
                regraded = self._kept(regraded)
            self.counted[name] = astuple(trials.effect_of(regraded))
        return Effect(*self.counted[name])

    def _watched(self, regraded: Iterator[Trial], responses: int) -> Iterator[Trial]:
        for trial in regraded:
            self.tried += responses
            if self.watch:
                self.watch(self.tried, self.total)
            yield trial

    def _kept(self, regraded: Iterator[Trial]) -> Iterator[Trial]:
        """Remembers the grades that change: whether a learner finishes depends on them."""
        for trial in regraded:
            if trial.before != trial.after or trial.passed != trial.passes:
                self._regraded[trial.attempt] = (trial.after, trial.passes)
            yield trial


class NoEffects(KeyEffects):
    """Counts nothing, for plans of which only the pairs of parts are asked."""

    def expect(self, module: Module, questions: Collection[int], chosen: Collection[int]) -> None:
        pass

    def _effect(self, name: str, keys: Keys, judged_anew: Collection[int] = ()) -> Effect:
        return Effect()

    def finishers(self, module: Module, ending: completion.Ending, *, graded: bool) -> int:
        return 0
