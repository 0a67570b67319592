"""Makes the values that the pages of a module and of its sections show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.urls import reverse

from accounts.models import Visitor
from modules.classes.assignments import Duty, duties_of
from modules.document import one_page
from modules.document.html.render import SafeHTML, place
from modules.models import Module, Quiz, Reading, Section
from modules.quizzes import rules_in_words
from modules.quizzes.learner_rules import rules_for
from modules.reading import access, progress
from modules.reading.cards import OpenAttempt
from modules.reading.outlines import Outline, QuizStop, Stop
from modules.reading.places import Place, place_in
from modules.reading.visible_grades import visible_grades


@dataclass(frozen=True, slots=True)
class ModulePage:
    """The first page of a module. ``begun_at`` is ``None`` if the learner has not begun, or is nobody.

    ``print_url`` leads to the whole module on one page.

    ``rules`` are the rules of the quiz in sentences. ``grade`` is the learner's grade that counts, in percent.
    ``open_sections`` counts the sections that the person may open, from the first one on. ``duties`` say for which of
    the learner's classes the module is.
    """

    introduction: SafeHTML
    quiz: Quiz | None
    rules: Sequence[str]
    questions: int
    begin_url: str = ""
    print_url: str = ""
    begun_at: datetime | None = None
    open_attempt: OpenAttempt | None = None
    grade: Fraction | None = None
    preview_exit_url: str = ""
    open_sections: int = 0
    duties: Sequence[Duty] = ()


@dataclass(frozen=True, slots=True)
class SectionPage:
    """A section as learners read it.

    ``contents`` lists its headings. ``read_before`` is the learner's reading of an earlier text, if it has changed.
    ``has_new_part`` says that it has to be read again for a text that the learner has not read anywhere.
    ``opens_next`` says that the person may open the section that follows. ``place`` is where the learner left the
    section, and ``place_url`` takes the place where they leave it now. ``records_checks``: instructors see how the
    learner answers the questions in the text.
    """

    title: str
    stop: Stop
    html: SafeHTML
    has_checks: bool
    contents: Sequence[Any]
    previous: Stop | None
    next: Stop | QuizStop | None
    reading_url: str = ""
    changes_url: str = ""
    read_before: Reading | None = None
    has_new_part: bool = False
    place_url: str = ""
    place: Place | None = None
    preview_exit_url: str = ""
    opens_next: bool = True
    records_checks: bool = False

    @property
    def has_formulas(self) -> bool:
        """Tells whether the page needs the font of formulas, which comes with the page then, so that no line moves."""
        return "<math" in self.html


def module_page(
    module: Module, learner: Visitor, open_attempt: OpenAttempt | None, now: datetime
) -> ModulePage:
    """Returns the first page of a module with the figures of its learner's outline, in at most four queries."""
    quiz = module.active_quiz
    return ModulePage(
        introduction=place(module.introduction, module.get_absolute_url()),
        quiz=quiz,
        rules=list(rules_in_words.summary(quiz, rules_for(quiz, learner), now)) if quiz else (),
        questions=module.question_count or 0,
        begin_url=reverse("beginning", args=[module.slug]),
        print_url=reverse("printable", args=[module.slug]) if learner.is_authenticated else "",
        begun_at=module.begun_at,
        open_attempt=open_attempt,
        grade=visible_grades([module], learner).get(module.pk),
        open_sections=access.open_sections(learner, module, module.section_count or 0),
        duties=duties_of(learner, now=now, modules=[module]),
    )


@dataclass(frozen=True, slots=True)
class PrintablePage:
    """A whole module on one page, without the keys of its questions."""

    html: SafeHTML
    module_url: str


def printable_page(module: Module) -> PrintablePage:
    """Returns the introduction and the sections of a module on one page, in one query."""
    sections = module.sections.active().values_list("identity", "title", "html")
    whole = one_page.show_stored(module.introduction, sections)
    url = module.get_absolute_url()
    return PrintablePage(html=place(whole, url), module_url=url)


def section_page(
    section: Section, stop: Stop, outline: Outline, read_before: Reading | None, reader: Visitor
) -> SectionPage:
    """Returns the page of a section for the learner of ``outline``.

    It takes no query, unless the learner has to read the section again.
    """
    slug = section.module.slug
    return SectionPage(
        title=section.title,
        stop=stop,
        html=place(section.html, section.module.get_absolute_url()),
        has_checks=bool(section.checks),
        contents=section.contents,
        previous=outline.before(stop),
        next=outline.after(stop),
        reading_url=reverse("reading", args=[slug, stop.identity]),
        changes_url=reverse("changes", args=[slug, stop.identity]) if read_before else "",
        read_before=read_before,
        has_new_part=read_before is not None and progress.has_new_part(read_before),
        opens_next=stop.number < access.open_sections(reader, section.module, outline.total)
        or reader.is_authenticated,
        place_url=reverse("place", args=[slug, stop.identity]) if outline.has_begun else "",
        place=place_in(section, outline.place),
        records_checks=bool(section.checks) and outline.has_begun and section.module.records_checks,
    )
