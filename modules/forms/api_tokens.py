"""Takes the name of a token for a program."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from modules.models import LONGEST_NAME


class TokenForm(forms.Form):
    name = forms.CharField(
        label=_("Which program is it for?"),
        max_length=LONGEST_NAME,
        help_text=_("For example: grade book of the school. Only you see this name."),
    )
