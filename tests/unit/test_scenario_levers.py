"""Levers: what may change on a date, and the scenario as it stands from each date on."""

import datetime as dt

import pytest

from sim.scenario import Scenario, read, rules
from sim.scenario.sections.work import Visits
from sim.scenario.source import checking
from sim.scenario.source.faults import Place
from sim.scenario.source.yaml_text import read_yaml
from sim.scenario.values import NEVER
from tests.support.scenarios import SMALL, faults


def with_levers(*levers):
    """The small scenario with levers, the first of them on line 13."""
    return SMALL + "levers:\n" + "".join(f"  - {{from: {date}, set: {{{changes}}}}}\n" for date, changes in levers)


def test_without_levers_one_regime_is_the_scenario_itself(write):
    scenario = read(write("met.yaml", SMALL)).scenario
    assert scenario.regimes == ((0, scenario),)


def test_levers_add_up_in_the_order_of_their_dates(write):
    text = with_levers(
        ("2025-01-01", "visits.announced_share.low: 0.1, officers.total: 30"),
        ("2024-10-02", "visits.announced_share: 0.5"),
    )
    scenario = read(write("met.yaml", text)).scenario
    days = scenario.regimes
    assert [day for day, _ in days] == [0, 30, 121]
    assert [current.visits.announced_share.values() for _, current in days] == [
        (0, 0, 0, 0),
        (0.5, 0.5, 0.5, 0.5),
        (0.1, 0.5, 0.5, 0.5),
    ]
    assert [current.headcounts for _, current in days] == [
        [(10, 500), (5, 300)],
        [(10, 500), (5, 300)],
        [(20, 500), (10, 300)],
    ]


def test_levers_of_one_day_are_one_regime(write):
    text = with_levers(("2025-01-01", "visits.crew: 1, visits.retry_days: 3"), ("2025-01-01", "visits.crew.high: 2"))
    (_, _), (day, current) = read(write("met.yaml", text)).scenario.regimes
    assert (day, current.visits.crew.values(), current.visits.retry_days) == (121, (1, 1, 2, 1), 3)


@pytest.mark.parametrize(
    ("first", "second", "undone"),
    [
        ("visits.crew: 1", "visits.crew: 2", "visits.crew"),
        ("visits.crew.high: 1", "visits.crew: 2", "visits.crew.high"),
        ("visits.crew: 1", "visits: {crew: 2, retry_days: 3}", "visits.crew"),
        ("officers: {total: 9, leave_days: 20}", "officers.total: 10", "officers.total"),
    ],
)
def test_two_levers_of_one_day_may_not_set_one_key_to_different_values(write, first, second, undone):
    text = with_levers(("2025-01-01", first), ("2025-01-01", second))
    assert faults(write("met.yaml", text)) == [
        f"met.yaml:14: levers: {undone}: undoes what met.yaml:13 says of {undone} on the same date, 2025-01-01; "
        "keep one of them"
    ]
    assert faults(write("met.yaml", text.replace(f"01-01, set: {{{second}", f"01-02, set: {{{second}"))) == []


def test_of_many_levers_each_has_only_its_own_section_checked():
    # Before, the whole scenario was checked for each of them, with all levers in it: a minute and more for a thousand.
    levers = [(dt.date(2024, 9, 2) + dt.timedelta(day), f"visits.retry_days: {1 + day % 9}") for day in range(300)]
    text = with_levers(*levers)
    checks = []

    def counting(kind, value):
        checks.append(kind)
        return typed(kind, value)

    typed = checking._typed
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(checking, "_typed", counting)
        written, found = read_yaml(text, lambda line: Place("met.yaml", line))
        scenario, faulty = checking.checked(written)
        assert [*found, *faulty, *rules._levers(written, scenario)] == []
    assert checks.count(Scenario) == 1
    assert checks.count(Visits) == 300


def test_the_regimes_of_a_scenario_are_made_once(write):
    scenario = read(write("met.yaml", with_levers(("2025-01-01", "visits.crew: 1")))).scenario
    assert scenario.regimes[1][1] is scenario.regimes[1][1]
    other = scenario.model_copy(update={"levers": ()})
    assert other.regimes == ((0, other),)


def test_a_lever_on_the_first_day_is_there_from_the_start_and_one_on_the_last_day_still_counts(write):
    text = with_levers(("2024-09-02", "visits.crew: 1"), ("2025-08-31", "visits.crew: 2"))
    assert [(day, current.visits.crew.low) for day, current in read(write("met.yaml", text)).scenario.regimes] == [
        (0, 1),
        (363, 2),
    ]


