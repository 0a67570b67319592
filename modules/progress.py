"""Progress: what a learner has read, what comes next, when a module is finished.

Everything here is computed from facts (readings, attempts) and the sections that stand now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Max, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from modules.allowances import History, allowances_for
from modules.document import rules
from modules.document.reader import Document
from modules.models import (
    Attempt,
    Enrolment,
    FormerText,
    Module,
    Quiz,
    Reading,
    Section,
    counted,
    minutes_for,
)


@dataclass(frozen=True, slots=True)
class Stop:
    """A section as a point on a learner's path. ``number`` counts from 1.

    ``is_changed``: the learner has read a text of it that has changed since, and is told of it. ``has_lapsed``: they
    have read it, and are asked to read it again.
    """

    number: int
    identity: str
    title: str
    minutes: int
    is_read: bool
    url: str
    is_changed: bool = False
    has_lapsed: bool = False


@dataclass(frozen=True, slots=True)
class QuizStop:
    """The final quiz at the end of a learner's path. ``is_passed``: it is, and the learner may know.

    ``hides_marks``: an attempt is submitted, and the learner may not know yet what came of it.
    """

    title: str
    url: str
    questions: int
    is_open: bool
    is_passed: bool
    hides_marks: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """A module as one learner has it before them: the path, and how far they are on it."""

    module: Module
    stops: Sequence[Stop]
    quiz: QuizStop | None
    is_finished: bool = False

    @property
    def read(self) -> int:
        return sum(stop.is_read for stop in self.stops)

    @property
    def total(self) -> int:
        return len(self.stops)

    @property
    def steps(self) -> int:
        """What there is to do: each section, and the quiz."""
        return self.total + (self.quiz is not None)

    @property
    def done(self) -> int:
        return self.read + (self.quiz is not None and self.quiz.is_passed)

    @property
    def percent(self) -> int:
        return 100 * self.done // self.steps if self.steps else 0

    @property
    def waits_for_quiz(self) -> bool:
        """Whether all is read and only the quiz is left to pass, as far as the learner may know."""
        is_left = self.read == self.total and self.quiz is not None and not self.quiz.is_passed
        return is_left and not self.is_finished and not self.hides_marks

    @property
    def hides_marks(self) -> bool:
        return self.quiz is not None and self.quiz.hides_marks

    @property
    def minutes(self) -> int:
        return sum(stop.minutes for stop in self.stops)

    @property
    def minutes_left(self) -> int:
        return sum(stop.minutes for stop in self.stops if not stop.is_read)

    @property
    def next_stop(self) -> Stop | None:
        """Where the learner goes on: the first section that is still unread."""
        return next((stop for stop in self.stops if not stop.is_read), None)

    def stop(self, identity: str) -> Stop | None:
        return next((stop for stop in self.stops if stop.identity == identity), None)

    def before(self, stop: Stop) -> Stop | None:
        return self.stops[stop.number - 2] if stop.number > 1 else None

    def after(self, stop: Stop) -> Stop | QuizStop | None:
        return self.stops[stop.number] if stop.number < self.total else self.quiz

    def unread(self) -> list[Stop]:
        return [stop for stop in self.stops if not stop.is_read]

    def lapsed(self) -> list[Stop]:
        return [stop for stop in self.stops if stop.has_lapsed]


@dataclass(frozen=True, slots=True)
class Running:
    """An attempt that is under way: where it goes on, and until when, where its time is limited.

    ``is_overdue``: it takes no more answers, and is to be submitted by then.
    """

    url: str
    title: str
    until: datetime | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A module in a list of modules, with how far the learner is. ``grade`` is the one that counts, in percent.

    ``steps`` are its sections and, as the last one, its quiz; so many of them are ``done``. ``hides_marks`` as
    :class:`QuizStop` has it.
    """

    module: Module
    url: str
    total: int
    minutes: int
    questions: int
    read: int
    steps: int
    done: int
    state: str
    grade: Fraction | None
    hides_marks: bool
    running: Running | None = None

    @property
    def waits_for_quiz(self) -> bool:
        """Whether all is read and only the quiz is left to pass, as far as the learner may know."""
        is_left = self.read == self.total and self.done < self.steps
        return is_left and self.state != "finished" and not self.hides_marks


