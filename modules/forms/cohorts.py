"""Takes the dates between which learners began, for pages of results."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

YEARS = range(2000, 2101)  # a day outside of them is a slip of the hand


class Day(forms.DateField):
    """Takes a day that may be left out."""

    def __init__(self, **named: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        sentence = _("Write the day with year, month and day, such as 2026-11-24.")
        super().__init__(
            required=False,
            widget=widget,
            input_formats=["%Y-%m-%d"],
            error_messages={"invalid": sentence},
            **named,
        )

    def clean(self, value: Any) -> date | None:
        day: date | None = super().clean(value)
        if day and day.year not in YEARS:
            raise forms.ValidationError(self.error_messages["invalid"])
        return day


class DatesForm(forms.Form):
    """Takes the first and the last day on which learners began. Both may be left out."""

    since = Day(label=_("Began from"))
    until = Day(label=_("Began until"))

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day comes before the first one. Swap them."))
        return values

    def moments(self) -> tuple[datetime | None, datetime | None]:
        """Returns the first moment of the days and the first one after them, or no moments where a day is wrong."""
        if not self.is_valid():
            return None, None
        since, until = self.cleaned_data["since"], self.cleaned_data["until"]
        return _begin(since), _begin(until + timedelta(days=1) if until else None)


def _begin(day: date | None) -> datetime | None:
    """Returns the beginning of a day in the time zone of the reader."""
    return timezone.make_aware(datetime.combine(day, time())) if day else None
