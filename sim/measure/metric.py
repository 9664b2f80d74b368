"""What a metric is, and the shapes that most of them have: stocks, shares, totals, ratios and ages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.measure.counts import Counts


@dataclass(frozen=True)
class Values:
    """A metric's numbers, each None where it makes no sense.

    `weekly`: at each mark, shape (groups, marks), or of the week before each mark but the first, shape
    (groups, marks - 1). `at_end`, `average`: shape (groups,).
    """

    weekly: np.ndarray | None
    at_end: np.ndarray | None
    average: np.ndarray | None


@dataclass(frozen=True)
class Metric:
    """What is counted. `better`: which way is better; `by_risk`: is it known for each risk level?"""

    name: str
    title: str
    definition: str
    unit: str
    better: Literal["lower", "higher", "neither"]
    compute: Callable[[Counts], Values]
    by_risk: bool = True


METRICS: dict[str, Metric] = {}


def metric(name: str, title: str, definition: str, unit: str, better, by_risk: bool = True):
    def define(compute: Callable[[Counts], Values]) -> Callable[[Counts], Values]:
        METRICS[name] = Metric(name, title, definition, unit, better, compute, by_risk)
        return compute

    return define


def stock_metric(name: str, title: str, definition: str, unit: str, better, stocked: int, by_risk: bool = True) -> None:
    """A metric that is one of the stocks; without risk levels, its total alone."""

    def compute(counts: Counts) -> Values:
        values = stock(counts, stocked)
        if by_risk:
            return values
        return Values(*(None if part is None else part[:1] for part in (values.weekly, values.at_end, values.average)))

    metric(name, title, definition, unit, better, by_risk)(compute)


def total_metric(name: str, title: str, definition: str, unit: str, better, flow: int) -> None:
    """A metric that is the total of one of the flows."""
    metric(name, title, definition, unit, better)(lambda counts: total(counts.flow(flow), counts))


def ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """NaN where there is nothing to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bottom > 0, top / bottom, np.nan)


def stock(counts: Counts, stock: int) -> Values:
    """So many at each mark; on average over the horizon."""
    at_marks = counts.stock(stock)
    return Values(at_marks, at_marks[:, -1], counts.stock_days(stock)[:, -1] / counts.horizon)


def share_of_days(counts: Counts, part: int, whole: int, groups: slice = slice(None)) -> Values:
    """The share at each mark; on average over all offender-days."""
    at_marks = ratio(counts.stock(part)[groups], counts.stock(whole)[groups])
    average = ratio(counts.stock_days(part)[groups, -1], counts.stock_days(whole)[groups, -1])
    return Values(at_marks, at_marks[:, -1], average)


def total(running: np.ndarray, counts: Counts) -> Values:
    """So much in each week; in all at the end; per week on average."""
    weekly = np.diff(running, axis=1)
    return Values(weekly, running[:, -1], running[:, -1] / counts.weeks)


def ratio_of_totals(top: np.ndarray, bottom: np.ndarray, weeks_at_end: int = 1) -> Values:
    """Of what happened in each week; in the last weeks; over the horizon."""
    weekly = ratio(np.diff(top, axis=1), np.diff(bottom, axis=1))
    back = max(-1 - weeks_at_end, -top.shape[1])
    at_end = ratio(top[:, -1] - top[:, back], bottom[:, -1] - bottom[:, back])
    return Values(weekly, at_end, ratio(top[:, -1], bottom[:, -1]))


def age(counts: Counts, extreme: int) -> Values:
    """How long ago the earliest date is at each mark, 0 where nobody is concerned."""
    earliest = counts.earliest(extreme)
    ages = np.where(np.isfinite(earliest), counts.days - np.where(np.isfinite(earliest), earliest, 0.0), 0.0)
    return Values(ages, ages[:, -1], ages.mean(axis=1))
