"""Defines what learners do with modules: enrolments and readings, and the queries that join them with content."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, F, Max, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

from accounts.models import Visitor
from modules.models.content import (
    WORDS_PER_MINUTE,
    FormerText,
    Module,
    ModuleQuerySet,
    Revision,
    Section,
    SectionQuerySet,
)
from modules.models.questions import Quiz
from modules.models.regrade_jobs import RegradeJob

LONGEST_KEPT_PLACE = 500  # characters; a longer one is not kept


class EnrolmentQuerySet(models.QuerySet["Enrolment"]):
    def counting(self) -> EnrolmentQuerySet:
        """Leaves out people who may enter the admin: no figure counts an instructor who tries a module as a learner."""
        return self.filter(learner__is_staff=False)

    def readable(self) -> EnrolmentQuerySet:
        """Keeps the enrolments whose learners may read the module, as :attr:`Module.is_readable` says."""
        return self.filter(Q(module__published_at__isnull=False) | Q(module__keeps_learners=True))

    def locked(self) -> EnrolmentQuerySet:
        """Locks enrolments to record a reading or an outcome, so that each request sees the changes of the one before.

        An enrolment is locked before any of its attempts.
        """
        return self.select_for_update(no_key=True, of=("self",))

    def hold(self) -> None:
        """Locks all enrolments until the transaction ends, in a fixed order, so that no two requests can deadlock."""
        list(self.select_for_update(no_key=True).order_by("pk").values_list("pk"))


class Enrolment(models.Model):
    """The fact that a learner has begun a module, with the times of beginning, passing and finishing.

    ``place`` is where the learner left the text last, as :mod:`modules.reading.places` writes it. ``last_seen_at`` is
    the time of the last reading, or of the last start or submission of an attempt. ``grade`` is the final grade in
    percent, by which the database sorts and counts; the exact one comes from the attempts.
    """

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments", verbose_name=_("learner")
    )
    module = models.ForeignKey(Module, models.PROTECT, related_name="enrolments", verbose_name=_("module"))
    begun_at = models.DateTimeField(_("begun"))
    passed_at = models.DateTimeField(_("quiz passed"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    place = models.CharField(_("place in the text"), max_length=LONGEST_KEPT_PLACE, blank=True, default="")
    last_seen_at = models.DateTimeField(_("last seen"))
    grade = models.FloatField(_("grade"), null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at"]
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")
        constraints = [
            models.UniqueConstraint(fields=["learner", "module"], name="one_enrolment_per_learner_and_module")
        ]
        indexes = [
            models.Index(fields=["module", "last_seen_at"], name="enrolments_by_last_seen"),
            models.Index(fields=["module", "grade"], name="enrolments_by_grade"),
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.module}"

    def see(self, at: datetime) -> None:
        """Keeps the time at which the learner did something in the module. The row must be ``locked()``."""
        if self.last_seen_at < at:
            self.last_seen_at = at
            self.save(update_fields=["last_seen_at"])


class ReadingQuerySet(models.QuerySet["Reading"]):
    def counting(self) -> ReadingQuerySet:
        return self.filter(lapsed_at__isnull=True)

    def of_former_words(self, source: str) -> ReadingQuerySet:
        """Returns the readings of sections that had exactly this source when they were read, and were changed since."""
        former = FormerText.objects.filter(section=OuterRef("section"), until__gt=OuterRef("revision"))
        words = Subquery(former.order_by("until_id").values("source")[:1])
        return self.annotate(words=words).filter(words=source)

    def of_a_part(self, merged: Collection[int], source: str) -> ReadingQuerySet:
        """Returns the counting readings of learners who have not read all of what a section says now.

        ``merged`` are the keys of the sections whose text it has taken in. Who has read its ``source`` earlier, under
        the same heading, has read all of it.
        """
        of_merged = Q(enrolment__readings__section__in=merged, enrolment__readings__lapsed_at__isnull=True)
        counting = self.counting().annotate(taken_in=Count("enrolment__readings", filter=of_merged))
        whole = self.of_former_words(source).order_by().values("pk")
        return counting.filter(taken_in__lt=len(merged)).exclude(pk__in=whole)

    def to_be_made_again(self) -> ReadingQuerySet:
        """Returns the last readings of learners who were asked to read a section again, and have not done so."""
        later = Reading.objects.filter(
            enrolment=OuterRef("enrolment"), section=OuterRef("section"), pk__gt=OuterRef("pk")
        )
        return self.filter(~Exists(later), lapsed_at__isnull=False)


class Reading(models.Model):
    """The fact that a learner has read a section, with the time and the revision whose text was read.

    It lapses when an instructor asks to read the section again, or when the learner has read a newer text of it. A
    lapsed reading is kept. It ``lacks_part`` if it lapsed because the section has text that its learner has not read.
    """

    enrolment = models.ForeignKey(
        Enrolment, models.CASCADE, related_name="readings", verbose_name=_("enrolment")
    )
    section = models.ForeignKey(Section, models.PROTECT, related_name="readings", verbose_name=_("section"))
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+", verbose_name=_("revision"))
    read_at = models.DateTimeField(_("read"))
    lapsed_at = models.DateTimeField(_("lapsed"), null=True, blank=True)
    lacks_part = models.BooleanField(_("has not read a part"), default=False)

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
        # The readings of a week are counted on the first page of instructors, and a site has many more.
        indexes = [
            models.Index(fields=["section", "read_at"], name="readings_by_section_and_time"),
            models.Index(
                fields=["section"], condition=Q(lapsed_at__isnull=True), name="counting_readings_by_section"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.enrolment}: {self.section}"


# Each section is read for a whole number of minutes, at least one. A module is read for their sum.
MINUTES_OF_A_SECTION = Greatest(
    Value(1), (F("words") + Value(WORDS_PER_MINUTE - 1)) / Value(WORDS_PER_MINUTE)
)


def begun_by(modules: ModuleQuerySet, learner: Visitor) -> ModuleQuerySet:
    """Returns the modules that a learner has begun, the latest first."""
    return modules.filter(enrolments__learner_id=learner.pk).order_by("-enrolments__begun_at")


def with_outline_for(modules: ModuleQuerySet, learner: Visitor) -> ModuleQuerySet:
    """Adds to modules the figures that the learner's pages show, in one query for any number of modules.

    Adds ``section_count``, ``minutes`` (of reading), ``question_count`` (of an attempt) and, for a learner,
    ``read_count``, ``begun_at``, ``finished_at`` and ``passed_at`` (``None`` for somebody who has not begun).
    """
    active = Section.objects.active().filter(module=OuterRef("pk")).order_by().values("module")
    quiz = Quiz.objects.filter(module=OuterRef("pk"), archived_at__isnull=True)
    enrolment = Enrolment.objects.filter(module=OuterRef("pk"), learner_id=learner.pk)
    read = (
        Reading.objects.filter(enrolment__module=OuterRef("pk"), enrolment__learner_id=learner.pk)
        .filter(section__archived_at__isnull=True, lapsed_at__isnull=True)
        .order_by()
        .values("enrolment")
    )
    queryset: Any = modules.select_related(
        "quiz"
    )  # any type, since the annotations are declared on the model
    return queryset.annotate(
        section_count=Subquery(active.annotate(n=Count("pk")).values("n")),
        minutes=Subquery(active.annotate(n=Sum(MINUTES_OF_A_SECTION)).values("n")),
        question_count=Subquery(quiz.values("asks")),
        read_count=Subquery(read.annotate(n=Count("pk")).values("n")),
        begun_at=Subquery(enrolment.values("begun_at")[:1]),
        finished_at=Subquery(enrolment.values("finished_at")[:1]),
        passed_at=Subquery(enrolment.values("passed_at")[:1]),
    )


def with_last_visit(modules: ModuleQuerySet, learner: Visitor) -> ModuleQuerySet:
    """Adds ``last_visit`` and ``kept_place`` to modules that a learner has begun: when and where they last read."""
    enrolment = Enrolment.objects.filter(module=OuterRef("pk"), learner_id=learner.pk)
    last_read = Max("readings__read_at")
    visits = enrolment.annotate(last_visit=Coalesce(last_read, "begun_at")).order_by().values("last_visit")
    queryset: Any = modules  # any type, since the annotation is declared on the model
    place = enrolment.order_by().values("place")
    return queryset.annotate(last_visit=Subquery(visits[:1]), kept_place=Subquery(place[:1]))


def unread_by(sections: SectionQuerySet, learner: Visitor) -> SectionQuerySet:
    """Returns the sections that a learner has not read, or has to read again."""
    # A section has as many readings as there are learners, so they are looked for in the learner's enrolment.
    enrolment = Enrolment.objects.filter(module=OuterRef(OuterRef("module")), learner_id=learner.pk)
    readings = Reading.objects.counting().filter(
        section=OuterRef("pk"), enrolment=Subquery(enrolment.order_by().values("pk"))
    )
    return sections.filter(~Exists(readings))


def unread_sections(quiz: Quiz, learner: Visitor) -> SectionQuerySet:
    """Returns the sections that the learner has to read before this quiz opens. It is empty if the quiz is open."""
    if quiz.quiz_opens == Quiz.QuizOpens.AT_ONCE:
        return Section.objects.none()
    return unread_by(quiz.module.sections.active(), learner)


def with_readers(sections: SectionQuerySet, *, of_staff: bool = True) -> SectionQuerySet:
    """Adds ``readers``, the learners who have read each section, and ``ever_read``, which counts lapsed readings too.

    Figures for instructors leave out the readers of the staff.
    """
    counting = Q(readings__lapsed_at__isnull=True)
    audience = Q() if of_staff else Q(readings__enrolment__learner__is_staff=False)
    queryset: Any = sections  # any type, since the annotations are declared on the model
    return queryset.annotate(
        readers=Count("readings", filter=counting & audience),
        ever_read=Count("readings__enrolment", distinct=True),
    )


def has_learners(module: Module) -> bool:
    """Tells whether anybody has begun the module."""
    return module.enrolments.exists()


def hold_learners(module: Module) -> None:
    """Locks the regrade jobs, the quiz and all enrolments of a module until the transaction ends.

    So nobody starts an attempt or reads, and no batch of a job runs. Call it before a change of many rows at once. Only
    attempts may be locked after it.
    """
    list(RegradeJob.objects.unfinished().locked().filter(module=module).values_list("pk"))
    Quiz.objects.select_for_update(no_key=True).filter(module=module).first()
    Enrolment.objects.filter(module=module).hold()
