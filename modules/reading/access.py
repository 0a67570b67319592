"""The doors: who may have which object. Each gives the object, or 404, which tells a stranger nothing."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from modules.models import (
    Attempt,
    Draft,
    FormerText,
    Module,
    Quiz,
    Reading,
    Response,
    Section,
    with_outline_for,
)
from modules.reading import progress

WRITES = "modules.change_module"


def module_for(user: Any, slug: str) -> Module:
    """A published module, with the learner's own outline counted in (one query)."""
    return get_object_or_404(with_outline_for(Module.objects.published(), user), slug=slug)


# The page that is asked for most. The database answers these in no time; to compose them anew for every page through
# the ORM took a quarter of what the whole page takes.
MODULE = "SELECT * FROM modules_module WHERE slug = %s AND published_at IS NOT NULL"
SECTION = "SELECT * FROM modules_section WHERE module_id = %s AND identity = %s AND archived_at IS NULL"


def section_at(slug: str, identity: str) -> Section | None:
    """A standing section of a published module, with its module, or ``None`` (two queries)."""
    for module in Module.objects.raw(MODULE, [slug]):
        for section in Section.objects.raw(SECTION, [module.pk, identity]):
            section.module = module
            return section
    return None


def check_of(section: Section, name: str) -> dict[str, Any]:
    """The question with an identity in the text of a section."""
    found = next((one for one in section.checks if one["identity"] == name), None)
    if found is None:
        raise Http404
    return found


def section_of(module: Module, identity: str, *, revision: int | None = None) -> Section | None:
    """The section of a module from :func:`module_for` that has an identity, or had it last and is renamed or archived.

    ``revision`` is the key of the one whose text was on a page: the section is the one that had the identity then.
    """
    section = (
        _shown_in(revision, module, identity)
        or module.sections.active().filter(identity=identity).first()
        or _last_at(module, identity)
    )
    if section is not None:
        section.module = module
    return section


def _shown_in(revision: int | None, module: Module, identity: str) -> Section | None:
    if revision is None:
        return None
    former = _former_texts(module, identity).filter(until_id__gt=revision).first()
    return former.section if former else None


def _last_at(module: Module, identity: str) -> Section | None:
    renamed = _former_texts(module, identity).select_related("until").last()
    gone = module.sections.filter(archived_at__isnull=False, identity=identity).order_by("archived_at").last()
    if renamed and gone and gone.archived_at and gone.archived_at > renamed.until.loaded_at:
        return gone
    return renamed.section if renamed else gone


def _former_texts(module: Module, identity: str) -> QuerySet[FormerText]:
    former = FormerText.objects.filter(section__module=module, identity=identity)
    return former.select_related("section").order_by("until_id")


def reading_of(user: Any, section: Section) -> Reading:
    """A learner's own reading of a section, the latest one."""
    reading = progress.last_reading(user, section)
    if reading is None:
        raise Http404
    reading.section = section
    return reading


def quiz_of(module: Module) -> Quiz:
    """The standing final quiz of a module that came through :func:`module_for`."""
    quiz = module.active_quiz
    if quiz is None:
        raise Http404
    quiz.module = module
    return quiz


def attempt_for(user: Any, pk: int) -> Attempt:
    """A learner's own attempt, also where its module is no longer published: nothing begun is lost."""
    attempts = Attempt.objects.select_related("quiz__module", "enrolment")
    return get_object_or_404(attempts, pk=pk, enrolment__learner_id=user.pk)


def locked_attempt_for(user: Any, pk: int) -> Attempt:
    """The same, inside a transaction, until the end of which nobody else changes it; only what answering asks of it."""
    locked = Attempt.objects.select_for_update(of=("self",)).only("deadline", "submitted_at", "abandoned_at")
    return get_object_or_404(locked, pk=pk, enrolment__learner_id=user.pk)


def response_of(attempt: Attempt, slot: int) -> Response:
    """What stands in slot ``slot`` (from 1) of an attempt that came through :func:`attempt_for`."""
    return get_object_or_404(attempt.responses.select_related("version"), slot=slot)


def moved_module(slug: str) -> Module | None:
    """The published module that had an address which nobody has now."""
    modules = Module.objects.published().filter(former_slugs__slug=slug)
    return modules.exclude(slug=slug).first()


def written_module_for(user: Any, slug: str) -> Module:
    """Any module, published or not, for those who write modules."""
    _writers_only(user)
    return get_object_or_404(Module, slug=slug)


def draft_for(user: Any, pk: int) -> Draft:
    """One's own draft, for those who write modules; nobody works in somebody else's text."""
    _writers_only(user)
    return get_object_or_404(Draft.objects.select_related("module"), pk=pk, author=user)


def _writers_only(user: Any) -> None:
    if not user.has_perm(WRITES):
        raise Http404
