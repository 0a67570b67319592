"""Tests that the parser reads a written question as exactly that question."""

from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from modules.document.convert.writing import (
    ForeignChoice,
    ForeignQuestion,
    contained,
    escape,
    points_of,
    write_question,
)
from modules.document.syntax.parser import parse_document
from modules.document.syntax.values import Quiz

PIECES = [
    "kata", "# Judul", "Judul\n---", "Judul\n===", "- [x] tanda", "1. [ ] tanda", "```python\nx = 1", "~~~",
    "<!-- tak berakhir", "<script>", "<![CDATA[", "<details>", "> kutipan", "- butir", "* butir", "+ butir",
    "| a |\n| - |", "$$", "{points=9}", "#", "    kode", "[^1]: catatan", "***", "[x] y", "\\", "`", "&lt;",
]  # fmt: skip
MARKDOWN = st.lists(st.sampled_from(PIECES), max_size=6).map("\n".join) | st.lists(
    st.sampled_from(PIECES), max_size=6
).map("\n\n".join)
WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\r\n\f\v\x1c\x1d\x1e\x85\u2028\u2029"), max_size=40
)
CHOICES = st.lists(st.tuples(MARKDOWN, st.booleans(), MARKDOWN), min_size=2, max_size=5)


def quiz_of(*questions: ForeignQuestion) -> Quiz:
    written = "\n".join(write_question(question, level=3) for question in questions)
    quiz = parse_document(f"# T\n\n## A\n\na\n\n## Kuis akhir\n\n{written}").quiz
    assert quiz is not None
    return quiz


def test_single_choice_is_written_in_our_notation():
    question = ForeignQuestion(
        title="Apa yang terjadi bila air dipanaskan?",
        text="Lihat gambar.",
        choices=(ForeignChoice("Membeku", feedback="Itu bila didinginkan."), ForeignChoice("Menguap", True)),
        explanation="Air menjadi uap.",
        points=Fraction(3, 2),
    )

    assert write_question(question, level=3) == (
        "### Apa yang terjadi bila air dipanaskan? {points=1.5}\n\nLihat gambar.\n\n"
        "- [ ] Membeku\n  > Itu bila didinginkan.\n- [x] Menguap\n\n> Air menjadi uap.\n"
    )


def test_typed_answers_are_written_in_our_notation():
    question = ForeignQuestion(
        title="Berapa?", kind="numerical", answers=("8 ± 0.5",), feedback="Hitung lagi.", explanation="4 + 4."
    )

    assert (
        write_question(question, level=3) == "### Berapa?\n\n- [=] 8 ± 0.5\n\n> Hitung lagi.\n>\n> 4 + 4.\n"
    )


def test_multiple_response_with_one_right_choice_says_so():
    question = ForeignQuestion(
        title="Mana?", kind="multiple", choices=(ForeignChoice("a", True), ForeignChoice("b"))
    )

    assert quiz_of(question).questions[0].kind == "multiple"


@pytest.mark.parametrize(
    "title", ["Bahasa C#", "C ##", "Isi {points=3}", "# satu", "Apa {x} {.quiz}", "- a", "", "a {multiple}"]
)
def test_title_of_signs_stays_a_title(title):
    question = ForeignQuestion(
        title=title, text="Soal.", choices=(ForeignChoice("a", True), ForeignChoice("b"))
    )
    (read,) = quiz_of(question).questions

    assert (read.title, read.points, read.kind) == (title or "Soal.", 1, "single")


@pytest.mark.parametrize(
    ("points", "written"),
    [
        (Fraction(2), "2"),
        (Fraction(1, 2), "0.5"),
        (Fraction(1, 3), "1/3"),
        (Fraction(0), ""),
        (Fraction(1001), ""),
        (Fraction(1, 100_000), ""),
    ],
)
def test_points_are_written_as_the_parser_reads_them(points, written):
    assert points_of(points) == written


def test_list_in_the_prompt_is_not_joined_with_the_choices():
    question = ForeignQuestion(
        title="Mana?", text="- satu\n- dua", choices=(ForeignChoice("a", True), ForeignChoice("b"))
    )
    (read,) = quiz_of(question).questions

    assert [choice.text for choice in read.choices] == ["a", "b"]
    assert "satu" in read.html


@settings(max_examples=60, deadline=None)
@given(MARKDOWN, CHOICES, MARKDOWN)
@example("* butir\n+ butir\n- butir", [("", False, ""), ("", False, "")], "")
@example("", [("", False, ""), ("kata\n$$\nJudul\n---\n$$", True, "")], "")
def test_any_markdown_stays_in_its_question(text, choices, explanation):
    written = tuple(ForeignChoice(f"c {text}", right, feedback) for text, right, feedback in choices)
    question = ForeignQuestion(title="Apa?", text=text, choices=written, explanation=explanation)
    first, second = quiz_of(question, ForeignQuestion(title="Lain?", answers=("7",))).questions

    assert [choice.right for choice in first.choices] == [choice.is_right for choice in written]
    assert [answer.text for answer in second.answers] == ["7"]


@settings(max_examples=60, deadline=None)
@given(WORDS)
def test_escaped_words_are_shown_as_they_are(words):
    question = ForeignQuestion(title="Apa?", answers=(f"a{escape(words)}b",))
    (read,) = quiz_of(question).questions

    assert read.answers[0].text == " ".join(f"a{words}b".split())


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("# Judul", "**Judul**"),
        ("a\n---\nb", "a\n\n---\nb"),
        ("- [x] a", "- \\[x] a"),
        ("```\n# kode", "```\n# kode\n```"),
        ("a <!-- b", "a \\<!-- b"),
    ],
)
def test_text_that_would_leave_its_question_is_contained(text, result):
    assert contained(text) == result
