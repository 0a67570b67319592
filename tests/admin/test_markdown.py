"""Tests the endpoints of the editor: permissions, limits, previews, problems, new parts, examples and images."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from markdownx.widgets import AdminMarkdownxWidget
from PIL import Image as Pillow

from modules.authoring import starting
from modules.document.syntax.parser import parse_document
from modules.forms.editor import Editor
from modules.models import Draft, Image
from tests.admin.test_loading import image
from tests.cast import PLANETS, a_module

pytestmark = pytest.mark.django_db

PREVIEW_URL, IMAGE_URL = "/admin/markdown/preview/", "/admin/markdown/image/"


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


@pytest.fixture
def draft(instructor):
    return Draft.objects.create(author=instructor, text=PLANETS)


def send(browser, content: bytes, target: str, name: str = "a.png", kind: str = "image/png"):
    return browser.post(IMAGE_URL, {"image": SimpleUploadedFile(name, content, kind), "target": target})


def test_endpoints_have_the_names_markdownx_expects():
    assert (reverse("markdownx_markdownify"), reverse("markdownx_upload")) == (PREVIEW_URL, IMAGE_URL)


def test_editor_widget_names_only_our_endpoints():
    shown = Editor().render("text", "# A", {"id": "text"})
    assert isinstance(Editor(), AdminMarkdownxWidget)
    assert (f'data-preview-url="{PREVIEW_URL}"' in shown, f'data-image-url="{IMAGE_URL}"' in shown) == (
        True,
        True,
    )
    assert "/markdownx/" not in shown


@pytest.mark.parametrize("address", [PREVIEW_URL, IMAGE_URL])
def test_visitors_and_learners_are_refused_in_plain_text(address, client, signed_in, learner):
    for visitor in (client, signed_in(learner)):
        answer = visitor.post(address, {"content": "# A"})
        assert (answer.status_code, answer.headers["Content-Type"]) == (403, "text/plain; charset=utf-8")


@pytest.mark.parametrize("address", [PREVIEW_URL, IMAGE_URL])
def test_get_request_is_refused(address, browser):
    assert browser.get(address).status_code == 405


def test_request_without_csrf_token_is_refused(instructor):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(instructor, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert strict.post(PREVIEW_URL, {"content": "# A"}).status_code == 403


def test_preview_shows_document_without_keys(browser):
    shown = browser.post(PREVIEW_URL, {"content": PLANETS, "which": "document"}).content.decode()
    assert "<h1>Tata surya</h1>" in shown
    assert "Jupiter" in shown
    assert "Betul." not in shown
    assert "checked" not in shown


def test_preview_sanitises_hostile_text(browser):
    hostile = "# A\n\n<script>alert(1)</script> <img src=x onerror=alert(1)> [x](javascript:alert(1))"
    shown = browser.post(PREVIEW_URL, {"content": hostile}).content.decode()
    assert "<script" not in shown
    assert "<img" not in shown
    assert 'href="javascript' not in shown


def test_preview_of_part_uses_definitions_of_document(browser):
    module = a_module(
        "# A\n\n## Satu\n\nLihat [acuan].\n\n## Dua\n\nKedua.\n\n[acuan]: https://example.org/\n"
    )
    part = module.sections.get(identity="satu")
    shown = browser.post(
        PREVIEW_URL, {"content": "## Satu\r\n\r\nBaca [acuan].", "which": f"section:{part.pk}"}
    )
    assert 'href="https://example.org/"' in shown.content.decode()
    assert "Kedua." not in shown.content.decode()


def test_preview_of_question_is_alone_and_without_key(browser):
    question = a_module().quiz.questions.get(identity="planet-terbesar")
    sent = {"content": question.current.source, "which": f"question:{question.pk}"}
    shown = browser.post(PREVIEW_URL, sent).content.decode()
    assert shown.count("<h3 data-source-line=") == 1
    assert "checked" not in shown


@pytest.mark.parametrize(
    "which", ["section:0", "question:x", "draft:9", "module:1", "", "section:" + "9" * 400]
)
def test_preview_of_unknown_part_renders_plain_text(browser, which):
    answer = browser.post(PREVIEW_URL, {"content": "# A\n\nTeks.", "which": which})
    assert (answer.status_code, "Teks." in answer.content.decode()) == (200, True)


def test_preview_of_long_text_is_refused(browser):
    answer = browser.post(PREVIEW_URL, {"content": "x" * (2 * 1024 * 1024 + 1)})
    assert (answer.status_code, answer.headers["Content-Type"]) == (413, "text/plain; charset=utf-8")


def test_image_is_stored_under_its_fingerprint(browser, draft):
    answer = send(browser, image(), f"draft:{draft.pk}", name="../../evil.html").json()
    kept = Image.objects.get()
    assert (kept.draft, kept.path) == (draft, answer["path"])
    assert kept.path == f"images/{kept.file.name[:12]}.png"
    assert browser.get(answer["url"]).headers["Content-Type"] == "image/png"
    send(browser, image(), f"draft:{draft.pk}")
    assert Image.objects.count() == 1


def test_image_extension_follows_its_content(browser, draft):
    answer = send(browser, image("JPEG"), f"draft:{draft.pk}", name="a.gif", kind="image/gif").json()
    assert answer["path"].endswith(".jpg")


def decompression_bomb() -> bytes:
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
        decompression_bomb(),
    ],
    ids=["html", "svg", "half-gif", "cut-off", "empty", "bomb"],
)
def test_invalid_image_is_refused(browser, draft, content):
    answer = send(browser, content, f"draft:{draft.pk}", name="a.gif", kind="image/gif")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "text/plain; charset=utf-8")
    assert answer.content
    assert Image.objects.count() == 0


def test_large_image_is_refused(browser, draft):
    assert send(browser, b"x" * (10 * 1024 * 1024 + 1), f"draft:{draft.pk}").status_code == 413


def test_image_for_draft_of_other_author_is_refused(signed_in, administrator, draft):
    assert send(signed_in(administrator), image(), f"draft:{draft.pk}").status_code == 400
    assert Image.objects.count() == 0


# ---------------------------------------------------------------------------------- problems and new parts


def problems_of(browser, content: str, which: str = "document") -> list[tuple[str, int]]:
    """Returns the kinds and lines of the problems that the editor would list."""
    answer = browser.post(PREVIEW_URL, {"content": content, "which": which, "field": "id_text"})
    listed = answer.content.decode().partition('data-answer="problems"')[2]
    found = re.findall(r'data-severity="(\w+)"|href="#id_text" data-line="(\d+)"', listed)
    kind, problems = "", []
    for severity, line in found:
        kind = severity or kind
        if line:
            problems.append((kind, int(line)))
    return problems


def test_preview_lists_problems_by_line(browser):
    problems = problems_of(browser, PLANETS.replace("[x] Jupiter", "[ ] Jupiter"))
    assert problems[0] == ("error", 15)
    assert {kind for kind, _line in problems[1:]} == {"warning"}


def test_preview_of_part_counts_lines_of_part(browser):
    question = a_module().quiz.questions.get(identity="planet-terbesar")
    source = question.current.source
    assert problems_of(browser, source, f"question:{question.pk}") == []
    wrong = source.replace("[x]", "[ ]")
    assert problems_of(browser, wrong, f"question:{question.pk}") == [("error", 1)]


def test_preview_names_error_that_part_makes_elsewhere(browser):
    section = a_module().sections.get(identity="planet-dalam")
    second_quiz = "## Kuis akhir\n\n### Satu?\n\n- [=] ya\n"
    sent = {"content": second_quiz, "which": f"section:{section.pk}"}
    shown = browser.post(PREVIEW_URL, sent).content.decode()
    assert shown.index('data-severity="error"') < shown.index("Di tempat lain dalam dokumen")


def new_part(browser, **fields):
    return browser.post("/admin/markdown/part/", fields)


def test_new_question_belongs_behind_question_of_caret(browser):
    answer = new_part(browser, content=PLANETS, which="document", kind="question", line=18).json()
    assert PLANETS.split("\n")[answer["line"] - 1] == "### Planet luar yang mana?"
    assert answer["text"].startswith(f"### {answer['title']}\n\n- [ ] ")


def test_new_section_stays_inside_edited_part(browser):
    section = a_module().sections.get(identity="planet-dalam")
    sent = {"content": section.source.rstrip("\n"), "which": f"section:{section.pk}"}
    answer = new_part(browser, **sent, kind="section", line=1).json()
    assert (answer["line"], answer["text"][:4]) == (4, "\n## ")


def test_new_part_of_unknown_kind_is_refused(browser, client):
    assert new_part(browser, content="", which="document", kind="page").status_code == 400
    assert new_part(client, content="", which="document", kind="section").status_code == 403


def test_example_begins_draft_that_changes_no_module(browser, instructor):
    begun = []
    for _time in range(2):
        browser.post("/admin/modules/module/load/example/")
        draft = Draft.objects.filter(author=instructor).latest("pk")
        document = parse_document(draft.text)
        assert [problem.code for problem in document.problems] == ["placeholder"]
        begun.append(document.title)
        a_module(draft.text)
    assert begun == ["Menanam cabai di pot", "Menanam cabai di pot 2"]


@pytest.mark.parametrize("language", ["id", "en"])
def test_examples_have_no_problems_but_their_own_sentence(language):
    document = parse_document(starting.example(language))
    assert [problem.code for problem in document.problems] == ["placeholder"]
    assert (document.lacks, document.language) == ((), language)
    kinds = [
        (question.kind, sum(choice.right for choice in question.choices))
        for question in document.quiz.questions
    ]
    assert kinds == [("single", 1), ("multiple", 2), ("short", 0), ("numerical", 0)]


def test_load_page_names_guide_only_if_there_is_one(browser):
    assert "writing-a-module" not in browser.get("/admin/modules/module/load/").content.decode()
    a_module("---\nslug: writing-a-module\n---\n\n# Guide\n\nText.\n")
    assert "/modules/writing-a-module/" in browser.get("/admin/modules/module/load/").content.decode()
