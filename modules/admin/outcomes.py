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
    outcome = revocations.of_deleting(attempt)
    if not outcome.taken:
        return _given(outcome.given)
    sentences = [
        _("Then no attempt that counts passes any more."),
        _taken(outcome.taken),
        _("Bringing the attempt back restores it, with the same date."),
    ]
    return " ".join(sentences)


def of_restoring(attempt: Attempt) -> str:
    outcome = revocations.of_restoring(attempt)
    return _taken(outcome.taken) or _given(outcome.given)


def of_marking(attempt: Attempt, response: Response, submitted: Iterable[Attempt]) -> str:
    """Says with which marks a learner loses something. ``submitted`` are all submitted attempts of the learner."""
    thresholds = revocations.thresholds(response, list(submitted), attempt.enrolment)
    return " ".join(_by_fewer_points(threshold) for threshold in thresholds)


def _by_fewer_points(threshold: revocations.Threshold) -> str:
    """Says what is lost by fewer points. Only a pass may be lost without a date, before it is recorded."""
    mark, lost = {"mark": fraction(threshold.mark)}, threshold.lost
    if lost.finished_at and not lost.passed_at:
        return " ".join(
            [_("With fewer than %(mark)s points here, the finish is withdrawn.") % mark, _taken(lost)]
        )
    sentences = [_("With fewer than %(mark)s points here, the learner passes no more.") % mark, _taken(lost)]
    return " ".join(filter(None, sentences))


def _given(dates: Dates) -> str:
    return _("This gives the learner back: %(dates)s.") % {"dates": _in_words(dates)} if dates else ""


def _taken(dates: Dates) -> str:
    return _("This takes from the learner: %(dates)s.") % {"dates": _in_words(dates)} if dates else ""


def _in_words(dates: Dates) -> str:
    pairs = ((_("the pass of %(time)s"), dates.passed_at), (_("the finish of %(time)s"), dates.finished_at))
    return str(get_text_list([words % {"time": moment(time)} for words, time in pairs if time], _("and")))
