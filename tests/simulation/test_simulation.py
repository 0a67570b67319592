"""Runs a small part of the simulation and checks that it notices planted faults."""

import pytest

from tests.simulation import edit_choices, edit_document, edit_headings, edit_questions, edit_sections
from tests.simulation.authors import Habits
from tests.simulation.course import Course
from tests.simulation.edit_sweeps import sweep_choices
from tests.simulation.edits import WEIGHTS
from tests.simulation.faults import planted
from tests.simulation.report import Report, as_json

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

PLAIN = Habits(
    sections=4,
    questions=4,
    identities=0,
    repeats=0,
    short_sections=0,
    near_copies=0,
    boilerplate=0,
    underlines=0,
    similar_prompts=0,
    short_answers=0,
    has_pools=False,
)
# Edits with a fault that concerns them, and the promise by which it is noticed
EDITS_AND_FAULTS = {
    "choices": ([edit_questions.rename_a_question], "wrong thing"),
    "explanation": ([edit_questions.explain, edit_questions.insert_before_an_explanation], "wrong thing"),
    "level": ([edit_headings.change_all_levels], "found without a question"),
    "unsplit": ([edit_headings.raise_a_heading, edit_headings.lower_a_heading], "split off"),
    "reverse": ([edit_document.translate, edit_sections.add_a_paragraph], "found without a question"),
    "literal": ([sweep_choices], "another form"),
    "crosswise": ([edit_choices.reword_two_choices], "wrong thing"),
    "whole": ([edit_sections.merge, edit_sections.insert], "wrong thing"),
    "curious": ([edit_sections.add_a_paragraph], "silly"),
}


def simulate(numbers, edits, fault="", *, weights=WEIGHTS, habits=None):
    """Runs some courses and returns one report about all of them."""
    report = Report()
    for number in numbers:
        with planted(fault):
            report.add(as_json(Course("uji", number, edits, weights, habits).run(), number))
    return report


def broken(report):
    return [name for name, _figure, is_kept in report.promises() if not is_kept]


def test_no_learner_gets_the_work_of_another():
    report = simulate(range(4), 12)
    assert [failure["sentence"] for failure in report.failures] == []
    assert report.edits.total() == 4 * 12
    assert report.figures["readings"]
    assert report.figures["responses"]


@pytest.mark.parametrize("fault", ["shift", "greedy", "forget"])
def test_planted_fault_is_noticed(fault):
    assert simulate(range(2), 12, fault).failures


def test_renamed_part_taken_for_new_is_noticed():
    assert "renamed things found without a question" in broken(simulate(range(2), 12, "blind"))


@pytest.mark.parametrize("fault", EDITS_AND_FAULTS)
def test_fault_of_an_edit_is_noticed(fault):
    edits, promise = EDITS_AND_FAULTS[fault]
    weights = dict.fromkeys(edits, 1.0)
    assert broken(simulate(range(2), 6, weights=weights, habits=PLAIN)) == []
    faulty = simulate(range(2, 4), 6, fault, weights=weights, habits=PLAIN)
    assert any(promise in name for name in broken(faulty))
