"""Says what a person has learnt and written that would be lost with the account."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import ngettext

from accounts.models import User
from modules.models import (
    Attempt,
    CheckAnswer,
    Draft,
    Enrolment,
    LearnerNote,
    Module,
    Notice,
    Override,
    Proof,
    StudyClass,
)


def what_goes(user: User) -> Iterator[str]:
    if number := Enrolment.objects.filter(learner=user).count():
        yield (
            ngettext(
                "What the person has read in %(number)d module.",
                "What the person has read in %(number)d modules.",
                number,
            )
            % {"number": number}
        )
    if number := Proof.objects.filter(enrolment__learner=user).count():
        yield (
            ngettext(
                "%(number)d proof that a module was finished. Its address leads nowhere then.",
                "%(number)d proofs that modules were finished. Their addresses lead nowhere then.",
                number,
            )
            % {"number": number}
        )
    if number := Notice.objects.of(user).count():
        yield (
            ngettext(
                "%(number)d notice about a change of a grade, an attempt or a section.",
                "%(number)d notices about changes of grades, attempts or sections.",
                number,
            )
            % {"number": number}
        )
    if number := Override.objects.filter(learner=user).count():
        yield (
            ngettext("%(number)d override of quiz rules.", "%(number)d overrides of quiz rules.", number)
            % {"number": number}
        )
    yield from _check_answers_of(user)
    yield from _notes_about(user)
    yield from _what_stays(user)


def _check_answers_of(user: User) -> Iterator[str]:
    if number := CheckAnswer.objects.filter(enrolment__learner=user).count():
        yield (
            ngettext(
                "%(number)d recorded answer to a question in a text.",
                "%(number)d recorded answers to questions in texts.",
                number,
            )
            % {"number": number}
        )


def _notes_about(user: User) -> Iterator[str]:
    if number := LearnerNote.objects.filter(learner=user).count():
        yield (
            ngettext(
                "%(number)d note that an instructor wrote about the person.",
                "%(number)d notes that instructors wrote about the person.",
                number,
            )
            % {"number": number}
        )


def _what_stays(user: User) -> Iterator[str]:
    """Says which modules lose their owner or a helper, and which classes an instructor. All of them stay."""
    if number := Module.objects.filter(owner=user).count():
        yield (
            ngettext(
                "The ownership of %(number)d module. The module stays, and belongs to the administrators then.",
                "The ownership of %(number)d modules. The modules stay, and belong to the administrators then.",
                number,
            )
            % {"number": number}
        )
    if number := Module.objects.filter(helpers=user).count():
        yield (
            ngettext(
                "The place as a helper of %(number)d module.",
                "The place as a helper of %(number)d modules.",
                number,
            )
            % {"number": number}
        )
    if number := LearnerNote.objects.filter(author=user).count():
        yield (
            ngettext(
                "The name under %(number)d note about a learner. The note stays.",
                "The name under %(number)d notes about learners. The notes stay.",
                number,
            )
            % {"number": number}
        )
    if number := StudyClass.objects.filter(instructors=user).count():
        yield (
            ngettext(
                "The place as an instructor of %(number)d class. The class stays.",
                "The place as an instructor of %(number)d classes. The classes stay.",
                number,
            )
            % {"number": number}
        )


def what_forbids(user: User) -> Iterator[str]:
    """Tells of answers and of drafts, which nobody could bring back."""
    if number := Attempt.with_deleted.filter(enrolment__learner=user).count():
        yield (
            ngettext(
                "The answers of %(number)d quiz attempt would be lost.",
                "The answers of %(number)d quiz attempts would be lost.",
                number,
            )
            % {"number": number}
        )
    if number := Draft.objects.filter(author=user).count():
        yield (
            ngettext(
                "%(number)d draft that the person has written would be lost.",
                "%(number)d drafts that the person has written would be lost.",
                number,
            )
            % {"number": number}
        )
