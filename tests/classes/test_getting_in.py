"""Shows who gets into a class: by a list, by an invitation to a confirmed address, by the join link."""

from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.utils.translation import override

from accounts.models import User
from modules.classes import inviting, joining
from modules.classes.inviting import Outcome
from modules.classes.joining import LinkState, Refused
from modules.classes.links import class_with, new_code
from modules.classes.roster import MOST_LINES, read_roster
from modules.models import Invitation, Override
from modules.quizzes import attempts
from tasks.models import StoredTask
from tests.cast import NOON, a_quiz, at, run_tasks
from tests.classes.rooms import a_class, people_in

pytestmark = pytest.mark.django_db


def unconfirmed(email: str) -> User:
    user = User.objects.create_user(email, name="Tono")
    EmailAddress.objects.create(user=user, email=email, primary=True)
    return user


def add(study_class, text: str, by) -> inviting.RosterPlan:
    return inviting.apply_roster(study_class, read_roster(text), by=by, now=NOON)


def test_each_line_has_its_outcome(instructor, learner, other_learner):
    study_class = a_class(members=[other_learner])
    unconfirmed("tono@example.com")
    Invitation.objects.create(study_class=study_class, address="lama@example.com", invited_at=NOON)
    text = (
        f"{learner.email}\n{other_learner.email}\nbaru@example.com\ntono@example.com\n"
        f"lama@example.com\n{learner.email}\nharis"
    )
    plan = add(study_class, text, instructor)
    assert [row.outcome for row in plan.rows] == [
        Outcome.JOINS,
        Outcome.MEMBER,
        Outcome.INVITED,
        Outcome.UNCONFIRMED,
        Outcome.WAITS,
        Outcome.TWICE,
        Outcome.UNREADABLE,
    ]
    assert people_in(study_class) == {learner.email, other_learner.email}
    assert set(study_class.invitations.pending().values_list("address", flat=True)) == {
        "baru@example.com",
        "tono@example.com",
        "lama@example.com",
    }


def test_forty_lines_with_three_unknown_and_two_malformed(instructor):
    study_class = a_class()
    known = [User.objects.create_user(f"s{number}@example.com") for number in range(35)]
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in known
    )
    unknown = [f"baru{number}@example.com" for number in range(3)]
    plan = add(
        study_class,
        "\n".join([*(user.email for user in known), *unknown, "haris", "yuni@contoh"]),
        instructor,
    )
    assert (plan.joins, plan.invited, plan.unreadable) == (35, 3, 2)
    assert [row.entry.line for row in plan.rows if row.entry.problem] == [39, 40]
    assert study_class.group.user_set.count() == 35


def test_longest_list_takes_few_queries(instructor, django_assert_max_num_queries):
    study_class = a_class()
    entries = read_roster("\n".join(f"Siswa {n};s{n}@example.com" for n in range(MOST_LINES)))
    with django_assert_max_num_queries(20):
        plan = inviting.plan_roster(study_class, entries)
    assert plan.invited == MOST_LINES
    with django_assert_max_num_queries(60):
        inviting.apply_roster(study_class, entries, by=instructor, now=NOON)
    assert study_class.invitations.count() == MOST_LINES


def test_listed_twice_at_once_changes_nothing(instructor, learner):
    study_class = a_class()
    add(study_class, f"Sari;2231;{learner.email}\nbaru@example.com", instructor)
    again = add(study_class, f"{learner.email}\nbaru@example.com", instructor)
    assert not again.does_something
    assert study_class.invitations.get(learner=learner).number == "2231"


def test_new_member_gets_time_of_class(instructor, learner):
    study_class, quiz = a_class(), a_quiz("### Jumlah?\n\n- [=] 8\n", front_matter="time_limit: 10\n")
    Override.objects.create(quiz=quiz, group=study_class.group, extra_minutes=20)
    attempt = attempts.start(learner, quiz, now=NOON)
    add(study_class, learner.email, instructor)
    attempt.refresh_from_db()
    assert attempt.deadline == at(30)


def test_invitation_waits_for_confirmed_address(instructor):
    study_class = a_class()
    add(study_class, "tono@example.com", instructor)
    tono = unconfirmed("tono@example.com")
    assert joining.join_invited(tono, now=NOON) == []
    assert people_in(study_class) == set()
    tono.emailaddress_set.update(verified=True)
    assert joining.join_invited(tono, now=NOON) == [study_class]
    assert people_in(study_class) == {"tono@example.com"}


def test_withdrawn_invitation_lets_nobody_in(instructor, learner):
    study_class = a_class()
    invitation = Invitation.objects.create(study_class=study_class, address=learner.email, invited_at=NOON)
    assert inviting.withdraw(invitation, now=NOON)
    assert joining.join_invited(learner, now=NOON) == []
    add(study_class, learner.email, instructor)
    assert people_in(study_class) == {learner.email}


