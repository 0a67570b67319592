"""Computes the figures of a question: by hand for six learners, and against the standard library for many."""

from random import Random
from statistics import correlation, mean, variance

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modules.insights.item_analysis import MOST_TEXTS, Answer, Choice, Tally, wilson

CHOICES = [Choice("a", "Mars", False), Choice("b", "Jupiter", True), Choice("c", "Bumi", False)]


def tallied(*answers: tuple[float, float | None, str]):
    """Tallies answers, each with its score, the rest score and the key of the choice, or nothing."""
    tally = Tally(CHOICES)
    for score, rest, chosen in answers:
        tally.add(Answer(score, rest, [chosen] if chosen else []))
    return tally.analysis()


def test_six_learners_give_the_figures_computed_by_hand():
    analysis = tallied(
        (1, 1.0, "b"), (1, 0.8, "b"), (0, 0.6, "a"), (1, 0.4, "b"), (0, 0.2, "a"), (0, 0.0, "")
    )

    assert (analysis.attempts, analysis.full, analysis.unanswered) == (6, 3, 1)
    assert analysis.facility == 0.5
    # The mean rest is 1/2. The products add up to 0.7, the squares to 1.5 and 0.7: 0.7 / sqrt(1.5 * 0.7).
    assert analysis.discrimination == pytest.approx(0.683130051)
    assert [each.times for each in analysis.choices] == [2, 3, 0]
    assert analysis.choices[0].mean_rest == pytest.approx(0.4)
    assert analysis.choices[1].mean_rest == pytest.approx(2.2 / 3)
    assert analysis.choices[2].mean_rest is None
    assert analysis.wrong == ("Mars", 2)


def test_quarters_run_from_the_lowest_to_the_highest():
    rests = [step / 8 for step in range(8)]
    analysis = tallied(*((0, rest, "a") for rest in rests[:4]), *((1, rest, "b") for rest in rests[4:]))

    assert list(analysis.quarters) == [2, 2, 2, 2]
    assert list(analysis.choices[0].by_quarter) == [2, 2, 0, 0]
    assert list(analysis.choices[1].by_quarter) == [0, 0, 2, 2]


def test_equal_rest_scores_share_a_quarter():
    analysis = tallied(*[(1, 0.5, "b")] * 5, *[(0, 0.1, "a")] * 3)

    assert sorted(analysis.quarters) == [0, 0, 3, 5]
    assert analysis.discrimination == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("times", "total", "ends"),
    [  # For 0 of n, the upper end is z² / (n + z²).
        (0, 10, (0.0, 0.2775)),
        (5, 10, (0.2366, 0.7634)),
        (14, 44, (0.2000, 0.4656)),
        (10, 10, (0.7225, 1.0)),
    ],
)
def test_interval_is_that_of_wilson(times, total, ends):
    assert wilson(times, total) == pytest.approx(ends, abs=0.0001)


def test_nobody_gives_no_figures():
    analysis = tallied()

    assert (analysis.attempts, analysis.facility, analysis.interval, analysis.discrimination) == (
        0,
        None,
        None,
        None,
    )
    assert (list(analysis.quarters), analysis.wrong) == ([0, 0, 0, 0], None)


@pytest.mark.parametrize(
    "answers", [[(1, 0.5, "b"), (0, 0.5, "a")], [(1, 0.2, "b"), (1, 0.9, "b")], [(1, None, "b")]]
)
def test_what_never_varies_has_no_discrimination(answers):
    assert tallied(*answers).discrimination is None


@given(st.integers(0, 2**32), st.integers(3, 300))
def test_random_figures_agree_with_the_standard_library(seed, learners):
    chance = Random(seed)
    rests = [chance.random() for _ in range(learners)]
    chosen = [chance.choice("abc") for _ in range(learners)]
    scores = [float(key == "b") for key in chosen]
    analysis = tallied(*zip(scores, rests, chosen, strict=True))

    assert analysis.facility == pytest.approx(mean(scores))
    assert (analysis.rest_mean, analysis.rest_variance) == pytest.approx((mean(rests), variance(rests)))
    if 0 < sum(scores) < learners:
        assert analysis.discrimination == pytest.approx(correlation(scores, rests), abs=1e-9)
    for figures in analysis.choices:
        of_choice = [rest for rest, key in zip(rests, chosen, strict=True) if key == figures.choice.key]
        assert figures.times == sum(figures.by_quarter) == len(of_choice)
        if len(of_choice) > 1:
            assert (figures.mean_rest, figures.variance) == pytest.approx(
                (mean(of_choice), variance(of_choice))
            )


def test_typed_answers_count_only_the_wrong_texts():
    tally = Tally()
    for score, text in [(1, "Mars"), (1, "Mars"), (0, "Venus"), (0, "Venus"), (0, "Bumi"), (0, "")]:
        tally.add(Answer(score, 0.5, [text] if text else []))

    analysis = tally.analysis()
    assert (analysis.wrong, analysis.unanswered, analysis.is_single) == (("Venus", 2), 1, False)


def test_many_different_texts_take_bounded_memory():
    tally = Tally()
    for number in range(MOST_TEXTS + 50):
        tally.add(Answer(0, 0.5, [str(number)]))

    assert len(tally._times) == MOST_TEXTS
    assert tally.analysis().attempts == MOST_TEXTS + 50
