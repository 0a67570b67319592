"""Takes what an instructor says of a class: its name, its people, its modules and its join link."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from modules.classes.roster import MOST_LINES, Entry, TooLong, read_roster
from modules.document.convert.spreadsheets import read_cells
from modules.document.problems import DocumentError
from modules.document.syntax import source
from modules.forms.editor import At, Whole, problem_in_words
from modules.forms.time_zones import name_zone
from modules.models import Assignment, Module, StudyClass

JOINERS = "\u200c\u200d"  # nobody sees them, but they change the letters around them
LARGEST_FILE = 2 * 1024 * 1024  # bytes; a list of people is far smaller
LONGEST_TEXT = 600_000  # characters, 200 for each line
MOST_BY_LINK = 10_000
TOO_LONG = format_lazy(_("This list has more than {most} lines. Add it in parts."), most=MOST_LINES)


class ClassForm(forms.ModelForm):
    """Takes the name of a class."""

    class Meta:
        model = Group
        fields = ("name",)
        labels = {"name": _("Name of the class")}
        help_texts = {"name": _("As your learners know it, such as X-TKR 2.")}
        error_messages = {"name": {"unique": _("There is a class with this name already.")}}

    def clean_name(self) -> str:
        """Writes the name in one line. Signs that nobody sees would make two names look alike, or turn a line round."""
        visible = "".join(sign for sign in self.cleaned_data["name"] if not is_hidden(sign))
        name = " ".join(visible.split())
        if not name:
            raise forms.ValidationError(_("Write a name that can be seen."))
        return name

    @transaction.atomic
    def make(self, *, by: User) -> StudyClass:
        """Makes a class, whose instructor is the person who makes it."""
        study_class = StudyClass.objects.create(group=self.save())
        study_class.instructors.add(by)
        return study_class


def is_hidden(sign: str) -> bool:
    """Tells whether nobody sees a sign, such as a control sign. Spaces and line breaks are no such signs."""
    return unicodedata.category(sign)[0] == "C" and sign not in JOINERS and not sign.isspace()


class ClassSettingsForm(ClassForm):
    """Takes the name of a class, its instructors, and whether members are reminded where mail is set up."""

    instructors = forms.ModelMultipleChoiceField(
        User.objects.none(),
        label=_("Instructors"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They add people, give dates, and see how far the members are."),
    )
    reminds = forms.BooleanField(
        label=_("Remind members of due dates by mail"),
        required=False,
        help_text=_(
            "Members who have not finished get one mail two days before a due date, and one on the day after it. "
            "Each of them can switch that off."
        ),
    )

    def __init__(self, sent: QueryDict | None, *, study_class: StudyClass, by: User) -> None:
        super().__init__(sent, instance=study_class.group)
        self.study_class, self.by = study_class, by
        staff = get_user_model().objects.filter(is_staff=True, is_active=True)
        now = study_class.instructors.values("pk")
        people = staff | get_user_model().objects.filter(pk__in=now)
        self.fields["instructors"].queryset = people.distinct().order_by("name", "email")  # type: ignore[attr-defined]
        self.initial["instructors"] = list(study_class.instructors.values_list("pk", flat=True))
        self.initial["reminds"] = study_class.reminds_since is not None
        if not settings.HAS_MAIL:
            del self.fields["reminds"]

    def clean_instructors(self) -> Any:
        instructors = self.cleaned_data["instructors"]
        if not self.by.is_superuser and self.by not in instructors:
            raise forms.ValidationError(
                _("You would lose this class yourself. Another instructor can take you out.")
            )
        return instructors

    @transaction.atomic
    def save(self, commit: bool = True) -> Group:
        group: Group = super().save()
        self.study_class.instructors.set(self.cleaned_data["instructors"])
        if "reminds" in self.cleaned_data:
            self.study_class.switch_reminders(on=self.cleaned_data["reminds"], now=timezone.now())
        return group


class RosterForm(forms.Form):
    """Takes a list of people as pasted text or as a file. Once valid, ``entries`` holds its lines."""

    text = forms.CharField(
        label=_("List of people"),
        required=False,
        max_length=LONGEST_TEXT,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        error_messages={"max_length": TOO_LONG},
        help_text=_(
            "Paste it as it is, from a spreadsheet or a chat: each line has an address, with the name and the number in any column."
        ),
    )
    file = forms.FileField(
        label=_("Or a file"),
        required=False,
        help_text=_("CSV, Excel (.xlsx) or LibreOffice (.ods)."),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.ods"}),
    )

    entries: list[Entry]
    read_text = ""

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if self.errors:
            return values
        file, text = values.get("file"), values.get("text", "")
        if file and text.strip():
            raise forms.ValidationError(_("There is a file and there is pasted text. Keep one of them."))
        if not file and not text.strip():
            raise forms.ValidationError(_("Paste a list, or choose a file."))
        read = _text_of(file) if file else text
        self.read_text = read.replace("\r\n", "\n").replace("\r", "\n")  # as the field sends it again
        try:
            self.entries = read_roster(self.read_text)
        except TooLong:
            raise forms.ValidationError(TOO_LONG) from None
        if not self.entries:
            raise forms.ValidationError(_("Nobody stands in this list."))
        return values


def _text_of(file: UploadedFile) -> str:
    """Returns a file as lines of text, with tabs between the cells of a spreadsheet."""
    if (file.size or 0) > LARGEST_FILE:
        raise forms.ValidationError(_("This file is too large for a list of people: 2 MB at most."))
    content = file.read()
    try:
        if content.startswith(b"PK"):
            return "\n".join("\t".join(row) for row in read_cells(content, most_rows=MOST_LINES))
        return source.decode(content)[0]
    except DocumentError as error:
        raise forms.ValidationError([problem_in_words(problem) for problem in error.problems]) from None


class AssignmentForm(forms.ModelForm):
    """Takes a module for a class, with its dates and a note."""

    starts_at = At(label=_("Starts"))
    due_at = At(label=_("Due"))
    note = forms.CharField(
        label=_("Note for the learners"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    class Meta:
        model = Assignment
        fields = ("module", "starts_at", "due_at", "note")

    def __init__(
        self, sent: QueryDict | None, *, by: User, study_class: StudyClass, instance: Assignment | None = None
    ) -> None:
        super().__init__(sent, instance=instance or Assignment(study_class=study_class))
        name_zone(self, "starts_at", "due_at")
        assigned = study_class.assignments.values("module")
        if instance is not None:
            del self.fields["module"]
        else:
            choices = forms.ModelChoiceField(
                Module.objects.assignable_by(by).exclude(pk__in=assigned).order_by("title"),
                label=_("Module"),
                empty_label=_("Choose a module"),
            )
            self.fields["module"] = choices

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        starts, due = values.get("starts_at"), values.get("due_at")
        if starts and due and due <= starts:
            self.add_error("due_at", _("It would be due before it starts."))
        return values


class LinkForm(forms.Form):
    """Takes until when and for how many people a join link is open."""

    closes_at = At(label=_("Open until"), help_text=_("Leave it empty to keep it open until you close it."))
    limit = Whole(
        1,
        MOST_BY_LINK,
        label=_("People, at most"),
        help_text=_("Leave it empty to let in everybody who has the code."),
    )

    def __init__(self, sent: QueryDict | None, *, study_class: StudyClass) -> None:
        week = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=7)
        is_new = study_class.join_code is None
        closes: datetime | None = week if is_new else study_class.join_closes_at
        super().__init__(sent, initial={"closes_at": closes, "limit": study_class.join_limit})
        name_zone(self, "closes_at")

    def clean_closes_at(self) -> datetime | None:
        closes: datetime | None = self.cleaned_data["closes_at"]
        if closes and closes <= timezone.now():
            raise forms.ValidationError(_("This moment is over. Choose a later one."))
        return closes
