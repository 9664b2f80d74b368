"""A few of the measures for each team, week by week: whose backlog it is."""

from __future__ import annotations

import numpy as np

from sim.measure.counts import Counts
from sim.measure.metric import age, ratio
from sim.model import codes
from sim.model.simulate import ReplicationResult

BY_TEAM = (
    "offenders_managed",
    "officers_in_post",
    "caseload_per_officer",
    "overdue_visits",
    "overdue_visits_share",
    "overdue_reviews",
    "oldest_overdue_visit_days",
)
"""The metrics that are known for each team, under their names of all metrics."""


def by_team(history: ReplicationResult) -> dict[str, np.ndarray]:
    """Each of `BY_TEAM` at each observation, shape (teams, times); nothing for a force of one team, or of too many."""
    if history.tally_of_teams is None:
        return {}
    fours = [_of_four(Counts(history, tally)) for tally in history.tally_of_teams]
    teams = len(history.plan.scenario.teams)
    return {metric: np.concatenate([four[metric] for four in fours])[:teams] for metric in BY_TEAM}


def _of_four(counts: Counts) -> dict[str, np.ndarray]:
    """Of four teams, which stand where of the force the risk levels stand."""
    managed, on_list, visits, reviews, officers = (
        counts.stock(stock)[1:]
        for stock in (
            *(codes.MANAGED, codes.ON_VISIT_LIST, codes.OVERDUE_VISITS, codes.OVERDUE_REVIEWS),
            codes.OFFICERS_IN_POST,
        )
    )
    oldest = age(counts, codes.EARLIEST_OVERDUE_VISIT).weekly
    assert oldest is not None
    values = (managed, officers, ratio(managed, officers), visits, ratio(visits, on_list), reviews, oldest[1:])
    return dict(zip(BY_TEAM, values, strict=True))
