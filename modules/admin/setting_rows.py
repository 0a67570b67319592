"""Shows what a plan changes for the whole module: its name and address, and the rules of its quiz."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from modules.authoring import plan_in_words
from modules.authoring.plan import Plan, Setting
from modules.authoring.planning import pool_values
from modules.authoring.states import PartState
from modules.document.syntax.access import ACCESS_WORDS
from modules.document.syntax.check_answers import CHECK_ANSWER_WORDS
from modules.document.syntax.rules import KEEPS_ORDER, RULES, QuizOpens, Rules
from modules.quizzes import rules_in_words
from modules.quizzes.rules import COLUMNS, rule_columns

NOTES: Mapping[str, str | Promise] = {
    "address": gettext_lazy("The old address leads on to the new one."),
    "access": gettext_lazy("Counts at once. Drafts and unpublished modules are never open to visitors."),
    "checks": gettext_lazy(
        "Counts for answers from now on. The pages of sections tell learners while their answers are recorded."
    ),
    "pools": gettext_lazy(KEEPS_ORDER),
    **{name: gettext_lazy(rule.note) for name, rule in RULES.items() if rule.note},
}

ENDS = frozenset({"time_limit", "closes"})  # rules that say when the time of an attempt is up


@dataclass(frozen=True, slots=True)
class SettingRow:
    """Holds a setting before and after, and what its change means to learners."""

    name: str
    label: str
    before: str
    after: str
    note: str


def settings(plan: Plan) -> list[SettingRow]:
    """Returns what changes for the whole module, and the rules of a new quiz."""
    changed = [
        SettingRow(
            setting.name,
            str(plan_in_words.SETTINGS[setting.name]),
            _value(setting, setting.before),
            _value(setting, setting.after),
            _note(setting),
        )
        for setting in plan.settings
    ]
    new = [_new_rule(name, value) for name, value in _rules_of_a_new_quiz(plan)]
    return [*changed, *new, *_kept_opening(plan)]


def _kept_opening(plan: Plan) -> list[SettingRow]:
    """Says that the quiz keeps its opening, which the document does not say."""
    if not plan.keeps_opening:
        return []
    value = rules_in_words.word("quiz_opens", QuizOpens.AT_ONCE)
    note = _("The document does not say it, so the module keeps what it has.")
    return [SettingRow("quiz_opens", str(rules_in_words.NAMES["quiz_opens"]), value, value, note)]


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
    """Yields the pass mark of a new quiz, and every rule that differs from its default."""
    quiz = plan.document.quiz
    if quiz is None or not any(
        change.kind == "quiz" and PartState.NEW in change.states for change in plan.changes
    ):
        return
    coming, usual = rule_columns(plan.document.rules), rule_columns(Rules())
    for name, column in COLUMNS.items():
        if name == "pass_mark" or coming[column] != usual[column]:
            yield name, coming[column]
    if quiz.pools:
        yield "pools", pool_values(quiz.pools)


def _new_rule(name: str, value: Any) -> SettingRow:
    return SettingRow(
        name,
        str(rules_in_words.NAMES[name]),
        _("no quiz yet"),
        rules_in_words.value_in_words(name, value),
        "",
    )


def _value(setting: Setting, value: Any) -> str:
    if setting.name == "address":
        return f"/modules/{value}/"
    if setting.name == "access":
        return gettext(ACCESS_WORDS[value])
    if setting.name == "checks":
        return gettext(CHECK_ANSWER_WORDS[value])
    if setting.name in rules_in_words.NAMES:
        return rules_in_words.value_in_words(setting.name, value)
    return str(value) if value else _("none")
