"""Random numbers belong to people: other people, rosters and later decisions change no draw of theirs.

People are known by name, (stream, index): rows of the tables shift when somebody is added, names do not.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from sim.model import simulate
from sim.model.codes import EVENT_KINDS, WORK_KINDS
from sim.model.inputs import inputs_of
from sim.model.simulate import begin
from sim.model.simulation import Simulation
from sim.scenario import Scenario
from tests.support.on_top import on_top

EVERYTHING = Path(__file__).parent / "everything.yaml"
REPLICATION = 1
WHAT_HAPPENED = ["time", "kind", "outcome", "announced", "minutes", "risk", "true_risk", "due", "review_due"]

TEAMS = ("{{name: North, officers: {}, offenders: {}}}", "{{name: South, officers: {}, offenders: {}}}")
OVERLOADED = ("levers=[]", "end=2025-02-28")
"""Five officers for 66 offenders and more every month: everybody waits, so any change shifts everybody's dates."""

ALL_TRAINED = ("officers.trained_share=1", "turnover.successors_trained_share=1")

PLENTY = (
    *(*OVERLOADED, *ALL_TRAINED),
    *("caseload.allocation=pooled", "register.new_per_year=40", "supervisors.hours_per_week=0"),
)
"""To be read with so many officers, all alike, that nobody ever waits: an offender's dates are then that offender's.

Supervisors check so many records a week, whose turn it is: with one more record on the pile other turns come later.
"""

Name = tuple[int, int]


def teams(north: tuple[int, int], south: tuple[int, int], reverse: bool = False) -> str:
    """The setting for two teams of so many officers and offenders."""
    written = [TEAMS[0].format(*north), TEAMS[1].format(*south)]
    return f"teams=[{', '.join(written[::-1] if reverse else written)}]"


def scenario_of(*settings: str) -> Scenario:
    return on_top(EVERYTHING, settings)


def names(rows: np.ndarray) -> list[Name]:
    return list(zip(rows["stream"].tolist(), rows["index"].tolist(), strict=True))


def replications(scenario: Scenario) -> dict[Name, list[tuple]]:
    """What happened to each offender, event by event."""
    log = simulate(scenario, REPLICATION, log_events=True).event_log
    log = log[log["offender"] >= 0]  # the rest says of officers
    who = names(Simulation(inputs_of(scenario), REPLICATION, 0).offenders)
    shown: dict[Name, list[tuple]] = {}
    for offender, event in zip(log["offender"].tolist(), log[WHAT_HAPPENED].tolist(), strict=True):
        shown.setdefault(who[offender], []).append(event)
    return shown


def assert_others_unmoved(before: dict[Name, list[tuple]], after: dict[Name, list[tuple]], newcomers: int) -> None:
    """Everybody's story is the same, event by event; so many people are new."""
    assert len(after.keys() - before.keys()) == newcomers
    assert before.keys() <= after.keys()
    moved = {name: (before[name], after[name]) for name in before if before[name] != after[name]}
    assert not moved, f"{len(moved)} of {len(before)} offenders lead another life, such as {next(iter(moved))}"


# --- nobody waits: the whole story stays as it was ----------------------------------------------------------------


@pytest.fixture(scope="module")
def unhurried() -> dict[Name, list[tuple]]:
    """Sixty offenders with 220 officers."""
    shown = replications(scenario_of(*PLENTY, teams((140, 40), (80, 20))))
    assert sum(map(len, shown.values())) > 1000
    return shown


@pytest.mark.parametrize(
    ("north", "south", "reverse", "newcomers"),
    [
        ((140, 41), (80, 20), False, 1),
        ((140, 40), (80, 21), False, 1),
        ((141, 40), (80, 20), False, 0),
        ((140, 40), (81, 20), False, 0),
        ((140, 40), (80, 20), True, 0),
    ],
    ids=[
        "an offender in the North",
        "an offender in the South",
        "an officer N",
        "an officer S",
        "teams in another order",
    ],
)
def test_where_nobody_waits_one_more_moves_nobody(unhurried, north, south, reverse, newcomers):
    after = replications(scenario_of(*PLENTY, teams(north, south, reverse)))
    assert_others_unmoved(unhurried, after, newcomers)


