"""What a plan costs and what its measures are a part of, in each replication, so that differences are paired."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.measure.metric import GROUPS_BY
from sim.scenario import Scenario
from sim.scenario.balance import DAYS_PER_YEAR

PRICE_KEY = "costs.officer_per_year"


class Measures:
    """What the replications of a scenario came to: an array for each measure, NaN where it has none."""

    def __init__(self, values: pd.DataFrame, scenario: Scenario) -> None:
        self.scenario = scenario
        self.replications = values.index
        self._columns = dict(zip(values.columns, values.to_numpy(dtype=float).T, strict=True))

    def of(self, metric: str, group: str = "total", statistic: str = "at_end") -> np.ndarray:
        """A measure in each replication."""
        found = self._columns.get((metric, group, statistic))
        return np.full(len(self.replications), np.nan) if found is None else found

    def to_be_visited(self, group: str = "total") -> np.ndarray:
        """Offenders who should be visited at the end, of which the share overdue is a share."""
        overdue, share = self.of("overdue_visits", group), self.of("overdue_visits_share", group)
        # Where nothing is overdue the share says nothing: all in the community but for those who get no visits.
        no_visits = self.of("offenders_reactive", group) + self.of("lost_records", group)
        some = share > 0
        return np.where(some, overdue / np.where(some, share, 1), self.of("offenders_managed", group) - no_visits)

    def breaches(self, group: str = "total") -> np.ndarray:
        found, share = self.of("breaches_found", group), self.of("breaches_found_share", group)
        some = share > 0
        none = np.where((found == 0) & np.isnan(share), 0.0, np.nan)
        return np.where(some, found / np.where(some, share, 1), none)

    def hours_a_week(self) -> np.ndarray:
        """Hours of officers on the caseload, overtime and surge team included, and of supervisors for checks."""
        supervisors = np.nan_to_num(self.of("supervisor_hours", statistic="average"))
        return self.of("hours_worked", statistic="average") + supervisors

    def officer_years(self) -> np.ndarray:
        """Officers in post and in the surge team over the horizon, and overtime by the hours of an officer."""
        years = self.scenario.horizon_days / DAYS_PER_YEAR
        hours_a_year = self.scenario.officers.hours_per_week * DAYS_PER_YEAR / 7
        overtime = np.nan_to_num(self.of("overtime_hours")) / hours_a_year if hours_a_year else 0.0
        in_post = self.of("officers_in_post", statistic="average") * years
        return in_post + surge_years(self.scenario) + overtime


def surge_years(scenario: Scenario) -> float:
    regimes_and_end, years = [*scenario.regimes, (scenario.horizon_days, scenario)], 0.0
    for (day, regime), (until, _) in pairwise(regimes_and_end):
        first = (regime.surge.from_ - scenario.start).days if regime.surge.from_ else 0
        last = (regime.surge.to - scenario.start).days + 1 if regime.surge.to else scenario.horizon_days
        years += regime.surge.officers * max(0, min(until, last) - max(day, first)) / DAYS_PER_YEAR
    return years


class Cost(NamedTuple):
    """One line of the block: its title, its unit, and its value in each replication; `price` is that of an officer."""

    title: str
    unit: str
    value: Callable[[Measures, float], np.ndarray]


COSTS = {
    "not_visited": Cost(
        "Offenders not visited, at the end", "offenders", lambda m, _: m.of("offenders_managed") - m.to_be_visited()
    ),
    "hidden_risk_days": Cost("Days at hidden risk", "days", lambda m, _: m.of("hidden_risk_days")),
    "breaches_not_found": Cost(
        "Breaches not found, at the end", "breaches", lambda m, _: m.breaches() - m.of("breaches_found")
    ),
    "longest_unseen_days": Cost("Longest not seen, days, at the end", "days", lambda m, _: m.of("longest_unseen_days")),
    "hours": Cost("Hours of officers and supervisors, a week", "hours", lambda m, _: m.hours_a_week()),
    "money": Cost("Money, over the whole period", "£", lambda m, price: price * m.officer_years()),
}
"""The lines in their order; all of them are always shown."""


def costs_of(measures: Measures, officer_per_year: float | None) -> pd.DataFrame:
    """A column for each line, a row for each replication; of money NaN where no price is given."""
    price = math.nan if officer_per_year is None else officer_per_year
    return pd.DataFrame({name: cost.value(measures, price) for name, cost in COSTS.items()}, measures.replications)


VISITED = (
    *("overdue_visits", "overdue_reviews", "overdue_visits_share", "visit_coverage", "risk_coverage"),
    *("unannounced_coverage", "oldest_overdue_visit_days", "longest_unseen_days"),
)
"""Measures of those who should be visited."""
STAFFED = {"caseload_per_officer": "at_end", "workload_ratio": "average"}
"""Measures of the officers in post, and when these are counted."""
OF_BREACHES = ("breaches_found_share", "breach_detection_days")
"""Measures of the breaches there are."""

MOVES_BY = 0.05
"""A denominator that moves by more than this share is said beside the measure."""


def denominators_of(measures: Measures) -> pd.DataFrame:
    """What measures are a part of, a column for each (kind, group) and a row for each replication."""
    columns = {("in post", when): measures.of("officers_in_post", statistic=when) for when in ("at_end", "average")}
    for group in GROUPS_BY["risk"]:
        columns["to be visited", group] = measures.to_be_visited(group)
        columns["breaches", group] = measures.breaches(group)
    return pd.DataFrame(columns, measures.replications)


def denominator_of(metric: str, group: str) -> tuple[str, str] | None:
    """The denominator of a measure, as a column of `denominators_of`; None if it has none that is known."""
    if metric in STAFFED:
        return "in post", STAFFED[metric]
    kinds = {"to be visited": VISITED, "breaches": OF_BREACHES}
    return next(((kind, group) for kind, metrics in kinds.items() if metric in metrics), None)