def test_each_invitation_is_mailed_once(instructor):
    study_class = a_class(by=instructor)
    add(study_class, "Tono;tono@example.com\nbaru@example.com", instructor)
    assert mail.outbox == []
    run_tasks()
    run_tasks()
    assert sorted(message.to[0] for message in mail.outbox) == ["baru@example.com", "tono@example.com"]
    assert "X-TKR 2" in mail.outbox[0].subject
    assert not Invitation.objects.unsent().exists()
    inviting.send_again(study_class.invitations.get(address="tono@example.com"), now=NOON)
    run_tasks()
    assert len(mail.outbox) == 3


def test_closed_account_does_not_join_from_a_list(instructor, learner):
    study_class = a_class()
    User.objects.filter(pk=learner.pk).update(is_active=False)
    plan = add(study_class, learner.email, instructor)
    assert [row.outcome for row in plan.rows] == [Outcome.CLOSED]
    assert (plan.unchanged, plan.does_something, people_in(study_class)) == (1, False, set())


def test_words_without_mail_promise_no_invitation(instructor, monkeypatch):
    monkeypatch.setattr(settings, "HAS_MAIL", False)
    study_class = a_class()
    with override("en"):
        plans = [add(study_class, "baru@example.com", instructor) for _time in range(2)]
        sentences = [str(plan.rows[0].sentence) for plan in plans]
    assert sentences == [
        "has no account yet: noted, and needs a slip or the join link",
        "is noted already: needs a slip or the join link",
    ]


def test_no_mail_is_enqueued_where_none_is_set_up(instructor, monkeypatch):
    monkeypatch.setattr(settings, "HAS_MAIL", False)
    study_class = a_class()
    tono = unconfirmed("tono@example.com")
    plan = add(study_class, "tono@example.com\nbaru@example.com", instructor)
    assert (plan.joins, plan.invited, people_in(study_class)) == (1, 1, {tono.email})
    assert not StoredTask.objects.filter(function__contains="send_invitations").exists()


# --------------------------------------------------------------------------------------------- the join link


def open_class(**link) -> object:
    return a_class(join_code=new_code(), **{"join_opened_at": NOON} | link)


@pytest.mark.parametrize(
    ("link", "state"),
    [
        ({}, LinkState.OPEN),
        ({"join_opened_at": None}, LinkState.CLOSED),
        ({"join_closes_at": NOON}, LinkState.EXPIRED),
        ({"join_closes_at": NOON + timedelta(days=1)}, LinkState.OPEN),
        ({"join_limit": 0}, LinkState.FULL),
        ({"archived_at": NOON}, LinkState.ARCHIVED),
    ],
)  # fmt: skip
def test_link_has_a_state(learner, link, state):
    study_class = open_class(**link)
    assert joining.link_state(study_class, now=NOON) is state
    if state is LinkState.OPEN:
        joining.join_by_link(study_class, learner, now=NOON)
        assert people_in(study_class) == {learner.email}
    else:
        with pytest.raises(Refused) as refused:
            joining.join_by_link(study_class, learner, now=NOON)
        assert refused.value.state is state
        assert people_in(study_class) == set()


def test_limit_counts_each_person_once(learner, other_learner):
    study_class = open_class(join_limit=1)
    joining.join_by_link(study_class, learner, now=NOON)
    joining.join_by_link(study_class, learner, now=NOON)
    with pytest.raises(Refused):
        joining.join_by_link(study_class, other_learner, now=NOON)
    joining.leave(study_class, learner)
    joining.join_by_link(study_class, other_learner, now=NOON)
    assert people_in(study_class) == {other_learner.email}


def test_person_who_waits_keeps_a_place(learner):
    study_class = open_class(join_limit=1)
    tono = unconfirmed("tono@example.com")
    joining.wait_by_link(study_class, tono, now=NOON)
    with pytest.raises(Refused):
        joining.join_by_link(study_class, learner, now=NOON)
    study_class.close_link()
    tono.emailaddress_set.update(verified=True)
    assert joining.join_invited(tono, now=NOON) == [study_class]


def test_kept_place_is_free_after_three_days(learner):
    study_class = open_class(join_limit=1)
    tono = unconfirmed("tono@example.com")
    joining.wait_by_link(study_class, tono, now=NOON)
    later = NOON + Invitation.PLACE_KEPT
    assert joining.link_state(study_class, now=later - timedelta(seconds=1)) is LinkState.FULL
    joining.join_by_link(study_class, learner, now=later)
    tono.emailaddress_set.update(verified=True)
    assert joining.join_invited(tono, now=later) == []
    joining.leave(study_class, learner)
    assert joining.join_invited(tono, now=later) == [study_class]


def test_late_confirmation_joins_by_no_closed_or_changed_link():
    study_class = open_class()
    tono = unconfirmed("tono@example.com")
    joining.wait_by_link(study_class, tono, now=NOON)
    tono.emailaddress_set.update(verified=True)
    later = NOON + Invitation.PLACE_KEPT
    study_class.close_link()
    assert joining.join_invited(tono, now=later) == []
    study_class.open_link(new_code(), closes_at=None, limit=None, now=NOON)
    assert joining.join_invited(tono, now=later) == []


def test_code_is_found_as_people_type_it():
    study_class = open_class()
    code = study_class.join_code
    assert class_with(code.upper()) == class_with(code.replace("-", " ")) == study_class
    assert class_with(code[:-1]) is class_with("") is class_with("x" * 10_000) is None
