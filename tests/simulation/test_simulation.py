"""Runs a small part of the simulation and checks that it notices planted faults."""

import pytest

from tests.simulation.course import Course
from tests.simulation.faults import planted
from tests.simulation.report import Report, as_json

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def simulate(numbers: range, edits: int, fault: str = "") -> Report:
    """Runs some courses and returns one report about all of them."""
    report = Report()
    for number in numbers:
        with planted(fault):
            report.add(as_json(Course("uji", number, edits).run(), number))
    return report


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
    held = {name: held for name, _figure, held in simulate(range(2), 12, "blind").promises()}
    assert not held["renamed things found without a question"]
