"""What a metric is, and the shapes that most of them have: stocks, shares, totals, ratios and ages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np

from sim.measure.counts import Counts
from sim.scenario.domain import RISK_LEVELS
from sim.scenario.sections.investigations import EXPERIENCE

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

Better = Literal["lower", "higher", "neither"]

SHARES = ("share", "ratio")
"""Units that are shown in per cent."""


class Values(NamedTuple):
    """A metric's numbers, each None where it makes no sense.

    `weekly`: at each observation, shape (groups, times), or of the week before each observation but the first, shape
    (groups, times - 1). `at_end`, `average`: shape (groups,).
    """

    weekly: np.ndarray | None
    at_end: np.ndarray | None
    average: np.ndarray | None

    def combine(self, function: Callable[..., np.ndarray], *others: Values) -> Values:
        """A function of the numbers, together with those of other metrics, where all have them."""
        parts = zip(self, *others, strict=True)
        return Values(*(None if any(part is None for part in found) else function(*found) for found in parts))


Compute = Callable[[Counts], Values]


@dataclass(frozen=True)
class Metric:
    """What is counted. `better`: which way is better; `by`: for which groups it is known, beside the total.

    `compute` may give more than these `groups`, which come first.
    """

    name: str
    title: str
    definition: str
    unit: str
    better: Better
    compute: Compute
    by: Grouping
    part: Part

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


class Metrics(dict[str, Metric]):
    """The metrics of one module by name, in the order in which pages and tables show them."""

    def __init__(self, part: Part, by: Grouping) -> None:
        super().__init__()
        self.part = part
        self.by: Grouping = by

    def metric(self, unit: str, better: Better, by: Grouping | None = None) -> Callable[[Compute], Compute]:
        """The metric that a function computes, under its name; the docstring is the text (see `define`)."""

        def define(compute: Compute) -> Compute:
            self._add(compute.__name__, unit, better, by or self.by, compute, compute.__doc__ or "")
            return compute

        return define

    def define(
        self, shape: Callable[..., Values], name: str, unit: str, better: Better, *arguments: Any
    ) -> Callable[[str], None]:
        """A metric of one of the shapes below, by the arguments of the shape, such as codes.

        Call the result with the text that readers see: the title, a full stop, and the definition.
        """
        return partial(self._add, name, unit, better, self.by, lambda counts: shape(counts, *arguments))

    def _add(self, name: str, unit: str, better: Better, by: Grouping, compute: Compute, text: str) -> None:
        title, _, definition = " ".join(text.split()).partition(". ")
        self[name] = Metric(name, title, definition, unit, better, compute, by, self.part)


def ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """NaN where there is nothing to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bottom > 0, top / bottom, np.nan)


def stock(counts: Counts, stock: int) -> Values:
    """So many at each observation; on average over the horizon."""
    observed = counts.stock(stock)
    return Values(observed, observed[:, -1], counts.stock_days(stock)[:, -1] / counts.horizon)


def share_of_days(counts: Counts, part: int, whole: int) -> Values:
    """The share at each observation; on average over all offender-days."""
    observed = ratio(counts.stock(part), counts.stock(whole))
    average = ratio(counts.stock_days(part)[:, -1], counts.stock_days(whole)[:, -1])
    return Values(observed, observed[:, -1], average)


def total(running: np.ndarray, counts: Counts) -> Values:
    """So much in each week; over the horizon; per week on average."""
    return Values(np.diff(running, axis=1), running[:, -1], running[:, -1] / counts.weeks)


def ratio_of_totals(top: np.ndarray, bottom: np.ndarray, weeks_at_end: int = 0) -> Values:
    """Of what happened in each week; in the last weeks, if a number of them is given; over the horizon."""
    weekly = ratio(np.diff(top, axis=1), np.diff(bottom, axis=1))
    back = max(-1 - weeks_at_end, -top.shape[1])
    at_end = ratio(top[:, -1] - top[:, back], bottom[:, -1] - bottom[:, back]) if weeks_at_end else None
    return Values(weekly, at_end, ratio(top[:, -1], bottom[:, -1]))


def flow(counts: Counts, flow: int) -> Values:
    """How much happened in each week; over the horizon; per week on average."""
    return total(counts.flow(flow), counts)


def share_of_flow(counts: Counts, part: int, whole: int) -> Values:
    """Of what happened in each week; over the horizon."""
    return ratio_of_totals(counts.flow(part), counts.flow(whole))


def days_in_stock(counts: Counts, stock: int) -> Values:
    """Days in a condition in each week; over the horizon; per week on average."""
    return total(counts.stock_days(stock), counts)


def hours(counts: Counts, *uses: int) -> Values:
    """Officer-hours in each week; over the horizon; per week on average."""
    return total(counts.hours(*uses), counts)


def over_weeks(observed: np.ndarray) -> Values:
    """A value at each observation; on average over the observations at which it is known."""
    known = np.isfinite(observed)
    return Values(observed, observed[:, -1], ratio(np.where(known, observed, 0.0).sum(axis=1), known.sum(axis=1)))


def age(counts: Counts, extreme: int) -> Values:
    """How long ago the earliest date is at each observation, 0 where there is none."""
    earliest = counts.earliest(extreme)
    ages = np.where(np.isfinite(earliest), counts.days - np.where(np.isfinite(earliest), earliest, 0.0), 0.0)
    return Values(ages, ages[:, -1], ages.mean(axis=1))
