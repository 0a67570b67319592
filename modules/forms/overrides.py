"""Takes the rules that one learner or one class has instead of the others'."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import User, Visitor
from accounts.roles import groups_of_learners
from modules.classes.acquaintance import known_people
from modules.forms.editor import At, Whole
from modules.forms.time_zones import name_zone
from modules.models import Override, Quiz, StudyClass
from modules.quizzes.learner_rules import rules_with


class OverrideForm(forms.ModelForm):
    """Takes an override for one learner, chosen before on the page, or for a class.

    ``instance`` is the current override, if there is one. ``chosen`` is the learner, one of those whom the instructor
    may know; nobody else is taken, whether they have an account or not. A field that would lengthen what nothing limits
    is left out, unless something stands in it. ``reasons`` says why.
    """

    RULES = ("time_factor", "extra_minutes", "attempts_allowed", "opens_at", "closes_at")

    learner = forms.ModelChoiceField(
        User.objects.none(),
        required=False,
        widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("Choose the learner from the list that the search shows.")},
    )
    group = forms.ModelChoiceField(
        groups_of_learners(), label=_("For the class"), required=False, empty_label=_("No class")
    )
    time_factor = forms.DecimalField(
        label=_("Time, as a factor"),
        required=False,
        min_value=1,
        max_value=10,
        help_text=_("1.5 is half as much time again."),
    )
    extra_minutes = Whole(1, 10_080, label=_("More minutes"))
    attempts_allowed = Whole(1, 1_000, label=_("Attempts allowed"))
    opens_at = At(label=_("Quiz opens"))
    closes_at = At(label=_("Quiz closes"))

    class Meta:
        model = Override
        fields = ("group", "time_factor", "extra_minutes", "attempts_allowed", "opens_at", "closes_at")

    field_order = ("learner", "group")

    def __init__(
        self, sent: Any, *, quiz: Quiz, by: Visitor, chosen: User | None = None, **kwargs: Any
    ) -> None:
        super().__init__(sent, **kwargs)
        self.quiz = quiz
        if factor := self.initial.get("time_factor"):
            self.initial["time_factor"] = Decimal(factor.numerator) / factor.denominator
        name_zone(self, "opens_at", "closes_at")
        self.reasons = list(self._leave_out())
        if self.instance.pk:
            del self.fields["learner"], self.fields["group"]
        elif chosen:
            self.initial["learner"] = chosen.pk
            self._offer_people_of(by)
            del self.fields["group"]
        else:
            self._offer_people_of(by)
            self._offer_classes_of(by)

    def _offer_people_of(self, person: Visitor) -> None:
        people = known_people(person, self.quiz.module)
        self.fields["learner"].queryset = people  # type: ignore[attr-defined]

    def _offer_classes_of(self, person: Visitor) -> None:
        """Offers the classes that a person manages."""
        managed = StudyClass.objects.managed_by(person).filter(archived_at=None)
        groups = groups_of_learners().filter(pk__in=managed.values("group"))
        if groups.exists():
            self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        else:
            del self.fields["group"]

    def _leave_out(self) -> Iterator[str]:
        """Removes the empty fields that cannot change anything. Yields a sentence for each rule without a limit."""
        if not self.quiz.time_limit:
            self._remove_empty("time_factor", "extra_minutes")
            yield gettext("An attempt at this quiz has no time limit, so nobody can get more time.")
        if self.quiz.attempts_allowed is None:
            self._remove_empty("attempts_allowed")
            yield gettext(
                "Everybody may take this quiz as often as they like, so nobody can get more attempts."
            )

    def _remove_empty(self, *names: str) -> None:
        for name in names:
            if not self.data.get(name) and self.initial.get(name) is None:
                del self.fields[name]

    def clean_time_factor(self) -> Fraction | None:
        factor = self.cleaned_data["time_factor"]
        return None if factor is None else Fraction(factor)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if self.errors:
            return values
        if not self.instance.pk and bool(values.get("learner")) == bool(values.get("group")):
            raise forms.ValidationError(_("Say for whom it is: one learner, or one class."))
        if not self.filled_in():
            raise forms.ValidationError(_("Say what is different: time, attempts or dates."))
        self._check_what_it_changes(values)
        self._check_dates(values)
        return values

    def _check_what_it_changes(self, values: dict[str, Any]) -> None:
        """Refuses to lengthen a rule for one learner that limits nobody."""
        for name in ("time_factor", "extra_minutes"):
            if values.get(name) is not None and not self.quiz.time_limit:
                self.add_error(name, _("An attempt at this quiz has no time limit. Leave this empty."))
        if values.get("attempts_allowed") is not None and self.quiz.attempts_allowed is None:
            sentence = _("Everybody may take this quiz as often as they like. Leave this empty.")
            self.add_error("attempts_allowed", sentence)

    def _check_dates(self, values: dict[str, Any]) -> None:
        learner_rules = rules_with(self.quiz, [Override(quiz=self.quiz, **self.filled_in())])
        if (
            learner_rules.opens_at
            and learner_rules.closes_at
            and learner_rules.closes_at <= learner_rules.opens_at
        ):
            wrong = "closes_at" if values["closes_at"] else "opens_at"
            self.add_error(
                wrong,
                _("The quiz would close before it opens. A date left empty is the one for everybody."),
            )

    def filled_in(self) -> dict[str, Any]:
        """Returns the rules that are filled in."""
        return {name: value for name in self.RULES if (value := self.cleaned_data.get(name)) is not None}

    def active(self) -> Override | None:
        """Returns the override that this learner or group has already."""
        return self.quiz.overrides.filter(**self._whose()).first()

    def _whose(self) -> dict[str, Any]:
        learner = self.cleaned_data.get("learner")
        return {"learner": learner} if learner else {"group": self.cleaned_data["group"]}

    def save(self, commit: bool = True) -> Override:
        if self.instance.pk:
            changed: Override = super().save()
            return changed
        # Of two clicks at once, the second finds what the first has made.
        made, _is_new = Override.objects.update_or_create(
            quiz=self.quiz, **self._whose(), defaults=self.filled_in()
        )
        return made
