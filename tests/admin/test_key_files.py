"""Instructors download a text and its key as two files, and load both, or the text alone into its module."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from modules.models import Draft
from tests.cast import PLANETS, READABLE, a_module

pytestmark = pytest.mark.django_db

LOAD_URL = "/admin/modules/module/load/"


def addresses(module):
    return [f"/admin/modules/module/{module.pk}/document/{part}/" for part in ("public", "key")]


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


@pytest.fixture
def texts(browser):
    """Returns the public text and the key file of the planets."""
    return [browser.get(address).content for address in addresses(a_module(PLANETS))]


def load(browser, public, key=None, text=""):
    files = {"file": SimpleUploadedFile("tata.md", public)} if public else {}
    files |= {"key": SimpleUploadedFile("tata.kunci.md", key)} if key else {}
    return browser.post(LOAD_URL, files | {"text": text})


def test_two_downloads_join_to_the_same_text(browser, texts):
    public, key = texts
    assert b"[x]" not in public
    assert key.startswith(b"---\nkey_of: tata-surya\n")

    for answer in (load(browser, public, key), load(browser, b"", key, text=public.decode())):
        assert answer.status_code == 302
        assert Draft.objects.latest("pk").text == PLANETS


def test_public_download_has_a_name_of_its_own(browser):
    module = a_module(PLANETS)
    names = [browser.get(address).headers["Content-Disposition"] for address in addresses(module)]

    assert names == [
        f'attachment; filename="{name}"' for name in ("tata-surya.tanpa-kunci.md", "tata-surya.kunci.md")
    ]


def test_key_file_alone_offers_no_quiz(browser, texts):
    page = browser.get(load(browser, texts[1]).headers["Location"]).context["page"]

    assert page.foreign is None
    assert [line for line, _text in page.errors] == [1]


def test_text_alone_gets_the_key_of_its_module(browser, texts):
    changed = texts[0].replace(b"Delapan planet.", b"Delapan planet besar.")
    answer = load(browser, changed)
    page = browser.get(answer.headers["Location"], follow=True).content.decode()

    assert Draft.objects.get().text == PLANETS.replace("Delapan planet.", "Delapan planet besar.")
    assert "Kunci yang sudah dimiliki modul" in page


def test_text_alone_that_differs_keeps_its_words_and_names_the_question(browser, texts):
    changed = texts[0].replace(b"- [ ] Venus", b"- [ ] Pluto")
    page = browser.get(load(browser, changed).headers["Location"])

    assert Draft.objects.get().text == changed.decode()
    assert "Planet luar yang mana?" in page.content.decode()
    assert [line for line, _text in page.context["page"].errors] == [1]


def test_key_file_that_does_not_fit_is_named_at_its_field(browser, texts):
    answer = load(
        browser, b"", texts[1], text=texts[0].decode().replace("Pluto", "").replace("Venus", "Pluto")
    )

    assert answer.status_code == 200
    (sentence,) = answer.context["form"].errors["key"]
    assert "Planet luar yang mana?" in sentence
    assert not Draft.objects.exists()


def test_learner_never_gets_the_key_and_module_without_questions_has_none(signed_in, learner, instructor):
    module, without = a_module(PLANETS), a_module("---\nslug: baca\n---\n" + READABLE)
    browser, stranger = signed_in(instructor), signed_in(learner)

    assert [stranger.get(address).status_code for address in addresses(module)] == [302, 302]
    browser = signed_in(instructor)
    assert browser.get(addresses(without)[1]).status_code == 404
    assert (
        addresses(without)[1]
        not in browser.get(f"/admin/modules/module/{without.pk}/change/").content.decode()
    )
    assert addresses(module)[1] in browser.get(f"/admin/modules/module/{module.pk}/change/").content.decode()
