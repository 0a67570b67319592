"""Decides who may have which object.

Each function returns the object, or raises 404, so that a stranger cannot tell whether the object exists. Learners who
lose an object that they have begun get :class:`Withdrawn`, which is answered by a page that says so.
"""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Visitor
from accounts.written_rows import row_where
from modules.document.syntax.access import Access
from modules.models import (
    Attempt,
    AttemptQuerySet,
    Draft,
    Enrolment,
    FormerText,
    Module,
    ModuleQuerySet,
    Proof,
    Quiz,
    Reading,
    Response,
    Section,
    is_assigned_to,
    ownership,
    with_latest_late,
    with_outline_for,
)
from modules.reading import progress

WRITES = ownership.WRITES


class SignInNeeded(Exception):
    """Reports that a visitor has to sign in before anything is said of what they asked for."""


class Withdrawn(Http404):
    """Reports that a module, or an attempt at its quiz, was withdrawn from a learner who has begun it."""

    def __init__(self, module: Module) -> None:
        super().__init__(module.slug)
        self.module = module


def module_for(user: Visitor, slug: str) -> Module:
    """Returns a module that a learner may read, with the figures of their outline. It takes one query.

    Everybody may read a published module that :func:`_is_for` says is for them. Those who have begun it may go on, also
    in one that keeps its learners, and get :class:`Withdrawn` for any other.
    """
    modules = with_outline_for(_for_or_begun_by(user), user)
    module = get_object_or_404(modules, slug=slug)
    if not module.is_readable:
        raise Withdrawn(module)
    return module


def _for_or_begun_by(user: Visitor) -> ModuleQuerySet:
    return Module.objects.filter((Q(published_at__isnull=False) & _is_for(user)) | _has_begun(user))


def _has_begun(user: Visitor) -> Q:
    return Q(Exists(Enrolment.objects.filter(module=OuterRef("pk"), learner_id=user.pk)))


def _is_for(user: Visitor) -> Q:
    """Returns the condition that a module is for a person. One for classes is for their members and for staff."""
    if user.is_staff:
        return Q(pk__isnull=False)
    return ~Q(access=Access.CLASSES) | Q(is_assigned_to(user))


def offered_modules(user: Visitor) -> ModuleQuerySet:
    """Returns the modules that a person may begin. The catalogue and all suggestions show these and no others."""
    return Module.objects.published().filter(_is_for(user) | _has_begun(user))


# The section page is requested more often than any other. Building these two queries through the ORM took a quarter
# of its time. They repeat the rule of `module_for` and `module.sections.active().filter(identity=identity)`: change
# them together.
MODULE = """
slug = %s AND (
    published_at IS NOT NULL AND (access <> 'classes' OR %s OR EXISTS (
        SELECT 1 FROM modules_assignment
        JOIN modules_studyclass ON modules_studyclass.id = study_class_id
        JOIN accounts_user_groups ON accounts_user_groups.group_id = modules_studyclass.group_id
        WHERE module_id = modules_module.id AND user_id = %s
    )) OR (published_at IS NOT NULL OR keeps_learners) AND EXISTS (
        SELECT 1 FROM modules_enrolment WHERE module_id = modules_module.id AND learner_id = %s
    )
)
"""
SECTION = "module_id = %s AND identity = %s AND archived_at IS NULL"


def section_at(user: Visitor, slug: str, identity: str) -> Section | None:
    """Returns an active section of a module that a person may read, or ``None``. It takes two queries.

    The section comes with its module. Raises :class:`SignInNeeded` for a visitor who may not read it, whether it
    exists or not.
    """
    module = row_where(Module, MODULE, [slug, user.is_staff, user.pk, user.pk])
    section = row_where(Section, SECTION, [module.pk, identity]) if module else None
    if module and section:
        section.module = module
        if user.is_authenticated or is_open_to_visitors(section):
            return section
    if not user.is_authenticated and not _leads_visitors_on(user, slug, identity):
        raise SignInNeeded
    return None


def _leads_visitors_on(user: Visitor, slug: str, identity: str) -> bool:
    """Tells whether a former address leads a visitor on: to a module, or to a section that is open to visitors."""
    module = offered_modules(user).filter(slug=slug).first()
    if module is None:
        return moved_module(user, slug) is not None
    section = section_of(module, identity)
    return section is not None and is_open_to_visitors(section)


def is_open_to_visitors(section: Section) -> bool:
    """Tells whether people may read a section without an account. It takes one query for a preview."""
    module = section.module
    if not module.is_published or section.archived_at is not None:
        return False
    if module.access == Access.PREVIEW:
        first = module.sections.active().values_list("pk", flat=True).first()
        return bool(first == section.pk)
    return module.access == Access.OPEN


def open_sections(user: Visitor, module: Module, total: int) -> int:
    """Counts the sections that a person may open, from the first one on. ``total`` is the number of all sections."""
    if user.is_authenticated or (module.is_published and module.access == Access.OPEN):
        return total
    return min(total, 1) if module.is_published and module.access == Access.PREVIEW else 0


