"""Gathers all that is stored about a person, part by part, for their own eyes. Nothing in it gives a key away."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import role_of
from modules.models import (
    ApiToken,
    Attempt,
    Departure,
    Draft,
    Enrolment,
    Invitation,
    LateAnswer,
    LearnerNote,
    Module,
    Notice,
    Override,
    OwnDueDate,
    Placement,
    Proof,
    Reading,
    Reminder,
    RemindersOff,
    Response,
    Slip,
    StudyClass,
)
from modules.quizzes import attempts
from tasks.models import StoredTask

Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """A kind of data: its name in the file for programs, its title, and its entries, which are read anew each time."""

    name: str
    title: str | Promise
    entries: Callable[[User, datetime], Iterator[Entry]]


def _account(user: User, _now: datetime) -> Iterator[Entry]:
    yield {
        "email": user.email, "name": user.name, "role": str(role_of(user).label), "language": user.language,
        "time_zone": user.time_zone, "joined": user.joined_at, "last_sign_in": user.last_login,
    }  # fmt: skip
    for address in EmailAddress.objects.filter(user=user):
        yield {"email": address.email, "confirmed": address.verified}
    for factor in Authenticator.objects.filter(user=user):
        yield {"second_step": factor.type, "since": factor.created_at, "last_used": factor.last_used_at}
    for session in UserSession.objects.filter(user=user):
        yield {
            "device": session.user_agent, "network_address": session.ip, "since": session.created_at,
            "last_seen": session.last_seen_at,
        }  # fmt: skip


def _modules(user: User, _now: datetime) -> Iterator[Entry]:
    for row in Enrolment.objects.filter(learner=user).select_related("module").order_by("pk").iterator():
        yield {
            "module": row.module.title, "begun": row.begun_at, "quiz_passed": row.passed_at,
            "finished": row.finished_at, "last_seen": row.last_seen_at, "place": row.place,
        }  # fmt: skip


def _readings(user: User, _now: datetime) -> Iterator[Entry]:
    rows = Reading.objects.filter(enrolment__learner=user).select_related("section__module").order_by("pk")
    for row in rows.iterator():
        section = row.section
        yield {
            "module": section.module.title, "section": section.title, "read": row.read_at, "lapsed": row.lapsed_at
        }  # fmt: skip


def _attempts(user: User, now: datetime) -> Iterator[Entry]:
    """Yields each attempt with its answers. Marks are left out as long as the quiz hides them."""
    rows = Attempt.with_deleted.filter(enrolment__learner=user).select_related("quiz__module").order_by("pk")
    for row in rows.iterator():
        history = attempts.history(user, row.quiz, now=now)
        shows_marks = row.deleted_at is None and "marks" in history.shown(row, now)
        yield {
            "module": row.quiz.module.title, "number": row.number, "started": row.started_at,
            "deadline": row.deadline, "submitted": row.submitted_at, "abandoned": row.abandoned_at,
            "deleted": row.deleted_at, "grade_percent": row.grade if shows_marks else None,
            "answers": [_answer(each, shows_mark=shows_marks) for each in _responses(row)],
            "corrections": [
                {"kind": each.get_kind_display(), "reason": each.reason, "at": each.made_at} for each in row.corrections.all()
            ],
        }  # fmt: skip


def _responses(attempt: Attempt) -> Iterator[Response]:
    return attempt.responses.select_related("version").order_by("slot").iterator()


def _answer(response: Response, *, shows_mark: bool) -> Entry:
    return {
        "question": response.version.title,
        "answer": _in_words(response, response.answer),
        "saved": response.saved_at,
        "flagged": response.is_flagged,
        "mark": response.mark if shows_mark else None,
    }


def _in_words(response: Response, answer: list[str]) -> str:
    if not response.version.has_choices:
        return "".join(answer)
    return "; ".join(choice["text"] for choice in response.version.choices if choice["key"] in answer)


def _late_answers(user: User, _now: datetime) -> Iterator[Entry]:
    late = LateAnswer.objects.filter(response__attempt__enrolment__learner=user)
    for row in late.select_related("response__version").order_by("pk").iterator():
        yield {
            "question": row.response.version.title, "answer": _in_words(row.response, row.answer),
            "arrived": row.arrived_at, "counted": row.counted_at,
        }  # fmt: skip


def _notices(user: User, _now: datetime) -> Iterator[Entry]:
    for row in Notice.objects.of(user).select_related("enrolment__module").order_by("pk").iterator():
        yield {
            "module": row.enrolment.module.title, "kind": row.get_kind_display(), "reason": row.reason, "made": row.made_at,
            "seen": row.seen_at,
        }  # fmt: skip


def _proofs(user: User, _now: datetime) -> Iterator[Entry]:
    for row in Proof.objects.filter(enrolment__learner=user).order_by("pk").iterator():
        yield {
            "code": row.code, "address": row.get_absolute_url(), "name": row.name, "module": row.title,
            "grade_percent": row.grade, "finished": row.finished_at, "issued": row.issued_at,
            "hidden": row.hidden_at, "withdrawn": row.withdrawn_at,
        }  # fmt: skip


def _classes(user: User, _now: datetime) -> Iterator[Entry]:
    for row in StudyClass.objects.of_learner(user).select_related("group"):
        yield {"class": row.name, "member": True, "closed": row.archived_at}
    invited = Q(learner=user) | Q(address__iexact=user.email)
    for invitation in Invitation.objects.filter(invited).select_related("study_class__group"):
        yield {
            "class": invitation.study_class.name, "invited": invitation.invited_at, "address": invitation.address,
            "name": invitation.name, "number": invitation.number, "joined": invitation.joined_at,
        }  # fmt: skip
    for placement in Placement.objects.filter(learner=user).select_related("study_class__group"):
        yield {"class": placement.study_class.name, "added_by_a_list": placement.placed_at}
    for departure in Departure.objects.filter(learner=user).select_related("study_class__group"):
        yield {"class": departure.study_class.name, "left": departure.left_at}
    for slip in Slip.objects.filter(learner=user).select_related("study_class__group"):
        yield {"class": slip.study_class.name, "one_time_password_printed": slip.made_at}


def _special_rules(user: User, _now: datetime) -> Iterator[Entry]:
    for rule in Override.objects.filter(learner=user).select_related("quiz__module"):
        yield {
            "module": rule.quiz.module.title, "more_minutes": rule.extra_minutes, "time_factor": rule.time_factor,
            "attempts": rule.attempts_allowed, "opens": rule.opens_at, "closes": rule.closes_at,
        }  # fmt: skip
    for date in OwnDueDate.objects.filter(learner=user).select_related("assignment__module"):
        yield {"module": date.assignment.module.title, "own_due_date": date.due_at, "given": date.given_at}


def _mails(user: User, _now: datetime) -> Iterator[Entry]:
    """Yields the mails that wait. A mail that is sent is not kept."""
    for row in Reminder.objects.filter(learner=user).select_related("assignment__module").iterator():
        yield {
            "reminder_of": row.assignment.module.title, "due": row.due_at, "sent": row.sent_at,
            "dropped": row.dropped_at,
        }  # fmt: skip
    for off in RemindersOff.objects.filter(learner=user):
        yield {"no_reminders_since": off.since}
    for task in StoredTask.objects.exclude(arguments={}).filter(function__endswith="send_mail").iterator():
        packed: object = next(iter(task.arguments.get("args", [])), {})
        if isinstance(packed, dict) and user.email in json.dumps(packed.get("to", [])):
            yield {"mail": packed.get("subject", ""), "written": task.enqueued_at}


def _notes(user: User, _now: datetime) -> Iterator[Entry]:
    for note in LearnerNote.objects.filter(learner=user).order_by("pk").iterator():
        yield {"note_of_an_instructor": note.written_at}


def _as_instructor(user: User, _now: datetime) -> Iterator[Entry]:
    for module in Module.objects.filter(owner=user):
        yield {"owner_of": module.title}
    for module in Module.objects.filter(helpers=user):
        yield {"helper_of": module.title}
    for study_class in StudyClass.objects.filter(instructors=user).select_related("group"):
        yield {"instructor_of": study_class.name}
    for draft in Draft.objects.filter(author=user).iterator():
        yield {"draft": str(draft), "changed": draft.changed_at, "text": draft.text}
    for note in LearnerNote.objects.filter(author=user).iterator():
        yield {"note_written": note.written_at, "text": note.text}
    for token in ApiToken.objects.filter(user=user):
        yield {"token_for_programs": token.name, "made": token.made_at, "last_used": token.last_used_at}
    for entry in LogEntry.objects.filter(user=user).order_by("pk").iterator():
        yield {"change_in_the_admin": entry.object_repr, "at": entry.action_time}


PARTS = (
    Part("account", _("Account"), _account),
    Part("modules", _("Modules"), _modules),
    Part("readings", _("What you have read"), _readings),
    Part("attempts", _("Attempts and answers"), _attempts),
    Part("late_answers", _("Answers that came too late"), _late_answers),
    Part("notices", _("News of changes"), _notices),
    Part("proofs", _("Proofs"), _proofs),
    Part("classes", _("Classes"), _classes),
    Part("special_rules", _("Special rules and dates"), _special_rules),
    Part("mails", _("Reminders and mails"), _mails),
    Part(
        "notes", _("Notes of instructors about you: their dates. Ask an administrator for the words."), _notes
    ),
    Part("instructor", _("What you did as an instructor"), _as_instructor),
)


def plain(value: object) -> str | float:
    """Returns a value of an entry as JSON has it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Fraction):
        return round(float(value), 4)
    return str(value)
