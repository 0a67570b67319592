"""Compares the figures of a question with Moodle's published definitions, and with NumPy and SciPy on random data.

The definitions are those of https://docs.moodle.org/dev/Quiz_statistics_calculations. The facility index is the mean
mark over the range of marks. The discrimination index is the correlation of the mark with the sum of all other marks.
"""

import numpy as np
import pytest
from scipy.stats import binomtest, pearsonr

from modules.insights.item_analysis import Answer, Choice, Tally, wilson

CHOICES = [Choice("a", "Mars", False), Choice("b", "Jupiter", True)]
LEARNERS, POINTS = 60, np.array([1.0, 2.0, 1.0, 3.0, 0.5])  # of each question


@pytest.fixture(params=range(5))
def marks(request):
    """Returns the marks of learners by question. Able learners earn more, and some answers are right in part."""
    random = np.random.default_rng(request.param)
    ability = random.normal(size=(LEARNERS, 1))
    shares = np.clip(np.round((ability + random.normal(size=(LEARNERS, len(POINTS))) + 1) * 2) / 4, 0, 1)
    return shares * POINTS


def analysis_of(marks, question: int):
    """Tallies a question as the page does: each mark as a share, and the share of all other points beside it."""
    tally, others = Tally(CHOICES), POINTS.sum() - POINTS[question]
    for learner in marks:
        mark = learner[question]
        share = mark / POINTS[question]
        tally.add(Answer(share, (learner.sum() - mark) / others, ["b" if share == 1 else "a"]))
    return tally.analysis()


@pytest.mark.parametrize("question", range(len(POINTS)))
def test_facility_is_that_of_moodle(marks, question):
    mean, least, most = marks[:, question].mean(), 0.0, POINTS[question]

    assert analysis_of(marks, question).facility == pytest.approx((mean - least) / (most - least))


@pytest.mark.parametrize("question", range(len(POINTS)))
def test_discrimination_is_that_of_moodle(marks, question):
    own = marks[:, question]
    rest = marks.sum(axis=1) - own
    covariance = ((own - own.mean()) * (rest - rest.mean())).sum() / (LEARNERS - 1)
    index = covariance / np.sqrt(own.var(ddof=1) * rest.var(ddof=1))

    assert analysis_of(marks, question).discrimination == pytest.approx(index)


@pytest.mark.parametrize("question", range(len(POINTS)))
def test_correlation_and_rest_are_those_of_scipy_and_numpy(marks, question):
    own = marks[:, question]
    others = (marks.sum(axis=1) - own) / (POINTS.sum() - POINTS[question])
    analysis = analysis_of(marks, question)

    assert analysis.discrimination == pytest.approx(pearsonr(own, others).statistic)
    assert analysis.rest_mean == pytest.approx(others.mean())
    assert analysis.rest_variance == pytest.approx(others.var(ddof=1))
    right = own == POINTS[question]
    if right.any():
        assert analysis.choices[1].mean_rest == pytest.approx(others[right].mean())


@pytest.mark.parametrize(("times", "total"), [(0, 1), (3, 9), (14, 44), (97, 100), (20_000, 20_000)])
def test_interval_is_that_of_scipy(times, total):
    expected = binomtest(times, total).proportion_ci(confidence_level=0.95, method="wilson")

    assert wilson(times, total) == pytest.approx((expected.low, expected.high))
