"""Checks the rule that says which questions of a plan are silly."""

from types import SimpleNamespace

import pytest

from modules.authoring.plan import Ambiguity, Candidate
from tests.simulation.silly import BASELESS, NEEDLESS, says_the_same, silly_questions

KEY = "choice:soal:k1"


def asked(text, *candidates, others=(), right=(), kind="choice"):
    """Returns why a question about a text is silly, or an empty string. ``others`` come beside the text."""
    choices = [
        SimpleNamespace(key=f"k{place}", text=words, right=words in right)
        for place, words in enumerate((text, *others), start=1)
    ]
    parts = [
        SimpleNamespace(identity=f"k{place}", source=words) for place, words in enumerate((text, *others), 1)
    ]
    quiz = SimpleNamespace(questions=[SimpleNamespace(identity="soal", choices=choices)])
    key = KEY if kind == "choice" else f"{kind}:k1"
    offered = tuple(
        Candidate(str(place), words, words, 1, is_right=words in right)
        for place, words in enumerate(candidates, start=1)
    )
    plan = SimpleNamespace(
        open_ambiguities=[Ambiguity(key, kind, text, text, offered)],
        document=SimpleNamespace(quiz=quiz, sections=parts),
        kept=SimpleNamespace(sections={}, question_rows={}),
    )
    before = SimpleNamespace(active_sections=[], active_questions=[])
    return next((reason for _ambiguity, reason in silly_questions(plan, before)), "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("set", "`set`"),
        ('Fungsi "any()" benar.', "fungsi any() benar"),
        ("3.0", "3"),
        ("A. Hanya ketua", "Hanya  ketua"),
        ("Retrospektif", "Retrospketif"),
    ],
)
def test_other_form_of_a_choice_is_needless(old, new):
    assert asked(new, old) == NEEDLESS


@pytest.mark.parametrize(
    ("old", "new"), [("3.5", "3"), ("nitrat", "nitrit"), ("a[0]", "a(0)"), ("legal", "ilegal")]
)
def test_other_meaning_says_something_else(old, new):
    assert not says_the_same(old, new)


def test_question_is_asked_where_two_candidates_say_it():
    assert asked("`set`", "set", "Set") == ""


def test_question_is_asked_where_two_incoming_choices_say_it():
    assert asked("`set`", "set", others=["Set"]) == ""


def test_equal_text_is_needless_beside_a_similar_one():
    assert asked('"a": 1', '"a": 1', '"a": 1', others=["a: 1"]) == NEEDLESS


def test_identical_copies_need_no_question():
    source = "## Cara\n\nTuang air ke dalam panci itu.\n"
    assert asked(source, source, source, kind="section") == NEEDLESS


def test_choices_without_a_letter_in_common_are_baseless():
    assert asked("xyz", "abcd") == BASELESS
    assert asked("xyz", "abcd", right=["abcd"]) == ""


def test_sections_without_a_word_in_common_are_baseless():
    assert (
        asked("## Air\n\nTuang perlahan sekali.\n", "## Api\n\nNyalakan kompor gas.\n", kind="section")
        == BASELESS
    )