def test_another_order_of_the_teams_in_the_file_moves_nobody_to_another_team():
    def by_team(reverse: bool) -> Counter:
        events = simulate(scenario_of(*PLENTY, teams((140, 40), (80, 20), reverse)), REPLICATION, True).events
        return Counter(zip(events.team, events.event, strict=True))

    assert by_team(False) == by_team(True)


@pytest.mark.parametrize("order", ["BAC", "CBA", "CAB"])
def test_three_teams_that_exchange_offenders_may_stand_in_any_order(order: str):
    """With supervisors, too: whose turn it is to be checked does not depend on the file."""

    def shown(order: str) -> dict[Name, list[tuple]]:
        written = {
            "A": "{name: North, officers: 140, offenders: 40}",
            "B": "{name: South, officers: 80, offenders: 20}",
            "C": "{name: West, officers: 60, offenders: 11}",
        }
        busy = ("register.moves_between_teams_per_year=2", "supervisors.hours_per_week=3")
        return replications(scenario_of(*PLENTY, *busy, f"teams=[{', '.join(written[team] for team in order)}]"))

    before = shown("ABC")
    moved = EVENT_KINDS.index("moved")
    assert sum(event[1] == moved for story in before.values() for event in story) > 50
    assert_others_unmoved(before, shown(order), 0)


# --- everybody waits: dates move, random numbers do not ---------------------------------------------------------------

CALM = (
    *(*OVERLOADED, *ALL_TRAINED, "visits.retry_hour=varied"),
    *("drift.up_per_year=0", "drift.down_per_year=0", "missing.leave_home_per_year=0"),
)
"""Officers are all alike, nobody's risk changes or leaves home, and no attempt depends on the one before, between which
there may be a warrant or a recall: so a uniform always becomes the same decision."""


def numbers_of_work(shown: dict[Name, list[tuple]]) -> dict[tuple[Name, int, int], tuple]:
    """Outcome, announced and minutes of the nth work of each kind for each offender."""
    random_numbers = {}
    for name, story in shown.items():
        done: Counter = Counter()
        for _, kind, outcome, announced, minutes, *_ in story:
            if kind < len(WORK_KINDS):
                random_numbers[name, kind, done[kind]] = (outcome, announced, minutes)
                done[kind] += 1
    return random_numbers


@pytest.fixture(scope="module")
def hurried() -> dict[Name, list[tuple]]:
    return replications(scenario_of(*CALM, teams((3, 60), (2, 6))))


@pytest.mark.parametrize(
    "settings",
    [
        [teams((3, 61), (2, 6))],
        [teams((4, 60), (2, 6))],
        ["caseload.priority=quick_wins"],
        ["caseload.priority=highest_risk_first"],
        ["caseload.allocation=pooled"],
        ["officers.available_share=0.5", "visits.retry_days=3", "visits.lead_days=10"],
        ["reviews.interval_days=91", "notifications.interval_days=91", "register.new_per_year=90"],
    ],
    ids=lambda settings: " ".join(settings),
)
def test_where_everybody_waits_the_nth_visit_has_the_same_random_numbers(hurried, settings: list[str]):
    after = replications(scenario_of(*CALM, teams((3, 60), (2, 6)), *settings))
    numbers_before, numbers_after = numbers_of_work(hurried), numbers_of_work(after)
    both = numbers_before.keys() & numbers_after.keys()
    assert len(both) > 0.6 * len(numbers_before)
    assert {
        key: (numbers_before[key], numbers_after[key]) for key in both if numbers_before[key] != numbers_after[key]
    } == {}
    # And it is no empty lease: the dates did move.
    assert sum(hurried[name] != after[name] for name in hurried.keys() & after.keys()) > 20


