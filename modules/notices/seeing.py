"""Finds the notices that a learner has not seen yet, and notes that they are seen."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from accounts.models import Visitor
from modules.models import Attempt, Enrolment, Notice, NoticeQuerySet, Proof, Quiz, Section

Kind = Notice.Kind


def unseen_by(learner: Visitor) -> list[Notice]:
    """Returns the unseen notices of a learner, the latest first, without those that lead nowhere. One query at most.

    Of a deleted attempt only the deletion is left. A section is left out while nobody can read it.
    """
    if not learner.is_authenticated:
        return []
    of_attempts = Q(attempt__deleted_at__isnull=True, attempt__isnull=False) | Q(kind=Kind.DELETED)
    readable = Enrolment.objects.readable().filter(learner=learner.pk)
    of_sections = Q(section__archived_at__isnull=True, enrolment__in=readable)
    notices = Notice.objects.unseen().of(learner)
    visible = notices.filter(of_attempts | (Q(section__isnull=False) & of_sections) | Q(proof__isnull=False))
    return list(visible.select_related("enrolment__module", "attempt__quiz", "section", "proof"))


def last_told_grade(attempt: Attempt) -> Notice | None:
    """Returns the latest notice of the grade that a submitted attempt has, seen or not. It takes one query."""
    if attempt.submitted_at is None:
        return None
    told = attempt.notices.filter(kind=Kind.GRADE, made_at__gte=attempt.submitted_at)
    return told.order_by("-pk").first()


def see_notices(notices: NoticeQuerySet, *, now: datetime) -> None:
    """Notes that notices are seen. It takes one query, and writes nothing if all of them were seen before."""
    unseen = dict(notices.unseen().values_list("pk", "enrolment"))
    if not unseen:
        return
    with transaction.atomic():
        # Loads and corrections hold them too while they write notices, so that nobody waits in a circle.
        Enrolment.objects.filter(pk__in=set(unseen.values())).hold()
        Notice.objects.unseen().filter(pk__in=unseen).update(seen_at=now)


def see_attempt(learner: Visitor, attempt: Attempt, *, now: datetime) -> None:
    """Notes that the learner has opened the page of an attempt."""
    see_notices(Notice.objects.of(learner).filter(attempt=attempt), now=now)


def see_quiz(learner: Visitor, quiz: Quiz, *, now: datetime) -> None:
    """Notes that the learner has opened the page of a quiz, which is where a deleted attempt leads."""
    see_notices(Notice.objects.of(learner).filter(attempt__quiz=quiz, kind=Kind.DELETED), now=now)


def see_section(learner: Visitor, section: Section, *, now: datetime) -> None:
    """Notes that the learner has opened a section."""
    see_notices(Notice.objects.of(learner).filter(section=section), now=now)


def see_proof(learner: Visitor, proof: Proof, *, now: datetime) -> None:
    """Notes that the learner has opened the page of a proof."""
    see_notices(Notice.objects.of(learner).filter(proof=proof), now=now)
