"""What a metric is, and the shapes that most of them have: stocks, shares, totals, ratios and ages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.measure.counts import Counts
from sim.scenario.sections.crime import EXPERIENCE
from sim.scenario.values import RISK_LEVELS

TOTAL = "total"
Grouping = Literal["risk", "grade", "experience", "nothing"]
GROUPS_BY: dict[Grouping, tuple[str, ...]] = {
    "risk": (TOTAL, *RISK_LEVELS),
    "grade": (TOTAL, *RISK_LEVELS),  # of a suspect; the grades have the words of the risk levels
    "experience": (TOTAL, *EXPERIENCE),  # of an investigator
    "nothing": (TOTAL,),
}
"""The groups for which a metric may be known, the total first."""

GROUPS = (TOTAL, *RISK_LEVELS, *EXPERIENCE)
"""All groups there are."""

Part = Literal["caseload", "online_abuse", "crime"]
"""What a metric belongs to; a scenario without that part has no such rows."""


@dataclass(frozen=True)
class Values:
    """A metric's numbers, each None where it makes no sense.

    `weekly`: at each observation, shape (groups, times), or of the week before each observation but the first, shape
    (groups, times - 1). `at_end`, `average`: shape (groups,).
    """

    weekly: np.ndarray | None
    at_end: np.ndarray | None
    average: np.ndarray | None


SHARES = ("share", "ratio")
"""Units that are shown in per cent."""


@dataclass(frozen=True)
class Metric:
    """What is counted. `better`: which way is better; `by`: for which groups it is known, beside the total."""

    name: str
    title: str
    definition: str
    unit: str
    better: Literal["lower", "higher", "neither"]
    compute: Callable[[Counts], Values]
    by: Grouping = "risk"
    part: Part = "caseload"

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups for which it is known, in the order of its values."""
        return GROUPS_BY[self.by]

    def group_problem(self, group: str) -> str:
        """Why it cannot be asked for a group; empty if it can."""
        if group in self.groups:
            return ""
        if len(self.groups) == 1:
            return f"{self.name} is known in total only; leave [{group}] out"
        *others, last = self.groups[1:]
        return f"{self.name} is not known for {group}; write {', '.join(others)} or {last}, or nothing for all"


METRICS: dict[str, Metric] = {}


def metric(name: str, title: str, definition: str, unit: str, better, by_risk: bool = True):
    """A metric of the caseload."""
    return metric_of("caseload", "risk" if by_risk else "nothing", name, title, definition, unit, better)


def metric_of(part: Part, by: Grouping, name: str, title: str, definition: str, unit: str, better):
    """A metric of a part of the model, known for each of some groups."""

    def define(compute: Callable[[Counts], Values]) -> Callable[[Counts], Values]:
        METRICS[name] = Metric(name, title, definition, unit, better, compute, by, part)
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
    """So many at each observation; on average over the horizon."""
    at_marks = counts.stock(stock)
    return Values(at_marks, at_marks[:, -1], counts.stock_days(stock)[:, -1] / counts.horizon)


def share_of_days(counts: Counts, part: int, whole: int, groups: slice = slice(None)) -> Values:
    """The share at each observation; on average over all offender-days."""
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
    """How long ago the earliest date is at each observation, 0 where nobody is concerned."""
    earliest = counts.earliest(extreme)
    ages = np.where(np.isfinite(earliest), counts.days - np.where(np.isfinite(earliest), earliest, 0.0), 0.0)
    return Values(ages, ages[:, -1], ages.mean(axis=1))
