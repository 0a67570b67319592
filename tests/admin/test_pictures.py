"""Tests pictures of drafts: ones that a text holds as data, missing ones, and ones that no text shows."""

import base64
import io

import pytest
from django.contrib.messages import get_messages
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow

from modules.models import Draft, Image, Module
from tests.admin.test_loading import choose_replacement, form_data, image, load_file, press, upload, zip_file
from tests.cast import a_module

pytestmark = pytest.mark.django_db

LOAD_URL = "/admin/modules/module/load/"


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


def as_data(content: bytes, kind: str = "image/png") -> str:
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def document(*pictures: str) -> str:
    """Returns a document as Google Docs exports it: pictures as references whose data is at the end."""
    shown = "\n\n".join(f"![][image{number}]" for number in range(1, len(pictures) + 1))
    data = "\n".join(f"[image{number}]: <{uri}>" for number, uri in enumerate(pictures, 1))
    return f"# Dokumen\n\n## Satu\n\n{shown}\n\n{data}\n"


def said(answer) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def warnings(browser, page: str) -> list[str]:
    """Returns the codes of the warnings on the page of a draft that are about pictures."""
    shown = browser.get(page).context["page"].document
    return [warning.code for warning in shown.warnings if "image" in warning.code]


# ----------------------------------------------------------------------------------------- pictures as data


def test_export_of_google_docs_is_loaded_with_its_pictures(browser):
    text = document(as_data(image(colour="red")), as_data(image("JPEG", colour="blue"), "image/jpeg"))
    module = load_file(browser, text)

    assert "data:" not in module.text()
    html = module.sections.get().html
    assert (html.count('<img src="/media/'), "base64" in html) == (2, False)
    assert [stored.path.rpartition(".")[2] for stored in module.images.order_by("path")] in (
        ["png", "jpg"],
        ["jpg", "png"],
    )


def test_author_is_told_that_the_text_was_changed(browser):
    answer = upload(browser, document(as_data(image())))
    assert len(said(answer)) == 1


def test_file_that_is_large_only_for_its_pictures_is_loaded(browser):
    noise = Pillow.effect_noise((1_900, 1_900), 90)
    content = io.BytesIO()
    noise.save(content, "PNG")
    text = document(as_data(content.getvalue()))
    assert len(text) > 2 * 1024 * 1024
    assert load_file(browser, text).images.count() == 1


def test_same_export_loaded_again_changes_nothing(browser):
    text = document(as_data(image()))
    module = load_file(browser, text)
    upload(browser, text)
    page = choose_replacement(browser)
    assert page.endswith("/plan/")
    assert browser.get(page).context["page"].changes_nothing
    assert Draft.objects.get().text == module.text()


@pytest.mark.parametrize("address", ["load", "draft"])
def test_pasted_data_becomes_a_picture(browser, address):
    text = f"# Dokumen\n\n## Satu\n\n![Titik]({as_data(image())})\n"
    if address == "load":
        browser.post(LOAD_URL, {"text": text})
    else:
        page = upload(browser, "# Dokumen\n\n## Satu\n\nKata.\n").headers["Location"]
        press(browser, page, "check", text)
    draft = Draft.objects.get()
    assert draft.text == f"# Dokumen\n\n## Satu\n\n![Titik]({draft.images.get().path})\n"


def test_data_in_edited_part_becomes_a_picture_of_the_module(browser):
    module = a_module("# Modul\n\n## Satu\n\nKata.\n")
    page = f"/admin/modules/module/parts/section/{module.sections.get().pk}/"
    form = browser.get(page).context["form"]
    sent = {
        "source": f"## Satu\n\n![Titik]({as_data(image())})\n",
        "base_revision": form["base_revision"].value(),
    }
    browser.post(page, sent)
    stored = module.images.get()
    assert module.sections.get().source == f"## Satu\n\n![Titik]({stored.path})\n"
    assert default_storage.url(stored.file.name) in module.sections.get().html


@pytest.mark.parametrize(
    "uri",
    [
        as_data(b"<svg onload='alert(1)'/>", "image/svg+xml"),
        as_data(b"<script>alert(1)</script>", "text/html"),
        as_data(b"<script>alert(1)</script>"),
        as_data(image()[:40]),
        "data:image/png;base64,tanpa-base64!",
    ],
    ids=["svg", "html", "false-png", "cut-off", "no-base64"],
)
def test_hostile_data_is_a_missing_picture_named_by_its_line(browser, uri):
    page = upload(browser, f"# D\n\n## Satu\n\n![Titik]({uri})\n").headers["Location"]
    shown = browser.get(page).context["page"]
    assert ([line for line, _sentence in shown.missing], Image.objects.count()) == ([5], 0)
    html = shown.document.sections[0].html
    assert html == '<p><span class="missing-image">Titik</span></p>\n'


