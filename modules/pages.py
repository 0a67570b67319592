"""What quiz pages show, as values: an attempt never hands its questions, which hold the keys, to a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.urls import reverse

from modules.document.render import SafeHTML, place
from modules.models import Attempt, FormerText, QuestionVersion, Response
from modules.progress import Outline, Stop


@dataclass(frozen=True, slots=True)
class Dot:
    """A slot of an attempt as a small numbered square."""

    number: int
    url: str
    is_answered: bool
    is_here: bool


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as it is asked, without anything that tells the answer."""

    kind: str
    points: Fraction
    title_html: SafeHTML
    html: SafeHTML


@dataclass(frozen=True, slots=True)
class Option:
    """A choice. After the attempt, ``is_right`` and ``feedback`` say more, as far as they may be shown."""

    value: str
    html: SafeHTML
    is_chosen: bool = False
    is_right: bool | None = None
    feedback: SafeHTML | str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """A submitted attempt in a list. ``grade`` is in percent."""

    number: int
    url: str
    submitted_at: datetime | None
    grade: Fraction | None
    is_passed: bool


@dataclass(frozen=True, slots=True)
class Review:
    """A question of a submitted attempt: what was answered, what it earned, and where to read on."""

    number: int
    title_html: SafeHTML
    html: SafeHTML
    kind: str
    state: str
    mark: Fraction
    points: Fraction
    options: Sequence[Option]
    answer_text: str
    right_answers: Sequence[str]
    explanation: SafeHTML | str
    links: Sequence[Stop]
    is_regraded: bool


def dots(attempt: Attempt, *, here: int = 0) -> list[Dot]:
    """The slots of an attempt in their order. One query."""
    return [
        Dot(place, reverse("attempt_question", args=[attempt.pk, place]), bool(answer), place == here)
        for place, answer in attempt.responses.order_by("place").values_list("place", "answer")
    ]


def ask(version: QuestionVersion, base: str) -> Ask:
    return Ask(version.kind, version.points, place(version.title_html, base), place(version.html, base))


def options(response: Response, base: str) -> list[Option]:
    """The choices as this learner sees them, with what was chosen and nothing else."""
    return [
        Option(choice["key"], place(choice["html"], base), choice["key"] in response.answer)
        for choice in response.choices_in_order()
    ]


def typed(response: Response) -> str:
    return "" if response.version.has_choices else "".join(response.answer[:1])


def past(attempts: Sequence[Attempt]) -> list[Past]:
    """The submitted ones of these attempts, the newest first."""
    return [
        Past(one.number, reverse("result", args=[one.pk]), one.submitted_at, one.grade, one.is_passed)
        for one in sorted(attempts, key=lambda attempt: -attempt.number)
        if not one.is_open
    ]


def reviews(attempt: Attempt, outline: Outline, *, show_right: bool) -> list[Review]:
    """Every question of a submitted attempt, in the order it was asked. One query; two where sections were renamed."""
    base = attempt.quiz.module.get_absolute_url()
    responses = list(attempt.responses.select_related("version", "graded_with").order_by("place"))
    stops = _stops(outline, {identity for response in responses for identity in response.key.explains})
    return [_review(response, stops, base, show_right=show_right) for response in responses]


def _stops(outline: Outline, identities: set[str]) -> dict[str, Stop]:
    """The sections that have these identities, or had them last; those that no longer stand are left out."""
    found = {stop.identity: stop for stop in outline.stops if stop.identity in identities}
    if missing := identities - found.keys():
        former = FormerText.objects.filter(section__module=outline.module, identity__in=missing)
        places = former.order_by("until_id").values_list(
            "identity", "section__identity", "section__archived_at"
        )
        last = {was: None if archived_at else identity for was, identity, archived_at in places}
        found |= {
            was: stop for was, identity in last.items() if identity and (stop := outline.stop(identity))
        }
    return found


def _review(response: Response, stops: Mapping[str, Stop], base: str, *, show_right: bool) -> Review:
    version, key, mark = response.version, response.key, response.mark or Fraction(0)
    return Review(
        number=response.place,
        title_html=place(version.title_html, base),
        html=place(version.html, base),
        kind=version.kind,
        state=_state(response, mark),
        mark=mark,
        points=key.points,
        options=_judged(response, base, show_right=show_right),
        answer_text=typed(response),
        right_answers=[] if version.has_choices or not show_right else [one["text"] for one in key.answers],
        explanation=place(key.explanation, base),
        links=[stops[identity] for identity in key.explains if identity in stops],
        is_regraded=key != version,
    )


def _state(response: Response, mark: Fraction) -> str:
    if not response.is_answered:
        return "unanswered"
    if mark == response.key.points:
        return "right"
    return "partly" if mark else "wrong"


def _judged(response: Response, base: str, *, show_right: bool) -> list[Option]:
    """Choices with right and wrong as far as it may be known.

    While right answers are held back, a chosen one shows its feedback, and only a single choice is judged: which
    of several chosen ones are right would tell the rest. What is right, and why, the key says that graded the response.
    """
    is_single = response.version.kind == QuestionVersion.Kind.SINGLE
    said = {choice["key"]: choice for choice in response.key.choices}
    judged = []
    for choice in response.choices_in_order():
        is_chosen = choice["key"] in response.answer
        judgement = said.get(choice["key"], {"right": False, "feedback": ""})
        judged.append(
            Option(
                value=choice["key"],
                html=place(choice["html"], base),
                is_chosen=is_chosen,
                is_right=judgement["right"] if show_right or (is_single and is_chosen) else None,
                feedback=place(judgement["feedback"], base) if show_right or is_chosen else "",
            )
        )
    return judged
