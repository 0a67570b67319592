"""Tests that a browser keeps a page until it changes, and that pages fetched ahead record nothing."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from django.urls import reverse

from modules.models import Attempt, Enrolment, Notice, Proof, Reading
from modules.quizzes import attempts, corrections
from modules.reading import progress
from tests.cast import NOON, PLANETS, a_module, at, read_all, take

pytestmark = pytest.mark.django_db

AHEAD = {"Sec-Purpose": "prefetch"}
RENDERED_AHEAD = {"Sec-Purpose": "prefetch;prerender"}


@pytest.fixture
def module():
    return a_module()


def status_again(client, url: str) -> int:
    """Asks for a page, then again as a browser that has kept it, and returns the second status."""
    kept = client.get(url)["ETag"]
    return client.get(url, headers={"If-None-Match": kept}).status_code


def kept(client, url: str) -> str:
    return client.get(url)["ETag"]


@pytest.mark.parametrize(
    "path", ["/", "/learning/", "/modules/tata-surya/", "/modules/tata-surya/planet-dalam/"]
)
def test_page_that_has_not_changed_is_not_sent_again(as_learner, module, path):
    assert status_again(as_learner, path) == 304
    assert as_learner.get(path)["Cache-Control"] == "private, no-cache"


def test_every_reader_and_choice_has_a_page_of_its_own(signed_in, learner, other_learner, module):
    url = reverse("section", args=[module.slug, "planet-dalam"])
    client = signed_in(learner)
    pages = {kept(client, url), kept(signed_in(other_learner), url)}
    client.post(reverse("language"), {"language": "en"})
    pages.add(kept(client, url))
    client.post(reverse("appearance"), {"theme": "dark"})
    pages.add(kept(client, url))
    progress.begin(learner, module, now=NOON)
    read_all(learner, module)
    pages.add(kept(client, url))
    a_module(PLANETS.replace("Merkurius, Venus", "Merkurius dan Venus"))
    pages.add(kept(client, url))
    assert len(pages) == 6


def test_new_token_of_the_form_makes_a_new_page(client):
    before = kept(client, "/")
    client.cookies.clear()
    assert kept(client, "/") != before


def test_pages_with_answers_or_an_account_are_never_kept(as_learner, learner, module):
    read_all(learner, module)
    attempt = take(learner, module.quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"])
    pages = [
        reverse("quiz", args=[module.slug]),
        reverse("result", args=[attempt.pk]),
        reverse("account_email"),
        reverse("account_login"),
        "/admin/",
    ]
    controls = {page: as_learner.get(page).headers["Cache-Control"] for page in pages}
    assert [page for page, control in controls.items() if "no-store" not in control] == []
    assert not any(as_learner.get(page).has_header("ETag") for page in pages)


def test_section_names_what_may_be_fetched_ahead(as_learner, learner, module):
    first = reverse("section", args=[module.slug, "planet-dalam"])
    assert as_learner.get(first)["Speculation-Rules"].endswith('.speculationrules"')
    assert "data-prefetch" not in as_learner.get(first).content.decode()  # a form leads on, and it records
    read_all(learner, module)
    assert "data-prefetch" in as_learner.get(first).content.decode()
    last = as_learner.get(reverse("section", args=[module.slug, "planet-luar"])).content.decode()
    assert last.count("data-prefetch") == 1  # back to the section before, but not on to the quiz


@pytest.mark.parametrize("ahead", [AHEAD, RENDERED_AHEAD])
def test_page_fetched_ahead_records_nothing(as_learner, learner, module, ahead):
    read_all(learner, module)
    take(learner, module.quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"])
    a_module(PLANETS.replace("## Kuis akhir", "## Baru\n\nTambahan.\n\n## Kuis akhir"))
    notices = Notice.objects.filter(seen_at__isnull=True)
    url = reverse("section", args=[module.slug, "baru"])
    before = (Reading.objects.count(), Enrolment.objects.values_list().get(), notices.count())
    assert before[2] == 1

    assert as_learner.get(url, headers=ahead).status_code == 425
    assert (Reading.objects.count(), Enrolment.objects.values_list().get(), notices.count()) == before
    as_learner.get(url)
    assert notices.count() == 0


@pytest.mark.parametrize("ahead", [AHEAD, RENDERED_AHEAD])
def test_page_fetched_ahead_begins_and_ends_nothing(as_learner, learner, module, ahead):
    section = reverse("section", args=[module.slug, "planet-dalam"])
    as_learner.get(section, headers=ahead)
    assert (Enrolment.objects.count(), Reading.objects.count()) == (0, 0)

    read_all(learner, module)
    attempt = attempts.start(learner, module.quiz, now=NOON)
    before = Attempt.objects.values_list().get(pk=attempt.pk)
    as_learner.get(section, headers=ahead)
    assert Attempt.objects.values_list().get(pk=attempt.pk) == before


@pytest.mark.parametrize("ahead", [AHEAD, RENDERED_AHEAD])
def test_quiz_result_and_finish_fetched_ahead_are_not_seen(as_learner, learner, instructor, module, ahead):
    read_all(learner, module)
    attempt = take(learner, module.quiz, ["Jupiter", ["Saturnus", "Uranus"], "Mars", "8"])
    why = corrections.Why(instructor, "Salah hitung.", NOON)
    corrections.give_mark(attempt.responses.get(slot=1), Fraction(1, 2), why)
    urls = [module.quiz.get_absolute_url(), reverse("result", args=[attempt.pk])]
    urls += [reverse("attempt", args=[attempt.pk]), reverse("finish", args=[module.slug])]
    unseen = [Notice.objects.filter(seen_at__isnull=True), Proof.objects.filter(seen_at__isnull=True)]
    for url in urls:
        as_learner.get(url, headers=ahead)
    assert [rows.count() for rows in unseen] == [1, 1]

    for url in urls:
        as_learner.get(url)
    assert [rows.count() for rows in unseen] == [0, 0]


def test_section_that_is_gone_is_not_fetched_ahead(as_learner, learner, module):
    read_all(learner, module)
    section = module.sections.get(identity="planet-luar")
    section.archived_at = NOON
    section.save()
    assert as_learner.get(section.get_absolute_url(), headers=AHEAD).status_code == 404
    assert "no longer part" not in as_learner.get("/learning/").content.decode()
    assert "no longer part" in as_learner.get(section.get_absolute_url(), follow=True).content.decode()


def test_section_rendered_ahead_says_the_same(as_learner, learner, module):
    read_all(learner, module)
    section = reverse("section", args=[module.slug, "planet-dalam"])
    tags = [as_learner.get(section, headers=headers)["ETag"] for headers in ({}, RENDERED_AHEAD)]
    assert tags[0] == tags[1]


def test_only_the_way_to_the_next_section_is_rendered_ahead(as_learner, learner, module):
    rules = json.loads(Path("static/js/next-section.speculationrules").read_text(encoding="utf-8"))
    assert [rule["where"] for rule in rules["prerender"]] == [
        {"selector_matches": ".turn .on a[data-prefetch]"}
    ]
    # Begun only with the press, as "moderate" does on touch screens, it would make the press slower.
    assert {rule["eagerness"] for rule in rules["prerender"]} == {"eager"}
    page = as_learner.get(reverse("section", args=[module.slug, "planet-dalam"])).content.decode()
    assert "data-prefetch" not in page.partition('<div class="on">')[2]  # unread: a form records the reading


def test_sentence_waits_for_a_page_that_is_seen(as_learner, learner, module):
    progress.begin(learner, module, now=at(0))
    as_learner.get(reverse("section", args=[module.slug, "tidak-ada"]))  # says that it is gone
    ahead = as_learner.get("/learning/", headers=AHEAD)
    assert 'class="notices"' not in ahead.content.decode()
    shown = ['class="notices"' in as_learner.get("/learning/").content.decode() for _time in range(2)]
    assert shown == [True, False]


def test_sign_out_drops_pages_that_were_made_ready(as_learner):
    answer = as_learner.post(reverse("account_logout"))
    assert answer["Clear-Site-Data"] == '"prefetchCache", "prerenderCache"'
    assert "_auth_user_id" not in as_learner.session
