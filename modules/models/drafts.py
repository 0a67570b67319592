"""Defines the tables of what is not loaded yet: drafts, and the images of drafts and modules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markdownx.models import MarkdownxField

from modules.models.content import Module, Revision

if TYPE_CHECKING:
    from accounts.models import Visitor

LONGEST_PATH = 500  # characters of an image's path


class DraftQuerySet(models.QuerySet["Draft"]):
    def open_to(self, user: Visitor) -> DraftQuerySet:
        """Returns the drafts of a person. Nobody works in the text of somebody else, or for a module of others."""
        modules = Module.objects.changeable_by(user).values("pk")
        return self.filter(Q(module__isnull=True) | Q(module__in=modules), author_id=user.pk)


class Draft(models.Model):
    """A document that an instructor prepares. It is kept as typed, with its mistakes, and is not loaded yet.

    ``part`` is set if the instructor edited only one part of the module, and has to see the plan before it is applied.
    ``part_title`` is the title of that part before the edit. It names the draft, however the text changes.
    ``address`` is the slug of its text. ``is_conversion`` tells it from the draft that it was made from. ``remarks``
    say what its file, or that draft, lost; :mod:`modules.authoring.remarks` reads them. ``decisions`` are those of the
    plan page; :mod:`modules.authoring.draft_decisions` reads them.
    """

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts", verbose_name=_("author")
    )
    module = models.ForeignKey(
        Module, models.CASCADE, null=True, blank=True, related_name="drafts", verbose_name=_("module")
    )
    base_revision = models.ForeignKey(
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
    address = models.CharField(_("address"), max_length=100, blank=True)
    is_conversion = models.BooleanField(_("turned into a quiz"), default=False)
    remarks = models.JSONField(_("remarks"), default=list, blank=True)
    decisions = models.JSONField(_("decisions"), default=dict, blank=True)
    reason = models.TextField(_("reason for new grades"), blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_at"]
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")

    def __str__(self) -> str:
        if self.part_title:
            return gettext("Edit of “%(title)s”") % {"title": self.part_title}
        name = self.filename or str(self.module or _("New document"))
        return gettext("%(name)s, turned into a quiz") % {"name": name} if self.is_conversion else name


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
