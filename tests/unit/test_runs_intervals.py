"""Means over replications and how sure they are."""

from itertools import product

import numpy as np
import pytest

from sim.runs.intervals import interval, intervals, share_excluded

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


def test_no_spread_has_no_width() -> None:
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


def test_what_equal_replications_exclude() -> None:
    assert [round(share_excluded(n), 2) for n in (5, 10, 30)] == [0.45, 0.26, 0.1]
    assert interval([7, 7, 7]).all_equal
    assert interval([0.1] * 3) == (0.1, 0.1, 0.1, 3)  # their sum, divided again, would be another number
    assert not any(found.all_equal for found in (interval([7]), interval([NAN, NAN]), interval([7, 7, 8])))


def test_what_is_excluded_is_the_one_sided_bound_of_clopper_and_pearson() -> None:
    proportion = pytest.importorskip("statsmodels.stats.proportion")
    for n in (2, 5, 10, 30):
        _, high = proportion.proportion_confint(0, n, alpha=0.1, method="beta")  # two-sided 90%: 5% on each side
        assert share_excluded(n) == pytest.approx(high)


def test_no_ties_no_widening() -> None:
    half = 2.776445 * np.std([0, 0, 0, 2, 3], ddof=1) / 5**0.5  # two of five differ, and lie on one side
    assert interval([0, 0, 0, 2, 3]).low == pytest.approx(1 - half)
    assert interval([0, 0, 0, 2, 3]).high > 1 + half
    assert interval([0, 0, 1, 2, 3]).high == pytest.approx(1.2 + 2.776445 * np.std([0, 0, 1, 2, 3], ddof=1) / 5**0.5)


SIZES = {
    "constant": lambda chance, shape: np.ones(shape),
    "uniform": lambda chance, shape: 2 * chance.random(shape),
    "exponential": lambda chance, shape: chance.exponential(size=shape),
}


@pytest.mark.parametrize("n", [5, 10, 30])
def test_of_a_difference_that_is_mostly_zero_what_is_said_is_true_in_nine_of_ten(n: int) -> None:
    shares, draws = (0.02, 0.05, 0.1, 0.2, 0.3), 4000
    shown = {}
    for share, (kind, size), both_signs in product(shares, SIZES.items(), (False, True)):
        chance = np.random.default_rng([n, round(100 * share), both_signs])
        shape = (n, draws)
        sign = chance.choice([-1, 1], size=shape) if both_signs else 1
        values = np.where(chance.random(shape) < share, size(chance, shape) * sign, 0.0)
        truth = 0.0 if both_signs else share
        found = intervals(values)
        holds = (found.low <= truth + 1e-12) & (truth - 1e-12 <= found.high)
        all_equal = found.low == found.high
        true = np.where(all_equal, share <= share_excluded(n), holds)
        shown[share, kind, "both signs" if both_signs else "one sign"] = true.mean()
    for case, coverage in sorted(shown.items(), key=lambda entry: entry[1]):
        print(f"{n} replications, {case[0]:.0%} differ, {case[1]} sizes, {case[2]}: true in {coverage:.1%}")
    assert min(shown.values()) >= 0.9
