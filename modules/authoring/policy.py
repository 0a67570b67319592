"""Decides what a load may do: whom it touches, which module it is for, and what has to be asked first.

The admin and the command line ask the same functions. They write the sentences.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from modules.authoring.parts import leaves_others
from modules.authoring.plan import Change, Plan
from modules.authoring.states import PartState
from modules.document.convert.recognise import SECONDS, recognise
from modules.document.deadline import Deadline, TooSlow
from modules.document.slugs import LONGEST, UNNAMED, Names, latin_slug
from modules.document.syntax.values import Document
from modules.models import FormerSlug, Module, ModuleQuerySet, has_learners

if TYPE_CHECKING:
    from accounts.models import Visitor

# Rules that count at once for attempts that were made: their grade, what is shown of them, how many more there may be.
FOR_ATTEMPTS_MADE = frozenset({"counts", "review", "attempts", "closes"})
NOTICED = frozenset({PartState.REMOVED, PartState.SPLIT, PartState.MERGED, PartState.RESTORED})


def module_for_document(
    document: Document, module: Module | None = None, *, among: ModuleQuerySet | None = None
) -> Module | None:
    """Returns the module that a document is for: the given one, or else the one ``among`` some that has its slug."""
    if module is not None:
        return module
    modules = (Module.objects.all() if among is None else among).select_related("current")
    return modules.filter(slug=document.slug).first() or _module_of_former_slug(modules, document)


def _module_of_former_slug(modules: QuerySet[Module], document: Document) -> Module | None:
    """Returns the module with the title of a document and the slug that version 0.2.0 gave to such a title."""
    former = latin_slug(document.title) or UNNAMED
    if document.slug_is_given or former == document.slug:
        return None
    return modules.filter(slug=former, title=document.title).first()


def free_slug(slug: str) -> str:
    """Returns the slug, or with a number if a module has it or had it: an old address goes on leading to its module."""
    base = slug[:LONGEST]
    taken = [
        *Module.objects.filter(slug__startswith=base).values_list("slug", flat=True),
        *FormerSlug.objects.filter(slug__startswith=base).values_list("slug", flat=True),
    ]
    return Names(frozenset(taken)).claim(base)


def slug_holder(module: Module | None, document: Document, *, by: Visitor | None = None) -> Module | None:
    """Returns another module that has the slug that a document asks for, or ``None``.

    A module also holds its former slugs against people who may not change it: its old addresses lead to it.
    """
    if module is None:
        return _former_holder(None, document, by)
    if not document.slug_is_given or document.slug == module.slug:
        return None
    holder = Module.objects.filter(slug=document.slug).exclude(pk=module.pk).first()
    return holder or _former_holder(module, document, by)


def _former_holder(module: Module | None, document: Document, by: Visitor | None) -> Module | None:
    if by is None:
        return None
    holders = Module.objects.filter(former_slugs__slug=document.slug).exclude(pk=module.pk if module else 0)
    return holders.exclude(pk__in=Module.objects.changeable_by(by).values("pk")).first()


def is_ready(module: Module | None, document: Document, *, by: Visitor | None = None) -> bool:
    """Checks whether a plan can be shown: the module exists, and the document can be loaded into it."""
    return module is not None and not document.errors and slug_holder(module, document, by=by) is None


def names_another_module(plan: Plan) -> bool:
    """Checks whether a document has the slug of a module only by its title, and is for another module: C, and C++."""
    if plan.module is None or not plan.takes_out_everything:
        return False
    return not plan.document.slug_is_given and plan.document.title != plan.module.title


def touches_learners(plan: Plan) -> bool:
    """Checks whether anybody's work depends on a change, so that a person has to see the plan before it is applied."""
    worked_on = [change for change in plan.changes if change.people or change.past]
    holds_up = bool(plan.open_ambiguities or plan.held_up or plan.tested)
    if holds_up or any(map(_is_noticed, worked_on)) or _touches_attempts(plan):
        return True
    # A learner who has begun a module is on the way to its end, also before coming to the part that goes.
    is_nearer = plan.shortens or plan.finishes > 0
    return is_nearer and plan.module is not None and has_learners(plan.module)


def _touches_attempts(plan: Plan) -> bool:
    has_takers = any(change.past for change in plan.changes if change.kind == "quiz")
    return has_takers and any(setting.name in FOR_ATTEMPTS_MADE for setting in plan.settings)


def _is_noticed(change: Change) -> bool:
    """Checks whether learners who have read or answered a part notice its change, or can be told of it."""
    states = set(change.states)
    if NOTICED & states or (PartState.SPLIT in states and change.tell == "again"):
        return True
    is_news = bool({PartState.CHANGED, PartState.IMAGES} & states) and not change.is_slight
    return bool(change.kind == "section" and is_news) or bool(change.choices)


def shows_foreign_key(plan: Plan) -> bool:
    """Checks whether learners would newly see the key of questions in another notation.

    A person says that such a text is reading, and the text of the module remembers it. So a module that shows a key
    already is not asked again, and neither is a text that it had before.
    """
    text = plan.document.text
    if not _shows_key(text, unknown=True):
        return False
    if plan.module is None:
        return True
    is_shown_already = _shows_key(plan.module.text(), unknown=False)
    return not is_shown_already and not plan.module.revisions.filter(text=text).exists()


def _shows_key(text: str, *, unknown: bool) -> bool:
    """Checks whether a text shows a key in another notation; ``unknown`` if it cannot be searched in time."""
    try:
        return recognise(text, Deadline(SECONDS)).shows_key
    except TooSlow:
        return unknown


class Consent(StrEnum):
    """Names what has to happen before a plan is applied."""

    NONE = "none"  # it may be applied at once
    DECISIONS = "decisions"  # its ambiguities have to be decided
    OTHER_MODULE = "other-module"  # it may belong to another module
    EVERYTHING_GOES = "everything-goes"  # nothing that learners study would stay
    MOST_GOES = "most-goes"  # more than half of its sections and questions would go
    LEARNERS = "learners"  # learners notice it
    OTHER_PARTS = "other-parts"  # it changes parts that were not edited


# What a person agrees to only by saying that the document takes the place of the module.
REPLACING = frozenset({Consent.EVERYTHING_GOES, Consent.OTHER_MODULE, Consent.MOST_GOES})


def needed_consent(plan: Plan, *, edited_part: int | None = None) -> Consent:
    """Returns what has to be agreed to before a plan is applied.

    ``edited_part`` is the place of the only part that was edited, from 0; ``None`` if the whole document was given.
    """
    if plan.open_ambiguities:
        return Consent.DECISIONS
    if plan.module is None:
        return Consent.NONE
    if plan.takes_out_everything and has_learners(plan.module):
        return Consent.EVERYTHING_GOES
    if names_another_module(plan):
        return Consent.OTHER_MODULE
    if plan.takes_out_most:
        return Consent.MOST_GOES
    if touches_learners(plan):
        return Consent.LEARNERS
    if edited_part is not None and not leaves_others(plan.module, edited_part, plan.document):
        return Consent.OTHER_PARTS
    return Consent.NONE
