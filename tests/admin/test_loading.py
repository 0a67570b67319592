"""Loading through the admin: a wrong file shows all its problems, is mended, and is loaded byte for byte."""

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

LOAD = "/admin/modules/module/load/"
WRONG = """\
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


def upload(browser, content: bytes | str, name: str = "planet.md", address: str = LOAD):
    content = content.encode() if isinstance(content, str) else content
    return browser.post(address, {"file": SimpleUploadedFile(name, content), "text": ""})


def loaded(browser, content: bytes | str, name: str = "planet.md", action: str = "publish") -> Module:
    """The module that a file becomes."""
    page = upload(browser, content, name).headers["Location"]
    press(browser, page, action)
    return Module.objects.get()


def press(browser, page: str, action: str, text: str | None = None):
    """Press a button of a draft's page, with the text as a browser sends it."""
    form = browser.get(page).context["form"]
    return browser.post(
        page, typed(form, form["text"].value() if text is None else text) | {"action": action}
    )


def typed(form, text: str) -> dict[str, str]:
    """A form with this text, as a browser sends it."""
    as_sent = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    return {"text": as_sent, "base_fingerprint": form["base_fingerprint"].value()}


def told_apart(answer) -> list[tuple[str, str]]:
    """The lines that a page shows as different, before and after."""
    rows = [row for row in answer.context["marked"].rows if hasattr(row, "is_same") and not row.is_same]
    return [tuple("".join(run.text for run in side) for side in (row.before, row.after)) for row in rows]


def downloaded(browser, module: Module) -> bytes:
    return browser.get(f"/admin/modules/module/{module.pk}/document/").content


def zipped(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def image(form: str = "PNG", size: tuple[int, int] = (4, 4), colour: str = "navy") -> bytes:
    written = io.BytesIO()
    Pillow.new("RGB", size, colour).save(written, form)
    return written.getvalue()


def test_a_wrong_file_shows_every_error_by_its_line_and_makes_no_module(browser):
    page = upload(browser, WRONG).headers["Location"]
    shown = browser.get(page)
    assert [line for line, _text in shown.context["errors"]] == [9, 17]
    assert b'value="publish"' not in shown.content
    press(browser, page, "publish")
    assert Module.objects.count() == 0
    assert Draft.objects.get().text == WRONG


def test_a_mended_draft_is_loaded_and_published_and_then_gone(browser, instructor):
    page = upload(browser, WRONG).headers["Location"]
    mended = WRONG.replace("- [ ] Jupiter", "- [x] Jupiter").replace(
        "- [x] Mars\n- [x] Mars", "- [x] Mars\n- [ ] Bumi"
    )
    press(browser, page, "check", mended)
    assert Draft.objects.get().text == mended
    press(browser, page, "publish")
    module = Module.objects.get()
    assert (module.title, module.published_by, module.text()) == ("Tata surya", instructor, mended)
    assert module.current.filename == "planet.md"
    assert Draft.objects.count() == 0


def test_missing_pictures_and_dead_links_stand_apart_from_the_hints(browser):
    text = "# Sepeda\n\n## Rem\n\n![Rem](rem.png) ![](rantai.png) [rantai](#rantai)\n\n![Rem](rem.png)\n"
    shown = browser.get(upload(browser, zipped(**{"sepeda.md": text.encode()}), "s.zip").headers["Location"])
    assert [line for line, _text in shown.context["missing"]] == [5, 5, 5, 7]
    with translation.override("en"):
        told = hints.of(uploads.parse_with_images(text))
    assert told["missing_title"] == "2 pictures are missing, 1 link leads nowhere"
    assert len(told["warnings"]) == 1  # of the picture without words


def test_what_is_loaded_without_publishing_is_no_learners_to_see(browser, signed_in, learner):
    module = loaded(browser, PLANETS, action="load")
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
    ids=["lf", "crlf", "cr", "mark", "utf-16-le", "utf-16-be", "mixed", "blank-lines-first"],
)
def test_a_document_comes_back_byte_for_byte(browser, content):
    assert downloaded(browser, loaded(browser, content)) == content


