"""Groups typed answers as grading compares them."""

import pytest

from modules.models import QuestionVersion
from modules.quizzes.answer_groups import groups_of
from modules.quizzes.scoring import is_accepted


def key(kind: str, *answers: dict) -> QuestionVersion:
    accepted = [{"text": "", "value": None, "tolerance": None} | answer for answer in answers]
    return QuestionVersion(kind=kind, answers=accepted)


MARS = key("short", {"text": "Mars"})


def test_spellings_that_compare_equal_are_one_group():
    venus, mars = groups_of({"Venus": 2, "venus ": 3, "“VENUS”": 1, "mars": 4, "Mars.": 1}, MARS)

    assert (venus.text, venus.times, venus.is_right) == ("venus ", 6, False)
    assert venus.spellings == [("venus ", 3), ("Venus", 2), ("“VENUS”", 1)]
    assert (mars.text, mars.times, mars.is_right) == ("mars", 5, True)


def test_most_frequent_group_comes_first():
    assert [group.text for group in groups_of({"a": 1, "b": 3, "c": 2}, MARS)] == ["b", "c", "a"]


def test_numbers_with_one_value_are_one_group():
    numbers = groups_of(
        {"1,5": 2, "1.50": 1, "3/2": 1, "1,5 km": 1, "8": 1}, key("numerical", {"text": "8", "value": "8"})
    )

    assert [(group.text, group.times, group.is_right) for group in numbers] == [
        ("1,5", 4, False),
        ("1,5 km", 1, False),
        ("8", 1, True),
    ]


def test_all_answers_within_a_tolerance_are_one_group():
    (group,) = groups_of(
        {"7.9": 1, "8.1": 1}, key("numerical", {"text": "8 ± 1", "value": "8", "tolerance": "1"})
    )

    assert (group.times, group.is_right) == (2, True)


def test_capitals_separate_groups_where_they_count():
    assert len(groups_of({"Na": 1, "NA": 1}, key("short", {"text": "K", "case": True}))) == 2
    assert len(groups_of({"Na": 1, "NA": 1}, key("short", {"text": "K"}))) == 1


def test_signs_separate_groups_where_they_count():
    assert len(groups_of({"a = 1": 1, "a=1": 1}, key("short", {"text": "b=1", "as_written": True}))) == 2


def test_wrong_group_says_how_little_it_differs():
    (group,) = groups_of({"Marz": 1, "marz": 2}, key("short", {"text": "Marss"}))

    assert group.nearly == ""
    assert (
        groups_of({"Jupitar": 1}, key("short", {"text": "Jupiter"}))[0].nearly
        == "Hanya satu huruf yang berbeda."
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Bulan", "bulan."),
        ("don’t", "don't"),
        ("CO₂", "co2"),
        ("a  b", "a b"),
        ("x²", "x^2"),
        ("'kata'", "kata"),
    ],
)
def test_grading_accepts_what_is_in_one_group(one, other):
    assert len(groups_of({one: 1, other: 1}, MARS)) == 1
    assert is_accepted(one, {"text": other, "value": None}, "short")
