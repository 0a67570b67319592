"""Forms of those who write modules, and the editor that they write in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import transaction
from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from markdownx.fields import MarkdownxFormField
from markdownx.widgets import AdminMarkdownxWidget

from accounts.roles import groups_of_learners
from modules import loading
from modules.allowances import allowed_by
from modules.changes import TELL, Decisions
from modules.document import archive, source
from modules.document.problems import DocumentError, Problem
from modules.document.rules import YEARS
from modules.models import Module, Override, Quiz
from modules.scoring import parse_number

LONGEST_KEY = 200  # of a candidate that a doubt is settled with


def say(problem: Problem) -> str:
    """A problem as people read it, in their language, with its line where it has one."""
    text = problem.text(gettext)
    return gettext("Line %(line)d: %(text)s") % {"line": problem.line, "text": text} if problem.line else text


class Editor(AdminMarkdownxWidget):
    """The Markdown editor with the learner's rendering beside the text.

    ``which`` tells the preview what the text is (``document``, ``draft:1``, ``section:1``...), ``target`` what an
    inserted image belongs to (``draft:1`` or ``module:1``; empty where there is nothing yet to hold one).
    """

    template_name = "markdownx/widget.html"

    def __init__(self, *, which: str = "document", target: str = "", language: str = "") -> None:
        super().__init__(attrs={"spellcheck": "true", "rows": "18"})
        self.which, self.target, self.language = which, target, language

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        addresses = {"preview": reverse("markdownx_markdownify"), "image": reverse("markdownx_upload")}
        return context | {
            "addresses": addresses,
            "which": self.which,
            "target": self.target,
            "language": self.language,
        }

    @property
    def media(self) -> forms.Media:
        # Ours alone: the library's own script takes the Tab key and writes errors into the text.
        return forms.Media(js=[forms.Script("admin-tuntas/editor.js", defer=True)])  # type: ignore[list-item]


class Moment(forms.DateTimeInput):
    """A day and a time, as browsers ask for them."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class At(forms.DateTimeField):
    """A day and a time that may be left out, in the years that the rules of documents know."""

    widget = Moment

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def clean(self, value: Any) -> datetime | None:
        at: datetime | None = super().clean(value)
        if at and at.year not in YEARS:
            raise forms.ValidationError(_("Choose a day that there is, and a time."))
        return at


class Whole(forms.IntegerField):
    """A whole number that may be left out."""

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        sentence = format_lazy(
            _("Write a whole number from {low} to {high}, or leave it empty."), low=low, high=high
        )
        told = dict.fromkeys(("invalid", "min_value", "max_value"), sentence)
        super().__init__(min_value=low, max_value=high, required=False, error_messages=told, **kwargs)


class TextField(MarkdownxFormField):
    """A document's text or a part of it, as it was typed.

    With ``old``, lines that were not touched keep their bytes: their line ends, and a byte order mark at the beginning.
    """

    def __init__(self, *, old: str = "", **kwargs: Any) -> None:
        super().__init__(strip=False, **kwargs)
        self.old = old

    def prepare_value(self, value: Any) -> Any:
        return value.removeprefix(source.MARK) if isinstance(value, str) else value

    def clean(self, value: Any) -> str:
        typed: str = super().clean(value)
        mark = source.MARK if self.old.startswith(source.MARK) else ""
        text = source.keep_line_ends(self.old, mark + typed.removeprefix(source.MARK))
        try:
            source.decode(text.encode("utf-8"))
        except DocumentError as error:
            raise forms.ValidationError([say(problem) for problem in error.problems]) from error
        except UnicodeEncodeError as error:
            raise forms.ValidationError(
                _("The text holds characters that are not text. Paste it again.")
            ) from error
        return text


