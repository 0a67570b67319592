"""Defines the tables of a final quiz: its rules, pools of questions, questions and their versions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Count, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from markdownx.models import MarkdownxField

from modules.document.syntax import rules
from modules.models.content import Module, Revision
from modules.models.fields import FractionField


class Quiz(models.Model):
    """The final quiz of a module, with the rules from its document.

    ``time_limit``, ``wait`` and ``grace`` are minutes. :mod:`modules.document.syntax.review` writes ``review``.
    """

    Late = rules.Late
    Counts = rules.Counts
    Scoring = rules.Scoring
    QuizOpens = rules.QuizOpens

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
    late = models.CharField(_("when time is up"), max_length=20, default=Late.SUBMIT.value)
    grace = models.PositiveIntegerField(_("minutes to submit when time is up"), default=10)
    counts = models.CharField(_("which grade counts"), max_length=20, default=Counts.HIGHEST.value)
    scoring = models.CharField(
        _("scoring of multiple response"), max_length=20, default=Scoring.RIGHT_MINUS_WRONG.value
    )
    draw = models.PositiveIntegerField(
        _("questions that an attempt asks of those without a pool"), null=True, blank=True
    )
    asks = models.PositiveIntegerField(_("questions that an attempt asks"), default=0)
    shuffle = models.BooleanField(_("questions and choices in random order"), default=False)
    review = models.CharField(_("review"), max_length=500, default="passed")
    quiz_opens = models.CharField(
        _("the final quiz opens"), max_length=20, default=QuizOpens.AFTER_SECTIONS.value
    )
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
        """Returns the last moment to submit an attempt with this deadline, or ``None`` if ``late`` allows no grace."""
        return deadline + timedelta(minutes=self.grace) if deadline and late == self.Late.GRACE else None

    def parts(self) -> Iterator[Pool | Question]:
        """Yields the questions in their order, and each pool before its first question."""
        pools = {pool.place: pool for pool in self.pools.all()}
        for question in self.questions.active().select_related("current"):
            if pool := pools.get(question.place):
                yield pool
            yield question


class Pool(models.Model):
    """Neighbouring questions of which an attempt asks ``draw``, or all if ``draw`` is ``None``.

    They are the ``size`` active questions of the quiz from ``place`` on. No work of learners refers to a pool, so every
    load replaces the pools.
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
        """Tells whether the question at a place of the quiz belongs to this pool."""
        return self.place <= place < self.place + self.size


class QuestionQuerySet(models.QuerySet["Question"]):
    def active(self) -> QuestionQuerySet:
        return self.filter(archived_at__isnull=True).order_by("place")

    def with_takers(self, *, of_staff: bool = True) -> QuestionQuerySet:
        """Adds ``takers``, the learners who have each question in an attempt, and ``answered``, those who answered it.

        Figures for instructors leave out the takers of the staff.
        """
        learners = "responses__attempt__enrolment"
        whose = None if of_staff else Q(**{f"{learners}__learner__is_staff": False})
        has_answer = ~Q(responses__answer=[]) & Q(responses__attempt__deleted_at=None)
        return self.annotate(
            takers=_count(Count(learners, filter=whose, distinct=True)),
            answered=_count(Count(learners, filter=has_answer, distinct=True)),
        )


def _count(counted: Count) -> Coalesce:
    """Returns a count over the versions of each question.

    It is a query inside a query, because a join would group every response by all columns of its question.
    """
    versions = QuestionVersion.objects.filter(question=OuterRef("pk")).order_by().values("question")
    return Coalesce(Subquery(versions.annotate(n=counted).values("n"), output_field=IntegerField()), 0)


class Question(models.Model):
    """A question of a quiz, which continues through all edits. Its versions hold its text and its key."""

    quiz = models.ForeignKey(Quiz, models.CASCADE, related_name="questions", verbose_name=_("quiz"))
    identity = models.CharField(_("identity"), max_length=200)
    place = models.PositiveIntegerField(_("place"))
    current = models.ForeignKey(
        "QuestionVersion", models.RESTRICT, null=True, related_name="+", verbose_name=_("current version")
    )
    full_marks_since = models.DateTimeField(_("full marks for everybody since"), null=True, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    # These annotations come from `QuestionQuerySet.with_takers`.
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
                name="one_active_question_per_identity",
            ),
            models.UniqueConstraint(
                fields=["quiz", "place"],
                condition=Q(archived_at__isnull=True),
                name="one_active_question_per_place",
            ),
        ]

    def __str__(self) -> str:
        return self.current.title if self.current else self.identity

    @property
    def source(self) -> str:
        """Returns the current text of the question."""
        return self.current.source if self.current else ""


class QuestionVersion(models.Model):
    """The text and the key of a question. Once an attempt has a version, it never changes: an edit makes the next one.

    Only its HTML changes when another renderer makes it again, from the document of its own revision.
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
