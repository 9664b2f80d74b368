"""Means over replications and how sure they are."""

import numpy as np
import pytest

from sim.experiment.intervals import interval, intervals

NAN = float("nan")


def test_matches_the_textbook() -> None:
    # t with 4 degrees of freedom is 2.776445; the standard error of 1..5 is sqrt(2.5 / 5).
    mean, low, high, n = interval([1, 2, 3, 4, 5])
    assert (mean, n) == (3, 5)
    assert low == pytest.approx(3 - 2.776445 * 0.5**0.5, rel=1e-6)
    assert high == pytest.approx(3 + 2.776445 * 0.5**0.5, rel=1e-6)


def test_one_replication_has_no_bounds() -> None:
    assert interval([4.5]) == (4.5, None, None, 1)


def test_a_replication_without_a_value_is_left_out_and_counted() -> None:
    assert interval([1, NAN, 3]) == interval([1, 3])
    assert interval([1, NAN, 3]).n == 2
    assert interval([NAN, 3]) == (3, None, None, 1)
    assert interval([NAN, NAN]) == (None, None, None, 0)


def test_no_spread_is_no_doubt() -> None:
    assert interval([7, 7, 7]) == (7, 7, 7, 3)


def test_many_quantities_at_once_agree_with_one_at_a_time() -> None:
    values = np.array([[1.0, NAN, 10], [2, 5, 20], [4, 9, NAN]])
    together = intervals(values)
    for column in range(3):
        alone = interval(values[:, column])
        assert tuple(float(part[column]) for part in together) == alone


def test_covers_the_truth_about_95_times_in_100() -> None:
    samples = np.random.default_rng(1).normal(10, 3, size=(8, 4000))
    found = intervals(samples)
    covered = np.mean((found.low < 10) & (found.high > 10))
    assert covered == pytest.approx(0.95, abs=0.012)
