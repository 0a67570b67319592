"""Times name their zone wherever people read them."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse
from django.utils import translation

from config.formats.zones import zone_format
from modules.quizzes.values_in_words import ending, zone_name
from tests.cast import a_quiz, take

FRONT_MATTER = "closes: 2027-12-01 10:00 Z\nopens: 2026-01-01\n"
QUESTION = "### Planet apa?\n\n- [x] Mars\n- [ ] Venus\n\n> Ya.\n"
TAKEN = datetime(2027, 7, 1, 10, 5, tzinfo=UTC)
ZONES = [
    ("Asia/Jakarta", "17:00 WIB", "17:05 WIB", "WIB"),
    ("Asia/Makassar", "18:00 WITA", "18:05 WITA", "WITA"),
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


def test_zone_without_a_name_has_its_offset():
    assert zone_format("Asia/Singapore") == r"\U\T\CO"
    assert zone_format("Asia/Jayapura") == "T"
