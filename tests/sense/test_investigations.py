"""Investigations make sense: nothing is lost, everybody keeps their random numbers, and what should help does."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from sim.measure import tabulate
from sim.model import simulate
from sim.model.investigations.tables import CHARGED, CHECKS, CLOSED_AT_CHECKS, DIGITAL_FORENSICS, SEARCH
from tests.support.both_investigations import CASES, CENTRAL, CRIMES, INVESTIGATIONS
from tests.support.force import change, falls, force, outcomes, rises, simulate_force, weekly

ONE_YEAR = "end=2025-09-01"


def simulated(*settings: str, replication: int = 0):
    """The investigations of one replication."""
    return simulate_force(ONE_YEAR, *settings, replication=replication).investigated


# --- nothing is lost ----------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("settings", [INVESTIGATIONS, CENTRAL])
def test_at_every_week_a_case_is_open_or_has_ended(settings):
    cases = simulated(*settings).cases
    for day in simulate_force(ONE_YEAR, *settings).observation_times:
        arrived = (cases["referred"] <= day).sum()
        ended = (cases["decided"] <= day).sum()
        assert weekly("cases_open", ONE_YEAR, *settings)[int(np.ceil(day / 7))] == arrived - ended


def test_every_device_seized_goes_through_the_digital_forensics_unit_or_waits_there():
    cases = simulated(*CENTRAL).cases
    devices, entered, left = (
        cases["devices_seized"],
        cases["entered"][:, DIGITAL_FORENSICS],
        cases["left"][:, DIGITAL_FORENSICS],
    )
    seized_now = np.isfinite(cases["acted"]) & (cases["acted"] >= 0) & (devices > 0)
    crew_is_done = ~np.isfinite(cases["begun"][:, SEARCH]) | np.isfinite(cases["left"][:, SEARCH])
    assert np.isfinite(entered[seized_now & crew_is_done]).all()
    waiting = np.isfinite(entered) & ~np.isfinite(left)
    assert devices[np.isfinite(entered)].sum() == devices[np.isfinite(left)].sum() + devices[waiting].sum()
    assert weekly("digital_forensics_devices", ONE_YEAR, *CENTRAL)[-1] == devices[waiting].sum()


def test_every_crime_received_is_held_by_somebody_waits_or_has_ended():
    found = simulated(*INVESTIGATIONS)
    crimes, last = found.crimes, simulate_force(ONE_YEAR, *INVESTIGATIONS).observation_times[-1]
    open_ = ((crimes["received"] <= last) & ~np.isfinite(crimes["closed"])).sum()
    unallocated = weekly("crimes_unallocated", ONE_YEAR, *INVESTIGATIONS)[-1]
    joint = (np.isfinite(found.cases["begun"][:, 3]) & ~np.isfinite(found.cases["left"][:, 3])).sum()
    held = (~np.isfinite(found.held["ends"])).sum()
    assert held == open_ - unallocated + joint


def test_no_step_begins_before_the_last_has_ended():
    for replication in range(3):
        cases = simulated(*CENTRAL, replication=replication).cases
        order = [
            cases["referred"],
            *(cases[time][:, step] for step in (CHECKS, SEARCH) for time in ("entered", "begun", "left")),
        ]
        for earlier, later in itertools.pairwise(order):
            known = np.isfinite(earlier) & np.isfinite(later)
            assert (earlier <= later + 1e-9)[known].all()


# --- off is off ---------------------------------------------------------------------------------------------------


def test_a_scenario_without_them_has_no_such_rows():
    table = tabulate(force(ONE_YEAR), simulate_force(ONE_YEAR))
    assert simulate_force(ONE_YEAR).investigated is None
    assert not table.metric.isin(["cases_open", "crimes_open"]).any()
    both = tabulate(force(ONE_YEAR, *INVESTIGATIONS), simulate_force(ONE_YEAR, *INVESTIGATIONS))
    assert {"cases_open", "crimes_open"} <= set(both.metric)


def test_crimes_beside_the_caseload_change_nothing_in_it():
    assert simulate_force(ONE_YEAR, *CRIMES).events.equals(simulate_force(ONE_YEAR).events)


def test_cases_that_convict_nobody_and_find_nobody_change_nothing_in_the_caseload():
    quiet = ("online_abuse.convictions.share=0", "online_abuse.suspects.on_register_share=0")
    events = simulate_force(ONE_YEAR, *CASES, "online_abuse.team=central", *quiet).events
    assert events.equals(simulate_force(ONE_YEAR).events)


# --- random numbers ------------------------------------------------------------------------------------------


def test_a_case_keeps_its_random_numbers_whatever_the_staff():
    few, many = simulated(*CENTRAL).cases, simulated(*CENTRAL, "online_abuse.search.officers=40").cases
    for column in ("grade", "referred", "access", "team"):
        assert (few[column] == many[column]).all()
    both = np.isfinite(few["acted"]) & np.isfinite(many["acted"])
    assert (few["devices_found"] == many["devices_found"])[both].all()


def test_more_referrals_leave_the_random_numbers_of_those_before_alone():
    base, more = simulated(*CENTRAL).cases, simulated(*CENTRAL, "online_abuse.referrals_per_year=600").cases
    assert len(more) > len(base)
    assert (base["grade"] == more["grade"][: len(base)]).all()


# --- what should help does ----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("plan", "metric"),
    [
        (("online_abuse.search.officers=30",), "unmanaged_before_search_days"),
        (("online_abuse.digital_forensics.devices_per_week=120",), "digital_forensics_days"),
        (("online_abuse.digital_forensics.devices_per_week=120",), "no_further_action_share"),
        (("online_abuse.triage={kits: 6, trained_officers: 6}",), "digital_forensics_devices"),
        (("online_abuse.triage={kits: 6, trained_officers: 6}",), "unmanaged_days"),
        (("online_abuse.triage={kits: 6, trained_officers: 6}",), "no_further_action_share"),
        (("crime.investigators=30",), "overloaded_investigators_share"),
        (("crime.level_2_share={experienced: 1, inexperienced: 1}",), "crimes_below_level_share"),
        (("crime.allocation=by_skill",), "crimes_below_level_share"),
        (("crime.allocation=lowest_load", "crime.max_caseload=never"), "overloaded_investigators_share"),
    ],
)
def test_what_falls(plan, metric):
    base = (*CENTRAL, "crime.max_caseload=never") if "crime.max_caseload=never" in plan else CENTRAL
    assert falls(change(metric, plan, base)), (plan, metric)


@pytest.mark.slow
def test_a_limit_leaves_crimes_without_an_investigator():
    assert rises(change("crimes_unallocated", ("crime.max_caseload=4",), CENTRAL))
    assert outcomes(*CENTRAL, "crime.max_caseload=never")["average", "crimes_unallocated", "total"].max() == 0


def test_nobody_holds_more_than_the_limit():
    held = simulated(*CENTRAL, "crime.max_caseload=9", "crime.below_level.reassigned_share=0",
                 "crime.supervision.passes_on_share=0").held  # fmt: skip
    for day in range(0, 360, 30):
        now = held[(held["begins"] <= day) & (held["ends"] > day)]
        assert np.bincount(now["investigator"]).max() <= 9


# --- the loop closes ----------------------------------------------------------------------------------------------


def test_who_is_convicted_is_registered_in_the_team_of_the_area():
    joined = simulated(*CENTRAL).cases
    joined = joined[np.isfinite(joined["registered"])]
    assert len(joined) > 20
    assert (joined["outcome"] == CHARGED).all()
    assert (joined["on_register"] == 0).all()
    log = simulate_force(ONE_YEAR, *CENTRAL).events
    registered = log[log.event == "registered"]
    teams = [team.name for team in force().teams]
    come = sorted(zip(registered.day, registered.team, strict=True))
    for case in joined:
        assert (case["registered"], teams[case["team"]]) in come
    alone = simulate_force(ONE_YEAR).events
    assert len(registered) == len(joined) + (alone.event == "registered").sum()


def test_who_has_joined_is_visited_and_counted_like_everybody():
    log = simulate_force(ONE_YEAR, *CENTRAL).events
    before = simulate_force(ONE_YEAR).events.offender.max()
    joined = log[(log.event == "registered") & (log.day > 0)].offender
    visited = log[log.event.eq("visit") & log.offender.isin(joined)]
    assert len(visited) > 10
    assert before < log.offender.max()
    managed = weekly("offenders_managed", ONE_YEAR, *CENTRAL)[-1]
    community = log[log.event.isin(["registered", "released", "at_start"])].groupby("offender").size()
    assert managed <= len(community)


@pytest.mark.slow
def test_a_suspect_on_the_register_is_a_breach_found():
    found = simulated(*CENTRAL).cases
    suspects = int((found["on_register"] == 1).sum())
    assert suspects > 10
    assert rises(change("breaches_found", ("online_abuse.suspects.on_register_share=0.5",), CENTRAL))
    assert not (found["outcome"][found["on_register"] == 1] == CLOSED_AT_CHECKS).any()


# --- officers come and go -----------------------------------------------------------------------------------------


def test_who_leaves_hands_over_every_crime():
    lever = "levers=[{from: 2025-03-05, set: {crime.investigators: 10}}]"
    found = simulated(*CENTRAL, lever)
    before = found.posts[found.posts["begins"] < 184]
    gone = set(before["investigator"]) - set(found.posts["investigator"][found.posts["begins"] >= 184])
    assert len(gone) == 10
    assert not gone & set(found.held["investigator"][found.held["ends"] > 184])
    assert found.held["investigator"][found.held["ends"] > 184].size > 20


def test_the_same_replication_twice():
    item, other = (simulate(force(ONE_YEAR, *INVESTIGATIONS), 3).investigated for _ in range(2))
    assert item.cases.tobytes() == other.cases.tobytes()
    assert item.crimes.tobytes() == other.crimes.tobytes()
