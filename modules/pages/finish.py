"""Makes the value of the page that a learner sees after the last step of a module."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from modules.models import Attempt, Module, Proof
from modules.quizzes.final_grade import deciding_attempt
from modules.reading.suggestions import Suggestion, next_module
from modules.reading.visible_grades import hides_grade

LONGEST_PATH = 14  # steps; the path of a longer module would be too small on a phone


@dataclass(frozen=True, slots=True)
class FinishPage:
    """A finished module: ``first_name`` is that of the proof, ``days`` counts the first and the last one too.

    ``grade`` is ``None`` without a quiz, and while its learner may not know it. ``result_url`` leads to the attempt
    that counts. ``last_attempt`` is the key of the one that was submitted last, perhaps without all of its answers.
    """

    proof: Proof
    module: Module
    first_name: str
    grade: Fraction | None
    days: int
    path: Path | None
    result_url: str
    last_attempt: int | None
    suggestion: Suggestion | None


@dataclass(frozen=True, slots=True)
class Path:
    """The path of a finished module as a drawing: a line from point to point, and a diamond for the quiz."""

    points: tuple[float, ...]
    width: int
    quiz: float | None

    @property
    def end(self) -> float:
        return self.quiz or self.points[-1]


def finish_page(proof: Proof, learner: User) -> FinishPage:
    """Returns the page of a finish from :func:`modules.quizzes.finishes.proof_of`."""
    module = proof.enrolment.module
    names = proof.name.split()
    attempts = list(Attempt.objects.submitted().filter(enrolment=proof.enrolment_id).select_related("quiz"))
    return FinishPage(
        proof=proof,
        module=module,
        first_name=names[0] if names else "",
        grade=None if hides_grade(module, learner) else proof.grade,
        days=_days(proof.enrolment.begun_at, proof.finished_at),
        path=_path(proof.sections, has_quiz=proof.questions > 0),
        result_url=_result_url(attempts),
        last_attempt=max(attempts, key=lambda attempt: attempt.number).pk if attempts else None,
        suggestion=next_module(learner),
    )


def _days(begun: datetime, finished: datetime) -> int:
    return max(1, (timezone.localdate(finished) - timezone.localdate(begun)).days + 1)


def _path(sections: int, *, has_quiz: bool) -> Path | None:
    steps = sections + has_quiz
    if not 2 <= steps <= LONGEST_PATH:
        return None
    places = tuple(6.2 + 22 * step for step in range(steps))
    points = places[:-1] if has_quiz else places
    return Path(points, 22 * steps - 8, places[-1] if has_quiz else None)


def _result_url(attempts: Sequence[Attempt]) -> str:
    """Returns the address of the result that counts, or an empty text for a module without a quiz."""
    deciding = deciding_attempt(attempts, attempts[0].quiz.counts) if attempts else None
    return reverse("result", args=[deciding.pk]) if deciding else ""
