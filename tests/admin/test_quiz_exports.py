"""Tests that instructors, and nobody else, download a module's quiz for other programs."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from modules.document.convert.gift import read_gift
from modules.document.convert.moodle_xml import read_moodle_xml
from modules.document.convert.qti import read_qti
from modules.models import Image
from tests.cast import PLANETS, a_module

pytestmark = pytest.mark.django_db

READERS = {
    "gift": lambda content: read_gift(content.decode()),
    "moodle-xml": read_moodle_xml,
    "qti": read_qti,
}
WITH_IMAGE = PLANETS.replace(
    "## Kuis akhir\n", "## Kuis akhir\n\n### Apa ini?\n\n![Mars](images/mars.png)\n\n- [x] Mars\n- [ ] Bumi\n"
)


def page_url(module):
    return f"/admin/modules/module/{module.pk}/quiz/"


@pytest.mark.parametrize("key", READERS)
def test_instructor_downloads_the_whole_quiz(signed_in, instructor, key):
    module = a_module(PLANETS)
    answer = signed_in(instructor).get(f"{page_url(module)}{key}/")

    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="')
    assert answer.headers["Cache-Control"].startswith("private, no-store")
    titles = [question.title for question in READERS[key](answer.content).questions]
    assert titles == [question.current.title for question in module.active_quiz.questions.active()]


@pytest.mark.parametrize("key", ["moodle-xml", "qti"])
def test_pictures_of_questions_go_along(signed_in, instructor, key):
    module = a_module(WITH_IMAGE)
    name = default_storage.save("mars.png", ContentFile(b"pixels"))
    Image.objects.create(module=module, path="images/mars.png", file=name)
    answer = signed_in(instructor).get(f"{page_url(module)}{key}/")

    assert list(READERS[key](answer.content).images.values()) == [b"pixels"]


def test_page_names_what_each_format_cannot_say(signed_in, instructor):
    module = a_module(PLANETS)
    browser = signed_in(instructor)
    answer = browser.get(page_url(module))

    assert [form.key for form, _sentences in answer.context["formats"]] == list(READERS)
    assert all(sentences for _form, sentences in answer.context["formats"])
    assert page_url(module) in browser.get(f"/admin/modules/module/{module.pk}/change/").content.decode()


@pytest.mark.parametrize("key", ["", *READERS])
def test_learner_never_sees_the_key(signed_in, learner, key):
    module = a_module(PLANETS)
    address = f"{page_url(module)}{key}/" if key else page_url(module)

    assert signed_in(learner).get(address).status_code in (302, 403)


def test_module_without_quiz_or_unknown_format_is_not_found(signed_in, instructor):
    without, module = a_module("# A\n\n## B\n\nTeks.\n"), a_module(PLANETS)
    browser = signed_in(instructor)

    assert browser.get(page_url(without)).status_code == 404
    assert browser.get(f"{page_url(module)}doc/").status_code == 404
