"""How much a plan changes, from pairs of replications that share their random numbers.

Replication k of the base and replication k of the plan hold the same offenders with the same random events, so any
difference between them is due to the plan, and the differences spread much less than the replications do.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Collection, Hashable, Mapping

import numpy as np
import pandas as pd
from scipy.special import nctdtrinc, stdtr, stdtrit

from sim.runs.intervals import CONFIDENCE, ROUGH_BELOW, intervals

MISTAKES = 1 - CONFIDENCE
"""How often a difference may be reported where there is none: once in twenty comparisons, all plans of one together."""

POWER = 0.8
"""The chance with which the replications needed show a difference of the size seen."""

MOST_REPLICATIONS = 100_000
"""No run may have more; a difference that would need more is as good as none."""

LESS, MORE, SAME, NOT_CLEAR, UNKNOWN = "less", "more", "same", "no clear difference", "unknown"
TRIVIAL, UNTESTED, FEW = "no change that matters", "not tested", "too few values"
"""Verdicts: the plan has less, has more, is the same in every pair, does not clearly differ, or no pair has values;
the difference cannot be seen at the precision shown, the measure carries no verdict, or too few pairs have values."""

COLUMNS = ("base", "plan", "mean", "low", "high", "n", "pairs", "deviation", "p", "level", "verdict")


def differences(
    base: pd.DataFrame, plans: Mapping[str, pd.DataFrame], tested: Collection[Hashable] | None = None
) -> dict[str, pd.DataFrame]:
    """Plan minus base for each plan and quantity, over the pairs in which both have a value.

    The tables have one row per replication, under its number, and one column per quantity. For each plan comes a table
    with a row per quantity and the columns
    - `base`, `plan`: their means over the pairs; `n`: the pairs in which both have a value, of so many `pairs`;
    - `mean`, `low`, `high`: the mean difference and its interval, none where all pairs are equal; `deviation`: the
      spread of the differences;
    - `p`: Holm's adjusted p value over the plans; `level`: the confidence of the interval;
    - `verdict`: one of those above; `LESS` and `MORE` only for the quantities to be `tested` (None: all of them).

    With several plans each quantity is judged by Holm's procedure, which finds a difference where there is none in at
    most 5 of 100 comparisons, whatever the number of plans. Each interval has the confidence that Holm's
    procedure asks of that plan, so a verdict never contradicts its interval.
    """
    if not plans:
        return {}
    pairs = {name: base.align(plan, join="inner") for name, plan in plans.items()}
    found = {name: _pair_statistics(*pair) for name, pair in pairs.items()}
    adjusted, error = holm(np.vstack([table["p"].to_numpy() for table in found.values()]))
    for line, (name, table) in enumerate(found.items()):
        of_base, of_plan = pairs[name]
        sure = intervals((of_plan - of_base).to_numpy(), error[line])
        width = sure.high > sure.low
        table["low"], table["high"] = np.where(width, sure.low, np.nan), np.where(width, sure.high, np.nan)
        table["p"], table["level"] = adjusted[line], 1 - error[line]
        mean, n = table["mean"], table["n"]
        same = (mean == 0) & ~(table["deviation"] > 0)
        holds_zero = (table["low"] <= 0) & (table["high"] >= 0)
        few, lone = (n < ROUGH_BELOW) & (n < table["pairs"]), (n < 2) & (mean != 0)
        cases = [n < 1, few, lone, same, (table["p"] > MISTAKES) | holds_zero]
        otherwise = np.where(mean < 0, LESS, MORE)
        table["verdict"] = np.select(cases, [UNKNOWN, FEW, UNKNOWN, SAME, NOT_CLEAR], otherwise)
        if tested is not None:
            untested = ~np.array([quantity in tested for quantity in table.index], dtype=bool)
            table.loc[untested & table["verdict"].isin([LESS, MORE, NOT_CLEAR]), "verdict"] = UNTESTED
    return {name: table[list(COLUMNS)] for name, table in found.items()}


def _pair_statistics(base: pd.DataFrame, plan: pd.DataFrame) -> pd.DataFrame:
    """Means, spread and the plain two-sided p value for each quantity: Student's, where all pairs are equal the sign's.

    Equal differences have no spread for Student's t; that n pairs all go one way has the chance 2 / 2**n.
    """
    difference = (plan - base).to_numpy()
    n = (~np.isnan(difference)).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.nansum(difference, axis=0) / np.where(n, n, np.nan)
        spread = np.sqrt(np.nansum((difference - mean) ** 2, axis=0) / np.where(n > 1, n - 1, np.nan))
        t = np.abs(mean) / (spread / np.sqrt(n))
        equal = np.fmax.reduce(difference, axis=0) == np.fmin.reduce(difference, axis=0)
    spread = np.where(equal & (n > 1), 0.0, spread)
    p = np.where(equal, 2 * 0.5**n, 2 * stdtr(np.maximum(n - 1, 1), -t))
    p = np.where(n < 2, np.nan, np.where(mean == 0, 1.0, p))
    means = {"base": base.mask(plan.isna()).mean(), "plan": plan.mask(base.isna()).mean(), "mean": mean}
    return pd.DataFrame({**means, "n": n, "pairs": len(base), "deviation": spread, "p": p}, index=base.columns)


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


def replications_needed(mean: float, deviation: float, mistakes: float = MISTAKES) -> float:
    """How many replications would show a difference of this mean, in four cases of five.

    Infinite if more than a run may have.
    """
    if mean == 0 or not math.isfinite(mean * deviation):
        return math.inf

    def suffices(n: int) -> bool:
        deviations = stdtrit(n - 1, 1 - mistakes / 2) + stdtrit(n - 1, POWER)
        return bool(deviations * deviation <= abs(mean) * math.sqrt(n))

    needed = 2 + bisect_left(range(2, MOST_REPLICATIONS + 1), True, key=suffices)
    return needed if needed <= MOST_REPLICATIONS else math.inf


def least_replications_needed(mean: float, deviation: float, n: int, mistakes: float = MISTAKES) -> float:
    """How many replications are needed at least, whatever the true difference may be that n pairs leave possible.

    The largest ratio of difference to spread that is compatible with what was seen (97.5%, from the noncentral t, which
    takes both as uncertain) needs this many.
    """
    if n < 2 or not deviation > 0:
        return math.inf
    root = math.sqrt(n)
    largest = float(nctdtrinc(n - 1, MISTAKES / 2, abs(mean) / deviation * root)) / root
    return replications_needed(largest, 1.0, mistakes)
