"""Defines the index of the search. It holds what learners may read, and can be made again at any time."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from modules.models.content import Module, Section


class IndexedPage(models.Model):
    """A page that can be found: the first page of a module (``number`` 0) or a section, counted from 1.

    ``pieces`` has the words of the page as :mod:`modules.search.index` writes them. ``made_with`` says from what they
    were made.
    """

    module = models.ForeignKey(Module, models.CASCADE, related_name="indexed_pages", verbose_name=_("module"))
    section = models.ForeignKey(
        Section, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("section")
    )
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=1000)
    pieces = models.JSONField(_("words"), default=list)
    made_with = models.CharField(_("made with"), max_length=200)

    class Meta:
        ordering = ["module", "number"]
        verbose_name = _("page that can be found")
        verbose_name_plural = _("pages that can be found")
        constraints = [
            models.UniqueConstraint(
                fields=["module", "number"], name="one_indexed_page_per_module_and_number"
            )
        ]

    def __str__(self) -> str:
        return self.title


class IndexedStem(models.Model):
    """A stem that a module has, with the pages that have it.

    ``stem`` begins with the language of the module. ``pages`` and ``places`` are packed by
    :mod:`modules.search.postings`: what the stem weighs on each page, and where it stands there.
    """

    module = models.ForeignKey(Module, models.CASCADE, related_name="indexed_stems", verbose_name=_("module"))
    stem = models.CharField(_("stem"), max_length=100)
    pages = models.BinaryField(_("pages"))
    places = models.BinaryField(_("places"))

    class Meta:
        ordering = ["stem", "module"]
        verbose_name = _("stem that can be found")
        verbose_name_plural = _("stems that can be found")
        constraints = [models.UniqueConstraint(fields=["stem", "module"], name="one_indexed_stem_per_module")]

    def __str__(self) -> str:
        return self.stem
