"""Adapts the second factor of allauth: its words, its QR code, and who may not be without one."""

from __future__ import annotations

import qrcode
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.conf import settings
from django.db import transaction
from django.http.request import split_domain_port
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from qrcode.image.svg import SvgPathImage

from accounts.models import User, Visitor

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class SecondFactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("This site asks you for a second step. Set up another one first."),
        "cannot_generate_recovery_codes": _("Set up an app or a passkey first."),
        "incorrect_code": _("That did not match. Try again."),
        "unverified_email": _("Confirm your email address first."),
        "add_email_blocked": _(
            "An account with two steps gets no other address here. Remove the second step first, or ask an administrator."
        ),
    }

    def get_totp_issuer(self) -> str:
        """Names the site as the app shows it, without the port of the request."""
        host, _port = split_domain_port(context.request.get_host())
        return f"Tuntas ({host})"

    def build_totp_svg(self, url: str) -> SafeString:
        """Draws the QR code. The drawing holds nothing but numbers, so it is safe in a page."""
        code = qrcode.make(url, image_factory=SvgPathImage, border=2)
        return mark_safe(code.to_string(encoding="unicode"))  # noqa: S308

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)d") % {"number": count + 1}

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Refuses to take away the last factor of a person who needs one."""
        others = Authenticator.objects.filter(user=authenticator.user, type__in=FACTORS)
        return not needs_second_factor(authenticator.user) or others.exclude(pk=authenticator.pk).exists()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        host, _port = split_domain_port(context.request.get_host())
        return {"id": host, "name": "Tuntas"}


def needs_second_factor(user: Visitor) -> bool:
    return bool(settings.STAFF_SECOND_FACTOR and user.is_authenticated and user.is_staff)


def has_second_factor(user: Visitor) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def factors_of(user: Visitor) -> dict[str, bool]:
    """Tells which kinds of a second step a person has. Recovery codes count while one is unused."""
    kinds = {each.type: each for each in Authenticator.objects.filter(user_id=user.pk)}
    codes = kinds.get(Authenticator.Type.RECOVERY_CODES)
    return {
        "has_app": Authenticator.Type.TOTP in kinds,
        "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
        "has_codes": bool(codes and RecoveryCodes(codes).get_unused_codes()),
    }


@transaction.atomic
def reset_second_factor(user: User) -> bool:
    """Takes away the app, the passkeys and the recovery codes of a person, and tells the person by mail.

    Returns whether there were any.
    """
    deleted, _by_model = Authenticator.objects.filter(user=user).delete()
    if deleted:
        with translation.override(user.language or settings.LANGUAGE_CODE):
            get_adapter().send_mail("account/email/second_step_removed", user.email, {"user": user})
    return deleted > 0
