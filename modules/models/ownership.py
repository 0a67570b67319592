"""Decides what a person may do with a module.

Each page, download, preview and search of instructors asks here, by a query of modules or of drafts. The owner of a
module and the helpers whom the owner names may change it, and administrators may change each module. Other instructors
may see it as a learner would and copy it. Where instructors share modules, all of them may change all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Exists, Q
from django.utils.translation import gettext_lazy as _

from modules.document.syntax.access import Access

if TYPE_CHECKING:
    from accounts.models import Visitor

WRITES = "modules.change_module"
SHARED = "shared"  # a value of the setting MODULES; the other one is "owners"
NONE = Q(pk__in=[])
ALL = ~NONE


class SharedModules(models.Model):
    """The fact that an installation had modules before modules had owners.

    Its instructors share their modules, as before, until the setting MODULES says otherwise. There is one row at most.
    """

    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("shared modules")
        verbose_name_plural = _("shared modules")

    def __str__(self) -> str:
        return str(self.since)


def are_shared() -> bool:
    """Tells whether all instructors may change all modules."""
    return settings.MODULES == SHARED or are_shared_as_before()


def are_shared_as_before() -> bool:
    """Tells whether instructors share modules only because they did so before modules had owners."""
    return not settings.MODULES and SharedModules.objects.exists()


def visible_to(user: Visitor) -> Q:
    """Matches the modules that a person may see as a learner would, and copy: for instructors, all of them."""
    return ALL if user.has_perm(WRITES) else NONE


def changeable_by(user: Visitor) -> Q:
    """Matches the modules that a person may edit, publish, correct and see the results of. It runs no query."""
    if not user.is_authenticated or not user.has_perm(WRITES):
        return NONE
    if user.is_superuser:
        return ALL
    return _shared() | Q(owner=user.pk) | Q(pk__in=user.helped_modules.values("pk"))


def assignable_by(user: Visitor) -> Q:
    """Matches the modules that a person may give to a class.

    To assign a module that is for classes opens it to their members. So only who may change such a module may do it.
    """
    return changeable_by(user) | (visible_to(user) & ~Q(access=Access.CLASSES))


def deletable_by(user: Visitor) -> Q:
    """Matches the modules that a person may delete. Helpers may not."""
    return owned_by(user) | (_shared() if user.has_perm(WRITES) else NONE)


def owned_by(user: Visitor) -> Q:
    """Matches the modules whose helpers a person may name: their own, and for administrators all."""
    if not user.has_perm(WRITES):
        return NONE
    return ALL if user.is_superuser else Q(owner=user.pk)


def _shared() -> Q:
    """Matches every module where instructors share them, and none elsewhere."""
    if settings.MODULES:
        return ALL if settings.MODULES == SHARED else NONE
    return Q(Exists(SharedModules.objects.all()))
