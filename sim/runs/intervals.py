"""Student's t interval of a mean over replications, wider where most are equal, and how each is written; trends."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, gammaincinv, stdtrit  # not scipy.stats, whose import takes 0.7 s

if TYPE_CHECKING:
    import pandas as pd

CONFIDENCE = 0.95

ROUGH_BELOW = 5
"""With fewer replications than this an interval is a rough one."""

_SIZE_CONFIDENCE = 0.8
"""How sure the bound on the size of rare deviations is; with that on their share, 92% or more of intervals hold."""

PER_CENT = "%"

SAME_IN_ALL = "same in all"
"""Stands in the brackets where there is no interval, as all replications are equal."""

Style = Callable[[float | None], str]
"""How a number is written: `whole`, `tenths` or `percent`."""


def whole(number: float | None) -> str:
    """1,234, as offenders and days are counted in whole ones."""
    return f"{round(number) + 0:,}" if number is not None and math.isfinite(number) else "–"


def tenths(number: float | None) -> str:
    """56.4"""
    return f"{number:,.1f}" if number is not None and math.isfinite(number) else "–"


def percent(share: float | None) -> str:
    """20.9 for a share of 0.209; the caller writes the sign."""
    return tenths(None if share is None else 100 * share)


def precision_of(style: Style) -> float:
    """The step in which a style shows a number: 1, 0.1, or of a share 0.001."""
    return {whole: 1.0, tenths: 0.1, percent: 0.001}[style]


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

    def in_words(self, style: Style = whole, unit: str = "", most: float = math.inf) -> str:
        """`1,234 (1,190 to 1,278)`, with the unit after the mean; only the mean if the bounds say no more.

        With few replications the bounds may lie where nothing can be, below zero or above `most`; they end there. Where
        all replications are equal there is no interval: `7 (same in all 30)`; `share_excluded` says what that excludes.
        """
        if self.mean is None:
            return "–"
        mean = style(self.mean)
        if self.all_equal:
            return f"{mean}{unit} ({SAME_IN_ALL} {self.n:,})"
        if self.low is None or self.high is None or style(self.low) == mean == style(self.high):
            return f"{mean}{unit}"
        return f"{mean}{unit} ({style(max(0.0, self.low))} to {style(min(most, self.high))})"

    def as_share(self) -> str:
        """`20.9% (20.1 to 21.7)` for the share of a whole."""
        return self.in_words(percent, PER_CENT, most=1)

    def too_few(self, of: int) -> bool:
        """Has so small a part of the replications a value that only their number can be given?"""
        return 0 < self.n < min(ROUGH_BELOW, of)

    def few_words(self, of: int) -> str:
        """`known in 2 of 30 replications only`"""
        return f"known in {self.n:,} of {of:,} replications only"

    def clearly_differs(self, other: Interval) -> bool:
        """Do the intervals of two means leave a gap between them? With one replication each: yes."""
        if self.low is None or self.high is None or other.low is None or other.high is None:
            return True
        return self.high < other.low or other.high < self.low


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


def week_interval(weeks: pd.DataFrame, number: int) -> Interval:
    """The interval of one week; without bounds where the table has none."""
    row = weeks.iloc[number]
    return stored_interval(row["mean"], row.get("low", math.nan), row.get("high", math.nan), row.get("n", 0))


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

    def in_words(self, weeks: pd.DataFrame, span: str, style: Style = whole, unit: str = "") -> str:
        """What a weekly mean does over the span: `grow from 910 to 1,480 in three years`, `stay at about …`.

        `weeks` has the columns date and mean, first week first; this trend from the first to the last alone
        decides on a rise or a fall. A peak clearly above both ends, and a quarter higher than they are, is named,
        because the ends alone would hide it: `peak at 2,100 in April 2025 and end at 480`.
        """
        known = weeks.dropna(subset="mean")
        if known.empty or self.verdict == UNKNOWN:
            return "are not known"

        def words(number: float | None) -> str:
            return f"{style(number)}{unit}"

        if known["mean"].min() == known["mean"].max():
            return f"stay at {words(known['mean'].iloc[0])} for {span}"
        first, last, larger = words(self.first), words(self.last), max(self.first, self.last)
        peak = int(known["mean"].argmax())
        highest = week_interval(known, peak)
        above = (highest.mean or 0.0) > 1.25 * larger and words(highest.mean) != words(larger)
        if above and all(highest.clearly_differs(week_interval(known, end)) for end in (0, -1)):
            return f"peak at {words(highest.mean)} in {known['date'].iloc[peak]:%B %Y} and end at {last}"
        if self.verdict == STEADY:
            return f"stay at about {words((self.first + self.last) / 2)} for {span}"
        if self.verdict == UNCLEAR:
            return f"begin at {first} and end at {last}, no clear difference"
        return f"{'grow' if self.verdict == ROSE else 'fall'} from {first} to {last} in {span}"


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
