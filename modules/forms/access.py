"""Asks who may read the sections of a module."""

from __future__ import annotations

from django import forms
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from modules.document.syntax.access import ACCESS_WORDS
from modules.models import Module


class AccessForm(forms.Form):
    """Takes a value of ``access``, and the revision that it was taken from."""

    base_revision = forms.IntegerField(widget=forms.HiddenInput)
    access = forms.ChoiceField(
        label=_("Who may read the sections"),
        widget=forms.RadioSelect,
        help_text=_("The quiz always asks for a sign-in. A module that is not published is open to nobody."),
    )

    def __init__(self, sent: QueryDict | None, *, module: Module) -> None:
        initial = {"access": module.access, "base_revision": module.current_id}
        super().__init__(sent, initial=initial)
        choices = [(value, capfirst(gettext(words))) for value, words in ACCESS_WORDS.items()]
        self.fields["access"].choices = choices  # type: ignore[attr-defined]
