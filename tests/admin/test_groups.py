"""Groups of learners: instructors make them and put people in, and nobody gets any power by it."""

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

LIST = "/admin/auth/group/"
ONE = "### Jumlah planet?\n\n- [=] 8\n"


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


@pytest.fixture
def group(db):
    return Group.objects.create(name="Kelas B")


def page(group: Group) -> str:
    return f"{LIST}{group.pk}/change/"


def names(group: Group) -> set[str]:
    return {person.email for person in group.user_set.all()}


def test_an_instructor_makes_a_class_and_puts_learners_in(browser, learner, other_learner):
    browser.post(f"{LIST}add/", {"name": "Kelas B", "emails": f"Sari <{learner.email.upper()}>,"})
    group = Group.objects.get(name="Kelas B")
    assert names(group) == {learner.email}

    answer = browser.post(
        page(group),
        {"name": "Kelas C", "emails": f"{learner.email}\n\n{other_learner.email}"},
        follow=True,
    )
    group.refresh_from_db()
    assert (group.name, names(group)) == ("Kelas C", {learner.email, other_learner.email})
    assert answer.context["form"].added == 0
    assert all(one.email in answer.content.decode() for one in (learner, other_learner))
    assert "Kelas C" in browser.get(LIST).content.decode()


def test_who_has_not_signed_up_is_named_and_what_was_typed_stays(browser, group, learner):
    typed = f"{learner.email}\ntidak.ada@example.com"
    answer = browser.post(page(group), {"name": "Kelas B", "emails": typed})
    assert "tidak.ada@example.com." in answer.context["form"].errors["emails"][0]
    assert learner.email not in answer.context["form"].errors["emails"][0]
    assert answer.context["form"]["emails"].value() == typed
    assert names(group) == set()


def test_somebody_is_taken_out_and_nothing_else_of_them(browser, group, learner):
    group.user_set.add(learner)
    browser.post(f"{LIST}{group.pk}/members/{learner.pk}/removal/")
    assert names(group) == set()
    assert User.objects.filter(pk=learner.pk).exists()
    assert browser.post(f"{LIST}{group.pk}/members/{10**30}/removal/").status_code == 404


def test_who_comes_into_a_group_has_its_rules_at_once(browser, group, learner, other_learner):
    quiz = a_quiz(ONE, front_matter="time_limit: 10\n")
    Override.objects.create(quiz=quiz, group=group, extra_minutes=20)
    now = timezone.now()
    open_attempt = attempts.start(learner, quiz, now=now)
    late = attempts.start(other_learner, quiz, now=now - timedelta(minutes=15))
    sent = {"name": "Kelas B", "emails": f"{learner.email}, {other_learner.email}"}

    browser.cookies["language"] = "en"
    answer = browser.post(page(group), sent, follow=True)

    assert "1 attempt that is under way has more time now" in answer.content.decode()
    assert rules_for(quiz, learner).minutes == 30
    open_attempt.refresh_from_db()
    late.refresh_from_db()
    assert open_attempt.deadline == now + timedelta(minutes=30)
    assert late.submitted_at == now - timedelta(minutes=5)


def test_a_group_goes_with_its_rules_and_without_its_learners(browser, group, learner):
    group.user_set.add(learner)
    Override.objects.create(quiz=a_quiz(ONE), group=group, attempts_allowed=3)
    delete = f"{LIST}{group.pk}/delete/"
    assert "Kuis akhir: Kelas B" in browser.get(delete).content.decode()
    browser.post(delete, {"post": "yes"})
    assert not Override.objects.exists()
    assert list(Group.objects.values_list("name", flat=True)) == [INSTRUCTORS]
    assert User.objects.filter(pk=learner.pk).exists()


# ------------------------------------------------------------------------------------------------- power


def test_being_in_a_group_gives_no_power(browser, signed_in, learner):
    everything = [str(one) for one in Permission.objects.values_list("pk", flat=True)]
    asked = {
        "permissions": everything,
        "user_permissions": everything,
        "is_staff": "on",
        "role": "administrator",
    }
    browser.post(f"{LIST}add/", {"name": "Kelas B", "emails": learner.email} | asked)
    group = Group.objects.get(name="Kelas B")
    browser.post(page(group), {"name": "Kelas B", "emails": learner.email} | asked)

    person = User.objects.get(pk=learner.pk)
    assert names(group) == {learner.email}
    assert not group.permissions.exists()
    assert role_of(person) == Role.LEARNER
    assert person.get_all_permissions() == set()
    assert signed_in(person).get("/admin/").status_code == 302


@pytest.fixture(params=["instructors", "other"])
def powerful(request, db):
    """The group of instructors, and one to which somebody gave a permission, each with a person in it."""
    if request.param == "instructors":
        group = Group.objects.get(name=INSTRUCTORS)
    else:
        group = Group.objects.create(name="Pengawas")
        group.permissions.add(Permission.objects.get(codename="change_user"))
    group.user_set.add(User.objects.create_user("ada@example.com"))
    return group


@pytest.mark.parametrize("who", ["instructor", "administrator"])
def test_groups_that_give_power_are_not_there(request, signed_in, learner, powerful, who):
    browser = signed_in(request.getfixturevalue(who))
    before, held = names(powerful), list(powerful.permissions.all())
    assert powerful.name not in browser.get(LIST).content.decode()
    assert browser.get(page(powerful)).status_code == 404
    assert browser.post(page(powerful), {"name": "Milikku", "emails": learner.email}).status_code == 404
    inside = powerful.user_set.first()
    assert browser.post(f"{LIST}{powerful.pk}/members/{inside.pk}/removal/").status_code == 404
    browser.post(f"{LIST}{powerful.pk}/delete/", {"post": "yes"})

    there = Group.objects.get(pk=powerful.pk)
    assert (there.name, names(there), list(there.permissions.all())) == (powerful.name, before, held)


def test_no_group_takes_the_name_of_the_instructors(browser, group, learner):
    for address in (f"{LIST}add/", page(group)):
        answer = browser.post(address, {"name": INSTRUCTORS, "emails": learner.email})
        assert list(answer.context["form"].errors) == ["name"]
    assert learner.email not in names(Group.objects.get(name=INSTRUCTORS))
    group.refresh_from_db()
    assert group.name == "Kelas B"


def test_learners_and_strangers_have_no_say_in_it(client, signed_in, group, learner):
    addresses = (LIST, f"{LIST}add/", page(group), f"{LIST}{group.pk}/delete/",
                 f"{LIST}{group.pk}/members/{learner.pk}/removal/")  # fmt: skip
    for browser in (client, signed_in(learner)):
        for address in addresses:
            sent = {"name": "Milikku", "emails": learner.email, "post": "yes"}
            assert browser.post(address, sent).status_code in (302, 403)
    assert [(one.name, names(one)) for one in Group.objects.exclude(name=INSTRUCTORS)] == [("Kelas B", set())]


def test_who_may_only_enter_the_admin_has_no_say_in_it(signed_in, group, learner):
    learner.is_staff = True
    learner.save()
    browser = signed_in(learner)
    for address in (LIST, f"{LIST}add/", page(group), f"{LIST}{group.pk}/delete/",
                    f"{LIST}{group.pk}/members/{learner.pk}/removal/"):  # fmt: skip
        assert browser.post(address, {"name": "Milikku", "post": "yes"}).status_code == 403
