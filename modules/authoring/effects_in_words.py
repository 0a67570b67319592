"""Says what changed keys mean for grades and for open attempts, on the plan page and on the command line."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from modules.authoring.plan import Change
from modules.models import Module, RegradeJob
from modules.quizzes.trials import Effect


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
    moves = several(
        ngettext_lazy("%(n)d rises", "%(n)d rise", "n"), effect.up,
        ngettext_lazy("%(n)d falls", "%(n)d fall", "n"), effect.down,
    )  # fmt: skip
    passes = several(
        ngettext_lazy("%(n)d no longer passes", "%(n)d no longer pass", "n"), effect.fails,
        ngettext_lazy("%(n)d passes now", "%(n)d pass now", "n"), effect.passes,
    )  # fmt: skip
    passes = passes or _("who passed stays the same")
    numbers = {"changed": effect.changed, "n": effect.attempts}
    return f"{whole % numbers}: {moves}; {passes}."


def several(first: Any, first_count: int, second: Any, second_count: int) -> str:
    """Returns two counts in words, without one that is 0."""
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


def being_regraded(module: Module) -> str:
    """Says how many attempts of a module the worker has still to grade again; nothing if there are none."""
    jobs = RegradeJob.objects.unfinished().filter(module=module)
    left = sum(job.total - job.done for job in jobs)
    if not left:
        return ""
    sentence = ngettext(
        "%(n)s attempt is being graded again in the background. It has its old grade until then.",
        "%(n)s attempts are being graded again in the background. They have their old grades until then.",
        left,
    )
    return sentence % {"n": number_format(left, force_grouping=True)}
