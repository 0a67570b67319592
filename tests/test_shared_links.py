"""Tests what other sites show of a link, and the pages that every foot leads to."""

import io
import re

import pytest
from django.urls import reverse
from PIL import Image

from modules.models import SitePage
from modules.pages.cloth_pictures import HEIGHT, WIDTH, cloth_picture
from modules.pages.cloths import CLOTHS
from tests.cast import PLANETS, a_module, squeezed

pytestmark = pytest.mark.django_db


def tags(page: str) -> dict[str, str]:
    """Returns what a page says of itself to other sites."""
    found = re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', page)
    canonical = re.findall(r'<link rel="canonical" href="([^"]+)">', page)
    return dict(found) | {"canonical": "".join(canonical)}


def test_module_shows_title_summary_and_picture(client, settings):
    settings.SITE_URL = "https://belajar.example.org"
    module = a_module('---\nsummary: Delapan & "lebih".\n---\n' + PLANETS)
    shown = tags(client.get(module.get_absolute_url()).content.decode())
    assert shown["og:title"] == "Tata surya"
    assert shown["description"] == shown["og:description"] == "Delapan &amp; &quot;lebih&quot;."
    assert shown["canonical"] == shown["og:url"] == "https://belajar.example.org/modules/tata-surya/"
    assert shown["og:image"] == "https://belajar.example.org/modules/tata-surya/cover.png"


def test_open_section_and_front_page_show_what_they_are(client):
    module = a_module("---\naccess: open\n---\n" + PLANETS)
    section = module.sections.active()[0]
    shown = tags(client.get(section.get_absolute_url()).content.decode())
    assert shown["og:title"] == "Planet dalam · Tata surya"
    assert shown["og:description"] == "Merkurius, Venus, Bumi, Mars."
    front = tags(client.get("/").content.decode())
    assert (front["og:title"], front["og:image"][-10:]) == ("Belajar satu hal, sampai tuntas.", "/cover.png")


def test_canonical_address_of_a_page_has_no_query(client):
    assert tags(client.get("/?page=1").content.decode())["canonical"].endswith("/")


@pytest.mark.parametrize("path", ["/modules/tata-surya/cover.png", "/cover.png"])
def test_picture_is_a_png_of_the_usual_size(client, path):
    a_module(PLANETS)
    answer = client.get(path)
    assert answer.headers["Content-Type"] == "image/png"
    with Image.open(io.BytesIO(answer.content)) as image:
        assert (image.format, image.size) == ("PNG", (WIDTH, HEIGHT))
    assert client.head(path).status_code == 200


def test_unpublished_module_has_no_picture(client):
    a_module(PLANETS, published=False)
    assert client.get("/modules/tata-surya/cover.png").status_code == 404


@pytest.mark.parametrize("name", CLOTHS)
def test_each_cloth_is_drawn_in_its_two_colours(name):
    with Image.open(io.BytesIO(cloth_picture(name, 60, 275))) as image:
        colours = sorted(image.convert("RGB").getcolors(WIDTH * HEIGHT) or [], reverse=True)
    ground, drawing = (colour for _count, colour in colours[:2])
    assert sum(ground) != sum(drawing)
    assert sum(count for count, _colour in colours[:2]) > WIDTH * HEIGHT / 4


def test_forbidden_page_offers_another_account(signed_in, instructor):
    client = signed_in(instructor)
    answer = client.get("/admin/modules/sitepage/")
    page = squeezed(answer.content.decode())
    assert answer.status_code == 403
    assert instructor.email in page
    assert 'name="next" value="/accounts/login/?next=/admin/modules/sitepage/"' in page
    leaving = client.post("/accounts/logout/", {"next": "/accounts/login/?next=/admin/modules/sitepage/"})
    assert leaving.url == "/accounts/login/?next=/admin/modules/sitepage/"


def test_foot_leads_to_help_privacy_and_contact(client, settings):
    settings.CONTACT = "mailto:pengelola@example.org"
    page = client.get("/").content.decode()
    for address in (reverse("help"), reverse("privacy"), "mailto:pengelola@example.org"):
        assert f'href="{address}"' in page
    settings.CONTACT = ""
    assert "Hubungi pengelola" not in client.get("/").content.decode()


def test_privacy_page_has_a_text_from_the_beginning(client):
    page = client.get("/privacy/").content.decode()
    assert "Apa yang disimpan" in page
    assert "Kata sandi hanya disimpan dalam bentuk yang tidak dapat dibaca siapa pun." in page


def test_administrator_writes_the_privacy_page(client, signed_in, administrator):
    text = "Kami menyimpan **sedikit**.\n\n## Siapa\n\n<script>alert(1)</script> [x](javascript:alert)\n"
    sent = {"name": "privacy", "language": "id", "text": text}
    assert signed_in(administrator).post("/admin/modules/sitepage/add/", sent).status_code == 302
    page = client.get("/privacy/").content.decode()
    assert "Kami menyimpan <strong>sedikit</strong>." in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "<h1>Privasi</h1>" in page


def test_privacy_page_is_shown_in_the_language_that_there_is(client):
    SitePage.objects.create(name="privacy", language="en", text="Little is kept.")
    assert "Little is kept." in client.get("/privacy/").content.decode()
    SitePage.objects.create(name="privacy", language="id", text="Sedikit yang disimpan.")
    page = client.get("/privacy/").content.decode()
    assert ("Sedikit yang disimpan." in page, "Little" in page) == (True, False)


def test_written_page_is_rendered_again_with_another_renderer(client):
    page = SitePage.objects.create(
        name="privacy", language="id", text="Baru.", html="Lama.", rendered_with="x"
    )
    assert "Baru." in client.get("/privacy/").content.decode()
    page.refresh_from_db()
    assert "Baru." in page.html


def test_manage_stands_in_the_bar_for_staff_only(as_learner, signed_in, instructor):
    assert 'href="/admin/"' not in as_learner.get("/").content.decode()
    assert 'class="managing-way"' in signed_in(instructor).get("/").content.decode()
