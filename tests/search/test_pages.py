"""Tests the search pages of learners and instructors."""

import re
from html import unescape
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from modules.models import Section
from modules.pages.search import FIRST_FILTERS, HITS, MOST_FILTERS
from modules.reading import progress
from tests.cast import NOON, PLANETS, a_module

pytestmark = pytest.mark.django_db


@pytest.fixture
def as_learner(client: Client, learner: User) -> Client:
    client.force_login(learner)
    return client


def get(client: Client, **parameters: str) -> str:
    answer = client.get(f"{reverse('search')}?{urlencode(parameters)}")
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def links(html: str, name: str) -> list[str]:
    """Returns the addresses of the links in the headings (``hit``), or in a list of this class."""
    inside = (
        re.findall(r"<h3.*?</h3>", html, re.S)
        if name == "hit"
        else re.findall(rf'<ul class="{name}">.*?</ul>', html, re.S)
    )
    return re.findall(r'href="([^"]+)"', "".join(inside))


def a_large_module(sections: int, title: str = "Besar") -> None:
    a_module(f"# {title}\n\n" + "".join(f"## Bagian {n}\n\nGajah nomor {n}.\n\n" for n in range(sections)))


def test_search_needs_a_sign_in(client):
    answer = client.get("/search/?q=planet")
    assert answer.status_code == 302
    assert answer.url == "/accounts/login/?next=/search/%3Fq%3Dplanet"


def test_hit_leads_to_the_heading_of_its_passage(as_learner):
    a_module("# Modul\n\n## Bagian\n\nAwal.\n\n### Di sini\n\nGajah besar.\n")
    html = get(as_learner, q="gajah")
    assert links(html, "hit") == ["/modules/modul/bagian/#s-di-sini"]
    assert "<mark>Gajah</mark> besar." in html


def test_page_says_what_was_read(as_learner, learner):
    module = a_module(PLANETS)
    progress.record_reading(learner, module.sections.active().select_related("module")[0], now=NOON)
    assert "sudah dibaca" in get(as_learner, q="venus")
    assert "sudah dibaca" not in get(as_learner, q="neptunus")


def test_before_a_search_the_sections_read_last_are_shown(as_learner, learner):
    module = a_module(PLANETS)
    for section in module.sections.active().select_related("module"):
        progress.record_reading(learner, section, now=NOON)
    Section.objects.filter(identity="planet-luar").update(archived_at=NOON)
    assert links(get(as_learner), "hit") == ["/modules/tata-surya/planet-dalam/"]


def test_questions_are_not_found(as_learner):
    a_module(PLANETS)
    assert "Tidak ada yang cocok dengan “terbesar”" in get(as_learner, q="terbesar")
    assert "1 modul yang dapat Anda baca" in get(as_learner, q="terbesar")


def test_markup_of_titles_texts_and_queries_is_shown_as_text(as_learner):
    a_module("# Modul\n\n## Bagian `<script>`\n\nGajah `<img src=x onerror=alert(1)>` besar.\n")
    answer = as_learner.get("/search/", {"q": 'gajah "><script>alert(1)</script>'}).content.decode()
    assert "<script>alert" not in answer
    assert "<img" not in answer
    found = as_learner.get("/search/", {"q": "gajah"}).content.decode()
    assert "&lt;img src=x onerror=alert(1)&gt;" in found


def test_pages_hold_ten_hits_each(as_learner):
    a_large_module(25)
    pages = [get(as_learner, q="gajah", page=number) for number in ("1", "2", "3")]
    assert [len(links(page, "hit")) for page in pages] == [HITS, HITS, 5]
    assert len({link for page in pages for link in links(page, "hit")}) == 25
    assert "Tampilkan 5 lagi" in pages[1]
    assert "lagi" not in pages[2].partition("<main")[2]
    assert 'href="/search/?q=gajah&page=2"' in pages[2]


@pytest.mark.parametrize("page", ["0", "-1", "99999", "9" * 30, "x", "²"])
def test_odd_page_numbers_show_a_page(as_learner, page: str):
    a_large_module(3)
    assert len(links(get(as_learner, q="gajah", page=page), "hit")) == 3


def test_filter_shows_one_module(as_learner):
    a_large_module(2, "Satu")
    a_large_module(3, "Dua")
    everything = get(as_learner, q="gajah")
    assert links(everything, "sieve") == [
        "/search/?q=gajah",
        "/search/?q=gajah&module=dua",
        "/search/?q=gajah&module=satu",
    ]
    html = get(as_learner, q="gajah", module="satu")
    assert len(links(html, "hit")) == 2
    assert "2 halaman cocok" in html


def test_many_modules_are_shown_on_request(as_learner):
    for number in range(MOST_FILTERS + 1):
        a_large_module(1, f"Modul {number}")
    assert len(links(get(as_learner, q="gajah"), "sieve")) == 1 + FIRST_FILTERS + 1
    assert "5 modul lain" in get(as_learner, q="gajah")
    assert len(links(get(as_learner, q="gajah", modules="all"), "sieve")) == 1 + MOST_FILTERS + 1


@pytest.mark.parametrize("typed", ["gajah", "gajah nomor", '"gajah nomor"', "zzz"])
def test_number_of_queries_does_not_grow(as_learner, typed: str):
    a_large_module(2)
    get(as_learner, q=typed)
    few = queries(as_learner, typed)
    for number in range(15):
        a_large_module(6, f"Modul {number}")
    assert queries(as_learner, typed) == few <= 8


def queries(client: Client, typed: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        get(client, q=typed)
    return len(captured)


def test_every_learner_page_leads_to_the_search(as_learner, client):
    assert 'href="/search/"' in as_learner.get("/").content.decode()
    as_learner.logout()
    assert 'href="/search/"' not in client.get("/").content.decode()


def test_instructors_search_in_the_admin(client, instructor):
    module = a_module("# Modul\n\n## Bagian\n\n### Sub\n\nGajah.\n")
    a_module("# Belum terbit\n\n## Bagian\n\nGajah.\n", published=False)
    client.force_login(instructor)
    html = unescape(client.get("/admin/modules/module/search/?q=gajah").content.decode())
    section = module.sections.active().get()
    assert links(html, "hit") == ["/preview/modules/modul/bagian/#s-sub"]
    assert f'href="/admin/modules/module/parts/section/{section.pk}/"' in html
    assert "Belum terbit" not in html


def test_learners_do_not_search_in_the_admin(as_learner):
    assert as_learner.get("/admin/modules/module/search/?q=a").status_code in (302, 403)
