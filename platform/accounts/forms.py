"""Asks for the name of a person who signs up, and lets a person correct it with their language and time zone."""

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts import time_zones
from accounts.language import chosen_language
from accounts.models import User


class _Named(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        help_text=_("As it should appear on your proofs."),
    )


class ProfileForm(_Named, forms.ModelForm):
    """Changes a person's name, language and time zone, and nothing else that changes meanwhile."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(
        label=_("Times are shown in"),
        required=False,
        choices=time_zones.choices,
        help_text=_("A quiz opens and closes for everybody at the same moment."),
    )

    class Meta:
        model = User
        fields = ("name", "language", "time_zone")

    def save(self, commit: bool = True) -> User:
        self.instance.save(update_fields=self.Meta.fields)
        return self.instance


class SignupForm(_Named):
    """Adds a name to allauth's form, which asks for the address and the password."""

    field_order = ("name", "email", "password1")

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.language = chosen_language(request.COOKIES)
        user.save(update_fields=["name", "language"])
