"""A quiz that goes out to another program comes in again with the same questions, apart from what was named."""

from pathlib import Path

import pytest

from modules.document.convert.export_gift import export_gift
from modules.document.convert.export_moodle_xml import export_moodle_xml
from modules.document.convert.export_qti import export_qti
from modules.document.convert.gift import read_gift
from modules.document.convert.moodle_xml import read_moodle_xml
from modules.document.convert.qti import read_qti
from modules.document.convert.quiz_draft import quiz_draft
from tests.document.convert.round_trip import EVERY_KIND, essence, in_again, names, parsed

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
    again = in_again(document, quiz)
    assert essence(again, with_points=False) == essence(document, with_points=False)
    assert names(again, with_draw=False) == names(document, with_draw=False)


@pytest.mark.parametrize("text", TEXTS)
def test_shipped_module_comes_in_again_as_moodle_xml(text):
    document = parsed(text)
    quiz = read_moodle_xml(export_moodle_xml(document, {}).content)

    again = in_again(document, quiz)
    assert quiz.problems == ()
    assert essence(again) == essence(document)
    assert names(again, with_draw=False) == names(document, with_draw=False)


def test_every_kind_comes_in_again_as_gift():
    document = parsed(EVERY_KIND.replace("![Rantai bersih](images/rantai%20besi.png)", "Gambar."))
    exported = export_gift(document)
    quiz = read_gift(exported.content.decode())

    assert document.errors == quiz.problems == ()
    again = in_again(document, quiz)
    assert essence(again, with_points=False) == essence(document, with_points=False)
    assert names(again, with_draw=False) == names(document, with_draw=False)
    assert codes(exported.problems) == [
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
    assert codes(exported.problems) == ["rules", "sections", "section-link", "maths", "draw"]
    assert names(again, with_draw=False) == names(document, with_draw=False)


@pytest.mark.parametrize("text", TEXTS)
def test_shipped_module_comes_in_again_as_qti(text):
    document = parsed(text)
    quiz = read_qti(export_qti(document, {}).content)

    again = in_again(document, quiz)
    assert (quiz.title, quiz.problems) == (document.title, ())
    assert essence(again) == essence(document)
    assert names(again) == names(document)


def test_every_kind_comes_in_again_as_qti():
    document = parsed(EVERY_KIND, (IMAGE,))
    exported = export_qti(document, {IMAGE: b"a picture"})
    quiz = read_qti(exported.content)
    (path,) = quiz.images

    again = in_again(document, quiz, (path,))
    assert document.errors == again.errors == quiz.problems == ()
    assert quiz.images[path] == b"a picture"
    shown = [str(question).replace(path, IMAGE) for question in essence(again)]
    assert shown == [str(question) for question in essence(document)]
    assert codes(exported.problems) == ["identity-anew", "other-rules", "sections", "section-link", "maths"]
    assert names(again) == names(document)
    assert quiz.rules == {"attempts": "3", "time_limit": "20"}


POOLS = """# Sepeda

## Rem

Teks.

## Kuis akhir

### Rem *basah* / kering {.pool}

#### A? {#satu}

- [x] a
- [ ] b

#### A? {#dua}

- [x] c
- [ ] d

### Rem *basah* / kering {draw=1}

#### B?

- [=] x

#### C?

- [=] x

### Lepas?

- [=] x
"""
FORMATS = {
    "gift": lambda document: read_gift(export_gift(document).content.decode()),
    "moodle-xml": lambda document: read_moodle_xml(export_moodle_xml(document, {}).content),
    "qti": lambda document: read_qti(export_qti(document, {}).content),
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("text", [POOLS, POOLS.partition("### Lepas")[0]], ids=["loose", "pools alone"])
def test_pools_and_identities_come_in_again(form, text):
    document = parsed(text.replace("kering {draw=1}", "salju {draw=1}"))
    again = in_again(document, FORMATS[form](document))

    assert again.errors == ()
    assert names(again, with_draw=form == "qti") == names(document, with_draw=form == "qti")


def test_qti_brings_back_the_rules_that_it_says_and_names_the_others():
    rules = "attempts: 3\ntime_limit: 20\ncounts: average\nshuffle: true\n"
    document = parsed(f"---\n{rules}---\n{POOLS}")
    draft = quiz_draft(read_qti(export_qti(document, {}).content))

    assert parsed(draft.text).rules == document.rules
    first = parsed(POOLS.replace("# Sepeda", "---\ncounts: first\n---\n# Sepeda"))
    assert "counts" in codes(export_qti(first, {}).problems)


def test_file_of_moodle_with_one_category_has_no_pools():
    path = "$course$/top/Bawaan untuk Fisika"
    text = f"$CATEGORY: $course$/top\n\n$CATEGORY: {path}\n\nApa? {{=a ~b}}\n"

    assert [question.pool for question in read_gift(text).questions] == [None]


def test_units_and_numbers_among_words_go_out_as_far_as_possible():
    document = parsed(
        "# T\n\n## A\n\nIsi.\n\n## Kuis\n\n### Jauh?\n\n- [=] 5 km\n\n### Berapa?\n\n- [=] 8\n- [=] delapan\n"
    )
    gift, xml = export_gift(document), export_moodle_xml(document, {})
    assert "=5:0" in gift.content.decode()
    assert "\t=8\n\t=delapan\n" in gift.content.decode()
    assert "judging" in codes(gift.problems)
    assert "judging" in codes(xml.problems)
    assert b"<text>delapan</text>" in xml.content
    assert xml.content.count(b"<tolerance>") == 1


@pytest.mark.parametrize("form", FORMATS)
def test_formula_at_the_start_of_a_paragraph_comes_in_again(form):
    text = "# M\n\n## A\n\nx\n\n## Kuis\n\n### S?\n\n$$E=mc^2$$ lima\n\n- [=] 1\n"
    document = parsed(text)

    assert essence(in_again(document, FORMATS[form](document))) == essence(document)
