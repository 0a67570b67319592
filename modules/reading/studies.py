"""Finds what a learner goes on with in the modules that they have begun: the next step, and the steps on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Subquery

from accounts.models import Visitor
from modules.classes.assignments import Duty
from modules.models import (
    Enrolment,
    Module,
    Reading,
    Section,
    begun_by,
    minutes_for,
    with_last_visit,
    with_outline_for,
)
from modules.reading.cards import Card, OpenAttempt, cards
from modules.reading.places import place_of


@dataclass(frozen=True, slots=True)
class NextSection:
    """The first section that a learner has not read. ``number`` counts from 1."""

    number: int
    title: str
    minutes: int
    url: str


@dataclass(frozen=True, slots=True)
class Study:
    """A module that a learner has begun. ``steps_read`` tells of each section, in order, whether it is read.

    ``next`` is ``None`` if all sections are read, or if the module is withdrawn from its learners.
    ``minutes_left`` is the reading time of the sections that are not read.
    """

    card: Card
    last_visit: datetime
    steps_read: tuple[bool, ...] = ()
    next: NextSection | None = None
    minutes_left: int = 0

    @property
    def module(self) -> Module:
        return self.card.module

    @property
    def is_finished(self) -> bool:
        return self.card.state == "finished"

    @property
    def has_quiz(self) -> bool:
        return self.card.module.active_quiz is not None

    @property
    def was_tried(self) -> bool:
        """Tells whether the learner has submitted the quiz, and may know the grade."""
        return self.card.grade is not None


@dataclass(frozen=True, slots=True)
class Studies:
    """All that a learner has begun. ``resume`` is the study to go on with; ``others`` are not finished either."""

    resume: Study | None
    others: tuple[Study, ...]
    finished: tuple[Study, ...]

    @property
    def minutes_read(self) -> int:
        """Counts the reading time of the finished modules."""
        return sum(study.card.minutes for study in self.finished)

    def __bool__(self) -> bool:
        return bool(self.resume or self.others or self.finished)


def studies_of(
    learner: Visitor,
    open_attempts: Mapping[int, OpenAttempt],
    duties: Mapping[int, Sequence[Duty]] | None = None,
) -> Studies:
    """Returns the modules that a learner has begun, the last visited first. It takes at most five queries.

    ``open_attempts`` maps the keys of modules to the learner's open attempts. The first of them is gone on with.
    """
    begun = begun_by(with_outline_for(Module.objects.all(), learner), learner)
    shown = cards(with_last_visit(begun, learner), learner, open_attempts, duties)
    drawn = [card.module for card in shown if card.state != "finished" or card.open_attempt]
    steps = _steps(drawn, learner)
    studies = sorted(
        (_study(card, steps) for card in shown), key=lambda study: study.last_visit, reverse=True
    )
    resume = _resumed(studies, next(iter(open_attempts), None))
    others = [study for study in studies if study is not resume]
    finished = [study for study in others if study.is_finished]
    finished.sort(key=lambda study: study.module.finished_at or study.last_visit, reverse=True)
    return Studies(resume, tuple(study for study in others if not study.is_finished), tuple(finished))


def _resumed(studies: Sequence[Study], with_attempt: int | None) -> Study | None:
    """Returns the study with the first open attempt, or the first one that can be gone on with."""
    tried = [study for study in studies if study.module.pk == with_attempt]
    readable = [study for study in studies if not study.is_finished and study.module.is_readable]
    return next(iter([*tried, *readable]), None)


def _study(card: Card, steps: Mapping[int, list[Section]]) -> Study:
    module = card.module
    sections = steps.get(module.pk, [])
    unread = [(number, section) for number, section in enumerate(sections, start=1) if not section.is_read]
    following = [
        NextSection(number, section.title, minutes_for(section.words), _address(card, section))
        for number, section in unread[:1]
    ]
    return Study(
        card,
        module.last_visit or module.created_at,
        tuple(bool(section.is_read) for section in sections),
        following[0] if following else None,
        sum(minutes_for(section.words) for _number, section in unread),
    )


def _address(card: Card, section: Section) -> str:
    """Returns the address of a section, at the heading where the learner left it."""
    place = place_of(card.module.kept_place)
    is_there = place is not None and place.identity == section.identity and place.anchor
    return f"{card.url}{section.identity}/" + (f"#{place.anchor}" if place and is_there else "")


def _steps(modules: Iterable[Module], learner: Visitor) -> dict[int, list[Section]]:
    """Maps the keys of modules that may be read to their active sections, each with ``is_read``. One query."""
    readable = [module.pk for module in modules if module.is_readable]
    enrolment = Enrolment.objects.filter(module=OuterRef(OuterRef("module")), learner_id=learner.pk)
    readings = Reading.objects.counting().filter(
        section=OuterRef("pk"), enrolment=Subquery(enrolment.order_by().values("pk"))
    )
    active: Any = Section.objects.active()  # any type, since the annotation is declared on the model
    sections = active.filter(module__in=readable).annotate(is_read=Exists(readings))
    columns = ("module_id", "identity", "title", "words", "place")
    steps: dict[int, list[Section]] = defaultdict(list)
    for section in sections.only(*columns).order_by("module", "place"):
        steps[section.module_id].append(section)
    return steps
