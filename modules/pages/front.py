"""Makes the values of the front page, and of the page with a learner's own modules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator

from accounts.models import Visitor
from modules.classes.assignments import Duty, by_module, duties_of
from modules.classes.placements import Told, untold
from modules.models import Enrolment, Module, Section, with_outline_for
from modules.pages.notices import News, news_for
from modules.pages.open_attempts import open_attempts_of
from modules.reading import access
from modules.reading.cards import Card, cards
from modules.reading.studies import Studies, Study, studies_of

MODULES_A_PAGE = 24
FEW = 2  # modules whose tiles are wide and name their sections
NAMED = 5  # sections that a wide tile names; the others are counted
SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Holds:
    """What a wide tile names: the titles of the first sections, how many ``more`` there are, and the quiz."""

    titles: Sequence[str]
    more: int
    quiz: str


@dataclass(frozen=True, slots=True)
class FrontPage:
    """The list of modules. ``left`` counts those on the pages that follow.

    ``first_open`` is a section that a visitor may read. ``is_new_here``: the person has not begun any module.
    """

    cards: Sequence[Card]
    holds: Sequence[Holds]
    pages: Page[Module]
    resume: Study | None = None
    news: Sequence[News] = ()
    first_open: Section | None = None
    is_new_here: bool = False

    @property
    def total(self) -> int:
        return self.pages.paginator.count

    @property
    def left(self) -> int:
        return self.total - self.pages.end_index()

    @property
    def tiles(self) -> list[tuple[Card, Holds | None]]:
        holds = [*self.holds, *[None] * (len(self.cards) - len(self.holds))]
        return list(zip(self.cards, holds, strict=True))


@dataclass(frozen=True, slots=True)
class LearningPage:
    """What a learner has begun, what has changed in it, and modules to begin where nothing is to be gone on with.

    ``duties`` are the modules that their classes ask them to finish. ``first_duty`` is where somebody begins who has
    not begun anything. ``added_to`` are classes into which an instructor has put them.
    """

    studies: Studies
    news: Sequence[News]
    suggested: Sequence[Card]
    duties: Sequence[Duty] = ()
    added_to: Sequence[Told] = ()

    @property
    def has_side(self) -> bool:
        """Tells whether what waits stands beside the modules. Where there are none, it takes the whole width."""
        has_modules = self.studies.others or self.studies.finished or self.suggested
        return bool(self.news or (self.duties and has_modules))

    @property
    def first_duty(self) -> Duty | None:
        return self.duties[0] if self.duties and not self.studies else None


def front_page(person: Visitor, number: str, now: datetime) -> FrontPage:
    """Returns a page of the list of modules, in a fixed number of queries. An odd number gives the nearest page."""
    modules = with_outline_for(access.offered_modules(person), person)
    pages = Paginator(modules, MODULES_A_PAGE).get_page(number)
    open_attempts, duties = open_attempts_of(person, now), by_module(duties_of(person, now=now))
    shown = cards(pages.object_list, person, open_attempts, duties)
    holds = _holds([card.module for card in shown]) if pages.paginator.count <= FEW else []
    if not person.is_authenticated:
        return FrontPage(shown, holds, pages, first_open=access.first_open_section())
    studies = studies_of(person, open_attempts, duties)
    return FrontPage(shown, holds, pages, studies.resume, news_for(person, now), is_new_here=not studies)


def learning_page(learner: Visitor, now: datetime) -> LearningPage:
    """Returns what a learner has begun, in a fixed number of queries."""
    duties = duties_of(learner, now=now)
    studies = studies_of(learner, open_attempts_of(learner, now), by_module(duties))
    unfinished = [duty for duty in duties if not duty.is_done]
    suggested = [] if studies.resume or studies.others or unfinished else _suggested(learner)
    return LearningPage(studies, news_for(learner, now), suggested, unfinished, untold(learner))


def _suggested(learner: Visitor) -> list[Card]:
    """Returns the modules that were published last and that the learner has not begun."""
    begun = Enrolment.objects.filter(learner_id=learner.pk).values("module")
    newest = access.offered_modules(learner).exclude(pk__in=begun).order_by("-published_at", "pk")
    return cards(with_outline_for(newest, learner)[:SUGGESTED], learner, {})


def _holds(modules: Sequence[Module]) -> list[Holds]:
    sections = Section.objects.active().filter(module__in=modules).order_by("module", "place")
    titles: dict[int, list[str]] = {module.pk: [] for module in modules}
    for module, title in sections.values_list("module", "title"):
        titles[module].append(title)
    return [
        Holds(
            titles[module.pk][:NAMED],
            len(titles[module.pk][NAMED:]),
            module.active_quiz.title if module.active_quiz else "",
        )
        for module in modules
    ]