def test_a_pasted_document_is_a_draft_with_plain_line_ends(browser):
    browser.post(LOAD, {"text": PLANETS.replace("\n", "\r\n")})
    assert Draft.objects.get().text == PLANETS


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"x" * (2 * 1024 * 1024 + 1), "large.md"),
        (b"\xff\xfa\xd8 no text", "picture.md"),
        (b"# Judul\n\0\n", "nul.md"),
        (b"PK\x03\x04 broken", "broken.zip"),
        (zipped(**{"../planet.md": PLANETS.encode()}), "climbing.zip"),
        (zipped(**{"a.md": b"# A", "b.md": b"# B"}), "two.zip"),
        (zipped(**{"planet.md": PLANETS.encode(), "images/a.png": b"<svg onload='x'>"}), "false-picture.zip"),
        (zipped(**{"planet.md": PLANETS.encode(), f"{'images/' * 80}a.png": image()}), "deep.zip"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_gets_a_sentence_and_leaves_nothing_behind(browser, content, name):
    shown = upload(browser, content, name)
    assert shown.status_code == 200
    assert shown.context["form"].errors["file"]
    assert (Draft.objects.count(), Module.objects.count(), Image.objects.count()) == (0, 0, 0)


def test_neither_file_nor_text_and_both_are_refused_with_a_sentence(browser):
    form = browser.post(LOAD, {"text": " "}).context["form"]
    assert form.non_field_errors()
    assert form.is_empty
    both = {"file": SimpleUploadedFile("a.md", b"# A"), "text": "# B"}
    form = browser.post(LOAD, both).context["form"]
    assert form.non_field_errors()
    assert not form.is_empty


def test_the_pictures_of_an_archive_stand_in_the_module(browser):
    text = "# Modul\n\n## Satu\n\n![Biru](images/a.png)\n"
    module = loaded(browser, zipped(**{"modul.md": text.encode(), "images/a.png": image()}), "modul.zip")
    assert [image.path for image in module.images.all()] == ["images/a.png"]
    assert 'src="/media/' in module.sections.get().html


def test_a_draft_of_a_module_leads_to_its_plan_and_loads_nothing_by_itself(browser):
    module = a_module()
    page = browser.post(f"/admin/modules/module/{module.pk}/draft/").headers["Location"]
    changed = PLANETS.replace("Delapan", "Sembilan")
    for action in ("plan", "load", "publish"):
        assert press(browser, page, action, changed).headers["Location"] == page.replace("change", "plan")
    assert Draft.objects.get().text == changed
    assert Module.objects.get().text() == PLANETS


def test_a_file_for_a_module_that_is_there_is_planned_at_once(browser):
    module = a_module()
    changed = PLANETS.replace("Delapan", "Sembilan")
    for address in (LOAD, f"/admin/modules/module/{module.pk}/load/"):
        assert upload(browser, changed, address=address).headers["Location"].endswith("/plan/")
    wrong = upload(browser, PLANETS.replace("- [x] Jupiter", "- [ ] Jupiter"))
    assert wrong.headers["Location"].endswith("/change/")


def test_a_draft_whose_module_changed_meanwhile_says_so(browser):
    module = a_module()
    page = browser.post(f"/admin/modules/module/{module.pk}/draft/").headers["Location"]
    a_module(PLANETS.replace("Delapan", "Sembilan"))
    assert browser.get(page).context["is_behind"]


def test_an_address_that_came_into_use_meanwhile_leads_to_the_plan(browser):
    page = upload(browser, PLANETS).headers["Location"]
    a_module(PLANETS.replace("Delapan", "Sembilan"))
    assert press(browser, page, "load").headers["Location"] == page.replace("change", "plan")
    assert "Sembilan" in Module.objects.get().text()


def test_a_file_brings_the_pictures_that_its_module_has(browser):
    text = "# Modul\n\n## Satu\n\n![Biru](images/a.png)\n"
    loaded(browser, zipped(**{"modul.md": text.encode(), "images/a.png": image()}), "modul.zip")
    plan = upload(browser, text + "\nSatu lagi.\n").headers["Location"]
    assert not [
        one for one in browser.get(plan).context["plan"].document.warnings if one.code == "missing-image"
    ]
    assert browser.get(plan).context["pictures"] == (0, 0)


def test_editing_as_markdown_goes_on_with_the_draft_that_was_begun(browser):
    address = f"/admin/modules/module/{a_module().pk}/draft/"
    assert browser.post(address).headers["Location"] == browser.post(address).headers["Location"]
    assert Draft.objects.count() == 1


def test_a_draft_that_was_begun_is_named_and_one_may_begin_anew_beside_it(browser):
    module = a_module()
    address = f"/admin/modules/module/{module.pk}/draft/"
    begun = browser.post(address).headers["Location"]
    press(browser, begun, "check", PLANETS + "\nSatu jam kerja.\n")
    *_saved, said = browser.post(address, follow=True).context["messages"]
    assert f"“{Draft.objects.get()}”" in str(said)
    anew = browser.post(address, {"anew": "yes"}).headers["Location"]
    assert anew == browser.post(address, {"anew": "yes"}).headers["Location"] != begun
    assert sorted(draft.text for draft in Draft.objects.all()) == [PLANETS, PLANETS + "\nSatu jam kerja.\n"]


@pytest.mark.parametrize("text", [PLANETS, PLANETS.replace("\n", "\r\n"), "\ufeff" + PLANETS])
def test_a_draft_in_two_windows_loses_neither_text(browser, text):
    module = a_module(text)
    page = browser.post(f"/admin/modules/module/{module.pk}/draft/").headers["Location"]
    one = other = browser.get(page).context["form"]
    browser.post(page, typed(one, text + "\nSatu jam kerja.\n") | {"action": "check"})

    answer = browser.post(page, typed(other, text + "\nDua jam kerja.\n") | {"action": "plan"})

    assert answer.context["form"].non_field_errors()
    assert "Satu jam kerja." in answer.context["other"]
    assert told_apart(answer) == [("Satu jam kerja.", "Dua jam kerja.")]
    assert "Satu jam kerja." in Draft.objects.get().text
    again = browser.post(
        page, typed(answer.context["form"], answer.context["form"]["text"].value()) | {"action": "check"}
    )
    assert again.status_code == 302
    assert "Dua jam kerja." in Draft.objects.get().text


def test_what_is_typed_into_a_draft_that_is_loaded_meanwhile_becomes_another(browser):
    module = a_module()
    page = browser.post(f"/admin/modules/module/{module.pk}/draft/").headers["Location"]
    form = browser.get(page).context["form"]
    Draft.objects.all().delete()
    sent = typed(form, PLANETS + "\nSatu jam kerja.\n") | {"module": module.pk, "action": "plan"}
    answer = browser.post(page, sent)
    draft = Draft.objects.get()
    assert answer.headers["Location"] == f"/admin/modules/draft/{draft.pk}/change/"
    assert (draft.module, draft.text) == (module, PLANETS + "\nSatu jam kerja.\n")


def test_a_new_module_that_is_loaded_twice_is_one(browser):
    page = upload(browser, PLANETS).headers["Location"]
    sent = typed(browser.get(page).context["form"], PLANETS) | {"action": "publish"}
    browser.post(page, sent)
    answer = browser.post(page, sent)
    assert answer.headers["Location"] == f"/admin/modules/module/{Module.objects.get().pk}/change/"
    assert Draft.objects.count() == 0


def test_nobody_works_in_somebody_elses_draft(browser, administrator):
    draft = Draft.objects.create(author=administrator, text=PLANETS)
    assert browser.post(f"/admin/modules/draft/{draft.pk}/delete/", {"post": "yes"}).status_code == 404
    assert browser.get(f"/admin/modules/draft/{draft.pk}/change/").status_code == 404
    assert b"#{draft.pk}" not in browser.get("/admin/modules/draft/").content


def test_a_draft_can_be_discarded(browser):
    page = upload(browser, zipped(**{"m.md": b"# M\n\nTeks.", "a.png": image()}), "m.zip").headers["Location"]
    asked = browser.get(page.replace("change", "delete"))
    assert "m.md" in asked.content.decode()
    assert "Ringkasan" not in asked.content.decode()
    assert Draft.objects.count() == 1
    browser.post(page.replace("change", "delete"), {"post": "yes"})
    assert (Draft.objects.count(), Image.objects.count()) == (0, 0)


def test_who_discards_a_draft_of_a_module_is_led_back_to_it(browser):
    module = a_module()
    page = browser.post(f"/admin/modules/module/{module.pk}/draft/").headers["Location"]
    answer = browser.post(page.replace("change", "delete"), {"post": "yes"})
    assert answer.headers["Location"] == f"/admin/modules/module/{module.pk}/change/"
    assert Draft.objects.count() == 0
    pasted = browser.post(LOAD, {"text": "# Modul\n\n## Satu\n\nTeks.\n"}).headers["Location"]
    answer = browser.post(pasted.replace("change", "delete"), {"post": "yes"})
    assert answer.headers["Location"] == "/admin/modules/draft/"
