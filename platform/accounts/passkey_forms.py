"""Asks for a passkey and its name, and refuses what no browser sends."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.code_forms import SecondStep

LONGEST_NAME = 100  # signs; the column has 200


class _MadeByABrowser:
    """Refuses a credential that is no credential. allauth would answer it with a trace."""

    def full_clean(self) -> None:
        try:
            super().full_clean()  # type: ignore[misc]
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
            self.cleaned_data: dict[str, Any] = {}
            self.add_error(None, get_adapter().validation_error("incorrect_code"))  # type: ignore[attr-defined]


class AuthenticateForm(_MadeByABrowser, SecondStep, webauthn.AuthenticateWebAuthnForm):
    pass


class LoginForm(_MadeByABrowser, webauthn.LoginWebAuthnForm):
    pass


class ReauthenticateForm(_MadeByABrowser, SecondStep, webauthn.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(_MadeByABrowser, webauthn.AddWebAuthnForm):
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=LONGEST_NAME,
        help_text=_("So that you can tell your passkeys apart, such as “My phone”."),
    )


class RenamePasskeyForm(webauthn.EditWebAuthnForm):
    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
