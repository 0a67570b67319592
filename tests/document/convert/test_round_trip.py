"""A quiz that goes out to another program comes in again with the same questions, apart from what was named."""

from pathlib import Path

import pytest

from modules.document.convert.export_gift import export_gift
from modules.document.convert.export_moodle_xml import export_moodle_xml
from modules.document.convert.export_qti import export_qti
from modules.document.convert.gift import read_gift
from modules.document.convert.moodle_xml import read_moodle_xml
from modules.document.convert.qti import read_qti
from tests.document.convert.round_trip import EVERY_KIND, essence, in_again, parsed

EXAMPLES = sorted(Path("modules/examples").glob("*.md"))
IMAGE = "images/rantai besi.png"
TEXTS = [pytest.param(path.read_text(encoding="utf-8"), id=path.stem) for path in EXAMPLES]


def codes(problems):
    return [problem.code.partition("-")[2] for problem in problems]


@pytest.mark.parametrize("text", TEXTS)
def test_shipped_module_comes_in_again_as_gift(text):
    document = parsed(text)
    quiz = read_gift(export_gift(document).content.decode())

    assert quiz.problems == ()
    assert essence(in_again(document, quiz), with_points=False) == essence(document, with_points=False)


@pytest.mark.parametrize("text", TEXTS)
def test_shipped_module_comes_in_again_as_moodle_xml(text):
    document = parsed(text)
    quiz = read_moodle_xml(export_moodle_xml(document, {}).content)

    assert quiz.problems == ()
    assert essence(in_again(document, quiz)) == essence(document)


def test_every_kind_comes_in_again_as_gift():
    document = parsed(EVERY_KIND.replace("![Rantai bersih](images/rantai%20besi.png)", "Gambar."))
    exported = export_gift(document)
    quiz = read_gift(exported.content.decode())

    assert document.errors == quiz.problems == ()
    assert essence(in_again(document, quiz), with_points=False) == essence(document, with_points=False)
    assert codes(exported.problems) == [
        "identity",
        "rules",
        "sections",
        "section-link",
        "maths",
        "points",
        "draw",
    ]


def test_every_kind_comes_in_again_as_moodle_xml():
    document = parsed(EVERY_KIND, (IMAGE,))
    exported = export_moodle_xml(document, {IMAGE: b"a picture"})
    quiz = read_moodle_xml(exported.content)
    (path,) = quiz.images

    again = in_again(document, quiz, (path,))
    assert document.errors == quiz.problems == again.errors == ()
    assert quiz.images[path] == b"a picture"
    shown = [str(question).replace(path, IMAGE) for question in essence(again)]
    assert shown == [str(question) for question in essence(document)]
    assert codes(exported.problems) == ["identity", "rules", "sections", "section-link", "maths", "draw"]


@pytest.mark.parametrize("text", TEXTS)
def test_shipped_module_comes_in_again_as_qti(text):
    document = parsed(text)
    quiz = read_qti(export_qti(document, {}).content)

    assert (quiz.title, quiz.problems) == (document.title, ())
    assert essence(in_again(document, quiz)) == essence(document)


def test_every_kind_comes_in_again_as_qti():
    document = parsed(EVERY_KIND, (IMAGE,))
    exported = export_qti(document, {IMAGE: b"a picture"})
    quiz = read_qti(exported.content)
    (path,) = quiz.images

    again = in_again(document, quiz, (path,))
    assert codes(quiz.problems) == ["variant"]
    assert document.errors == again.errors == ()
    assert quiz.images[path] == b"a picture"
    shown = [str(question).replace(path, IMAGE) for question in essence(again)]
    assert shown == [str(question) for question in essence(document)]
    assert codes(exported.problems) == ["identity", "other-rules", "sections", "section-link", "maths"]
