"""The long table of one replication: one row per statistic, metric, group and week."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from sim.measure.counts import Counts
from sim.measure.metric import GROUPS, Metric
from sim.measure.metrics import METRICS
from sim.model.inputs import Inputs
from sim.model.simulate import ReplicationResult
from sim.scenario.schema import Scenario

TEAM = "team"
"""The statistic of a row about one team at the beginning of one week; its group is the name of the team."""

STATISTICS = ("week", "at_end", "average", TEAM)

BY_TEAM = (
    "offenders_managed",
    "officers_in_post",
    "caseload_per_officer",
    "overdue_visits",
    "overdue_visits_share",
    "overdue_reviews",
    "oldest_overdue_visit_days",
)
"""The metrics that are known for each team as well."""


def counted_in(inputs: Inputs) -> list[Metric]:
    """The metrics of a scenario: those of investigations only where there are any."""
    parts = {"caseload": True, "online_abuse": inputs.has_online_abuse, "crime": inputs.has_crime}
    return [metric for metric in METRICS.values() if parts[metric.part]]


def tabulate(scenario: Scenario, result: ReplicationResult) -> pd.DataFrame:
    """Every metric of one replication.

    Columns: `statistic` ('week', 'at_end', 'average', 'team'), `day` (days since the first day for a week, else NaN),
    `metric`, `group` ('total', a risk level or grade, or an experience; of 'team' the name of the team), `value` (in
    the metric's unit; NaN where there is none). The rows are the same in every replication of a scenario.
    """
    counts = Counts(result)
    metrics = counted_in(result.inputs)
    names = tuple(metric.name for metric in metrics)
    blocks = [
        (statistic, number, values[: len(metric.groups)])
        for number, metric in enumerate(metrics)
        for statistic, values in enumerate(metric.compute(counts))
        if values is not None
    ]
    blocks += [(STATISTICS.index(TEAM), names.index(name), values) for name, values in by_team(result).items()]
    shapes = tuple((statistic, number, values.shape) for statistic, number, values in blocks)
    teams = tuple(team.name for team in scenario.teams)
    rows = _rows(names, shapes, tuple(counts.days.tolist()), teams)
    return rows.assign(value=np.concatenate([values.ravel() for _, _, values in blocks]))


def by_team(result: ReplicationResult) -> dict[str, np.ndarray]:
    """Each of `BY_TEAM` at each observation, shape (teams, times); nothing for a force of one team, or of too many."""
    if result.tally_of_teams is None:
        return {}
    fours = [Counts(result, tally) for tally in result.tally_of_teams]  # four teams each, in place of the risk levels
    teams = len(result.inputs.scenario.teams)
    found = {}
    for name in BY_TEAM:
        weekly = (METRICS[name].compute(counts).weekly for counts in fours)
        found[name] = np.concatenate([values[1:] for values in weekly if values is not None])[:teams]
    return found


@lru_cache(maxsize=8)
def _rows(
    metrics: tuple[str, ...],
    blocks: tuple[tuple[int, int, tuple[int, ...]], ...],
    days: tuple[float, ...],
    teams: tuple[str, ...],
) -> pd.DataFrame:
    """The columns of the table but the values: the same for all replications of a scenario, and slow to make.

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
