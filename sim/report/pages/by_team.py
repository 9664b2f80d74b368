"""The backlog by team on a page: a bar for each team, and the numbers."""

from __future__ import annotations

import pandas as pd
from markupsafe import Markup

from sim.report.figures.sketch import LETTER, Sketch
from sim.report.pages.page import Drawing, Section, Table
from sim.report.text.by_team import COLUMNS, TeamAtEnd, cell_words, team_title, teams_at_end
from sim.report.text.colours import DARK_BLUE, QUIET
from sim.runs.intervals import PER_CENT, percent
from sim.scenario.source.faults import sanitise

MOST_BARS = 16
"""Of more teams, those with the largest share are drawn; the table has all."""
MOST_ROWS = 12
"""A longer table opens at a click."""

_WIDTHS = {"laptop": 760.0, "phone": 360.0}
_ROW, _BAR = 26.0, 15.0


def teams_section(table: pd.DataFrame, end: str) -> Section | None:
    """The part of a page about the teams in a table of `RunResult.teams`, if there is more than one."""
    teams = teams_at_end(table)
    if not teams:
        return None
    return Section("teams", "By team", drawings=[team_drawing(teams, end)], tables=[team_table(teams, end)])


def team_table(teams: list[TeamAtEnd], end: str) -> Table:
    rows = [(sanitise(team.name), *(cell_words(metric, team.values[metric]) for metric in COLUMNS)) for team in teams]
    folded = f"The numbers: {len(teams):,} teams" if len(teams) > MOST_ROWS else ""
    return Table(f"The backlog on {end} by team", ("Team", *COLUMNS.values()), rows, words=True, folded=folded)


def team_drawing(teams: list[TeamAtEnd], end: str) -> Drawing:
    """A bar for each team: the share of its visits that is overdue."""
    drawn = [team for team in teams if team.share >= 0][:MOST_BARS]
    what = f"Share of visits overdue on {end}, mean of all replications, the largest first."
    if len(drawn) < len(teams):
        what += f" {len(drawn):,} of {len(teams):,} teams; the table has all."
    title = team_title(teams)
    return Drawing("figure-teams", title, what, [_bars(drawn, kind, width, title) for kind, width in _WIDTHS.items()])


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
        overdue = team.values["overdue_visits"].in_words().partition(" ")[0]
        words = f"{percent(team.share)}{PER_CENT}, {overdue} visits"
        sketch.text(left + long + 6, y + _BAR - 3, words, colour=QUIET)
    described = "; ".join(f"{name} {percent(team.share)}{PER_CENT}" for team, name in zip(teams, names, strict=True))
    return sketch.svg(f"teams-{kind}", kind, title, described)
