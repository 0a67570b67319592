"""Takes the name of a group and the e-mails of its new members."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext_lazy as _


class GroupForm(forms.ModelForm):
    """Takes the name of a group, and the e-mails of new members. Once saved, ``added`` is their number."""

    emails = forms.CharField(
        label=_("Add learners, by e-mail"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One on each line, or with commas between them."),
    )

    added = 0

    class Meta:
        model = Group
        fields = ("name",)
        labels = {"name": _("Name")}
        error_messages = {"name": {"unique": _("There is a group with this name already.")}}

    def clean_emails(self) -> list[Any]:
        pieces = self.cleaned_data["emails"].replace(",", "\n").replace(";", "\n").split("\n")
        wanted = dict.fromkeys(email for piece in pieces if (email := _email_in(piece)))
        people = list(get_user_model().objects.filter(email__in=wanted))
        if strangers := wanted.keys() - {person.email for person in people}:
            names = {"emails": ", ".join(email for email in wanted if email in strangers)}
            raise forms.ValidationError(_("Nobody has signed up with: %(emails)s."), params=names)
        return people

    @transaction.atomic
    def save(self, commit: bool = True) -> Group:
        group: Group = super().save()
        members = set(group.user_set.values_list("pk", flat=True))
        new = [person for person in self.cleaned_data["emails"] if person.pk not in members]
        group.user_set.add(*new)
        self.added = len(new)
        return group


def _email_in(piece: str) -> str:
    """Returns the address in an entry of an address book: ``Sari <sari@example.com>``, or the address alone."""
    return piece.rpartition("<")[2].strip().removesuffix(">").lower()
