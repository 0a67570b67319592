"""Lets instructors make groups of learners, such as a class, so that all members get an override at once.

An instructor sees only groups without permissions here, so that no group gives anybody a role.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from accounts.roles import groups_of_learners
from modules.admin import permissions, unsaved_input
from modules.forms.groups import GroupForm
from modules.models import Override
from modules.quizzes import attempts
from modules.reading import access


@admin.register(Group)
class GroupAdmin(admin.ModelAdmin):
    list_display = ("name", "members")
    list_per_page = 50
    search_fields = ("name",)
    search_help_text = gettext_lazy("Search by name")
    ordering = ("name",)
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return groups_of_learners().annotate(member_total=Count("user")).order_by("name")

    @admin.display(description=gettext_lazy("learners"), ordering="member_total")
    def members(self, group: Any) -> int:
        return int(group.member_total)

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        removal_path = "<int:pk>/members/<int:member>/removal/"
        return [path(removal_path, guard(removal), name="auth_group_removal"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Groups")} | (extra_context or {}))

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        permissions.writers_only(request)
        return page(request, Group())

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        return page(request, _group_for(request, object_id))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Names the overrides of a group, which go with it: who may delete the group may delete them."""
        overrides = [
            str(override)
            for override in Override.objects.filter(group__in=objs).select_related("quiz", "group")
        ]
        counts = {_("groups"): len(objs), Override._meta.verbose_name_plural: len(overrides)}
        return [*(str(group) for group in objs), *overrides], counts, set(), []

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(access.WRITES)

    def has_view_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm(access.WRITES)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(access.WRITES)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm(access.WRITES)

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return request.user.has_perm(access.WRITES)


@require_http_methods(["GET", "HEAD", "POST"])
@unsaved_input.taken_when_led_on
def page(request: HttpRequest, group: Group) -> HttpResponse:
    """Shows a group with its members. A new member gets the time of the group at once."""
    name = group.name
    form = GroupForm(request.POST or None, instance=group)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, " ".join(_saved(form, _lengthen(group))))
        return redirect("admin:auth_group_change", group.pk)
    return render(
        request,
        "admin/group.html",
        {
            "group": group,
            "name": name,
            "form": form,
            "members": group.user_set.order_by("name", "email") if group.pk else (),
            "overrides": Override.objects.filter(group=group.pk).select_related("quiz__module"),
            "crumbs": [(reverse("admin:auth_group_changelist"), _("Groups"))],
        },
    )


@permissions.by_a_form_of("admin:auth_group_change")
def removal(request: HttpRequest, pk: int, member: int) -> HttpResponse:
    """Removes a member from a group. The member keeps what they did, and the time of an open attempt."""
    group = _group_for(request, pk)
    person = get_object_or_404(group.user_set, pk=permissions.number(member))
    group.user_set.remove(person)
    messages.success(request, _("%(name)s is no longer in this group.") % {"name": person})
    return redirect("admin:auth_group_change", pk)


def _group_for(request: HttpRequest, pk: Any) -> Group:
    permissions.writers_only(request)
    return get_object_or_404(groups_of_learners(), pk=permissions.number(pk))


def _lengthen(group: Group) -> int:
    """Gives open attempts the time that the group has, and returns how many got more."""
    now = timezone.now()
    overrides = Override.objects.filter(group=group)
    return sum(attempts.extend_for_override(override, now=now) for override in overrides)


def _saved(form: GroupForm, lengthened: int) -> list[str]:
    """Returns sentences about what saving a group has done."""
    sentences = [_("The group is saved.")]
    if added := form.added:
        sentence = ngettext("%(n)d learner was added.", "%(n)d learners were added.", added)
        sentences.append(sentence % {"n": added})
    if lengthened:
        sentence = ngettext(
            "%(n)d attempt that is under way has more time now.",
            "%(n)d attempts that are under way have more time now.",
            lengthened,
        )
        sentences.append(sentence % {"n": lengthened})
    return sentences
