"""`explain`, and a scenario in short: what a key means, who set it, how sure it is, what to think twice about."""

import pytest

from sim.scenario import ScenarioError, read
from sim.scenario.explaining import explained
from sim.scenario.summary import scenario_warnings, summary_line
from tests.support.scenarios import SMALL

MET = (
    SMALL
    + """\
  announced_share: 0.6
levers:
  - {from: 2025-04-01, set: {visits.announced_share.low: 0.1}}
  - {from: 2025-01-01, set: {visits: {announced_share: 0.4}}}
assumptions:
  visits.announced_share: {quality: red, impact: amber, range: [0.3, 0.9], note: a guess}
  visits: {quality: green, source: Policy 7, date: 2020-01-31}
"""
)


def test_a_value_with_all_that_is_known_of_it(write):
    write("met.yaml", MET)
    reading = read(write("plan.yaml", "extends: met.yaml\nvisits: {announced_share: {high: 0.5}}\n"))
    assert explained(reading, "visits.announced_share").splitlines() == [
        "visits.announced_share: {low: 0.6, medium: 0.6, high: 0.5, very_high: 0.6}",
        "  set by    plan.yaml:2",
        "  title     Announced share",
        "  meaning   Share of visits announced beforehand, by recorded risk.",
        "  allowed   a number, 0 to 1; one for all risk levels or one for each",
        "  default   0",
        "  levers    may change it on a date",
        "  lever     from 2025-01-01: visits: {announced_share: 0.4}, met.yaml:15",
        "  lever     from 2025-04-01: visits.announced_share.low: 0.1, met.yaml:14",
        "  evidence  visits.announced_share: quality red (a guess), impact amber (the answer depends somewhat on it), "
        "range 0.3 to 0.9, no published source, a guess",
        "  evidence  visits: quality green (published), source Policy 7, of 2020-01-31",
    ]


def test_one_risk_level_of_a_number_for_all(write):
    lines = explained(read(write("met.yaml", MET)), "visits.announced_share.low").splitlines()
    assert lines[:3] == [
        "visits.announced_share.low: 0.6",
        "  set by    met.yaml:12",
        "  title     Announced share, low",
    ]


def test_a_default_without_a_source(write):
    assert explained(read(write("met.yaml", SMALL)), "visits.retry_days").splitlines() == [
        "visits.retry_days: 7",
        "  set by    schema default",
        "  title     Retry",
        "  meaning   Days after a failed attempt before the next one.",
        "  unit      days",
        "  allowed   a number, 0 to 36,500",
        "  default   7",
        "  levers    may change it on a date",
        "  evidence  no source given",
    ]


def test_a_section_lists_its_keys(write):
    assert explained(read(write("met.yaml", SMALL)), "teams.1").splitlines() == [
        "teams.1: One team of offender managers and the area it covers.",
        "  name: South   # Name; met.yaml:6",
        "  officers: 5   # Officers (officers); met.yaml:6",
        "  offenders: 300   # Offenders (offenders); met.yaml:6",
        "  officers_share: not given   # Share of officers; schema default",
        "  offenders_share: not given   # Share of offenders; schema default",
        "  overdue_visits: not given   # Visits overdue at the start (offenders); schema default",
        "  overdue_reviews: not given   # Reviews overdue at the start (offenders); schema default",
    ]
    # A plan sets the total from a date on: what it sets stands beside the total, and beside nothing else.
    plan = read(write("plan.yaml", "extends: met.yaml\nlevers: [{from: 2025-04-01, set: {officers: {total: 10}}}]\n"))
    lines = explained(plan, "officers").splitlines()
    assert lines[1] == (
        "  total: not given   # Total officer posts (officers); schema default; "
        "from 2025-04-01: officers: {total: 10}, plan.yaml:2"
    )
    assert [line for line in lines if "2025-04-01" in line] == [lines[1]]
    assert "  lever     from 2025-04-01" not in explained(plan, "officers.leave_days")
    assert "  no_contact: {…}   # No contact; schema default" in explained(read("met.yaml"), "visits").splitlines()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("levers.0.from", "2025-04-01"),
        ("assumptions.visits.announced_share.range", "[0.3, 0.9]"),
        ("register.periods", "[{years: never, share: 1}]"),
        ("officers.total", "not given"),
        ("visits.interval_days.very_high.mean", "30"),
        ("name", "A small force"),
    ],
)
def test_values_are_shown_as_they_would_be_written(write, key, value):
    assert explained(read(write("met.yaml", MET)), key).splitlines()[0] == f"{key}: {value}"


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("visits.anounced_share", "visits.anounced_share: unknown key, did you mean visits.announced_share?"),
        (
            "visits.anounced_share.low",
            "visits.anounced_share.low: unknown key, did you mean visits.announced_share.low?",
        ),
        ("crew", "crew: unknown key, did you mean visits.crew?"),
        ("nonsense", "nonsense: unknown key; docs/scenario.md lists them all"),
        (
            "visits.interval_days.mean",
            "visits.interval_days.mean: there is one for each risk level, such as visits.interval_days.low.mean",
        ),
        ("teams.7", "teams.7: teams has 2 entries, none of them 7"),
        ("assumptions.seed", "assumptions.seed: assumptions has 2 entries, none of them seed"),
    ],
)
def test_a_key_that_is_not_there(write, key, message):
    with pytest.raises(ScenarioError) as raised:
        explained(read(write("met.yaml", MET)), key)
    assert str(raised.value) == message


def test_a_scenario_in_short(write):
    assert summary_line(read(write("met.yaml", MET)).scenario) == (
        "15 officers; 800 offenders; 2 teams; 2024-09-02 to 2025-08-31 (364 days); 30 replications; 2 levers; "
        "2 assumptions, 1 without a published source"
    )


def test_nothing_to_think_twice_about(write):
    assert scenario_warnings(read(write("met.yaml", MET)).scenario) == []


def test_teams_that_can_never_visit(write):
    scenario = read(
        write("met.yaml", SMALL), ["teams.0.officers=1", "teams.1.officers=0", "visits.crew.low=1"]
    ).scenario
    assert scenario_warnings(scenario) == [
        "teams.0 (North) has one officer and visits.crew is 2 for medium, high and very_high; "
        "those will never be visited",
        "teams.1 (South) has 300 offenders and no officers; nobody there will ever be visited",
    ]
    assert scenario_warnings(read("met.yaml", ["teams.0.officers=1", "visits.crew=1"]).scenario) == []
    assert scenario_warnings(read("met.yaml", ["teams.0.officers=0", "teams.0.offenders=0"]).scenario) == []


def test_a_lead_time_as_long_as_an_interval(write):
    assert scenario_warnings(read(write("met.yaml", SMALL), ["visits.lead_days=29"]).scenario) == []
    assert scenario_warnings(read("met.yaml", ["visits.lead_days=30"]).scenario) == [
        "visits.lead_days is 30 and visits.interval_days.very_high only 30; "
        "a visit may be made again as soon as it is made"
    ]


def test_a_warning_names_the_date_from_which_a_lever_brings_it_about(write):
    text = (
        SMALL
        + "levers:\n  - {from: 2025-01-01, set: {officers.total: 0}}\n  - {from: 2025-02-01, set: {visits.crew: 1}}\n"
    )
    assert scenario_warnings(read(write("met.yaml", text)).scenario) == [
        "from 2025-01-01: teams.0 (North) has 500 offenders and no officers; nobody there will ever be visited",
        "from 2025-01-01: teams.1 (South) has 300 offenders and no officers; nobody there will ever be visited",
    ]
