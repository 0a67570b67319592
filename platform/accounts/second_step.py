"""Asks for the second step, and offers only what the person has and what works at this address."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.views import AuthenticateView, IndexView, ReauthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView

from accounts.code_forms import AuthenticatePasskeyForm, ReauthenticatePasskeyForm
from accounts.models import User
from accounts.passkeys import passkeys_work, reason_against_passkeys


class SecondStepView(AuthenticateView):
    webauthn_form_class = AuthenticatePasskeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        factors = factors_of(self.stage.login.user)
        offers_passkey = factors["has_passkey"] and passkeys_work(self.request)
        if not offers_passkey:
            self.webauthn_form = None
        reason = reason_against_passkeys(self.request) if factors["has_passkey"] else ""
        page = super().get_context_data(**kwargs)
        return page | factors | {"offers_passkey": offers_passkey, "reason_against_passkeys": reason}


class OnceMoreByCodeView(ReauthenticateView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | factors_of(self.request.user)


class OnceMoreByPasskeyView(ReauthenticateWebAuthnView):
    form_class = ReauthenticatePasskeyForm


class FactorsView(IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = super().get_context_data(**kwargs)
        if not passkeys_work(self.request):
            page["MFA_SUPPORTED_TYPES"] = [each for each in page["MFA_SUPPORTED_TYPES"] if each != "webauthn"]
        return page | {"reason_against_passkeys": reason_against_passkeys(self.request)}


def factors_of(user: User) -> dict[str, bool]:
    """Tells which kinds of a second step a person has. Recovery codes count while one is unused."""
    kinds = {each.type: each for each in Authenticator.objects.filter(user_id=user.pk)}
    codes = kinds.get(Authenticator.Type.RECOVERY_CODES)
    return {
        "has_app": Authenticator.Type.TOTP in kinds,
        "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
        "has_codes": bool(codes and RecoveryCodes(codes).get_unused_codes()),
    }
