"""Does what the table of personal data cannot say as columns."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext

from accounts.models import User, WrongPassword
from accounts.roles import groups_of_learners
from modules.models import (
    WORDS_GONE,
    Enrolment,
    Image,
    Invitation,
    LateAnswer,
    Proof,
    QuestionVersion,
    RefusedStatement,
    Response,
    Revision,
    StoredFigures,
    StudyClass,
    TableFile,
)
from modules.statements.wording import name_of_actor
from tasks.models import StoredTask

if TYPE_CHECKING:
    from modules.privacy.rows import Person

TYPED = (QuestionVersion.Kind.SHORT, QuestionVersion.Kind.NUMERICAL)


# ------------------------------------------------------------------------------------------- what was learnt


def withdraw_proofs(person: Person) -> None:
    """Withdraws the proofs and takes the name from them, unless the person wanted to keep them as they are."""
    proofs = Proof.objects.filter(enrolment__learner=person.user)
    if not person.keeps_proofs:
        proofs.filter(withdrawn_at__isnull=True).update(withdrawn_at=timezone.now())
        proofs.update(name="")


def take_typed_words(person: Person) -> None:
    """Takes the words of typed answers. The marks stay, and a regrade does not judge what is gone."""
    typed = Response.objects.filter(attempt__enrolment__learner=person.user, version__kind__in=TYPED)
    typed.exclude(answer=[]).update(answer=WORDS_GONE)


def take_late_words(person: Person) -> None:
    """Deletes late answers that do not count, and takes the words of the others."""
    late = LateAnswer.objects.filter(response__attempt__enrolment__learner=person.user)
    late.filter(counted_at__isnull=True).delete()
    typed = late.filter(response__version__kind__in=TYPED)
    typed.exclude(answer=[]).update(answer=WORDS_GONE)
    typed.exclude(replaced=[]).update(replaced=WORDS_GONE)


def drop_figures(person: Person) -> None:
    """Drops stored figures, which may quote typed answers. The worker counts them again when somebody asks."""
    StoredFigures.objects.filter(module__in=_modules_of(person)).delete()


def drop_refused_statements(person: Person) -> None:
    """Drops the statements about the person that the store has refused, which quote typed answers."""
    RefusedStatement.objects.filter(statement__actor__account__name=name_of_actor(person.user.pk)).delete()


def drop_table_files(person: Person) -> None:
    """Drops the tables of results that may name the person, and those that the person asked for."""
    classes = StudyClass.objects.filter(group__user=person.user).values("pk")
    files = TableFile.objects.filter(
        Q(module__in=_modules_of(person)) | Q(study_class__in=classes) | Q(asked_by=person.user)
    )
    for file in files:
        if file.name:
            _unlink_later(file.path)
    files.delete()


def delete_invitations(person: Person) -> None:
    """Deletes invitations to the addresses of the person, also to classes that the person has not joined."""
    for address in person.addresses:
        Invitation.objects.filter(address__iexact=address).delete()


def drop_images_of_drafts(person: Person) -> None:
    """Deletes the files of images that only drafts of the person show."""
    mine = Image.objects.filter(draft__author=person.user)
    names = set(mine.values_list("file", flat=True))
    mine.delete()
    for name in names:
        is_shown = Image.objects.filter(file=name).exists()
        if not is_shown and not Revision.objects.filter(images__icontains=Path(name).name).exists():
            transaction.on_commit(partial(default_storage.delete, name))


# ------------------------------------------------------------------------------------------------ the account


def drop_tasks(person: Person) -> None:
    """Drops mails and other work that names the person, and the problems of such work."""
    held = StoredTask.objects.exclude(arguments={}, problem="", key=None)
    for task in held.iterator():
        if person.mentions.are_in(json.dumps([task.arguments, task.problem, task.key], ensure_ascii=False)):
            task.delete()


def end_sessions(person: Person) -> None:
    """Ends the sessions of the person, and those in which a visitor has typed an address of theirs."""
    store = SessionStore()
    for session in Session.objects.iterator():
        data = store.decode(session.session_data)
        is_own = data.get(SESSION_KEY) == str(person.user.pk)
        if is_own or person.mentions.are_in(json.dumps(data, ensure_ascii=False, default=str)):
            session.delete()


def forgive_wrong_passwords(person: Person) -> None:
    WrongPassword.objects.forgive(person.user)


def empty_log_about(person: Person) -> None:
    """Empties the history of the account in the admin. That of other objects only loses the name."""
    about = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(person.user.pk)
    )
    about.update(object_repr="", change_message="")


def leave_roles(person: Person) -> None:
    """Takes the groups that give powers. The classes keep the account, so that their figures stay as they are."""
    person.user.groups.remove(*person.user.groups.exclude(pk__in=groups_of_learners().values("pk")))


def take_name(person: Person) -> None:
    """Leaves an account without a person. Figures of learners go on to leave out somebody who was no learner."""
    user = person.user
    with translation.override(
        settings.LANGUAGE_CODE
    ):  # lists of people show the column, in whatever language
        user.name = gettext("Deleted account")
    user.email = f"{token_hex(8)}{User.ERASED}"
    user.language = user.time_zone = ""
    user.is_active = user.is_superuser = user.has_one_time_password = False
    user.last_login = None
    user.set_unusable_password()
    user._password = None
    user.save()


def _modules_of(person: Person) -> list[int]:
    return list(Enrolment.objects.filter(learner=person.user).values_list("module", flat=True))


def _unlink_later(path: Path) -> None:
    transaction.on_commit(lambda: path.unlink(missing_ok=True))
