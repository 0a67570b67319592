"""Holds a plan against the rows before and after it was applied: what it said is what happened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from modules.authoring.plan import Plan

from .rows import Row, Rows, count, longest_rise

COUNTED = ("restored", "renamed", "changed", "moved", "removed")


def broken_words(plan: Plan, before: Rows, after: Rows) -> Iterator[str]:
    """Sentences about where the plan and the rows disagree."""
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
    found = _found(kind, was, now, before, after)
    said = Counter(state for change in plan.changes if change.kind == kind for state in change.states)
    told = {state: said[state] for state in COUNTED} | {"new": said["new"] + said["split"]}
    if told != found:
        yield f"{kind}s: the plan says {told}, the rows say {found}"
    order = [change.identity for change in plan.changes if change.kind == kind and change.to_place]
    if order != [row.identity for row in now]:
        yield f"{kind}s: the plan is in another order than the document"


def _found(kind: str, was: list[Row], now: list[Row], before: Rows, after: Rows) -> dict[str, int]:
    """How many rows of a kind are in each state, from the rows alone."""
    earlier = before.sections if kind == "section" else before.questions
    active = [row.pk for row in was]
    kept = [row for row in now if row.pk in earlier]
    pairs = [(_words(kind, earlier[row.pk], before), _words(kind, row, after)) for row in kept]
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


def _words(kind: str, row: Row, rows: Rows) -> tuple[str, str]:
    """Title and source."""
    text = row if kind == "section" else rows.versions[row.current_id]
    return text.title, text.source


def _is_changed(before: tuple[str, str], after: tuple[str, str]) -> bool:
    if before[0] == after[0]:
        return _plain(before[1]) != _plain(after[1])
    return _plain(_under_the_heading(before[1])) != _plain(_under_the_heading(after[1]))


def _plain(source: str) -> str:
    """A text without what nobody sees of it: its kind of line ends, and white space after it."""
    return "\n".join(source.splitlines()).rstrip()


def _under_the_heading(source: str) -> str:
    lines = source.lstrip("\ufeff").splitlines()
    underlined = len(lines) > 1 and not lines[0].startswith("#") and set(lines[1].strip()) == {"-"}
    return "\n".join(lines[2 if underlined else 1 :])


def _people(plan: Plan, before: Rows) -> Iterator[str]:
    readers = {plan.kept.sections.get(one.identity): one for one in plan.changes if one.kind == "section"}
    takers = {
        plan.kept.question_rows.get(one.identity): one for one in plan.changes if one.kind == "question"
    }
    for pk, change in readers.items():
        if pk and "removed" not in change.states and change.people != len(before.readers.get(pk, {})):
            yield f"“{change.title}”: {change.people} have not read it"
    for pk, change in takers.items():
        if pk and "removed" not in change.states and change.people != len(before.answered.get(pk, ())):
            yield f"“{change.title}”: {change.people} have not answered it"
    gone = {
        ("section", row.identity): len(before.ever_read.get(row.pk, ())) for row in before.active_sections
    }
    gone |= {
        ("question", row.identity): len(before.answered.get(row.pk, ())) for row in before.active_questions
    }
    for change in plan.changes:
        removed = "removed" in change.states and change.kind in ("section", "question")
        if removed and change.people != gone.get((change.kind, change.identity), 0):
            yield f"removed “{change.title}”: {change.people} have not had it"


def _past(plan: Plan, before: Rows, after: Rows) -> Iterator[str]:
    """What goes is archived where it was ever read or asked, and readings come back with the text that they were of."""
    gone = {
        change.identity: change for change in plan.changes if change.kind == "section" and change.from_place
    }
    for row in before.active_sections:
        change = gone.get(row.identity)
        if change and "removed" in change.states and bool(change.past) != (row.pk in after.sections):
            yield f"removed “{row.title}”: {change.past} had read it, and it is not so that it is kept"
    for change in plan.changes:
        pk = plan.kept.sections.get(change.identity) if change.kind == "section" and change.states else None
        back = len(after.come_back(pk, before)) if pk and change.tell != "again" else 0
        if change.kind == "section" and "removed" not in change.states and change.returning != back:
            yield f"“{change.title}”: {change.returning} readings count again, and it is {back}"


def _settings(plan: Plan, before: Rows, after: Rows) -> Iterator[str]:
    said = {setting.name: (setting.before, setting.after) for setting in plan.settings}
    if before.quiz and after.quiz and before.quiz.pass_mark != after.quiz.pass_mark:
        found = (before.quiz.pass_mark, after.quiz.pass_mark)
        if said.get("pass_mark") != found:
            yield f"the pass mark goes from {found[0]} to {found[1]}, and the plan does not say so"
    elif "pass_mark" in said and before.quiz and after.quiz:
        yield "the plan says that the pass mark changes, and it does not"


def _effect(plan: Plan, before: Rows, after: Rows) -> Iterator[str]:
    was, now = before.grades(), after.grades()
    found = {
        "up": count(lambda pk: now[pk][0] > was[pk][0], was),
        "down": count(lambda pk: now[pk][0] < was[pk][0], was),
        "passes": count(lambda pk: now[pk][1] and not was[pk][1], was),
        "fails": count(lambda pk: was[pk][1] and not now[pk][1], was),
    }
    said = {name: getattr(plan.effect, name) for name in found}
    if said != found:
        yield f"regrading: the plan says {said}, the attempts say {found}"


def wrong_marks(
    plan: Plan, before: Rows, after: Rows, truth: Any, questions: dict[int, Any]
) -> Iterator[str]:
    """Marks that are not what the truth says: those of regraded answers by the new key, all others as they were.

    ``questions`` has the questions of the document by their rows.
    """
    regraded = {plan.kept.question_rows[one.identity] for one in plan.changes if one.regrade}
    for pk, response in after.responses.items():
        if not after.attempts[response.attempt_id].submitted_at:
            continue
        question = after.versions[response.version_id].question_id
        if question not in regraded:
            if response.mark != before.responses[pk].mark:
                yield f"response {pk} was not to be graded again"
        elif (key := questions[question]).choices:
            asked = after.versions[response.version_id].kind
            if response.mark != (earned := _earned(key, truth.given[pk], asked)):
                yield f"response {pk} to “{key.heading}” earns {earned}, not {response.mark}"


def _earned(key: Any, given: Any, asked: str) -> Any:
    """What the chosen choices earn by the key of the document that the author has in mind.

    Who could make one choice has made all that could be made.
    """
    chosen = {uid for uid in given.chosen.values() if uid in {choice.uid for choice in key.choices}}
    if asked == "single":
        return Fraction(key.points if chosen & key.right else 0)
    if len(key.right) == 1:
        return Fraction(key.points if chosen == key.right else 0)
    hits = len(chosen & key.right)
    return max(Fraction(0), key.points * Fraction(2 * hits - len(chosen), len(key.right)))
