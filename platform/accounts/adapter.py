"""Where allauth asks us."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.language import remember
from accounts.models import User

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return bool(settings.SIGNUP_OPEN)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        """Goes on in the language that the person chose, on whatever device."""
        response = super().post_login(request, user, **kwargs)
        if user.language:
            remember(response, user.language)
        return response

    def send_notification_mail(self, template_prefix: str, user: User, *args: Any, **kwargs: Any) -> None:
        """Tells somebody of what was done to their account; that stands, whether the mail can be sent or not."""
        try:
            super().send_notification_mail(template_prefix, user, *args, **kwargs)
        except OSError:  # which the errors of mail servers are, too
            log.exception("A mail about the account %s could not be sent.", user.pk)
