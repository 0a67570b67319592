"""Says what a plan means: for grades, for open attempts, and for what learners notice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from modules.authoring.plan import Change, Plan
from modules.authoring.states import PartState
from modules.quizzes.grading import Effect


def effect_in_words(effect: Effect) -> str:
    """Says what regrading does, to the digit; nothing if no attempt is submitted."""
    if not effect.attempts:
        return ""
    if not effect.changed:
        sentence = ngettext(
            "The one grade stays as it is", "All %(n)d grades stay as they are", effect.attempts
        )
        return sentence % {"n": effect.attempts} + "."
    whole = ngettext(
        "%(changed)d of %(n)d grade changes", "%(changed)d of %(n)d grades change", effect.attempts
    )
    moves = _several(
        ngettext_lazy("%(n)d rises", "%(n)d rise", "n"), effect.up,
        ngettext_lazy("%(n)d falls", "%(n)d fall", "n"), effect.down,
    )  # fmt: skip
    passes = _several(
        ngettext_lazy("%(n)d no longer passes", "%(n)d no longer pass", "n"), effect.fails,
        ngettext_lazy("%(n)d passes now", "%(n)d pass now", "n"), effect.passes,
    )  # fmt: skip
    passes = passes or _("who passed stays the same")
    numbers = {"changed": effect.changed, "n": effect.attempts}
    return f"{whole % numbers}: {moves}; {passes}."


def _several(first: Any, first_count: int, second: Any, second_count: int) -> str:
    pairs = ((first, first_count), (second, second_count))
    return ", ".join(str(sentence % {"n": count}) for sentence, count in pairs if count)


def open_attempts(change: Change) -> str:
    """Says what a regrade means for attempts that are not submitted yet."""
    if not change.open_attempts:
        return ""
    if change.effect and change.effect.attempts:
        sentence = ngettext(
            "%(n)d attempt under way is graded with it too, once it is submitted.",
            "%(n)d attempts under way are graded with it too, once they are submitted.",
            change.open_attempts,
        )
    else:
        sentence = ngettext(
            "%(n)d attempt is under way: it is graded with it once it is submitted.",
            "%(n)d attempts are under way: they are graded with it once they are submitted.",
            change.open_attempts,
        )
    return sentence % {"n": change.open_attempts}


def consequences(plan: Plan) -> list[str]:
    """Lists what learners notice, as it is decided now."""
    sections = [change for change in plan.changes if change.kind == "section"]
    announced = [change for change in sections if change.tell == "tell" and change.unaware]
    again = [change for change in sections if change.tell == "again" and change.people]
    regraded = [change for change in plan.changes if change.regrade]
    notices = [
        (ngettext_lazy("Learners who read it are told that %(n)d section changed.", "Learners who read them are told that %(n)d sections changed.", "n"), announced),
        (ngettext_lazy("Learners who read it are asked to read %(n)d section again.", "Learners who read them are asked to read %(n)d sections again.", "n"), again),
        (ngettext_lazy("%(n)d question is graded again with its new key.", "%(n)d questions are graded again with their new keys.", "n"), regraded),
    ]  # fmt: skip
    return [
        *_finishing(plan),
        *_arrivals(plan, sections),
        *_testing(plan),
        *(str(sentence % {"n": len(changes)}) for sentence, changes in notices if changes),
    ]


def _finishing(plan: Plan) -> Iterator[str]:
    if plan.finishes:
        sentence = ngettext(
            "%(n)d learner finishes by this.", "%(n)d learners finish by this.", plan.finishes
        )
        yield sentence % {"n": plan.finishes}


def _arrivals(plan: Plan, sections: Iterable[Change]) -> Iterator[str]:
    """Yields how many learners have new sections before the quiz, or before the end."""
    if not plan.held_up:
        return
    arrived = (PartState.NEW, PartState.RESTORED)
    states = [state for change in sections for state in change.states if state in arrived]
    sentence = (
        ngettext_lazy("To be read before the quiz by %(n)d learner who has not finished: %(sections)s.", "To be read before the quiz by %(n)d learners who have not finished: %(sections)s.", "n")
        if plan.gates_quiz
        else ngettext_lazy("To be read by %(n)d learner who has not finished: %(sections)s.", "To be read by %(n)d learners who have not finished: %(sections)s.", "n")
    )  # fmt: skip
    yield str(sentence % {"n": plan.held_up, "sections": _sections(states)})


def _testing(plan: Plan) -> Iterator[str]:
    if plan.tested:
        sentence = ngettext(
            "%(n)d learner who has not finished has to pass the quiz as well, with a grade of %(mark)d percent.",
            "%(n)d learners who have not finished have to pass the quiz as well, with a grade of %(mark)d percent.",
            plan.tested,
        )
        yield sentence % {"n": plan.tested, "mark": plan.document.rules.pass_mark}


def _sections(states: Sequence[str]) -> str:
    """Returns the numbers of sections that are new and that are restored, in words."""
    return _several(
        ngettext_lazy("%(n)d new section", "%(n)d new sections", "n"), states.count(PartState.NEW),
        ngettext_lazy("%(n)d section that is back", "%(n)d sections that are back", "n"), states.count(PartState.RESTORED),
    )  # fmt: skip
