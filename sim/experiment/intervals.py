"""How sure a mean over replications is: Student's t interval."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit  # not scipy.stats, whose import takes 0.7 s

CONFIDENCE = 0.95


class Interval(NamedTuple):
    """A mean over replications and where the true mean lies with 95 % confidence.

    `n` replications have a value; without any the mean is None, with only one the bounds are None.
    """

    mean: float | None
    low: float | None
    high: float | None
    n: int


class Intervals(NamedTuple):
    """The same for many quantities at once: four arrays; NaN stands for what cannot be told."""

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    n: np.ndarray


def intervals(values: ArrayLike) -> Intervals:
    """The interval of each quantity's mean.

    `values` has one row per replication and one column per quantity. A NaN means that the history gave no value
    (a backlog that never recovers has no date of recovery); it is left out, and `n` says how many remain.
    """
    values = np.asarray(values, dtype=float)
    present = ~np.isnan(values)
    n = present.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.where(present, values, 0).sum(axis=0) / n
        squares = np.where(present, (values - mean) ** 2, 0).sum(axis=0)
        half = stdtrit(n - 1, (1 + CONFIDENCE) / 2) * np.sqrt(squares / (n - 1) / n)
    half = np.where(n > 1, half, np.nan)
    return Intervals(mean, mean - half, mean + half, n)


def interval(values: ArrayLike) -> Interval:
    """The interval of one quantity's mean; `values` has one number per replication."""
    one = intervals(np.asarray(values, dtype=float).reshape(-1, 1))
    return stored_interval(one.mean[0], one.low[0], one.high[0], one.n[0])


def stored_interval(mean: float, low: float, high: float, n: int) -> Interval:
    """An interval read back from a table, where None is kept as NaN."""

    def known(number: float) -> float | None:
        return float(number) if np.isfinite(number) else None

    return Interval(known(mean), known(low), known(high), int(n))
