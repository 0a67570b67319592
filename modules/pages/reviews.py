"""Makes the values that show a question after it was answered: its mark, and what explains it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from modules.document.html.links import SECTION
from modules.document.html.render import SafeHTML, place
from modules.document.syntax.review import EXPLANATION_IF_RIGHT
from modules.models import Attempt, Correction, FormerText, QuestionVersion, Quiz, Response
from modules.pages.questions import Option, written_answer
from modules.quizzes.grading import GRADED_BY
from modules.quizzes.typed_answers import difference, lack, lack_in_words
from modules.quizzes.values_in_words import accepted_answer
from modules.reading.outlines import Outline, Stop

MISSED = ("partly", "wrong", "unanswered")  # states of a review that leave something to practise


@dataclass(frozen=True, slots=True)
class Review:
    """A question of a submitted attempt: the answer, its mark, and the sections that explain it.

    ``state`` is ``right``, ``partly``, ``wrong`` or ``unanswered``, or ``granted`` if everybody gets full marks.
    Hidden aspects are an empty ``state``, and ``None`` as ``mark`` and ``answer_text``.
    ``tally`` explains the mark of a multiple response.
    ``difference`` says in what small thing a refused answer differs from an accepted one.
    ``explained_in`` has all sections that explain it; ``links`` leaves out those that the explanation links to.
    ``marked_by`` is ``key``, ``hand`` or ``grant``, and ``reason`` explains a mark by hand.
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
    difference: str
    explanation: SafeHTML | str
    links: Sequence[Stop]
    explained_in: Sequence[Stop]
    marked_by: str
    reason: str
    is_regraded: bool

    @property
    def mark_in_number(self) -> int:
        """Returns 1 for one point and 2 for any other number, for sentences with a singular."""
        return 1 if self.mark == 1 else 2

    @property
    def points_in_number(self) -> int:
        return 1 if self.points == 1 else 2

    @property
    def is_right(self) -> bool:
        return self.state in ("right", "granted")


@dataclass(frozen=True, slots=True)
class Tally:
    """Explains the mark of a multiple response.

    ``right`` and ``wrong`` count the chosen choices, and ``of`` all right ones. They are ``None`` while right answers
    are hidden, because they tell how many choices are right.
    """

    is_all_or_nothing: bool
    right: int | None = None
    wrong: int | None = None
    of: int | None = None


