"""What is: modules, their sections and quizzes, and what learners did with them.

The rows are an index of documents: every ``source`` is a verbatim slice of the text that an instructor wrote,
and joining the slices of a module gives that text back byte for byte. What is beside a ``source`` (titles, HTML,
choices, word counts) is read from the slices and can be made again from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markdownx.models import MarkdownxField

from modules.document.values import LONGEST_ANSWER
from modules.fields import FractionField

LONGEST_PATH = 500  # characters of a picture's path
BATCH = 500  # rows that are written at once
WORDS_PER_MINUTE = 200
# Each section is read for a whole number of minutes, at least one; a module for their sum.
MINUTES_OF_A_SECTION = Greatest(
    Value(1), (F("words") + Value(WORDS_PER_MINUTE - 1)) / Value(WORDS_PER_MINUTE)
)

# --------------------------------------------------------------------------------- what instructors write


class ModuleQuerySet(models.QuerySet["Module"]):
    def published(self) -> ModuleQuerySet:
        return self.filter(published_at__isnull=False)

    def begun_by(self, learner: Any) -> ModuleQuerySet:
        """The modules that a learner has begun, the latest first."""
        return self.filter(enrolments__learner_id=learner.pk).order_by("-enrolments__begun_at")

    def with_outline_for(self, learner: Any) -> ModuleQuerySet:
        """Modules with what the learner's pages say of each, in one query whatever their number.

        Adds ``section_count``, ``minutes`` (of reading), ``question_count`` (of an attempt) and, for a learner,
        ``read_count``, ``begun_at``, ``finished_at`` and ``passed_at`` (``None`` for somebody who has not begun).
        """
        standing = Section.objects.standing().filter(module=OuterRef("pk")).order_by().values("module")
        quiz = Quiz.objects.filter(module=OuterRef("pk"), archived_at__isnull=True)
        mine = Enrolment.objects.filter(module=OuterRef("pk"), learner_id=learner.pk)
        read = (
            Reading.objects.filter(enrolment__module=OuterRef("pk"), enrolment__learner_id=learner.pk)
            .filter(section__archived_at__isnull=True, lapsed_at__isnull=True)
            .order_by()
            .values("enrolment")
        )
        return self.select_related("quiz").annotate(
            section_count=Subquery(standing.annotate(n=Count("pk")).values("n")),
            minutes=Subquery(standing.annotate(n=Sum(MINUTES_OF_A_SECTION)).values("n")),
            question_count=Subquery(quiz.values("asks")),
            read_count=Subquery(read.annotate(n=Count("pk")).values("n")),
            begun_at=Subquery(mine.values("begun_at")[:1]),
            finished_at=Subquery(mine.values("finished_at")[:1]),
            passed_at=Subquery(mine.values("passed_at")[:1]),
        )


class Module(models.Model):
    """One Markdown document: a title, sections, a final quiz."""

    class QuizOpens(models.TextChoices):
        AFTER_SECTIONS = "after_sections", _("when all sections are read")
        AT_ONCE = "at_once", _("at once")

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    title = models.CharField(_("title"), max_length=500)
    language = models.CharField(_("language"), max_length=20, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    preamble = MarkdownxField(_("preamble"), blank=True)
    encoding = models.CharField(_("encoding"), max_length=20, default="utf-8")
    introduction = models.TextField(_("introduction, as HTML"), blank=True)
    rendered_with = models.CharField(_("version of the renderer"), max_length=64, blank=True)
    quiz_opens = models.CharField(
        _("the final quiz opens"), max_length=20, choices=QuizOpens.choices, default=QuizOpens.AFTER_SECTIONS
    )
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
    current = models.ForeignKey(
        "Revision",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("current revision"),
    )

    objects = ModuleQuerySet.as_manager()

    # What with_outline_for() adds.
    section_count: int | None
    minutes: int | None
    question_count: int | None
    read_count: int | None
    begun_at: datetime | None
    finished_at: datetime | None
    passed_at: datetime | None

    class Meta:
        ordering = ["title", "pk"]
        verbose_name = _("module")
        verbose_name_plural = _("modules")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("module", args=[self.slug])

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    @property
    def standing_quiz(self) -> Quiz | None:
        """The quiz that the module has now, or ``None``; an archived one does not count."""
        quiz = getattr(self, "quiz", None)
        return quiz if quiz and quiz.archived_at is None else None

    def has_learners(self) -> bool:
        return self.enrolments.exists()

    def hold_learners(self) -> None:
        """Lock the quiz and all enrolments until the transaction ends: nobody starts, reads or settles meanwhile.

        For what changes many at once. The locks that may follow are those of attempts.
        """
        Quiz.objects.select_for_update(no_key=True).filter(module=self).first()
        Enrolment.objects.filter(module=self).hold()

    def parts(self) -> list[Section | Quiz | Pool | Question]:
        """What stands after the preamble, in the order of the document. The ``source`` of each is its slice."""
        placed: list[tuple[int, list[Section | Quiz | Pool | Question]]] = [
            (section.place, [section]) for section in self.sections.standing()
        ]
        if quiz := self.standing_quiz:
            placed.append((quiz.place, [quiz, *quiz.parts()]))
        return [part for _place, parts in sorted(placed, key=lambda pair: pair[0]) for part in parts]

    def text(self) -> str:
        """The whole document, as it was loaded and edited."""
        return self.preamble + "".join(part.source for part in self.parts())


class Revision(models.Model):
    """A document as it was loaded: by whom, when. It never changes.

    ``changes`` counts what it changed, as :attr:`modules.changes.Plan.numbers` has it; empty for a new module. Earlier
    revisions count by the words of :data:`modules.changes.STATES`.
    ``pictures`` are the names in the storage of those that the module had then, by their paths in the document; they
    stay in the storage. Revisions of before they were kept have none.
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
    pictures = models.JSONField(_("pictures"), default=dict, blank=True)

    class Meta:
        ordering = ["module", "-number"]
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [
            models.UniqueConstraint(fields=["module", "number"], name="one_revision_per_module_and_number")
        ]

    def __str__(self) -> str:
        return f"{self.module} #{self.number}"


