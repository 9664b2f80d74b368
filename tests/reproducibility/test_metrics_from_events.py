"""What the model counted while it ran is what the event log says afterwards, metric by metric and week by week."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.measure import METRICS, tabulate
from sim.model import simulate
from sim.model.codes import ENQUIRY, HOURS_VISIT
from sim.model.simulate import ReplicationResult
from sim.model.simulation import Simulation
from sim.scenario import Scenario, read
from sim.scenario.domain import RISK_LEVELS
from tests.support.on_top import on_top
from tests.support.recount import recount, untrained

EVERYTHING = Path(__file__).parent / "everything.yaml"
ROW = ["statistic", "metric", "group", "day"]

NOT_IN_THE_LOG = {
    "untrained_officers": "who is trained at first, or joins trained, is no event; below, where nobody is",
    "records_checked": "a check that finds all in order leaves no trace",
    "supervisor_hours": "nor do its hours",
    "overtime_hours": "who is on duty, and until when, is no event",
    "workload_ratio": "nor is who is available",
    "utilisation": "nor is who is idle",
    "recovery_date": "a function of overdue_visits_share alone, tested in tests/unit",
}


def both_accounts(scenario: Scenario, replication: int) -> pd.DataFrame:
    """Each value as the model counted it (`value`) and as the log has it (`value_log`), where both know it."""
    result = simulate(scenario, replication, log_events=True)
    grace_days = 0 if scenario.calendar.work == "around_the_clock" else 1
    posts = [(regime.day, sum(officers for officers, _ in regime.headcounts)) for regime in result.inputs.regimes]
    logged = recount(result.events, scenario.horizon_days, grace_days, scenario.risk_weights.model_dump(), posts)
    return by_replication(scenario, result, logged)


def by_replication(scenario: Scenario, result: ReplicationResult, logged: pd.DataFrame) -> pd.DataFrame:
    """What the model counted beside what the log says, row by row."""
    tabulated = tabulate(scenario, result)
    for table in (tabulated, logged):
        table[ROW[:3]] = table[ROW[:3]].astype(str)
    both = tabulated.merge(logged, on=ROW, how="left", suffixes=("", "_log"), indicator=True, validate="one_to_one")
    assert len(logged) == (both._merge == "both").sum(), "the log has rows that the model does not know"
    return both[both._merge == "both"]


AT_WORK_AT_THE_END = ("hours_worked", "hours_per_contact")
"""What is at work at the horizon is no event any more, but its hours until then count: the log has less."""


def assert_same(both: pd.DataFrame) -> None:
    same = np.isclose(both.value, both.value_log, rtol=1e-9, atol=1e-6, equal_nan=True)
    same |= both.metric.isin(AT_WORK_AT_THE_END) & (both.value > both.value_log)
    assert same.all(), "counted by the model and logged by the log differ:\n" + both[~same].head(40).to_string()


@pytest.mark.parametrize(
    "settings",
    [
        [],
        ["calendar.work=every_day", "end=2025-05-25"],
        ["calendar.work=around_the_clock"],
        ["visits.crew=2", "officers.total=3", "visits.lead_days=0", "reviews.interval_days=60"],
        ["register.new_per_year=1500", "register.deaths_and_moves_per_year=1", "seed=32"],
    ],
    ids=["as it stands", "every day, whole weeks", "around the clock", "overloaded", "many come and go"],
)
def test_the_log_agrees_on_every_metric(settings: list[str]):
    both = both_accounts(on_top(EVERYTHING, settings), 1)
    of_caseload = {name for name, metric in METRICS.items() if metric.part == "caseload"}
    assert set(both.metric) == of_caseload - set(NOT_IN_THE_LOG)
    assert_same(both)


def test_the_log_agrees_on_every_metric_of_a_pooled_force():
    both = both_accounts(on_top(EVERYTHING, ["caseload.allocation=pooled"]), 2)
    # A pooled team holds its offenders together: that the log names nobody's caseload does not mean that they are left.
    unallocated = both.metric == "unallocated_offenders"
    assert (both.value[unallocated] == 0).all()
    assert_same(both[~unallocated])


def test_where_nobody_is_trained_before_a_course_the_log_shows_the_untrained():
    nobody = ("officers.trained_share=0", "turnover.successors_trained_share=0", "levers=[]", "officers.total=12")
    scenario = on_top(EVERYTHING, nobody)
    result = simulate(scenario, 1, log_events=True)
    both = by_replication(scenario, result, untrained(result.events, scenario.horizon_days, posts=12))
    assert both.value.nunique() > 4
    assert_same(both)


@pytest.mark.parametrize("work", ["working_days", "around_the_clock"])
def test_the_log_shows_what_each_team_has(work: str):
    """The same account of the log, made by team: a team takes the place of a risk level in it."""
    scenario = on_top(EVERYTHING, [f"calendar.work={work}"])
    result = simulate(scenario, 1, log_events=True)
    events = result.events
    assert (events.event == "moved").any()
    names = [team.name for team in scenario.teams]
    assert 1 < len(names) <= len(RISK_LEVELS)
    in_place = dict(zip(names, RISK_LEVELS, strict=False))
    events["risk"] = events.team.astype(str).map(in_place).where(events.offender >= 0)
    grace_days = 0 if work == "around_the_clock" else 1
    logged = recount(events, scenario.horizon_days, grace_days, scenario.risk_weights.model_dump(), [(0, 1)])
    logged = logged[logged.statistic == "week"].set_index(["metric", "group", "day"]).value
    tabulated = tabulate(scenario, result).query("statistic == 'team'").astype({"metric": str, "group": str})
    assert set(tabulated.group) == set(names)
    for metric in (
        "offenders_managed",
        "overdue_visits",
        "overdue_visits_share",
        "overdue_reviews",
        "oldest_overdue_visit_days",
    ):
        rows = tabulated[tabulated.metric == metric]
        log = [logged[metric, in_place[row.group], row.day] for row in rows.itertuples()]
        assert rows.value.to_numpy() == pytest.approx(np.array(log), rel=1e-9, abs=1e-6, nan_ok=True), metric
        assert rows.value.nunique() > 5


def test_the_teams_together_are_the_force():
    scenario = read(EVERYTHING).scenario
    table = tabulate(scenario, simulate(scenario, 2)).astype({"metric": str, "group": str})
    of_teams = table[table.statistic == "team"].set_index(["metric", "group", "day"]).value
    force = table[(table.statistic == "week") & (table.group == "total")].set_index(["metric", "day"]).value
    for metric in ("offenders_managed", "officers_in_post", "overdue_visits", "overdue_reviews"):
        assert of_teams[metric].groupby("day").sum().to_dict() == force[metric].to_dict()
    oldest = of_teams["oldest_overdue_visit_days"].groupby("day").max()
    assert oldest.to_dict() == force["oldest_overdue_visit_days"].to_dict()
    each = of_teams["caseload_per_officer"] * of_teams["officers_in_post"]
    assert np.allclose(each.dropna(), of_teams["offenders_managed"][each.notna()])


def test_five_teams_are_counted_each():
    teams = ", ".join(f"{{name: Team {n}, officers: 2, offenders: {10 * n + 10}}}" for n in range(5))
    scenario = on_top(EVERYTHING, [f"teams=[{teams}]", "end=2024-03-10", "levers=[]"])
    table = tabulate(scenario, simulate(scenario, 1)).query("statistic == 'team' and day == 0")
    managed = table[table.metric == "offenders_managed"].set_index("group").value
    assert [managed[f"Team {n}"] for n in range(5)] == [10, 20, 30, 40, 50]


def test_nothing_is_dated_after_the_last_day():
    """Enquiries that take days are open at the horizon: their outcome is no event, the work on them counts."""
    settings = ["breaches.enquiry_hours=40", "levers=[]", "end=2024-03-29", "notifications.missed_share=0.9"]
    scenario = on_top(EVERYTHING, settings)
    longer = on_top(EVERYTHING, [*settings[:2], "end=2024-05-31", settings[3]])
    cut = logged = 0
    for replication in range(1, 4):
        result = simulate(scenario, replication, log_events=True)
        events, later = result.events, simulate(longer, replication, log_events=True).events
        end = scenario.horizon_days
        assert events.day.max() <= end
        assert events.when.dt.date.max() <= scenario.end
        # Up to the horizon everything is as in a longer run; what ends behind it had begun before it.
        until = later[later.day <= end]
        assert len(events) == len(until)
        assert (events.day.to_numpy() == until.day.to_numpy()).all()
        enquiries = later[(later.event == "enquiry") & (later.day > end)]
        hours_each = enquiries.minutes / 60 / np.where(enquiries.colleague >= 0, 2, 1)
        begun = enquiries[enquiries.day - hours_each / 24 < end]
        cut += len(begun)
        logged += result.tally["hours"][:, HOURS_VISIT + ENQUIRY].sum()
        logged -= events.minutes[events.event == "enquiry"].sum() / 60
        each = hours_each[begun.index]
        within = (end - (begun.day - each / 24)) * 24 * begun.minutes / 60 / each
        logged -= within.sum()
    assert cut > 0
    assert logged == pytest.approx(0, abs=1e-6)


def test_the_story_is_one_in_which_everything_happens():
    events = simulate(read(EVERYTHING).scenario, 1, log_events=True).events
    assert set(events.event) == set(events.event.cat.categories)
    assert set(events.outcome) == set(events.outcome.cat.categories)
    of_offenders = events[events.offender >= 0]
    assert set(of_offenders.risk) == set(of_offenders.true_risk) == {"low", "medium", "high", "very_high"}
    assert set(events.announced) == {False, True}
    assert (events.colleague >= 0).any()


@pytest.mark.parametrize("grows", [True, False], ids=["lengthened", "simulated again"])
def test_a_log_that_was_too_short_is_kept_whole(monkeypatch: pytest.MonkeyPatch, grows: bool):
    scenario = read(EVERYTHING).scenario
    expected = simulate(scenario, 1, log_events=True).events
    simulations = []
    monkeypatch.setattr(
        Simulation,
        "close",
        lambda simulation, close=Simulation.close: (simulations.append(simulation), close(simulation)),
    )
    monkeypatch.setattr(sys.modules[simulate.__module__], "_EVENTS_PER_OFFENDER_AND_YEAR", 1)
    if not grows:
        monkeypatch.setattr(Simulation, "_lengthen_log", lambda simulation: None)
    pd.testing.assert_frame_equal(simulate(scenario, 1, log_events=True).events, expected)
    assert len(simulations) == (1 if grows else 2)


def test_work_under_way_when_a_lever_falls_is_counted_once():
    # Reviews of 30 hours are at work at every midnight; the levers move what was due before and after them.
    settings = ["calendar.work=every_day", "officers.hours_per_week=168", "reviews.hours=30", "visits.visit_hours=9"]
    levers = (
        "levers=[{from: 2024-03-11, set: {visits.interval_days: 40}}, {from: 2024-03-19, set: {officers.total: 2}},"
        " {from: 2024-03-26, set: {reviews.interval_days: 60}}, {from: 2024-04-09, set: {officers.total: 8}}]"
    )
    assert_same(both_accounts(on_top(EVERYTHING, [*settings, levers, "end=2024-06-12"]), 1))


def test_work_that_ends_at_the_horizon_leaves_nobody_out():
    # The shift begins at eleven at night and the first reviews take an hour: they end with the last day.
    settings = ["calendar.shift_start_hour=23", "reviews.hours=1", "levers=[]", "end=2024-03-04"]
    both = both_accounts(on_top(EVERYTHING, settings), 1)
    total = both[(both.metric == "offenders_managed") & (both.statistic == "at_end") & (both.group == "total")]
    assert total.value.tolist() == [80]
    assert_same(both)


def test_the_log_agrees_on_every_metric_of_a_caseload_from_a_file(tmp_path: Path):
    # Invented rows: some overdue for years, some unallocated, some of whom only the risk is known.
    rows = ["key,risk,team,officer,last_seen,visit_due,review_due,registered"]
    for number in range(60):
        team, risk, officer = ("North", "South")[number % 2], RISK_LEVELS[number % 4], "AABBC"[number % 5]
        seen = "" if number % 3 == 0 else f"20{17 + number % 7}-05-{number % 28 + 1:02}"
        due = f"2024-0{number % 9 + 1}-11" if number % 4 == 0 else ""
        review, since = ("2024-02-01", "2016-01-04") if number % 6 else ("", "")
        rows.append(f"{number},{risk},{team},{officer if number % 8 else ''},{seen},{due},{review},{since}")
    extract = tmp_path / "extract.csv"
    extract.write_text("\n".join(rows), encoding="utf-8")
    force = tmp_path / "force.yaml"
    teams = "[{name: North, officers: 3}, {name: South, officers: 2}]"
    force.write_text(f"extends: {EVERYTHING}\nteams: {teams}\n", encoding="utf-8")
    scenario = read(force, [f"caseload.file={extract}"]).scenario
    both = both_accounts(scenario, 1)
    assert_same(both)
    first = both[(both.statistic == "week") & (both.day == 0) & (both.group == "total")].set_index("metric").value
    assert first.offenders_managed == 60
    assert first.unallocated_offenders == 8
    assert first.longest_unseen_days > 365 * 6


@pytest.mark.parametrize("order", ["{0}, {1}", "{1}, {0}"])
def test_a_team_that_never_has_an_officer_stays_unallocated_when_others_are_staffed(order: str):
    teams = order.format("{name: North, officers: 2, offenders: 40}", "{name: Nobody, officers: 0, offenders: 9}")
    levers = "levers=[{from: 2024-05-06, set: {officers.total: 0}}, {from: 2024-06-03, set: {officers.total: 3}}]"
    still = ["register.new_per_year=0", "register.deaths_and_moves_per_year=0", "breaches.per_year=0"]
    still += ["register.recalls_per_year=0", "register.moves_between_teams_per_year=0"]
    still += ["turnover.leaving_per_year={}", "turnover.vacant_at_start=0", "caseload.cover.rule=none"]
    settings = [f"teams=[{teams}]", levers, "register.periods=[{years: indefinite, share: 1}]", *still]
    both = both_accounts(on_top(EVERYTHING, [*settings, "end=2024-08-30"]), 1)
    assert_same(both)
    unallocated = both[(both.metric == "unallocated_offenders") & (both.group == "total") & (both.statistic == "week")]
    days = unallocated.set_index("day").value
    assert [days[56], days[70], days[98]] == [9, 49, 9]
