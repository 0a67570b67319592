"""Times name their zone wherever people read them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import User
from config.formats.zones import zone_format
from modules.models import Override, Quiz
from modules.quizzes.values_in_words import ending, zone_name
from tests.cast import a_quiz, squeezed, take

FRONT_MATTER = "closes: 2027-12-01 10:00 Z\nopens: 2026-01-01\n"
QUESTION = "### Planet apa?\n\n- [x] Mars\n- [ ] Venus\n\n> Ya.\n"
TAKEN = datetime(2027, 7, 1, 10, 5, tzinfo=UTC)
ZONES = [
    ("Asia/Jakarta", "17:00 WIB", "17:05 WIB", "WIB"),
    ("Asia/Makassar", "18:00 WITA", "18:05 WITA", "WITA"),
    ("Asia/Jayapura", "19:00 WIT", "19:05 WIT", "WIT"),
    ("Europe/Berlin", "11:00 CET", "12:05 CEST", "CET/CEST"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("zone", "closes", "taken", "column"), ZONES)
def test_pages_and_files_name_the_zone(
    as_learner, learner, signed_in, instructor, settings, zone, closes, taken, column
):
    settings.TIME_ZONE = zone
    quiz = a_quiz(QUESTION, front_matter=FRONT_MATTER)
    attempt = take(learner, quiz, ["Mars"], now=TAKEN)
    staff = signed_in(instructor)
    results = f"/admin/modules/module/{quiz.module.pk}/results/"

    def page(client, url: str) -> str:
        return client.get(url).content.decode()

    assert f"1 Dec 2027, {closes}" in page(as_learner, quiz.get_absolute_url())
    assert f"1 Jul 2027, {taken}" in page(as_learner, reverse("result", args=[attempt.pk]))
    for url in (results, f"/admin/modules/attempt/{attempt.pk}/change/"):
        assert f"1 Jul 2027, {taken.replace(':', '.')}" in page(staff, url)
    file = page(staff, results + "answers.csv")
    assert f'"dikumpulkan ({column})"' in file
    assert f'"2027-07-01 {taken[:5]}:00"' in file


def test_midnight_is_the_end_of_its_day_with_its_zone():
    with translation.override("id"):
        assert ending(datetime(2027, 3, 31, 17, tzinfo=UTC)) == "31 Mar 2027, 24.00 WIB"
    assert zone_name(TAKEN) == "WIB"


@pytest.mark.django_db
def test_own_zone_opens_and_closes_nothing(as_learner, learner):
    User.objects.filter(pk=learner.pk).update(time_zone="Pacific/Kiritimati")
    quiz = a_quiz(QUESTION)
    address = quiz.get_absolute_url()
    for minutes, is_open in ((30, False), (-30, True)):
        Quiz.objects.update(opens_at=timezone.now() + timedelta(minutes=minutes))
        page = as_learner.get(address).content.decode()
        assert (">Start the quiz<" in squeezed(page)) is is_open
        assert ("UTC+1400" in page) is not is_open  # the page says when it opens


@pytest.mark.django_db
def test_instructor_takes_times_in_the_own_zone(signed_in, instructor, learner):
    User.objects.filter(pk=instructor.pk).update(time_zone="Asia/Jayapura")
    quiz = a_quiz(QUESTION, front_matter=FRONT_MATTER)
    staff, module = signed_in(instructor), quiz.module
    take(learner, quiz, ["Mars"], now=TAKEN)
    file = staff.get(f"/admin/modules/module/{module.pk}/results/answers.csv").content.decode()
    assert '"dikumpulkan (WIT)"' in file
    assert '"2027-07-01 19:05:00"' in file

    special = f"/admin/modules/module/{module.pk}/overrides/"
    assert (
        "Zona waktu: Waktu Indonesia Timur (WIT)."
        in staff.get(f"{special}?learner={learner.pk}").content.decode()
    )
    staff.post(special, {"learner": learner.pk, "closes_at": "2027-12-02T19:00"})
    assert Override.objects.get().closes_at == datetime(2027, 12, 2, 10, tzinfo=UTC)

    rules = f"/admin/modules/module/{module.pk}/rules/"
    assert staff.get(rules).context["form"]["closes"].value() == "2027-12-01T17:00"


def test_zone_without_a_name_has_its_offset():
    assert zone_format("Asia/Singapore") == r"\U\T\CO"
    assert zone_format("Asia/Jayapura") == "T"
