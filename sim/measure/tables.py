"""The long table of one history: one row per statistic, metric, group and week."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.measure.counts import Counts
from sim.measure.metrics import METRICS
from sim.model.simulate import History
from sim.scenario.schema import Scenario
from sim.scenario.values import RISK_LEVELS

GROUPS = ("total", *RISK_LEVELS)
STATISTICS = ("week", "at_end", "average")


def tabulate(scenario: Scenario, history: History) -> pd.DataFrame:
    """Every metric of one history.

    Columns: `statistic` ('week', 'at_end', 'average'), `day` (days since the first day for a week, else NaN),
    `metric`, `group` ('total' or a risk level), `value` (in the metric's unit; NaN where there is none). The rows
    are the same in every history of a scenario.
    """
    counts = Counts(history)
    names = list(METRICS)
    parts: list[tuple[int, int, int, np.ndarray, np.ndarray]] = []
    for number, metric in enumerate(METRICS.values()):
        values = metric.compute(counts)
        for group, series in enumerate(() if values.weekly is None else values.weekly):
            parts.append((0, number, group, counts.days[-len(series) :], series))
        for statistic, at in ((1, values.at_end), (2, values.average)):
            for group, value in enumerate(() if at is None else at):
                parts.append((statistic, number, group, np.array([np.nan]), np.array([value])))
    lengths = [len(part[4]) for part in parts]

    def codes(column: int) -> np.ndarray:
        return np.repeat([part[column] for part in parts], lengths)

    return pd.DataFrame(
        {
            "statistic": pd.Categorical.from_codes(codes(0), STATISTICS),
            "day": np.concatenate([part[3] for part in parts]),
            "metric": pd.Categorical.from_codes(codes(1), names),
            "group": pd.Categorical.from_codes(codes(2), GROUPS),
            "value": np.concatenate([part[4] for part in parts]),
        }
    )