# A row for each section, or one without a section; on each, the quiz that stands. It is on every page of a module: to
# compose it anew through the ORM takes thirty times as long as to answer it. Texts are compared only where a section
# was read before its last change: it may say again what was read.
PATH = """
WITH mine AS (
    SELECT id, passed_at, finished_at FROM modules_enrolment WHERE module_id = %(module)s AND learner_id = %(learner)s
), taken AS (
    SELECT quiz_id, COUNT(*) AS made, COUNT(submitted_at) AS submitted, COUNT(abandoned_at) AS abandoned
    FROM modules_attempt WHERE deleted_at IS NULL AND enrolment_id = (SELECT id FROM mine) GROUP BY quiz_id
)
SELECT section.identity, section.title, section.words, reading.id IS NOT NULL,
    CASE WHEN reading.revision_id < section.changed_in_id THEN COALESCE((
        SELECT former.source <> section.source FROM modules_formertext former
        WHERE former.section_id = section.id AND former.until_id > reading.revision_id ORDER BY former.until_id LIMIT 1
    ), TRUE) END,
    reading.id IS NULL AND section.id IN (
        SELECT section_id FROM modules_reading WHERE lapsed_at IS NOT NULL AND enrolment_id = (SELECT id FROM mine)
    ),
    quiz.title, quiz.asks, quiz.review, mine.passed_at IS NOT NULL, mine.finished_at IS NOT NULL,
    taken.submitted > 0, taken.made > taken.submitted + taken.abandoned
FROM modules_module module
LEFT JOIN modules_quiz quiz ON quiz.module_id = module.id AND quiz.archived_at IS NULL
LEFT JOIN mine ON TRUE
LEFT JOIN taken ON taken.quiz_id = quiz.id
LEFT JOIN modules_section section ON section.module_id = module.id AND section.archived_at IS NULL
LEFT JOIN modules_reading reading ON reading.section_id = section.id AND reading.enrolment_id = mine.id
    AND reading.lapsed_at IS NULL
WHERE module.id = %(module)s
ORDER BY section.place
"""


def outline(module: Module, learner: Any) -> Outline:
    """The path of a learner (or of somebody who has not signed in) through a module.

    One query; up to two more where it has to be found out whether they may know yet what came of the quiz.
    """
    base = module.get_absolute_url()
    with connection.cursor() as cursor:
        cursor.execute(PATH, {"module": module.pk, "learner": learner.pk})
        rows = cursor.fetchall()
    stops = [
        Stop(
            number,
            identity,
            title,
            minutes_for(words),
            bool(is_read),
            f"{base}{identity}/",
            bool(is_changed),
            bool(has_lapsed),
        )
        for number, (identity, title, words, is_read, is_changed, has_lapsed, *_quiz) in enumerate(rows, 1)
        if identity is not None
    ]
    *_section, title, questions, review, is_passed, is_finished, is_submitted, is_under_way = rows[0]
    if title is None:
        return Outline(module, stops, None, bool(is_finished))
    may_know = not (is_passed or is_submitted) or is_finished or _may_know(module, learner, review)
    last = QuizStop(
        title,
        reverse("quiz", args=[module.slug]),
        questions,
        is_open=bool(is_under_way) or _opens(module, stops),
        is_passed=bool(is_passed and may_know),
        hides_marks=not may_know,
    )
    return Outline(module, stops, last, bool(is_finished))


def open_outline(module: Module, learner: Any) -> Outline:
    """The path as far as a learner may walk it: nowhere, where the module is not published."""
    return outline(module, learner) if module.is_published else Outline(module, (), None)


def _opens(module: Module, stops: Sequence[Stop]) -> bool:
    return module.quiz_opens == Module.QuizOpens.AT_ONCE or all(stop.is_read for stop in stops)


def _may_know(module: Module, learner: Any, review: str) -> bool:
    """Whether a learner may know what came of their attempts: as soon as they may see their marks.

    Who has finished knows it from that, whatever is hidden: it is what they came for.
    """
    return "marks" in rules.shown_always(review) or module.pk in grades([module], learner)


