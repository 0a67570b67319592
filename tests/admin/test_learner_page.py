"""Shows one learner to the instructors of a class and of a module, and keeps their notes from everybody else."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.erasure import what_goes
from accounts.roles import Role
from modules.classes import slips
from modules.models import Invitation, LearnerNote, Override
from tests.cast import NOON, PLANETS, a_module, at, read_all, take
from tests.classes.rooms import a_class, assign, people_in
from tests.conftest import person

pytestmark = pytest.mark.django_db

RIGHT = ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"]
RULES = "---\ntime_limit: 20\nattempts: 5\nquiz_opens: at_once\n---\n"


@pytest.fixture(autouse=True)
def owners(settings):
    settings.MODULES = "owners"


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


@pytest.fixture
def colleague(db):
    return person("joko@example.com", Role.INSTRUCTOR, "Joko Susilo")


@pytest.fixture
def module(instructor):
    return a_module(RULES + PLANETS, by=instructor)


@pytest.fixture
def study_class(instructor, learner):
    return a_class(by=instructor, members=[learner])


def as_member(study_class, learner) -> str:
    return f"/admin/modules/studyclass/{study_class.pk}/members/{learner.pk}/"


def as_learner_of(module, learner) -> str:
    return f"/admin/modules/module/{module.pk}/learners/{module.enrolments.get(learner=learner).pk}/"


def titles(answer) -> set[str]:
    return {row.module.title for row in answer.context["modules"]}


def test_member_page_shows_class_modules_and_timeline(browser, study_class, learner, module):
    assign(study_class, module, due_at=NOON)
    read_all(learner, module)
    take(learner, module.quiz, ["Mars", ["Venus"], "Bumi", "1"], now=at(5))
    shown = browser.get(as_member(study_class, learner)).content.decode()
    for words in ("Sari Wulandari", "X-TKR 2", "Membaca 2 bagian", "belum lulus", "tenggat"):
        assert words in shown


def test_colleague_sees_the_class_and_not_the_module_of_others(
    signed_in, colleague, learner, study_class, module
):
    other = a_module(RULES + PLANETS.replace("Tata surya", "Bukan milik Joko"), by=None)
    for each in (module, other):
        read_all(learner, each)
    assign(study_class, module)
    study_class.instructors.set([colleague])
    answer = signed_in(colleague).get(as_member(study_class, learner))
    assert titles(answer) == {"Tata surya"}
    assert "Bukan milik Joko" not in answer.content.decode()
    assert f"/module/{module.pk}/learners/" not in answer.content.decode()
    assert signed_in(colleague).get(as_learner_of(module, learner)).status_code == 404


def test_owner_of_a_module_sees_only_this_module(browser, learner, module, colleague):
    other = a_module(RULES + PLANETS.replace("Tata surya", "Milik Joko"), by=colleague)
    for each in (module, other):
        read_all(learner, each)
    assert titles(browser.get(as_learner_of(module, learner))) == {"Tata surya"}


def test_person_outside_of_class_or_module_is_not_found(browser, study_class, other_learner, learner, module):
    other = a_module(PLANETS.replace("Tata surya", "Lain"))
    read_all(other_learner, other)
    enrolment = other.enrolments.get()
    for address in (
        as_member(study_class, other_learner),
        f"/admin/modules/module/{module.pk}/learners/{enrolment.pk}/",
        as_member(study_class, learner) + "?month=nanti",
    ):
        assert browser.get(address).status_code == 404


def test_note_is_seen_by_instructors_of_its_class_only(
    browser, signed_in, instructor, study_class, learner, colleague, module
):
    read_all(learner, module)
    browser.post(as_member(study_class, learner), {"text": "Bekerja malam."})
    assert "Bekerja malam." in browser.get(as_member(study_class, learner)).content.decode()
    of_colleague = a_class("Kelas lain", by=colleague, members=[learner])
    module.helpers.add(colleague)
    for address in (as_member(of_colleague, learner), as_learner_of(module, learner)):
        assert "Bekerja malam." not in signed_in(colleague).get(address).content.decode()
    study_class.instructors.add(colleague)
    assert "Bekerja malam." in signed_in(colleague).get(as_member(study_class, learner)).content.decode()
    for address in ("/", "/learning/", "/accounts/"):
        assert "Bekerja malam." not in signed_in(learner).get(address, follow=True).content.decode()


def test_note_is_deleted_by_its_author_alone(browser, signed_in, study_class, learner, colleague):
    study_class.instructors.add(colleague)
    address = as_member(study_class, learner)
    browser.post(address, {"text": "Bekerja malam."})
    note = LearnerNote.objects.get()
    assert signed_in(colleague).post(address, {"delete": note.pk}).status_code == 404
    assert LearnerNote.objects.exists()
    browser.post(address, {"delete": note.pk})
    assert not LearnerNote.objects.exists()


def test_empty_note_is_not_kept(browser, study_class, learner):
    answer = browser.post(as_member(study_class, learner), {"text": " "})
    assert list(answer.context["form"].errors) == ["text"]
    assert not LearnerNote.objects.exists()


def test_deleting_the_account_names_notes_and_deletes_them(browser, study_class, learner):
    browser.post(as_member(study_class, learner), {"text": "Bekerja malam."})
    assert any("catatan" in sentence for sentence in what_goes(learner))
    learner.delete()
    assert not LearnerNote.objects.exists()


def test_special_rules_lead_to_a_filled_in_form(browser, learner, module):
    read_all(learner, module)
    address = as_learner_of(module, learner)
    shown = browser.get(address).content.decode()
    (form,) = re.findall(r'href="([^"]+/overrides/\?learner=[^"#]+)#one-more', shown)
    sent = {"learner": learner.pk, "extra_minutes": 5}
    answer = browser.post(form.replace("&amp;", "&"), sent)
    assert answer.headers["Location"] == f"{address}#main"
    override = Override.objects.get(learner=learner)
    assert f"/module/{module.pk}/overrides/{override.pk}/" in browser.get(address).content.decode()


@pytest.mark.parametrize("back", ["", "https://example.com/admin/", "//example.com/admin/", "/accounts/"])
def test_special_rules_lead_back_to_no_other_page(browser, learner, module, back):
    read_all(learner, module)
    override = Override.objects.create(quiz=module.quiz, learner=learner, extra_minutes=5)
    url = f"/admin/modules/module/{module.pk}/overrides/"
    answer = browser.post(f"{url}{override.pk}/?back={back}", {"extra_minutes": 7})
    assert answer.headers["Location"] == f"{url}#main"


def test_learner_is_taken_out_from_their_page(browser, study_class, learner):
    shown = browser.get(as_member(study_class, learner)).content.decode()
    (removal,) = re.findall(r'action="([^"]+/removal/)"', shown)
    asked = browser.post(removal)
    assert people_in(study_class) == {learner.email}
    assert 'name="sure" value="yes"' in asked.content.decode()
    browser.post(removal, {"sure": "yes"})
    assert people_in(study_class) == set()
    assert browser.get(as_member(study_class, learner)).status_code == 404


@pytest.mark.parametrize("has_mail", [False, True])
def test_new_slip_is_offered_where_the_rules_allow_it(
    browser, settings, study_class, instructor, learner, has_mail
):
    Invitation.objects.create(study_class=study_class, address="tono@example.com", invited_at=NOON)
    slips.make_slips(study_class, by=instructor, now=NOON)
    member = study_class.group.user_set.get(email="tono@example.com")
    settings.HAS_MAIL = has_mail
    assert ("/renewal/" in browser.get(as_member(study_class, member)).content.decode()) is not has_mail
    assert "/renewal/" not in browser.get(as_member(study_class, learner)).content.decode()


def test_page_takes_as_many_queries_for_many_modules(browser, study_class, learner, instructor):
    numbers = []
    for number in range(4):
        module = a_module(RULES + PLANETS.replace("Tata surya", f"Modul {number}"), by=instructor)
        assign(study_class, module, due_at=NOON)
        read_all(learner, module)
        take(learner, module.quiz, RIGHT, now=at(number))
        browser.post(as_member(study_class, learner), {"text": f"Catatan {number}"})
        with CaptureQueriesContext(connection) as queries:
            browser.get(as_member(study_class, learner))
        numbers.append(len(queries))
    assert len(set(numbers[1:])) == 1, numbers
