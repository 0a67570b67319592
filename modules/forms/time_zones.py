"""Names the time zone beside the fields in which somebody types a moment."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _

from modules.quizzes.values_in_words import zone_name


def name_zone(form: forms.BaseForm, *names: str) -> None:
    """Says under the named fields of a form in which time zone they are read."""
    sentence = _("Time zone: %(zone)s.") % {"zone": _in_full(zone_name(timezone.now()))}
    for name in names:
        field = form.fields[name]
        field.help_text = f"{field.help_text} {sentence}" if field.help_text else sentence


def _in_full(name: str) -> str:
    """Returns a zone of Indonesia by its whole name, with its letters. Other zones have their letters alone."""
    whole = {
        "WIB": _("Western Indonesia Time (WIB)"),
        "WITA": _("Central Indonesia Time (WITA)"),
        "WIT": _("Eastern Indonesia Time (WIT)"),
    }
    return whole.get(name, name)