class LoadForm(forms.Form):
    """A document as a file or as pasted text; once valid, ``upload`` is what it holds."""

    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("A Markdown file (.md), or an archive (.zip) of one Markdown file and its pictures."),
        widget=forms.FileInput(attrs={"accept": ".md,.markdown,.txt,.zip"}),
    )
    text = TextField(label=_("Markdown"), required=False, widget=Editor())

    upload: loading.Upload

    def clean(self) -> dict[str, Any]:
        file, text = self.cleaned_data.get("file"), self.cleaned_data.get("text", "")
        if self.errors:
            return self.cleaned_data
        if file and text.strip():
            raise forms.ValidationError(_("There is a file and there is pasted text. Keep one of them."))
        if file:
            self._open(file)
        elif text.strip():
            self.upload = loading.Upload("", text, "utf-8")
        else:
            raise forms.ValidationError(_("Choose a file, or paste a document."), code="empty")
        return self.cleaned_data

    @property
    def is_empty(self) -> bool:
        """Whether it was sent with nothing in it."""
        return self.has_error(NON_FIELD_ERRORS, "empty")

    def _open(self, file: Any) -> None:
        if file.size > archive.UNPACKED_LIMIT:
            raise forms.ValidationError(_("The file is larger than 50 MB. Make its pictures smaller."))
        try:
            self.upload = loading.open_file(file.read(), file.name)
        except DocumentError as error:
            problems = [say(problem) for problem in error.problems]
            raise forms.ValidationError({"file": problems}) from error


def mark_of(text: str) -> str:
    """By what a page knows again the text that it showed."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class DraftForm(forms.Form):
    """The whole text of a draft, and the mark of the one that was edited."""

    state = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, sent: Any, *, old: str, pk: int, language: str = "") -> None:
        super().__init__(sent, initial={"text": old, "state": mark_of(old)})
        here = f"draft:{pk}"
        self.fields["text"] = TextField(
            old=old,
            label=_("The document"),
            required=False,
            widget=Editor(which=here, target=here, language=language),
        )


class PartForm(forms.Form):
    """The text of one part of a module, and the revision that it was taken from."""

    state = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, sent: Any, *, old: str, which: str, module: Module) -> None:
        super().__init__(sent, initial={"source": old, "state": module.current_id})
        widget = Editor(which=which, target=f"module:{module.pk}", language=module.language)
        self.fields["source"] = TextField(old=old, label=_("Markdown"), required=False, widget=widget)


class RulesForm(forms.ModelForm):
    """What a module's document does not say."""

    class Meta:
        model = Module
        fields = ("quiz_opens",)


