"""Makes the values that tell a learner what has changed, as far as the rules of a quiz let the learner know it.

The sentences name numbers of questions and grades, and never what is right. They are in the language of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import groupby

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, ngettext_lazy

from accounts.models import Visitor
from modules.models import Attempt, Correction, Module, Notice, Proof, Quiz, Section, SlotChange
from modules.notices.seeing import last_told_grade, unseen_by
from modules.quizzes import scoring
from modules.quizzes.learner_rules import History, rules_of_quizzes

Kind = Notice.Kind

# Why marks have changed, by the kind of the correction. They go on in a sentence.
CAUSES = {
    Correction.Kind.REGRADED: ngettext_lazy(
        "the key of question %(numbers)s was corrected",
        "the keys of questions %(numbers)s were corrected",
        "n",
    ),
    Correction.Kind.MARK: ngettext_lazy(
        "an instructor marked question %(numbers)s", "an instructor marked questions %(numbers)s", "n"
    ),
    Correction.Kind.MARK_UNDONE: ngettext_lazy(
        "the instructor’s mark for question %(numbers)s was taken back",
        "the instructor’s marks for questions %(numbers)s were taken back",
        "n",
    ),
    Correction.Kind.LATE: ngettext_lazy(
        "your late answer to question %(numbers)s counts now",
        "your late answers to questions %(numbers)s count now",
        "n",
    ),
    Correction.Kind.LATE_UNDONE: ngettext_lazy(
        "your late answer to question %(numbers)s counts no more",
        "your late answers to questions %(numbers)s count no more",
        "n",
    ),
    Correction.Kind.FULL_MARKS: ngettext_lazy(
        "everybody gets full marks for question %(numbers)s",
        "everybody gets full marks for questions %(numbers)s",
        "n",
    ),
    Correction.Kind.FULL_MARKS_UNDONE: ngettext_lazy(
        "full marks for question %(numbers)s were taken back",
        "full marks for questions %(numbers)s were taken back",
        "n",
    ),
}


@dataclass(frozen=True, slots=True)
class News:
    """Tells one thing that has changed. ``keys`` are those of its notices; the first one names it on a page.

    ``sections`` has the titles and addresses of the sections that it is about. ``url`` leads to a result or a quiz.
    """

    keys: Sequence[int]
    module: Module
    attempt: Attempt | None
    words: str
    reason: str
    made_at: datetime
    sections: Sequence[tuple[str, str]] = ()
    url: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class ToldGrade:
    """A change of a grade on the page of its result. ``slots`` has numbers of questions with marks before and after."""

    words: str
    reason: str
    made_at: datetime
    slots: Sequence[tuple[int, Fraction, Fraction]]


def news_for(learner: Visitor, now: datetime) -> list[News]:
    """Returns what a learner has not seen yet, the latest first. It takes one query, and two more if there is any."""
    notices = unseen_by(learner)
    shows_marks = _visibility(notices, learner, now)
    of_attempts = [_of_attempt(notice, notice.attempt, shows_marks) for notice in notices if notice.attempt]
    of_sections = sorted(
        (notice for notice in notices if notice.section),
        key=lambda notice: (notice.enrolment_id, notice.kind),
    )
    groups = groupby(of_sections, key=lambda notice: (notice.enrolment_id, notice.kind))
    of_proofs = [_of_proof(notice, notice.proof) for notice in notices if notice.proof]
    news = [*of_attempts, *of_proofs, *(_of_sections(list(group)) for _key, group in groups)]
    return sorted(news, key=lambda item: item.made_at, reverse=True)


def told_grade(attempt: Attempt) -> ToldGrade | None:
    """Returns the latest change of a grade for the page of its result. Its learner may see the marks. One query."""
    notice = last_told_grade(attempt)
    if notice is None:
        return None
    return ToldGrade(
        words=_grade_in_words(notice, shows_marks=True),
        reason=notice.reason,
        made_at=notice.made_at,
        slots=[
            (change.slot, Fraction(change.before), Fraction(change.after)) for change in notice.slot_changes
        ],
    )


def _visibility(notices: Iterable[Notice], learner: Visitor, now: datetime) -> Callable[[Attempt], bool]:
    """Returns a function that tells whether the learner may see the marks of an attempt."""
    quizzes: dict[int, Quiz] = {
        notice.attempt.quiz_id: notice.attempt.quiz for notice in notices if notice.attempt
    }
    rules = rules_of_quizzes(quizzes.values(), learner) if quizzes else {}
    made = Attempt.objects.filter(quiz__in=quizzes, enrolment__learner_id=learner.pk).order_by("number")
    attempts = list(made) if quizzes else []
    histories = {
        pk: History(quiz, rules[pk], [attempt for attempt in attempts if attempt.quiz_id == pk])
        for pk, quiz in quizzes.items()
    }
    return lambda attempt: "marks" in histories[attempt.quiz_id].shown(attempt, now)


# ---------------------------------------------------------------------------------------------- attempts


def _of_attempt(notice: Notice, attempt: Attempt, shows_marks: Callable[[Attempt], bool]) -> News:
    shows = shows_marks(attempt)
    url, link = _way(notice, attempt)
    return News(
        keys=[notice.pk],
        module=notice.enrolment.module,
        attempt=attempt,
        words=" ".join(filter(None, [_in_words(notice, attempt, shows), _finish_in_words(notice)])),
        reason=notice.reason if shows or notice.kind != Kind.GRADE else "",
        made_at=notice.made_at,
        url=url,
        link=link,
    )


def _way(notice: Notice, attempt: Attempt) -> tuple[str, str]:
    """Returns where a notice leads, and the words of the link."""
    quiz, module = attempt.quiz, notice.enrolment.module
    if attempt.deleted_at is not None:
        is_there = module.is_readable and quiz.archived_at is None
        return (reverse("quiz", args=[module.slug]), _("To the quiz")) if is_there else ("", "")
    if attempt.is_open:
        return attempt.get_absolute_url(), _("Go on with the quiz")
    return reverse("result", args=[attempt.pk]), _("See the result")


def _in_words(notice: Notice, attempt: Attempt, shows_marks: bool) -> str:
    number = {"number": attempt.number}
    match notice.kind:
        case Kind.GRADE:
            return _grade_in_words(notice, shows_marks=shows_marks)
        case Kind.REOPENED if attempt.is_open:
            return _("Attempt %(number)s is open again. You can go on where you stopped.") % number
        case Kind.REOPENED:
            return _("Attempt %(number)s was opened again.") % number
        case Kind.CLOSED:
            return _("An instructor submitted attempt %(number)s with the answers that were saved.") % number
        case Kind.DELETED:
            return (
                _("An instructor deleted attempt %(number)s: it counts no more. Your answers are kept.")
                % number
            )
    if shows_marks and notice.after is not None:
        return _("Attempt %(number)s counts again, with the grade %(grade)s.") % (
            number | {"grade": _grade(notice.after)}
        )
    return _("Attempt %(number)s counts again.") % number


def _grade_in_words(notice: Notice, *, shows_marks: bool) -> str:
    if not shows_marks:
        return _("Your answers have been graded again. Your grade is not shown yet.")
    values = {
        "before": _grade(notice.before),
        "after": _grade(notice.after),
        "causes": _causes(notice.slot_changes),
    }
    if notice.before == notice.after:
        return _("Marks have changed, and your grade is still %(after)s: %(causes)s.") % values
    if not values["causes"]:
        return _("Your grade has changed from %(before)s to %(after)s.") % values
    return _("Your grade has changed from %(before)s to %(after)s: %(causes)s.") % values


def _grade(grade: Fraction | None) -> str:
    return number_format(scoring.shown(grade or Fraction(0)), use_l10n=True)


def _causes(changes: Sequence[SlotChange]) -> str:
    causes = []
    for kind in dict.fromkeys(change.kind for change in changes):
        numbers = [change.slot for change in changes if change.kind == kind]
        words = CAUSES[Correction.Kind(kind)] % {
            "n": len(numbers),
            "numbers": get_text_list([str(number) for number in numbers], _("and")),
        }
        causes.append(str(words))
    return "; ".join(causes)


def _finish_in_words(notice: Notice) -> str:
    match notice.finish:
        case Notice.Finish.TAKEN:
            return _("So the module is not finished any more.")
        case Notice.Finish.GIVEN:
            return _("So the module is finished again.")
    return ""


def _of_proof(notice: Notice, proof: Proof) -> News:
    return News(
        keys=[notice.pk],
        module=notice.enrolment.module,
        attempt=None,
        words=_("An instructor withdrew your proof. Whoever opens its address reads that it does not count.")
        if notice.kind == Kind.PROOF_WITHDRAWN
        else _("An instructor issued your proof again. It counts at the same address."),
        reason=notice.reason,
        made_at=notice.made_at,
        url=proof.get_absolute_url(),
        link=_("See the proof"),
    )


# ---------------------------------------------------------------------------------------------- sections


def _of_sections(notices: Sequence[Notice]) -> News:
    """Returns what is told of sections of one module, in their order."""
    first, module = notices[0], notices[0].enrolment.module
    sections = sorted(
        (notice.section for notice in notices if notice.section), key=lambda section: section.place
    )
    return News(
        keys=[notice.pk for notice in notices],
        module=module,
        attempt=None,
        words=_sections_in_words(first.kind, len(notices)),
        reason="",
        made_at=max(notice.made_at for notice in notices),
        sections=[(section.title, _address(module, section)) for section in sections],
    )


def _address(module: Module, section: Section) -> str:
    return f"{module.get_absolute_url()}{section.identity}/"


def _sections_in_words(kind: str, count: int) -> str:
    if kind == Kind.READ_AGAIN:
        return ngettext(
            "Your instructor asks you to read this section again, because it has changed:",
            "Your instructor asks you to read these sections again, because they have changed:",
            count,
        )
    if kind == Kind.NEW_PART:
        return ngettext(
            "This section has a new part that you have not read yet:",
            "These sections have new parts that you have not read yet:",
            count,
        )
    if kind == Kind.CHANGED:
        return ngettext(
            "This section has changed since you read it; the module stays finished:",
            "These sections have changed since you read them; the module stays finished:",
            count,
        )
    return ngettext(
        "This section was added after you had finished the module, which stays finished:",
        "These sections were added after you had finished the module, which stays finished:",
        count,
    )
