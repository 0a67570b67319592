"""Defines the files of tables that the worker makes for a person, because a request would take too long."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from modules.document.slugs import slugify
from modules.models.classes import StudyClass
from modules.models.content import Module
from modules.models.questions import Question

# A file with grades and addresses should not lie about. With more, people have longer to download it.
KEPT_FOR = timedelta(hours=24)
# The words of a download whose table has another name in addresses.
NAMES = {"class": "grades", "figures": "question-figures", "typed": "typed-answers"}


class TableFileQuerySet(models.QuerySet["TableFile"]):
    def unfinished(self) -> TableFileQuerySet:
        return self.filter(finished_at__isnull=True)

    def kept(self, now: datetime) -> TableFileQuerySet:
        """Keeps the files whose time has not passed, the newest first. The worker removes the others."""
        return self.filter(asked_at__gt=now - KEPT_FOR).order_by("-pk")


class TableFile(models.Model):
    """A table of results as a file for a spreadsheet, which the worker makes for the person who asked.

    A table is of a class, or of a module. One of a module may have only the members of ``study_class``, or only the
    answers to ``question``. ``done`` of ``total`` learners or attempts are written. ``name`` is that of the file in the
    folder of such files, and empty until it is whole.
    """

    class Table(models.TextChoices):
        CLASS = "class", _("Learners by modules")
        LEARNERS = "learners", _("Learners")
        QUESTIONS = "questions", _("Learners by questions")
        ANSWERS = "answers", _("Answers")
        FIGURES = "figures", _("Questions with their figures")
        TYPED = "typed", _("Typed answers")

    class Form(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel (XLSX)"
        ODS = "ods", "LibreOffice (ODS)"

    table = models.CharField(_("table"), max_length=20, choices=Table.choices)
    form = models.CharField(_("form"), max_length=10, choices=Form.choices)
    module = models.ForeignKey(
        Module, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("module")
    )
    study_class = models.ForeignKey(
        StudyClass, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("class")
    )
    question = models.ForeignKey(
        Question, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("question")
    )
    language = models.CharField(_("language"), max_length=20, blank=True)
    asked_at = models.DateTimeField(_("asked"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("asked by")
    )
    done = models.PositiveIntegerField(_("rows that are written"), default=0)
    total = models.PositiveIntegerField(_("rows"), default=0)
    name = models.CharField(_("file"), max_length=100, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = TableFileQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("file of a table")
        verbose_name_plural = _("files of tables")
        constraints = [
            models.CheckConstraint(
                condition=Q(table="class", module__isnull=True, study_class__isnull=False)
                | (~Q(table="class") & Q(module__isnull=False)),
                name="a_table_is_of_a_class_or_of_a_module",
            ),
            models.CheckConstraint(
                condition=Q(name="", finished_at__isnull=True) | (~Q(name="") & Q(finished_at__isnull=False)),
                name="a_finished_table_has_its_file",
            ),
        ]

    def __str__(self) -> str:
        return self.download_name

    @property
    def download_name(self) -> str:
        """Returns the name under which a browser saves the file: ``tata-surya-x-tkr-2-questions.xlsx``."""
        return f"{'-'.join(self._name_parts())}.{self.form}"

    @property
    def path(self) -> Path:
        return folder_of_tables() / self.name

    @property
    def kept_until(self) -> datetime:
        return self.asked_at + KEPT_FOR

    def _name_parts(self) -> list[str]:
        parts = [self.module.slug] if self.module else []
        if self.study_class:
            parts.append(slugify(self.study_class.name) or str(self.study_class_id))
        if self.question:
            parts.append(self.question.identity)
        return [*parts, NAMES.get(self.table, self.table)]


def folder_of_tables() -> Path:
    """Returns the folder of the files. No address leads there: a view asks who may have a file."""
    return Path(settings.DATA_DIR) / "files"
