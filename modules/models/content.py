"""Defines the tables of content: modules, sections and revisions.

Every ``source`` is a verbatim slice of the text that an instructor wrote. Joining the slices of a module gives that
text back byte for byte. Titles, HTML, choices and word counts are computed from the slices and can be computed again.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_lazy as _
from markdownx.models import MarkdownxField

from modules.document.syntax.access import ACCESS_WORDS, Access
from modules.document.syntax.check_answers import CHECK_ANSWER_WORDS, CheckAnswers
from modules.models import ownership

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User, Visitor
    from modules.models.questions import Pool, Question, Quiz

BATCH = 500  # rows that are written at once
WORDS_PER_MINUTE = 200
ACCESS_CHOICES = [(value, gettext_lazy(words)) for value, words in ACCESS_WORDS.items()]
CHECK_ANSWER_CHOICES = [(value, gettext_lazy(words)) for value, words in CHECK_ANSWER_WORDS.items()]


class ModuleQuerySet(models.QuerySet["Module"]):
    def published(self) -> ModuleQuerySet:
        return self.filter(published_at__isnull=False)

    def indexed(self) -> ModuleQuerySet:
        """Returns the modules that some learner may read. The search knows them, and no others."""
        return self.filter(Q(published_at__isnull=False) | Q(keeps_learners=True))

    def visible_to(self, user: Visitor) -> ModuleQuerySet:
        """Returns the modules that an instructor may see as a learner would, and copy."""
        return self.filter(ownership.visible_to(user))

    def changeable_by(self, user: Visitor) -> ModuleQuerySet:
        """Returns the modules that an instructor may change and see the results of."""
        return self.filter(ownership.changeable_by(user))

    def assignable_by(self, user: Visitor) -> ModuleQuerySet:
        """Returns the modules that an instructor may give to a class."""
        return self.filter(ownership.assignable_by(user))

    def deletable_by(self, user: Visitor) -> ModuleQuerySet:
        return self.filter(ownership.deletable_by(user))

    def owned_by(self, user: Visitor) -> ModuleQuerySet:
        """Returns the modules whose helpers a person may name."""
        return self.filter(ownership.owned_by(user))


class Module(models.Model):
    """A Markdown document that learners work through: a title, sections, a final quiz.

    ``withdrawn_at`` and ``withdrawn_by`` say when it was unpublished, and who did that; they are empty in modules that
    an earlier version unpublished. ``keeps_learners``: those who have begun it may go on all the same. ``opening`` is
    the first paragraph of the text as words, for a module without a summary. ``access`` is a value of
    :class:`modules.document.syntax.access.Access`, and ``checks`` of
    :class:`modules.document.syntax.check_answers.CheckAnswers`. A module without an ``owner`` belongs to the
    administrators.
    """

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=500)
    language = models.CharField(_("language"), max_length=20, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    opening = models.TextField(_("first paragraph"), blank=True)
    access = models.CharField(
        _("who may read it"), max_length=20, default=Access.LEARNERS.value, choices=ACCESS_CHOICES
    )
    checks = models.CharField(
        _("answers to the questions in the text"),
        max_length=20,
        default=CheckAnswers.COUNTED.value,
        choices=CHECK_ANSWER_CHOICES,
    )
    preamble = MarkdownxField(_("preamble"), blank=True)
    encoding = models.CharField(_("encoding"), max_length=20, default="utf-8")
    introduction = models.TextField(_("introduction, as HTML"), blank=True)
    rendered_with = models.CharField(_("version of the renderer"), max_length=64, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    keeps_learners = models.BooleanField(_("open to those who have begun it"), default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    helpers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="helped_modules", verbose_name=_("helpers")
    )
    current = models.ForeignKey(
        "Revision",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("current revision"),
    )

    objects = ModuleQuerySet.as_manager()

    # These annotations come from `learning.with_outline_for`.
    section_count: int | None
    minutes: int | None
    question_count: int | None
    read_count: int | None
    begun_at: datetime | None
    finished_at: datetime | None
    passed_at: datetime | None
    # These come from `learning.with_last_visit`.
    last_visit: datetime | None
    kept_place: str | None
    # This one comes from the list of modules in the admin.
    is_changeable: bool

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("module")
        verbose_name_plural = _("modules")
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(withdrawn_at__isnull=True, keeps_learners=False),
                name="a_published_module_is_not_withdrawn",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("module", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def records_checks(self) -> bool:
        """Tells whether instructors see how each learner answered the questions in the text."""
        return self.checks == CheckAnswers.RECORDED

    @property
    def is_readable(self) -> bool:
        """Tells whether learners who have begun the module may read it: it is published, or they may go on in it."""
        return self.is_published or self.keeps_learners

    @property
    def said_first(self) -> str:
        """Returns the summary, or the first paragraph where the author wrote none."""
        return self.summary or self.opening

    @property
    def active_quiz(self) -> Quiz | None:
        """Returns the quiz that the module has now, or ``None``. An archived quiz does not count."""
        quiz = getattr(self, "quiz", None)
        return quiz if quiz and quiz.archived_at is None else None

    def publish(self, *, by: User | AnonymousUser | None, now: datetime) -> None:
        """Lets learners see the module. A module that is published keeps its date.

        Attempts that were withdrawn stay so: :func:`modules.quizzes.withdrawal.publish` brings them back, too.
        """
        unpublished = Module.objects.filter(pk=self.pk, published_at__isnull=True)
        unpublished.update(
            published_at=now, published_by=by, withdrawn_at=None, withdrawn_by=None, keeps_learners=False
        )

    def unpublish(
        self, *, by: User | AnonymousUser | None, now: datetime, keeps_learners: bool = False
    ) -> None:
        """Takes the module out of the catalogue. Everything that learners did in it is kept.

        With ``keeps_learners``, those who have begun it may go on; otherwise it is withdrawn for everybody.
        """
        Module.objects.filter(pk=self.pk).update(
            published_at=None,
            published_by=None,
            withdrawn_at=now,
            withdrawn_by=by,
            keeps_learners=keeps_learners,
        )

    def parts(self) -> list[Section | Quiz | Pool | Question]:
        """Returns the parts after the preamble, in the order of the document. The ``source`` of each is its slice."""
        placed: list[tuple[int, list[Section | Quiz | Pool | Question]]] = [
            (section.place, [section]) for section in self.sections.active()
        ]
        if quiz := self.active_quiz:
            placed.append((quiz.place, [quiz, *quiz.parts()]))
        return [part for _place, parts in sorted(placed, key=lambda pair: pair[0]) for part in parts]

    def text(self) -> str:
        """Returns the whole document, as it was loaded and edited."""
        return self.preamble + "".join(part.source for part in self.parts())


class Revision(models.Model):
    """A document as it was loaded, with the person and the time. It never changes.

    ``changes`` counts the changes of its load, as :attr:`modules.authoring.plan.Plan.numbers` does. It is empty for a
    new module. ``images`` maps the paths of the images in the document to their names in the storage, where they stay.
    It is empty in revisions that are older than this column.
    """

    module = models.ForeignKey(Module, models.CASCADE, related_name="revisions", verbose_name=_("module"))
    number = models.PositiveIntegerField(_("number"))
    text = models.TextField(_("document"))
    encoding = models.CharField(_("encoding"), max_length=20, default="utf-8")
    filename = models.CharField(_("file name"), max_length=255, blank=True)
    loaded_at = models.DateTimeField(_("loaded"))
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("loaded by"),
    )
    changes = models.JSONField(_("changes"), default=dict, blank=True)
    images = models.JSONField(_("images"), default=dict, blank=True)

    class Meta:
        ordering = ["module", "-number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint(fields=["module", "number"], name="one_revision_per_module_and_number")
        ]

    def __str__(self) -> str:
        return f"{self.module} #{self.number}"


class FormerSlug(models.Model):
    """A former slug of a module. It still leads to the module, unless another module has it now."""

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    module = models.ForeignKey(Module, models.CASCADE, related_name="former_slugs", verbose_name=_("module"))

    class Meta:
        ordering = ["module", "slug"]
        verbose_name = _("former address of a module")
        verbose_name_plural = _("former addresses of modules")

    def __str__(self) -> str:
        return self.slug


def minutes_for(words: int) -> int:
    """Returns the reading time of ``words`` words in whole minutes, at least 1."""
    return max(1, -(-words // WORDS_PER_MINUTE))


class SectionQuerySet(models.QuerySet["Section"]):
    def active(self) -> SectionQuerySet:
        """Returns the sections that the document has now, in their order."""
        return self.filter(archived_at__isnull=True).order_by("place")


class Section(models.Model):
    """A page of a module.

    A section that the document no longer has is archived with its readings. It is active again once a later document
    has it. ``checks`` holds the questions in its text as values of :func:`modules.authoring.columns.check_columns`.
    Learners answer them for practice. These answers are counted (:class:`CheckCount`), and stored only where the
    module says so (:class:`CheckAnswer`).
    """

    module = models.ForeignKey(Module, models.CASCADE, related_name="sections", verbose_name=_("module"))
    identity = models.CharField(_("identity"), max_length=200)
    place = models.PositiveIntegerField(_("place"))
    title = models.CharField(_("title"), max_length=1000)
    source = MarkdownxField(_("Markdown"))
    html = models.TextField(_("HTML"), blank=True)
    contents = models.JSONField(_("headings"), default=list, blank=True)
    words = models.PositiveIntegerField(_("words"), default=0)
    checks = models.JSONField(_("questions in the text"), default=list, blank=True)
    changed_in = models.ForeignKey(
        Revision,
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("learners are told of its change in"),
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    objects = SectionQuerySet.as_manager()

    # These annotations come from `learning.with_readers`, and the last one from `reading.studies`.
    readers: int | None
    ever_read: int | None
    is_read: bool

    class Meta:
        ordering = ["module", "place"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.UniqueConstraint(
                fields=["module", "identity"],
                condition=Q(archived_at__isnull=True),
                name="one_active_section_per_identity",
            ),
            models.UniqueConstraint(
                fields=["module", "place"],
                condition=Q(archived_at__isnull=True),
                name="one_active_section_per_place",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("section", args=[self.module.slug, self.identity])

    @property
    def minutes(self) -> int:
        """Returns the reading time in whole minutes."""
        return minutes_for(self.words)


class FormerText(models.Model):
    """Keeps the text and the identity that a section had until a revision changed it.

    With it, an old address still leads to the section, and a learner can see the changes since they read it.
    """

    section = models.ForeignKey(
        Section, models.CASCADE, related_name="former_texts", verbose_name=_("section")
    )
    identity = models.CharField(_("identity"), max_length=200)
    title = models.CharField(_("title"), max_length=1000)
    source = models.TextField(_("Markdown"))
    until = models.ForeignKey(Revision, models.RESTRICT, related_name="+", verbose_name=_("until revision"))

    class Meta:
        ordering = ["section", "pk"]
        verbose_name = _("former text of a section")
        verbose_name_plural = _("former texts of sections")
        constraints = [
            models.UniqueConstraint(
                fields=["section", "until"], name="a_revision_ends_one_text_of_each_section"
            )
        ]

    def __str__(self) -> str:
        return self.title
