"""What quiz pages show, as values: an attempt never hands its questions, which hold the keys, to a template."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.urls import reverse

from modules.document.html.links import SECTION
from modules.document.html.render import SafeHTML, place, without_links
from modules.document.syntax.values import LONGEST_ANSWER
from modules.models import Attempt, Correction, FormerText, QuestionVersion, Quiz, Response
from modules.quizzes.attempts import is_overdue, open_attempts
from modules.quizzes.grading import GRADED_BY
from modules.reading.cards import OpenAttempt
from modules.reading.outlines import Outline, Stop

MISSED = ("partly", "wrong", "unanswered")  # states of a review of which something is left to practise


@dataclass(frozen=True, slots=True)
class Dot:
    """A slot of an attempt as a small numbered square."""

    number: int
    url: str
    is_answered: bool
    is_here: bool
    is_flagged: bool = False


@dataclass(frozen=True, slots=True)
class Ask:
    """A question as it is asked, without anything that tells the answer. ``longest`` is how much may be typed."""

    kind: str
    points: Fraction
    title_html: SafeHTML
    html: SafeHTML
    longest: int = LONGEST_ANSWER


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
    """An attempt that is over, in a list. ``grade`` is in percent; ``None`` where none is shown, or there is none."""

    number: int
    url: str
    ended_at: datetime | None
    grade: Fraction | None
    is_passed: bool
    is_abandoned: bool


@dataclass(frozen=True, slots=True)
class Review:
    """A question of a submitted attempt: what was answered, what it earned, and where to read on.

    ``state`` (``right``, ``partly``, ``wrong``, ``unanswered``; ``granted`` where everybody has full marks) is empty,
    ``mark`` and ``answer_text`` are ``None``, where they may not be shown. ``tally`` says how a mark comes about, where
    that is not plain. ``marked_by`` is ``key``, ``hand`` or ``grant``; ``reason`` is why somebody marked it by hand.
    """

    number: int
    title_html: SafeHTML
    html: SafeHTML
    kind: str
    state: str
    mark: Fraction | None
    points: Fraction
    tally: Tally | None
    options: Sequence[Option]
    answer_text: str | None
    right_answers: Sequence[str]
    explanation: SafeHTML | str
    links: Sequence[Stop]
    marked_by: str
    reason: str
    is_regraded: bool

    @property
    def is_right(self) -> bool:
        return self.state in ("right", "granted")


@dataclass(frozen=True, slots=True)
class Tally:
    """How a multiple response came to its mark: so many right and wrong choices, of so many right ones."""

    right: int
    wrong: int
    of: int
    is_all_or_nothing: bool


def dots(attempt: Attempt, *, here: int = 0) -> list[Dot]:
    """The slots of an attempt in their order. One query."""
    return [
        Dot(
            place,
            reverse("attempt_question", args=[attempt.pk, place]),
            bool(answer),
            place == here,
            is_flagged,
        )
        for place, answer, is_flagged in attempt.responses.order_by("slot").values_list(
            "slot", "answer", "is_flagged"
        )
    ]


def open_attempt_of(attempt: Attempt | None, now: datetime) -> OpenAttempt | None:
    if attempt is None:
        return None
    is_late = is_overdue(attempt, now=now)
    until = attempt.overdue_until if is_late else attempt.deadline
    return OpenAttempt(attempt.get_absolute_url(), attempt.quiz.title, until, is_late)


def open_attempts_of(learner: Any, now: datetime) -> dict[int, OpenAttempt]:
    """What a learner has under way, by the key of the module, what ends first before the others."""
    found = {one.quiz.module_id: open_attempt_of(one, now) for one in open_attempts(learner, now=now)}
    return {module: one for module, one in found.items() if one}


def ask(version: QuestionVersion, base: str) -> Ask:
    return Ask(version.kind, version.points, place(version.title_html, base), place(version.html, base))


def options(response: Response, base: str) -> list[Option]:
    """The choices as this learner sees them, with what was chosen and nothing else.

    To press on a choice is to choose it, so nothing in it leads away; the result has its links.
    """
    return [
        Option(choice["key"], place(without_links(choice["html"]), base), choice["key"] in response.answer)
        for choice in response.choices_in_order()
    ]


def typed(response: Response) -> str:
    return "" if response.version.has_choices else "".join(response.answer[:1])


def past(attempts: Sequence[Attempt], *, shows_marks: Callable[[Attempt], bool]) -> list[Past]:
    """Those of these attempts that are over, the newest first."""
    return [
        Past(
            one.number,
            reverse("result", args=[one.pk]),
            one.submitted_at or one.abandoned_at,
            one.grade if shows_marks(one) else None,
            one.is_passed and shows_marks(one),
            one.is_abandoned,
        )
        for one in sorted(attempts, key=lambda attempt: -attempt.number)
        if not one.is_open
    ]


def reviews(attempt: Attempt, outline: Outline, shown: Collection[str]) -> list[Review]:
    """Every question of a submitted attempt, in the order it was asked, with the aspects that may be shown.

    One query; one more where sections were renamed, and one where something was marked by hand.
    """
    base = attempt.quiz.module.get_absolute_url()
    responses = list(attempt.responses.select_related(*GRADED_BY).order_by("slot"))
    stops = _stops(outline, {identity for response in responses for identity in response.key.explains})
    reasons = _reasons(attempt) if any(response.manual_mark is not None for response in responses) else {}
    return [
        _review(
            response,
            attempt.scoring,
            stops,
            base,
            shown,
            marked_by=_marked_by(response),
            reason=reasons.get(response.slot, ""),
        )
        for response in responses
    ]


def review(response: Response, outline: Outline, shown: Collection[str], base: str) -> Review:
    """One question that is answered for practice."""
    stops = _stops(outline, set(response.key.explains))
    return _review(response, Quiz.Scoring.RIGHT_MINUS_WRONG, stops, base, shown)


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


def _reasons(attempt: Attempt) -> dict[int | None, str]:
    """Why marks were given by hand, the last time, by the place of the question."""
    given = attempt.corrections.filter(kind=Correction.Kind.MARK).order_by("pk")
    return dict(given.values_list("slot", "reason"))


def _marked_by(response: Response) -> str:
    if response.manual_mark is not None:
        return "hand"
    return "grant" if response.version.question.full_marks_since else "key"


def _review(
    response: Response,
    scoring: str,
    stops: Mapping[str, Stop],
    base: str,
    shown: Collection[str],
    *,
    marked_by: str = "key",
    reason: str = "",
) -> Review:
    version, key, mark = response.version, response.key, response.mark or Fraction(0)
    explains = "explanation" in shown
    shows_right = "right_answer" in shown and not version.has_choices
    return Review(
        number=response.slot,
        title_html=place(version.title_html, base),
        html=place(version.html, base),
        kind=version.kind,
        state=_state(response, mark, marked_by) if "correctness" in shown else "",
        mark=mark if "marks" in shown else None,
        points=key.points,
        tally=_tally(response, scoring)
        if marked_by == "key" and {"marks", "correctness"} <= set(shown)
        else None,
        options=_judged(response, base, shown),
        answer_text=typed(response) if "answer" in shown else None,
        right_answers=[one["text"] for one in key.answers] if shows_right else [],
        explanation=place(key.explanation, base) if explains else "",
        links=_links(key, stops) if explains else [],
        marked_by=marked_by,
        reason=reason if marked_by == "hand" and "marks" in shown else "",
        is_regraded=key != version and marked_by == "key",
    )


def _links(key: QuestionVersion, stops: Mapping[str, Stop]) -> list[Stop]:
    """The sections to read again that the explanation does not lead to itself, as they are called now."""
    found = (stops[identity] for identity in key.explains if identity in stops)
    return [stop for stop in found if f'"{SECTION}{stop.identity}/' not in key.explanation]


def _state(response: Response, mark: Fraction, marked_by: str) -> str:
    if marked_by == "grant":
        return "granted"
    if not response.is_answered and not mark:  # by hand it can have earned points all the same
        return "unanswered"
    if mark == response.key.points:
        return "right"
    return "partly" if mark else "wrong"


def _tally(response: Response, scoring: str) -> Tally | None:
    """How the mark of an answered multiple response comes about."""
    key = response.key
    kinds = {key.kind, response.version.kind}
    if kinds != {QuestionVersion.Kind.MULTIPLE} or not response.is_answered:
        return None
    known = {choice["key"] for choice in key.choices}
    chosen = set(response.answer) & known
    right = len(chosen & key.right_keys)
    is_strict = scoring == Quiz.Scoring.ALL_OR_NOTHING
    return Tally(right, len(chosen) - right, len(key.right_keys), is_strict)


def _judged(response: Response, base: str, shown: Collection[str]) -> list[Option]:
    """Choices with right and wrong as far as it may be known.

    While right answers are held back, a chosen one shows its feedback, and only a single choice is judged: which
    of several chosen ones are right would tell the rest. What is right, and why, the key says that graded the response.
    """
    shows_right, judges_chosen = "right_answer" in shown, "correctness" in shown
    is_single = response.version.kind == QuestionVersion.Kind.SINGLE
    said = {choice["key"]: choice for choice in response.key.choices}
    judged = []
    for choice in response.choices_in_order():
        is_chosen = choice["key"] in response.answer and "answer" in shown
        judgement = said.get(choice["key"], {"right": False, "feedback": ""})
        is_judged = shows_right or (judges_chosen and is_single and is_chosen)
        judged.append(
            Option(
                value=choice["key"],
                html=place(choice["html"], base),
                is_chosen=is_chosen,
                is_right=judgement["right"] if is_judged else None,
                feedback=place(judgement["feedback"], base)
                if "feedback" in shown and (shows_right or is_chosen)
                else "",
            )
        )
    return judged
