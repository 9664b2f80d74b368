"""The backlog by team: whose it is, in numbers and as bars, on a page and in a workbook."""

import pandas as pd
import pytest

from sim.report.pages.by_team import team_drawing, team_table
from sim.report.text.by_team import COLUMNS, TeamAtEnd, team_title, teams_at_end
from tests.support.pages import Page

METRICS = tuple(COLUMNS)
EAST = (88.0, 0.25, 300.0, 360.0, 5.0, 72.0)
WEST = (20.0, 0.1, 150.0, 210.0, 6.0, 35.0)
NOBODY = (0.0, None, None, 0.0, 1.0, 0.0)


def at_end(width: float = 0.01, **teams: tuple[float | None, ...]) -> list[TeamAtEnd]:
    rows = [
        {"metric": metric, "team": team, "day": day, "n": 0 if value is None else 30}
        | {"mean": value, "low": value and value * (1 - width), "high": value and value * (1 + width)}
        for team, values in teams.items()
        for metric, value in zip(METRICS, values, strict=True)
        for day in (0.0, 364.0)
    ]
    table = pd.DataFrame(rows)
    table.loc[table["day"] == 0, ["mean", "low", "high"]] = 999.0  # what stood at the beginning is not shown
    return teams_at_end(table)


def test_the_largest_share_overdue_comes_first_and_a_team_without_anybody_to_visit_last() -> None:
    teams = at_end(West=WEST, Nobody=NOBODY, East=EAST)
    assert [team.name for team in teams] == ["East", "West", "Nobody"]
    table = team_table(teams, "31 August 2025")
    assert table.header == ("Team", *COLUMNS.values())
    assert table.rows[0] == (
        *("East", "88 (87 to 89)", "25.0% (24.8 to 25.2)", "300 (297 to 303)", "360 (356 to 364)"),
        *("5.0", "72.0 (71.3 to 72.7)"),
    )
    assert table.rows[2][:4] == ("Nobody", "0 (same in all 30)", "–", "–")


def test_a_force_of_one_team_has_no_view_by_team() -> None:
    assert at_end(East=EAST) == []
    assert teams_at_end(pd.DataFrame(columns=["metric", "team", "day", "mean", "low", "high", "n"])) == []


def test_the_finding_names_both_ends_or_says_that_there_is_no_clear_difference() -> None:
    assert team_title(at_end(West=WEST, East=EAST)) == (
        "The share of visits overdue is largest in East, 25.0%, and smallest in West, 10.0%"
    )
    assert team_title(at_end(width=0.9, West=WEST, East=EAST)) == (
        "No clear difference between the teams: 10.0% to 25.0% of visits are overdue"
    )
    assert team_title(at_end(One=NOBODY, Other=NOBODY)) == "No team has anybody to visit at the end"


@pytest.mark.parametrize("kind", [0, 1], ids=["laptop", "phone"])
def test_a_bar_is_as_long_as_the_share_and_a_name_does_nothing(kind: int) -> None:
    drawing = team_drawing(at_end(**{"<b>\u202eEast": EAST, "West": WEST}), "31 August 2025")
    html = str(drawing.pictures[kind])
    bars = [float(bar.attributes["width"]) for bar in Page(f"<body>{html}</body>").all("rect")]
    assert bars[1] / bars[0] == pytest.approx(0.1 / 0.25, rel=0.01)
    assert "&lt;b&gt;�East" in html
    assert "\u202e" not in html
    assert "25.0%, 88 visits" in html


def test_of_many_teams_those_with_the_largest_share_are_drawn_and_the_table_has_all() -> None:
    teams = at_end(**{f"Team {n}": (n, n / 100, n, 100.0, 2.0, 50.0) for n in range(1, 31)})
    drawing, table = team_drawing(teams, "31 August 2025"), team_table(teams, "31 August 2025")
    assert "16 of 30 teams; the table has all." in drawing.what
    assert (len(table.rows), table.folded) == (30, "The numbers: 30 teams")
    assert "Team 30" in drawing.pictures[0]
    assert "Team 14<" not in drawing.pictures[0]
