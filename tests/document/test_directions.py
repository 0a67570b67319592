"""Texts in right-to-left scripts run from right to left, wherever they stand."""

import pytest

from modules.document.html.directions import of_language, of_words
from modules.document.html.words import WORDS
from modules.document.syntax.parser import parse_document


@pytest.mark.parametrize(
    ("code", "direction"),
    [("ar", "rtl"), ("fa-IR", "rtl"), ("he", "rtl"), ("ur", "rtl"), ("az-Arab", "rtl"), ("ku_Arab", "rtl"),
     ("id", "ltr"), ("en", "ltr"), ("ar-Latn", "ltr"), ("", "ltr"), ("arn", "ltr")],
)  # fmt: skip
def test_direction_of_a_language(code, direction):
    assert of_language(code) == direction


@pytest.mark.parametrize(
    ("words", "language", "direction"),
    [
        ("ماء", "id", "auto"),
        ("H<sub>2</sub>O", "ar", "auto"),
        ("42", "ar", "rtl"),
        ("Air", "id", ""),
        ("42", "id", ""),
    ],
)
def test_direction_of_words(words, language, direction):
    assert of_words(words, language) == direction


def test_quotation_in_a_latin_module_has_its_direction():
    text = "# M\n\n## A\n\nSalam:\n\n> السلام عليكم.\n\n- `x` كتاب\n"
    html = parse_document(text, name="a.md").sections[0].html
    assert '<p dir="auto">Salam:</p>' in html
    assert '<blockquote dir="rtl">\n<p dir="auto">السلام' in html
    assert '<ul dir="rtl">\n<li><code dir="ltr">x</code>' in html


def test_boxes_of_a_check_stand_on_the_side_of_its_title():
    text = "# M\n\n## A\n\n### تمرين {.check}\n\n- [x] ماء\n- [ ] Air\n- [ ] 42\n"
    html = parse_document(text, name="a.md").sections[0].html
    assert html.count('<label class="choice" dir="rtl">') == 3
    assert '<span class="words" dir="auto">Air</span>' in html


def test_words_of_the_renderer_are_whole_in_each_language():
    assert {frozenset(words) for words in WORDS.values()} == {frozenset(WORDS["id"])}
    assert WORDS["ar"]["back"].count("{number}") == 1
    note = parse_document("---\nlanguage: ar-EG\n---\n\n# M\n\n## A\n\n> [!NOTE]\n> نص\n").sections[0].html
    assert ">ملاحظة<" in note


def test_latin_module_has_no_directions():
    text = "# M\n\n## A\n\nSalam.\n\n> Kutipan\n\n- satu\n\n| a | b |\n| - | - |\n| 1 | 2 |\n"
    assert "dir=" not in parse_document(text, name="a.md").sections[0].html
