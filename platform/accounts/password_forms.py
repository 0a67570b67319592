"""Asks for a new password once, since a button shows what was typed. The rules appear where one was not kept."""

from __future__ import annotations

from typing import Any, Protocol, cast

from allauth.account import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class _HasFields(Protocol):
    fields: dict[str, Any]
    is_bound: bool


def ask_once(form: _HasFields) -> None:
    """Takes away the second field of a new password, and the rules until the form was sent."""
    form.fields.pop("password2", None)
    if not form.is_bound:
        form.fields["password1"].help_text = ""


class _AskedOnce:
    label: object = _("New password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        form = cast(_HasFields, self)
        ask_once(form)
        form.fields["password1"].label = self.label


class ChangePasswordForm(_AskedOnce, forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Says where the current password stands, for somebody who has signed in with a slip."""
        super().__init__(*args, **kwargs)
        if self.user.has_one_time_password:
            self.fields["oldpassword"].help_text = _("The one on your slip, with which you have signed in.")

    def clean_password1(self) -> str:
        """Refuses to keep a password that somebody else has made and printed."""
        password = str(self.cleaned_data["password1"])
        if self.user.has_one_time_password and self.user.check_password(password):
            raise ValidationError(_("Others know this password. Choose one that only you know."))
        return password


class SetPasswordForm(_AskedOnce, forms.SetPasswordForm):
    label = _("Password")


class ResetPasswordKeyForm(_AskedOnce, forms.ResetPasswordKeyForm):
    pass


ChangePasswordForm.base_fields["oldpassword"].label = _("Current password")
