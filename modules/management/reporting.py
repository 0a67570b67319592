"""Writes the lines of the commands: the problems of a file, what loading it does, and for whom."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_noop as N_

from modules.authoring import plan_in_words
from modules.authoring.effects_in_words import effect_in_words, open_attempts
from modules.authoring.plan import Ambiguity, Change, Plan, Setting
from modules.authoring.problem_lists import rest
from modules.authoring.states import PartState
from modules.document.problems import MOST_SHOWN, Problem
from modules.document.syntax import parser
from modules.document.syntax.rules import QuizOpens
from modules.management.broken_files import reason_of
from modules.quizzes import rules_in_words

LONGEST_TITLE = 100  # characters of a title on a line
KINDS = {
    "preamble": N_("title and introduction"),
    "section": N_("section"),
    "quiz": N_("final quiz"),
    "question": N_("question"),
    "choice": N_("choice"),
    "document": N_("document"),
}


def content_of(path: str) -> bytes:
    """Returns the bytes of a file, or stops with a sentence instead of a traceback."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CommandError(f"{path}: {reason_of(error)}") from error


def report(problems: Sequence[Problem], path: str, to: Any) -> None:
    """Writes the first problems, each as one line: file, line, severity, and how to mend it."""
    for problem in problems[:MOST_SHOWN]:
        severity = gettext("error") if problem.severity == "error" else gettext("warning")
        where = f"{path}:{problem.line}" if problem.line else path
        to.write(f"{where}: {severity}: {problem.text(gettext)}")
    if more := rest(len(problems) - MOST_SHOWN):
        to.write(f"{path}: {more}")


def name_of(document: parser.Document, slug: str) -> str:
    """Returns a module in a few words: its title, its size and its slug."""
    sections, questions = len(document.sections), len(document.quiz.questions) if document.quiz else 0
    return ", ".join(
        [
            short(document.title),
            ngettext("%(n)d section", "%(n)d sections", sections) % {"n": sections},
            ngettext("%(n)d question", "%(n)d questions", questions) % {"n": questions} + f" ({slug})",
        ]
    )


def short(text: str) -> str:
    """Returns a text of an author on one line of a terminal, without characters that control the terminal."""
    printable = "".join(character if character.isprintable() else " " for character in text)
    line = " ".join(printable.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def quoted(title: str) -> str:
    return f"“{short(title)}”"


def lines_of(plan: Plan) -> Iterator[str]:
    """Yields a line for each part that changes, each setting and each ambiguity."""
    for change in plan.changes:
        if change.states:
            yield f"  {_line_of(change)}"
            yield from (f"    {line}" for line in _key_of(change))
    for setting in plan.settings:
        yield f"  {_setting(setting)}"
    if plan.keeps_opening:
        yield f"  {_kept_opening()}"
    if plan.finishes:
        yield f"  {_finishing(plan.finishes)}"
    for ambiguity in plan.open_ambiguities:
        yield f"  {_question_of(ambiguity)}"


def _finishing(learners: int) -> str:
    sentence = ngettext("%(n)d learner finishes by this.", "%(n)d learners finish by this.", learners)
    return sentence % {"n": learners}


def _kept_opening() -> str:
    value = rules_in_words.word("quiz_opens", QuizOpens.AT_ONCE)
    note = gettext("The document does not say it, so the module keeps what it has.")
    return f"{rules_in_words.NAMES['quiz_opens']}: {value}. {note}"


def image_line(path: str) -> str:
    return "  " + gettext("picture: %(path)s") % {"path": short(path)}


def _line_of(change: Change) -> str:
    states = ", ".join(gettext(state.label) for state in change.states)
    title = "" if change.kind == "preamble" else f" {quoted(change.title)}"
    remarks = [remark for remark in (_former_title(change), _people(change), _fate(change)) if remark]
    return f"{states}: {gettext(KINDS[change.kind])}{title}" + (f" ({'; '.join(remarks)})" if remarks else "")


def _key_of(change: Change) -> Iterator[str]:
    """Yields how the key of a question changes, and what grading again would do, as the plan page says it."""
    if not change.choices:
        return
    yield gettext("another key: %(changes)s") % {"changes": "; ".join(_turns(change)) or gettext("points")}
    effect = effect_in_words(change.effect) if change.effect else ""
    if effect and change.regrade:
        yield gettext("graded again: %(effect)s") % {"effect": effect}
    elif effect:
        yield gettext("if it is graded again, with --regrade: %(effect)s") % {"effect": effect}
    elif change.people and not change.open_attempts:
        yield gettext("No submitted attempt can be graded with the new key; every grade stays what it was.")
    if sentence := open_attempts(change):
        yield sentence


def _turns(change: Change) -> Iterator[str]:
    """Yields the choices that are newly right, and those that are no longer right."""
    turned = [one for one in change.choices if (one.before, one.was_right) != (one.after, one.is_right)]
    right = [one.after for one in turned if one.is_right]
    wrong = [one.before for one in turned if one.was_right]
    for sentence, texts in (
        (gettext("right now: %(choices)s"), right),
        (gettext("no longer right: %(choices)s"), wrong),
    ):
        if texts:
            yield sentence % {"choices": ", ".join(quoted(text or "") for text in texts)}


def _former_title(change: Change) -> str:
    if PartState.RENAMED not in change.states:
        return ""
    return gettext("before: %(title)s") % {"title": quoted(change.old_title)}


def _people(change: Change) -> str:
    if not change.people:
        return ""
    sentence = (
        ngettext("read by %(n)d", "read by %(n)d", change.people)
        if change.kind == "section"
        else ngettext("answered by %(n)d", "answered by %(n)d", change.people)
    )
    return sentence % {"n": change.people}


def _fate(change: Change) -> str:
    if PartState.REMOVED not in change.states:
        return ""
    return gettext("archived") if change.past else gettext("deleted")


def _question_of(ambiguity: Ambiguity) -> str:
    candidates = ", ".join(quoted(candidate.title) for candidate in ambiguity.candidates)
    title = (
        f"{quoted(ambiguity.within)}: {quoted(ambiguity.title)}"
        if ambiguity.within
        else quoted(ambiguity.title)
    )
    if ambiguity.kind == "document":
        return gettext("to decide: is this a translation of %(module)s?") % {"module": candidates}
    sentence = gettext("to decide: %(kind)s %(title)s is new, or it was %(candidates)s")
    return sentence % {"kind": gettext(KINDS[ambiguity.kind]), "title": title, "candidates": candidates}


def _setting(setting: Setting) -> str:
    before, after = (_value(setting.name, value) for value in (setting.before, setting.after))
    return f"{plan_in_words.SETTINGS[setting.name]}: {before} → {after}"


def _value(name: str, value: Any) -> str:
    if name in rules_in_words.NAMES:
        return rules_in_words.value_in_words(name, value)
    return short(str(value)) if value else "–"