def outline_of(document: Document, module: Module, base: str) -> Outline:
    """The path through a document that is not loaded, nothing read, its addresses under ``base``."""
    stops = [
        Stop(
            number,
            section.identity,
            section.title,
            minutes_for(section.words),
            False,
            f"{base}{section.identity}/",
        )
        for number, section in enumerate(document.sections, start=1)
    ]
    quiz = document.quiz
    last = QuizStop(quiz.title, f"{base}{quiz.identity}/", document.asks, True, False) if quiz else None
    return Outline(module, stops, last)


def begin(learner: Any, module: Module, *, now: datetime) -> Enrolment:
    """Enrol a learner in a module; beginning again changes nothing."""
    return Enrolment.objects.filter(learner=learner, module=module).first() or _enrol(learner, module, now)


def _enrol(learner: Any, module: Module, now: datetime) -> Enrolment:
    with transaction.atomic():
        # A load holds this row, and nobody comes in while it finds out who finishes by it.
        Module.objects.select_for_update(no_key=True).only("pk").filter(pk=module.pk).first()
        enrolment, _created = Enrolment.objects.locked().get_or_create(
            learner=learner, module=module, defaults={"begun_at": now}
        )
    return enrolment


def record_reading(learner: Any, section: Section, *, now: datetime, revision: int | None = None) -> Reading:
    """Record that a learner has read a section; again changes nothing, unless it is a newer text of one that changed.

    ``revision`` is the key of the one whose text was on the page; without it, or where it is none of the module's, it
    is the text that stands now. Raises :class:`Section.DoesNotExist` where a load takes the section away meanwhile.
    """
    try:
        return _record_reading(learner, section, now, revision)
    except IntegrityError as error:
        raise Section.DoesNotExist from error


def _record_reading(learner: Any, section: Section, now: datetime, revision: int | None) -> Reading:
    revisions = section.module.revisions
    shown = revisions.filter(pk=revision or 0).first() or revisions.latest("number")
    with transaction.atomic():
        enrolment = _mine_locked(learner, section.module, now)
        mine = Reading.objects.counting().filter(enrolment=enrolment, section=section)
        mine.filter(revision_id__lt=min(shown.pk, section.changed_in_id or 0)).update(lapsed_at=now)
        reading, _created = mine.get_or_create(
            enrolment=enrolment, section=section, defaults={"revision": shown, "read_at": now}
        )
        enrolment.finish_if_due(now)
    return reading


def _mine_locked(learner: Any, module: Module, now: datetime) -> Enrolment:
    """A learner's enrolment in a module, locked: of two clicks, or of the last section and the quiz, one waits."""
    mine = Enrolment.objects.locked().filter(learner=learner, module=module)
    enrolment = mine.first() or _enrol(learner, module, now)
    enrolment.learner, enrolment.module = learner, module
    return enrolment


def last_reading(learner: Any, section: Section) -> Reading | None:
    """The latest reading of a section by a learner, also where it has lapsed."""
    # A section has as many readings as there are learners, so they are looked for in the learner's enrolment.
    enrolment = Enrolment.objects.filter(module=section.module_id, learner_id=learner.pk)
    readings = Reading.objects.filter(section=section, enrolment=Subquery(enrolment.order_by().values("pk")))
    return readings.order_by("-pk").first()


def read_before(learner: Any, section: Section, stop: Stop) -> Reading | None:
    """The reading to remind a learner of: the section has changed since.

    It still counts, or the learner is asked to read the section again. One query, of a section that changed alone.
    """
    if section.changed_in_id is None or (stop.is_read and not stop.is_changed):
        return None
    return last_reading(learner, section)


def is_behind(reading: Reading) -> bool:
    """Whether the section says something else now that its reader is told of, or is asked to read again."""
    if reading.lapsed_at is not None:
        return True
    read, now = text_read(reading), reading.section
    return reading.revision_id < (now.changed_in_id or 0) and (read is now or read.source != now.source)


def text_read(reading: Reading) -> FormerText | Section:
    """The text that somebody read: the section's own where it has not changed since."""
    later = reading.section.former_texts.filter(until_id__gt=reading.revision_id)
    return later.order_by("until_id").first() or reading.section