class ReasonForm(forms.Form):
    """Why something is corrected. The reason is kept."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It is kept."),
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
    """A mark given by hand; ``worth`` is how many points the question has, and ``said`` that as people read it."""

    mark = forms.CharField(
        label=_("Points"), max_length=40, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    field_order = ("mark", "reason")

    def __init__(self, sent: Any, *, worth: Fraction, said: str, **form: Any) -> None:
        super().__init__(sent, **form)
        self.worth, self.said = worth, said
        self.fields["mark"].label = _("Points, of %(worth)s") % {"worth": said}
        self.fields["reason"].help_text = _("It is kept, and the learner reads it beside the mark.")

    def clean_mark(self) -> Fraction | None:
        """The points; ``None`` where the mark is to be taken back."""
        if "undo" in self.data:
            return None
        mark = parse_number(self.cleaned_data["mark"])
        if mark is None or not 0 <= mark <= self.worth:
            raise forms.ValidationError(_("Write a number from 0 to %(worth)s."), params={"worth": self.said})
        return mark


class GroupForm(forms.ModelForm):
    """The name of a group, and the e-mails of those who come into it; once saved, ``added`` says how many came."""

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
            told = {"emails": ", ".join(one for one in wanted if one in strangers)}
            raise forms.ValidationError(_("Nobody has signed up with: %(emails)s."), params=told)
        return people

    @transaction.atomic
    def save(self, commit: bool = True) -> Group:
        group: Group = super().save()
        there = set(group.user_set.values_list("pk", flat=True))
        new = [person for person in self.cleaned_data["emails"] if person.pk not in there]
        group.user_set.add(*new)
        self.added = len(new)
        return group


def _email_in(piece: str) -> str:
    """The address in a piece of an address book: ``Sari <sari@example.com>``, or the address alone."""
    return piece.rpartition("<")[2].strip().removesuffix(">").lower()


class OverrideForm(forms.ModelForm):
    """Other rules for one learner, told by e-mail, or for a group; with ``instance``, the ones that stand."""

    RULES = ("time_factor", "extra_minutes", "attempts_allowed", "opens_at", "closes_at")

    email = forms.EmailField(label=_("Learner’s e-mail"), required=False)
    group = forms.ModelChoiceField(groups_of_learners(), label=_("or a group"), required=False)
    time_factor = forms.DecimalField(
        label=_("Time, as a factor"),
        required=False,
        min_value=1,
        max_value=10,
        help_text=_("1.5 is half as much time again."),
    )
    extra_minutes = Whole(1, 10_080, label=_("More minutes"))
    attempts_allowed = Whole(1, 1_000, label=_("Attempts allowed"))
    opens_at = At(label=_("Opens"))
    closes_at = At(label=_("Closes"))

    class Meta:
        model = Override
        fields = ("group", "time_factor", "extra_minutes", "attempts_allowed", "opens_at", "closes_at")

    field_order = ("email", "group")

    learner: Any = None

    def __init__(self, sent: Any, *, quiz: Quiz, **kwargs: Any) -> None:
        super().__init__(sent, **kwargs)
        self.quiz = quiz
        if factor := self.initial.get("time_factor"):
            self.initial["time_factor"] = Decimal(factor.numerator) / factor.denominator
        if self.instance.pk:
            del self.fields["email"], self.fields["group"]
        elif not groups_of_learners().exists():
            del self.fields["group"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        self.learner = get_user_model().objects.filter(email__iexact=email).first() if email else None
        if email and self.learner is None:
            raise forms.ValidationError(_("Nobody has signed up with this e-mail."))
        return str(email)

    def clean_time_factor(self) -> Fraction | None:
        factor = self.cleaned_data["time_factor"]
        return None if factor is None else Fraction(factor)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if self.errors:
            return values
        if not self.instance.pk and bool(self.learner) == bool(values.get("group")):
            raise forms.ValidationError(_("Say for whom it is: one learner, or one group."))
        if not self.given():
            raise forms.ValidationError(_("Say what is different: time, attempts or dates."))
        self._check_what_it_changes(values)
        self._check_dates(values)
        return values

    def _check_what_it_changes(self, values: dict[str, Any]) -> None:
        """What is not limited for anybody cannot be lengthened for somebody."""
        for name in ("time_factor", "extra_minutes"):
            if values[name] is not None and not self.quiz.time_limit:
                self.add_error(name, _("An attempt at this quiz has no time limit. Leave this empty."))
        if values["attempts_allowed"] is not None and self.quiz.attempts_allowed is None:
            told = _("Everybody may take this quiz as often as they like. Leave this empty.")
            self.add_error("attempts_allowed", told)

    def _check_dates(self, values: dict[str, Any]) -> None:
        allowed = allowed_by(self.quiz, [Override(quiz=self.quiz, **self.given())])
        if allowed.opens_at and allowed.closes_at and allowed.closes_at <= allowed.opens_at:
            wrong = "closes_at" if values["closes_at"] else "opens_at"
            self.add_error(
                wrong,
                _("The quiz would close before it opens. A date left empty is the one for everybody."),
            )

    def given(self) -> dict[str, Any]:
        """The rules that are filled in."""
        return {name: value for name in self.RULES if (value := self.cleaned_data.get(name)) is not None}

    def standing(self) -> Override | None:
        """The override that there is already for whom this one would be."""
        return self.quiz.overrides.filter(**self._whose()).first()

    def _whose(self) -> dict[str, Any]:
        return {"learner": self.learner} if self.learner else {"group": self.cleaned_data["group"]}

    def save(self, commit: bool = True) -> Override:
        if self.instance.pk:
            changed: Override = super().save()
            return changed
        # Of two clicks at once, the second finds what the first has made.
        made, _is_new = Override.objects.update_or_create(
            quiz=self.quiz, **self._whose(), defaults=self.given()
        )
        return made


def decisions_from(sent: Mapping[str, str]) -> Decisions:
    """What was decided on the page of a plan; what nobody can have chosen there is left out.

    Fields are named ``meant:KEY`` of a doubt, ``tell:IDENTITY`` of a section and ``regrade:IDENTITY`` of a question.
    """
    named = [(*name.partition(":")[::2], value) for name, value in sent.items()]
    return Decisions(
        meant={key: value for word, key, value in named if word == "meant" and _is_candidate(key, value)},
        tell={key: value for word, key, value in named if word == "tell" and value in TELL},
        regrade=frozenset(key for word, key, value in named if word == "regrade" and value == "yes"),
    )


def _is_candidate(doubt: str, key: str) -> bool:
    """Whether this can be the key of a candidate: that of a row, or of a choice; something new has none."""
    if doubt.startswith("choice:"):
        return len(key) <= LONGEST_KEY
    return not key or (key.isdecimal() and len(key) < 19)
