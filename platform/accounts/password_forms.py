"""Asks for a new password once, since a button shows what was typed. The rules appear where one was not kept."""

from __future__ import annotations

from typing import Any, Protocol

from allauth.account import forms
from django.utils.translation import gettext_lazy as _


class _HasFields(Protocol):
    fields: dict[str, Any]
    is_bound: bool


def ask_once(form: _HasFields) -> None:
    """Takes away the second field of a new password, and the rules until the form was sent."""
    form.fields.pop("password2", None)
    if not form.is_bound:
        form.fields["password1"].help_text = ""


class ChangePasswordForm(forms.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_once(self)
        self.fields["oldpassword"].label = _("Current password")
        self.fields["password1"].label = _("New password")


class SetPasswordForm(forms.SetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_once(self)


class ResetPasswordKeyForm(forms.ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_once(self)
        self.fields["password1"].label = _("New password")
