"""Asks for the password before a person deletes their own account, and what becomes of their proofs."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class DeletionForm(forms.Form):
    """Deletes nothing by itself. Somebody without a password types the address instead."""

    proofs = forms.ChoiceField(
        label=_("Your proofs"),
        initial="withdraw",
        widget=forms.RadioSelect,
        choices=(
            ("withdraw", _("Withdraw them. Their addresses say so, and the name goes.")),
            ("keep", _("Keep them as they are, with the name on them.")),
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    address = forms.CharField(label=_("Your email address"), widget=forms.EmailInput())

    def __init__(self, *args: Any, user: User, has_proofs: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        del self.fields["address" if user.has_usable_password() else "password"]
        if not has_proofs:
            del self.fields["proofs"]

    @property
    def keeps_proofs(self) -> bool:
        return self.cleaned_data.get("proofs") == "keep"

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            raise ValidationError(_("This is not your password."))
        return password

    def clean_address(self) -> str:
        address = str(self.cleaned_data["address"]).strip().lower()
        if address != self.user.email:
            raise ValidationError(_("This is not the address of your account."))
        return address
