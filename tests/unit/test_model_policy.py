"""From a scenario to the numbers of the shift: distributions, hours per visit, and the four priority rules."""

import math

import numpy as np
import pytest

from sim.measure.force import hours_demanded_by_newcomers_per_day, hours_demanded_per_offender_day
from sim.model.codes import ENQUIRY, INITIAL_ASSESSMENT, NOTIFICATION, REVIEW, VISIT
from sim.model.kernel.compiling import machine_code
from sim.model.kernel.draws import fill_draws
from sim.model.policy import officer_hours_by_kind, officer_hours_per_visit, policy_record, spread
from sim.model.records import SPREAD, table
from sim.scenario import Scenario
from sim.scenario.values import Distribution

LEVELS = range(4)


def scenario(**changes) -> Scenario:
    """A small force; sections change key by key."""
    written = {
        "name": "A policy",
        "start": "2024-09-02",
        "end": "2025-09-01",
        "teams": [{"name": "One", "officers": 10, "offenders": 500}],
        "caseload": {"risk_mix": 0.25},
        "visits": {"interval_days": 100, "visit_hours": 1, "lead_days": 7},
    }
    for section, keys in changes.items():
        written[section] = {**written.get(section, {}), **keys} if isinstance(keys, dict) else keys
    return Scenario.model_validate(written)


# -- distributions ---------------------------------------------------------------------------------------------------

DISTRIBUTIONS = {
    "constant": ({"mean": 1.5}, 1.5, 0),
    "exponential": ({"mean": 2}, 2, 2),
    "lognormal": ({"mean": 5, "cv": 0.5}, 5, 2.5),
    "gamma": ({"mean": 7, "cv": 1}, 7, 7),
    "uniform": ({"low": 1, "high": 4}, 2.5, 3 / math.sqrt(12)),
}


def drawn(distribution: Distribution, uniforms: np.ndarray) -> np.ndarray:
    record = table(SPREAD, 1)
    record[0] = spread(distribution)
    values = np.empty(len(uniforms))
    machine_code(fill_draws)(record, uniforms, values)
    return values


@pytest.mark.parametrize("shape", DISTRIBUTIONS)
def test_draws_have_the_mean_and_the_deviation_of_their_distribution(shape):
    keys, mean, deviation = DISTRIBUTIONS[shape]
    distribution = Distribution(distribution=shape, **keys)
    values = drawn(distribution, (np.arange(40_000) + 0.5) / 40_000)
    assert distribution.expected == mean
    assert values.mean() == pytest.approx(mean, rel=0.002)
    assert values.std() == pytest.approx(deviation, rel=0.01, abs=1e-12)
    assert (values >= 0).all()


@pytest.mark.parametrize("shape", [shape for shape in DISTRIBUTIONS if shape != "constant"])
def test_a_longer_mean_stretches_every_draw_without_reshuffling(shape):
    keys, _, _ = DISTRIBUTIONS[shape]
    doubled = {key: value if key == "cv" else 2 * value for key, value in keys.items()}
    uniforms = np.array([0.001, 0.2, 0.5, 0.9, 0.999])
    short, long = (drawn(Distribution(distribution=shape, **values), uniforms) for values in (keys, doubled))
    assert long == pytest.approx(2 * short)
    assert len(np.unique(short)) == 5


@pytest.mark.parametrize("shape", ["constant", "exponential"])
def test_a_mean_of_nothing_is_always_nothing(shape):
    assert (drawn(Distribution(distribution=shape, mean=0), np.array([0.1, 0.9])) == 0).all()


# -- hours -----------------------------------------------------------------------------------------------------------


def test_hours_of_a_visit_that_always_succeeds():
    visits = {"visit_hours": 1, "travel_hours": 0.5, "write_up_hours": 0.75, "crew": {"low": 1, "medium": 2, "high": 2,
              "very_high": 2}}  # fmt: skip
    assert officer_hours_per_visit(scenario(visits=visits)) == pytest.approx([2.25, 3.75, 3.75, 3.75])


def test_hours_of_a_visit_include_the_attempts_that_fail_before_it():
    # Announced half the time: nobody there at 0.5 x 0.1 + 0.5 x 0.3 = 0.2, so 0.25 failures for each success,
    # each 2 x (1 + 0.25) hours; and 2 x (1 + 1) + 1 hours for the success.
    visits = {
        "announced_share": 0.5,
        "no_contact": {"announced": 0.1, "unannounced": 0.3},
        "travel_hours": {"distribution": "gamma", "mean": 1, "cv": 0.4},
        "write_up_hours": 1,
        "failed_attempt_hours": 0.25,
    }
    assert officer_hours_per_visit(scenario(visits=visits)) == pytest.approx([5 + 0.25 * 2.5] * 4)


def test_hours_of_a_visit_that_never_succeeds():
    shut = {"no_contact": {"announced": 1, "unannounced": 1}}
    assert officer_hours_per_visit(scenario(visits={**shut, "travel_hours": 1})).tolist() == [math.inf] * 4
    # Attempts that take no time cost nothing, however many.
    assert officer_hours_per_visit(scenario(visits=shut)) == pytest.approx([2] * 4)


