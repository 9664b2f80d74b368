"""Student's t interval of a mean over replications, wider where most are equal; did a quantity rise or fall?"""

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
    mean, low, high, n = intervals(np.asarray(values, dtype=float).reshape(-1, 1))
    return stored_interval(mean[0], low[0], high[0], n[0])


def stored_interval(mean: float, low: float, high: float, n: int) -> Interval:
    """An interval read back from a table, where None stands as NaN."""
    return Interval(known(mean), known(low), known(high), int(n))


# --- rise and fall --------------------------------------------------------------------------------------------

ROSE, FELL, STEADY, UNCLEAR, UNKNOWN = "rose", "fell", "steady", "no clear difference", "unknown"

STAYS_WITHIN = 0.05
"""A change of less than this share is not called a rise or a fall."""


class Trend(NamedTuple):
    """How much a quantity changed: the mean change with its 95% interval over `n` replications, and the verdict.

    The verdict is `STEADY` if the change is too small to matter, `ROSE` or `FELL` if the interval of the change is
    clear of zero, `UNKNOWN` if no replication has both values, else `UNCLEAR`. Of a single replication it says what
    that one did. `first` and `last` are the means over the same replications.
    """

    first: float
    last: float
    mean: float | None
    low: float | None
    high: float | None
    n: int
    verdict: str


def trend(first: ArrayLike, last: ArrayLike, precision: float = 1.0) -> Trend:
    """The trend from the first and the last value of each replication, NaN where it has none.

    `precision` is the step in which the quantity is shown: a change that cannot be seen there does not matter.
    """
    first, last = np.asarray(first, dtype=float), np.asarray(last, dtype=float)
    both = ~(np.isnan(first) | np.isnan(last))
    if not both.any():
        return Trend(math.nan, math.nan, None, None, None, 0, UNKNOWN)
    found = interval((last - first)[both])
    begin, end = float(first[both].mean()), float(last[both].mean())
    return Trend(begin, end, *found, _verdict(begin, end, found.low, found.high, found.n, precision))


def _verdict(first: float, last: float, low: float | None, high: float | None, n: int, precision: float) -> str:
    change = last - first
    slight = STAYS_WITHIN * max(abs(first), abs(last))
    small = max(slight, precision)
    shown_alike = round(first / precision) == round(last / precision)
    if low is None or high is None:
        clear = within = True
    else:
        clear = low > 0 or high < 0
        within = -small <= low and high <= small
        if low == high:  # the same in every replication: the sign test, as there is no spread for Student's
            clear = 2 * 0.5**n <= 1 - CONFIDENCE
    if change == 0 and low == high:
        return STEADY
    if shown_alike or abs(change) < slight:
        return STEADY if clear or within else UNCLEAR
    if not clear:
        return UNCLEAR
    return ROSE if change > 0 else FELL
