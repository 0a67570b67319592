"""Shows the ambiguities of a plan: which part that stands goes on as which that comes, said of each candidate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from modules.admin.comparisons import Comparison, Room, compare_texts
from modules.admin.plan_cards import numbered, people
from modules.authoring.plan import Ambiguity, Candidate, Plan
from modules.models import Module


@dataclass(frozen=True, slots=True)
class Asked:
    """A doubt with its candidates, each with who has worked on it and its text beside the coming one.

    ``rivals`` is a sentence where other doubts have one of the candidates too.
    """

    ambiguity: Ambiguity
    question: str
    candidates: tuple[tuple[Candidate, str, Comparison | None], ...]
    rivals: str = ""

    @property
    def is_open(self) -> bool:
        return self.ambiguity.meant is None


def asked(plan: Plan, undecided: Plan) -> list[Asked]:
    """Every doubt with all its candidates, those that are settled too, so that one may think again."""
    decided = {ambiguity.key: ambiguity for ambiguity in plan.ambiguities}
    first = [_with(ambiguity, plan.decisions.meant) for ambiguity in undecided.ambiguities]
    known = {ambiguity.key for ambiguity in first}
    every = [*first, *(decided[key] for key in decided if key not in known)]
    places, room = _places(plan.module) if every else {}, Room()
    return [_asked(ambiguity, _rivals(ambiguity, every), places, room) for ambiguity in every]


def _with(ambiguity: Ambiguity, meant: Mapping[str, str]) -> Ambiguity:
    return replace(ambiguity, meant=meant.get(ambiguity.key))


def _places(module: Module | None) -> dict[tuple[str, str], int]:
    """Where the parts of a module stand, counted from 1, by kind and key; what is archived stands nowhere."""
    if module is None:
        return {}
    quiz = module.active_quiz
    active = {
        "section": module.sections.active().values_list("pk", flat=True),
        "question": quiz.questions.active().values_list("pk", flat=True) if quiz else (),
    }
    return {
        (kind, str(key)): place for kind, keys in active.items() for place, key in enumerate(keys, start=1)
    }


def _rivals(ambiguity: Ambiguity, every: Iterable[Ambiguity]) -> str:
    """Which other doubts have a candidate of this one: a person answers them together."""
    mine = {candidate.key for candidate in ambiguity.candidates}
    titles = [
        f"“{other.title}”"
        for other in every
        if other.key != ambiguity.key
        and _scope(other) == _scope(ambiguity)
        and mine & {candidate.key for candidate in other.candidates}
    ]
    if not titles:
        return ""
    return _("The same is asked of %(titles)s. Only one of them can go on as it; the others are new.") % {
        "titles": get_text_list(titles, _("and"))
    }


def _asked(ambiguity: Ambiguity, rivals: str, places: Mapping[tuple[str, str], int], room: Room) -> Asked:
    return Asked(
        ambiguity,
        _question(ambiguity),
        tuple(
            (one, _who(ambiguity, one, places.get((ambiguity.kind, one.key))), _beside(ambiguity, one, room))
            for one in ambiguity.candidates
        ),
        rivals,
    )


def _question(ambiguity: Ambiguity) -> str:
    if ambiguity.kind == "section":
        return _("Which section is “%(title)s”?") % {"title": ambiguity.title}
    if ambiguity.kind == "question":
        return _("Which question is “%(title)s”?") % {"title": ambiguity.title}
    names = {"title": ambiguity.title, "question": ambiguity.within}
    return _("In “%(question)s”: which choice is “%(title)s”?") % names


def _who(ambiguity: Ambiguity, candidate: Candidate, place: int | None) -> str:
    """Where a candidate stands, since several may be called the same, and who has worked on it."""
    if candidate.is_right is not None:
        was = _("was right") if candidate.is_right else _("was wrong")
        return f"{_chosen(candidate.people)} · {was}"
    said = people("section" if ambiguity.kind == "section" else "question", candidate.people)
    return f"{numbered(ambiguity.kind, place)} · {said}" if place else said


def _chosen(count: int) -> str:
    said = ngettext("chosen by %(n)d person", "chosen by %(n)d people", count)
    return said % {"n": count} if count else _("chosen by nobody yet")


def _beside(ambiguity: Ambiguity, candidate: Candidate, room: Room) -> Comparison | None:
    if ambiguity.kind == "choice" or not room.takes(ambiguity.text, candidate.text):
        return None
    return compare_texts(candidate.text, ambiguity.text)


def claimed_twice(ambiguities: Iterable[Asked]) -> list[str]:
    """A sentence for each candidate that several doubts were settled with; only one part can go on as it."""
    titles: dict[tuple[str, str], list[str]] = {}
    for one in ambiguities:
        for candidate, _people, _marked in one.candidates:
            if candidate.key == one.ambiguity.meant:
                titles.setdefault((_scope(one.ambiguity), candidate.key), []).append(candidate.title)
    said = _("“%(title)s” is chosen more than once. Only one can go on as it; the others are new.")
    return [said % {"title": several[0]} for several in titles.values() if len(several) > 1]


def _scope(ambiguity: Ambiguity) -> str:
    """Within what keys of candidates are unique: a module's sections, its questions, a question's choices."""
    return ambiguity.key.rpartition(":")[0] if ambiguity.kind == "choice" else ambiguity.kind
