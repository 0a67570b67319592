"""What a plan changes for the whole module: its name and address, and the rules of its quiz."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from modules.authoring import plan_in_words
from modules.authoring.columns import RULES, rule_columns
from modules.authoring.plan import Plan, Setting
from modules.authoring.planning import pool_values
from modules.document.syntax.rules import Rules
from modules.quizzes import rules_in_words

KEPT = gettext_lazy("Attempts that are under way or submitted keep theirs.")
NOTES: Mapping[str, str | Promise] = {
    "address": gettext_lazy("The old address leads on to the new one."),
    **dict.fromkeys(("pass_mark", "scoring", "late", "grace"), KEPT),
    "opens": gettext_lazy("Attempts that are under way go on."),
    "attempts": gettext_lazy("Attempts that were made count: who has none left cannot begin another."),
    "wait": gettext_lazy("Counts for whoever begins another attempt."),
    **dict.fromkeys(
        ("shuffle", "draw", "pools"), gettext_lazy("Attempts that are under way keep their order.")
    ),
    **dict.fromkeys(("review", "counts"), gettext_lazy("Counts at once, for submitted attempts too.")),
}

ENDS = frozenset({"time_limit", "closes"})  # rules that say when the time of an attempt is up


@dataclass(frozen=True, slots=True)
class SettingRow:
    """A setting before and after, and what a change of it means to learners."""

    name: str
    label: str
    before: str
    after: str
    note: str


def settings(plan: Plan) -> list[SettingRow]:
    """What changes for the whole module, and the rules of a quiz that it has not had."""
    changed = [
        SettingRow(
            one.name,
            str(plan_in_words.SETTINGS[one.name]),
            _value(one, one.before),
            _value(one, one.after),
            _note(one),
        )
        for one in plan.settings
    ]
    return [*changed, *(_new_rule(name, value) for name, value in _rules_of_a_new_quiz(plan))]


def _note(setting: Setting) -> str:
    if setting.name not in ENDS:
        return str(NOTES.get(setting.name, ""))
    before, after = setting.before, setting.after
    is_later = before is not None and (after is None or after > before)
    notes = [
        _("Attempts that are under way have the additional time at once.")
        if is_later
        else _("Attempts that are under way keep their time.")
    ]
    if setting.name == "closes":
        notes.append(_("From the new date on, what is shown after closing is shown."))
    return " ".join(notes)


def _rules_of_a_new_quiz(plan: Plan) -> Iterator[tuple[str, Any]]:
    """Its pass mark, and what else is not as it is in every quiz whose author says nothing of it."""
    quiz = plan.document.quiz
    if quiz is None or not any(change.kind == "quiz" and "new" in change.states for change in plan.changes):
        return
    coming, usual = rule_columns(plan.document.rules), rule_columns(Rules())
    for name, column in RULES.items():
        if name == "pass_mark" or coming[column] != usual[column]:
            yield name, coming[column]
    if quiz.pools:
        yield "pools", pool_values(quiz.pools)


def _new_rule(name: str, value: Any) -> SettingRow:
    return SettingRow(
        name, str(rules_in_words.NAMES[name]), _("no quiz yet"), rules_in_words.value(name, value), ""
    )


def _value(setting: Setting, value: Any) -> str:
    if setting.name == "address":
        return f"/modules/{value}/"
    if setting.name in rules_in_words.NAMES:
        return rules_in_words.value(setting.name, value)
    return str(value) if value else _("none")
