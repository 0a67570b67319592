"""Shows the questions of a quiz and what was typed as tables."""

import pytest
from django.utils import translation

from modules.insights import item_tables
from tests.cast import READABLE, a_module
from tests.classes.rooms import a_class
from tests.insights.test_grade_tables import of
from tests.insights.test_opened_item import typed
from tests.insights.test_quiz_items import RIGHT, RIVAL, WEAK, takers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def module():
    return a_module()


def test_question_has_its_figures_and_sentence(module):
    takers(module, *[WEAK] * 8, *[RIVAL] * 12)

    first, _second, third, _fourth = of(item_tables.figures(module))
    assert list(first.values())[:9] == [1, "Planet terbesar?", "single choice", 1.0, 20, 8, 0, 0, 0.4]
    assert (first["interval from"], first["interval to"], first["discrimination"]) == (0.2188, 0.6134, -1.0)
    assert (first["most frequent wrong answer"], first["times"]) == ("Mars", 12)
    assert first["worth a look"].startswith("The key may be wrong. Of the 12 attempts")
    assert first["explained in"] == "Planet luar"
    assert (third["full marks"], third["worth a look"]) == (12, "")


def test_small_class_has_counts_alone(module):
    takers(module, WEAK, RIGHT)

    first, *_others = of(item_tables.figures(module))
    assert (first["first attempts"], first["full marks"], first["most frequent wrong answer"]) == (2, 2, None)
    assert {first[name] for name in ("interval from", "discrimination", "share with full marks")} == {None}


def test_typed_answers_are_gathered(module):
    learner, *_others = takers(module, *map(typed, ["Venus", "venus", "Mars"]))

    rows = [(row["question"], row["answer"], row["times"], row["right by the current key"], row["also written"])
            for row in of(item_tables.typed(module))]  # fmt: skip
    assert rows == [
        ("Planet keempat?", "Venus", 2, "no", "venus"),
        ("Planet keempat?", "Mars", 1, "yes", ""),
        ("Jumlah planet?", "8", 3, "yes", ""),
    ]
    of_class = of(item_tables.typed(module, a_class(members=[learner])))
    assert [(row["answer"], row["times"]) for row in of_class] == [("Venus", 1), ("8", 1)]


def test_module_without_a_quiz_has_empty_tables():
    module = a_module(READABLE)

    assert (of(item_tables.figures(module)), of(item_tables.typed(module))) == ([], [])
