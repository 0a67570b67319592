"""Compares a plan with the rows before and after it was applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from modules.authoring.plan import Plan

from .rows import Row, Rows, count, longest_rise

COUNTED = ("restored", "renamed", "changed", "moved", "removed")


def differences(plan: Plan, before: Rows, after: Rows) -> Iterator[str]:
    """Yields a sentence for each difference between the plan and the rows."""
    yield from _compare("section", plan, before.active_sections, before, after)
    yield from _compare("question", plan, before.active_questions, before, after)
    yield from _people(plan, before)
    yield from _past(plan, before, after)
    yield from _settings(plan, before, after)
    yield from _effect(plan, before, after)
    latest = max(after.revisions.values(), key=lambda revision: revision.number)
    if latest.changes != plan.numbers:
        yield f"the revision counts {latest.changes}, the plan {plan.numbers}"


def _compare(kind: str, plan: Plan, was: list[Row], before: Rows, after: Rows) -> Iterator[str]:
    now = after.active_sections if kind == "section" else after.active_questions
    actual = _count_states(kind, was, now, before, after)
    states = Counter(state for change in plan.changes if change.kind == kind for state in change.states)
    planned = {state: states[state] for state in COUNTED} | {"new": states["new"] + states["split"]}
    if planned != actual:
        yield f"{kind}s: the plan says {planned}, the rows say {actual}"
    order = [change.identity for change in plan.changes if change.kind == kind and change.to_place]
    if order != [row.identity for row in now]:
        yield f"{kind}s: the plan is in another order than the document"


def _count_states(kind: str, was: list[Row], now: list[Row], before: Rows, after: Rows) -> dict[str, int]:
    """Counts the rows of a kind in each state, from the rows alone."""
    earlier = before.sections if kind == "section" else before.questions
    active = [row.pk for row in was]
    kept = [row for row in now if row.pk in earlier]
    pairs = [
        (_title_and_source(kind, earlier[row.pk], before), _title_and_source(kind, row, after))
        for row in kept
    ]
    places = [active.index(row.pk) for row in now if row.pk in active]
    staying = {row.pk for row in now}
    return {
        "restored": count(lambda row: row.pk not in active, kept),
        "renamed": count(lambda pair: pair[0][0] != pair[1][0], pairs),
        "changed": count(lambda pair: _is_changed(*pair), pairs),
        "moved": len(places) - longest_rise(places),
        "removed": count(lambda pk: pk not in staying, active),
        "new": len(now) - len(kept),
    }


def _title_and_source(kind: str, row: Row, rows: Rows) -> tuple[str, str]:
    """Returns the title and the source of a row."""
    text = row if kind == "section" else rows.versions[row.current_id]
    return text.title, text.source


def _is_changed(before: tuple[str, str], after: tuple[str, str]) -> bool:
    if before[0] == after[0]:
        return _visible_text(before[1]) != _visible_text(after[1])
    return _visible_text(_under_the_heading(before[1])) != _visible_text(_under_the_heading(after[1]))


def _visible_text(source: str) -> str:
    """Returns a text without what learners cannot see: its kind of line ends and white space at its end."""
    return "\n".join(source.splitlines()).rstrip()


def _under_the_heading(source: str) -> str:
    lines = source.lstrip("\ufeff").splitlines()
    underlined = len(lines) > 1 and not lines[0].startswith("#") and set(lines[1].strip()) == {"-"}
    return "\n".join(lines[2 if underlined else 1 :])


def _people(plan: Plan, before: Rows) -> Iterator[str]:
    read_changes = {
        plan.kept.sections.get(change.identity): change for change in plan.changes if change.kind == "section"
    }
    taken_changes = {
        plan.kept.question_rows.get(change.identity): change
        for change in plan.changes
        if change.kind == "question"
    }
    for pk, change in read_changes.items():
        if pk and "removed" not in change.states and change.people != len(before.readers.get(pk, {})):
            yield f"“{change.title}”: the plan says {change.people} readers, the rows differ"
    for pk, change in taken_changes.items():
        if pk and "removed" not in change.states and change.people != len(before.answered.get(pk, ())):
            yield f"“{change.title}”: the plan says {change.people} answered it, the rows differ"
    counts = {
        ("section", row.identity): len(before.ever_read.get(row.pk, ())) for row in before.active_sections
    }
    counts |= {
        ("question", row.identity): len(before.answered.get(row.pk, ())) for row in before.active_questions
    }
    for change in plan.changes:
        removed = "removed" in change.states and change.kind in ("section", "question")
        if removed and change.people != counts.get((change.kind, change.identity), 0):
            yield f"removed “{change.title}”: the plan says {change.people} people, the rows differ"


def _past(plan: Plan, before: Rows, after: Rows) -> Iterator[str]:
    """Checks that removed sections with readings are archived, and that readings return with their text."""
    removed = {
        change.identity: change for change in plan.changes if change.kind == "section" and change.from_place
    }
    for row in before.active_sections:
        change = removed.get(row.identity)
        if change and "removed" in change.states and bool(change.past) != (row.pk in after.sections):
            yield f"removed “{row.title}”: the plan says {change.past} had read it, but the rows differ in keeping it"
    for change in plan.changes:
        pk = plan.kept.sections.get(change.identity) if change.kind == "section" and change.states else None
        returned = len(after.returned_readings(pk, before)) if pk and change.tell != "again" else 0
        if change.kind == "section" and "removed" not in change.states and change.returning != returned:
            yield f"“{change.title}”: the plan says {change.returning} readings count again, the rows say {returned}"


def _settings(plan: Plan, before: Rows, after: Rows) -> Iterator[str]:
    planned = {setting.name: (setting.before, setting.after) for setting in plan.settings}
    if before.quiz and after.quiz and before.quiz.pass_mark != after.quiz.pass_mark:
        actual = (before.quiz.pass_mark, after.quiz.pass_mark)
        if planned.get("pass_mark") != actual:
            yield f"the pass mark goes from {actual[0]} to {actual[1]}, and the plan does not say so"
    elif "pass_mark" in planned and before.quiz and after.quiz:
        yield "the plan says that the pass mark changes, and it does not"


def _effect(plan: Plan, before: Rows, after: Rows) -> Iterator[str]:
    was, now = before.grades(), after.grades()
    actual = {
        "up": count(lambda pk: now[pk][0] > was[pk][0], was),
        "down": count(lambda pk: now[pk][0] < was[pk][0], was),
        "passes": count(lambda pk: now[pk][1] and not was[pk][1], was),
        "fails": count(lambda pk: was[pk][1] and not now[pk][1], was),
    }
    planned = {name: getattr(plan.effect, name) for name in actual}
    if planned != actual:
        yield f"regrading: the plan says {planned}, the attempts say {actual}"


def wrong_marks(
    plan: Plan, before: Rows, after: Rows, truth: Any, questions: dict[int, Any]
) -> Iterator[str]:
    """Yields a sentence for each wrong mark. Regraded answers follow the new key; all other marks stay.

    ``questions`` maps rows to the questions of the document.
    """
    regraded = {plan.kept.question_rows[change.identity] for change in plan.changes if change.regrade}
    for pk, response in after.responses.items():
        if not after.attempts[response.attempt_id].submitted_at:
            continue
        question = after.versions[response.version_id].question_id
        if question not in regraded:
            if response.mark != before.responses[pk].mark:
                yield f"response {pk} was not to be graded again"
        elif (key := questions[question]).choices:
            kind = after.versions[response.version_id].kind
            if response.mark != (earned := _earned(key, truth.given[pk], kind)):
                yield f"response {pk} to “{key.heading}” earns {earned}, not {response.mark}"


def _earned(question: Any, answer: Any, kind_shown: str) -> Any:
    """Returns the mark for an answer by the author's key.

    A learner who could choose only one choice earns all points with any right one.
    """
    chosen = {uid for uid in answer.chosen.values() if uid in {choice.uid for choice in question.choices}}
    if kind_shown == "single":
        return Fraction(question.points if chosen & question.right else 0)
    if len(question.right) == 1:
        return Fraction(question.points if chosen == question.right else 0)
    hits = len(chosen & question.right)
    return max(Fraction(0), question.points * Fraction(2 * hits - len(chosen), len(question.right)))
