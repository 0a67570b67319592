"""Takes what an instructor notes about a learner."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from modules.models import LONGEST_NOTE


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("New note"), max_length=LONGEST_NOTE, widget=forms.Textarea(attrs={"rows": 3})
    )
