"""A backlog given in numbers stands on the first day, to the offender; and numbers that cannot be are named."""

from pathlib import Path

import numpy as np
import pytest

from sim.measure import tabulate
from sim.model.inputs import inputs_of
from sim.model.register.layout import lay_out_register
from sim.model.simulate import simulate
from sim.scenario import Scenario, read
from sim.scenario.domain import RISK_LEVELS
from sim.scenario.values import plain_value
from tests.support.scenarios import SMALL, faults

# 800 offenders: 400 low, 240 medium, 144 high, 16 very high; North has 250, 150, 90, 10, South 150, 90, 54, 6.
SHARES = "  overdue_at_start: {low: 0.25, medium: 0.15, high: 0.08, very_high: 0.05}\n"
TEAMS = SMALL.replace("offenders: 500", "offenders: 500, overdue_visits: 70")
WITH_CASELOAD = SMALL.replace("visits:\n", SHARES + "visits:\n") + "reviews: {interval_days: 365, hours: 2}\n"


@pytest.fixture
def written(tmp_path):
    """Reads a scenario given as text, with settings on top."""

    def written(text: str, *settings: str) -> Scenario:
        file = tmp_path / "force.yaml"
        file.write_text(text)
        return read(file, settings).scenario

    return written


def overdue(scenario: Scenario, replication: int, due: str = "visit_due") -> np.ndarray:
    """How many are overdue on the first day, by team and level."""
    register, _ = lay_out_register(inputs_of(scenario), replication)
    late = register[(register["registered"] < 0) & (register[due] < 0)]
    table = np.zeros((2, 4), int)
    np.add.at(table, (late["team"], late["risk"]), 1)
    return table


def test_a_total_is_shared_among_the_levels_as_their_shares_would_share_it(written):
    scenario = written(WITH_CASELOAD, "caseload.overdue_visits_at_start=100")
    # Shares of 400, 240, 144 and 16 come to 100, 36, 11.52 and 0.8, together 148.32; of 100 that is 67.42, 24.27, 7.77
    # and 0.54: 67, 24, 7 and 0, and the two that are left go to the largest remainders, 0.77 and 0.54.
    assert [overdue(scenario, k).sum(axis=0).tolist() for k in range(3)] == [[67, 24, 8, 1]] * 3


def test_the_first_week_counts_what_the_scenario_says(written):
    by_level = {"low": 50, "medium": 40, "high": 30, "very_high": 16}
    scenario = written(
        WITH_CASELOAD,
        "end=2024-09-15",
        f"caseload.overdue_visits_at_start={by_level}".replace("'", ""),
        "caseload.overdue_reviews_at_start=72",
    )
    for replication in range(3):
        table = tabulate(scenario, simulate(scenario, replication))
        first = table[(table.statistic == "week") & (table.day == 0)].set_index(["metric", "group"]).value
        assert first["overdue_visits"].to_dict() == {"total": 136, **by_level}
        assert first["overdue_reviews", "total"] == 72


def test_a_team_has_its_own_number_and_the_others_the_rest(written):
    own = written(TEAMS)
    rest = written(TEAMS, "caseload.overdue_visits_at_start=100")
    for replication in range(3):
        assert overdue(own, replication).sum(axis=1).tolist() == [70, 0]  # South has its shares, which are 0
        assert overdue(rest, replication).sum(axis=1).tolist() == [70, 30]


def test_numbers_by_level_and_by_team_hold_together(written):
    by_level = "caseload.overdue_visits_at_start={low: 20, medium: 20, high: 60, very_high: 12}"
    scenario = written(TEAMS, by_level)
    for replication in range(3):
        table = overdue(scenario, replication)
        assert table.sum(axis=0).tolist() == [20, 20, 60, 12]
        assert table.sum(axis=1).tolist() == [70, 42]


def test_an_overdue_offender_stays_so_where_more_are(written):
    def late(number: int) -> set[int]:
        scenario = written(SMALL, f"caseload.overdue_visits_at_start={number}")
        register, _ = lay_out_register(inputs_of(scenario), 1)
        return set(np.flatnonzero((register["registered"] < 0) & (register["visit_due"] < 0)).tolist())

    few, more = late(80), late(160)
    assert (len(few), len(more)) == (80, 160)
    assert few < more


def test_shares_and_numbers_of_one_scenario_are_late_by_the_same_ages(written):
    """Who is overdue both by shares and by numbers is so since the same date."""
    shares, numbers = written(WITH_CASELOAD), written(WITH_CASELOAD, "caseload.overdue_visits_at_start=148")
    by_shares, other = (lay_out_register(inputs_of(scenario), 1)[0]["visit_due"] for scenario in (shares, numbers))
    both = (by_shares < 0) & (other < 0)
    assert both.sum() > 100
    assert (by_shares[both] == other[both]).all()


