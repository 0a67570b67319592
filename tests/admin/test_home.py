"""Shows the page with which the admin begins: what waits, one's own modules, and the first steps."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from modules.models import Draft, Enrolment, Invitation, LateAnswer, Module, OwnDueDate
from tests.cast import NOON, PLANETS, a_module, at, read_all, take
from tests.classes.rooms import a_class, assign

pytestmark = pytest.mark.django_db

RULES = "---\nattempts: 5\nquiz_opens: at_once\n---\n"
RIGHT = ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"]
LISTS = ("module", "studyclass", "draft", "attempt", "revision")


@pytest.fixture(autouse=True)
def owners(settings):
    settings.MODULES = "owners"


def page_of(signed_in, user) -> str:
    return signed_in(user).get("/admin/").content.decode()


def test_new_instructor_sees_three_steps(signed_in, instructor):
    shown = page_of(signed_in, instructor)
    for words in ("Selamat datang", "Muat satu berkas Markdown", "Mulai dari contoh"):
        assert words in shown


def test_nothing_waits_is_said_and_loading_comes_first(signed_in, instructor):
    a_module(PLANETS, by=instructor)
    shown = page_of(signed_in, instructor)
    assert "Tidak ada yang menunggu" in shown
    assert 'class="button"\n' in shown.split("Muat dokumen")[0][-200:].replace(
        'class="button" ', 'class="button"\n'
    )


def test_late_people_wait_with_a_way_to_them(signed_in, instructor, learner):
    module = a_module(PLANETS, by=instructor)
    study_class = a_class(by=instructor, members=[learner])
    assign(study_class, module, due_at=timezone.now() - timedelta(days=1))
    shown = page_of(signed_in, instructor)
    assert "1 dari 1 orang lewat tenggat" in shown
    address = f"/admin/modules/studyclass/{study_class.pk}/change/?state=late&amp;module={module.pk}"
    assert address in shown
    assert "Sari Wulandari" in signed_in(instructor).get(address.replace("&amp;", "&")).content.decode()


def test_lists_stay_in_reach(signed_in, instructor, administrator):
    for each in LISTS:
        assert f'href="/admin/modules/{each}/"' in page_of(signed_in, instructor)
    for each in ("accounts/user", "modules/sitepage", "tasks/storedtask"):
        assert f'href="/admin/{each}/"' in page_of(signed_in, administrator)
        assert f'href="/admin/{each}/"' not in page_of(signed_in, instructor)


def test_stopped_worker_waits_for_administrators_only(signed_in, instructor, administrator):
    kinds = [
        [call.kind for call in signed_in(user).get("/admin/").context["calls"]]
        for user in (instructor, administrator)
    ]
    assert kinds == [[], ["background"]]


def test_class_says_how_many_of_its_members_are_late(signed_in, instructor, learner, other_learner):
    study_class = a_class(by=instructor, members=[learner, other_learner])
    for title in ("Satu", "Dua"):
        module = a_module(RULES + PLANETS.replace("Tata surya", title), by=instructor)
        duty = assign(study_class, module, due_at=NOON)
    OwnDueDate.objects.create(
        assignment=duty, learner=learner, given_at=NOON, due_at=timezone.now() + timedelta(days=1)
    )
    (shown,) = signed_in(instructor).get("/admin/").context["classes"]
    assert shown.late_total == 2
    assert f"/studyclass/{study_class.pk}/change/?state=late" in page_of(signed_in, instructor)
    Enrolment.objects.create(
        module=Module.objects.get(title="Satu"),
        learner=learner,
        begun_at=NOON,
        last_seen_at=NOON,
        finished_at=NOON,
    )
    (shown,) = signed_in(instructor).get("/admin/").context["classes"]
    assert shown.late_total == 1


def test_bar_leads_to_the_start_page_from_each_page(signed_in, instructor):
    for url in ("/admin/modules/module/", "/admin/modules/module/load/"):
        assert 'href="/admin/"' in signed_in(instructor).get(url).content.decode().partition("<main")[0]


def test_new_draft_begins_on_the_start_page(signed_in, instructor):
    a_module(RULES + PLANETS, by=instructor)
    assert 'action="/admin/modules/module/load/example/"' in page_of(signed_in, instructor)


def test_page_takes_as_many_queries_for_much_work(signed_in, instructor, learner):
    browser = signed_in(instructor)
    numbers = []
    for number in range(3):
        module = a_module(RULES + PLANETS.replace("Tata surya", f"Modul {number}"), by=instructor)
        study_class = a_class(f"Kelas {number}", by=instructor, members=[learner])
        assign(study_class, module, due_at=NOON)
        Invitation.objects.create(study_class=study_class, address="baru@example.com", invited_at=NOON)
        read_all(learner, module)
        attempt = take(learner, module.quiz, RIGHT, now=at(number))
        LateAnswer.objects.create(response=attempt.responses.first(), answer=["x"], arrived_at=at(9))
        Draft.objects.create(author=instructor, text="# Draf\n")
        browser.get("/admin/")  # reads the new draft
        with CaptureQueriesContext(connection) as queries:
            browser.get("/admin/")
        numbers.append(len(queries))
    assert len(set(numbers)) == 1, numbers
