"""Did it rise or fall? One test, replication by replication, and what it says when it is not clear."""

import numpy as np
import pytest

from sim.runs.intervals import FELL, ROSE, STEADY, UNCLEAR, UNKNOWN, trend

NAN = float("nan")


@pytest.mark.parametrize(
    ("first", "last", "verdict"),
    [
        ([40, 41, 39, 40, 42], [64, 60, 66, 63, 65], ROSE),
        ([64, 60, 66, 63, 65], [40, 41, 39, 40, 42], FELL),
        ([90, 70, 110, 90], [98, 130, 60, 104], UNCLEAR),
        ([400, 410, 390], [401, 412, 393], STEADY),
        ([1, 1, 1, 1, 1], [1, 1, 1, 1, 1], STEADY),
        ([40], [64], ROSE),
        ([NAN], [64], UNKNOWN),
        ([NAN, 40, 41], [3, 64, NAN], ROSE),
    ],
)
def test_a_direction_needs_an_interval_clear_of_zero(first: list[float], last: list[float], verdict: str) -> None:
    assert trend(first, last).verdict == verdict


def test_the_interval_is_that_of_the_paired_changes() -> None:
    found = trend([90, 70, 110, 90], [98, 130, 60, 104])
    # Changes of 8, 60, -50 and 14: mean 8, standard deviation 45.107, and t with 3 degrees of freedom is 3.1824.
    assert (found.mean, found.n) == (8, 4)
    assert (found.low, found.high) == pytest.approx((8 - 3.1824 * 45.1073 / 2, 8 + 3.1824 * 45.1073 / 2), rel=1e-4)


def test_means_near_each_other_are_called_steady_only_if_the_interval_says_so() -> None:
    assert trend([90, 30, 150], [150, 90, 31]).verdict == UNCLEAR


def test_a_change_that_all_replications_share_needs_six_of_them() -> None:
    # Five heads or five tails in five tosses come once in 16, six once in 32.
    assert trend([10] * 5, [20] * 5).verdict == UNCLEAR
    assert trend([10] * 6, [20] * 6).verdict == ROSE


def test_nothing_rises_by_chance_more_often_than_once_in_twenty() -> None:
    chance = np.random.default_rng(2)
    verdicts = [trend(*chance.normal(50, 20, size=(2, 10))).verdict for _ in range(2000)]
    assert np.mean([verdict in (ROSE, FELL) for verdict in verdicts]) < 0.06
