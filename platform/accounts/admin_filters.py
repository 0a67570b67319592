"""Filters the list of accounts by role, by class, and by whether somebody can sign in."""

from __future__ import annotations

from typing import ClassVar

from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import INSTRUCTORS, Role

MOST_CLASSES = 100  # in the list of the filter; the class itself lists its members


class RoleFilter(admin.SimpleListFilter):
    title = _("role")
    parameter_name = "role"
    conditions: ClassVar[dict[str, Q]] = {
        Role.LEARNER: Q(is_staff=False, is_superuser=False),
        Role.INSTRUCTOR: Q(is_staff=True, is_superuser=False),
        Role.ADMINISTRATOR: Q(is_superuser=True),
    }

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [(role.value, str(role.label)) for role in Role]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(self.conditions.get(self.value() or "", Q()))


class ClassFilter(admin.SimpleListFilter):
    """Filters by the groups of learners. The group of the instructors is a role."""

    title = _("class")
    parameter_name = "class"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        groups = Group.objects.exclude(name=INSTRUCTORS).order_by("name")[:MOST_CLASSES]
        return [(str(group.pk), group.name) for group in groups]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        chosen = self.value() or ""
        return queryset.filter(groups=int(chosen)) if chosen.isdecimal() and len(chosen) < 19 else queryset


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "state"
    conditions: ClassVar[dict[str, Q]] = {
        "open": Q(is_active=True),
        "closed": Q(is_active=False),
        "never": Q(is_active=True, last_login__isnull=True),
    }

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, str]]:
        return [
            ("open", str(_("active"))),
            ("closed", str(_("closed"))),
            ("never", str(_("has never signed in"))),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        return queryset.filter(self.conditions.get(self.value() or "", Q()))
