"""Lets administrators, and nobody else, open and change accounts in the admin."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account.admin import EmailAddressAdmin  # noqa: F401  registers the page that is unregistered below
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, QuerySet
from django.forms import BaseFormSet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.addresses import normalised
from accounts.models import User
from accounts.roles import Role, confirm_address, give, role_of
from accounts.second_factor import has_second_factor

# Roles replace the permissions of groups, and groups of learners have pages of their own. An address belongs to its
# account.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)


class NewAccountForm(AdminUserCreationForm):
    """Opens an account. Its address gets its usual form."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.LEARNER)

    class Meta:
        model = User
        fields = ("email", "name")

    def clean_email(self) -> str:
        return normalised(self.cleaned_data["email"])


class AccountForm(UserChangeForm):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)

    class Meta:
        model = User
        fields = ("email", "name", "language", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" in self.fields:
            self.fields["role"].initial = role_of(self.instance)

    def clean_email(self) -> str:
        """Leaves the address as it is stored if nobody has changed it."""
        email = str(self.cleaned_data["email"])
        return normalised(email) if "email" in self.changed_data else email


class OwnAccountForm(AccountForm):
    """Changes one's own account. Administrators cannot lock themselves out."""

    def clean_role(self) -> str:
        role = self.cleaned_data["role"]
        if role != Role.ADMINISTRATOR:
            raise forms.ValidationError(
                gettext("You cannot take your own role away; another administrator can.")
            )
        return str(role)

    def clean_is_active(self) -> bool:
        if not self.cleaned_data["is_active"]:
            raise forms.ValidationError(
                gettext("You cannot close your own account; another administrator can.")
            )
        return True


@admin.register(User)
class AccountAdmin(UserAdmin):
    form = AccountForm
    add_form = NewAccountForm
    list_display = ("email", "has_shown_address", "name", "role", "is_active", "last_login")
    list_filter = ("is_superuser", "is_staff", "is_active")
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("email", "name")
    ordering = ("email",)
    filter_horizontal = ()
    readonly_fields = ("second_step", "joined_at", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (_("Role"), {"fields": ("role", "is_active")}),
        (_("Sign-in"), {"fields": ("second_step",)}),
        (_("More"), {"fields": ("language", "joined_at", "last_login")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "name", "role", "usable_password", "password1", "password2")}),
    )

    @admin.display(description=_("Role"), ordering="is_staff")
    def role(self, user: User) -> str:
        return str(role_of(user).label)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        shown = EmailAddress.objects.filter(user=OuterRef("pk"), email=OuterRef("email"), verified=True)
        return super().get_queryset(request).annotate(has_shown_address=Exists(shown))

    @admin.display(description=_("Address confirmed"), boolean=True, ordering="has_shown_address")
    def has_shown_address(self, user: User) -> bool:
        """Tells whether a person has shown that the address is theirs. Without mail, sign-up cannot ask for that."""
        return bool(getattr(user, "has_shown_address", False))

    @admin.display(description=_("second step"))
    def second_step(self, user: User) -> str:
        """Tells whether the person has an app or a passkey, and how to help somebody who has lost it."""
        if not has_second_factor(user):
            return gettext("None. The password alone signs this person in.")
        return gettext("Set up. “manage.py account %(email)s --reset-second-factor” takes it away.") % {
            "email": user.email
        }

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


def is_administrator(request: HttpRequest) -> bool:
    """Checks the role instead of permissions, so that no group can get access to accounts by mistake."""
    return bool(request.user.is_active and getattr(request.user, "is_superuser", False))