def test_what_offenders_do_by_themselves_does_not_depend_on_the_force():
    dynamics = {EVENT_KINDS.index(kind) for kind in ("drifted", "breach_began", "registered")}
    free = (*OVERLOADED, "breaches.outcome={warning: 1, charge: 0, custody: 0}", "register.deaths_and_moves_per_year=0")

    def courses(*settings: str) -> dict[Name, list[tuple]]:
        shown = replications(scenario_of(*free, *settings))
        return {name: [event[:2] for event in story if event[1] in dynamics] for name, story in shown.items()}

    few = courses(teams((1, 60), (1, 6)))
    assert sum(map(len, few.values())) > 150
    assert courses(teams((30, 60), (9, 6)), "visits.crew=1", "caseload.allocation=pooled") == few


# --- officers -----------------------------------------------------------------------------------------------------


def absences(*settings: str) -> dict[Name, list[bool]]:
    """For each officer, day by day at noon: away by plan, sick, or is the post vacant?"""
    simulation = Simulation(inputs_of(scenario_of("levers=[]", "end=2024-08-30", *settings)), REPLICATION, 0)
    begin(simulation)
    who = names(simulation.officers)
    noons = []
    for day, planned in zip(simulation.inputs.days_worked.tolist(), simulation.away, strict=True):
        simulation.env.run(until=day + 0.5)
        vacant = (simulation.officers["post"] == 1) & (simulation.officers["in_post"] == 0)
        noons.append((planned > 0) | (simulation.officers["absent"] > 0) | vacant)
    return dict(zip(who, np.array(noons).T.tolist(), strict=True))


@pytest.mark.parametrize(
    "settings",
    [
        [teams((4, 60), (2, 6))],
        [teams((3, 61), (2, 6), reverse=True)],
        ["caseload.allocation=pooled", "visits.crew=1", "register.new_per_year=300"],
    ],
    ids=["another officer", "other teams", "other work"],
)
def test_officers_are_away_on_their_own_days(settings: list[str]):
    before, after = (absences(teams((3, 60), (2, 6)), *more) for more in ([], settings))
    assert 0.2 < np.mean(list(before.values())) < 0.6
    assert {name: after[name] for name in before} == before


def test_the_seats_of_a_course_do_not_depend_on_the_order_of_the_teams_in_the_file():
    def trained_by_the_end(reverse: bool) -> dict[Name, bool]:
        untrained = ("levers=[]", "end=2024-06-30", "officers.trained_share=0", teams((6, 60), (5, 20), reverse))
        simulation = Simulation(inputs_of(scenario_of(*untrained)), REPLICATION, 0)
        begin(simulation)
        simulation.env.run(until=110)
        return dict(zip(names(simulation.officers), (simulation.officers["trained"] == 1).tolist(), strict=True))

    shown = trained_by_the_end(reverse=False)
    assert 4 < sum(shown.values()) < len(shown)
    assert trained_by_the_end(reverse=True) == shown


# --- one more person in the tables --------------------------------------------------------------------------------


@pytest.mark.parametrize("allocation", ["own", "pooled"])
@pytest.mark.parametrize(
    ("north", "south"), [((3, 61), (2, 6)), ((3, 60), (2, 7)), ((4, 60), (2, 6)), ((3, 60), (0, 6))]
)
def test_the_first_day_finds_everybody_else_as_before(allocation, north, south):
    def register(*settings: str) -> dict[Name, str]:
        offenders = Simulation(
            inputs_of(scenario_of(f"caseload.allocation={allocation}", *settings)), REPLICATION, 0
        ).offenders
        own = [field for field in offenders.dtype.names if field not in ("row", "team", "caseload", "slot")]
        return dict(zip(names(offenders), map(repr, offenders[own].tolist()), strict=True))

    before, after = register(teams((3, 60), (2, 6))), register(teams(north, south))
    assert len(after) - len(before) == north[1] + south[1] - 66
    assert {name: (before[name], after[name]) for name in before if before[name] != after[name]} == {}


