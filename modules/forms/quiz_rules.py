"""The rules of a quiz as a form: one field for each rule, named as in the front matter."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from modules.authoring.columns import RULES, rule_columns
from modules.document.syntax import rules
from modules.document.syntax.rules import ASPECTS, MOMENTS, REVIEW_WORDS, Rules
from modules.forms.editor import Moment, Whole
from modules.models import Module, Quiz
from modules.quizzes import rules_in_words

BY_MOMENT = "by_moment"  # the word on this page for a review that is written as a table


class Clock(forms.CharField):
    """A day and a time on the site's clock, in the words of :class:`Rules`."""

    widget = Moment

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, **kwargs)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        try:
            return rules.moment(text) if text else ""
        except ValueError as error:
            raise forms.ValidationError(_("Choose a day that there is, and a time.")) from error


class Word(forms.ChoiceField):
    """One of a few words that front matter knows."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(choices=[(word, capfirst(label)) for word, label in choices], **kwargs)


class Aspects(forms.MultipleChoiceField):
    """What is shown of an attempt at one moment."""

    def __init__(self) -> None:
        super().__init__(
            choices=list(rules_in_words.ASPECTS.items()), required=False, widget=forms.CheckboxSelectMultiple
        )


class QuizRulesForm(forms.Form):
    """The rules of a quiz, and the revision that they were taken from. Once valid, ``wanted`` is what was chosen.

    A field that is left empty means the same as a front matter that leaves the rule out.
    """

    base_revision = forms.IntegerField(widget=forms.HiddenInput)

    attempts = Whole(
        1,
        1_000,
        label=_("Attempts allowed"),
        help_text=_("Left empty, the quiz may be taken as often as one likes."),
    )
    wait = Whole(
        0,
        527_040,
        label=_("Pause between two attempts, in minutes"),
        help_text=_("1440 minutes are a day. Left empty, there is no pause."),
    )
    counts = Word(
        Quiz.Counts.choices, label=_("Grade that counts"), help_text=_("It also decides who has passed.")
    )
    pass_mark = Whole(
        0,
        100,
        label=_("Pass mark, in percent"),
        help_text=_("Attempts that have begun keep the one that they began with. Left empty, it is 70."),
    )

    time_limit = Whole(
        1,
        10_080,
        label=_("Time for each attempt, in minutes"),
        help_text=_("Left empty, it has no limit."),
    )
    late = Word(
        Quiz.Late.choices,
        label=_("When time is up"),
        help_text=_("Time is up when the minutes are over, or when the quiz closes."),
    )
    grace = Whole(
        1,
        10_080,
        label=_("Time left to submit, in minutes"),
        help_text=_(
            "Only where there is some time left to submit when time is up. Answers can no longer be changed then."
        ),
    )
    opens = Clock(label=_("Opens"))
    closes = Clock(
        label=_("Closes"),
        help_text=_(
            "For the end of a day, choose 00:00 of the next one. An attempt under way ends then, too."
        ),
    )

    draw = Whole(
        1,
        1_000,
        label=_("Questions that an attempt asks"),
        help_text=_(
            "This many are drawn from the questions outside pools; those that the learner has not had yet come first. Left empty, all are asked."
        ),
    )
    scoring = Word(
        Quiz.Scoring.choices,
        label=_("Scoring of multiple response"),
        help_text=_(
            "Right minus wrong gives a part of the points for a part of the choices, never less than 0."
        ),
    )
    shuffle = forms.BooleanField(
        label=_("Questions and choices in random order"),
        required=False,
        help_text=_("Choices that speak of the others (“all of the above”) keep their place."),
    )

    review = Word(
        [*rules_in_words.REVIEWS.items(), (BY_MOMENT, _("by moment: what is ticked in the table"))],
        label=_("What learners see of an attempt that they have submitted"),
        widget=forms.RadioSelect,
    )
    right_after = Aspects()
    while_open = Aspects()
    after_closing = Aspects()

    wanted: Rules

    def __init__(self, sent: Any, *, module: Module, now: Rules) -> None:
        self.now = now
        self.clock = {"opens": _on_the_clock(now, "opens"), "closes": _on_the_clock(now, "closes")}
        super().__init__(sent, initial=self._shown() | {"base_revision": module.current_id})
        zone = timezone.get_default_timezone_name()
        self.fields["opens"].help_text = gettext("In the time zone %(zone)s. Left empty, it is open from the beginning.") % {"zone": zone}  # fmt: skip

    def _shown(self) -> dict[str, Any]:
        """The rules as their fields show them."""
        is_table = self.now.review not in REVIEW_WORDS
        ticked = {moment: list(rules.shown_by(self.now.review, moment, is_over=False)) for moment in MOMENTS}
        written = {name: getattr(self.now, name) for name in RULES}
        return written | self.clock | ticked | {"review": BY_MOMENT if is_table else self.now.review}

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        chosen = {name: value for name in RULES if (value := values.get(name)) not in (None, "")}
        # A moment that stays is kept as it is written, with its offset.
        kept = {
            name: getattr(self.now, name) for name, shown in self.clock.items() if values.get(name) == shown
        }
        self.wanted = Rules(**chosen | kept | {"review": self._review(values)})
        columns = rule_columns(self.wanted)
        if columns["opens_at"] and columns["closes_at"] and columns["closes_at"] <= columns["opens_at"]:
            self.add_error("closes", _("The quiz closes before it opens. Mend “opens” or “closes”."))
        return values

    def _review(self, values: dict[str, Any]) -> str:
        """The word or the table that is chosen; a table that says the same as the one that stands is that one."""
        if values.get("review") in REVIEW_WORDS:
            return str(values["review"])
        ticked = {moment: values.get(moment, []) for moment in MOMENTS}
        is_same = self.now.review not in REVIEW_WORDS and all(
            set(ticked[moment]) == rules.shown_by(self.now.review, moment, is_over=False)
            for moment in MOMENTS
        )
        return self.now.review if is_same else rules.review(ticked)

    def moments(self) -> list[tuple[str, str]]:
        """The moments of a review with what they are called."""
        return [(moment, capfirst(str(rules_in_words.MOMENTS[moment]))) for moment in MOMENTS]

    def table(self) -> Iterator[tuple[str, list[tuple[str, Any]]]]:
        """The aspects of a review, each with its box for each moment, beside what that moment is called."""
        columns = [(said, list(self[moment])) for moment, said in self.moments()]
        for place, aspect in enumerate(ASPECTS):
            said = capfirst(str(rules_in_words.ASPECTS[aspect]))
            yield said, [(moment, boxes[place]) for moment, boxes in columns]

    def compare(self) -> None:
        """Say at each field that is filled in otherwise what the module says now."""
        chosen, active = rule_columns(self.wanted), rule_columns(self.now)
        for name, column in RULES.items():
            if chosen[column] != active[column]:
                said = rules_in_words.value(name, active[column])
                self.add_error(name, gettext("The module says now: %(value)s.") % {"value": said})


def _on_the_clock(now: Rules, name: str) -> str:
    """A moment as the site's clock shows it, without a time zone; empty where there is none."""
    at = rule_columns(now)[RULES[name]]
    if at is None:
        return ""
    local = timezone.localtime(at, timezone.get_default_timezone())
    return str(local.replace(tzinfo=None).isoformat(timespec="minutes"))
