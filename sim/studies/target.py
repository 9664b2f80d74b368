"""A target on a date, such as `overdue_visits_share <= 0.05` by 31 March 2027, and whether a replication meets it."""

from __future__ import annotations

import datetime as dt
import math
import operator
import re
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from sim.measure import METRICS
from sim.measure.metric import SHARES
from sim.measure.metrics import metric_problem, parted
from sim.scenario.schema import Scenario
from sim.scenario.source.faults import Fault, Place, ScenarioError, sanitise

_COMPARE = {"<=": operator.le, "<": operator.lt, ">=": operator.ge, ">": operator.gt}
IN_WORDS = {"<=": "at most", "<": "below", ">=": "at least", ">": "above"}
_AGAINST = {"lower": {">=": "<=", ">": "<"}, "higher": {"<=": ">=", "<": ">"}}
FOR_EACH_OFFICER = ("caseload_per_officer", "workload_ratio")
"""Metrics without a value where no officer is in post: then they are above any bound."""
_TARGET = re.compile(r"\s*(\w+)\s*(?:\[\s*(\w+)\s*\])?\s*(<=|>=|<|>)\s*(-?\d{1,12}(?:\.\d{1,12})?)\s*(%?)\s*")
_HOW = 'write "METRIC <= NUMBER", as "overdue_visits_share <= 0.05" or "overdue_visits[high] <= 20"'


@dataclass(frozen=True)
class StaffingTarget:
    """A bound on a metric of a group at the first weekly observation on or after a day, counted from the first day."""

    metric: str
    group: str
    comparison: str
    bound: float
    day: float

    @property
    def text(self) -> str:
        """As it is typed: `overdue_visits[high] <= 20`."""
        group = "" if self.group == "total" else f"[{self.group}]"
        return f"{self.metric}{group} {self.comparison} {self.bound:g}"

    def value(self, table: pd.DataFrame) -> float:
        """The metric in one replication, from the table of `sim.measure.tabulate`, when the target is due.

        NaN where it has no value, as the share of visits overdue where nobody is of that level.
        """
        rows = (table["metric"] == self.metric) & (table["group"] == self.group) & (table["statistic"] == "week")
        weeks = table[rows & (table["day"] >= self.day)]
        value = float(weeks["value"].iloc[weeks["day"].argmin()]) if len(weeks) else math.nan
        return math.inf if math.isnan(value) and self.metric in FOR_EACH_OFFICER else value

    def met(self, value: float) -> bool | None:
        """Is the target met with this value? None where there is none: nothing was there that could fail it."""
        return None if math.isnan(value) else bool(_COMPARE[self.comparison](value, self.bound))


def all_met(verdicts: Sequence[bool | None]) -> bool | None:
    """Are all targets met in one replication? Those without a value there ask nothing; None if none has one."""
    judged = [verdict for verdict in verdicts if verdict is not None]
    return all(judged) if judged else None


def parsed_targets(texts: Sequence[str], by: dt.date | None, scenario: Scenario) -> tuple[StaffingTarget, ...]:
    """Targets as a planner types them, each once, due at the midnight after `by` or at the end of the horizon.

    Raises ScenarioError with all faults at once.
    """
    if not texts:
        raise ScenarioError([Fault(Place("--target"), f"is missing: what is to be reached? {_HOW}")])
    faults = []
    if by and not scenario.start <= by <= scenario.end:
        repair = f", or move its end with --set end={by}" if by > scenario.end else ""
        allowed = f"the scenario runs from {scenario.start} to {scenario.end}; choose a date in it{repair}"
        faults.append(Fault(Place(f"--by {by}"), allowed))
    last = scenario.horizon_days if by is None else (by - scenario.start).days + 1
    targets = []
    for text in texts:
        place = Place(f'--target "{sanitise(text)}"')
        found = _TARGET.fullmatch(text)
        if found is None:
            faults.append(Fault(place, f"is not understood; {_HOW}"))
            continue
        metric, group, comparison, number, per_cent = found.groups(default="total")
        if problem := metric_problem(metric, group, weekly=True):
            faults.append(Fault(place, problem))
            continue
        bound, unit, better = float(number) / (100 if per_cent else 1), METRICS[metric].unit, METRICS[metric].better
        if per_cent and unit not in SHARES:
            faults.append(Fault(place, f"{metric} is counted in {unit}, not in per cent; leave % out"))
        elif unit == "share" and not 0 <= bound <= 1:
            is_per_cent = 0 <= bound <= 100 and not per_cent
            repair = f"for {bound:g} per cent write {bound:g}%" if is_per_cent else "0% to 100% may be written too"
            faults.append(Fault(place, f"{metric} is a share from 0 to 1; {repair}"))
        elif bound < 0:
            faults.append(Fault(place, f"{metric} is never below 0; ask for {comparison} 0 or more"))
        elif turned := _AGAINST.get(better, {}).get(comparison):
            problem = f"{metric} is better the {better} it is; write {turned} in place of {comparison}"
            faults.append(Fault(place, problem))
        targets.append(StaffingTarget(metric, group, comparison, bound, float(last)))
    if faults:
        raise ScenarioError(faults)
    return tuple(dict.fromkeys(targets))


def parsed_metric(text: str, option: str = "--metric") -> tuple[str, str]:
    """`overdue_visits` or `overdue_visits[high]` as metric and group. Raises ScenarioError."""
    metric, group = parted(text)
    if problem := metric_problem(metric, group):
        raise ScenarioError([Fault(Place(f"{option} {sanitise(text)}"), problem)])
    return metric, group
