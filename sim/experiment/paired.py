"""How much a plan changes, told from pairs of histories that share their luck.

History k of the base and history k of the plan hold the same offenders with the same luck, so what differs between them
is the plan's doing, and the spread of the differences is much less than that of the histories.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy.special import stdtr, stdtrit

from sim.experiment.intervals import CONFIDENCE

MISTAKES = 1 - CONFIDENCE
"""How often a difference may be claimed where there is none: once in twenty comparisons, all plans of one together."""

POWER = 0.8
"""So sure the number of replications that "would do" must be to tell a difference of the size seen."""

MOST_REPLICATIONS = 100_000
"""No run may have more; a difference that would need more is as good as none."""

LESS, MORE, SAME, UNTOLD, UNKNOWN = "less", "more", "same", "cannot tell", "unknown"
"""Verdicts: the plan has less, has more, is the same in every pair, cannot be told apart, or no pair has values."""

COLUMNS = ("base", "plan", "mean", "low", "high", "n", "deviation", "p", "level", "verdict", "would_do")


def differences(base: pd.DataFrame, plans: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Plan minus base for each plan and quantity, over the pairs in which both have a value.

    The tables have one row per replication, under its number, and one column per quantity. For each plan comes a table
    with a row per quantity and the columns
    - `base`, `plan`: their means over the pairs, and `n`, the number of pairs;
    - `mean`, `low`, `high`: the mean difference and its interval; `deviation`: the spread of the differences;
    - `p`: Holm's adjusted p value over the plans; `level`: the confidence of the interval;
    - `verdict`: one of `LESS`, `MORE`, `SAME`, `UNTOLD`, `UNKNOWN`;
    - `would_do`: the replications that would tell a difference of the size seen, NaN where that is no question.

    With several plans each quantity is judged by Holm's procedure, which finds a difference where there is none in at
    most 5 of 100 comparisons, whatever the number of plans. Each interval has the confidence that Holm's
    procedure asks of that plan, so an interval clear of zero and a verdict always say the same.
    """
    pairs = {name: _paired(base, plan) for name, plan in plans.items()}
    found = {name: _moments(*pair) for name, pair in pairs.items()}
    if not found:
        return {}
    raw = np.vstack([table["p"].to_numpy() for table in found.values()])
    adjusted, error = holm(raw)
    for line, table in enumerate(found.values()):
        mean, spread, n = (table[column].to_numpy(dtype=float) for column in ("mean", "deviation", "n"))
        with np.errstate(invalid="ignore", divide="ignore"):
            half = stdtrit(n - 1, 1 - error[line] / 2) * spread / np.sqrt(n)
        half = np.where(n > 1, half, np.nan)
        table["low"], table["high"] = mean - half, mean + half
        table["p"], table["level"] = adjusted[line], 1 - error[line]
        table["verdict"] = [_verdict(*row) for row in zip(mean, spread, n, adjusted[line], strict=True)]
        table["would_do"] = [
            replications_to_tell(*row[:3]) if row[3] == UNTOLD else np.nan
            for row in zip(mean, spread, error[line], table["verdict"], strict=True)
        ]
    return {name: table[list(COLUMNS)] for name, table in found.items()}


def _paired(base: pd.DataFrame, plan: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The replications and quantities that both have, NaN where either has none."""
    base, plan = base.align(plan, join="inner")
    absent = base.isna() | plan.isna()
    return base.mask(absent), plan.mask(absent)


def _moments(base: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    """Means, spread and the plain two-sided p value of Student's t for each quantity."""
    difference = plan - base
    n = difference.notna().sum()
    mean, spread = difference.mean(), difference.std(ddof=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.abs(mean) / (spread / np.sqrt(n))
    p = 2 * stdtr(np.maximum(n - 1, 1), -t)
    p = np.where(n < 2, np.nan, np.where(mean == 0, 1.0, p))
    return pd.DataFrame({"base": base.mean(), "plan": plan.mean(), "mean": mean, "n": n, "deviation": spread, "p": p})


def holm(p: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Holm's procedure down each column of p values, NaN where there is none.

    Returns the adjusted p values, and the share of mistakes that each was allowed: the least p value is held against
    0.05 / m, the next against 0.05 / (m - 1), and so on until one fails; the rest is held against what that one was.
    """
    rows = len(p)
    order = np.argsort(p, axis=0)  # NaN comes last
    ordered = np.take_along_axis(p, order, axis=0)
    left = np.maximum((~np.isnan(p)).sum(axis=0) - np.arange(rows)[:, None], 1)
    adjusted = np.minimum(np.maximum.accumulate(left * ordered, axis=0), 1)
    rejected = np.logical_and.accumulate(adjusted <= MISTAKES, axis=0)
    # The first that is not rejected sets what the rest is held against.
    stops = np.minimum(rejected.sum(axis=0), rows - 1)
    allowed = MISTAKES / np.where(rejected, left, np.take_along_axis(left, stops[None], axis=0))
    for row in range(1, rows):  # equals are treated alike
        allowed[row] = np.where(ordered[row] == ordered[row - 1], allowed[row - 1], allowed[row])
    back = np.argsort(order, axis=0)
    return np.take_along_axis(adjusted, back, axis=0), np.take_along_axis(allowed, back, axis=0)


def _verdict(mean: float, spread: float, n: float, p: float) -> str:
    if n < 1 or (n < 2 and mean != 0):
        return UNKNOWN
    if mean == 0 and not spread > 0:
        return SAME
    if p > MISTAKES:
        return UNTOLD
    return LESS if mean < 0 else MORE


def replications_to_tell(mean: float, deviation: float, mistakes: float = MISTAKES) -> float:
    """How many replications would tell a difference of this mean from none, in four cases of five.

    Infinite if more than a run may have.
    """
    if mean == 0 or not math.isfinite(mean * deviation):
        return math.inf

    def tells(n: int) -> bool:
        wanted = stdtrit(n - 1, 1 - mistakes / 2) + stdtrit(n - 1, POWER)
        return bool(wanted * deviation <= abs(mean) * math.sqrt(n))

    if not tells(MOST_REPLICATIONS):
        return math.inf
    fails, does = 1, MOST_REPLICATIONS
    while does - fails > 1:
        middle = (fails + does) // 2
        fails, does = (fails, middle) if tells(middle) else (middle, does)
    return does
