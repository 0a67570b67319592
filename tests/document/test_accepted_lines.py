"""Adds an accepted answer to the text of a question."""

import pytest

from modules.document.accepted_lines import with_accepted
from modules.document.syntax.parser import parse_document

TYPED = "### Planet keempat?\n\n- [=] Mars\n- [=] planet Mars\n\n> Merah.\n"


def test_answer_comes_under_the_others():
    assert with_accepted(TYPED, "Ares") == TYPED.replace("planet Mars\n", "planet Mars\n- [=] Ares\n")


def test_marker_and_line_end_are_those_of_the_list():
    assert with_accepted("### A?\r\n\r\n* [=] b\r\n", "c") == "### A?\r\n\r\n* [=] b\r\n* [=] c\r\n"
    assert with_accepted("### A?\n\n- [=] b", "c") == "### A?\n\n- [=] b\n- [=] c\n"


def test_remark_stays_under_its_answer():
    assert with_accepted("### A?\n\n- [=] b\n  > ya\n", "c") == "### A?\n\n- [=] b\n  > ya\n- [=] c\n"


def test_backticks_are_taken_over():
    assert with_accepted("### A?\n\n- [=] `x=1`\n", "y = 2").endswith("- [=] `y = 2`\n")


def test_question_with_choices_stays_as_it_is():
    assert with_accepted("### A?\n\n- [x] b\n- [ ] c\n", "d") == "### A?\n\n- [x] b\n- [ ] c\n"


@pytest.mark.parametrize(
    "answer",
    ["Ares", "2*3*4", "__init__", "a < b", "[x]", "$5 and $6", "\\frac", "x | y", "`kode`", "&amp;", "# satu", "~~a~~",
     "<sup>2</sup>", "!wow", "a^2", "1,5", "-3",
     "==tanda==", "%%catatan%%", "http://a_b_c.id/*x*", "a == b"],
)  # fmt: skip
def test_proposed_answer_is_read_as_it_was_typed(answer):
    text = "# Modul\n\n## Satu\n\nTeks.\n\n## Kuis akhir\n\n" + with_accepted(TYPED, answer)

    (question,) = parse_document(text).quiz.questions
    assert [accepted.text for accepted in question.answers] == ["Mars", "planet Mars", answer]
