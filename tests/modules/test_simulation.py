"""A small run of the simulation of ``bench/loading.py``, and the faults that it has to notice."""

from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"

pytestmark = pytest.mark.django_db


@pytest.fixture
def simulated(monkeypatch):
    """Runs some courses, and gives what they found together."""
    monkeypatch.syspath_prepend(str(BENCH))
    from simulation.course import Course
    from simulation.faults import planted
    from simulation.report import Report, as_json

    def run(numbers, edits: int, fault: str = "") -> Report:
        report = Report()
        for number in numbers:
            with planted(fault):
                report.add(as_json(Course("uji", number, edits).run(), number))
        return report

    return run


def test_nobody_gets_the_work_of_another_whatever_authors_do(simulated):
    report = simulated(range(4), 12)
    assert [failure["sentence"] for failure in report.failures] == []
    assert report.edits.total() == 4 * 12
    assert report.figures["readings"]
    assert report.figures["responses"]


@pytest.mark.parametrize("fault", ["shift", "greedy", "forget"])
def test_a_fault_in_matching_or_keeping_is_noticed(simulated, fault):
    assert simulated(range(2), 12, fault).failures


def test_what_is_taken_for_new_is_noticed(simulated):
    held = {name: held for name, _figure, held in simulated(range(2), 12, "blind").promises()}
    assert not held["renamed things found without a question"]