def reviews(attempt: Attempt, outline: Outline, shown: Collection[str]) -> list[Review]:
    """Returns a review of every question of a submitted attempt, in the order of its slots.

    ``shown`` names the aspects that the learner may see. It takes one query, one more if sections were renamed,
    and one more if an instructor marked a response by hand.
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
    """Returns the review of one question that was answered for practice."""
    stops = _stops(outline, set(response.key.explains))
    return _review(response, Quiz.Scoring.RIGHT_MINUS_WRONG, stops, base, shown)


def _stops(outline: Outline, identities: set[str]) -> dict[str, Stop]:
    """Maps identities to the active sections that have them, or that had them last. Others are left out."""
    stops = {stop.identity: stop for stop in outline.stops if stop.identity in identities}
    if missing := identities - stops.keys():
        former_texts = FormerText.objects.filter(section__module=outline.module, identity__in=missing)
        rows = former_texts.order_by("until_id").values_list(
            "identity", "section__identity", "section__archived_at"
        )
        renamed = {former: None if archived_at else current for former, current, archived_at in rows}
        stops |= {
            former: stop for former, current in renamed.items() if current and (stop := outline.stop(current))
        }
    return stops


def _reasons(attempt: Attempt) -> dict[int | None, str]:
    """Maps each slot that was marked by hand to the reason of its latest mark."""
    corrections = attempt.corrections.filter(kind=Correction.Kind.MARK).order_by("pk")
    return dict(corrections.values_list("slot", "reason"))


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
    is_by_key = marked_by == "key"
    state = _state(response, mark, marked_by)
    explanation = key.explanation if _explains(response, state, shown) else ""
    return Review(
        number=response.slot,
        title_html=place(version.title_html, base),
        html=place(version.html, base),
        kind=version.kind,
        state=state if "correctness" in shown else "",
        mark=mark if "marks" in shown else None,
        points=key.points,
        tally=_tally(response, scoring, shown) if is_by_key else None,
        options=_judged_options(response, base, shown),
        answer_text=written_answer(response) if "answer" in shown else None,
        right_answers=_right_answers(response, shown),
        difference=_difference(response, mark, shown) if is_by_key else "",
        explanation=place(explanation, base),
        links=_links(key, explanation, stops),
        explained_in=[stops[identity] for identity in key.explains if identity in stops],
        marked_by=marked_by,
        reason=reason if marked_by == "hand" and "marks" in shown else "",
        is_regraded=key != version and is_by_key,
    )


def _right_answers(response: Response, shown: Collection[str]) -> list[str]:
    """Returns the accepted answers of a typed answer, if they may be shown."""
    is_shown = "right_answer" in shown and not response.version.has_choices
    return [accepted_answer(answer) for answer in response.key.answers] if is_shown else []


def _difference(response: Response, mark: Fraction, shown: Collection[str]) -> str:
    """Says why an answer was refused: because of its form, or as far as right answers are shown."""
    version = response.version
    if mark or version.has_choices or not response.is_answered or not {"answer", "correctness"} <= set(shown):
        return ""
    told = lack_in_words(lack(version, response.answer))
    return told or (
        difference(written_answer(response), response.key.answers) if "right_answer" in shown else ""
    )


def _explains(response: Response, state: str, shown: Collection[str]) -> bool:
    """Tells whether the explanation may be shown.

    Full marks for everybody say nothing about an answer, so they show no explanation before right answers.
    """
    is_right = state == "right" and response.is_answered
    return "explanation" in shown or (is_right and EXPLANATION_IF_RIGHT in shown)


def _links(key: QuestionVersion, explanation: str, stops: Mapping[str, Stop]) -> list[Stop]:
    """Returns the sections to read again, without those that the shown ``explanation`` links to itself.

    The titles of sections stay while the explanation is hidden: they tell where to read, and not what is right.
    """
    explaining = (stops[identity] for identity in key.explains if identity in stops)
    return [stop for stop in explaining if f'"{SECTION}{stop.identity}/' not in explanation]


def _state(response: Response, mark: Fraction, marked_by: str) -> str:
    if marked_by == "grant":
        return "granted"
    if not response.is_answered and not mark:  # an empty answer can still have earned points by hand
        return "unanswered"
    if mark == response.key.points:
        return "right"
    return "partly" if mark else "wrong"


def _tally(response: Response, scoring: str, shown: Collection[str]) -> Tally | None:
    """Returns the tally of an answered multiple response, and ``None`` for any other, or if its mark is hidden."""
    key = response.key
    kinds = {key.kind, response.version.kind}
    is_hidden = not {"marks", "correctness"} <= set(shown)
    if is_hidden or kinds != {QuestionVersion.Kind.MULTIPLE} or not response.is_answered:
        return None
    is_strict = scoring == Quiz.Scoring.ALL_OR_NOTHING
    if "right_answer" not in shown:
        return Tally(is_strict)
    known = {choice["key"] for choice in key.choices}
    chosen = set(response.answer) & known
    right = len(chosen & key.right_keys)
    return Tally(is_strict, right, len(chosen) - right, len(key.right_keys))


def _judged_options(response: Response, base: str, shown: Collection[str]) -> list[Option]:
    """Returns the choices with right and wrong, as far as the learner may know.

    While right answers are hidden, a chosen choice shows its feedback, and only a single choice is judged. Judging
    the chosen choices of a multiple response would reveal the others. The key that graded the response decides which
    choice is right.
    """
    shows_right, judges_chosen = "right_answer" in shown, "correctness" in shown
    is_single = response.version.kind == QuestionVersion.Kind.SINGLE
    choices_of_key = {choice["key"]: choice for choice in response.key.choices}
    judged = []
    for choice in response.choices_in_order():
        is_chosen = choice["key"] in response.answer and "answer" in shown
        is_judged = shows_right or (judges_chosen and is_single and is_chosen)
        shows_feedback = "feedback" in shown and (shows_right or is_chosen)
        judgement = choices_of_key.get(choice["key"], {"right": False, "feedback": ""})
        judged.append(
            Option(
                value=choice["key"],
                html=place(choice["html"], base),
                is_chosen=is_chosen,
                is_right=judgement["right"] if is_judged else None,
                feedback=place(judgement["feedback"], base) if shows_feedback else "",
            )
        )
    return judged
