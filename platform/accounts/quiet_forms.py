"""Forms that do the same work whether an address has an account or not, so that their time tells nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.account import forms
from allauth.account.adapter import get_adapter
from allauth.account.fields import EmailField
from allauth.account.internal.userkit import user_id_to_str
from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string

from accounts.addresses import folded_form, normalised
from accounts.models import User
from accounts.password_forms import ask_once
from accounts.passwords import NotOwnName


class NewEmailField(EmailField):
    """Takes the address of a new account, or another address of an account."""

    def to_python(self, value: str | None) -> str:
        typed = str(super().to_python(value))
        return normalised(typed) if typed else ""


class LoginForm(forms.LoginForm):
    """Signs in by the address as it is stored, or else by its usual form."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autofocus"] = True

    def clean_login(self) -> str:
        login = str(super().clean_login())
        if EmailAddress.objects.filter(email=login, verified=True).exists():
            User.objects.filter(email=login).first()  # allauth asks this too if an address is unknown
            return login
        folded = folded_form(login)
        is_stored_as_typed = folded == login or User.objects.filter(email=login).exists()
        return login if is_stored_as_typed else folded


class AddEmailForm(forms.AddEmailForm):
    email = NewEmailField(required=True)


def _owners(users: Iterable[User], email: str) -> list[User]:
    """Returns the users to whom an address belongs: it is the address of their account, or they have confirmed it.

    Anybody may add an address and never confirm it. This gives them nothing, and takes nothing from its owner.
    """
    confirmed = EmailAddress.objects.filter(email__iexact=email, verified=True)
    keys = set(confirmed.values_list("user_id", flat=True))
    return [user for user in users if user.email.lower() == email.lower() or user.pk in keys]


class ResetPasswordForm(forms.ResetPasswordForm):
    """Asks for the address of an account whose password is forgotten."""

    def clean_email(self) -> str:
        email = self._clean_email()
        self.users: list[User] = _owners(self.users, email)
        return email

    def _clean_email(self) -> str:
        email = str(super().clean_email())
        folded = folded_form(email)
        if self.users or folded == email.lower():
            return email
        # The mail goes to the address that is stored, never to one that only looks like it.
        self.cleaned_data["email"] = folded
        return str(super().clean_email())

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        if not self.users:
            _prepare_mail_to_nobody(request, self.cleaned_data["email"])
        return str(super().save(request, **kwargs))


class SignupForm(forms.SignupForm):
    """Makes an account. If there is one already, its owner gets a mail, and the same rows are written and undone."""

    email = NewEmailField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ask_once(self)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if password := self.cleaned_data.get("password1"):
            self._compare_with_name(password)
        return cleaned

    def _compare_with_name(self, password: str) -> None:
        """Compares the password with the name too. allauth does so with the address only."""
        data = self.cleaned_data
        try:
            NotOwnName().validate(password, User(name=data.get("name", ""), email=data.get("email", "")))
        except ValidationError as error:
            self.add_error("password1", error)

    def validate_unique_email(self, value: str) -> str:
        email = str(super().validate_unique_email(value))
        has_owner = bool(_owners(filter_users_by_email(email), email))
        self.account_already_exists: bool = self.account_already_exists and has_owner
        return email

    def try_save(self, request: HttpRequest) -> tuple[User | None, HttpResponse | None]:
        if self.account_already_exists:
            self._save_and_undo(request)
        user, response = super().try_save(request)
        return user, response

    @transaction.atomic
    def save(self, request: HttpRequest) -> User:
        return super().save(request)

    @transaction.atomic
    def _save_and_undo(self, request: HttpRequest) -> None:
        email = self.cleaned_data["email"]
        self.cleaned_data["email"] = f"{get_random_string(len(email) // 2)}@example.invalid"
        self.account_already_exists = False
        savepoint = transaction.savepoint()
        nobody = self.save(request)
        transaction.savepoint_rollback(savepoint)
        self.account_already_exists = True
        self.cleaned_data["email"] = email
        _write_and_look_up(email, nobody)


def _write_and_look_up(email: str, nobody: User) -> None:
    """Lets the transaction reach the disk, and reads as often as allauth reads a new account."""
    User.objects.filter(email=email).update(email=email)
    EmailAddress.objects.filter(user_id=nobody.pk, email=email).exists()
    EmailAddress.objects.filter(user_id=nobody.pk, email=email).first()
    User.objects.filter(pk=nobody.pk).first()


def _prepare_mail_to_nobody(request: HttpRequest, email: str) -> None:
    """Does all that a link for a new password costs. The mail backend writes the mail down if it can discard it."""
    nobody = User(pk=0, email=email, password=get_random_string(100))
    list(EmailAddress.objects.filter(user_id=nobody.pk).values_list("email", flat=True))
    key = f"{user_id_to_str(nobody)}-{PasswordResetTokenGenerator().make_token(nobody)}"
    adapter = get_adapter(request)
    url = adapter.get_reset_password_from_key_url(key)
    message = adapter.prepare_mail(
        "account/email/password_reset_key", email, {"user": nobody, "password_reset_url": url}
    )
    if discard := getattr(get_connection(), "discard", None):
        discard(message)
