"""Opens accounts, changes them and replaces their passwords, for administrators."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AdminPasswordChangeForm, AdminUserCreationForm
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.addresses import normalised
from accounts.models import User
from accounts.roles import Role, is_taken, role_of

# Django's own sentence speaks of directories of companies, which this site does not ask.
WITHOUT_PASSWORD = (
    _("Without a password, the person chooses one by “Forgot your password?” first.")
    if settings.HAS_MAIL
    else _("Without a password, nobody signs in to this account until an administrator sets one.")
)


class _FreeAddress:
    instance: User
    cleaned_data: dict[str, Any]
    changed_data: list[str]

    def clean_email(self) -> str:
        """Leaves the address as it is stored if nobody has changed it."""
        typed = str(self.cleaned_data["email"])
        if "email" not in self.changed_data:
            return typed
        email = normalised(typed)
        if is_taken(email, by_other_than=self.instance):
            raise forms.ValidationError(gettext("Another account has this address already."))
        return email


class NewAccountForm(_FreeAddress, AdminUserCreationForm):
    """Opens an account. Its address gets its usual form."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.LEARNER)
    usable_password = AdminUserCreationForm.create_usable_password_field(WITHOUT_PASSWORD)

    class Meta:
        model = User
        fields = ("email", "name")


class AccountForm(_FreeAddress, forms.ModelForm):
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)

    class Meta:
        model = User
        fields = ("email", "name", "language", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "role" in self.fields:
            self.fields["role"].initial = role_of(self.instance)


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


class NewPasswordForm(AdminPasswordChangeForm):
    """Replaces a password. Django joins the sentences of its help in the language of the installation."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "usable_password" in self.fields:
            self.fields["usable_password"].help_text = format_html(
                '{}<ul id="id_unusable_warning" class="messagelist"><li class="warning">{}</li></ul>',
                WITHOUT_PASSWORD,
                gettext("If disabled, the current password for this user will be lost."),
            )