# ---------------------------------------------------------------------------------------- missing pictures


def test_chosen_picture_is_stored_at_the_path_of_the_text(browser):
    text = "# Modul\n\n## Satu\n\n![Foto](foto kelas.jpg) ![R](../img/a.png) ![S](lukisan.svg)\n"
    page = upload(browser, text).headers["Location"]
    shown = browser.get(page)
    assert [path for path, _field in shown.context["page"].wanted] == ["foto kelas.jpg", "../img/a.png"]

    form = form_data(shown.context["form"], text) | {"action": "pictures"}
    browser.post(page, form | {"picture:foto kelas.jpg": SimpleUploadedFile("dsc 1.jpg", image("JPEG"))})
    assert [stored.path for stored in Draft.objects.get().images.all()] == ["foto kelas.jpg"]
    assert [path for path, _field in browser.get(page).context["page"].wanted] == ["../img/a.png"]
    assert Draft.objects.get().text == text


def test_typed_text_is_saved_with_the_chosen_picture(browser):
    page = upload(browser, "# Modul\n\n## Satu\n\nKata.\n").headers["Location"]
    text = "# Modul\n\n## Satu\n\n![Foto](baru.png)\n"
    form = form_data(browser.get(page).context["form"], text) | {"action": "pictures"}
    browser.post(page, form | {"picture:baru.png": SimpleUploadedFile("x.png", image())})
    assert (Draft.objects.get().text, Image.objects.get().path) == (text, "baru.png")


@pytest.mark.parametrize(
    ("field", "content"),
    [
        ("picture:a.png", b"<svg/>"),
        ("picture:a.png", b"x" * (10 * 1024 * 1024 + 1)),
        ("picture:b.png", image()),  # a path that the text does not show
        ("picture:", b""),
    ],
    ids=["svg", "too-large", "other-path", "nothing"],
)
def test_refused_picture_is_explained_and_not_kept(browser, field, content):
    text = "# Modul\n\n## Satu\n\n![A](a.png)\n"
    page = upload(browser, text).headers["Location"]
    form = form_data(browser.get(page).context["form"], text) | {"action": "pictures"}
    answer = browser.post(page, form | {field: SimpleUploadedFile("a.png", content)})
    assert len(said(answer)) == 1
    assert Image.objects.count() == 0


def test_missing_picture_is_stored_from_the_plan(browser):
    module = a_module("# Modul\n\n## Satu\n\nKata.\n")
    upload(browser, "# Modul\n\n## Satu\n\nKata. ![A](a.png)\n")
    page = choose_replacement(browser)
    assert page.endswith("/plan/")
    sent = {"action": "pictures", "picture:a.png": SimpleUploadedFile("a.png", image())}
    shown = browser.post(page, sent).context["page"]
    assert (shown.missing.count, shown.images) == (0, (1, 0))

    seal = {"base_revision": module.current_id, "seal": shown.fingerprint, "promised": shown.promised}
    browser.post(page, seal | {"action": "load"})
    assert module.images.get().path == "a.png"


def test_picture_for_draft_of_other_author_is_refused(signed_in, administrator, instructor):
    draft = Draft.objects.create(author=instructor, text="# M\n\n## S\n\n![A](a.png)\n")
    sent = {"text": draft.text, "action": "pictures", "picture:a.png": SimpleUploadedFile("a.png", image())}
    for page in ("change", "plan"):
        answer = signed_in(administrator).post(f"/admin/modules/draft/{draft.pk}/{page}/", sent)
        assert answer.status_code == 404
    assert Image.objects.count() == 0


# ------------------------------------------------------------------------------------ pictures of an archive


def test_pictures_of_archive_under_other_names_are_shown_with_one_note(browser):
    text = "# Modul\n\n## Satu\n\n![A](Rantai.PNG) ![B](../img/foto%20kelas.png) ![C](foto kelas.png)\n"
    files = {"modul.md": text.encode(), "rantai.png": image(), "img/foto kelas.png": image(colour="red")}
    page = upload(browser, zip_file(**files), "modul.zip").headers["Location"]
    assert warnings(browser, page) == ["image-name"]
    press(browser, page, "publish")
    assert Module.objects.get().sections.get().html.count("<img ") == 3


def test_unused_pictures_of_archive_are_counted_once(browser):
    files = {"modul.md": b"# Modul\n\n## Satu\n\n![A](a.png)\n", "a.png": image()}
    spare = {f"sisa/{number}.png": image(colour="red") for number in range(12)}
    page = upload(browser, zip_file(**files, **spare), "modul.zip").headers["Location"]
    (unused,) = [
        warning
        for warning in browser.get(page).context["page"].document.warnings
        if warning.code == "unused-images"
    ]
    assert (unused.line, unused.params["count"]) == (0, 12)
    assert str(unused.params["names"]).endswith("…")
