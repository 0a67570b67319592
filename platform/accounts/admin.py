"""Lets administrators, and nobody else, open and change accounts in the admin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from allauth.account.admin import EmailAddressAdmin  # noqa: F401  registers the page that is unregistered below
from allauth.account.models import EmailAddress
from allauth.usersessions.admin import UserSessionAdmin
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts import admin_pages
from accounts.admin_filters import ClassFilter, RoleFilter, StateFilter
from accounts.admin_forms import AccountForm, NewAccountForm, NewPasswordForm, OwnAccountForm
from accounts.admin_pages import is_administrator
from accounts.bounded_search import BoundedSearch
from accounts.erasure import erase, number_of_proofs, what_goes, what_stays
from accounts.models import User
from accounts.roles import Role, confirm_address, give, role_of
from accounts.search_names import matching
from accounts.second_factor import has_second_factor

# Roles replace the permissions of groups, and groups of learners have pages of their own. An address belongs to its
# account.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)
admin.site.unregister(UserSession)


@admin.register(User)
class AccountAdmin(UserAdmin):
    form = AccountForm
    add_form = NewAccountForm
    change_password_form = NewPasswordForm
    actions = None  # an account is deleted alone, on the page that says what goes with it
    list_display = ("person", "email", "has_shown_address", "role", "is_open", "last_login")
    list_filter = (RoleFilter, ClassFilter, StateFilter)
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    search_fields = ("search_name",)  # so that there is a field; get_search_results says how it searches
    search_help_text = _("Search by any word of the name, or by address")
    ordering = ("search_name",)
    filter_horizontal = ()
    readonly_fields = ("password_state", "second_step", "devices", "joined_at", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "name")}),
        (_("Role"), {"fields": ("role", "is_active")}),
        (_("Sign-in"), {"fields": ("password_state", "second_step", "devices")}),
        (_("More"), {"fields": ("language", "joined_at", "last_login")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "role", "usable_password", "password1", "password2")}),
    )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[User], search_term: str
    ) -> tuple[QuerySet[User], bool]:
        return queryset.filter(matching(search_term)), False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return super().changelist_view(request, {"title": gettext("Accounts")} | (extra_context or {}))

    @admin.display(description=_("name"), ordering="search_name")
    def person(self, user: User) -> str:
        return str(user)

    @admin.display(description=_("active"), boolean=True, ordering="is_active")
    def is_open(self, user: User) -> bool:
        return user.is_active

    @admin.display(description=_("Role"), ordering="is_staff")
    def role(self, user: User) -> str:
        return str(role_of(user).label)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        shown = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=True)
        people = super().get_queryset(request).exclude(email__endswith=User.ERASED)
        return people.annotate(has_shown_address=Exists(shown))

    @admin.display(description=_("Address confirmed"), boolean=True, ordering="has_shown_address")
    def has_shown_address(self, user: User) -> bool:
        """Tells whether a person has shown that the address is theirs. Without mail, sign-up cannot ask for that."""
        return bool(getattr(user, "has_shown_address", False))

    @admin.display(description=_("password"))
    def password_state(self, user: User) -> str:
        """Tells whether there is a password. Its hash is of no use to anybody who may read this page."""
        if user.has_usable_password():
            return _with_link(gettext("Set."), gettext("Replace it"), "../password/")
        return _with_link(gettext("None."), gettext("Set one"), "../password/")

    @admin.display(description=_("second step"))
    def second_step(self, user: User) -> str:
        """Tells whether the person has an app or a passkey, and leads to the page that takes a lost one away."""
        if not has_second_factor(user):
            return gettext("None. The password alone signs this person in.")
        return _with_link(
            gettext("Set up."),
            gettext("Take it away, because it is lost"),
            reverse("admin:accounts_user_second_step", args=[user.pk]),
        )

    @admin.display(description=_("devices"))
    def devices(self, user: User) -> str:
        number = admin_pages.number_of_devices(user)
        if not number:
            return gettext("Signed in nowhere.")
        words = ngettext("Signed in on %(number)d device.", "Signed in on %(number)d devices.", number)
        address = reverse("admin:accounts_user_devices", args=[user.pk])
        return _with_link(words % {"number": number}, gettext("See them and sign out there"), address)

    def get_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("<int:pk>/devices/", guard(admin_pages.devices), name="accounts_user_devices"),
            path("<int:pk>/second-step/", guard(admin_pages.second_step), name="accounts_user_second_step"),
            *super().get_urls(),
        ]

    def get_deleted_objects(self, objs: Sequence[User] | QuerySet[User], request: HttpRequest) -> Any:
        """Says in words what goes with a person. Nothing forbids it, because figures stay without the person."""
        return [sentence for user in objs for sentence in what_goes(user)], {}, set(), []

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        user = self.get_object(request, object_id)
        title = gettext("Erase a person")
        told = {"title": title, "stays": what_stays(user), "proofs": number_of_proofs(user)} if user else {}
        return super().delete_view(request, object_id, told | (extra_context or {}))

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[User]) -> Any:
        """Writes nothing: an entry would have the name. The list of erasures has the time."""

    def response_delete(self, request: HttpRequest, obj_display: str, obj_id: int) -> HttpResponse:
        """Says that it is done, without the name, which a stored message would keep."""
        messages.success(request, gettext("The person is erased."))
        return redirect("admin:accounts_user_changelist")

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        erase(obj, keeps_proofs=request.POST.get("proofs") == "keep")

    def get_form(
        self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[User]]:
        if obj is not None and obj.pk == request.user.pk:
            kwargs["form"] = OwnAccountForm
        return super().get_form(request, obj, change=change, **kwargs)

    def save_related(
        self, request: HttpRequest, form: forms.ModelForm[User], formsets: Iterable[BaseFormSet], change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        give(form.instance, Role(form.cleaned_data["role"]))
        if not change or "email" in form.changed_data:
            confirm_address(form.instance)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return is_administrator(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return is_administrator(request)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return is_administrator(request) and (obj is None or obj.pk != request.user.pk)


@admin.register(UserSession)
class SessionAdmin(BoundedSearch, UserSessionAdmin):
    """Finds sessions by their people. The search of allauth asks for a user name, which no account has."""

    search_fields = ("user__name", "user__email", "ip")


def _with_link(sentence: str, words: str, address: str) -> str:
    return format_html('{} <a href="{}">{}</a>', sentence, address, words)
