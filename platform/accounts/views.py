"""Changes an account and writes the task that sends its mail together, or neither."""

from allauth.account import views
from allauth.mfa.totp.views import DeactivateTOTPView
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse


class _InOneTransaction:
    def form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            return super().form_valid(form)  # type: ignore[misc]


class SignupView(_InOneTransaction, views.SignupView):
    pass


class PasswordChangeView(_InOneTransaction, views.PasswordChangeView):
    pass


class PasswordResetFromKeyView(_InOneTransaction, views.PasswordResetFromKeyView):
    pass


class DeactivateAppView(_InOneTransaction, DeactivateTOTPView):
    pass


class EmailView(views.EmailView):
    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        with transaction.atomic():
            return super().post(request, *args, **kwargs)
