"""Defines what learners do in a quiz: attempts, responses, overrides of rules, regrades and corrections."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Visitor
from modules.document.syntax.values import LONGEST_ANSWER
from modules.models.fields import FractionField
from modules.models.learning import Enrolment
from modules.models.questions import Question, QuestionVersion, Quiz
from modules.models.regrade_jobs import RegradeJob


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def kept(self) -> AttemptQuerySet:
        return self.filter(deleted_at__isnull=True)

    def open(self) -> AttemptQuerySet:
        return self.filter(submitted_at__isnull=True, abandoned_at__isnull=True)

    def running(self) -> AttemptQuerySet:
        """Returns the open attempts that were not withdrawn."""
        return self.open().filter(withdrawn_at__isnull=True)

    def submitted(self) -> AttemptQuerySet:
        return self.filter(submitted_at__isnull=False)

    def of(self, learner: Visitor, quiz: Quiz) -> AttemptQuerySet:
        return self.filter(quiz=quiz, enrolment__learner_id=learner.pk).order_by("number")


class KeptAttempts(models.Manager.from_queryset(AttemptQuerySet)):  # type: ignore[misc]
    """Leaves out attempts that an instructor has deleted. They count nowhere."""

    def get_queryset(self) -> AttemptQuerySet:
        return AttemptQuerySet(self.model, using=self._db).kept()


class Attempt(models.Model):
    """A learner's run at a quiz. It is open, then perhaps overdue, and in the end submitted or abandoned.

    Its questions, their versions, their order and the rules that grade it are fixed when it starts. It accepts answers
    until ``deadline``, and may still be submitted until ``overdue_until``. ``outcome_recorded_at`` is the time when its
    outcome was recorded. From ``withdrawn_at`` on, an open attempt rests, and its time with it, until its module is
    published again.
    """

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="attempts", verbose_name=_("enrolment")
    )
    quiz = models.ForeignKey(Quiz, models.PROTECT, related_name="attempts", verbose_name=_("quiz"))
    number = models.PositiveIntegerField(_("number"))
    pass_mark = models.PositiveSmallIntegerField(_("pass mark"))
    scoring = models.CharField(
        _("scoring of multiple response"), max_length=20, default=Quiz.Scoring.RIGHT_MINUS_WRONG.value
    )
    late = models.CharField(_("when time is up"), max_length=20, default=Quiz.Late.SUBMIT.value)
    started_at = models.DateTimeField(_("started"))
    deadline = models.DateTimeField(_("time is up"), null=True, blank=True)
    overdue_until = models.DateTimeField(_("to be submitted by"), null=True, blank=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, blank=True)
    abandoned_at = models.DateTimeField(_("abandoned"), null=True, blank=True)
    outcome_recorded_at = models.DateTimeField(_("outcome recorded"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
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
    def is_withdrawn(self) -> bool:
        """Tells whether the attempt is open, and rests because its module was withdrawn together with it."""
        return self.is_open and self.withdrawn_at is not None

    @property
    def is_abandoned(self) -> bool:
        return self.abandoned_at is not None

    @property
    def is_passed(self) -> bool:
        return self.passed_at is not None

    @property
    def is_closed_by_time(self) -> bool:
        """Tells whether the end of its time submitted it, with the answers that were saved."""
        return self.submitted_at is not None and self.submitted_at == (self.overdue_until or self.deadline)

    @property
    def earns_a_pass(self) -> bool:
        """Tells whether the exact grade reaches the pass mark that held when the attempt began."""
        return self.grade is not None and self.grade >= self.pass_mark

    @property
    def grade(self) -> Fraction | None:
        """Returns the exact result in percent, or ``None`` until the attempt is submitted."""
        if self.mark is None or self.max_mark is None:
            return None
        return Fraction(100) * self.mark / self.max_mark if self.max_mark else Fraction(0)


class Override(models.Model):
    """Other rules for one learner, or for a group of learners. An empty column keeps the rule of the quiz.

    ``extra_minutes`` are added to the time limit. ``time_factor`` multiplies it: ``3/2`` is half as much again.
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


