"""The long table of one replication: one row per statistic, metric, group and week."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from sim.measure.counts import Counts
from sim.measure.metric import GROUPS, Metric, age, ratio
from sim.measure.metrics import METRICS
from sim.model import codes
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
    blocks: list[tuple[int, int, tuple[int, ...]]] = []
    numbers: list[np.ndarray] = []
    for number, metric in enumerate(metrics):
        values = metric.compute(counts)
        for statistic, of_groups in enumerate((values.weekly, values.at_end, values.average)):
            if of_groups is not None:
                blocks.append((statistic, number, of_groups.shape))
                numbers.append(of_groups.ravel())
    names = tuple(metric.name for metric in metrics)
    for name, of_teams in by_team(result).items():
        blocks.append((STATISTICS.index(TEAM), names.index(name), of_teams.shape))
        numbers.append(of_teams.ravel())
    teams = tuple(team.name for team in scenario.teams)
    return _rows(names, tuple(blocks), tuple(counts.days.tolist()), teams).assign(value=np.concatenate(numbers))


def by_team(result: ReplicationResult) -> dict[str, np.ndarray]:
    """Each of `BY_TEAM` at each observation, shape (teams, times); nothing for a force of one team, or of too many."""
    if result.tally_of_teams is None:
        return {}
    fours = []
    for tally in result.tally_of_teams:  # four teams each, in place of the risk levels
        counts = Counts(result, tally)
        managed, officers = counts.stock(codes.MANAGED), counts.stock(codes.OFFICERS_IN_POST)
        visits, on_list = counts.stock(codes.OVERDUE_VISITS), counts.stock(codes.ON_VISIT_LIST)
        reviews, oldest = counts.stock(codes.OVERDUE_REVIEWS), age(counts, codes.EARLIEST_OVERDUE_VISIT).weekly
        fours.append((managed, officers, ratio(managed, officers), visits, ratio(visits, on_list), reviews, oldest))
    of_teams = [np.concatenate([values[1:] for values in parts]) for parts in zip(*fours, strict=True)]
    teams = len(result.inputs.scenario.teams)
    return {name: values[:teams] for name, values in zip(BY_TEAM, of_teams, strict=True)}


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
