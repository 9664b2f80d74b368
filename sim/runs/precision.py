"""Until precise: replications are added until a metric is known well enough, or the budget is spent."""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import pandas as pd
from scipy.special import stdtrit

from sim.runs.errors import OptionError
from sim.runs.intervals import CONFIDENCE, interval

FIRST_REPLICATIONS = 20
"""Fewer say too little about how much replications differ."""
LOOKS_IN_A_ROW = 2
"""So many looks must find it precise enough: a single one may, because these replications differ less than others."""
MOST_REPLICATIONS = 1_000
"""The budget, unless another is asked for."""
LEAST_GROWTH, MOST_GROWTH = 1.1, 2.0
"""A look adds at least so much, as many looks would end at the luckiest, and at most so much, as early guesses err."""

HOW_TO_WRITE = (
    "write METRIC ±BOUND, such as 'overdue_visits ±2', 'overdue_visits ±5%' or 'overdue_visits[high] average +-1'"
)
_GRAMMAR = re.compile(
    r"\s*(?P<metric>\w+)\s*(?:\[\s*(?P<group>\w+)\s*\])?\s*(?P<statistic>[a-z]\w*(?:\s+[a-z]+)*)?\s*"
    r"(?:±|\+/-|\+-)\s*(?P<bound>\d{1,40}(?:\.\d{1,60})?|\.\d{1,60})\s*(?P<percent>%?)\s*"
)
_STATISTICS = {"at_end": "at_end", "at the end": "at_end", "average": "average", "on average": "average"}


@dataclass(frozen=True)
class Until:
    """A precision target: the largest allowed half-width of the 95% confidence interval of one value."""

    asked: str
    """As it was typed."""
    metric: str
    group: str
    statistic: str
    bound: float
    relative: bool
    """Is the bound a percentage of the mean?"""

    @classmethod
    def of(cls, text: str) -> Until:
        """The precision target that a planner typed. Raises OptionError with what is allowed."""
        found = _GRAMMAR.fullmatch(text)
        if not found:
            raise OptionError(f"--until {text}: {HOW_TO_WRITE}.")
        # Here, because importing the measures takes a second.
        from sim.measure.metrics import metric_problem

        metric, group = found["metric"], found["group"] or "total"
        if problem := metric_problem(metric, group):
            raise OptionError(f"--until {text}: {problem}{'' if problem.endswith('?') else '.'}")
        written = " ".join((found["statistic"] or "at_end").split())
        if written not in _STATISTICS:
            raise OptionError(f"--until {text}: {written} is neither at_end nor average; {HOW_TO_WRITE}.")
        bound = float(found["bound"])
        if bound == 0:
            raise OptionError(f"--until {text}: no number of replications gets down to 0; give a bound above it.")
        return cls(text, metric, group, _STATISTICS[written], bound, relative=bool(found["percent"]))

    @property
    def what(self) -> str:
        """What was asked for, without the bound, as it is typed: `overdue_visits[high] average`."""
        group = "" if self.group == "total" else f"[{self.group}]"
        return f"{self.metric}{group}{' average' if self.statistic == 'average' else ''}"

    def known_from(self, values: pd.DataFrame) -> Precision:
        """How precisely it is known from replications; `values` has a row for each, as `RunResult.values` gives them.

        Raises OptionError if it is never known, or if the bound is a percentage of nothing.
        """
        column = (self.metric, self.group, self.statistic)
        if column not in values.columns:
            raise OptionError(
                f"--until {self.asked}: {self.metric} has no {self.statistic} value for {self.group}; "
                "docs/metrics.md says which there are."
            )
        known, n = interval(values[column].to_numpy()), len(values)
        if known.mean is None or known.low is None or known.high is None:
            return Precision(self, n, known.mean, None, None, None)
        if self.relative and known.mean == 0:
            from sim.measure import METRICS
            from sim.measure.metric import SHARES

            own_unit = "0.01" if METRICS[self.metric].unit in SHARES else "2"
            raise OptionError(
                f"--until {self.asked}: {self.what} is 0 on average over {n:,} replications, and {self.bound:g}% of "
                f"nothing cannot be met; give a bound in its own unit, such as --until '{self.what} ±{own_unit}'."
            )
        half_width = max(known.mean - known.low, known.high - known.mean)
        allowed = abs(known.mean) * self.bound / 100 if self.relative else self.bound
        needed = math.ceil(_needed(half_width, allowed, known.n) * n / known.n)
        return Precision(self, n, known.mean, half_width, allowed, needed)


@dataclass(frozen=True)
class Precision:
    """How precisely a value is known after so many replications, and how many would probably be enough.

    The mean is None if no replication has a value, and the rest if fewer than two have.
    """

    until: Until
    replications: int
    mean: float | None
    half_width: float | None
    allowed: float | None
    needed: int | None

    @property
    def met(self) -> bool:
        return self.half_width is not None and self.allowed is not None and self.half_width <= self.allowed

    def to_plain(self) -> dict[str, Any]:
        numbers = {name: number for name, number in asdict(self).items() if name != "until"}
        return {**asdict(self.until), **numbers, "met": self.met}

    @classmethod
    def from_plain(cls, saved: Mapping[str, Any]) -> Precision:
        until = Until(**{field.name: saved[field.name] for field in fields(Until)})
        return cls(until, **{field.name: saved[field.name] for field in fields(cls) if field.name != "until"})


def is_enough(looks: Sequence[Precision]) -> bool:
    """Did the last looks find it precise enough, one after the other?"""
    last = looks[-LOOKS_IN_A_ROW:]
    return len(last) == LOOKS_IN_A_ROW and all(look.met for look in last)


def next_look(seen: Precision, replications: int, most: int) -> int:
    """After how many replications to look again: about as many as are needed, but never far beyond what is known.

    It depends on the replications alone, so that the same command ends after the same number on every machine,
    whatever an earlier run has left. `replications` are those asked for so far, which some may have failed.
    """
    least, farthest = math.ceil(LEAST_GROWTH * replications), int(MOST_GROWTH * replications)
    return min(max(seen.needed or farthest, least), farthest, most)


def _needed(half_width: float, allowed: float, n: int) -> int:
    """The fewest replications whose interval is as narrow as is allowed, if they spread as these `n` do."""
    spread = half_width * math.sqrt(n) / _t(n)
    if spread == 0:
        return n

    def is_narrow(number: int) -> bool:
        return _t(number) * spread / math.sqrt(number) <= allowed

    many = 2
    while not is_narrow(many) and many < 2**62:
        many *= 2
    return bisect_left(range(many), True, lo=max(2, many // 2), key=is_narrow)


def _t(n: int) -> float:
    return float(stdtrit(n - 1, (1 + CONFIDENCE) / 2))
