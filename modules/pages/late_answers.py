"""Makes the values that show answers which arrived after their attempt was closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from modules.document.html.render import SafeHTML, place, without_links
from modules.models import Attempt, LateAnswer, Response


@dataclass(frozen=True, slots=True)
class ShownLateAnswer:
    """A late answer: the chosen ``options`` or the typed ``text``. Both are empty if the answer was taken away.

    ``is_counted``: a correction lets it count. ``is_current``: it is the answer of its response now.
    """

    key: int
    number: int
    values: Sequence[str]
    options: Sequence[SafeHTML]
    text: str
    arrived_at: datetime
    is_counted: bool
    is_current: bool


def late_answers_of(attempt: Attempt) -> list[ShownLateAnswer]:
    """Returns the late answers of an attempt by their questions. It takes one query."""
    base = attempt.quiz.module.get_absolute_url()
    rows = LateAnswer.objects.of_attempt(attempt.pk).select_related("response__version")
    return [_shown(late, late.response, base) for late in rows]


def late_answer_to_decide(response: Response, base: str) -> ShownLateAnswer | None:
    """Returns the latest late answer, unless the learner has answered since. It takes one query if there is one.

    The response comes from :func:`modules.models.with_latest_late`. Only an attempt that was opened again has a late
    answer while it is open.
    """
    key = getattr(response, "latest_late", None)
    late = LateAnswer.objects.get(pk=key) if key else None
    if late is None or (response.saved_at and response.saved_at >= late.arrived_at):
        return None
    return _shown(late, response, base)


def _shown(late: LateAnswer, response: Response, base: str) -> ShownLateAnswer:
    has_choices = response.version.has_choices
    chosen = (
        [choice for choice in response.choices_in_order() if choice["key"] in late.answer]
        if has_choices
        else []
    )
    return ShownLateAnswer(
        key=late.pk,
        number=response.slot,
        values=late.answer,
        options=[place(without_links(choice["html"]), base) for choice in chosen],
        text="" if has_choices else "".join(late.answer[:1]),
        arrived_at=late.arrived_at,
        is_counted=late.counted_at is not None,
        is_current=late.answer == response.answer,
    )
