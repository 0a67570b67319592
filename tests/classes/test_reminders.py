"""Shows who is reminded of a due date by mail, when, in which words, and how a learner ends it."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate

from accounts.models import User
from accounts.roles import Role, give
from modules.classes import reminder_rules, reminder_sending, reminding
from modules.classes.reminder_choice import choose_reminders, wants_reminders
from modules.classes.reminder_mails import token_of
from modules.classes.reminding import remind_all
from modules.models import Assignment, Enrolment, Module, OwnDueDate, Reminder
from tasks.mail import pack, unpack
from tasks.models import StoredTask
from tasks.worker import WorkerLoop
from tests.cast import NOON, PLANETS, a_module, at
from tests.classes.rooms import a_class, assign

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def outbox(settings):
    """Lets the worker deliver into the outbox of the test."""
    settings.SENDING_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture
def study_class(instructor, learner):
    """A class of one learner that sends reminders."""
    return a_class(by=instructor, members=[learner], reminds_since=NOON - 9 * DAY)


def a_duty(study_class, *, due_at: datetime, module: Module | None = None, **fields) -> Assignment:
    """Assigns a module, long enough ago."""
    assignment = assign(study_class, module or a_module(), due_at=due_at, **fields)
    Assignment.objects.filter(pk=assignment.pk).update(assigned_at=NOON - 9 * DAY)
    return assignment


def own_date(duty: Assignment, learner: User, due_at: datetime) -> OwnDueDate:
    return OwnDueDate.objects.create(assignment=duty, learner=learner, due_at=due_at, given_at=NOON)


def enrol(duty: Assignment, learner: User, **fields) -> None:
    Enrolment.objects.create(learner=learner, module=duty.module, begun_at=NOON, last_seen_at=NOON, **fields)


def remind(*, now: datetime = NOON) -> int:
    """Makes the reminders of a moment, and sends their mails at once. Returns how many mails were made."""
    number = remind_all(now=now)
    send_waiting(now=now)
    return number


def send_waiting(*, now: datetime) -> None:
    """Sends the reminders that wait, as the worker does at a moment."""
    learners = Reminder.objects.filter(Reminder.waiting()).values_list("learner", flat=True)
    with patch("django.utils.timezone.now", lambda: now):
        for learner in sorted(set(learners)):
            reminder_sending.mail_reminders.func(learner)


def reminded(*, now: datetime = NOON) -> list[tuple[str, str]]:
    """Returns whom a look at ``now`` reminds, and whether it is before or after."""
    Reminder.objects.filter(made_at=now).delete()
    remind_all(now=now)
    return list(Reminder.objects.filter(made_at=now).values_list("learner__email", "kind"))


def test_learner_is_reminded_once_before_and_once_after(study_class, learner):
    a_duty(study_class, due_at=NOON + 3 * DAY)
    looks = [remind(now=NOON + hours * timedelta(hours=1)) for hours in range(0, 12 * 24, 3)]
    assert sum(looks) == 2
    assert [message.to for message in mail.outbox] == [[learner.email]] * 2
    first, second = Reminder.objects.order_by("made_at")
    assert (first.kind, second.kind) == ("before", "after")
    assert localdate(first.made_at) == localdate(NOON + DAY)
    assert NOON + 3 * DAY + reminder_rules.BEHIND <= second.made_at < NOON + 5 * DAY


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda duty, learner: None, 1),
        (lambda duty, learner: duty.study_class.archive(now=NOON), 0),
        (lambda duty, learner: duty.study_class.switch_reminders(on=False, now=NOON), 0),
        (lambda duty, learner: User.objects.update(is_active=False), 0),
        (lambda duty, learner: learner.emailaddress_set.update(verified=False), 0),
        (lambda duty, learner: learner.emailaddress_set.update(email="lain@example.com"), 0),
        (lambda duty, learner: give(learner, Role.INSTRUCTOR), 0),
        (lambda duty, learner: learner.groups.remove(duty.study_class.group), 0),
        (lambda duty, learner: choose_reminders(learner, on=False, now=NOON), 0),
        (lambda duty, learner: Module.objects.update(published_at=None), 0),
        (enrol, 1),
        (lambda duty, learner: enrol(duty, learner, finished_at=NOON), 0),
        (lambda duty, learner: Assignment.objects.update(assigned_at=NOON), 0),
        (lambda duty, learner: Assignment.objects.update(starts_at=at(1)), 0),
    ],
    ids=[
        "who has not begun", "archived", "switched off", "closed account", "unconfirmed", "another address", "staff",
        "left", "learner switched off", "withdrawn module", "who has begun", "finished", "just assigned", "starts later",
    ],
)  # fmt: skip
def test_only_learners_who_have_something_to_do_are_reminded(study_class, learner, change, expected):
    duty = a_duty(study_class, due_at=NOON + DAY)
    change(duty, learner)
    assert len(reminded()) == expected


def test_withdrawn_module_reminds_those_who_may_go_on(study_class, learner, other_learner):
    study_class.group.user_set.add(other_learner)
    duty = a_duty(study_class, due_at=NOON + DAY)
    enrol(duty, learner)
    Module.objects.update(published_at=None, keeps_learners=True)
    assert reminded() == [(learner.email, "before")]


def test_moved_date_reminds_again_only_if_it_moves_far(study_class, learner):
    duty = a_duty(study_class, due_at=NOON + DAY)
    assert remind() == 1
    Assignment.objects.update(due_at=duty.due_at + reminder_rules.MOVED)
    assert remind(now=NOON + 7 * DAY) == 0
    Assignment.objects.update(due_at=duty.due_at + reminder_rules.MOVED + timedelta(hours=1))
    assert remind(now=NOON + 7 * DAY) == 1
    assert remind(now=NOON + 7 * DAY) == 0
    assert Reminder.objects.count() == 1


def test_switching_on_reminds_of_no_date_that_is_over(instructor, learner):
    study_class = a_class(by=instructor, members=[learner])
    a_duty(study_class, due_at=NOON - DAY)
    study_class.switch_reminders(on=True, now=NOON - 2 * DAY)
    study_class.switch_reminders(on=True, now=NOON)
    assert reminded() == [(learner.email, "after")]
    study_class.switch_reminders(on=False, now=NOON)
    study_class.switch_reminders(on=True, now=NOON)
    assert reminded() == []


def test_no_mail_leaves_at_night(study_class):
    a_duty(study_class, due_at=NOON + DAY)
    one_in_jakarta = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
    assert remind_all(now=one_in_jakarta) == 0
    assert remind_all(now=one_in_jakarta + timedelta(hours=6)) == 1


def test_large_class_is_reminded_in_batches(study_class, monkeypatch):
    monkeypatch.setattr(reminding, "BATCH", 2)
    monkeypatch.setattr(reminding, "PAUSE", 0)
    for number in range(4):
        user = User.objects.create_user(f"s{number}@example.com")
        user.emailaddress_set.create(email=user.email, verified=True, primary=True)
        study_class.group.user_set.add(user)
    a_duty(study_class, due_at=NOON + DAY)
    assert remind() == 5
    assert len({message.to[0] for message in mail.outbox}) == 5


def test_row_and_mail_are_written_together(study_class, monkeypatch):
    def fail(_learner):
        raise RuntimeError("killed here")

    a_duty(study_class, due_at=NOON + DAY)
    monkeypatch.setattr(reminding, "mail_reminders", SimpleNamespace(enqueue=fail))
    with pytest.raises(RuntimeError):
        remind_all(now=NOON)
    assert not Reminder.objects.exists()
    monkeypatch.undo()
    assert remind_all(now=NOON) == 1


def test_worker_looks_for_reminders_by_itself(study_class, learner, at_noon):
    a_duty(study_class, due_at=NOON + DAY)
    WorkerLoop(clock=timezone.now).run_all()
    assert [message.to for message in mail.outbox] == [[learner.email]]


def test_no_reminder_is_enqueued_where_no_mail_is_set_up(study_class, monkeypatch, at_noon):
    monkeypatch.setattr(settings, "HAS_MAIL", False)
    a_duty(study_class, due_at=NOON + DAY)
    reminding.send_reminders.func()
    assert not StoredTask.objects.exists()


def test_mail_has_language_zone_and_way_out(study_class, learner):
    User.objects.filter(pk=learner.pk).update(language="en", time_zone="Asia/Jayapura")
    duty = a_duty(study_class, due_at=NOON + DAY, note="Bab 2 saja")
    remind()
    message = mail.outbox[0]
    assert message.subject == "Tata surya is due on 25 Nov 2026, 21:00 WIT"
    link = message.extra_headers["List-Unsubscribe"]
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert unpack(pack(message)).message()["List-Unsubscribe"].strip() == link
    body = message.body
    assert link.strip("<>") in body
    assert duty.module.get_absolute_url() in body
    assert "Bab 2 saja" in body
    assert "X-TKR 2" in body


def test_mail_is_in_the_language_and_zone_of_the_site_by_default(study_class):
    a_duty(study_class, due_at=NOON - DAY)
    remind()
    message = mail.outbox[0]
    assert message.subject == "Tata surya: tenggatnya sudah lewat, 23 Nov 2026, 19.00 WIB"
    assert "belum" in message.body


# ------------------------------------------------------------------------------------------- one mail a day


def a_second_module(title: str = "Listrik") -> Module:
    return a_module(PLANETS.replace("Tata surya", title, 1))


def test_all_of_a_day_stand_in_one_mail(study_class):
    a_duty(study_class, due_at=NOON + DAY)
    a_duty(study_class, due_at=NOON + 2 * DAY + timedelta(hours=3), module=a_second_module())
    a_duty(study_class, due_at=NOON - DAY, module=a_second_module("Gaya"))
    assert [remind(now=NOON + timedelta(minutes=minutes)) for minutes in (0, 10, 60)] == [1, 0, 0]
    (message,) = mail.outbox
    assert all(title in message.body for title in ("Tata surya", "Listrik", "Gaya"))
    assert Reminder.objects.filter(sent_at=NOON).count() == 3


def test_later_reminder_of_the_same_day_waits_until_tomorrow(study_class):
    a_duty(study_class, due_at=NOON + DAY)
    remind()
    a_duty(study_class, due_at=NOON + DAY, module=a_second_module())
    assert remind(now=NOON + timedelta(hours=1)) == 0
    assert remind(now=NOON + timedelta(hours=13)) == 1
    assert "Tata surya" not in mail.outbox[1].body


def test_module_of_two_classes_is_named_once(study_class, instructor, learner):
    module = a_module()
    other = a_class("XI-TKR 1", by=instructor, members=[learner], reminds_since=NOON - 9 * DAY)
    a_duty(study_class, due_at=NOON + DAY, module=module)
    a_duty(other, due_at=NOON + 2 * DAY, module=module)
    assert remind() == 1
    assert mail.outbox[0].body.count(module.get_absolute_url()) == 1
    assert remind(now=NOON + timedelta(hours=13)) == 0


# ---------------------------------------------------------------------------------- what waits is looked at again


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda duty, learner: enrol(duty, learner, finished_at=NOON), "finished"),
        (lambda duty, learner: Assignment.objects.update(due_at=NOON + 9 * DAY), "moved"),
        (lambda duty, learner: Assignment.objects.update(due_at=None), "moved"),
        (lambda duty, learner: own_date(duty, learner, NOON + 9 * DAY), "moved"),
        (lambda duty, learner: duty.study_class.switch_reminders(on=False, now=NOON), "off"),
        (lambda duty, learner: choose_reminders(learner, on=False, now=NOON), "off"),
        (lambda duty, learner: duty.study_class.archive(now=NOON), "not_asked"),
        (lambda duty, learner: learner.groups.remove(duty.study_class.group), "not_asked"),
        (lambda duty, learner: Module.objects.update(published_at=None), "not_asked"),
    ],
)
def test_reminder_that_is_out_of_date_is_dropped_with_its_reason(study_class, learner, change, reason):
    duty = a_duty(study_class, due_at=NOON + DAY)
    assert remind_all(now=NOON) == 1
    change(duty, learner)
    send_waiting(now=NOON + timedelta(hours=1))
    assert mail.outbox == []
    reminder = Reminder.objects.get()
    assert (reminder.sent_at, reminder.reason) == (None, reason)
    assert reminder.dropped_at == NOON + timedelta(hours=1)


def test_reminder_after_its_own_due_date_comes_too_late(study_class):
    a_duty(study_class, due_at=NOON + DAY)
    remind_all(now=NOON)
    send_waiting(now=NOON + DAY)
    assert mail.outbox == []
    assert Reminder.objects.get().reason == "over"
    assert remind(now=NOON + 2 * DAY) == 1


def test_only_what_still_holds_is_sent(study_class, learner):
    first = a_duty(study_class, due_at=NOON + DAY)
    a_duty(study_class, due_at=NOON + DAY, module=a_second_module())
    remind_all(now=NOON)
    enrol(first, learner, finished_at=NOON)
    send_waiting(now=NOON)
    assert "Tata surya" not in mail.outbox[0].body
    assert sorted(Reminder.objects.values_list("reason", flat=True)) == ["", "finished"]


def test_moved_date_is_the_one_in_the_mail(study_class):
    duty = a_duty(study_class, due_at=NOON + DAY)
    remind_all(now=NOON)
    Assignment.objects.update(due_at=duty.due_at + timedelta(hours=2))
    send_waiting(now=NOON)
    assert "21.00 WIB" in mail.outbox[0].body
    assert Reminder.objects.get().due_at == duty.due_at + timedelta(hours=2)


def test_mail_that_waited_into_the_night_waits_for_the_morning(study_class):
    a_duty(study_class, due_at=NOON + DAY)
    remind_all(now=NOON)
    StoredTask.objects.all().delete()
    send_waiting(now=NOON + timedelta(hours=8))
    assert mail.outbox == []
    assert StoredTask.objects.get().due_at == NOON + timedelta(hours=11)


def test_second_attempt_sends_nothing_twice(study_class, learner):
    a_duty(study_class, due_at=NOON + DAY)
    remind()
    with patch("django.utils.timezone.now", lambda: NOON):
        reminder_sending.mail_reminders.func(learner.pk)
    assert len(mail.outbox) == 1


def test_learner_with_longer_is_reminded_of_the_own_date(study_class, learner, other_learner):
    study_class.group.user_set.add(other_learner)
    duty = a_duty(study_class, due_at=NOON + DAY)
    own_date(duty, learner, NOON + 9 * DAY)
    assert reminded() == [(other_learner.email, "before")]
    assert (learner.email, "before") in reminded(now=NOON + 8 * DAY)


# ------------------------------------------------------------------------------------------- the way out


def path_of(learner) -> str:
    return f"/reminders/{token_of(learner)}/"


def test_one_click_works_signed_out_and_without_a_cookie(learner):
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(path_of(learner), {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not wants_reminders(learner)


def test_opening_the_link_changes_nothing_and_shows_a_button(learner):
    browser = Client()
    page = browser.get(path_of(learner)).content.decode()
    assert wants_reminders(learner)
    assert re.search(r'<button[^>]*name="do"\s+value="off"', page)
    browser.post(path_of(learner), {"do": "off"})
    browser.post(path_of(learner), {"do": "off"})
    assert not wants_reminders(learner)
    browser.post(path_of(learner), {"do": "on"})
    assert wants_reminders(learner)


def test_link_page_is_in_the_language_of_its_reader(learner):
    User.objects.filter(pk=learner.pk).update(language="en")
    answer = Client().get(path_of(learner))
    assert answer.headers["Content-Language"] == "en"
    assert "No more reminders?" in answer.content.decode()


def test_foreign_and_spoilt_links_change_nothing(learner):
    for token in ("x", token_of(learner) + "x", token_of(User(pk=10**6))):
        assert Client().post(f"/reminders/{token}/").status_code == 404
    assert wants_reminders(learner)


def test_account_page_switches_reminders(as_learner, learner):
    assert "Send me no more reminders" in as_learner.get("/accounts/").content.decode()
    answer = as_learner.post("/reminders/", {"do": "off"}, follow=True)
    assert "Send me reminders again" in answer.content.decode()
    assert not wants_reminders(learner)
    as_learner.post("/reminders/", {"do": "on"})
    assert wants_reminders(learner)


def test_account_page_is_silent_where_nobody_is_reminded(signed_in, instructor, as_learner, monkeypatch):
    url = 'action="/reminders/"'
    assert url not in signed_in(instructor).get("/accounts/").content.decode()
    monkeypatch.setattr(settings, "HAS_MAIL", False)
    assert url not in as_learner.get("/accounts/").content.decode()


# --------------------------------------------------------------------------------- the settings of a class


def test_instructor_switches_reminders_on_and_off(signed_in, instructor):
    study_class = a_class(by=instructor)
    browser, url = signed_in(instructor), f"/admin/modules/studyclass/{study_class.pk}/settings/"
    sent = {"name": "X-TKR 2", "instructors": [instructor.pk]}
    assert not browser.get(url).context["form"]["reminds"].value()
    browser.post(url, sent | {"reminds": "on"})
    study_class.refresh_from_db()
    assert study_class.reminds_since is not None
    browser.post(url, sent)
    study_class.refresh_from_db()
    assert study_class.reminds_since is None


def test_settings_say_that_reminders_need_mail(signed_in, instructor, monkeypatch):
    monkeypatch.setattr(settings, "HAS_MAIL", False)
    monkeypatch.setattr(settings, "CONTACT", "mailto:admin@example.com")
    study_class = a_class(by=instructor, reminds_since=NOON)
    browser, url = signed_in(instructor), f"/admin/modules/studyclass/{study_class.pk}/settings/"
    browser.cookies["language"] = "en"
    page = browser.get(url).content.decode()
    assert "Reminders of due dates need mail" in page
    assert "mailto:admin@example.com" in page
    assert "reminds" not in browser.get(url).context["form"].fields
    browser.post(url, {"name": "X-TKR 2", "instructors": [instructor.pk]})
    study_class.refresh_from_db()
    assert study_class.reminds_since == NOON


def test_own_date_where_the_class_has_none_stops_no_reminder(study_class, learner):
    undated = a_duty(study_class, due_at=NOON + DAY, module=a_second_module())
    own_date(undated, learner, NOON + 2 * DAY)
    Assignment.objects.filter(pk=undated.pk).update(due_at=None)
    duty = a_duty(study_class, due_at=NOON + DAY)
    assert remind() == 1
    assert [row.assignment for row in Reminder.objects.all()] == [duty]


def test_waiting_reminder_is_dropped_if_the_start_moves_ahead(study_class, learner):
    duty = a_duty(study_class, due_at=NOON + 2 * DAY)
    remind_all(now=NOON)
    Assignment.objects.filter(pk=duty.pk).update(starts_at=NOON + DAY)
    send_waiting(now=NOON)
    assert mail.outbox == []
    assert Reminder.objects.get().reason == Reminder.Reason.NOT_ASKED