def is_offered(user: Visitor, module: Module) -> bool:
    """Tells whether a person would find the page of a module. It asks the database only for one that is for classes."""
    if not module.is_published or module.access != Access.CLASSES:
        return module.is_published
    return offered_modules(user).filter(pk=module.pk).exists()


def first_open_section() -> Section | None:
    """Returns the first section that a visitor may read, of the first module that has one, with its module."""
    open_to_visitors = Q(module__published_at__isnull=False, module__access__in=[Access.PREVIEW, Access.OPEN])
    sections = Section.objects.active().filter(open_to_visitors).select_related("module")
    return sections.order_by("module__title", "module", "place").first()


def check_of(section: Section, identity: str) -> dict[str, Any]:
    """Returns the practice question with this identity from the text of a section, or raises 404."""
    for check in section.checks:
        if check["identity"] == identity:
            return check
    raise Http404


def section_of(module: Module, identity: str, *, revision: int | None = None) -> Section | None:
    """Returns the section of a module that has an identity, or that had it last before it was renamed or archived.

    ``revision`` is the primary key of the revision whose text was on the learner's page. With it, the function first
    looks for the section that had the identity in that revision.
    """
    section = (
        _section_shown_in(revision, module, identity)
        or module.sections.active().filter(identity=identity).first()
        or _last_section_with(module, identity)
    )
    if section is not None:
        section.module = module
    return section


def _section_shown_in(revision: int | None, module: Module, identity: str) -> Section | None:
    if revision is None:
        return None
    former = _former_texts(module, identity).filter(until_id__gt=revision).first()
    return former.section if former else None


def _last_section_with(module: Module, identity: str) -> Section | None:
    renamed = _former_texts(module, identity).select_related("until").last()
    archived = (
        module.sections.filter(archived_at__isnull=False, identity=identity).order_by("archived_at").last()
    )
    if renamed and archived and archived.archived_at and archived.archived_at > renamed.until.loaded_at:
        return archived
    return renamed.section if renamed else archived


def _former_texts(module: Module, identity: str) -> QuerySet[FormerText]:
    former = FormerText.objects.filter(section__module=module, identity=identity)
    return former.select_related("section").order_by("until_id")


def reading_of(user: Visitor, section: Section) -> Reading:
    """Returns the learner's own latest reading of a section, or raises 404."""
    reading = progress.last_reading(user, section)
    if reading is None:
        raise Http404
    reading.section = section
    return reading


def quiz_of(module: Module) -> Quiz:
    """Returns the active quiz of a module from :func:`module_for`, or raises 404."""
    quiz = module.active_quiz
    if quiz is None:
        raise Http404
    quiz.module = module
    return quiz


def attempt_for(user: Visitor, pk: int) -> Attempt:
    """Returns the learner's own attempt.

    An attempt stays available after its module was unpublished, so that nobody loses an attempt they started. Only an
    open one may be withdrawn together with the module: then it rests, and the learner gets :class:`Withdrawn`.
    """
    attempts = Attempt.objects.select_related("quiz__module", "enrolment")
    attempt = get_object_or_404(attempts, pk=pk, enrolment__learner_id=user.pk)
    if attempt.is_withdrawn:
        raise Withdrawn(attempt.quiz.module)
    return attempt


def attempt_to_answer(user: Visitor, pk: int) -> AttemptQuerySet:
    """Returns the query for the learner's own attempt, for the function that locks it and saves an answer."""
    return Attempt.objects.filter(pk=pk, enrolment__learner_id=user.pk)


def response_of(attempt: Attempt, slot: int) -> Response:
    """Returns the response in a slot, counted from 1, of an attempt from :func:`attempt_for`."""
    return get_object_or_404(with_latest_late(attempt.responses.select_related("version")), slot=slot)


def readable_modules(user: Visitor) -> ModuleQuerySet:
    """Returns the modules whose sections a learner may read: those for them, and those in which they may go on."""
    return _for_or_begun_by(user).indexed()


def proof_at(code: str) -> Proof | None:
    """Returns the proof with a code, whoever asks. :func:`may_see_proof` tells whether its page may be shown."""
    proofs = Proof.objects.select_related("enrolment__learner", "enrolment__module", "revision")
    return proofs.filter(code=code).first()


def may_see_proof(user: Visitor, proof: Proof) -> bool:
    """Tells whether somebody who knows the address of a proof may see it: its owner may keep it to themselves."""
    return proof.hidden_at is None or proof.enrolment.learner_id == user.pk


def moved_module(user: Visitor, slug: str) -> Module | None:
    """Returns the module that had this slug before, or ``None``. It is published, or the learner has begun it."""
    return _for_or_begun_by(user).filter(former_slugs__slug=slug).exclude(slug=slug).first()


def written_module_for(user: Visitor, slug: str) -> Module:
    """Returns a module, published or not, to people who may see it as its learners will."""
    return get_object_or_404(Module.objects.visible_to(user), slug=slug)


def draft_for(user: Visitor, pk: int) -> Draft:
    """Returns the user's own draft, for a module that they may change or for a new one."""
    drafts = Draft.objects.open_to(user).select_related("module", "author")
    if not user.has_perm(WRITES):
        raise Http404
    return get_object_or_404(drafts, pk=pk)
