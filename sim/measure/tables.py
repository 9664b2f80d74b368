"""The long table of one history: one row per statistic, metric, group and week."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from sim.measure.counts import Counts
from sim.measure.metric import GROUPS, Metric
from sim.measure.metrics import METRICS
from sim.measure.teams import by_team
from sim.model.inputs import Inputs
from sim.model.simulate import ReplicationResult
from sim.scenario.schema import Scenario

TEAM = "team"
"""The statistic of a row that tells of one team at the beginning of one week; its group is the name of the team."""

STATISTICS = ("week", "at_end", "average", TEAM)


def counted_in(inputs: Inputs) -> list[Metric]:
    """The metrics of a scenario: those of investigations only where there are any."""
    parts = {"caseload": True, "online_abuse": inputs.has_online_abuse, "crime": inputs.has_crime}
    return [metric for metric in METRICS.values() if parts[metric.part]]


def tabulate(scenario: Scenario, history: ReplicationResult) -> pd.DataFrame:
    """Every metric of one history.

    Columns: `statistic` ('week', 'at_end', 'average', 'team'), `day` (days since the first day for a week, else NaN),
    `metric`, `group` ('total', a risk level or grade, or an experience; of 'team' the name of the team), `value` (in
    the metric's unit; NaN where there is none). The rows are the same in every history of a scenario.
    """
    counts = Counts(history)
    metrics = counted_in(history.inputs)
    blocks: list[tuple[int, int, tuple[int, ...]]] = []
    numbers: list[np.ndarray] = []
    for number, metric in enumerate(metrics):
        values = metric.compute(counts)
        for statistic, of_groups in enumerate((values.weekly, values.at_end, values.average)):
            if of_groups is not None:
                blocks.append((statistic, number, of_groups.shape))
                numbers.append(of_groups.ravel())
    names = tuple(metric.name for metric in metrics)
    for name, of_teams in by_team(history).items():
        blocks.append((STATISTICS.index(TEAM), names.index(name), of_teams.shape))
        numbers.append(of_teams.ravel())
    teams = tuple(team.name for team in scenario.teams)
    return _rows(names, tuple(blocks), tuple(counts.days.tolist()), teams).assign(value=np.concatenate(numbers))


@lru_cache(maxsize=8)
def _rows(
    metrics: tuple[str, ...],
    blocks: tuple[tuple[int, int, tuple[int, ...]], ...],
    days: tuple[float, ...],
    teams: tuple[str, ...],
) -> pd.DataFrame:
    """What each row of the table is about: the same for all histories of a scenario, and slow to say.

    `blocks`: in turn the statistic, the metric, and for how many groups (and weeks, the last of `days`) it is known.
    """
    all_groups = list(dict.fromkeys((*GROUPS, *teams))) if len(teams) > 1 else list(GROUPS)
    parts = [
        (statistic, metric, all_groups.index(group), days[-shape[1] :] if len(shape) > 1 else (np.nan,))
        for statistic, metric, shape in blocks
        for group in (teams if STATISTICS[statistic] == TEAM else METRICS[metrics[metric]].groups)
    ]
    statistics, numbers, groups, on = zip(*parts, strict=True)
    lengths = [len(part) for part in on]
    return pd.DataFrame(
        {
            "statistic": pd.Categorical.from_codes(np.repeat(statistics, lengths), STATISTICS),
            "day": np.concatenate(on),
            "metric": pd.Categorical.from_codes(np.repeat(numbers, lengths), metrics),
            "group": pd.Categorical.from_codes(np.repeat(groups, lengths), all_groups),
        }
    )
