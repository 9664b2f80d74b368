"""The long table of one history: one row per statistic, metric, group and week."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.measure.counts import Counts
from sim.measure.metric import GROUPS, Metric
from sim.measure.metrics import METRICS
from sim.model.plan import Plan
from sim.model.simulate import History
from sim.scenario.schema import Scenario

STATISTICS = ("week", "at_end", "average")


def counted_in(plan: Plan) -> list[Metric]:
    """The metrics of a scenario: those of investigations only where there are any."""
    parts = {"caseload": True, "online_abuse": plan.has_online_abuse, "crime": plan.has_crime}
    return [metric for metric in METRICS.values() if parts[metric.part]]


def tabulate(scenario: Scenario, history: History) -> pd.DataFrame:
    """Every metric of one history.

    Columns: `statistic` ('week', 'at_end', 'average'), `day` (days since the first day for a week, else NaN),
    `metric`, `group` ('total', a risk level or grade, or an experience), `value` (in the metric's unit; NaN where there
    is none). The rows are the same in every history of a scenario.
    """
    counts = Counts(history)
    metrics = counted_in(history.plan)
    parts: list[tuple[int, int, int, np.ndarray, np.ndarray]] = []
    for number, metric in enumerate(metrics):
        values = metric.compute(counts)
        groups = [GROUPS.index(group) for group in metric.groups]
        for group, series in zip(groups, () if values.weekly is None else values.weekly, strict=False):
            parts.append((0, number, group, counts.days[-len(series) :], series))
        for statistic, at in ((1, values.at_end), (2, values.average)):
            for group, value in zip(groups, () if at is None else at, strict=False):
                parts.append((statistic, number, group, np.array([np.nan]), np.array([value])))
    lengths = [len(part[4]) for part in parts]

    def codes(column: int) -> np.ndarray:
        return np.repeat([part[column] for part in parts], lengths)

    return pd.DataFrame(
        {
            "statistic": pd.Categorical.from_codes(codes(0), STATISTICS),
            "day": np.concatenate([part[3] for part in parts]),
            "metric": pd.Categorical.from_codes(codes(1), [metric.name for metric in metrics]),
            "group": pd.Categorical.from_codes(codes(2), GROUPS),
            "value": np.concatenate([part[4] for part in parts]),
        }
    )
