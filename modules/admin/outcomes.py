"""Says what a correction takes from a learner or gives back, before it is made."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from modules.models import Attempt, Response
from modules.quizzes import revocations
from modules.quizzes.revocations import Dates
from modules.quizzes.values_in_words import fraction, moment


def of_deleting(attempt: Attempt) -> str:
    taken = revocations.taken_by_deleting(attempt)
    if not taken:
        return ""
    sentences = [
        _("Then no attempt that counts passes any more."),
        _taken(taken),
        _("Bringing the attempt back restores it, with the same date."),
    ]
    return " ".join(sentences)


def of_restoring(attempt: Attempt) -> str:
    given = revocations.given_by_restoring(attempt)
    return _("This gives the learner back: %(dates)s.") % {"dates": _in_words(given)} if given else ""


def of_marking(attempt: Attempt, response: Response, submitted: Iterable[Attempt]) -> str:
    """Says with which mark the learner of a submitted attempt passes no more. ``submitted`` are all their attempts."""
    least = revocations.least_mark(response, list(submitted))
    if least is None:
        return ""
    warning = _("With fewer than %(mark)s points here, the learner passes no more.") % {
        "mark": fraction(least)
    }
    return " ".join(filter(None, [warning, _taken(revocations.lost_without_pass(attempt))]))


def _taken(dates: Dates) -> str:
    return _("This takes from the learner: %(dates)s.") % {"dates": _in_words(dates)} if dates else ""


def _in_words(dates: Dates) -> str:
    pairs = ((_("the pass of %(time)s"), dates.passed_at), (_("the finish of %(time)s"), dates.finished_at))
    return str(get_text_list([words % {"time": moment(time)} for words, time in pairs if time], _("and")))
