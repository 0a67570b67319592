"""Shows the ambiguities of a plan: each incoming part with the earlier parts that it may continue."""

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
    """Holds an ambiguity and its candidates, each with a sentence about who has worked on it, and a comparison.

    ``rivals`` is a sentence if other ambiguities have one of the candidates too.
    """

    ambiguity: Ambiguity
    question: str
    candidates: tuple[tuple[Candidate, str, Comparison | None], ...]
    rivals: str = ""

    @property
    def is_open(self) -> bool:
        return self.ambiguity.decision is None

    @property
    def chosen(self) -> str:
        """Returns the decision, or else the proposal."""
        decision = self.ambiguity.decision
        return self.ambiguity.proposal if decision is None else decision

    def as_proposed(self) -> Asked:
        """Returns the same with the proposal as its decision."""
        return replace(self, ambiguity=replace(self.ambiguity, decision=self.ambiguity.proposal))


@dataclass(frozen=True, slots=True)
class Group:
    """Holds the ambiguities that are shown together, under a title."""

    title: str
    asked: tuple[Asked, ...]


def asked(module: Module | None, every: list[Ambiguity]) -> list[Asked]:
    """Returns the ambiguities of a plan with all their candidates, the decided ones too."""
    places, room = _places(module) if every else {}, Room()
    return [_asked(ambiguity, _rivals(ambiguity, every), places, room) for ambiguity in every]


def grouped(every: Iterable[Asked]) -> list[Group]:
    """Groups the ambiguities: the whole document, sections, questions, and the choices of each question."""
    groups: dict[str, list[Asked]] = {}
    for question in every:
        groups.setdefault(question.ambiguity.scope, []).append(question)
    return [Group(_title(members[0].ambiguity), tuple(members)) for members in groups.values()]


def _title(ambiguity: Ambiguity) -> str:
    match ambiguity.kind:
        case "document":
            return _("The whole document")
        case "section":
            return _("Sections")
        case "question":
            return _("Questions")
    return _("Choices of “%(question)s”") % {"question": ambiguity.within}


def _places(module: Module | None) -> dict[tuple[str, str], int]:
    """Returns the places of the active parts of a module, counted from 1, by kind and key."""
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
    """Returns a sentence that names the other ambiguities with one of these candidates. They are decided together."""
    keys = {candidate.key for candidate in ambiguity.candidates}
    titles = [
        f"“{other.title}”"
        for other in every
        if other.key != ambiguity.key
        and other.scope == ambiguity.scope
        and keys & {candidate.key for candidate in other.candidates}
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
            (
                candidate,
                _who(ambiguity, candidate, places.get((ambiguity.kind, candidate.key))),
                _comparison(ambiguity, candidate, room),
            )
            for candidate in ambiguity.candidates
        ),
        rivals,
    )


def _question(ambiguity: Ambiguity) -> str:
    if ambiguity.kind == "section":
        return _("Which section is “%(title)s”?") % {"title": ambiguity.title}
    if ambiguity.kind == "document":
        return _("Is this a translation of “%(title)s”?") % {"title": ambiguity.candidates[0].title}
    if ambiguity.kind == "question":
        return _("Which question is “%(title)s”?") % {"title": ambiguity.title}
    names = {"title": ambiguity.title, "question": ambiguity.within}
    return _("In “%(question)s”: which choice is “%(title)s”?") % names


def _who(ambiguity: Ambiguity, candidate: Candidate, place: int | None) -> str:
    """Returns the place of a candidate, since several may have the same title, and who has worked on it."""
    if ambiguity.kind == "document":
        return _(
            "Sections, questions and choices are paired in their order. Readings and answers stay with them."
        )
    if candidate.is_right is not None:
        was = _("was right") if candidate.is_right else _("was wrong")
        return f"{_chosen(candidate.people)} · {was}"
    workers = people("section" if ambiguity.kind == "section" else "question", candidate.people)
    return f"{numbered(ambiguity.kind, place)} · {workers}" if place else workers


def _chosen(count: int) -> str:
    sentence = ngettext("chosen by %(n)d person", "chosen by %(n)d people", count)
    return sentence % {"n": count} if count else _("chosen by nobody yet")


def _comparison(ambiguity: Ambiguity, candidate: Candidate, room: Room) -> Comparison | None:
    if ambiguity.kind in ("choice", "document") or not room.takes(ambiguity.text, candidate.text):
        return None
    return compare_texts(candidate.text, ambiguity.text)


def claimed_twice(plan: Plan, asked: Iterable[Asked]) -> list[str]:
    """Returns a sentence for each candidate that was chosen for several parts. Only one part can continue it.

    ``plan`` has the parts that were paired by hand, too.
    """
    titles: dict[tuple[str, str], list[str]] = {}
    decided = {
        ambiguity.key: ambiguity
        for ambiguity in [*plan.ambiguities, *(question.ambiguity for question in asked)]
    }
    for ambiguity in decided.values():
        for candidate in ambiguity.candidates:
            if candidate.key == ambiguity.decision:
                titles.setdefault((ambiguity.scope, candidate.key), []).append(candidate.title)
    sentence = _("“%(title)s” is chosen more than once. Only one can go on as it; the others are new.")
    return [sentence % {"title": several[0]} for several in titles.values() if len(several) > 1]
