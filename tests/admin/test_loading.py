"""Tests loading documents through the admin: uploads, drafts, errors, and images."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from PIL import Image as Pillow

from modules.admin import hints
from modules.authoring import uploads
from modules.models import Draft, Image, Module
from tests.cast import PLANETS, a_module

pytestmark = pytest.mark.django_db

LOAD_URL = "/admin/modules/module/load/"
INVALID = """\
# Tata surya

## Planet dalam

Merkurius.

## Kuis akhir

### Planet terbesar?

- [ ] Mars
- [ ] Jupiter

### Planet keempat?

- [x] Mars
- [x] Mars
"""


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


def upload(browser, content: bytes | str, name: str = "planet.md", address: str = LOAD_URL):
    content = content.encode() if isinstance(content, str) else content
    return browser.post(address, {"file": SimpleUploadedFile(name, content), "text": ""})


def choose_replacement(browser) -> str:
    """Says that the latest draft replaces the module with its address, and returns the address of its plan."""
    page = f"/admin/modules/draft/{Draft.objects.latest('pk').pk}/module/"
    module = browser.get(page).context["module"]
    return str(browser.post(page, {"module": module.pk, "action": "replace"}).headers["Location"])


def load_file(browser, content: bytes | str, name: str = "planet.md", action: str = "publish") -> Module:
    """Uploads a file, presses a button of its draft, and returns the only module."""
    page = upload(browser, content, name).headers["Location"]
    press(browser, page, action)
    return Module.objects.get()


def press(browser, page: str, action: str, text: str | None = None):
    """Presses a button on the page of a draft and sends its text as a browser does."""
    form = browser.get(page).context["form"]
    return browser.post(
        page, form_data(form, form["text"].value() if text is None else text) | {"action": action}
    )


def form_data(form, text: str) -> dict[str, str]:
    """Returns the data of a draft form with this text, as a browser sends it."""
    as_sent = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    return {"text": as_sent, "base_fingerprint": form["base_fingerprint"].value()}


def different_lines(answer) -> list[tuple[str, str]]:
    """Returns the pairs of lines that a page shows as different: before and after."""
    rows = [row for row in answer.context["marked"].rows if hasattr(row, "is_same") and not row.is_same]
    return [tuple("".join(run.text for run in side) for side in (row.before, row.after)) for row in rows]


def download(browser, module: Module) -> bytes:
    return browser.get(f"/admin/modules/module/{module.pk}/document/").content


def zip_file(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def image(form: str = "PNG", size: tuple[int, int] = (4, 4), colour: str = "navy") -> bytes:
    written = io.BytesIO()
    Pillow.new("RGB", size, colour).save(written, form)
    return written.getvalue()


def test_invalid_file_lists_errors_and_creates_nothing(browser):
    page = upload(browser, INVALID).headers["Location"]
    shown = browser.get(page)
    assert [line for line, _text in shown.context["page"].errors] == [9, 17]
    assert b'value="publish"' not in shown.content
    press(browser, page, "publish")
    assert Module.objects.count() == 0
    assert Draft.objects.get().text == INVALID


def test_corrected_draft_is_published_and_removed(browser, instructor):
    page = upload(browser, INVALID).headers["Location"]
    corrected = INVALID.replace("- [ ] Jupiter", "- [x] Jupiter").replace(
        "- [x] Mars\n- [x] Mars", "- [x] Mars\n- [ ] Bumi"
    )
    press(browser, page, "check", corrected)
    assert Draft.objects.get().text == corrected
    press(browser, page, "publish")
    module = Module.objects.get()
    assert (module.title, module.published_by, module.text()) == ("Tata surya", instructor, corrected)
    assert module.current.filename == "planet.md"
    assert Draft.objects.count() == 0


def test_missing_images_and_links_are_separate_from_hints(browser):
    text = "# Sepeda\n\n## Rem\n\n![Rem](rem.png) ![](rantai.png) [rantai](#rantai)\n\n![Rem](rem.png)\n"
    shown = browser.get(
        upload(browser, zip_file(**{"sepeda.md": text.encode()}), "s.zip").headers["Location"]
    )
    assert [line for line, _text in shown.context["page"].missing] == [5, 5, 5]
    with translation.override("en"):
        hint_values = hints.of(uploads.parse_with_images(text))
    assert hint_values["missing_title"] == "2 pictures are missing, 1 link leads nowhere"
    assert len(hint_values["warnings"]) == 1  # for the image without a description


def test_unpublished_module_is_hidden_from_learners(browser, signed_in, learner):
    module = load_file(browser, PLANETS, action="load")
    assert signed_in(learner).get(module.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        PLANETS.encode(),
        PLANETS.replace("\n", "\r\n").encode(),
        PLANETS.replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + PLANETS.encode(),
        ("\ufeff" + PLANETS.replace("\n", "\r\n")).encode("utf-16-le"),
        ("\ufeff" + PLANETS).encode("utf-16-be"),
        PLANETS.replace("\n", "\r\n", 5).rstrip().encode(),
        b"\n\n" + PLANETS.encode(),
    ],
    ids=["lf", "crlf", "cr", "bom", "utf-16-le", "utf-16-be", "mixed", "blank-lines-first"],
)
def test_document_is_downloaded_byte_for_byte(browser, content):
    assert download(browser, load_file(browser, content)) == content


def test_pasted_document_gets_plain_line_ends(browser):
    browser.post(LOAD_URL, {"text": PLANETS.replace("\n", "\r\n")})
    assert Draft.objects.get().text == PLANETS


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"x" * (2 * 1024 * 1024 + 1), "large.md"),
        (b"\xff\xfa\xd8 no text", "image.md"),
        (b"# Judul\n\0\n", "nul.md"),
        (b"PK\x03\x04 broken", "broken.zip"),
        (zip_file(**{"../planet.md": PLANETS.encode()}), "climbing.zip"),
        (zip_file(**{"a.md": b"# A", "b.md": b"# B"}), "two.zip"),
        (zip_file(**{"planet.md": PLANETS.encode(), "images/a.png": b"<svg onload='x'>"}), "false-image.zip"),
        (zip_file(**{"planet.md": PLANETS.encode(), f"{'images/' * 80}a.png": image()}), "deep.zip"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_unreadable_upload_is_refused_and_leaves_nothing(browser, content, name):
    shown = upload(browser, content, name)
    assert shown.status_code == 200
    assert shown.context["form"].errors["file"]
    assert (Draft.objects.count(), Module.objects.count(), Image.objects.count()) == (0, 0, 0)


def test_upload_needs_either_file_or_text(browser):
    form = browser.post(LOAD_URL, {"text": " "}).context["form"]
    assert form.non_field_errors()
    assert form.is_empty
    both = {"file": SimpleUploadedFile("a.md", b"# A"), "text": "# B"}
    form = browser.post(LOAD_URL, both).context["form"]
    assert form.non_field_errors()
    assert not form.is_empty


def test_archive_images_are_shown_in_module(browser):
    text = "# Modul\n\n## Satu\n\n![Biru](images/a.png)\n"
    module = load_file(browser, zip_file(**{"modul.md": text.encode(), "images/a.png": image()}), "modul.zip")
    assert [stored.path for stored in module.images.all()] == ["images/a.png"]
    assert 'src="/media/' in module.sections.get().html


def test_draft_of_module_leads_to_its_plan(browser):
    module = a_module()
    page = browser.post(f"/admin/modules/module/{module.pk}/draft/").headers["Location"]
    changed = PLANETS.replace("Delapan", "Sembilan")
    for action in ("plan", "load", "publish"):
        assert press(browser, page, action, changed).headers["Location"] == page.replace("change", "plan")
    assert Draft.objects.get().text == changed
    assert Module.objects.get().text() == PLANETS


def test_file_for_existing_module_is_planned(browser):
    module = a_module()
    changed = PLANETS.replace("Delapan", "Sembilan")
    for address in (LOAD_URL, f"/admin/modules/module/{module.pk}/load/"):
        assert upload(browser, changed, address=address).headers["Location"].endswith("/plan/")
    wrong = upload(browser, PLANETS.replace("- [x] Jupiter", "- [ ] Jupiter"))
    assert wrong.headers["Location"].endswith("/change/")


def test_draft_says_that_its_module_changed(browser):
    module = a_module()
    page = browser.post(f"/admin/modules/module/{module.pk}/draft/").headers["Location"]
    a_module(PLANETS.replace("Delapan", "Sembilan"))
    assert browser.get(page).context["page"].is_behind


def test_slug_used_meanwhile_leads_to_plan(browser):
    page = upload(browser, PLANETS).headers["Location"]
    a_module(PLANETS.replace("Delapan", "Sembilan"))
    assert press(browser, page, "load").headers["Location"] == page.replace("change", "plan")
    assert "Sembilan" in Module.objects.get().text()


def test_file_keeps_images_of_its_module(browser):
    text = "# Modul\n\n## Satu\n\n![Biru](images/a.png)\n"
    load_file(browser, zip_file(**{"modul.md": text.encode(), "images/a.png": image()}), "modul.zip")
    upload(browser, text + "\nSatu lagi.\n")
    plan = choose_replacement(browser)
    assert not [
        warning
        for warning in browser.get(plan).context["page"].plan.document.warnings
        if warning.code == "missing-image"
    ]
    assert browser.get(plan).context["page"].images == (0, 0)


def test_editing_again_opens_the_same_draft(browser):
    address = f"/admin/modules/module/{a_module().pk}/draft/"
    assert browser.post(address).headers["Location"] == browser.post(address).headers["Location"]
    assert Draft.objects.count() == 1


def test_existing_draft_is_named_and_new_one_can_begin(browser):
    module = a_module()
    address = f"/admin/modules/module/{module.pk}/draft/"
    first_url = browser.post(address).headers["Location"]
    press(browser, first_url, "check", PLANETS + "\nSatu jam kerja.\n")
    *_saved, message = browser.post(address, follow=True).context["messages"]
    assert f"“{Draft.objects.get()}”" in str(message)
    second_url = browser.post(address, {"anew": "yes"}).headers["Location"]
    assert second_url == browser.post(address, {"anew": "yes"}).headers["Location"] != first_url
    assert sorted(draft.text for draft in Draft.objects.all()) == [PLANETS, PLANETS + "\nSatu jam kerja.\n"]


@pytest.mark.parametrize("text", [PLANETS, PLANETS.replace("\n", "\r\n"), "\ufeff" + PLANETS])
def test_draft_in_two_windows_loses_no_text(browser, text):
    module = a_module(text)
    page = browser.post(f"/admin/modules/module/{module.pk}/draft/").headers["Location"]
    first_form = second_form = browser.get(page).context["form"]
    browser.post(page, form_data(first_form, text + "\nSatu jam kerja.\n") | {"action": "check"})

    answer = browser.post(page, form_data(second_form, text + "\nDua jam kerja.\n") | {"action": "plan"})

    assert answer.context["form"].non_field_errors()
    assert "Satu jam kerja." in answer.context["other"]
    assert different_lines(answer) == [("Satu jam kerja.", "Dua jam kerja.")]
    assert "Satu jam kerja." in Draft.objects.get().text
    resent = browser.post(
        page, form_data(answer.context["form"], answer.context["form"]["text"].value()) | {"action": "check"}
    )
    assert resent.status_code == 302
    assert "Dua jam kerja." in Draft.objects.get().text


def test_unsaved_input_of_loaded_draft_becomes_new_draft(browser):
    module = a_module()
    page = browser.post(f"/admin/modules/module/{module.pk}/draft/").headers["Location"]
    form = browser.get(page).context["form"]
    Draft.objects.all().delete()
    sent = form_data(form, PLANETS + "\nSatu jam kerja.\n") | {"module": module.pk, "action": "plan"}
    answer = browser.post(page, sent)
    draft = Draft.objects.get()
    assert answer.headers["Location"] == f"/admin/modules/draft/{draft.pk}/change/"
    assert (draft.module, draft.text) == (module, PLANETS + "\nSatu jam kerja.\n")


def test_new_module_loaded_twice_is_created_once(browser):
    page = upload(browser, PLANETS).headers["Location"]
    sent = form_data(browser.get(page).context["form"], PLANETS) | {"action": "publish"}
    browser.post(page, sent)
    answer = browser.post(page, sent)
    assert answer.headers["Location"] == f"/admin/modules/module/{Module.objects.get().pk}/change/"
    assert Draft.objects.count() == 0


def test_draft_of_other_author_is_not_found(browser, administrator):
    draft = Draft.objects.create(author=administrator, text=PLANETS)
    assert browser.post(f"/admin/modules/draft/{draft.pk}/delete/", {"post": "yes"}).status_code == 404
    assert browser.get(f"/admin/modules/draft/{draft.pk}/change/").status_code == 404
    assert b"#{draft.pk}" not in browser.get("/admin/modules/draft/").content


def test_discarded_draft_is_deleted_with_its_images(browser):
    page = upload(browser, zip_file(**{"m.md": b"# M\n\nTeks.", "a.png": image()}), "m.zip").headers[
        "Location"
    ]
    confirmation = browser.get(page.replace("change", "delete"))
    assert "m.md" in confirmation.content.decode()
    assert "Ringkasan" not in confirmation.content.decode()
    assert Draft.objects.count() == 1
    browser.post(page.replace("change", "delete"), {"post": "yes"})
    assert (Draft.objects.count(), Image.objects.count()) == (0, 0)


def test_discarding_draft_leads_back_to_its_module(browser):
    module = a_module()
    page = browser.post(f"/admin/modules/module/{module.pk}/draft/").headers["Location"]
    answer = browser.post(page.replace("change", "delete"), {"post": "yes"})
    assert answer.headers["Location"] == f"/admin/modules/module/{module.pk}/change/"
    assert Draft.objects.count() == 0
    pasted = browser.post(LOAD_URL, {"text": "# Modul\n\n## Satu\n\nTeks.\n"}).headers["Location"]
    answer = browser.post(pasted.replace("change", "delete"), {"post": "yes"})
    assert answer.headers["Location"] == "/admin/modules/draft/"
