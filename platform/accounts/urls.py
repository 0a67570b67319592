"""Lists the addresses about people. Where two lines have one address, the first counts."""

from allauth.mfa.webauthn.views import add_webauthn, login_webauthn, reauthenticate_webauthn
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.urls import include, path, re_path
from django.views.generic import RedirectView

from accounts import second_step, views
from accounts.appearance import appearance
from accounts.confirmation import send_again
from accounts.devices import devices
from accounts.language import language
from accounts.passkeys import at_a_name

RESET_KEY = r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$"

passkey_urls = [
    path("accounts/2fa/webauthn/add/", at_a_name(add_webauthn), name="mfa_add_webauthn"),
    path("accounts/2fa/webauthn/login/", at_a_name(login_webauthn), name="mfa_login_webauthn"),
    path(
        "accounts/2fa/webauthn/reauthenticate/",
        at_a_name(reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
]

urlpatterns = [
    path("accounts/signup/", views.SignupView.as_view(), name="account_signup"),
    path("accounts/logout/", views.SignOutView.as_view(), name="account_logout"),
    path("accounts/", views.AccountView.as_view(), name="account"),
    # Addresses of earlier versions.
    path("accounts/name/", RedirectView.as_view(pattern_name="account"), name="account_name"),
    path("accounts/time-zone/", RedirectView.as_view(pattern_name="account"), name="account_time_zone"),
    path("accounts/confirm-email/again/", send_again, name="account_send_again"),
    path("accounts/email/", views.EmailView.as_view(), name="account_email"),
    path("accounts/password/change/", views.PasswordChangeView.as_view(), name="account_change_password"),
    re_path(RESET_KEY, views.PasswordResetFromKeyView.as_view(), name="account_reset_password_from_key"),
    path("accounts/2fa/", login_required(second_step.FactorsView.as_view()), name="mfa_index"),
    path("accounts/2fa/authenticate/", second_step.SecondStepView.as_view(), name="mfa_authenticate"),
    path("accounts/2fa/reauthenticate/", second_step.OnceMoreByCodeView.as_view(), name="mfa_reauthenticate"),
    *(passkey_urls if settings.HAS_PASSKEYS else []),
    path("accounts/2fa/totp/deactivate/", views.DeactivateAppView.as_view(), name="mfa_deactivate_totp"),
    path("accounts/sessions/", devices, name="usersessions_list"),
    path("accounts/", include("allauth.urls")),
    path("language/", language, name="language"),
    path("appearance/", appearance, name="appearance"),
]
