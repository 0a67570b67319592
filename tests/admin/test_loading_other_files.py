"""Tests that a file of another program becomes a draft, which an instructor sees before anything is loaded."""

import io

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow

from modules.models import Draft, Module
from tests.cast import PLANETS, a_module
from tests.document.convert.word import docx, paragraph, picture, run, table

pytestmark = pytest.mark.django_db

LOAD_URL = "/admin/modules/module/load/"


def png(colour):
    content = io.BytesIO()
    Pillow.new("RGB", (4, 4), colour).save(content, "PNG")
    return content.getvalue()


def upload(browser, content, name):
    return browser.post(LOAD_URL, {"file": SimpleUploadedFile(name, content), "text": ""})


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.fixture
def browser(signed_in, instructor):
    return signed_in(instructor)


def test_word_document_with_pictures_becomes_a_draft(browser):
    word = docx(
        paragraph("Rantai", style="Heading1"),
        paragraph(
            picture("img1", "Rantai bersih"), picture("img2", "Rantai kotor"), picture("img3", "Rusak")
        ),
        table(["Alat", "Harga"], ["Pompa", "20"]),
        paragraph(run("kunci", '<w:highlight w:val="yellow"/>')),
        media=[("a.png", png("red")), ("b.png", png("blue")), ("c.png", b"no picture")],
    )
    answer = upload(browser, word, "Perawatan sepeda.docx")

    draft = Draft.objects.get()
    assert answer.headers["Location"] == f"/admin/modules/draft/{draft.pk}/change/"
    assert (draft.filename, Module.objects.count()) == ("Perawatan sepeda.md", 0)
    assert sorted(draft.images.values_list("path", flat=True)) == [
        "images/gambar-1.png",
        "images/gambar-2.png",
    ]
    page = browser.get(answer.headers["Location"])
    assert len(page.context["page"].remarks.shown) == 2
    assert "| Pompa | 20 |" in page.content.decode()


def test_questions_in_gift_become_a_draft_with_a_quiz(browser):
    answer = upload(browser, b"::a:: Apa? {=a ~b}\n\nTulis. {}\n", "kuis rem.gift")

    draft = Draft.objects.get()
    assert draft.text.startswith("# kuis rem\n\n## ")
    assert "- [x] a" in draft.text
    for _visit in range(2):  # the remarks stay until the draft is gone
        shown = browser.get(answer.headers["Location"]).context["page"].remarks.shown
        assert [(place, "“Tulis.”" in text) for place, text in shown] == [("Baris 3 pada berkas", True)]


def test_quiz_alone_replaces_the_quiz_of_its_module_and_keeps_the_sections(browser):
    module = a_module(PLANETS)
    upload(browser, b"$CATEGORY: $course$/top/Tata Surya\n\nApa? {=a ~b}\n", "soal lain.gift")

    draft = Draft.objects.get()
    sections = PLANETS.partition("## Kuis")[0]
    assert browser.get(f"/admin/modules/draft/{draft.pk}/module/").context["module"] == module
    assert draft.text.startswith(sections)
    assert draft.text.endswith("### Apa?\n\n- [x] a\n- [ ] b\n")
    assert "Merkurius" not in draft.text.removeprefix(sections)
    page = browser.get(f"/admin/modules/draft/{draft.pk}/change/").context["page"]
    assert "“Tata surya”" in page.remarks.shown[0][1]


def test_list_of_drafts_names_the_module_of_the_address_and_the_conversion(browser):
    a_module(PLANETS)
    browser.post(LOAD_URL, {"text": "# Tata Surya\n\n## Soal\n\n1. Apa?\n\nA. a\nB. b\n\nJawaban: B\n"})
    browser.post(f"/admin/modules/draft/{Draft.objects.get().pk}/conversion/")

    rows = browser.get("/admin/modules/draft/").context["cl"].result_list
    assert [draft.title_at_address for draft in rows] == ["Tata surya"] * 2
    assert len({str(draft) for draft in rows}) == 2


def test_pasted_xml_of_moodle_becomes_a_draft(browser):
    pasted = (
        "<quiz><question type='shortanswer'><questiontext><text>Apa?</text></questiontext>"
        "<answer fraction='100'><text>rem</text></answer></question></quiz>"
    )
    answer = browser.post(LOAD_URL, {"text": pasted})

    assert "- [=] rem" in Draft.objects.get().text
    assert len(said(answer)) == 1


def test_pasted_xml_with_entities_is_refused(browser):
    answer = browser.post(LOAD_URL, {"text": "<!DOCTYPE q [<!ENTITY a 'b'>]><quiz>&a;</quiz>"})

    assert len(answer.context["form"].errors["text"]) == 1
    assert Draft.objects.count() == 0


def test_converted_draft_can_be_loaded(browser):
    page = upload(browser, b"Apa? {=a ~b}\n", "kuis.gift").headers["Location"]
    form = browser.get(page).context["form"]
    sent = {
        "text": form["text"].value(),
        "base_fingerprint": form["base_fingerprint"].value(),
        "action": "publish",
    }
    browser.post(page, sent)

    assert Module.objects.get().active_quiz.questions.active().count() == 1


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (docx(paragraph("a"), parts=[("word/media/x.bin", b"\0" * 60_000_000)]), "bom.docx"),
        (b"<!DOCTYPE q [<!ENTITY a 'b'>]><quiz>&a;</quiz>", "a.xml"),
        (b"a,b\n1,2\n", "a.csv"),
    ],
    ids=["docx", "xml", "csv"],
)
def test_file_that_cannot_be_read_is_refused_with_one_sentence(browser, content, name):
    answer = upload(browser, content, name)

    assert answer.status_code == 200
    assert len(answer.context["form"].errors["file"]) == 1
    assert Draft.objects.count() == 0
