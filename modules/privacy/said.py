"""Says before an erasure what goes with a person, and what stays without one."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
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
    Proof,
    StudyClass,
)


def what_goes(user: User) -> Iterator[str]:
    yield _("The name, the password and the address %(email)s, and every sign-in.") % {"email": user.email}
    yield _("What was typed as answers in quizzes, and the places in the texts.")
    if number := Notice.objects.of(user).count():
        yield (
            ngettext(
                "%(number)d notice about a change of a grade, an attempt or a section.",
                "%(number)d notices about changes of grades, attempts or sections.",
                number,
            )
            % {"number": number}
        )
    yield _("Invitations, reminders, special rules of quizzes, and mails that wait to be sent.")
    if number := CheckAnswer.objects.filter(enrolment__learner=user).count():
        yield (
            ngettext(
                "%(number)d recorded answer to a question in a text.",
                "%(number)d recorded answers to questions in texts.",
                number,
            )
            % {"number": number}
        )
    if number := LearnerNote.objects.filter(learner=user).count():
        yield (
            ngettext(
                "%(number)d note that an instructor wrote about the person.",
                "%(number)d notes that instructors wrote about the person.",
                number,
            )
            % {"number": number}
        )
    if number := Draft.objects.filter(author=user).count():
        yield (
            ngettext("%(number)d draft of a module.", "%(number)d drafts of modules.", number)
            % {"number": number}
        )
    yield from _places_of_instructors(user)


def what_stays(user: User) -> Iterator[str]:
    attempts = Attempt.with_deleted.filter(enrolment__learner=user).count()
    if modules := Enrolment.objects.filter(learner=user).count():
        yield (
            ngettext(
                "What was read in %(number)d module, without a name.",
                "What was read in %(number)d modules, without a name.",
                modules,
            )
            % {"number": modules}
        )
    if attempts:
        yield (
            ngettext(
                "%(number)d attempt with its choices and marks, without a name. So the figures of the class stay right.",
                "%(number)d attempts with their choices and marks, without a name. So the figures of the class stay right.",
                attempts,
            )
            % {"number": attempts}
        )
    if Module.objects.filter(revisions__loaded_by=user).exists():
        yield _("The texts of modules. A text that names its author does so until somebody changes it.")
    if LearnerNote.objects.filter(author=user).exists():
        yield _("Notes about learners and reasons of corrections, without the name of their author.")
    yield _(
        "Backups that were made before, until their time is over. Restoring one carries out the erasure again."
    )


def number_of_proofs(user: User) -> int:
    return Proof.objects.valid().filter(enrolment__learner=user).count()


def _places_of_instructors(user: User) -> Iterator[str]:
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
    if number := StudyClass.objects.filter(instructors=user).count():
        yield (
            ngettext(
                "The place as an instructor of %(number)d class. The class stays.",
                "The place as an instructor of %(number)d classes. The classes stay.",
                number,
            )
            % {"number": number}
        )
