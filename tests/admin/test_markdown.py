"""The editor's endpoints: closed to others, bounded, and never a way in for what is no picture."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from markdownx.widgets import AdminMarkdownxWidget
from PIL import Image as Pillow

from modules.forms.editor import Editor
from modules.models import Draft, Image
from tests.admin.test_loading import image
from tests.cast import PLANETS, a_module

pytestmark = pytest.mark.django_db

PREVIEW, IMAGE = "/admin/markdown/preview/", "/admin/markdown/image/"


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


@pytest.fixture
def draft(instructor):
    return Draft.objects.create(author=instructor, text=PLANETS)


def send(browser, content: bytes, target: str, name: str = "a.png", kind: str = "image/png"):
    return browser.post(IMAGE, {"image": SimpleUploadedFile(name, content, kind), "target": target})


def test_the_editor_finds_them_under_the_names_of_its_library():
    assert (reverse("markdownx_markdownify"), reverse("markdownx_upload")) == (PREVIEW, IMAGE)


def test_the_editor_is_that_of_its_library_and_names_these_two_alone():
    shown = Editor().render("text", "# A", {"id": "text"})
    assert isinstance(Editor(), AdminMarkdownxWidget)
    assert (f'data-preview-url="{PREVIEW}"' in shown, f'data-image-url="{IMAGE}"' in shown) == (True, True)
    assert "/markdownx/" not in shown


@pytest.mark.parametrize("address", [PREVIEW, IMAGE])
def test_strangers_and_learners_are_refused_in_plain_text(address, client, signed_in, learner):
    for stranger in (client, signed_in(learner)):
        answer = stranger.post(address, {"content": "# A"})
        assert (answer.status_code, answer.headers["Content-Type"]) == (403, "text/plain; charset=utf-8")


@pytest.mark.parametrize("address", [PREVIEW, IMAGE])
def test_only_post_is_answered(address, browser):
    assert browser.get(address).status_code == 405


def test_they_ask_for_the_token(instructor):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(instructor, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post(PREVIEW, {"content": "# A"}).status_code == 403


def test_the_preview_is_the_learners_rendering_without_a_key(browser):
    shown = browser.post(PREVIEW, {"content": PLANETS, "which": "document"}).content.decode()
    assert "<h1>Tata surya</h1>" in shown
    assert "Jupiter" in shown
    assert "Betul." not in shown
    assert "checked" not in shown


def test_a_hostile_text_is_shown_as_text(browser):
    hostile = "# A\n\n<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))"
    shown = browser.post(PREVIEW, {"content": hostile}).content.decode()
    assert "<script" not in shown
    assert "<img" not in shown
    assert 'href="javascript' not in shown


def test_a_part_is_shown_in_its_place_with_what_the_rest_defines(browser):
    module = a_module(
        "# A\n\n## Satu\n\nLihat [acuan].\n\n## Dua\n\nKedua.\n\n[acuan]: https://example.org/\n"
    )
    part = module.sections.get(identity="satu")
    shown = browser.post(PREVIEW, {"content": "## Satu\r\n\r\nBaca [acuan].", "which": f"section:{part.pk}"})
    assert 'href="https://example.org/"' in shown.content.decode()
    assert "Kedua." not in shown.content.decode()


def test_a_question_is_shown_alone_and_without_its_key(browser):
    question = a_module().quiz.questions.get(identity="planet-terbesar")
    sent = {"content": question.current.source, "which": f"question:{question.pk}"}
    shown = browser.post(PREVIEW, sent).content.decode()
    assert shown.count("<h3>") == 1
    assert "checked" not in shown


@pytest.mark.parametrize(
    "which", ["section:0", "question:x", "draft:9", "module:1", "", "section:" + "9" * 400]
)
def test_a_preview_of_what_is_not_there_is_that_of_a_plain_text(browser, which):
    answer = browser.post(PREVIEW, {"content": "# A\n\nTeks.", "which": which})
    assert (answer.status_code, "Teks." in answer.content.decode()) == (200, True)


def test_a_text_that_is_too_long_is_refused_with_a_sentence(browser):
    answer = browser.post(PREVIEW, {"content": "x" * (2 * 1024 * 1024 + 1)})
    assert (answer.status_code, answer.headers["Content-Type"]) == (413, "text/plain; charset=utf-8")


def test_a_picture_is_kept_under_the_hash_of_what_it_shows(browser, draft):
    answer = send(browser, image(), f"draft:{draft.pk}", name="../../evil.html").json()
    kept = Image.objects.get()
    assert (kept.draft, kept.path) == (draft, answer["path"])
    assert kept.path == f"images/{kept.file.name[:12]}.png"
    assert browser.get(answer["url"]).headers["Content-Type"] == "image/png"
    send(browser, image(), f"draft:{draft.pk}")
    assert Image.objects.count() == 1


def test_a_picture_is_named_by_what_it_is_and_not_by_what_it_says(browser, draft):
    answer = send(browser, image("JPEG"), f"draft:{draft.pk}", name="a.gif", kind="image/gif").json()
    assert answer["path"].endswith(".jpg")


def bomb() -> bytes:
    written = io.BytesIO()
    Pillow.new("1", (20_000, 20_000)).save(written, "PNG")
    return written.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        b"GIF89a<script>alert(1)</script>",
        image()[:40],
        b"",
        bomb(),
    ],
    ids=["html", "svg", "half-gif", "cut-off", "empty", "bomb"],
)
def test_what_is_no_picture_is_refused_with_a_sentence(browser, draft, content):
    answer = send(browser, content, f"draft:{draft.pk}", name="a.gif", kind="image/gif")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert answer.content
    assert Image.objects.count() == 0


def test_a_picture_that_is_too_large_is_refused(browser, draft):
    assert send(browser, b"x" * (10 * 1024 * 1024 + 1), f"draft:{draft.pk}").status_code == 413


def test_a_picture_goes_into_no_draft_of_somebody_else(signed_in, administrator, draft):
    assert send(signed_in(administrator), image(), f"draft:{draft.pk}").status_code == 400
    assert Image.objects.count() == 0
