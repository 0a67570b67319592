"""Defines the pages that administrators write for the whole site."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SitePage(models.Model):
    """A page about the site in one language. ``html`` is made from ``text`` when it is saved."""

    class Name(models.TextChoices):
        PRIVACY = "privacy", _("Privacy")

    name = models.CharField(_("page"), max_length=20, choices=Name.choices, default=Name.PRIVACY)
    language = models.CharField(_("language"), max_length=20, choices=settings.LANGUAGES)
    text = models.TextField(_("Markdown"))
    html = models.TextField(_("HTML"), blank=True, editable=False)
    rendered_with = models.CharField(_("version of the renderer"), max_length=64, blank=True, editable=False)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        ordering = ["name", "language"]
        verbose_name = _("page about the site")
        verbose_name_plural = _("pages about the site")
        constraints = [
            models.UniqueConstraint(fields=["name", "language"], name="one_site_page_per_name_and_language")
        ]

    def __str__(self) -> str:
        return f"{self.get_name_display()} ({self.get_language_display()})"
