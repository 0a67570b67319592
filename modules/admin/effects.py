"""Says what learners notice of a plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import ngettext, ngettext_lazy

from modules.authoring.effects_in_words import several
from modules.authoring.plan import Change, Plan
from modules.authoring.states import PartState


def consequences(plan: Plan) -> list[str]:
    """Lists what learners notice, as it is decided now."""
    sections = [change for change in plan.changes if change.kind == "section"]
    announced = [change for change in sections if change.tell == "tell" and change.unaware]
    again = [change for change in sections if change.tell == "again" and change.people]
    rest = [change for change in sections if change.tell == "rest" and change.partial]
    regraded = [change for change in plan.changes if change.regrade]
    notices = [
        (ngettext_lazy("Learners who read it are told that %(n)d section changed.", "Learners who read them are told that %(n)d sections changed.", "n"), announced),
        (ngettext_lazy("Learners who read it are asked to read %(n)d section again.", "Learners who read them are asked to read %(n)d sections again.", "n"), again),
        (ngettext_lazy("%(n)d section has text that some of its readers have not read yet: they are asked to read the rest.", "%(n)d sections have text that some of their readers have not read yet: they are asked to read the rest.", "n"), rest),
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
    return several(
        ngettext_lazy("%(n)d new section", "%(n)d new sections", "n"), states.count(PartState.NEW),
        ngettext_lazy("%(n)d section that is back", "%(n)d sections that are back", "n"), states.count(PartState.RESTORED),
    )  # fmt: skip
