"""Shows the rules of a quiz as a form: one field for each entry of the table, named as in the front matter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from modules.document.syntax.dates import parse_date
from modules.document.syntax.review import ASPECTS, MOMENTS, REVIEW_WORDS, parse_review, shown_by
from modules.document.syntax.rules import RULES, Rule, Rules
from modules.forms.editor import Moment, Whole
from modules.models import Module
from modules.quizzes.rules import COLUMNS, rule_columns
from modules.quizzes.rules_in_words import ASPECT_NAMES, MOMENT_NAMES, value_in_words

BY_MOMENT = "by_moment"  # the word on this page for a review that is written as a table
# The order of the fields in their groups; a rule that is not named comes last.
ORDER = (
    "attempts",
    "wait",
    "counts",
    "pass_mark",
    "time_limit",
    "late",
    "grace",
    "quiz_opens",
    "opens",
    "closes",
    "draw",
    "scoring",
    "shuffle",
)
GROUPS = {"attempts": _("Attempts"), "time": _("Time"), "questions": _("Questions"), "review": _("Review")}


class Clock(forms.CharField):
    """Takes a day and a time on the site's clock, in the words of :class:`Rules`."""

    widget = Moment

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        try:
            return parse_date(text) if text else ""
        except ValueError as error:
            raise forms.ValidationError(_("Choose a day that there is, and a time.")) from error


class Aspects(forms.MultipleChoiceField):
    """Asks which aspects of an attempt are shown at one moment."""

    def __init__(self) -> None:
        super().__init__(
            choices=list(ASPECT_NAMES.items()), required=False, widget=forms.CheckboxSelectMultiple
        )


class Group(NamedTuple):
    """Holds fields that the page shows together, in rows."""

    name: str
    title: Any
    rows: list[list[forms.BoundField]]


def field_for(name: str, rule: Rule) -> forms.Field:
    """Returns the field of a rule, as its entry in the table asks for."""
    words: dict[str, Any] = {"label": _(rule.form_label), "help_text": _(rule.help) if rule.help else ""}
    if rule.bounds:
        return Whole(*rule.bounds, **words)
    if rule.is_date:
        return Clock(**words)
    choices = [(value, capfirst(gettext(label))) for value, label in rule.words.items()]
    if name == "review":
        by_moment = (BY_MOMENT, capfirst(gettext("by moment: what is ticked in the table")))
        return forms.ChoiceField(choices=[*choices, by_moment], widget=forms.RadioSelect, **words)
    if choices:
        return forms.ChoiceField(choices=choices, **words)
    if not isinstance(getattr(Rules(), name), bool):
        raise ValueError(
            f"The rule {name} has no bounds, date or words: field_for() does not know its field."
        )
    return forms.BooleanField(required=False, **words)


class QuizRulesForm(forms.Form):
    """Takes the rules of a quiz, and the revision that they were taken from.

    Once valid, ``wanted`` has the chosen rules. An empty field means the same as a front matter without the rule.
    """

    base_revision = forms.IntegerField(widget=forms.HiddenInput)
    right_after = Aspects()
    while_open = Aspects()
    after_closing = Aspects()

    wanted: Rules

    def __init__(self, sent: Any, *, module: Module, now: Rules) -> None:
        self.now, self.quiz = now, module.active_quiz
        self.clock = {"opens": self._on_the_clock("opens"), "closes": self._on_the_clock("closes")}
        super().__init__(sent, initial=self._shown() | {"base_revision": module.current_id})
        for name, rule in RULES.items():
            self.fields[name] = field_for(name, rule)
        zone = timezone.get_default_timezone_name()
        help_text = gettext("In the time zone %(zone)s. Left empty, it is open from the beginning.")
        self.fields["opens"].help_text = help_text % {"zone": zone}

    def _shown(self) -> dict[str, Any]:
        """Returns the rules as their fields show them."""
        is_table = self.now.review not in REVIEW_WORDS
        shown = {moment: shown_by(self.now.review, moment, is_over=False) for moment in MOMENTS}
        ticked = {moment: [aspect for aspect in ASPECTS if aspect in shown[moment]] for moment in MOMENTS}
        written = {name: getattr(self.now, name) for name in RULES}
        opening = {"quiz_opens": rule_columns(self.now, self.quiz)["quiz_opens"]}
        return (
            written | self.clock | opening | ticked | {"review": BY_MOMENT if is_table else self.now.review}
        )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        chosen = {name: value for name in RULES if (value := values.get(name)) not in (None, "")}
        # A rule that stays is kept as it is written: a date with its offset, an opening that is not written at all.
        kept = {
            name: getattr(self.now, name)
            for name in ("opens", "closes", "quiz_opens")
            if values.get(name) == self.initial[name]
        }
        self.wanted = Rules(**chosen | kept | {"review": self._review(values)})
        columns = rule_columns(self.wanted, self.quiz)
        if columns["opens_at"] and columns["closes_at"] and columns["closes_at"] <= columns["opens_at"]:
            self.add_error("closes", _("The quiz closes before it opens. Mend “opens” or “closes”."))
        return values

    def _review(self, values: dict[str, Any]) -> str:
        """Returns the word or the table that is chosen. A table that says the same as before keeps its form."""
        if values.get("review") in REVIEW_WORDS:
            return str(values["review"])
        ticked = {moment: values.get(moment, []) for moment in MOMENTS}
        is_same = self.now.review not in REVIEW_WORDS and all(
            set(ticked[moment]) == shown_by(self.now.review, moment, is_over=False) for moment in MOMENTS
        )
        return self.now.review if is_same else parse_review(ticked)

    def groups(self) -> Iterator[Group]:
        """Yields the fields in their groups and rows, all but the review, which has a table of its own."""
        names = sorted(RULES, key=lambda name: ORDER.index(name) if name in ORDER else len(ORDER))
        for group, title in GROUPS.items():
            fields = [name for name in names if RULES[name].group == group]
            rows = sorted({RULES[name].row for name in fields})
            yield Group(
                group, title, [[self[name] for name in fields if RULES[name].row == row] for row in rows]
            )

    def moments(self) -> list[tuple[str, str]]:
        """Returns the moments of a review with their names."""
        return [(moment, capfirst(str(MOMENT_NAMES[moment]))) for moment in MOMENTS]

    def table(self) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
        """Yields the aspects of a review, each with its box for each moment and the name of that moment."""
        columns = [(name, list(self[moment])) for moment, name in self.moments()]
        for row, aspect in enumerate(ASPECTS):
            yield capfirst(str(ASPECT_NAMES[aspect])), [(name, boxes[row]) for name, boxes in columns]

    def compare(self) -> None:
        """Says at each field that differs what the module says now."""
        chosen, current = rule_columns(self.wanted, self.quiz), rule_columns(self.now, self.quiz)
        for name, column in COLUMNS.items():
            if chosen[column] != current[column]:
                value = value_in_words(name, current[column])
                self.add_error(name, gettext("The module says now: %(value)s.") % {"value": value})

    def _on_the_clock(self, name: str) -> str:
        """Returns a moment as the site's clock shows it, without a time zone; empty if the rule has none."""
        moment = rule_columns(self.now)[COLUMNS[name]]
        if moment is None:
            return ""
        local = timezone.localtime(moment, timezone.get_default_timezone())
        return str(local.replace(tzinfo=None).isoformat(timespec="minutes"))
