"""Does to readings what a load means for them: they lapse, return, or count for the parts of a section too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from modules.authoring import shared_readings
from modules.authoring.plan import Change, Plan
from modules.authoring.states import PartState
from modules.models import Module, Reading
from modules.notices import sections as section_notices


def follow(module: Module, plan: Plan, changes: Sequence[Change], now: datetime) -> None:
    """Changes the readings of a module whose sections have just been written, and tells their learners.

    ``changes`` are those of its active sections. Call it in the transaction that holds the module's learners.
    """
    # This comes before readings lapse or return: a learner who has read the whole has read the half.
    shared_readings.share(module, plan.kept.origins, plan.kept.wholes)
    _let_partial_readings_lapse(module, plan, now)
    _let_readings_return(module, [change for change in changes if change.returning])
    _let_readings_lapse(module, [change for change in changes if change.tell == "again"], now)
    _tell_those_who_finished(module, changes, now)


def _let_readings_lapse(module: Module, changes: Iterable[Change], now: datetime) -> None:
    """Asks learners to read these sections again, and tells them. The fact that they have read them once is kept."""
    by_identity = {change.identity: change for change in changes}
    for section in module.sections.active().filter(identity__in=list(by_identity)):
        asked, lacks_part = section.readings.counting(), by_identity[section.identity].adds_text
        ask = section_notices.ask_to_read_the_rest if lacks_part else section_notices.ask_to_read_again
        ask(section, asked, now=now)
        asked.update(lapsed_at=now, lacks_part=lacks_part)


def _let_partial_readings_lapse(module: Module, plan: Plan, now: datetime) -> None:
    """Asks the readers of a section to read the rest of what it takes in, unless they have read all of it."""
    for change in plan.changes:
        if change.kind == "section" and change.tell == "rest" and PartState.REMOVED not in change.states:
            section = module.sections.active().get(identity=change.identity)
            partial = section.readings.of_a_part(plan.kept.merged.get(change.identity, ()), section.source)
            asked = Reading.objects.filter(pk__in=list(partial.values_list("pk", flat=True)))
            section_notices.ask_to_read_the_rest(section, asked, now=now)
            asked.update(lapsed_at=now, lacks_part=True)


def _let_readings_return(module: Module, changes: Iterable[Change]) -> None:
    """Restores readings of learners who read a section as it is again now, and were asked to read it again."""
    for change in changes:
        section = module.sections.active().get(identity=change.identity)
        again = section.readings.of_former_words(section.source).to_be_made_again()
        section_notices.take_back(section, again)
        Reading.objects.filter(pk__in=list(again.values_list("pk", flat=True))).update(
            lapsed_at=None, lacks_part=False
        )


def _tell_those_who_finished(module: Module, changes: Iterable[Change], now: datetime) -> None:
    """Tells learners who have finished of new sections, and of changes that are no typing errors."""
    if not module.enrolments.filter(finished_at__isnull=False).exists():
        return
    by_identity = {section.identity: section for section in module.sections.active()}
    for change in changes:
        section = by_identity[change.identity]
        if change.knowing:
            knowing = section.readings.counting().of_former_words(section.source)
            section_notices.take_back(section, knowing)
        if change.tell == "tell":
            section_notices.tell_of_change(section, now=now)
        if {PartState.NEW, PartState.RESTORED} & set(change.states):
            section_notices.tell_of_addition(module, section, now=now)
