"""Writes facts as xAPI statements with the verbs of ADL.

The id of a statement follows from its fact, so that a store ignores one that comes again. A learner is an account
with a name that says nothing, and no address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import NAMESPACE_URL, uuid5

from django.utils.crypto import salted_hmac

from modules.models import Attempt, Enrolment, Module, QuestionVersion, Response

Statement: TypeAlias = dict[str, Any]

VERBS = "http://adlnet.gov/expapi/verbs/"
TYPES = "http://adlnet.gov/expapi/activities/"
SALT = "modules.statements.actor"
INTERACTIONS = {
    QuestionVersion.Kind.SINGLE: "choice",
    QuestionVersion.Kind.MULTIPLE: "choice",
    QuestionVersion.Kind.SHORT: "fill-in",
    QuestionVersion.Kind.NUMERICAL: "numeric",
}


def name_of_actor(learner: int) -> str:
    """Returns the name that statements give to the account with a key. Nobody can tell the account from it."""
    return salted_hmac(SALT, str(learner), algorithm="sha256").hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Wording:
    """Writes statements for a site, whose address begins the names of all things."""

    site: str

    def begun(self, enrolment: Enrolment) -> Statement:
        return self._statement(
            "initialized", enrolment, enrolment.begun_at, self._module(enrolment.module), enrolment.begun_at
        )

    def finished(self, enrolment: Enrolment) -> Statement:
        at = enrolment.finished_at
        return self._statement(
            "completed", enrolment, at, self._module(enrolment.module), at, {"completion": True}
        )

    def started(self, attempt: Attempt) -> Statement:
        at = attempt.started_at
        return self._statement("initialized", attempt, at, self._quiz(attempt), at)

    def submitted(self, attempt: Attempt) -> list[Statement]:
        """Returns an answer for each question that was asked, then the end of the attempt, then pass or fail."""
        at, recorded, quiz = attempt.submitted_at, attempt.outcome_recorded_at, self._quiz(attempt)
        result = {"score": self._score(attempt), "completion": True}
        outcome = "passed" if attempt.is_passed else "failed"
        return [
            *(self._answered(response, attempt) for response in attempt.responses.all()),
            self._statement("completed", attempt, recorded, quiz, at, result),
            self._statement(outcome, attempt, recorded, quiz, at, result | {"success": attempt.is_passed}),
        ]

    def _answered(self, response: Response, attempt: Attempt) -> Statement:
        points = response.key.points
        share = float(response.mark / points) if response.mark is not None and points else 0.0
        result = {
            "response": "[,]".join(response.answer),
            "success": share >= 1,
            "score": {"scaled": _bounded(share)},
        }
        at = response.saved_at or attempt.submitted_at
        activity = self._question(response)
        return self._statement("answered", response, attempt.outcome_recorded_at, activity, at, result)

    def _score(self, attempt: Attempt) -> dict[str, float]:
        grade = float(attempt.grade or 0)
        return {"scaled": _bounded(grade / 100)}

    def _statement(
        self,
        verb: str,
        row: Enrolment | Attempt | Response,
        fact_at: datetime | None,
        activity: dict[str, Any],
        at: datetime | None,
        result: dict[str, Any] | None = None,
    ) -> Statement:
        """Returns a statement. ``fact_at`` tells apart facts of one row, such as an attempt that was opened again."""
        identity = f"{self.site}/{row._meta.model_name}/{row.pk}/{verb}/{_iso(fact_at)}"
        statement = {
            "id": str(uuid5(NAMESPACE_URL, identity)),
            "actor": self._actor(_learner(row)),
            "verb": {"id": VERBS + verb, "display": {"en": verb}},
            "object": activity,
            "timestamp": _iso(at),
        }
        return statement | ({"result": result} if result else {})

    def _actor(self, learner: int) -> dict[str, Any]:
        account = {"homePage": self.site, "name": name_of_actor(learner)}
        return {"objectType": "Agent", "account": account}

    def _module(self, module: Module) -> dict[str, Any]:
        return self._activity(f"module/{module.pk}", "module", module.language, module.title)

    def _quiz(self, attempt: Attempt) -> dict[str, Any]:
        quiz = attempt.quiz
        return self._activity(f"quiz/{quiz.pk}", "assessment", attempt.enrolment.module.language, quiz.title)

    def _question(self, response: Response) -> dict[str, Any]:
        version = response.version
        language = response.attempt.enrolment.module.language
        activity = self._activity(
            f"question/{version.question_id}", "cmi.interaction", language, version.title
        )
        activity["definition"]["interactionType"] = INTERACTIONS[QuestionVersion.Kind(version.kind)]
        return activity

    def _activity(self, path: str, kind: str, language: str, name: str) -> dict[str, Any]:
        definition = {"type": TYPES + kind, "name": {language or "und": name}}
        return {"objectType": "Activity", "id": f"{self.site}/xapi/{path}", "definition": definition}


def _learner(row: Enrolment | Attempt | Response) -> int:
    if isinstance(row, Response):
        row = row.attempt
    return row.enrolment.learner_id if isinstance(row, Attempt) else row.learner_id


def _bounded(share: float) -> float:
    """Returns a share as the standard allows it. A mark by hand may lie outside."""
    return round(max(-1.0, min(1.0, share)), 4)


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
