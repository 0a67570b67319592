"""Tests classes in the admin: instructors create and fill them, and membership gives no permissions."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.utils import timezone

from accounts.models import User
from accounts.roles import INSTRUCTORS, Role, role_of
from modules.models import Override
from modules.quizzes import attempts
from modules.quizzes.learner_rules import rules_for
from tests.cast import a_quiz

pytestmark = pytest.mark.django_db

LIST_URL = "/admin/auth/group/"
ONE_QUESTION = "### Jumlah planet?\n\n- [=] 8\n"


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


@pytest.fixture
def group(db):
    return Group.objects.create(name="Kelas B")


def group_url(group: Group) -> str:
    return f"{LIST_URL}{group.pk}/change/"


def member_emails(group: Group) -> set[str]:
    return {person.email for person in group.user_set.all()}


def test_instructor_creates_class_with_learners(browser, learner, other_learner):
    browser.post(f"{LIST_URL}add/", {"name": "Kelas B", "emails": f"Sari <{learner.email.upper()}>,"})
    study_class = Group.objects.get(name="Kelas B")
    assert member_emails(study_class) == {learner.email}

    answer = browser.post(
        group_url(study_class),
        {"name": "Kelas C", "emails": f"{learner.email}\n\n{other_learner.email}"},
        follow=True,
    )
    study_class.refresh_from_db()
    assert (study_class.name, member_emails(study_class)) == ("Kelas C", {learner.email, other_learner.email})
    assert answer.context["form"].added == 0
    assert all(person.email in answer.content.decode() for person in (learner, other_learner))
    assert "Kelas C" in browser.get(LIST_URL).content.decode()


def test_unknown_address_is_named_and_input_stays(browser, group, learner):
    emails = f"{learner.email}\ntidak.ada@example.com"
    answer = browser.post(group_url(group), {"name": "Kelas B", "emails": emails})
    assert "tidak.ada@example.com." in answer.context["form"].errors["emails"][0]
    assert learner.email not in answer.context["form"].errors["emails"][0]
    assert answer.context["form"]["emails"].value() == emails
    assert member_emails(group) == set()


def test_removed_member_keeps_account(browser, group, learner):
    group.user_set.add(learner)
    browser.post(f"{LIST_URL}{group.pk}/members/{learner.pk}/removal/")
    assert member_emails(group) == set()
    assert User.objects.filter(pk=learner.pk).exists()
    assert browser.post(f"{LIST_URL}{group.pk}/members/{10**30}/removal/").status_code == 404


def test_new_member_gets_class_rules_at_once(browser, group, learner, other_learner):
    quiz = a_quiz(ONE_QUESTION, front_matter="time_limit: 10\n")
    Override.objects.create(quiz=quiz, group=group, extra_minutes=20)
    now = timezone.now()
    open_attempt = attempts.start(learner, quiz, now=now)
    late = attempts.start(other_learner, quiz, now=now - timedelta(minutes=15))
    sent = {"name": "Kelas B", "emails": f"{learner.email}, {other_learner.email}"}

    browser.cookies["language"] = "en"
    answer = browser.post(group_url(group), sent, follow=True)

    assert "1 attempt that is under way has more time now" in answer.content.decode()
    assert rules_for(quiz, learner).minutes == 30
    open_attempt.refresh_from_db()
    late.refresh_from_db()
    assert open_attempt.deadline == now + timedelta(minutes=30)
    assert late.submitted_at == now - timedelta(minutes=5)


def test_deleted_class_takes_its_overrides_only(browser, group, learner):
    group.user_set.add(learner)
    Override.objects.create(quiz=a_quiz(ONE_QUESTION), group=group, attempts_allowed=3)
    delete = f"{LIST_URL}{group.pk}/delete/"
    assert "Kuis akhir: Kelas B" in browser.get(delete).content.decode()
    browser.post(delete, {"post": "yes"})
    assert not Override.objects.exists()
    assert list(Group.objects.values_list("name", flat=True)) == [INSTRUCTORS]
    assert User.objects.filter(pk=learner.pk).exists()


# ------------------------------------------------------------------------------------------- permissions


def test_class_membership_gives_no_permissions(browser, signed_in, learner):
    all_permissions = [str(pk) for pk in Permission.objects.values_list("pk", flat=True)]
    extra_fields = {
        "permissions": all_permissions,
        "user_permissions": all_permissions,
        "is_staff": "on",
        "role": "administrator",
    }
    browser.post(f"{LIST_URL}add/", {"name": "Kelas B", "emails": learner.email} | extra_fields)
    study_class = Group.objects.get(name="Kelas B")
    browser.post(group_url(study_class), {"name": "Kelas B", "emails": learner.email} | extra_fields)

    person = User.objects.get(pk=learner.pk)
    assert member_emails(study_class) == {learner.email}
    assert not study_class.permissions.exists()
    assert role_of(person) == Role.LEARNER
    assert person.get_all_permissions() == set()
    assert signed_in(person).get("/admin/").status_code == 302


@pytest.fixture(params=["instructors", "other"])
def powerful(request, db):
    """Returns a group with permissions and one member: the group of instructors, or another one."""
    if request.param == "instructors":
        privileged_group = Group.objects.get(name=INSTRUCTORS)
    else:
        privileged_group = Group.objects.create(name="Pengawas")
        privileged_group.permissions.add(Permission.objects.get(codename="change_user"))
    privileged_group.user_set.add(User.objects.create_user("ada@example.com"))
    return privileged_group


@pytest.mark.parametrize("role", ["instructor", "administrator"])
def test_groups_with_permissions_are_not_found(request, signed_in, learner, powerful, role):
    staff_browser = signed_in(request.getfixturevalue(role))
    emails_before, permissions_before = member_emails(powerful), list(powerful.permissions.all())
    assert powerful.name not in staff_browser.get(LIST_URL).content.decode()
    assert staff_browser.get(group_url(powerful)).status_code == 404
    assert (
        staff_browser.post(group_url(powerful), {"name": "Milikku", "emails": learner.email}).status_code
        == 404
    )
    member = powerful.user_set.first()
    assert staff_browser.post(f"{LIST_URL}{powerful.pk}/members/{member.pk}/removal/").status_code == 404
    staff_browser.post(f"{LIST_URL}{powerful.pk}/delete/", {"post": "yes"})

    unchanged = Group.objects.get(pk=powerful.pk)
    assert (unchanged.name, member_emails(unchanged), list(unchanged.permissions.all())) == (
        powerful.name,
        emails_before,
        permissions_before,
    )


def test_class_cannot_be_named_like_the_instructors(browser, group, learner):
    for address in (f"{LIST_URL}add/", group_url(group)):
        answer = browser.post(address, {"name": INSTRUCTORS, "emails": learner.email})
        assert list(answer.context["form"].errors) == ["name"]
    assert learner.email not in member_emails(Group.objects.get(name=INSTRUCTORS))
    group.refresh_from_db()
    assert group.name == "Kelas B"


def test_learners_and_visitors_cannot_edit_classes(client, signed_in, group, learner):
    addresses = (LIST_URL, f"{LIST_URL}add/", group_url(group), f"{LIST_URL}{group.pk}/delete/",
                 f"{LIST_URL}{group.pk}/members/{learner.pk}/removal/")  # fmt: skip
    for other_browser in (client, signed_in(learner)):
        for address in addresses:
            sent = {"name": "Milikku", "emails": learner.email, "post": "yes"}
            assert other_browser.post(address, sent).status_code in (302, 403)
    assert [(other.name, member_emails(other)) for other in Group.objects.exclude(name=INSTRUCTORS)] == [
        ("Kelas B", set())
    ]


def test_staff_without_permissions_cannot_edit_classes(signed_in, group, learner):
    learner.is_staff = True
    learner.save()
    staff_browser = signed_in(learner)
    for address in (LIST_URL, f"{LIST_URL}add/", group_url(group), f"{LIST_URL}{group.pk}/delete/",
                    f"{LIST_URL}{group.pk}/members/{learner.pk}/removal/"):  # fmt: skip
        assert staff_browser.post(address, {"name": "Milikku", "post": "yes"}).status_code == 403