class FormerAddress(models.Model):
    """An address that a module had: it still leads to the module, unless another one has it now."""

    slug = models.SlugField(_("address"), max_length=100, unique=True)
    module = models.ForeignKey(
        Module, models.CASCADE, related_name="former_addresses", verbose_name=_("module")
    )

    class Meta:
        ordering = ["module", "slug"]
        verbose_name = _("former address of a module")
        verbose_name_plural = _("former addresses of modules")

    def __str__(self) -> str:
        return self.slug


class Draft(models.Model):
    """A document that an instructor prepares: kept as typed, with its mistakes, and not loaded yet.

    ``part`` is set where only one part of the module was edited, and the plan has to be seen before that is applied;
    ``part_title`` is what that part was called, and the draft's name however it is edited further.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts", verbose_name=_("author")
    )
    module = models.ForeignKey(
        Module, models.CASCADE, null=True, blank=True, related_name="drafts", verbose_name=_("module")
    )
    planned_for = models.ForeignKey(
        Revision,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("begun from revision"),
    )
    filename = models.CharField(_("file name"), max_length=255, blank=True)
    encoding = models.CharField(_("encoding"), max_length=20, default="utf-8")
    text = MarkdownxField(_("document"), blank=True)
    part = models.CharField(_("part of the module"), max_length=40, blank=True)
    part_title = models.CharField(_("title of the part"), max_length=1_000, blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ["-changed_at"]
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self) -> str:
        if self.part_title:
            return gettext("Edit of “%(title)s”") % {"title": self.part_title}
        return self.filename or str(self.module or _("New document"))


class Image(models.Model):
    """An image that a document shows by its relative path. It belongs to a module, or to a draft of one."""

    module = models.ForeignKey(
        Module, models.CASCADE, null=True, blank=True, related_name="images", verbose_name=_("module")
    )
    draft = models.ForeignKey(
        Draft, models.CASCADE, null=True, blank=True, related_name="images", verbose_name=_("draft")
    )
    path = models.CharField(_("path in the document"), max_length=LONGEST_PATH)
    file = models.FileField(_("file"), max_length=200)

    class Meta:
        ordering = ["path"]
        verbose_name = _("image")
        verbose_name_plural = _("images")
        constraints = [
            models.UniqueConstraint(fields=["module", "path"], name="one_image_per_module_and_path"),
            models.UniqueConstraint(fields=["draft", "path"], name="one_image_per_draft_and_path"),
            models.CheckConstraint(
                condition=Q(module__isnull=True) ^ Q(draft__isnull=True),
                name="an_image_is_of_a_module_or_a_draft",
            ),
        ]

    def __str__(self) -> str:
        return self.path


def minutes_for(words: int) -> int:
    """The reading time of so many words in whole minutes, at least 1."""
    return max(1, -(-words // WORDS_PER_MINUTE))


class SectionQuerySet(models.QuerySet["Section"]):
    def standing(self) -> SectionQuerySet:
        """The sections that the document has now, in their order."""
        return self.filter(archived_at__isnull=True).order_by("place")

    def unread_by(self, learner: Any) -> SectionQuerySet:
        # A section has as many readings as there are learners, so they are looked for in the learner's enrolment.
        enrolment = Enrolment.objects.filter(module=OuterRef(OuterRef("module")), learner_id=learner.pk)
        readings = Reading.objects.counting().filter(
            section=OuterRef("pk"), enrolment=Subquery(enrolment.order_by().values("pk"))
        )
        return self.filter(~Exists(readings))

    def with_readers(self, *, of_staff: bool = True) -> SectionQuerySet:
        """Adds ``readers``: how many have read each section, and ``ever_read``: lapsed readings among them.

        In figures, the readers of the staff are left out.
        """
        counting = Q(readings__lapsed_at__isnull=True)
        whose = Q() if of_staff else Q(readings__enrolment__learner__is_staff=False)
        return self.annotate(
            readers=Count("readings", filter=counting & whose),
            ever_read=Count("readings__enrolment", distinct=True),
        )


class Section(models.Model):
    """One page of a module.

    One that the document no longer has is archived with its readings, and comes back when a later document has it.
    ``checks`` are the questions in its text as values: what :func:`modules.columns.question_columns` gives, and an
    ``identity``. Learners answer them for themselves; nothing of that is kept.
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

    # What with_readers() adds.
    readers: int | None
    ever_read: int | None

    class Meta:
        ordering = ["module", "place"]
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        constraints = [
            models.UniqueConstraint(
                fields=["module", "identity"],
                condition=Q(archived_at__isnull=True),
                name="one_standing_section_per_identity",
            ),
            models.UniqueConstraint(
                fields=["module", "place"],
                condition=Q(archived_at__isnull=True),
                name="one_standing_section_per_place",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("section", args=[self.module.slug, self.identity])

    @property
    def minutes(self) -> int:
        """Reading time in whole minutes."""
        return minutes_for(self.words)


class FormerText(models.Model):
    """What a section said, and the identity that it had, until a revision changed it.

    By it an old address still leads to the section, and a learner can be shown what has changed since they read it.
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


class Quiz(models.Model):
    """The final quiz of a module, with the rules that its document gives it.

    ``time_limit``, ``wait`` and ``grace`` are minutes. ``review`` is as :mod:`modules.document.rules` writes it.
    """

    class Late(models.TextChoices):
        SUBMIT = "submit", _("what is saved is submitted")
        GRACE = "grace", _("there is some time left to submit")
        ABANDON = "abandon", _("the attempt does not count")

    class Counts(models.TextChoices):
        HIGHEST = "highest", _("the highest grade")
        AVERAGE = "average", _("the average of all grades")
        FIRST = "first", _("the grade of the first attempt")
        LAST = "last", _("the grade of the last attempt")

    class Scoring(models.TextChoices):
        RIGHT_MINUS_WRONG = "right_minus_wrong", _("right choices minus wrong ones")
        ALL_OR_NOTHING = "all_or_nothing", _("all or nothing")

    module = models.OneToOneField(Module, models.CASCADE, related_name="quiz", verbose_name=_("module"))
    identity = models.CharField(_("identity"), max_length=200)
    place = models.PositiveIntegerField(_("place"))
    title = models.CharField(_("title"), max_length=1000)
    source = models.TextField(_("Markdown before the first question"))
    introduction = models.TextField(_("introduction, as HTML"), blank=True)
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark"), default=70, validators=[MaxValueValidator(100)]
    )
    attempts_allowed = models.PositiveIntegerField(_("attempts allowed"), null=True, blank=True)
    wait = models.PositiveIntegerField(_("minutes between two attempts"), default=0)
    time_limit = models.PositiveIntegerField(_("time limit in minutes"), null=True, blank=True)
    late = models.CharField(_("when time is up"), max_length=20, choices=Late.choices, default=Late.SUBMIT)
    grace = models.PositiveIntegerField(_("minutes to submit when time is up"), default=10)
    counts = models.CharField(
        _("which grade counts"), max_length=20, choices=Counts.choices, default=Counts.HIGHEST
    )
    scoring = models.CharField(
        _("scoring of multiple response"),
        max_length=20,
        choices=Scoring.choices,
        default=Scoring.RIGHT_MINUS_WRONG,
    )
    draw = models.PositiveIntegerField(
        _("questions that an attempt asks of those without a pool"), null=True, blank=True
    )
    asks = models.PositiveIntegerField(_("questions that an attempt asks"), default=0)
    shuffle = models.BooleanField(_("questions and choices in random order"), default=False)
    review = models.CharField(_("review"), max_length=500, default="passed")
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    class Meta:
        verbose_name = _("quiz")
        verbose_name_plural = _("quizzes")
        constraints = [
            models.CheckConstraint(condition=Q(pass_mark__lte=100), name="pass_mark_is_a_percentage"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("quiz", args=[self.module.slug])

    def overdue_until(self, deadline: datetime | None, late: str) -> datetime | None:
        """When an attempt with this deadline has to be submitted, where ``late`` leaves it time for that."""
        return deadline + timedelta(minutes=self.grace) if deadline and late == self.Late.GRACE else None

    def parts(self) -> Iterator[Pool | Question]:
        """Its questions in their order, and each pool before the first of its own."""
        pools = {pool.place: pool for pool in self.pools.all()}
        for question in self.questions.standing().select_related("current"):
            if pool := pools.get(question.place):
                yield pool
            yield question

    def unread_sections(self, learner: Any) -> SectionQuerySet:
        """The sections that the learner has to read before this quiz opens; empty when it is open."""
        if self.module.quiz_opens == Module.QuizOpens.AT_ONCE:
            return Section.objects.none()
        return self.module.sections.standing().unread_by(learner)


class Pool(models.Model):
    """Questions that stand together, of which an attempt asks ``draw``, or all where it is ``None``.

    They are the ``size`` standing questions of the quiz from ``place`` on. Nothing that learners do is about a pool, so
    every load makes them anew.
    """

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="pools", verbose_name=_("quiz"))
    place = models.PositiveIntegerField(_("place of its first question"))
    size = models.PositiveIntegerField(_("questions"))
    title = models.CharField(_("title"), max_length=1000)
    source = models.TextField(_("Markdown before its first question"))
    draw = models.PositiveIntegerField(_("questions that an attempt asks"), null=True, blank=True)

    class Meta:
        ordering = ["quiz", "place"]
        verbose_name = _("pool")
        verbose_name_plural = _("pools")
        constraints = [
            models.UniqueConstraint(fields=["quiz", "place"], name="one_pool_per_quiz_and_place"),
            models.CheckConstraint(condition=Q(size__gt=0), name="a_pool_has_questions"),
        ]

    def __str__(self) -> str:
        return self.title

    def holds(self, place: int) -> bool:
        """Whether the question in a place of the quiz stands in this pool."""
        return self.place <= place < self.place + self.size


class QuestionQuerySet(models.QuerySet["Question"]):
    def standing(self) -> QuestionQuerySet:
        return self.filter(archived_at__isnull=True).order_by("place")

    def with_takers(self, *, of_staff: bool = True) -> QuestionQuerySet:
        """Adds ``takers``: how many have each question in an attempt, and ``answered`` it.

        In figures, the takers of the staff are left out.
        """
        learners = "versions__responses__attempt__enrolment"
        whose = None if of_staff else Q(**{f"{learners}__learner__is_staff": False})
        has_answer = ~Q(versions__responses__answer=[]) & Q(versions__responses__attempt__deleted_at=None)
        return self.annotate(
            takers=Count(learners, filter=whose, distinct=True),
            answered=Count(learners, filter=has_answer, distinct=True),
        )


class Question(models.Model):
    """A question of a quiz: who it is. What it says is in its versions."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="questions", verbose_name=_("quiz"))
    identity = models.CharField(_("identity"), max_length=200)
    place = models.PositiveIntegerField(_("place"))
    current = models.ForeignKey(
        "QuestionVersion", models.RESTRICT, null=True, related_name="+", verbose_name=_("current version")
    )
    full_marks_since = models.DateTimeField(_("full marks for everybody since"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    # What with_takers() adds.
    takers: int | None
    answered: int | None

    class Meta:
        ordering = ["quiz", "place"]
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.UniqueConstraint(
                fields=["quiz", "identity"],
                condition=Q(archived_at__isnull=True),
                name="one_standing_question_per_identity",
            ),
            models.UniqueConstraint(
                fields=["quiz", "place"],
                condition=Q(archived_at__isnull=True),
                name="one_standing_question_per_place",
            ),
        ]

    def __str__(self) -> str:
        return self.current.title if self.current else self.identity

    @property
    def source(self) -> str:
        """The question as it is written now."""
        return self.current.source if self.current else ""


class QuestionVersion(models.Model):
    """What a question says. Once an attempt holds it, it never changes: an edit makes the next version.

    Only how it looks is made again by another renderer, from its own revision's document.
    """

    class Kind(models.TextChoices):
        SINGLE = "single", _("single choice")
        MULTIPLE = "multiple", _("multiple response")
        SHORT = "short", _("short answer")
        NUMERICAL = "numerical", _("numerical")

    question = models.ForeignKey(
        Question, models.CASCADE, related_name="versions", verbose_name=_("question")
    )
    number = models.PositiveIntegerField(_("version"))
    revision = models.ForeignKey(Revision, models.RESTRICT, related_name="+", verbose_name=_("revision"))
    title = models.CharField(_("title"), max_length=1000)
    source = MarkdownxField(_("Markdown"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    points = FractionField(_("points"))
    title_html = models.TextField(_("title as HTML"))
    html = models.TextField(_("prompt as HTML"), blank=True)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    answers = models.JSONField(_("accepted answers"), default=list, blank=True)
    explanation = models.TextField(_("explanation as HTML"), blank=True)
    explains = models.JSONField(_("sections that explain it"), default=list, blank=True)
    rendered_with = models.CharField(_("version of the renderer"), max_length=64, blank=True)

    class Meta:
        ordering = ["question", "-number"]
        verbose_name = _("version of a question")
        verbose_name_plural = _("versions of questions")
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="one_version_per_question_and_number")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def has_choices(self) -> bool:
        return self.kind in (self.Kind.SINGLE, self.Kind.MULTIPLE)

    @property
    def right_keys(self) -> set[str]:
        return {choice["key"] for choice in self.choices if choice["right"]}


# ------------------------------------------------------------------------------------ what learners do


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def counting(self) -> EnrolmentQuerySet:
        """Without those who may enter the admin: who tries a module as learners have it is no learner in any figure."""
        return self.filter(learner__is_staff=False)

    def locked(self) -> EnrolmentQuerySet:
        """For those who record a reading, or what follows from an attempt: each sees what the one before has done.

        An enrolment is locked before any of its attempts.
        """
        return self.select_for_update(no_key=True, of=("self",))

    def hold(self) -> None:
        """Lock them all until the transaction ends: in one order, so that two who do so cannot wait for each other."""
        list(self.select_for_update(no_key=True).order_by("pk").values_list("pk"))


class Enrolment(models.Model):
    """A learner in a module: when begun, when finished."""

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments", verbose_name=_("learner")
    )
    module = models.ForeignKey(Module, models.PROTECT, related_name="enrolments", verbose_name=_("module"))
    begun_at = models.DateTimeField(_("begun"))
    passed_at = models.DateTimeField(_("quiz passed"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at"]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(fields=["learner", "module"], name="one_enrolment_per_learner_and_module")
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.module}"

    def settle(self, now: datetime) -> None:
        """Record what follows from the attempts: whether the quiz is passed, and whether the module is finished.

        By the grade that counts a quiz can be passed and then not passed any more. Call it on a row that is
        ``locked()``: else of two who settle at once neither sees what the other has done.
        """
        submitted = list(self.attempts.submitted().select_related("quiz"))
        is_passed = bool(submitted) and is_pass(submitted, submitted[0].quiz.counts)
        if is_passed != (self.passed_at is not None):
            self.passed_at = now if is_passed else None
            self.save(update_fields=["passed_at"])
        self.finish_if_due(now)
        self.attempts.submitted().filter(settled_at__isnull=True).update(settled_at=now)

    def finish_if_due(self, now: datetime) -> None:
        """Record that the module is finished: all its sections read and its quiz, if it has one, passed.

        Who has finished stays finished, whatever the module becomes. Call it on a row that is ``locked()``.
        """
        if self.finished_at is None and self._is_due():
            self.finished_at = now
            self.save(update_fields=["finished_at"])

    def _is_due(self) -> bool:
        if self.module.sections.standing().unread_by(self.learner).exists():
            return False
        has_quiz = Quiz.objects.filter(module=self.module_id, archived_at__isnull=True).exists()
        return not has_quiz or self.passed_at is not None


class ReadingQuerySet(models.QuerySet["Reading"]):
    def counting(self) -> ReadingQuerySet:
        return self.filter(lapsed_at__isnull=True)

    def of_former_words(self, source: str) -> ReadingQuerySet:
        """The readings of sections that said just this when they were read, and were changed since."""
        former = FormerText.objects.filter(section=OuterRef("section"), until__gt=OuterRef("revision"))
        words = Subquery(former.order_by("until_id").values("source")[:1])
        return self.annotate(words=words).filter(words=source)

    def to_be_made_again(self) -> ReadingQuerySet:
        """The last readings of learners who were asked to read a section again, and have not done so."""
        later = Reading.objects.filter(
            enrolment=OuterRef("enrolment"), section=OuterRef("section"), pk__gt=OuterRef("pk")
        )
        return self.filter(~Exists(later), lapsed_at__isnull=False)


class Reading(models.Model):
    """The fact that a learner has read a section: when, and in which revision's text.

    It lapses when an instructor asks to read the section again, or when the learner has read a newer text of it; it is
    kept all the same.
    """

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="readings", verbose_name=_("enrolment")
    )
    section = models.ForeignKey(Section, models.PROTECT, related_name="readings", verbose_name=_("section"))
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+", verbose_name=_("revision"))
    read_at = models.DateTimeField(_("read"))
    lapsed_at = models.DateTimeField(_("lapsed"), null=True, blank=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["read_at"]
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "section"],
                condition=Q(lapsed_at__isnull=True),
                name="one_counting_reading_per_learner_and_section",
            )
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.section}"


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def kept(self) -> AttemptQuerySet:
        return self.filter(deleted_at__isnull=True)

    def open(self) -> AttemptQuerySet:
        return self.filter(submitted_at__isnull=True, abandoned_at__isnull=True)

    def submitted(self) -> AttemptQuerySet:
        return self.filter(submitted_at__isnull=False)

    def of(self, learner: Any, quiz: Quiz) -> AttemptQuerySet:
        return self.filter(quiz=quiz, enrolment__learner_id=learner.pk).order_by("number")


class KeptAttempts(models.Manager.from_queryset(AttemptQuerySet)):  # type: ignore[misc]
    """Attempts without those that an instructor has deleted, which count nowhere."""

    def get_queryset(self) -> AttemptQuerySet:
        return AttemptQuerySet(self.model, using=self._db).kept()


class Attempt(models.Model):
    """One run at a quiz: in progress, then (overdue, and then) submitted or abandoned.

    Its questions, their versions, their order and the rules that grade it are fixed when it starts. From ``deadline``
    on no answer is taken; until ``overdue_until`` it may still be submitted. ``settled_at`` is when what follows from
    it was recorded.
    """

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="attempts", verbose_name=_("enrolment")
    )
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="attempts", verbose_name=_("quiz"))
    number = models.PositiveIntegerField(_("number"))
    pass_mark = models.PositiveSmallIntegerField(_("pass mark"))
    scoring = models.CharField(
        _("scoring of multiple response"),
        max_length=20,
        choices=Quiz.Scoring.choices,
        default=Quiz.Scoring.RIGHT_MINUS_WRONG,
    )
    late = models.CharField(
        _("when time is up"), max_length=20, choices=Quiz.Late.choices, default=Quiz.Late.SUBMIT
    )
    started_at = models.DateTimeField(_("started"))
    deadline = models.DateTimeField(_("time is up"), null=True, blank=True)
    overdue_until = models.DateTimeField(_("to be submitted by"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    abandoned_at = models.DateTimeField(_("abandoned"), null=True, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    passed_at = models.DateTimeField(_("passed"), null=True, blank=True)
    mark = FractionField(_("mark"), null=True, blank=True)
    max_mark = FractionField(_("of"), null=True, blank=True)

    objects = KeptAttempts()
    with_deleted = AttemptQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [
            models.UniqueConstraint(
                fields=["enrolment", "quiz"],
                condition=Q(submitted_at__isnull=True, abandoned_at__isnull=True, deleted_at__isnull=True),
                name="one_open_attempt_per_learner_and_quiz",
            ),
            models.UniqueConstraint(fields=["enrolment", "quiz", "number"], name="attempts_are_numbered"),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(mark__isnull=False, max_mark__isnull=False),
                name="a_submitted_attempt_has_a_mark",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=False) | Q(mark__isnull=True, max_mark__isnull=True),
                name="only_a_submitted_attempt_has_a_mark",
            ),
            models.CheckConstraint(
                condition=Q(passed_at__isnull=True) | Q(submitted_at__isnull=False),
                name="only_a_submitted_attempt_is_passed",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | Q(abandoned_at__isnull=True),
                name="an_attempt_is_submitted_or_abandoned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment} #{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("attempt", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.submitted_at is None and self.abandoned_at is None

    @property
    def is_abandoned(self) -> bool:
        return self.abandoned_at is not None

    @property
    def is_passed(self) -> bool:
        return self.passed_at is not None

    @property
    def is_closed_by_time(self) -> bool:
        """Whether nobody submitted it: its time was up, and what was saved counts."""
        return self.submitted_at is not None and self.submitted_at == (self.overdue_until or self.deadline)

    @property
    def earns_a_pass(self) -> bool:
        """Whether the grade, exact, reaches the pass mark that the attempt began with."""
        return self.grade is not None and self.grade >= self.pass_mark

    @property
    def grade(self) -> Fraction | None:
        """The result in percent, exact; ``None`` until it is submitted."""
        if self.mark is None or self.max_mark is None:
            return None
        return Fraction(100) * self.mark / self.max_mark if self.max_mark else Fraction(0)


def counted(attempts: Iterable[Attempt], counts: str) -> Fraction | None:
    """The grade that counts, in percent, by one of :class:`Quiz.Counts`; ``None`` until an attempt is submitted."""
    grades = [one.grade for one in _in_order(attempts) if one.grade is not None]
    if not grades:
        return None
    match counts:
        case Quiz.Counts.AVERAGE:
            return sum(grades, start=Fraction(0)) / len(grades)
        case Quiz.Counts.FIRST:
            return grades[0]
        case Quiz.Counts.LAST:
            return grades[-1]
    return max(grades)


def decisive(attempts: Iterable[Attempt], counts: str) -> Attempt | None:
    """The attempt whose pass mark the grade that counts has to reach; ``None`` until one is submitted.

    It is the one that counts; of an average, the latest one.
    """
    submitted = [one for one in _in_order(attempts) if one.submitted_at is not None]
    if not submitted:
        return None
    match counts:
        case Quiz.Counts.FIRST:
            return submitted[0]
        case Quiz.Counts.HIGHEST:
            return max(submitted, key=lambda one: (one.is_passed, one.grade or 0))
    return submitted[-1]


def is_pass(attempts: Iterable[Attempt], counts: str) -> bool:
    """Whether the grade that counts reaches the pass mark of the attempt that decides."""
    submitted = [one for one in attempts if one.submitted_at is not None]
    last = decisive(submitted, counts)
    if last is None or counts != Quiz.Counts.AVERAGE:
        return last is not None and last.is_passed
    grade = counted(submitted, counts)
    return grade is not None and grade >= last.pass_mark


def _in_order(attempts: Iterable[Attempt]) -> list[Attempt]:
    return sorted(attempts, key=lambda attempt: attempt.number)


class Override(models.Model):
    """Other rules for one learner, or for a group of learners. What is empty stays as the quiz has it.

    Time is given as minutes on top, or as a factor (``3/2`` is half as much again).
    """

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="overrides", verbose_name=_("quiz"))
    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("learner"),
    )
    group = models.ForeignKey(
        "auth.Group", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("group")
    )
    extra_minutes = models.PositiveIntegerField(_("more minutes"), null=True, blank=True)
    time_factor = FractionField(_("time, as a factor"), null=True, blank=True)
    attempts_allowed = models.PositiveIntegerField(_("attempts allowed"), null=True, blank=True)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)

    class Meta:
        ordering = ["quiz", "pk"]
        verbose_name = _("override")
        verbose_name_plural = _("overrides")
        constraints = [
            models.UniqueConstraint(fields=["quiz", "learner"], name="one_override_per_quiz_and_learner"),
            models.UniqueConstraint(fields=["quiz", "group"], name="one_override_per_quiz_and_group"),
            models.CheckConstraint(
                condition=Q(learner__isnull=True) ^ Q(group__isnull=True),
                name="an_override_is_for_a_learner_or_a_group",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quiz}: {self.learner or self.group}"


class Response(models.Model):
    """What was answered in one slot of an attempt.

    ``order`` holds the keys of the choices as this learner sees them. ``answer`` is a list: the keys of the chosen
    ones, or the one text that was typed; empty while unanswered. ``graded_with`` is a later version of the question
    whose key counts instead, once somebody has regraded it.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="responses", verbose_name=_("attempt"))
    place = models.PositiveIntegerField(_("slot"))
    version = models.ForeignKey(
        QuestionVersion, models.PROTECT, related_name="responses", verbose_name=_("version of the question")
    )
    graded_with = models.ForeignKey(
        QuestionVersion,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="regraded",
        verbose_name=_("graded with the key of"),
    )
    order = models.JSONField(_("order of the choices"), default=list, blank=True)
    answer = models.JSONField(_("answer"), default=list, blank=True)
    sequence = models.PositiveBigIntegerField(_("sequence number"), default=0)
    saved_at = models.DateTimeField(_("saved"), null=True, blank=True)
    is_flagged = models.BooleanField(_("flagged"), default=False)
    mark = FractionField(_("mark"), null=True, blank=True)
    manual_mark = FractionField(_("mark given by hand"), null=True, blank=True)

    class Meta:
        ordering = ["attempt", "place"]
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        constraints = [
            models.UniqueConstraint(fields=["attempt", "place"], name="one_response_per_attempt_and_slot"),
            models.UniqueConstraint(
                fields=["attempt", "version"], name="a_question_stands_once_in_an_attempt"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt}: {self.place}"

    @property
    def key(self) -> QuestionVersion:
        """The version of the question whose key grades this response."""
        return self.graded_with or self.version

    @property
    def is_answered(self) -> bool:
        return bool(self.answer)

    def as_kept(self, given: Sequence[str]) -> list[str]:
        """An answer as it is kept: known choices only, at most one where one is asked, a typed text in bounds.

        Chosen ones are in the order that the learner sees.
        """
        if not self.version.has_choices:
            text = "".join(given[:1]).strip().replace("\0", "")[:LONGEST_ANSWER]
            return [text] if text else []
        chosen = [key for key in self.order if key in given]
        return chosen[:1] if self.version.kind == QuestionVersion.Kind.SINGLE else chosen

    def choices_in_order(self) -> list[dict[str, Any]]:
        """The choices of the question as this learner sees them."""
        by_key = {choice["key"]: choice for choice in self.version.choices}
        return [by_key[key] for key in self.order]


class Regrade(models.Model):
    """The fact that a response was graded with another key: what it had earned before, by whom, when."""

    response = models.ForeignKey(
        Response, models.CASCADE, related_name="regrades", verbose_name=_("response")
    )
    version = models.ForeignKey(
        QuestionVersion, models.PROTECT, related_name="+", verbose_name=_("graded with the key of")
    )
    mark_before = FractionField(_("mark before"), null=True, blank=True)
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )

    class Meta:
        ordering = ["made_at"]
        verbose_name = _("regrade")
        verbose_name_plural = _("regrades")

    def __str__(self) -> str:
        return str(self.response)


class Correction(models.Model):
    """The fact that somebody changed what came of an attempt, or of all answers to a question, and why.

    ``before`` is the mark or grade that it was before, where there was one.
    """

    class Kind(models.TextChoices):
        MARK = "mark", _("mark given by hand")
        MARK_UNDONE = "mark_undone", _("mark by hand taken back")
        MARK_VOID = "mark_void", _("mark by hand gone: another answer was given")
        REOPENED = "reopened", _("attempt opened again")
        CLOSED = "closed", _("attempt closed")
        DELETED = "deleted", _("attempt deleted")
        RESTORED = "restored", _("attempt brought back")
        REGRADED = "regraded", _("graded again with the current key")
        FULL_MARKS = "full_marks", _("full marks for everybody")
        FULL_MARKS_UNDONE = "full_marks_undone", _("full marks taken back")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    attempt = models.ForeignKey(
        Attempt,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("attempt"),
    )
    question = models.ForeignKey(
        Question,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="corrections",
        verbose_name=_("question"),
    )
    place = models.PositiveIntegerField(_("slot"), null=True, blank=True)
    before = FractionField(_("before"), null=True, blank=True)
    reason = models.TextField(_("reason"))
    made_at = models.DateTimeField(_("made"))
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        constraints = [
            models.CheckConstraint(
                condition=Q(attempt__isnull=True) ^ Q(question__isnull=True),
                name="a_correction_is_of_an_attempt_or_a_question",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.attempt or self.question}"
