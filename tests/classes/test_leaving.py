"""Shows that learners know of their classes, leave one by themselves, and are told who put them into one."""

import pytest
from allauth.account.models import EmailAddress

from modules.classes import inviting, joining
from modules.classes.roster import read_roster
from modules.models import Departure, Enrolment, Invitation, Placement
from tests.cast import NOON, a_module, at
from tests.classes.rooms import a_class, assign, people_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def study_class(instructor, learner):
    return a_class(by=instructor, members=[learner])


def leaving(study_class) -> str:
    return f"/classes/{study_class.pk}/leaving/"


def test_account_page_names_classes_and_instructors(as_learner, study_class, instructor):
    a_class("Lama", members=[*study_class.group.user_set.all()], archived_at=NOON)
    page = as_learner.get("/accounts/").content.decode()
    assert "X-TKR 2" in page
    assert f"with {instructor.name}" in page
    assert leaving(study_class) in page
    assert "Lama" not in page


def test_leaving_asks_first_and_keeps_what_was_done(as_learner, learner, study_class):
    enrolment = Enrolment.objects.create(learner=learner, module=a_module(), begun_at=NOON, last_seen_at=NOON)
    question = as_learner.get(leaving(study_class)).content.decode()
    assert "Leave this class?" in question
    assert people_in(study_class) == {learner.email}
    answer = as_learner.post(leaving(study_class), follow=True)
    assert "You have left X-TKR 2." in answer.content.decode()
    assert people_in(study_class) == set()
    assert Enrolment.objects.filter(pk=enrolment.pk).exists()
    assert as_learner.post(leaving(study_class)).status_code == 404


def test_nobody_leaves_a_class_of_others_or_one_that_is_over(
    signed_in, other_learner, as_learner, study_class
):
    assert signed_in(other_learner).get(leaving(study_class)).status_code == 404
    study_class.archive(now=NOON)
    assert as_learner.post(leaving(study_class)).status_code == 404
    assert as_learner.get(f"/classes/{10**30}/leaving/").status_code == 404


def test_instructor_sees_who_left_until_they_are_back(signed_in, instructor, learner, study_class):
    joining.leave_by_oneself(study_class, learner, now=NOON)
    browser, url = signed_in(instructor), f"/admin/modules/studyclass/{study_class.pk}/people/"
    browser.cookies["language"] = "en"
    page = browser.get(url).content.decode()
    assert "Left by themselves" in page
    assert str(learner) in page
    joining.enter(study_class, [learner.pk])
    assert "Left by themselves" not in browser.get(url).content.decode()
    joining.leave(study_class, learner)
    assert not Departure.objects.exists()


def test_waiting_invitation_brings_nobody_back(learner, study_class):
    EmailAddress.objects.create(user=learner, email="lain@example.com", verified=True)
    Invitation.objects.create(study_class=study_class, address="lain@example.com", invited_at=NOON)
    joining.leave_by_oneself(study_class, learner, now=NOON)
    assert joining.join_invited(learner, now=NOON) == []
    assert people_in(study_class) == set()


# -------------------------------------------------------------------------------------------- put in by a list


def test_learner_is_told_who_put_them_in_until_they_have_seen_it(as_learner, learner, instructor):
    study_class = a_class(by=instructor)
    inviting.apply_roster(study_class, read_roster(learner.email), by=instructor, now=NOON)
    page = as_learner.get("/learning/").content.decode()
    assert f"{instructor.name} has added you to X-TKR 2." in page
    as_learner.post(f"/classes/added/{Placement.objects.get().pk}/seen/")
    assert "has added you" not in as_learner.get("/learning/").content.decode()


def test_only_the_learner_sees_their_placement(signed_in, as_learner, learner, other_learner, instructor):
    study_class = a_class(by=instructor)
    inviting.apply_roster(study_class, read_roster(learner.email), by=instructor, now=NOON)
    other = signed_in(other_learner)
    other.post(f"/classes/added/{Placement.objects.get().pk}/seen/")
    other.cookies["language"] = "en"
    assert "has added you" not in other.get("/learning/").content.decode()
    assert Placement.objects.get().seen_at is None
    study_class.archive(now=NOON)
    assert "has added you" not in as_learner.get("/learning/").content.decode()


def test_people_who_come_by_themselves_are_told_nothing(learner, instructor):
    study_class = a_class(by=instructor)
    Invitation.objects.create(study_class=study_class, address=learner.email, invited_at=NOON)
    joining.join_invited(learner, now=at(1))
    assert people_in(study_class) == {learner.email}
    assert not Placement.objects.exists()


# ------------------------------------------------------------------------- classes that have a module for classes


def test_access_page_shows_which_classes_have_the_module(signed_in, instructor, learner, study_class):
    module = a_module(by=instructor)
    browser = signed_in(instructor)
    browser.cookies["language"] = "en"
    url = f"/admin/modules/module/{module.pk}/access/"
    assert "None yet" in browser.get(url).content.decode()
    assign(study_class, module)
    assign(a_class("XI-TKR 1", archived_at=NOON), module)
    a_class("XII-TKR 1")
    classes = browser.get(url).context["classes"]
    shown = [(each.name, each.member_total, each.is_archived) for each in classes]
    assert shown == [("X-TKR 2", 1, False), ("XI-TKR 1", 0, True)]
