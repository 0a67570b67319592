"""Defines the notes that instructors write about a learner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from modules.models.classes import StudyClass
from modules.models.content import Module

if TYPE_CHECKING:
    from accounts.models import Visitor

LONGEST_NOTE = 2_000  # characters


class LearnerNoteQuerySet(models.QuerySet["LearnerNote"]):
    def visible_to(self, person: Visitor) -> LearnerNoteQuerySet:
        """Keeps the notes of classes that a person manages, and of modules that the person may change."""
        classes = StudyClass.objects.managed_by(person).order_by().values("pk")
        modules = Module.objects.changeable_by(person).order_by().values("pk")
        return self.filter(Q(study_class__in=classes) | Q(module__in=modules))

    def deletable_by(self, person: Visitor) -> LearnerNoteQuerySet:
        """Keeps the notes that a person may delete: their own, and for administrators all."""
        visible = self.visible_to(person)
        return visible if person.is_superuser else visible.filter(author=person.pk or 0)


class LearnerNote(models.Model):
    """A text of an instructor about a learner, for those who teach the same class or may change the same module.

    No learner reads it on the site. It goes with the account of the learner, with the class and with the module.
    """

    learner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notes_about", verbose_name=_("learner")
    )
    study_class = models.ForeignKey(
        StudyClass, models.CASCADE, null=True, blank=True, related_name="notes", verbose_name=_("class")
    )
    module = models.ForeignKey(
        Module, models.CASCADE, null=True, blank=True, related_name="notes", verbose_name=_("module")
    )
    text = models.TextField(_("note"), max_length=LONGEST_NOTE)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
    )
    written_at = models.DateTimeField(_("written"))

    objects = LearnerNoteQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-pk"]
        verbose_name = _("note about a learner")
        verbose_name_plural = _("notes about learners")
        constraints = [
            models.CheckConstraint(
                condition=Q(study_class__isnull=True) ^ Q(module__isnull=True),
                name="a_note_is_of_a_class_or_a_module",
            )
        ]

    def __str__(self) -> str:
        return f"{self.learner}: {self.study_class or self.module}"
