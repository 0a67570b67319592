"""Plants the words of a person wherever a person leaves some, and finds them again."""

from __future__ import annotations

import shutil
from fractions import Fraction

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.utils import timezone

from accounts import erasures
from accounts.models import User
from modules.models import (
    ApiToken,
    Attempt,
    CheckAnswer,
    Correction,
    Draft,
    Enrolment,
    Image,
    Invitation,
    LateAnswer,
    LearnerNote,
    Module,
    Notice,
    Override,
    Placement,
    Proof,
    RefusedStatement,
    RegradeJob,
    Response,
    Slip,
    StoredFigures,
    StudyClass,
    TableFile,
    folder_of_tables,
)
from modules.statements.wording import name_of_actor
from tasks.mail import pack, send_mail
from tests.cast import NOON, take

NAME, ADDRESS, OTHER = "Zulaikha Rambutanwati", "zula@rahasia-tanam.test", "kedua@alamat-tanam.test"
TYPED = "ketikan-tertanam"
WORDS = ("rambutanwati", "rahasia-tanam", "alamat-tanam", TYPED)


def plant(person: User, module: Module, study_class: StudyClass, instructor: User) -> Attempt:
    """Lets a person do all that leaves words, and others write about the person."""
    attempt = take(person, module.quiz, ["Jupiter", ["Saturnus", "Uranus"], TYPED, "8"])
    enrolment = attempt.enrolment
    typed = attempt.responses.get(slot=3)
    Enrolment.objects.filter(pk=enrolment.pk).update(place=TYPED)
    LateAnswer.objects.create(response=typed, answer=[TYPED], arrived_at=NOON)
    LateAnswer.objects.create(
        response=typed, answer=[TYPED], replaced=[TYPED], arrived_at=NOON, counted_at=NOON
    )
    Correction.objects.create(
        kind="mark",
        attempt=attempt,
        slot=3,
        before=Fraction(0),
        reason=NAME,
        made_at=NOON,
        made_by=instructor,
    )
    Notice.objects.create(
        enrolment=enrolment, kind="grade", attempt=attempt, reason=f"Untuk {NAME}", made_at=NOON
    )
    Override.objects.create(quiz=module.quiz, learner=person, extra_minutes=10)
    Proof.objects.filter(enrolment=enrolment).update(name=NAME)
    Placement.objects.create(study_class=study_class, learner=person, placed_at=NOON, placed_by=instructor)
    Slip.objects.create(study_class=study_class, learner=person, made_at=NOON, made_by=instructor)
    Invitation.objects.create(
        study_class=study_class, address=ADDRESS, name=NAME, number="1", invited_at=NOON, joined_at=NOON, learner=person
    )  # fmt: skip
    LearnerNote.objects.create(
        learner=person, study_class=study_class, text=NAME, author=instructor, written_at=NOON
    )
    RegradeJob.objects.create(module=module, reason=f"Soal itu salah, kata {NAME}.", made_at=NOON)
    StoredFigures.objects.create(
        module=module, kind="questions", scope="x", figures={"typed": [TYPED]}, asked_at=NOON
    )
    RefusedStatement.objects.create(
        identity="planted",
        statement={"actor": {"account": {"name": name_of_actor(person.pk)}}, "result": {"response": TYPED}},
        said=f"“{TYPED}” is not welcome",
        refused_at=NOON,
    )
    CheckAnswer.objects.create(
        enrolment=attempt.enrolment,
        fingerprint="x",
        question="?",
        answer=TYPED,
        answered_at=NOON,
        is_right=False,
    )
    _plant_in_files(person, module, study_class, instructor)
    _plant_in_account(person)
    return attempt


def _plant_in_files(person: User, module: Module, study_class: StudyClass, instructor: User) -> None:
    folder_of_tables().mkdir(exist_ok=True)
    (folder_of_tables() / "1-planted.csv").write_text(f"{NAME},{ADDRESS}")
    TableFile.objects.create(
        table="class", form="csv", study_class=study_class, asked_at=timezone.now(), asked_by=instructor,
        name="1-planted.csv", finished_at=timezone.now(),
    )  # fmt: skip
    draft = Draft.objects.create(author=person, text=TYPED, filename=f"{NAME}.md", address=TYPED)
    file = default_storage.save("f" * 32 + ".png", ContentFile(TYPED.encode()))
    Image.objects.create(draft=draft, path="a.png", file=file)
    ApiToken.make(person, TYPED, now=NOON)


def _plant_in_account(person: User) -> None:
    EmailAddress.objects.create(user=person, email=OTHER, verified=False)
    send_mail.enqueue(pack(mail.EmailMessage(f"Halo {NAME}", "…", "a@example.org", [ADDRESS])))
    session = SessionStore()
    session["waiting"] = ADDRESS
    session.create()
    LogEntry.objects.log_actions(person.pk, [person], CHANGE, f"Nama: {NAME}", single_object=True)


def everything_stored() -> str:
    """Returns all tables as text, and the files of people."""
    parts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608  our own tables
            parts += [f"{table}: {row!r}" for row in cursor.fetchall()]
    parts += [repr(SessionStore().decode(each.session_data)) for each in Session.objects.all()]
    files = [path for path in settings.DATA_DIR.rglob("*") if path.is_file() and "sqlite" not in path.name]
    parts += [f"{path}: {path.read_bytes()!r}" for path in files]
    return "\n".join(parts).lower()


def found_words() -> dict[str, str]:
    """Returns each planted word that is stored somewhere, with the first place."""
    stored = everything_stored()
    found = {word: stored.find(word) for word in WORDS}
    return {word: stored[max(0, at - 200) : at + 60] for word, at in found.items() if at >= 0}


def responses_of(attempt: Attempt) -> list[tuple[list[str], Fraction | None]]:
    return list(Response.objects.filter(attempt=attempt).order_by("slot").values_list("answer", "mark"))


def remove_files() -> None:
    """Removes the files of people, of tables, and of the list of erased accounts."""
    shutil.rmtree(settings.MEDIA_ROOT, ignore_errors=True)
    shutil.rmtree(folder_of_tables(), ignore_errors=True)
    (settings.DATA_DIR / erasures.NAME).unlink(missing_ok=True)
