"""A run of several teams keeps how each stands, week by week; one of a single team has nothing to add."""

import datetime as dt

import pytest

from sim.measure.tables import BY_TEAM
from sim.runs.run import run_scenario
from tests.support.scenarios import SMALL


@pytest.fixture
def run(tmp_path):
    def run(text):
        file = tmp_path / "force.yaml"
        file.write_text(text.replace("end: 2025-08-31", "end: 2024-09-20"))
        return run_scenario(file, replications=2, workers=1, out=tmp_path / "kept")

    return run


def test_each_team_week_by_week(run):
    result = run(
        SMALL.replace("offenders: 500", "offenders: 500, overdue_visits: 70").replace(
            "offenders: 300", "offenders: 300, overdue_visits: 20"
        )
    )
    teams = result.teams
    assert set(teams["metric"]) == set(BY_TEAM)
    assert sorted(set(teams["day"])) == [0, 7, 14, 19]
    first = teams[teams["day"] == 0].set_index(["metric", "team"])
    assert first["mean"]["overdue_visits"].to_dict() == {"North": 70, "South": 20}
    assert first["mean"]["caseload_per_officer"].to_dict() == {"North": 50, "South": 60}
    assert first["mean"]["overdue_visits_share"].to_dict() == {"North": 70 / 500, "South": 20 / 300}
    last = teams[teams["day"] == 19].set_index(["metric", "team"])
    assert (last["date"] == dt.date(2024, 9, 21)).all()
    assert last["mean"]["overdue_visits"].sum() == pytest.approx(result.value("overdue_visits").mean)
    assert set(result.summary["group"]) == {"total", "low", "medium", "high", "very_high"}


def test_a_single_team_is_the_force(run):
    result = run(SMALL.replace("  - {name: South, officers: 5, offenders: 300}\n", ""))
    assert result.teams.empty
    assert "team" in result.teams
