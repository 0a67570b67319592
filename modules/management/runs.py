"""Runs the command ``load``: files are loaded one after the other, each in a transaction of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from modules.authoring import apply, image_files, policy, uploads
from modules.authoring.effects_in_words import being_regraded
from modules.authoring.plan import Decisions, Plan
from modules.authoring.plan_in_words import counted
from modules.document.problems import DocumentError, Problem
from modules.document.syntax import limits, parser
from modules.management.broken_files import reason_of
from modules.management.file_problems import problems_of
from modules.management.files import File, Opened, images_of, open_file
from modules.management.reporting import image_line, lines_of, name_of, quoted, report
from modules.models import Module, has_learners
from modules.quizzes import withdrawal


@dataclass(frozen=True, slots=True)
class Outcome:
    """Holds the outcome of loading a file, in one ``word`` and in one ``line``.

    The words are ``loaded``, ``possible`` (the file was only checked), ``unchanged``, ``waits`` (for consent), ``asks``
    (a person has to decide something) and ``wrong``.
    """

    word: str
    line: str

    @property
    def is_fine(self) -> bool:
        return self.word in ("loaded", "possible", "unchanged")


class NotLoaded(Exception):
    """Reports that a file is not loaded, and why."""

    def __init__(self, word: str, line: str) -> None:
        super().__init__(line)
        self.outcome = Outcome(word, line)


@dataclass(frozen=True, slots=True)
class Terms:
    """Holds how a run loads. ``consent`` is asked before a load that learners notice, also when it is only checked.

    With ``replace``, a document may take the place of a module of which most would go. With ``as_reading``, questions
    in other notations are text that learners read, with their key. With ``without_limits``, documents may be larger
    than new ones, such as those of an earlier version. With ``regrade``, submitted attempts get changed keys, and
    learners read the ``reason``. With an ``owner``, new modules belong to that person, and modules that the person may
    not change are left out.
    """

    check: bool
    publish: bool
    replace: bool
    as_reading: bool
    without_limits: bool
    consent: Callable[[str], bool]
    regrade: bool = False
    reason: str = ""
    owner: User | None = None


class Run:
    """Loads files. ``out`` gets what is planned and done, ``err`` the problems of the documents."""

    def __init__(self, files: Sequence[File], terms: Terms, out: Any, err: Any) -> None:
        self.terms, self.out, self.err = terms, out, err
        self.is_limited = not terms.without_limits
        self.by_slug = _by_slug(files, is_limited=self.is_limited) if len(files) > 1 else {}

    def load(self, file: File) -> Outcome:
        try:
            return self._load(file)
        except NotLoaded as reason:
            return reason.outcome
        except OSError as error:
            return _wrong(file, reason_of(error))
        except apply.ModuleChanged:
            return _wrong(file, _("the module changed meanwhile, nothing was loaded; try again"))
        except DocumentError as error:
            report(error.problems, str(file), self.err)
            return _refused(file, error.problems)

    def _load(self, file: File) -> Outcome:
        if not file.has_a_name:
            return _wrong(file, _("its name is not UTF-8; give it another one"))
        opened = open_file(file, is_limited=self.is_limited)
        self._refuse_two_of_one_slug(file, opened)
        module = self._module_with_this_text(file, opened)
        images = images_of(file, opened)
        upload = opened.upload({path: image.name for path, image in images.items()})
        plan = self._plan(upload, module)
        self._refuse_module_of_others(plan, file)
        report((*opened.taken.notes, *plan.document.problems), str(file), self.err)
        if plan.document.errors:
            return _refused(file, plan.document.errors)
        try:
            return self._follow(plan, file, upload, images.values())
        except apply.ModuleChanged:
            return self._follow(self._plan(upload, module), file, upload, images.values())

    def _plan(self, upload: uploads.Upload, module: Module | None) -> Plan:
        """Plans a file. If grades may change, it is planned twice: the first plan names the changed keys."""
        plan = uploads.plan_upload(upload, module, is_limited=self.is_limited)
        changed = frozenset(change.identity for change in plan.changes if change.effect)
        if not (self.terms.regrade and changed):
            return plan
        return uploads.plan_upload(upload, module, Decisions(regrade=changed), is_limited=self.is_limited)

    def _refuse_module_of_others(self, plan: Plan, file: File) -> None:
        """Raises :class:`NotLoaded` if the owner of this run may not change the module."""
        module, owner = plan.module, self.terms.owner
        if owner is None or module is None:
            return
        if not Module.objects.changeable_by(owner).filter(pk=module.pk).exists():
            reason = _("“%(title)s” (%(slug)s) belongs to others, and %(owner)s may not change it")
            values = {"title": module.title, "slug": module.slug, "owner": owner.email}
            raise NotLoaded("wrong", _wrong(file, reason % values).line)

    # ------------------------------------------------------------------------------------- which module it is

    def _refuse_two_of_one_slug(self, file: File, opened: Opened) -> None:
        others = [other for other in self.by_slug.get(opened.document.slug, ()) if other != file]
        if others:
            report(problems_of(file, opened), str(file), self.err)
            reason = _(
                "it has the same address as %(others)s, “%(slug)s”: give each its own in its front matter"
            )
            values = {"others": ", ".join(map(str, others)), "slug": opened.document.slug}
            raise NotLoaded("wrong", _wrong(file, reason % values).line)

    def _module_with_this_text(self, file: File, opened: Opened) -> Module | None:
        """Returns the module of a file that has another slug, if the text proves it; otherwise ``None``.

        If that is not certain, a person is asked: otherwise a new title would make a second module unnoticed.
        """
        maybe = self._earlier_modules(file, opened)
        for module in maybe:
            if module.text() == opened.document.text:
                return module
        if not maybe:
            return None
        values = {"title": quoted(maybe[0].title), "slug": maybe[0].slug, "new": opened.document.slug}
        raise NotLoaded("asks", _question(opened.document, maybe[0]) % {"file": file, **values})

    def _earlier_modules(self, file: File, opened: Opened) -> list[Module]:
        """Returns the modules that this file may be, if no module has its slug now.

        Such a module had this slug, was last loaded from this file or, without a slug in the document, has its name.
        """
        document = opened.document
        if Module.objects.filter(slug=document.slug).exists():
            return []
        alike = Q(former_slugs__slug=document.slug)
        if not document.slug_is_given:
            alike |= Q(slug=PurePosixPath(opened.name).stem)
        if file.is_in_directory:
            alike |= Q(current__filename=file.name)
        modules = Module.objects.filter(alike).exclude(slug__in=self.by_slug).distinct().order_by("pk")
        return [module for module in modules if not document.slug_is_given or _may_be(document, module)]

    # ----------------------------------------------------------------------------------------- what is planned

    def _follow(
        self, plan: Plan, file: File, upload: uploads.Upload, brought: Iterable[image_files.CleanImage]
    ) -> Outcome:
        """Does what a plan says, as far as that is agreed. Raises :class:`ModuleChanged` and :class:`NotLoaded`."""
        named, changed = _named(plan), _changed_images(plan, upload)
        if plan.module and plan.changes_nothing and plan.module.encoding == upload.encoding and not changed:
            self._publish(plan.module)
            return Outcome("unchanged", _("Unchanged: %(module)s.") % {"module": named})
        self._agree(plan, named, [f"{file}: {named}", *lines_of(plan), *map(image_line, changed)])
        if self.terms.check:
            return Outcome("possible", _("Can be loaded: %(module)s.") % {"module": named})
        for image in brought:
            image_files.keep(image)
        now = timezone.now()
        loaded = apply.apply_upload(
            plan, upload, by=None, now=now, reason=self.terms.reason, owner=self.terms.owner
        )
        self._publish(loaded)
        if sentence := being_regraded(loaded):
            self.out.write(sentence)
        return Outcome("loaded", _("Loaded: %(module)s.") % {"module": named})

    def _agree(self, plan: Plan, named: str, lines: Iterable[str]) -> None:
        """Shows what would change for learners, and raises :class:`NotLoaded` if it is not agreed to."""
        needed = policy.needed_consent(plan)
        if plan.open_ambiguities or (plan.module and has_learners(plan.module)):
            self.out.write("\n".join(lines))
        if needed == policy.Consent.DECISIONS:
            titles = ", ".join(quoted(ambiguity.title) for ambiguity in plan.open_ambiguities)
            sentence = _(
                "Asks: %(module)s: %(titles)s. Decide in the admin: the module, “Load a new version”."
            )
            raise NotLoaded("asks", sentence % {"module": named, "titles": titles})
        if needed in policy.REPLACING and not self.terms.replace:
            raise NotLoaded("asks", _replaces(plan, needed, named))
        if not self.terms.as_reading and policy.shows_foreign_key(plan):
            sentence = _(
                "Asks: %(module)s: learners would see answers or a key. Turn its questions into a quiz with “manage.py convert”, take out the lines that “manage.py check_document” names, or load with --as-reading."
            )
            raise NotLoaded("asks", sentence % {"module": named})
        is_noticed = needed in {policy.Consent.LEARNERS, *policy.REPLACING} and policy.touches_learners(plan)
        if is_noticed and not self.terms.consent(plan.document.title):
            sentence = (
                _("Asks for consent: %(module)s. Learners study it: load with --yes.")
                if self.terms.check
                else _("Not loaded: %(module)s. Learners study it: look with --check, load with --yes.")
            )
            raise NotLoaded("waits", sentence % {"module": named})

    def _publish(self, module: Module | None) -> None:
        if module and self.terms.publish and not self.terms.check:
            withdrawal.publish(module, by=None, now=timezone.now())


def _replaces(plan: Plan, needed: policy.Consent, named: str) -> str:
    """Returns the question whether a document is meant to replace a module of which most would go."""
    title = quoted(plan.module.title) if plan.module else ""
    values = {
        "module": named,
        "title": title,
        "gone": len(plan.gone_parts),
        "active": len(plan.active_parts),
        "slug": policy.free_slug(plan.document.slug),
    }
    if needed == policy.Consent.OTHER_MODULE:
        sentence = _(
            "Asks: %(module)s: its address is that of %(title)s, of which nothing would stay. If it is another module, give it an address of its own in its front matter (slug: %(slug)s); if it takes the place of that, load with --replace."
        )
    elif needed == policy.Consent.EVERYTHING_GOES:
        sentence = _(
            "Asks: %(module)s: nothing that learners study stays in it. If it is another module, give it an address of its own in its front matter (slug: %(slug)s); if it takes the place of this, load with --replace."
        )
    else:
        sentence = _(
            "Asks: %(module)s: of its %(active)s sections and questions, %(gone)s would go. If it is another module, give it an address of its own in its front matter (slug: %(slug)s); if it takes the place of this, load with --replace."
        )
    return sentence % values


def _may_be(document: parser.Document, module: Module) -> bool:
    """Checks whether a document with another slug may be this module: many a directory has an “a.md”."""
    texts = {section.source for section in document.sections}
    return (
        document.title == module.title
        or module.former_slugs.filter(slug=document.slug).exists()
        or any(source in texts for source in module.sections.active().values_list("source", flat=True))
    )


def _question(document: parser.Document, module: Module) -> str:
    """Returns the question about a file that may be a module with another address."""
    if not document.slug_is_given:
        return _(
            "Asks: %(file)s: is it still %(title)s (%(slug)s)? Write “slug: %(slug)s” into its front matter if it "
            "is, or “slug: %(new)s” if it is a new module."
        )
    if module.former_slugs.filter(slug=document.slug).exists():
        return _(
            "Asks: %(file)s: “%(new)s” is an earlier address of %(title)s (%(slug)s). Write “slug: %(slug)s” into its "
            "front matter if it is that, or another address if it is a new module."
        )
    return _(
        "Asks: %(file)s: it was %(title)s (%(slug)s) until now. If that gets the address “%(new)s”, load the file in "
        "the admin: the module, “Load a new version”. If it is a new module, give the file another name."
    )


def _by_slug(files: Iterable[File], *, is_limited: bool) -> dict[str, list[File]]:
    """Returns the files by the slugs of their documents, without files that cannot be read."""
    files_by_slug = defaultdict(list)
    for file in files:
        try:
            files_by_slug[open_file(file, is_limited=is_limited).document.slug].append(file)
        except (OSError, DocumentError):
            continue
    return dict(files_by_slug)


def _changed_images(plan: Plan, upload: uploads.Upload) -> list[str]:
    """Returns the paths of the images that are new to the module or differ from its own."""
    known = {image.path: image.file.name for image in plan.module.images.all()} if plan.module else {}
    return [path for path, name in upload.images.items() if known.get(path) != name]


def _named(plan: Plan) -> str:
    """Returns a module in a few words, and how many of its parts change."""
    keeps_address = plan.module is not None and not plan.document.slug_is_given
    slug = plan.module.slug if plan.module and keeps_address else plan.document.slug
    name = name_of(plan.document, slug)
    counts = counted(plan.numbers) if plan.module else ""
    return f"{name}: {counts}" if counts else name


def _refused(file: File, errors: Sequence[Problem]) -> Outcome:
    """Returns the outcome of a document with errors. If these are limits, it names the option that waives them."""
    if limits.are_all(errors):
        reason = _(
            "nothing was loaded, since it is larger than a new document may be; if a site of yours had it already, --without-limits loads it"
        )
        return _wrong(file, reason)
    return _wrong(file, _("nothing was loaded"))


def _wrong(file: File, reason: str) -> Outcome:
    return Outcome("wrong", _("Wrong: %(file)s: %(reason)s.") % {"file": file, "reason": reason})
