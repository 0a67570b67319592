"""Plans the choices of incoming questions: which are earlier ones, which may be, and which keys they keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from modules.authoring.comparison import Comparison
from modules.authoring.plan import Ambiguity, Candidate, Decisions
from modules.document.compare.choices import Choices, comparable_text, match_choices, with_kept_keys
from modules.document.syntax import parser
from modules.document.syntax.values import Choice
from modules.models import Question, Response


class ChoicePlans:
    """Matches the choices of incoming questions with those that their questions have, or had.

    The choices of a translated document are paired in their order.
    """

    def __init__(
        self,
        questions: Comparison,
        coming: Sequence[parser.Question],
        decisions: Decisions,
        *,
        is_translated: bool,
    ) -> None:
        self.questions, self.coming, self.decisions = questions, coming, decisions
        self.is_translated = is_translated

    def _row(self, identity: str) -> Question | None:
        row = self.questions.partner_of(identity)
        return row if isinstance(row, Question) else None

    @cached_property
    def _choices(self) -> dict[str, Choices]:
        """Maps the identity of each incoming question to those of its choices that are earlier ones."""
        return {part.identity: self._match_choices(part) for part in self.coming}

    def _match_choices(self, part: parser.Question) -> Choices:
        row = self._row(part.identity)
        known = _latest_choices(row) if row else {}
        old = {key: comparable_text(choice["text"], choice["html"]) for key, choice in known.items()}
        active = row.current.choices if row and row.current else []
        return match_choices(
            old,
            {choice.key: comparable_text(choice.text, choice.html) for choice in part.choices},
            self._decided(part, old),
            active=[choice["key"] for choice in active],
            right=_right_keys(active, part.choices),
            former=_former_texts(row) if row else {},
            is_translated=self.is_translated,
        )

    def _decided(self, part: parser.Question, old: Collection[str]) -> dict[str, str]:
        """Returns what is decided about the choices of a question, by their keys. ``old`` has the earlier keys."""
        prefix = f"choice:{part.identity}:"
        return {
            key.removeprefix(prefix): value
            for key, value in self.decisions.by_ambiguity.items()
            if key.startswith(prefix) and (not value or value in old)  # a kept decision may be old
        }

    def ambiguities(self) -> Iterable[Ambiguity]:
        """Yields choices that may be earlier ones reworded, of questions that somebody has in an attempt."""
        for part in self.coming:
            row = self._row(part.identity)
            if row is not None and row.takers:
                yield from self._ambiguities_of(part, row)

    def _ambiguities_of(self, part: parser.Question, row: Question) -> Iterable[Ambiguity]:
        """Yields the ambiguous choices of one question, decided ones too."""
        ambiguities = self._choices[part.identity].ambiguities
        decisions = self._decided(part, _latest_choices(row))
        texts = {choice.key: choice.text for choice in part.choices}
        for key in (*ambiguities, *(key for key in texts if key in decisions)):
            decision, name = decisions.get(key), f"choice:{part.identity}:{key}"
            candidates = _candidates(row, ambiguities.get(key) or tuple(filter(None, [decision])))
            yield Ambiguity(name, "choice", texts[key], texts[key], candidates, decision, part.title)

    def rekeyed(self, part: parser.Question) -> parser.Question:
        """Returns an incoming question with the keys that its choices keep."""
        row = self._row(part.identity)
        used = _latest_choices(row) if row else {}
        return replace(
            part, choices=tuple(with_kept_keys(part.choices, self._choices[part.identity].kept, used))
        )


def with_answer(responses: QuerySet[Response]) -> QuerySet[Response]:
    """Keeps the responses that have an answer, in attempts that count."""
    return responses.filter(attempt__deleted_at__isnull=True).exclude(answer=[])


def _candidates(row: Question, keys: Iterable[str]) -> tuple[Candidate, ...]:
    """Returns earlier choices of a question, with the number of learners who chose each, and whether it was right."""
    known = _latest_choices(row)
    responses = with_answer(Response.objects.filter(version__question=row))
    answers = responses.values_list("answer", "attempt__enrolment")
    learners = defaultdict(set)
    for answer, learner in answers:
        for key in answer:
            learners[key].add(learner)
    return tuple(
        Candidate(
            key,
            known[key]["text"],
            known[key]["text"],
            len(learners[key]),
            known[key]["right"],
        )
        for key in keys
        if key in known
    )


def _latest_choices(row: Question) -> dict[str, dict[str, Any]]:
    """Returns each choice that a question has or had, as its latest text has it, by its key."""
    versions = sorted(row.versions.all(), key=lambda version: version.number)
    return {choice["key"]: choice for version in versions for choice in version.choices}


def _former_texts(row: Question) -> dict[str, set[str]]:
    """Returns all texts that each choice of a question has or had, by its key."""
    texts: dict[str, set[str]] = defaultdict(set)
    for version in row.versions.all():
        for choice in version.choices:
            texts[choice["key"]].add(comparable_text(choice["text"], choice["html"]))
    return texts


def _right_keys(active: Iterable[Mapping[str, Any]], coming: Iterable[Choice]) -> list[str]:
    """Returns the keys of the choices that are, or will be, right."""
    return [choice["key"] for choice in active if choice["right"]] + [
        choice.key for choice in coming if choice.right
    ]
