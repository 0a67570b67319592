"""Changes an account and writes the task that sends its mail together, or neither."""

from typing import Any

from allauth.account import views
from allauth.mfa.totp.views import DeactivateTOTPView
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse_lazy
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.generic import FormView

from accounts import arrivals
from accounts.appearance import drop_pages_made_ready
from accounts.confirmation import WAITING, say_wait
from accounts.forms import ProfileForm
from accounts.language import remember_language
from accounts.password_forms import ChangePasswordForm


class _InOneTransaction:
    def form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            return super().form_valid(form)  # type: ignore[misc]


class SignupView(_InOneTransaction, views.SignupView):
    def get(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        arrivals.forget_invited(request, but_for=request.GET.get("next", ""))
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        response = super().form_valid(form)
        if not self.request.user.is_authenticated:
            self.request.session[WAITING] = form.cleaned_data["email"]
        return response


class PasswordChangeView(_InOneTransaction, views.PasswordChangeView):
    success_url = reverse_lazy("account")


class PasswordResetFromKeyView(_InOneTransaction, views.PasswordResetFromKeyView):
    pass


class SignOutView(views.LogoutView):
    """Signs a person out, and lets the browser forget the pages that it had made ready for them."""

    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        drop_pages_made_ready(response)
        return response


class DeactivateAppView(_InOneTransaction, DeactivateTOTPView):
    pass


@method_decorator(login_required, name="dispatch")
class AccountView(FormView):
    """Lets a person correct their name, language and time zone, and leads to everything else of the account.

    The form of the password on this page is sent to the page of the password.
    """

    template_name = "account/account.html"
    form_class = ProfileForm
    success_url = reverse_lazy("account")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.request.user}

    def get_initial(self) -> dict[str, Any]:
        return {"language": getattr(self.request.user, "language", "") or get_language()}

    def get_context_data(self, **kwargs: object) -> dict[str, Any]:
        page = super().get_context_data(**kwargs)
        return page | {"password_form": ChangePasswordForm(user=self.request.user)}

    def form_valid(self, form: ProfileForm) -> HttpResponse:
        user = form.save()
        with override(user.language):
            messages.success(self.request, _("Your details are saved."))
        response = super().form_valid(form)
        remember_language(response, user.language)
        return response


class EmailView(views.EmailView):
    def post(self, request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        with transaction.atomic():
            return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        page = super().get_context_data(**kwargs)
        return page | {
            "has_unconfirmed": any(not each.verified for each in page["emailaddresses"]),
            "is_kept_by_second_step": is_mfa_enabled(self.request.user) and settings.HAS_MAIL,
        }

    def _action_send(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        """Sends the link again, or says why not. allauth says nothing then."""
        address = self._get_email_address(request)
        if address is None:
            return
        if address.verified:
            messages.info(request, _("%(email)s is confirmed already.") % {"email": address.email})
            return
        super()._action_send(request, *args, **kwargs)
        if not self._did_send_verification_email:
            say_wait(request, address.email)
