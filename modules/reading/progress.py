"""Enrols learners, records their readings, and finds the text that a learner has read."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Subquery

from accounts.models import User, Visitor
from modules.document.compare.likeness import body
from modules.document.compare.moved_text import adds_lines, has_all_lines
from modules.models import Enrolment, FormerText, Module, Reading, Section
from modules.quizzes import completion
from modules.reading.outlines import Stop
from modules.reading.places import forget_place


def begin(learner: User, module: Module, *, now: datetime) -> Enrolment:
    """Enrols a learner in a module. A second call changes nothing.

    Raises :class:`Module.DoesNotExist` if the module was withdrawn meanwhile.
    """
    return Enrolment.objects.filter(learner=learner, module=module).first() or _enrol(learner, module, now)


def _enrol(learner: User, module: Module, now: datetime) -> Enrolment:
    with transaction.atomic():
        # A load locks this row: nobody enrols while it finds out who finishes the module through it.
        locked = Module.objects.select_for_update(no_key=True).only("withdrawn_at").get(pk=module.pk)
        if locked.withdrawn_at is not None:  # nobody new begins it; unpublishing has locked this row, too
            raise Module.DoesNotExist
        enrolment, _created = Enrolment.objects.locked().get_or_create(
            learner=learner, module=module, defaults={"begun_at": now, "last_seen_at": now}
        )
    return enrolment


def record_reading(learner: User, section: Section, *, now: datetime, revision: int | None = None) -> Reading:
    """Records that a learner has read a section, and returns the reading that counts.

    A second call changes nothing, unless the learner has read a newer text of a section that changed.
    ``revision`` is the primary key of the revision whose text was on the page. Without it, or if it belongs to
    another module, the current text counts. Raises :class:`Section.DoesNotExist` if a load deletes the section
    meanwhile.
    """
    try:
        return _record_reading(learner, section, now, revision)
    except IntegrityError as error:
        raise Section.DoesNotExist from error


def _record_reading(learner: User, section: Section, now: datetime, revision: int | None) -> Reading:
    revisions = section.module.revisions
    shown = revisions.filter(pk=revision or 0).first() or revisions.latest("number")
    with transaction.atomic():
        enrolment = _locked_enrolment(learner, section.module, now)
        readings = Reading.objects.counting().filter(enrolment=enrolment, section=section)
        readings.filter(revision_id__lt=min(shown.pk, section.changed_in_id or 0)).update(lapsed_at=now)
        reading, _created = readings.get_or_create(
            enrolment=enrolment, section=section, defaults={"revision": shown, "read_at": now}
        )
        forget_place(enrolment, section)
        enrolment.see(now)
        completion.finish_if_due(enrolment, now)
    return reading


def _locked_enrolment(learner: User, module: Module, now: datetime) -> Enrolment:
    """Returns a learner's enrolment in a module with its row locked.

    The lock lets one of two clicks wait, or one of the last section and the quiz.
    """
    locked = Enrolment.objects.locked().filter(learner=learner, module=module)
    enrolment = locked.first() or _enrol(learner, module, now)
    enrolment.learner, enrolment.module = learner, module
    return enrolment


def last_reading(learner: Visitor, section: Section) -> Reading | None:
    """Returns the learner's latest reading of a section, even if that reading has lapsed."""
    # A section has one reading for every learner. The query goes through the enrolment, which has few readings.
    enrolment = Enrolment.objects.filter(module=section.module_id, learner_id=learner.pk)
    readings = Reading.objects.filter(section=section, enrolment=Subquery(enrolment.order_by().values("pk")))
    return readings.order_by("-pk").first()


def read_before(learner: Visitor, section: Section, stop: Stop) -> Reading | None:
    """Returns the reading to remind a learner of, because the section has changed since.

    The reading still counts, or the learner has to read the section again. It takes one query, and none if the
    section never changed.
    """
    if section.changed_in_id is None or (stop.is_read and not stop.is_changed):
        return None
    return last_reading(learner, section)


def is_behind(reading: Reading) -> bool:
    """Tells whether the section's text has changed so that its reader sees a notice, or has to read it again."""
    if reading.lapsed_at is not None:
        return True
    section, text = reading.section, text_read(reading)
    is_older = reading.revision_id < (section.changed_in_id or 0)
    return is_older and (text is section or text.source != section.source)


def has_new_part(reading: Reading) -> bool:
    """Tells whether a section that has to be read again says what was read, and more that was not read anywhere.

    It takes up to three queries, and none for a reading that counts or whose load has found that out.
    """
    if reading.lapsed_at is None or reading.lacks_part:
        return reading.lapsed_at is not None
    before, now = text_read(reading).source, reading.section.source
    if not has_all_lines(body(before), body(now)):
        return False
    others = [text.source for _section, text in other_texts_read(reading)]
    return adds_lines([before, *others], now)


def text_read(reading: Reading) -> FormerText | Section:
    """Returns the text that was read: a former text, or the section itself if it has not changed since.

    It is empty for a section that was split off from the one that was read.
    """
    section = reading.section
    later = section.former_texts.filter(until_id__gt=reading.revision_id).order_by("until_id").first()
    if later is None and reading.lacks_part:
        return FormerText(section=section, identity=section.identity, title=section.title, source="")
    return later or section


def other_texts_read(reading: Reading) -> list[tuple[Section, FormerText | Section]]:
    """Returns the other sections of the module that the learner has read, each with the text that was read.

    Archived sections are included. It takes two queries.
    """
    others = Reading.objects.filter(enrolment=reading.enrolment_id).exclude(section=reading.section_id)
    readings = list(others.select_related("section"))
    former_texts = FormerText.objects.filter(section__in=[other.section_id for other in readings])
    former: dict[int, list[FormerText]] = defaultdict(list)
    for text in former_texts.order_by("until_id"):
        former[text.section_id].append(text)
    return [(other.section, _text_of(other, former[other.section_id])) for other in readings]


def _text_of(reading: Reading, former: list[FormerText]) -> FormerText | Section:
    return next((text for text in former if text.until_id > reading.revision_id), reading.section)
