"""Asks for the name of a person who signs up or corrects it later, and for the time zone of a person."""

from django import forms
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
        help_text=_("As it should appear on your results."),
    )


class NameForm(_Named, forms.ModelForm):
    """Changes nothing but the name, even if somebody else changes the account meanwhile."""

    class Meta:
        model = User
        fields = ("name",)

    def save(self, commit: bool = True) -> User:
        self.instance.save(update_fields=["name"])
        return self.instance


class TimeZoneForm(forms.ModelForm):
    """Changes nothing but the zone in which times are shown to a person."""

    time_zone = forms.ChoiceField(label=_("Times are shown in"), required=False, choices=time_zones.choices)

    class Meta:
        model = User
        fields = ("time_zone",)

    def save(self, commit: bool = True) -> User:
        self.instance.save(update_fields=["time_zone"])
        return self.instance


class SignupForm(_Named):
    """Adds a name to allauth's form, which asks for the address and the password."""

    field_order = ("name", "email", "password1", "password2")

    def signup(self, request: HttpRequest, user: User) -> None:
        user.name = self.cleaned_data["name"]
        user.language = chosen_language(request.COOKIES)
        user.save(update_fields=["name", "language"])
