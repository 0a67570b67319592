"""Asks for the code of an app or a recovery code, and takes each code once."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.mfa import app_settings
from allauth.mfa.base import forms as base
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.forms import Field


class SecondStep:
    """Says that the codes were wrong, where allauth says it of the passwords. The code can be typed at once."""

    fields: dict[str, Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "code" in self.fields:
            self.fields["code"].widget.attrs["autofocus"] = True

    def add_error(self, field: str | None, error: ValidationError | str) -> None:
        if getattr(error, "code", "") == "too_many_login_attempts":
            error = get_adapter().validation_error("too_many_codes")
        super().add_error(field, error)  # type: ignore[misc]


class AuthenticateForm(SecondStep, base.AuthenticateForm):
    def clean_code(self) -> str:
        code = super().clean_code()
        remember_as_used(self.authenticator, code)
        return code


class ReauthenticateForm(SecondStep, base.ReauthenticateForm):
    def clean_code(self) -> str:
        code = super().clean_code()
        remember_as_used(self.authenticator, code)
        return code


class ActivateAppForm(totp.ActivateTOTPForm):
    def clean_code(self) -> str:
        code = super().clean_code()
        remember_as_used(Authenticator(user=self.user, type=Authenticator.Type.TOTP), code)
        return code


def remember_as_used(authenticator: Authenticator, code: str) -> None:
    """Remembers a code of an app for as long as it is valid.

    allauth has just marked the code, which lets one of two equal requests through. Its mark lasts for one period only.
    """
    if authenticator.type == Authenticator.Type.TOTP:
        periods = 2 * app_settings.TOTP_TOLERANCE + 1
        cache.set(TOTP(authenticator)._get_used_cache_key(code), "y", app_settings.TOTP_PERIOD * periods)
