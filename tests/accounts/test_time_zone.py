"""Tests a person's own time zone: times are shown in it, and nothing is compared in it."""

from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from accounts.time_zones import NamedZone
from tests.cast import a_quiz

pytestmark = pytest.mark.django_db

PAGE = "/accounts/"
QUESTION = "### Planet apa?\n\n- [x] Mars\n- [ ] Venus\n\n> Ya.\n"
SUMMER = datetime(2027, 7, 1, 10, 5, tzinfo=UTC)


def words(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        ("", "17:00 WIB"),
        ("Asia/Makassar", "18:00 WITA"),
        ("Asia/Jayapura", "19:00 WIT"),
        ("Asia/Kuala_Lumpur", "18:00 UTC+0800"),
        ("Europe/Berlin", "11:00 CET"),
        ("Mars/Olympus", "17:00 WIB"),
    ],
)
def test_times_are_shown_in_the_own_zone(as_learner, learner, zone, shown):
    User.objects.filter(pk=learner.pk).update(time_zone=zone)
    quiz = a_quiz(QUESTION, front_matter="closes: 2027-12-01 10:00 Z\n")
    assert f"1 Dec 2027, {shown}" in words(as_learner.get(quiz.get_absolute_url()))


def test_zone_is_chosen_and_kept(as_learner, learner):
    learner.name = "Sari"
    learner.save()
    assert "As this site: WIB (Asia/Jakarta)" in words(as_learner.get(PAGE))
    page = words(
        as_learner.post(PAGE, {"time_zone": "Asia/Jayapura", "name": "Sari", "language": "en"}, follow=True)
    )
    assert "Your details are saved." in page
    assert " WIT." in page
    learner.refresh_from_db()
    assert (learner.time_zone, learner.name) == ("Asia/Jayapura", "Sari")

    as_learner.post(PAGE, {"time_zone": "", "name": "Sari", "language": "en"})
    learner.refresh_from_db()
    assert learner.time_zone == ""


def test_unknown_zone_is_refused(as_learner, learner):
    page = as_learner.post(PAGE, {"time_zone": "Mars/Olympus", "name": "Sari", "language": "en"})
    assert "time_zone" in page.context["form"].errors
    learner.refresh_from_db()
    assert learner.time_zone == ""


def test_stranger_signs_in_first(client):
    assert client.get(PAGE).headers["Location"] == f"/accounts/login/?next={PAGE}"


def test_zone_of_one_person_is_not_that_of_the_next(as_learner, learner, client):
    User.objects.filter(pk=learner.pk).update(time_zone="Asia/Jayapura")
    as_learner.get("/")
    assert timezone.get_current_timezone_name() == "Asia/Jakarta"


def test_picture_asks_for_no_person(as_learner, django_assert_num_queries):
    name = default_storage.save(f"{'a' * 32}.png", ContentFile(b"x"))
    with django_assert_num_queries(0):
        response = as_learner.get(f"/media/{name}")
    assert (response.status_code, response.headers.get("Vary")) == (200, None)


def test_zone_without_a_name_has_its_offset():
    assert NamedZone("Asia/Singapore").tzname(SUMMER) == "UTC+0800"
    assert NamedZone("Asia/Kathmandu").tzname(SUMMER) == "UTC+0545"
    assert NamedZone("Europe/Berlin").tzname(SUMMER) == "CEST"
