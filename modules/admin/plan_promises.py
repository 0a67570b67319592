"""Tells whether a plan is still what its page has shown: its decisions, and what it does to grades."""

from __future__ import annotations

import re
from dataclasses import astuple

from modules.authoring.plan import Plan
from modules.forms.documents import fingerprint_of
from modules.quizzes import regrade_jobs
from modules.quizzes.trials import Effect

ANEW = "*"  # behind the identity of a question whose answers are judged as today; no identity has it


def decided(plan: Plan) -> str:
    """Returns a fingerprint of the decisions of a plan, so that a page applies only what it shows."""
    return fingerprint_of(repr(sorted(plan.decisions.by_ambiguity.items())))


def promises(plan: Plan) -> str:
    """Returns what the page says about grades: for each question to regrade, and for the chosen ones together."""
    each = [_promise([change.identity], change.effect) for change in plan.changes if change.effect]
    anew = [
        _promise([change.identity + ANEW], change.effect_anew)
        for change in plan.changes
        if change.effect_anew
    ]
    return " ".join([*each, *anew, _promise(regraded(plan), plan.effect)])


def is_as_promised(plan: Plan, shown: str) -> bool:
    """Checks whether the chosen regrades do exactly what the page that was sent said."""
    chosen = regraded(plan)
    promised = shown.split(" ")
    if not chosen or _promise(chosen, plan.effect) in promised:
        return True
    return plan.effect.attempts >= regrade_jobs.LARGE and any(
        _only_grew(promise, chosen, plan.effect) for promise in promised
    )


def _only_grew(promise: str, chosen: list[str], effect: Effect) -> bool:
    """Checks whether an effect differs from a promise only by attempts that were submitted since.

    In a large class somebody always submits, and the numbers of a page would never be those of the next moment.
    """
    names, _sign, numbers = promise.partition("=")
    if names != "+".join(chosen) or not re.fullmatch(r"\d{1,9}(/\d{1,9}){4}", numbers):
        return False
    grown = [now - then for now, then in zip(astuple(effect), map(int, numbers.split("/")), strict=True)]
    return all(0 <= each <= grown[0] for each in grown)


def regraded(plan: Plan) -> list[str]:
    regraded = (change for change in plan.changes if change.regrade)
    return [change.identity + ANEW * change.is_judged_anew for change in regraded]


def _promise(identities: list[str], effect: Effect) -> str:
    numbers = (effect.attempts, effect.up, effect.down, effect.passes, effect.fails)
    return f"{'+'.join(identities)}={'/'.join(map(str, numbers))}"
