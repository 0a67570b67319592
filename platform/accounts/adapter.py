"""Adapts allauth to the settings, the languages and the mails of an installation."""

import logging
from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from accounts import arrivals, limits, signin_log
from accounts.browsers import known_browser, remember_browser
from accounts.confirmation import WAITING
from accounts.devices import begin_use, device_name
from accounts.language import apply_language
from accounts.models import User, Visitor
from accounts.passkeys import passkeys_work
from accounts.second_factor import factors_of
from accounts.site_address import at_site_address, site_address

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": (
            _("Too many wrong passwords. Wait 5 minutes, or choose a new password.")
            if settings.HAS_MAIL
            else _("Too many wrong passwords. Wait 5 minutes, then try again.")
        ),
        "too_many_codes": _("The second step went wrong too often. Wait 5 minutes, then try again."),
        "rate_limited": _("Too many requests in a short time. Wait a moment, then try again."),
        "email_password_mismatch": _(
            "The email address and the password do not match. Check both, then try again."
        ),
        "enter_current_password": _("That is not your current password. Try again."),
        "incorrect_password": _("That is not your password. Try again."),
    }

    def get_reauthentication_methods(self, user: Visitor) -> list[dict[str, Any]]:
        """Returns what the person has and what works here, the usual one first."""
        if not user.is_authenticated:
            return []
        factors = factors_of(user)
        code = _("Use your app") if factors["has_app"] else _("Use a recovery code")
        has_code = factors["has_app"] or factors["has_codes"]
        has_passkey = factors["has_passkey"] and passkeys_work(self.request)
        methods = (
            (user.has_usable_password(), "account_reauthenticate", _("Use your password")),
            (has_code, "mfa_reauthenticate", code),
            (has_passkey, "mfa_reauthenticate_webauthn", _("Use a passkey")),
        )
        return [
            {"id": name, "description": words, "url": reverse(name)}
            for has_it, name, words in methods
            if has_it
        ]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN) or bool(arrivals.invited_address(request))

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:
        saved: User = super().save_user(request, user, form, commit=commit)
        arrivals.tell_signed_up(request, saved)
        return saved

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """Trusts an address whose owner has opened the link of an invitation: it was mailed to that address."""
        return arrivals.invited_address(request) == email.lower() or super().is_email_verified(request, email)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        is_confirmed: bool = super().confirm_email(request, email_address)
        if is_confirmed:
            arrivals.tell_arrived(request, email_address.user)
        return is_confirmed

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Leads whoever confirmed an address in another browser to the sign-in, and says why."""
        if not self.request.user.is_authenticated:
            messages.info(self.request, _("Sign in here with this address and your password, then go on."))
        return str(super().get_email_verification_redirect_url(email_address))

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Signs in, and notes that the device is used."""
        super().login(request, user)
        begin_use(request)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Continues in the language that the person chose, and knows the browser from now on."""
        response = super().post_login(request, user, **kwargs)
        remember_browser(request, response, user, kwargs.get("email"))
        apply_language(request, response, user)
        arrivals.tell_arrived(request, user)
        return response

    def respond_email_verification_sent(self, request: HttpRequest, user: User | None) -> HttpResponse:
        """Leads to the page that waits for a confirmation, which may send the link again."""
        if user is not None:
            request.session[WAITING] = user.email
        return super().respond_email_verification_sent(request, user)

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Writes a line to the log for each sign-in that is refused, with the address that it came from."""
        try:
            user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        except ValidationError:
            signin_log.tell("locked", self.get_client_ip(request))
            raise
        if user is None:
            signin_log.tell("failed", self.get_client_ip(request))
        return user

    def is_safe_url(self, url: str) -> bool:
        """Lets a person go on only to the host that was asked for, not to every host of the settings."""
        request = allauth_context.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

    def get_reset_password_from_key_url(self, key: str) -> str:
        return at_site_address(self.request, super().get_reset_password_from_key_url(key))

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        return at_site_address(request, super().get_email_confirmation_url(request, emailconfirmation))

    def send_account_already_exists_mail(self, email: str) -> None:
        url = at_site_address(self.request, reverse("account_reset_password"))
        self.send_mail("account/email/account_already_exists", email, {"password_reset_url": url})

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Counts the attempt. allauth takes it back, by the name of this attribute, if the password is right."""
        email = credentials.get("email", "")
        self._login_failed_rl_usage = limits.begin_attempt(
            email, address=get_ip(request), browser=known_browser(request, email), now=timezone.now()
        )
        if self._login_failed_rl_usage is None:
            raise self.validation_error("too_many_login_attempts")

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **credentials: Any) -> None:
        """Does nothing: saving a new password forgives the wrong ones."""

    def prepare_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> EmailMessage:
        """Makes the mail that ``send_mail`` sends."""
        request = allauth_context.request
        site = {"domain": urlsplit(site_address(request)).netloc}
        given = {"request": request, "email": email, "current_site": site}
        return self.render_mail(template_prefix, email, given | context)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        if settings.HAS_MAIL:
            self.prepare_mail(template_prefix, email, context).send()

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Sends a mail about a change of the account. The change is kept even if the mail cannot be sent."""
        given = {
            "user": user,
            "device": device_name(self.get_http_user_agent(self.request)),
            "devices_url": at_site_address(self.request, reverse("usersessions_list")),
        }
        try:
            super().send_notification_mail(template_prefix, user, given | (context or {}), email)
        except OSError:  # includes the errors of mail servers
            log.exception("A mail about the account %s could not be sent.", user.pk)
