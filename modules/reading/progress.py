"""Progress: what a learner has read, what comes next, when a module is finished.

Everything here is computed from facts (readings, attempts) and the sections that stand now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Subquery

from modules.models import Enrolment, FormerText, Module, Reading, Section
from modules.quizzes import completion
from modules.reading.outlines import Stop


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
        completion.finish_if_due(enrolment, now)
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
