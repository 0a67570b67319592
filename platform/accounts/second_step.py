"""Asks for the second step, and offers only what the person has and what works at this address."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.views import AuthenticateView, IndexView, ReauthenticateView

from accounts.passkeys import passkeys_work, reason_against_passkeys
from accounts.second_factor import factors_of


class SecondStepView(AuthenticateView):
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


class FactorsView(IndexView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = super().get_context_data(**kwargs)
        if not passkeys_work(self.request):
            page["MFA_SUPPORTED_TYPES"] = [each for each in page["MFA_SUPPORTED_TYPES"] if each != "webauthn"]
        return page | {"reason_against_passkeys": reason_against_passkeys(self.request)}