def texts_read_beside(reading: Reading) -> list[tuple[Section, FormerText | Section]]:
    """The other sections of its module that a learner has read, archived ones too, each with the text of then."""
    mine = Reading.objects.filter(enrolment=reading.enrolment_id).exclude(section=reading.section_id)
    readings = list(mine.select_related("section"))
    former: dict[int, list[FormerText]] = {}
    for text in FormerText.objects.filter(section__in=[one.section_id for one in readings]).order_by(
        "until_id"
    ):
        former.setdefault(text.section_id, []).append(text)
    return [
        (
            one.section,
            next(
                (text for text in former.get(one.section_id, []) if text.until_id > one.revision_id),
                one.section,
            ),
        )
        for one in readings
    ]


def cards(modules: Iterable[Module], learner: Any, running: Mapping[int, Running]) -> list[Card]:
    """Modules from ``with_outline_for(learner)`` as cards, with the grade that counts of each. Two queries at most.

    ``running`` is what the learner has under way, by the key of the module.
    """
    modules = list(modules)
    outcome_of = _outcomes(modules, learner)
    return [
        _card(
            module,
            outcome_of.get(module.pk),
            running.get(module.pk),
            hides_marks=module.pk in outcome_of and outcome_of[module.pk] is None,
        )
        for module in modules
    ]


def _card(module: Module, grade: Fraction | None, running: Running | None, *, hides_marks: bool) -> Card:
    total, read = module.section_count or 0, module.read_count or 0
    has_quiz = module.standing_quiz is not None
    may_know = module.finished_at is not None or grade is not None  # see `_may_know`
    return Card(
        module=module,
        url=module.get_absolute_url(),
        total=total,
        minutes=module.minutes or 0,
        questions=module.question_count or 0,
        read=read,
        steps=total + has_quiz,
        done=read + (has_quiz and module.passed_at is not None and may_know),
        state="finished" if module.finished_at else "begun" if module.begun_at else "new",
        grade=grade,
        hides_marks=has_quiz and hides_marks and module.finished_at is None,
        running=running,
    )


def grades(modules: Iterable[Module], learner: Any) -> dict[int, Fraction]:
    """The grade that counts for a learner in each of these modules, by the module's key, where it may be shown."""
    return {pk: grade for pk, grade in _outcomes(modules, learner).items() if grade is not None}


def _outcomes(modules: Iterable[Module], learner: Any) -> dict[int, Fraction | None]:
    """The same where an attempt is submitted: ``None`` where the grade may not be shown yet."""
    if not learner.is_authenticated:
        return {}
    attempts: dict[Quiz, list[Attempt]] = {}
    wanted = Attempt.objects.submitted().filter(enrolment__learner=learner, enrolment__module__in=modules)
    for attempt in wanted.select_related("quiz"):
        attempts.setdefault(attempt.quiz, []).append(attempt)
    # Their own dates decide only where a table shows marks at one moment and not at another.
    allowed = allowances_for(
        [quiz for quiz in attempts if "marks" not in rules.shown_always(quiz.review)], learner
    )
    now = timezone.now()
    return {
        quiz.module_id: counted(several, quiz.counts)
        if quiz.pk not in allowed or History(quiz, allowed[quiz.pk], several).shows_marks(now)
        else None
        for quiz, several in attempts.items()
    }


def continue_with(learner: Any, running: Iterable[int] = ()) -> Module | None:
    """The module in which the learner goes on: the first of those with something ``running``, by their keys, or the
    unfinished one in which they did something last.
    """
    if not learner.is_authenticated:
        return None
    mine = Module.objects.with_outline_for(learner)
    first = next(iter(running), None)
    if first is not None:
        return mine.get(pk=first)
    enrolment = (
        Enrolment.objects.filter(
            learner=learner, finished_at__isnull=True, module__published_at__isnull=False
        )
        .annotate(last=Coalesce(Max("readings__read_at"), "begun_at"))
        .order_by("-last")
        .first()
    )
    return mine.get(pk=enrolment.module_id) if enrolment else None
