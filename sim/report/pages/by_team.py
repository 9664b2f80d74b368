"""The backlog by team at the end: whose it is, how old, and how many officers there are for how many offenders."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd
from markupsafe import Markup

from sim.report.figures.sketch import LETTER, Sketch
from sim.report.figures.style import DARK_BLUE, QUIET
from sim.report.pages.parts import Drawing, Section, Table
from sim.report.text.words import (
    PER_CENT,
    clearly_differ,
    day_words,
    percent,
    share_with_interval,
    tenths,
    with_interval,
)
from sim.runs.errors import FolderError
from sim.runs.intervals import Interval, stored_interval
from sim.runs.result import RunResult
from sim.scenario.source.faults import sanitise

MOST_BARS = 16
"""Of more teams, those with the largest share are drawn; the table has all."""
MOST_ROWS = 12
"""A longer table opens at a click."""

COLUMNS = {
    "overdue_visits": "Overdue visits",
    "overdue_visits_share": "Share overdue",
    "oldest_overdue_visit_days": "Oldest overdue visit, days",
    "offenders_managed": "Offenders",
    "officers_in_post": "Officers in post",
    "caseload_per_officer": "Offenders per officer",
}
"""What is shown of each team, with the heading of its column."""

_WIDTHS = {"laptop": 760.0, "phone": 360.0}
_ROW, _BAR = 26.0, 15.0


class TeamAtEnd(NamedTuple):
    """A team as it stands at the end: each of `COLUMNS` with its interval."""

    name: str
    values: dict[str, Interval]

    @property
    def share(self) -> float:
        """Share of its visits that are overdue; -1 if it has nobody to visit."""
        mean = self.values["overdue_visits_share"].mean
        return -1.0 if mean is None else mean


def teams_of(result: RunResult) -> list[TeamAtEnd]:
    """The teams of a run as they stand at its end, the largest share overdue first; nothing of a force of one team."""
    try:
        return teams_at_end(result.teams)
    except FolderError:  # summed up before there were measures by team
        return []


def teams_at_end(table: pd.DataFrame) -> list[TeamAtEnd]:
    """The same from the table: metric, team, day, mean, low, high, n; its last day is the end."""
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


def teams_section(result: RunResult) -> Section | None:
    """The part of a page about the teams, if there is more than one."""
    teams = teams_of(result)
    if not teams:
        return None
    end = day_words(result.scenario.end)
    return Section("teams", "By team", drawings=[team_drawing(teams, end)], tables=[team_table(teams, end)])


def team_table(teams: list[TeamAtEnd], end: str) -> Table:
    """A row for each team."""
    rows = [(sanitise(team.name), *(cell_words(metric, team.values[metric]) for metric in COLUMNS)) for team in teams]
    folded = f"The numbers: {len(teams):,} teams" if len(teams) > MOST_ROWS else ""
    return Table(f"The backlog on {end} by team", ("Team", *COLUMNS.values()), rows,
                 words=True, folded=folded)  # fmt: skip


def cell_words(metric: str, value: Interval) -> str:
    """A value with its interval: shares in per cent, ratios and officers to a tenth, all else whole."""
    if metric == "overdue_visits_share":
        return share_with_interval(value)
    if metric in ("caseload_per_officer", "officers_in_post"):
        return with_interval(value, tenths)
    return with_interval(value)


def team_drawing(teams: list[TeamAtEnd], end: str) -> Drawing:
    """A bar for each team: the share of its visits that is overdue."""
    drawn = [team for team in teams if team.share >= 0][:MOST_BARS]
    what = f"Share of visits overdue on {end}, mean of all replications, the largest first."
    if len(drawn) < len(teams):
        what += f" {len(drawn):,} of {len(teams):,} teams; the table has all."
    title = team_title(teams)
    return Drawing("figure-teams", title, what, [_bars(drawn, kind, width, title) for kind, width in _WIDTHS.items()])


def team_title(teams: list[TeamAtEnd]) -> str:
    """The finding: where the share is largest and smallest, or that there is no clear difference."""
    known = [team for team in teams if team.share >= 0]
    if not known:
        return "No team has anybody to visit at the end"
    most, least = known[0], known[-1]
    shares = [f"{percent(team.share)}{PER_CENT}" for team in (most, least)]
    if not clearly_differ(*(team.values["overdue_visits_share"] for team in (most, least))):
        return f"No clear difference between the teams: {shares[1]} to {shares[0]} of visits are overdue"
    return (
        f"The share of visits overdue is largest in {sanitise(most.name)}, {shares[0]}, and smallest in "
        f"{sanitise(least.name)}, {shares[1]}"
    )


def _bars(teams: list[TeamAtEnd], kind: str, width: float, title: str) -> Markup:
    """On a narrow screen the name of a team stands above its bar."""
    above = kind == "phone"
    names = [sanitise(team.name) for team in teams]
    left = 0.0 if above else min(260.0, LETTER * max((len(name) for name in names), default=0) + 12)
    row = _ROW + 18 if above else _ROW
    right = width - 130
    top = max((team.share for team in teams), default=0) or 1.0
    sketch = Sketch(width, row * max(len(teams), 1) + 4)
    for number, (team, name) in enumerate(zip(teams, names, strict=True)):
        y = row * number + (18 if above else 0)
        room = int((width if above else left - 12) / LETTER)
        shown = name if len(name) <= room else f"{name[: room - 1]}…"
        sketch.text(0, y - 3 if above else y + _BAR - 3, shown)
        long = (right - left) * team.share / top
        sketch.rect(left, y, long, _BAR, DARK_BLUE)
        overdue = with_interval(team.values["overdue_visits"]).partition(" ")[0]
        words = f"{percent(team.share)}{PER_CENT}, {overdue} visits"
        sketch.text(left + long + 6, y + _BAR - 3, words, colour=QUIET)
    told = "; ".join(f"{name} {percent(team.share)}{PER_CENT}" for team, name in zip(teams, names, strict=True))
    return sketch.svg(f"teams-{kind}", kind, title, told)
