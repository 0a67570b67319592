"""Asks for the reason of a correction, and for what it needs besides."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from modules.document.syntax.numbers import possible_values


class ReasonForm(forms.Form):
    """Asks for the reason of a correction. The reason is kept."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is kept, and the learners whom it concerns read it. Do not give an answer away."),
    )


class ReopenForm(ReasonForm):
    minutes = forms.IntegerField(
        label=_("Minutes that it may still take"),
        required=False,
        min_value=1,
        max_value=10_080,
        help_text=_("Left empty, it has no limit."),
    )


class MarkForm(ReasonForm):
    """Asks for a mark by hand. ``worth`` is the number of points of the question, and ``worth_in_words`` shows it."""

    mark = forms.CharField(
        label=_("Points"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    field_order = ("mark", "reason")

    def __init__(self, sent: Any, *, worth: Fraction, worth_in_words: str, **form: Any) -> None:
        super().__init__(sent, **form)
        self.worth, self.worth_in_words = worth, worth_in_words
        self.fields["mark"].label = _("Points, of %(worth)s") % {"worth": worth_in_words}
        self.fields["reason"].help_text = _(
            "It is kept, and the learner reads it. Do not give an answer away."
        )

    def clean_mark(self) -> Fraction | None:
        """Returns the points, or ``None`` if the mark is taken back."""
        if "undo" in self.data:
            return None
        mark = next(iter(possible_values(self.cleaned_data["mark"])), None)
        if mark is None or not 0 <= mark <= self.worth:
            raise forms.ValidationError(
                _("Write a number from 0 to %(worth)s."), params={"worth": self.worth_in_words}
            )
        return mark
