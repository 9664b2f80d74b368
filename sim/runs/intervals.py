"""How sure a mean over replications is: Student's t interval, wider where most replications are equal."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, gammaincinv, stdtrit  # not scipy.stats, whose import takes 0.7 s

CONFIDENCE = 0.95

ROUGH_BELOW = 5
"""With fewer replications than this an interval is a rough one."""

_SIZE_CONFIDENCE = 0.8
"""How sure the bound on the size of rare deviations is; with that on their share, 92% or more of intervals hold."""


class Interval(NamedTuple):
    """A mean over replications and where the true mean lies with 95% confidence.

    `n` replications have a value; without any the mean is None, with only one the bounds are None. Where all of
    several are equal both bounds are the mean; that is no certainty, and `share_excluded` says what it excludes.
    """

    mean: float | None
    low: float | None
    high: float | None
    n: int

    @property
    def all_equal(self) -> bool:
        """Have several replications all the same value?"""
        return self.n > 1 and self.low is not None and self.low == self.high


class Intervals(NamedTuple):
    """The same for many quantities at once: four arrays; NaN stands for what is not known."""

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    n: np.ndarray


def known(number: float) -> float | None:
    """A number as JSON has it: None for one that is not known."""
    return float(number) if math.isfinite(number) else None


def share_excluded(n: int) -> float:
    """At most this share of all replications differs if n of them are equal, with 95% confidence: 0.26 for ten."""
    return float(1 - (1 - CONFIDENCE) ** (1 / n))


def intervals(values: ArrayLike, error: float | np.ndarray = 1 - CONFIDENCE) -> Intervals:
    """The interval of each quantity's mean.

    `values` has one row per replication and one column per quantity. A NaN means that the replication gave no value
    (a backlog that never recovers has no date of recovery); it is left out, and `n` says how many remain. `error` is
    the share of intervals that may miss, one for all or one for each quantity.

    Where more than half of the replications are equal Student's interval is too narrow: the few that differ say little
    about how many do and how large such a deviation may be. There the far bound reaches at least as far as the share
    that may differ (Clopper and Pearson) times the size of a deviation (as if sizes were exponentially distributed).
    """
    values = np.asarray(values, dtype=float)
    present = ~np.isnan(values)
    n = present.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(present, values, 0).sum(axis=0) / n
        squares = np.where(present, (values - mean) ** 2, 0).sum(axis=0)
        half = stdtrit(n - 1, 1 - np.asarray(error) / 2) * np.sqrt(squares / (n - 1) / n)
    half = np.where(n > 1, half, np.nan)
    return _widened(values, n, Intervals(mean, mean - half, mean + half, n), np.broadcast_to(error, n.shape))


def _widened(values: np.ndarray, n: np.ndarray, plain: Intervals, error: np.ndarray) -> Intervals:
    """Wider on the side of the few that differ, where more than half are equal; exact where all are."""
    if len(values) < 2:
        return plain
    middle = np.take_along_axis(np.sort(values, axis=0), np.maximum((n - 1) // 2, 0)[None], axis=0)[0]
    apart = np.where(np.isnan(values), 0, values - middle)
    differ = (apart != 0).sum(axis=0)
    few = np.flatnonzero((n > 1) & (differ < n / 2))
    mean, low, high = (part.copy() for part in plain[:3])
    alike = few[differ[few] == 0]
    mean[alike] = low[alike] = high[alike] = middle[alike]
    few = few[differ[few] > 0]
    k = differ[few]
    share = betaincinv(k + 1, n[few] - k, 1 - error[few] / 2)
    size = np.abs(apart[:, few]).sum(axis=0) / gammaincinv(k, 1 - _SIZE_CONFIDENCE)
    lean = mean[few] - middle[few]
    low[few] = np.where(lean < 0, np.minimum(low[few], middle[few] - share * size), low[few])
    high[few] = np.where(lean > 0, np.maximum(high[few], middle[few] + share * size), high[few])
    return Intervals(mean, low, high, n)


def interval(values: ArrayLike) -> Interval:
    """The interval of one quantity's mean; `values` has one number per replication."""
    one = intervals(np.asarray(values, dtype=float).reshape(-1, 1))
    return stored_interval(one.mean[0], one.low[0], one.high[0], one.n[0])


def stored_interval(mean: float, low: float, high: float, n: int) -> Interval:
    """An interval read back from a table, where None is kept as NaN."""

    def known(number: float) -> float | None:
        return float(number) if np.isfinite(number) else None

    return Interval(known(mean), known(low), known(high), int(n))
