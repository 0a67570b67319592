"""Tests how answers are scored and how grades are shown."""

from fractions import Fraction
from types import SimpleNamespace

import pytest

from modules.quizzes import scoring


def version(kind, *, points=1, right=(), wrong=(), answers=()):
    return SimpleNamespace(kind=kind, points=Fraction(points), right_keys=set(right), answers=list(answers))


def number(value, tolerance=None):
    return {"text": value, "value": value, "tolerance": tolerance}


def text(words):
    return {"text": words, "value": None, "tolerance": None}


@pytest.mark.parametrize(("answer", "share"), [(["b"], 1), (["a"], 0), ([], 0), (["a", "b"], 0)])
def test_single_choice_is_right_or_wrong(answer, share):
    assert scoring.share(version("single", right="b"), answer) == share


@pytest.mark.parametrize(
    ("answer", "share"),
    [
        (["a", "b", "c"], 1),
        (["a", "b"], Fraction(2, 3)),
        (["a", "b", "x"], Fraction(1, 3)),
        (["a", "x"], 0),
        (["x", "y"], 0),
        (["a", "b", "c", "x", "y"], Fraction(1, 3)),
        ([], 0),
    ],
)
def test_multiple_choice_earns_right_minus_wrong(answer, share):
    assert scoring.share(version("multiple", right="abc"), answer) == share


def test_three_thirds_add_up_to_one_point():
    question = version("multiple", right="abc")
    assert sum(scoring.mark(question, [key]) for key in "abc") == 1


def test_mark_is_share_of_the_points():
    assert scoring.mark(version("multiple", points="5/2", right="ab"), ["a"]) == Fraction(5, 4)


@pytest.mark.parametrize(
    "answer", ["Jakarta", " jakarta ", "JAKARTA", "ja\N{ZERO WIDTH JOINER}karta"[:2] + "karta"]
)
def test_short_answer_ignores_case_and_outer_spaces(answer):
    assert scoring.share(version("short", answers=[text("Jakarta")]), [answer]) == 1


def test_short_answer_ignores_only_repeated_spaces():
    question = version("short", answers=[text("retrieval augmented"), text("RAG")])
    assert [scoring.share(question, [answer]) for answer in ("Retrieval   Augmented", "rag", "retrieval", "ra g")] == [
        1, 1, 0, 0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "share"),
    [("0.8", 1), ("0,8", 1), ("0.81", 1), ("0.79", 1), ("0.811", 0), ("8e-1", 1), (" 0,80 ", 1), (".8", 1),
     ("80 %", 0), ("", 0), ("nan", 0), ("inf", 0), ("1e9999999999", 0), ("delapan", 0), ("−0.8", 0)],
)  # fmt: skip
def test_number_is_right_within_its_tolerance(answer, share):
    assert scoring.share(version("numerical", answers=[number("0.8", "0.01")]), [answer]) == share


def test_number_without_tolerance_is_exact():
    question = version("numerical", answers=[number("0.1")])
    assert [scoring.share(question, [answer]) for answer in ("0.1", "0.10", "0.1000000001")] == [1, 1, 0]


def test_typographic_minus_counts_as_minus():
    assert scoring.share(version("numerical", answers=[number("-3")]), ["−3"]) == 1


@pytest.mark.parametrize(
    ("grade", "shown"),
    [
        ("100", "100"),
        ("0", "0"),
        ("125/2", "62.5"),
        ("200/3", "66.66"),
        ("209997/3000", "69.99"),
        ("1/3", "0.33"),
    ],
)
def test_shown_grade_is_cut_and_never_rounded_up(grade, shown):
    assert str(scoring.shown(Fraction(grade))) == shown
