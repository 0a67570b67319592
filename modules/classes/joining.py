"""Lets people into a class and takes them out: by a list, by an invitation, by the join link."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import Enum

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from modules.models import BATCH, Departure, Invitation, InvitationQuerySet, Override, StudyClass
from modules.quizzes import attempts


class LinkState(Enum):
    """Says whether a join link lets people in, in words for whoever has it."""

    OPEN = _("Whoever has the code can join.")
    CLOSED = _("This code is closed. Ask your instructor to open it, or for an invitation.")
    EXPIRED = _("The last day of this code is over. Ask your instructor to open it again.")
    FULL = _("As many people as this code allows have joined. Ask your instructor for a place.")
    ARCHIVED = _("This class is over, so nobody can join it any more.")


class Refused(Exception):
    """Reports that a join link does not let somebody in now."""

    def __init__(self, state: LinkState) -> None:
        super().__init__(state.name)
        self.state = state


def link_state(study_class: StudyClass, *, now: datetime) -> LinkState:
    """Tells whether the join link of a class lets one more person in. It takes one query if the link has a limit."""
    if study_class.is_archived:
        return LinkState.ARCHIVED
    if study_class.join_opened_at is None:
        return LinkState.CLOSED
    if study_class.join_closes_at and study_class.join_closes_at <= now:
        return LinkState.EXPIRED
    limit = study_class.join_limit
    return (
        LinkState.FULL
        if limit is not None and came_by_link(study_class, now=now) >= limit
        else LinkState.OPEN
    )


def came_by_link(study_class: StudyClass, *, now: datetime) -> int:
    """Counts the people who came by the present code, with those for whom a place is kept."""
    if study_class.join_code is None:
        return 0
    invitations = study_class.invitations.filter(code=study_class.join_code, withdrawn_at__isnull=True)
    return int(invitations.filter(Q(joined_at__isnull=False) | _has_kept_place(now)).count())


def is_member(study_class: StudyClass, user: User) -> bool:
    return bool(study_class.group.user_set.filter(pk=user.pk).exists())


def join_by_link(study_class: StudyClass, user: User, *, now: datetime) -> None:
    """Lets a signed-in person into a class by its link. Raises :class:`Refused`. A second call changes nothing."""
    with transaction.atomic():
        locked = _locked(study_class)
        if is_member(locked, user):
            return
        if not _has_place(locked, user, now):
            _require_open(locked, now)
        _record(locked, user, locked.join_code or "", now)
        enter(locked, [user.pk])
    lengthen(study_class, now=now)


def wait_by_link(study_class: StudyClass, user: User, *, now: datetime) -> None:
    """Keeps a place for somebody who has just signed up from the link. They join once their address is confirmed.

    An invitation from a list stays as it is, and is mailed: anybody may have typed its address. Raises
    :class:`Refused`.
    """
    with transaction.atomic():
        locked = _locked(study_class)
        if locked.invitations.pending().filter(address=user.email, code="").exists():
            return
        _require_open(locked, now)
        # A member may have had this address before.
        waiting = {"code": locked.join_code, "invited_at": now, "withdrawn_at": None}
        waiting |= {"joined_at": None, "learner": None}
        Invitation.objects.update_or_create(
            study_class=locked, address=user.email, defaults=waiting, create_defaults=waiting
        )


def join_invited(user: User, *, now: datetime) -> list[StudyClass]:
    """Lets a person into each class that invited an address which they have confirmed. Returns these classes.

    A place that a link has given is free again after three days. From then on, the link has to be open.

    It takes one query if nobody has invited them.
    """
    pending = Invitation.objects.pending().of_confirmed(user).filter(study_class__archived_at__isnull=True)
    joined = []
    for key in sorted(pending.values_list("study_class", flat=True)):
        with transaction.atomic():
            study_class = _locked(StudyClass(pk=key))
            invitations = study_class.invitations.pending().of_confirmed(user)
            if _lets_in(study_class, invitations, now) and invitations.update(joined_at=now, learner=user):
                enter(study_class, [user.pk])
                joined.append(study_class)
    for study_class in joined:
        lengthen(study_class, now=now)
    return joined


def leave(study_class: StudyClass, user: User) -> None:
    """Takes somebody out of a class. They keep what they did, and the time of an open attempt."""
    with transaction.atomic():
        _locked(study_class)
        study_class.group.user_set.remove(user)
        study_class.invitations.filter(learner=user).delete()


def leave_by_oneself(study_class: StudyClass, user: User, *, now: datetime) -> None:
    """Lets a member leave. They keep what they did, and no waiting invitation brings them back."""
    with transaction.atomic():
        leave(study_class, user)
        study_class.invitations.pending().of_confirmed(user).update(withdrawn_at=now)
        Departure.objects.update_or_create(study_class=study_class, learner=user, defaults={"left_at": now})


def enter(study_class: StudyClass, people: Collection[int]) -> None:
    """Makes people members. Members stay members, and whoever had left is back."""
    through = Group.user_set.through
    through.objects.bulk_create(
        [through(group_id=study_class.group_id, user_id=pk) for pk in people],
        batch_size=BATCH,
        ignore_conflicts=True,
    )
    study_class.departures.filter(learner__groups=study_class.group_id).delete()


def lengthen(study_class: StudyClass, *, now: datetime) -> int:
    """Gives open attempts of members the time that the class has. Returns how many got more."""
    overrides = Override.objects.filter(group=study_class.group_id)
    return sum(attempts.extend_for_override(override, now=now) for override in overrides)


def _locked(study_class: StudyClass) -> StudyClass:
    """Locks a class, so that of two requests for its last place one is refused."""
    locked = StudyClass.objects.select_for_update(no_key=True, of=("self",)).select_related("group")
    return locked.get(pk=study_class.pk)


def _require_open(study_class: StudyClass, now: datetime) -> None:
    state = link_state(study_class, now=now)
    if state is not LinkState.OPEN:
        raise Refused(state)


def _has_place(study_class: StudyClass, user: User, now: datetime) -> bool:
    """Tells whether a place is kept for somebody who has signed up from the link."""
    kept = study_class.invitations.pending().filter(address=user.email, code=study_class.join_code)
    return bool(study_class.join_code and kept.filter(_has_kept_place(now)).exists())


def _lets_in(study_class: StudyClass, invitations: InvitationQuerySet, now: datetime) -> bool:
    """Tells whether one of these invitations lets its owner in: one of a list, a kept place, or an open link."""
    if invitations.filter(Q(code="") | _has_kept_place(now)).exists():
        return True
    by_link = invitations.filter(code=study_class.join_code or "-")
    return bool(by_link.exists()) and link_state(study_class, now=now) is LinkState.OPEN


def _has_kept_place(now: datetime) -> Q:
    return Q(joined_at__isnull=True, invited_at__gt=now - Invitation.PLACE_KEPT)


def _record(study_class: StudyClass, user: User, code: str, now: datetime) -> None:
    joined = {"code": code, "joined_at": now, "learner": user, "withdrawn_at": None}
    Invitation.objects.update_or_create(
        study_class=study_class,
        address=user.email,
        defaults=joined,
        create_defaults=joined | {"invited_at": now, "name": user.name},
    )
