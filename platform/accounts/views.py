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
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from accounts.forms import NameForm, TimeZoneForm


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


@method_decorator(login_required, name="dispatch")
class _OwnAccountView(FormView):
    """Lets a person change one thing of their own account."""

    saved: object  # a sentence, which is said then

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"instance": self.request.user}

    def form_valid(self, form: NameForm | TimeZoneForm) -> HttpResponse:
        form.save()
        messages.success(self.request, str(self.saved))
        return super().form_valid(form)


class NameView(_OwnAccountView):
    """Lets a person correct the name that is on their results."""

    template_name = "account/name.html"
    form_class = NameForm
    success_url = reverse_lazy("account_name")
    saved = gettext_lazy("Your name is saved.")


class TimeZoneView(_OwnAccountView):
    """Lets a person choose the time zone in which times are shown to them."""

    template_name = "account/time_zone.html"
    form_class = TimeZoneForm
    success_url = reverse_lazy("account_time_zone")
    saved = gettext_lazy("Your time zone is saved.")


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
            messages.info(
                request,
                _(
                    "A link went to %(email)s a short while ago. Wait a few minutes before you ask for another one."
                )
                % {"email": address.email},
            )