# How typed answers are judged today. A response keeps the number by which it was judged, so that an upgrade changes no
# mark: raise it when answers are judged differently, and keep the former way in `modules/quizzes/`.
JUDGING = 2

# What is stored instead of a typed answer whose learner was erased. Its mark stays, and no answer is stored like this.
WORDS_GONE = [""]


class Response(models.Model):
    """Holds the answer in one slot of an attempt.

    ``order`` holds the keys of the choices as this learner sees them. ``answer`` is a list: the keys of the chosen
    choices, or the one typed text. It is empty while unanswered. ``graded_with`` is set by a regrade: a later version
    of the question whose key counts instead. ``judging`` is the way in which a typed answer is judged.
    """

    attempt = models.ForeignKey(Attempt, models.CASCADE, related_name="responses", verbose_name=_("attempt"))
    slot = models.PositiveIntegerField(_("slot"))
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
    judging = models.PositiveSmallIntegerField(_("way of judging"), default=JUDGING)

    class Meta:
        ordering = ["attempt", "slot"]
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        constraints = [
            models.UniqueConstraint(fields=["attempt", "slot"], name="one_response_per_attempt_and_slot"),
            models.UniqueConstraint(
                fields=["attempt", "version"], name="a_question_stands_once_in_an_attempt"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.attempt}: {self.slot}"

    @property
    def key(self) -> QuestionVersion:
        """Returns the version of the question whose key grades this response."""
        return self.graded_with or self.version

    @property
    def is_answered(self) -> bool:
        return bool(self.answer)

    @property
    def answer_in_words(self) -> str:
        """Returns the answer as people read it: the written text, or the texts of the chosen choices."""
        if not self.version.has_choices:
            return "".join(self.answer)
        return "; ".join(choice["text"] for choice in self.version.choices if choice["key"] in self.answer)

    def as_kept(self, answer: Sequence[str]) -> list[str]:
        """Returns an answer as it is stored: known choices only, at most one for a single choice, a text cut to length.

        The chosen keys are in the order that the learner sees.
        """
        if not self.version.has_choices:
            text = "".join(answer[:1]).strip().replace("\0", "")[:LONGEST_ANSWER]
            return [text] if text else []
        chosen = [key for key in self.order if key in answer]
        return chosen[:1] if self.version.kind == QuestionVersion.Kind.SINGLE else chosen

    def choices_in_order(self) -> list[dict[str, Any]]:
        """Returns the choices of the question in the order that this learner sees."""
        by_key = {choice["key"]: choice for choice in self.version.choices}
        return [by_key[key] for key in self.order]


class Regrade(models.Model):
    """The fact that a response was graded with another key, with its earlier mark, the person and the time.

    ``job`` has the reason. Regrades that are older than jobs have none.
    """

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
    job = models.ForeignKey(
        RegradeJob, models.SET_NULL, null=True, blank=True, related_name="regrades", verbose_name=_("job")
    )

    class Meta:
        ordering = ["made_at"]
        verbose_name = _("regrade")
        verbose_name_plural = _("regrades")

    def __str__(self) -> str:
        return str(self.response)


class Correction(models.Model):
    """The fact that somebody changed an attempt, or the marks of all answers to a question, with the reason.

    ``before`` is the earlier mark or grade, if there was one.
    """

    class Kind(models.TextChoices):
        MARK = "mark", _("mark given by hand")
        MARK_UNDONE = "mark_undone", _("mark by hand taken back")
        MARK_VOID = "mark_void", _("mark by hand gone: another answer was given")
        LATE = "late", _("late answer counted")
        LATE_UNDONE = "late_undone", _("late answer no longer counted")
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
    slot = models.PositiveIntegerField(_("slot"), null=True, blank=True)
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