# --- the future ---------------------------------------------------------------------------------------------------


def diary(*levers: str) -> tuple[np.ndarray, list]:
    """Times and the whole log, with officers by name: their rows shift when a lever brings more."""
    scenario = scenario_of("end=2024-11-30", f"levers=[{', '.join(levers)}]")
    log = simulate(scenario, REPLICATION, log_events=True).event_log
    officers = names(Simulation(inputs_of(scenario), REPLICATION, 0).officers)
    named = [officers[row] if row >= 0 else None for row in log["officer"].tolist()]
    colleagues = [officers[row] if row >= 0 else None for row in log["colleague"].tolist()]
    return log["time"], list(zip(log[[*WHAT_HAPPENED, "team"]].tolist(), named, colleagues, strict=True))


@pytest.fixture(scope="module")
def no_lever() -> tuple[np.ndarray, list]:
    return diary()


@pytest.mark.parametrize(
    "change",
    [
        "officers.total: 9",
        "officers.total: 1",
        "officers.available_share: 0.9",
        "officers.leave_days: 60",
        "officers.court_and_training_days: 60",
        "officers.sickness: {spells_per_year: 20, days: 3}",
        "officers.trained_share: 0",
        "caseload.priority: quick_wins",
        "visits.announced_share: 0",
        "visits.interval_days: 20",
        "visits.interval_days: never",
        "visits.crew: 1",
        "visits.retry_days: 1",
        "reviews.interval_days: 60",
        "notifications.interval_days: 30",
        "records.audit_interval_days: 20",
        "escalation.after_failed_attempts: 1",
        "missing.leave_home_per_year: 5",
        "initial_assessment.hours: 0",
        "breaches.per_year: 4",
        "breaches.found_by_intelligence_per_year: 12",
        "breaches.outcome: {warning: 0, charge: 0, custody: 1}",
        "drift.up_per_year: 3",
        "register.new_per_year: 400",
        "register.deaths_and_moves_per_year: 2",
        "register.recalls_per_year: 3",
        "register.moves_between_teams_per_year: 3",
        "turnover.leaving_per_year: {under_2_years: 6, from_2_to_5_years: 6, over_5_years: 6}",
        "turnover.recruitment_days: 1",
        "officers.courses: {interval_days: 20, seats: 3, days: 10}",
        "officers.part_time: {share: 1, hours_share: 0.5}",
        "officers.abstraction.share: 0.6",
        "officers.overtime_hours_per_week: 20",
        "caseload.cover.rule: unallocated",
        "caseload.workload_weights: {low: 9, medium: 1, high: 1, very_high: 1}",
        "visits.retry_hour: varied",
        "reviews.desk_review.share: 1",
        "supervisors.notices_risk: 1",
        "intelligence.reports_per_year: 6",
        "reactive.after_quiet_years: 0.1",
        "mappa.level_2_interval_days: 14",
    ],
)
def test_a_lever_changes_nothing_before_its_date(no_lever, change: str):
    day = 155  # 6 August 2024
    times, lines = diary(f"{{from: 2024-08-06, set: {{{change}}}}}")
    before, lines_before = no_lever
    past, past_before = np.searchsorted(times, day), np.searchsorted(before, day)
    assert past_before > 500
    assert lines[:past] == lines_before[:past_before]
    assert lines[past:] != lines_before[past_before:], "and nothing after it either: the lever does nothing"


def test_a_lever_on_the_first_day_is_the_scenario_with_that_value():
    written = scenario_of("levers=[]", "officers.available_share=0.9", "visits.retry_days=2", "end=2024-05-31")
    pulled = scenario_of(
        "levers=[{from: 2024-03-04, set: {officers.available_share: 0.9, visits.retry_days: 2}}]", "end=2024-05-31"
    )
    item, other = (simulate(scenario, REPLICATION, log_events=True).event_log for scenario in (written, pulled))
    np.testing.assert_array_equal(item, other)
