"""The backlog by team at the end, in words and numbers."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from sim.report.text.words import HEADINGS
from sim.runs.intervals import PER_CENT, Interval, percent, stored_interval, tenths, whole
from sim.scenario.source.faults import sanitise

COLUMNS = {
    "overdue_visits": "Overdue visits",
    "overdue_visits_share": "Share overdue",
    "oldest_overdue_visit_days": HEADINGS["oldest_overdue_visit_days"],
    "offenders_managed": "Offenders",
    "officers_in_post": "Officers in post",
    "caseload_per_officer": "Offenders per officer",
}
"""What is shown of each team, with the heading of its column."""


class TeamAtEnd(NamedTuple):
    """A team as it stands at the end: each of `COLUMNS` with its interval."""

    name: str
    values: dict[str, Interval]

    @property
    def share(self) -> float:
        """Share of its visits that are overdue; -1 if it has nobody to visit."""
        mean = self.values["overdue_visits_share"].mean
        return -1.0 if mean is None else mean


def teams_at_end(table: pd.DataFrame) -> list[TeamAtEnd]:
    """The teams at the end of a table of `RunResult.teams`, the largest share overdue first; none of a force of one."""
    if table.empty or table["team"].nunique() < 2:
        return []
    last = table[table["day"] == table["day"].max()]
    known = {(row.team, row.metric): stored_interval(row.mean, row.low, row.high, row.n) for row in last.itertuples()}
    nothing = Interval(None, None, None, 0)
    teams = [
        TeamAtEnd(str(name), {metric: known.get((name, metric), nothing) for metric in COLUMNS})
        for name in dict.fromkeys(last["team"])
    ]
    return sorted(teams, key=lambda team: -team.share)


def cell_words(metric: str, value: Interval) -> str:
    """A value with its interval: shares in per cent, ratios and officers to a tenth, all else whole."""
    if metric == "overdue_visits_share":
        return value.as_share()
    return value.in_words(tenths if metric in ("caseload_per_officer", "officers_in_post") else whole)


def team_title(teams: list[TeamAtEnd]) -> str:
    """The finding: where the share is largest and smallest, or that there is no clear difference."""
    known = [team for team in teams if team.share >= 0]
    if not known:
        return "No team has anybody to visit at the end"
    most, least = known[0], known[-1]
    high, low = (f"{percent(team.share)}{PER_CENT}" for team in (most, least))
    if not most.values["overdue_visits_share"].clearly_differs(least.values["overdue_visits_share"]):
        return f"No clear difference between the teams: {low} to {high} of visits are overdue"
    most_name, least_name = sanitise(most.name), sanitise(least.name)
    return f"The share of visits overdue is largest in {most_name}, {high}, and smallest in {least_name}, {low}"