FORCE = scenario(
    visits={"travel_hours": 1, "interval_days": {"low": 365, "medium": 182, "high": 91, "very_high": "never"}},
    reviews={"interval_days": 365, "hours": 5},
    notifications={"interval_days": 365, "hours": 1, "missed_share": 0.1},
    initial_assessment={"hours": 2},
    breaches={"per_year": {"low": 0, "medium": 0.1, "high": 0.2, "very_high": 0.4}, "enquiry_hours": 20},
    register={"new_per_year": 36.525},
)
"""Of crew 2 for visits, initial assessments and enquiries."""


def test_hours_of_every_kind_of_work_count_every_officer():
    hours = officer_hours_by_kind(FORCE)
    assert [hours[kind, 0] for kind in (VISIT, REVIEW, NOTIFICATION, INITIAL_ASSESSMENT, ENQUIRY)] == [4, 5, 1, 4, 40]


def test_hours_that_a_caseload_asks_for_a_day():
    enquiries = [40 * (rate / 365.25 + 0.1 / 365) for rate in (0, 0.1, 0.2, 0.4)]
    visits = [4 / 365, 4 / 182, 4 / 91, 0]
    expected = [visit + 5 / 365 + 1 / 365 + enquiry for visit, enquiry in zip(visits, enquiries, strict=True)]
    assert hours_demanded_per_offender_day(FORCE) == pytest.approx(expected)
    assert hours_demanded_by_newcomers_per_day(FORCE) == pytest.approx(0.1 * 4)


# -- what is done first ----------------------------------------------------------------------------------------------


def order(rule: str, waiting: dict[str, tuple[int, int, float]], **changes) -> list[str]:
    """What is done first, of work that waits: name → (kind, risk, days past due)."""
    chosen = scenario(
        reviews={"interval_days": 365, "hours": 5},
        notifications={"interval_days": 365, "hours": 1},
        caseload={"priority": rule, "risk_mix": 0.25},
        breaches={"enquiry_hours": 20},
        **changes,
    )
    policy = policy_record(chosen)[0]

    def priority(name: str) -> float:
        kind, risk, days = waiting[name]
        slope, offset = policy["priority_slope"][kind, risk], policy["priority_offset"][kind]
        return policy["priority_base"][kind, risk] + slope * (days + offset)

    return sorted(waiting, key=priority, reverse=True)


LOW, MEDIUM, HIGH, VERY_HIGH = LEVELS


def test_earliest_due_takes_the_oldest_due_date_whatever_it_is():
    waiting = {
        "old review": (REVIEW, LOW, 9),
        "visit": (VISIT, VERY_HIGH, 8),
        "enquiry": (ENQUIRY, HIGH, 7),
        "visit not due yet": (VISIT, LOW, -6),
    }
    assert order("earliest_due", waiting) == list(waiting)


def test_highest_risk_first_asks_for_age_only_within_a_level():
    waiting = {
        "very high, old": (REVIEW, VERY_HIGH, 2),
        "very high": (VISIT, VERY_HIGH, 1),
        "high": (VISIT, HIGH, 500),
        "medium": (ENQUIRY, MEDIUM, 900),
        "low": (VISIT, LOW, 9000),
    }
    assert order("highest_risk_first", waiting) == list(waiting)


def test_quick_wins_asks_for_age_only_among_equal_hours():
    waiting = {
        "notification": (NOTIFICATION, LOW, 0),
        "old visit": (VISIT, LOW, 30),
        "visit": (VISIT, HIGH, 20),
        "review": (REVIEW, VERY_HIGH, 900),
        "enquiry": (ENQUIRY, VERY_HIGH, 9000),
    }
    assert order("quick_wins", waiting) == list(waiting)


def test_quick_wins_leaves_what_never_succeeds_for_last_and_still_does_it():
    shut = {"no_contact": {"announced": 1, "unannounced": 1}, "travel_hours": 1}
    policy = policy_record(scenario(visits=shut, caseload={"priority": "quick_wins", "risk_mix": 0.25}))[0]
    assert np.isfinite(policy["priority_base"]).all()
    waiting = {"enquiry": (ENQUIRY, LOW, 0), "visit": (VISIT, VERY_HIGH, 900)}
    assert order("quick_wins", waiting, visits=shut) == list(waiting)


def test_risk_weighted_overdue_multiplies_days_by_weight():
    weights = {"low": 1, "medium": 2, "high": 4, "very_high": 8}
    # Visits may be made seven days early and weigh from then on: 8 x 8, 4 x 15, 2 x 29, 1 x 50.
    waiting = {
        "very high": (VISIT, VERY_HIGH, 1),
        "high": (VISIT, HIGH, 8),
        "medium": (VISIT, MEDIUM, 22),
        "low": (VISIT, LOW, 43),
    }
    assert order("risk_weighted_overdue", waiting, risk_weights=weights) == list(waiting)
    assert order("risk_weighted_overdue", waiting, risk_weights=dict.fromkeys(weights, 1)) == list(waiting)[::-1]


def test_other_work_weighs_by_its_own_weights():
    # A notification on its day: 20 x 1. A review nine days late: 3 x 10. A visit three days late: 2 x 10.
    waiting = {"review": (REVIEW, LOW, 9), "visit": (VISIT, MEDIUM, 4), "notification": (NOTIFICATION, LOW, 0)}
    assert order("risk_weighted_overdue", waiting) == list(waiting)
