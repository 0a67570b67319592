"""Sends the link again with which the address of a new account is confirmed."""

from allauth.account.internal.flows.email_verification import send_verification_email_to_address
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

WAITING = "waits_for_confirmation"  # key of the session; its value is the address


@require_POST
def send_again(request: HttpRequest) -> HttpResponse:
    """Sends the link again to the address with which somebody has just signed up.

    The page says the same whether there is an account or not. The owner of an older account gets the same mail as
    at the sign-up.
    """
    email = request.session.get(WAITING, "")
    if email:
        with transaction.atomic():
            unconfirmed = EmailAddress.objects.filter(email=email, verified=False, user__email=email)
            address = unconfirmed.first() or EmailAddress(user=None, email=email)
            if not send_verification_email_to_address(request, address, signup=True):
                say_wait(request, email)
    return redirect("account_email_verification_sent")


def say_wait(request: HttpRequest, email: str) -> None:
    sentence = _(
        "A link went to %(email)s a short while ago. Wait a few minutes before you ask for another one."
    )
    messages.info(request, sentence % {"email": email})