@pytest.mark.parametrize("number", [0, 1, 799, 800])
def test_none_one_and_everybody_can_be_overdue(written, number):
    assert overdue(written(WITH_CASELOAD, f"caseload.overdue_visits_at_start={number}"), 0).sum() == number


@pytest.mark.parametrize(
    ("text", "setting", "message"),
    [
        (SMALL, "caseload.overdue_at_start=241", "241 is above 1; this is a share; a number of visits goes under"),
        (SMALL, "caseload.overdue_visits_at_start=801", "801 is above the 800 offenders for whom a visit is due"),
        (
            SMALL,
            "caseload.overdue_visits_at_start={low: 0, medium: 0, high: 145, very_high: 0}",
            "overdue_visits_at_start.high: 145 is above the 144 offenders of that level",
        ),
        (SMALL, "caseload.overdue_visits_at_start.high=3", "gives no number for low, medium and very_high"),
        (SMALL, "caseload.overdue_visits_at_start={total: 9, low: 3}", "gives a total and levels; keep one"),
        (SMALL, "caseload.overdue_visits_at_start=2.5", "2.5 is not a whole number"),
        (SMALL, "teams.0.overdue_visits=501", "501 is above the 500 offenders of the team"),
        (TEAMS, "caseload.overdue_visits_at_start=69", "69 is less than the teams' own numbers together, 70"),
        (TEAMS, "caseload.overdue_visits_at_start=371", "leaves 301 for teams without one, which have 300"),
        (
            TEAMS,
            "caseload.overdue_visits_at_start={low: 399, medium: 0, high: 0, very_high: 0}",
            "leaves 329 for teams without one",
        ),
        (
            TEAMS,
            "caseload.overdue_visits_at_start={low: 250, medium: 0, high: 0, very_high: 0}",
            "cannot both hold",
        ),
        (SMALL, "caseload.overdue_reviews_at_start=3", "3 is above the 0 offenders for whom a review is due"),
    ],
)  # fmt: skip
def test_numbers_that_cannot_be_are_named(tmp_path, text, setting, message):
    file = tmp_path / "force.yaml"
    file.write_text(text)
    assert any(message in fault for fault in faults(str(file), setting)), faults(str(file), setting)


def test_teams_that_all_have_a_number_make_the_total(tmp_path):
    file = tmp_path / "force.yaml"
    file.write_text(TEAMS.replace("offenders: 300", "offenders: 300, overdue_visits: 20"))
    assert faults(str(file)) == faults(str(file), "caseload.overdue_visits_at_start=90") == []
    (fault,) = faults(str(file), "caseload.overdue_visits_at_start=91")
    assert "91 is not the sum of the teams' own numbers, 90" in fault


def test_a_level_that_is_never_visited_is_never_overdue(written, tmp_path):
    scenario = written(SMALL, "visits.interval_days.low=never", "caseload.overdue_visits_at_start=400")
    assert overdue(scenario, 0).sum(axis=0).tolist() == [0, 240, 144, 16]
    (fault,) = faults(
        str(tmp_path / "force.yaml"),
        "visits.interval_days.low=never",
        "caseload.overdue_visits_at_start={low: 1, medium: 0, high: 0, very_high: 0}",
    )
    assert "1 cannot be overdue, as visits.interval_days.low is never" in fault


def test_a_scenario_made_in_python_is_refused_as_well(written):
    scenario = written(SMALL)
    broken = scenario.model_copy(
        update={"teams": tuple(team.model_copy(update={"overdue_visits": 501}) for team in scenario.teams)}
    )
    with pytest.raises(ValueError, match=r"teams\.0\.overdue_visits: 501 is above the 500"):
        simulate(broken, 0)


def test_numbers_read_back_as_they_were_written(written):
    for number in (17, {level: 3 for level in RISK_LEVELS}):
        setting = f"caseload.overdue_visits_at_start={number}".replace("'", "")
        assert plain_value(written(SMALL, setting))["caseload"]["overdue_visits_at_start"] == number


def test_a_caseload_file_and_numbers_contradict_each_other():
    support = Path(__file__).parents[1] / "support"
    (fault,) = faults(
        str(support / "force.yaml"),
        f"caseload.file={support / 'invented-caseload.csv'}",
        "teams=[{name: Team 1, officers: 5, offenders: 60}, {name: Team 2, officers: 3, offenders: 60}]",
        "caseload.overdue_visits_at_start=30",
    )
    assert "a caseload file gives the dates of each visit; leave out this number, or caseload.file" in fault
