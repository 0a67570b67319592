"""Analyses one question: as in the table of all, by version, and by what was typed."""

import pytest

from modules.insights import opened_item as page
from modules.insights.cohorts import Cohort
from modules.insights.opened_item import opened_item
from modules.insights.quiz_items import items_of
from tests.cast import PLANETS, a_module
from tests.classes.rooms import a_class
from tests.insights.test_quiz_items import RIGHT, RIVAL, WEAK, takers

pytestmark = pytest.mark.django_db


@pytest.fixture
def module():
    return a_module()


def question(module, number):
    return module.active_quiz.questions.active().select_related("quiz__module", "current")[number - 1]


def opened(module, number, study_class=None):
    return opened_item(question(module, number), Cohort(module, study_class))


def typed(text):
    return ["Jupiter", ["Saturnus"], text, "8"]


def test_figures_are_those_of_the_table(module):
    takers(module, *[WEAK] * 8, *[RIVAL] * 12)

    for item in items_of(module.active_quiz).items:
        assert opened(module, item.number).item == item


def test_class_is_analysed_alone(module):
    learner, _other = takers(module, typed("Venus"), typed("Bumi"))

    found = opened(module, 3, a_class(members=[learner]))
    assert [group.text for group in found.groups] == ["Venus"]
    assert found.item.analysis.attempts == 1


def test_typed_answers_are_grouped_as_they_are_graded(module):
    takers(module, *map(typed, ["Venus", "venus", "Mars", "mars.", "MARS", ""]))

    found = opened(module, 3)
    assert [(group.text, group.times, group.is_right) for group in found.groups] == [
        ("MARS", 3, True),
        ("Venus", 2, False),
    ]
    assert found.typed == 5


def test_rare_answers_are_counted_together(module, monkeypatch):
    monkeypatch.setattr(page, "MOST_GROUPS", 1)
    monkeypatch.setattr(page, "MOST_SPELLINGS", 2)
    takers(module, *map(typed, ["Venus", "Venus", "Bumi", "Pluto"]))

    found = opened(module, 3)
    assert [group.text for group in found.groups] == ["Venus"]
    assert (found.others, found.typed) == (2, 4)


def test_each_version_has_its_own_figures(module):
    takers(module, RIGHT, WEAK, prefix="a")
    module = a_module(PLANETS.replace("Planet terbesar?\n", "Planet terbesar?\n\nPilih satu.\n"))
    takers(module, RIVAL, RIGHT, RIGHT, prefix="b")

    newest, first = opened(module, 1).versions
    assert (newest.number, newest.is_current, newest.attempts, newest.full) == (2, True, 3, 2)
    assert (first.number, first.is_current, first.attempts, first.full) == (1, False, 2, 2)
    assert newest.interval is None


def test_queries_do_not_grow_with_the_attempts(module, django_assert_num_queries):
    for prefix, answers in (("a", [WEAK]), ("b", [RIGHT] * 6)):
        takers(module, *answers, prefix=prefix)
        row = question(module, 3)
        with django_assert_num_queries(5):
            opened_item(row, Cohort(module))
