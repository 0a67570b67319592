"""Takes the date until which one learner has longer for an assignment than the class."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from modules.forms.editor import At
from modules.forms.time_zones import name_zone
from modules.models import Assignment, OwnDueDate


class OwnDueDateForm(forms.ModelForm):
    due_at = At(label=_("Due for this learner"))

    class Meta:
        model = OwnDueDate
        fields = ("due_at",)

    def __init__(
        self, sent: QueryDict | None, *, assignment: Assignment, learner: User, instance: OwnDueDate | None
    ) -> None:
        super().__init__(sent, instance=instance or OwnDueDate(assignment=assignment, learner=learner))
        name_zone(self, "due_at")

    def clean_due_at(self) -> datetime:
        due_at: datetime | None = self.cleaned_data["due_at"]
        if due_at is None:
            raise forms.ValidationError(_("Choose a day and a time."))
        of_class = self.instance.assignment.due_at
        if of_class is not None and due_at <= of_class:
            raise forms.ValidationError(_("Choose a later moment than the due date of the class."))
        return due_at

    def give(self, *, by: User, now: datetime) -> OwnDueDate:
        """Stores the date. If somebody else has given one meanwhile, the later act counts."""
        own, _is_new = OwnDueDate.objects.update_or_create(
            assignment=self.instance.assignment,
            learner=self.instance.learner,
            defaults={"due_at": self.cleaned_data["due_at"], "given_at": now, "given_by": by},
        )
        return own