def test_a_lever_changes_a_shape_a_section_or_takes_a_value_back(write):
    text = with_levers(
        (
            "2024-10-01",
            "visits.visit_hours: {distribution: gamma, mean: 2, cv: 0.5}, officers: {total: 9, leave_days: 20}",
        ),
        ("2024-11-01", "visits.visit_hours.mean: 3, officers.total: null"),
        ("2024-12-01", "visits.interval_days.low: never"),
    )
    scenario = read(write("met.yaml", text)).scenario
    _, (_, october), (_, november), (_, december) = scenario.regimes
    assert (october.visits.visit_hours.distribution, october.officers.total) == ("gamma", 9)
    assert (november.visits.visit_hours.cv, november.visits.visit_hours.mean) == (0.5, 3)
    assert (november.officers.total, november.officers.leave_days) == (None, 20)
    assert [level.mean for level in december.visits.interval_days.values()] == [NEVER, 182, 91, 30]


def test_regimes_need_nothing_but_the_scenario(write):
    reading = read(write("met.yaml", with_levers(("2025-01-01", "visits.crew: 1"))))
    assert Scenario.model_validate(reading.resolved).regimes == reading.scenario.regimes


@pytest.mark.parametrize(
    ("date", "changes", "message"),
    [
        ("2024-09-01", "visits.crew: 1", "levers.0.from: 2024-09-01 is before the first day, 2024-09-02"),
        ("2025-09-01", "visits.crew: 1", "levers.0.from: 2025-09-01 is after the last day, 2025-08-31"),
        ("soon", "visits.crew: 1", 'levers.0.from: "soon" is not a date such as 2024-09-02'),
        (
            "2025-01-01",
            "visits.anounced_share: 1",
            "levers.0.set: visits.anounced_share: unknown key, did you mean visits.announced_share?",
        ),
        (
            "2025-01-01",
            "seed: 5",
            "levers.0.set: seed: holds for the whole horizon, no lever changes it; "
            "write a second scenario that extends this one",
        ),
        (
            "2025-01-01",
            "teams.0.officers: 5",
            "levers.0.set: teams.0.officers: holds for the whole horizon, no lever changes it; "
            "write a second scenario that extends this one",
        ),
        (
            "2025-01-01",
            "register: {new_per_year: 5}",
            "levers.0.set: register: cannot change as a whole, because register.periods cannot; "
            "set the other keys one by one",
        ),
        ("2025-01-01", "visits.announced_share.low: 1.4", "visits.announced_share.low: 1.4 is above 1"),
        ("2025-01-01", "visits.visit_hours: fast", 'visits.visit_hours: "fast" is not a number or a distribution'),
        ("2025-01-01", "visits: {crw: 1}", "visits.crw: unknown key, did you mean crew?"),
        (
            "2025-01-01",
            "breaches.outcome.custody: 0.1",
            "breaches.outcome: shares must add up to 1, these give 1 + 0 + 0.1 = 1.1",
        ),
        ("2025-01-01", "visits.visit_hours.cv: 1", "visits.visit_hours: a constant distribution takes mean, not cv"),
    ],
)
def test_a_lever_that_cannot_be_pulled(write, date, changes, message):
    assert faults(write("met.yaml", with_levers((date, changes)))) == [f"met.yaml:13: {message}"]


def test_shares_may_change_together(write):
    text = with_levers(("2025-01-01", "breaches.outcome.custody: 0.1, breaches.outcome.warning: 0.9"))
    assert faults(write("met.yaml", text)) == []


def test_a_lever_builds_on_those_before_it(write):
    text = with_levers(
        ("2025-02-01", "breaches.outcome.charge: 0.4, breaches.outcome.custody: 0.1"),
        ("2025-01-01", "breaches.outcome.charge: 0.5, breaches.outcome.warning: 0.5"),
    )
    assert faults(write("met.yaml", text)) == []
    assert faults(write("met.yaml", text.replace("2025-01-01", "2025-03-01"))) == [
        "met.yaml:13: breaches.outcome: shares must add up to 1, these give 1 + 0.4 + 0.1 = 1.5",
        "met.yaml:14: breaches.outcome: shares must add up to 1, these give 0.5 + 0.5 + 0.1 = 1.1",
    ]


def test_each_lever_answers_for_itself(write):
    text = with_levers(
        ("2025-01-01", "visits.crew: 5"),
        ("2025-02-01", "visits.retry_days: 9"),
        ("2025-03-01", "visits.crew: 7, sed: 1"),
    )
    assert faults(write("met.yaml", text + "replications: 0\n")) == [
        "met.yaml:13: visits.crew: 5 is above 2",
        "met.yaml:15: levers.2.set: sed: unknown key, did you mean seed?",
        "met.yaml:15: visits.crew: 7 is above 2",
        "met.yaml:16: replications: 0 is below 1",
    ]


def test_a_lever_that_takes_the_total_from_teams_with_shares(write):
    teams = "teams:\n  - {name: A, officers_share: 1, offenders: 5}\n"
    text = SMALL[: SMALL.index("teams:")] + teams + SMALL[SMALL.index("caseload:") :]
    text += "officers: {total: 4}\nlevers:\n  - {from: 2025-01-01, set: {officers.total: null}}\n"
    assert faults(write("met.yaml", text)) == [
        "met.yaml:13: teams.0.officers_share: of how many? Add officers.total, or give each team a number"
    ]
