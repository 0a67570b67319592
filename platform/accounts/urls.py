"""Lists the addresses about people. Where two lines have one address, the first counts."""

from django.urls import include, path, re_path

from accounts import views
from accounts.devices import devices
from accounts.language import language

RESET_KEY = r"^accounts/password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$"

urlpatterns = [
    path("accounts/signup/", views.SignupView.as_view(), name="account_signup"),
    path("accounts/email/", views.EmailView.as_view(), name="account_email"),
    path("accounts/password/change/", views.PasswordChangeView.as_view(), name="account_change_password"),
    re_path(RESET_KEY, views.PasswordResetFromKeyView.as_view(), name="account_reset_password_from_key"),
    path("accounts/2fa/totp/deactivate/", views.DeactivateAppView.as_view(), name="mfa_deactivate_totp"),
    path("accounts/sessions/", devices, name="usersessions_list"),
    path("accounts/", include("allauth.urls")),
    path("language/", language, name="language"),
]
