"""Did a quantity rise or fall? One test for every sentence: last minus first value, replication by replication."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from sim.runs.intervals import CONFIDENCE, interval

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
    small = max(STAYS_WITHIN * max(abs(first), abs(last)), precision)
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
    if shown_alike or abs(change) < STAYS_WITHIN * max(abs(first), abs(last)):
        return STEADY if clear or within else UNCLEAR
    if not clear:
        return UNCLEAR
    return ROSE if change > 0 else FELL
