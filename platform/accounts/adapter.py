"""Adapts allauth to the settings, the languages and the mails of an installation."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse

from accounts import signin_log
from accounts.language import remember_language
from accounts.models import User

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Continues in the language that the person chose, on every device."""
        response = super().post_login(request, user, **kwargs)
        if user.language:
            remember_language(response, user.language)
        return response

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

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """Sends a mail about a change of the account. The change is kept even if the mail cannot be sent."""
        try:
            super().send_notification_mail(template_prefix, user, *args, **kwargs)
        except OSError:  # includes the errors of mail servers
            log.exception("A mail about the account %s could not be sent.", user.pk)
