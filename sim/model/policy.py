"""From a scenario to the numbers the compiled shift reads: distributions, shares, and the priority rule.

A priority rule is data, a table of base and slope by kind of work and risk: priority = base + slope x
(days past due + offset). So no rule is special in the shift, and a new one is a few lines here.
"""

from __future__ import annotations

import math
from functools import lru_cache
from operator import attrgetter
from typing import Any, assert_never

import numpy as np

from sim.model import codes
from sim.model.kernel.compiling import machine_code
from sim.model.kernel.draws import CONSTANT, EXPONENTIAL, GAMMA, LOGNORMAL, UNIFORM, draw_one, fill_draws
from sim.model.records import POLICY, POLICY_KEYS, SPREAD, table
from sim.scenario.domain import KINDS
from sim.scenario.schema import Scenario
from sim.scenario.values import ByRisk, Distribution

_A_LOT = 1e6
"""Larger than any age in days, so that what it multiplies always decides first."""


def spread(distribution: Distribution) -> tuple[int, float, float, float]:
    """The record of a distribution: family and three parameters (see `records.SPREAD`)."""
    mean, cv = distribution.expected, distribution.cv or 0.0
    match distribution.distribution:
        case "exponential":
            return (EXPONENTIAL, mean, 0.0, 0.0) if mean else (CONSTANT, 0.0, 0.0, 0.0)
        case "lognormal":
            variance = math.log1p(cv**2)
            return (LOGNORMAL, math.log(mean) - variance / 2, math.sqrt(variance), 0.0)
        case "gamma":
            shape = 1 / cv**2
            return (GAMMA, shape, mean / shape, math.lgamma(shape))
        case "uniform":
            return (UNIFORM, distribution.low or 0.0, distribution.high or 0.0, 0.0)
        case "constant":
            return (CONSTANT, mean, 0.0, 0.0)
        case forgotten:
            assert_never(forgotten)


@lru_cache(maxsize=256)
def _spread_record(distribution: Distribution) -> np.ndarray:
    """The record of a distribution as a table of one row."""
    record = table(SPREAD, 1)
    record[0] = spread(distribution)
    return record


def draws(distribution: Distribution, uniform: np.ndarray) -> np.ndarray:
    """One draw from a distribution of the scenario for each uniform."""
    many = np.empty(len(uniform))
    machine_code(fill_draws)(_spread_record(distribution), np.ascontiguousarray(uniform), many)
    return many


def drawn(distribution: Distribution, uniform: float) -> float:
    """One draw from a distribution of the scenario."""
    return machine_code(draw_one)(_spread_record(distribution), uniform)


def officer_hours_per_visit(scenario: Scenario) -> np.ndarray:
    """Expected officer-hours for one successful visit with the failed attempts before it, by risk, shape (4,)."""
    visits = scenario.visits
    announced = np.array(visits.announced_share.values())
    crew = np.array(visits.crew.values())
    no_contact = announced * visits.no_contact.announced + (1 - announced) * visits.no_contact.unannounced
    failed = crew * (visits.travel_hours.expected + visits.failed_attempt_hours.expected)
    succeeded = crew * (visits.travel_hours.expected + visits.visit_hours.expected) + visits.write_up_hours.expected
    with np.errstate(divide="ignore"):
        attempts_failed = np.where(no_contact < 1, no_contact / np.maximum(1 - no_contact, 1e-12), np.inf)
    return succeeded + np.where(failed > 0, attempts_failed * np.maximum(failed, 1e-12), 0.0)


def found_at_visit(scenario: Scenario) -> np.ndarray:
    """Chance that a visit finds the latent breaches: lead untrained, trained; unannounced, announced; by recorded risk.

    Visits and the first day of the register share it.
    """
    found = scenario.breaches.found_at_visit
    by_training = np.array([scenario.officers.untrained.detection_factor, 1.0])
    by_announcement = np.array([found.unannounced, found.announced])
    return np.multiply.outer(np.multiply.outer(by_training, by_announcement), np.ones(codes.RISKS))


def numbers_at(scenario: Scenario, key: str) -> Any:
    """The numbers of a dotted key for the kernel: by risk as a tuple, and distributions as they are."""
    value = attrgetter(key)(scenario)
    return value.values() if isinstance(value, ByRisk) else value


def officer_hours_by_kind(scenario: Scenario) -> np.ndarray:
    """Expected officer-hours of one piece of work, by kind of work and risk, shape (kinds, 4)."""
    hours = np.zeros((len(KINDS), codes.RISKS))
    for number, kind in enumerate(KINDS):
        crew = np.array(numbers_at(scenario, kind.crew)) if kind.crew else 1
        hours[number] = crew * numbers_at(scenario, kind.hours[0]).expected
    hours[codes.VISIT] = officer_hours_per_visit(scenario)
    reviews = scenario.reviews
    share = np.array(reviews.desk_review.share.values())
    hours[codes.REVIEW] = (1 - share) * reviews.hours.expected + share * reviews.desk_review.hours.expected
    return hours


def _priority(scenario: Scenario) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Base and slope of the scenario's priority rule, each of shape (kinds, 4), and its offset, shape (kinds,)."""
    base, slope = np.zeros((len(KINDS), codes.RISKS)), np.ones((len(KINDS), codes.RISKS))
    offset = np.zeros(len(KINDS))
    match scenario.caseload.priority:
        case "risk_weighted_overdue":
            # A weight counts from the first day on which the work may be done.
            offset[:] = 1.0
            offset[codes.VISIT] = scenario.visits.lead_days
            slope[codes.VISIT] = scenario.risk_weights.values()
            for number, kind in enumerate(KINDS[1:], start=1):
                slope[number] = numbers_at(scenario, f"caseload.task_weights.{kind.name}")
        case "highest_risk_first":
            base[:] = _A_LOT * np.arange(codes.RISKS)
        case "quick_wins":
            # A visit that never succeeds would take forever; it comes last, and is attempted all the same.
            base[:] = -_A_LOT * np.minimum(officer_hours_by_kind(scenario), _A_LOT)
        case "earliest_due":
            pass
        case forgotten:
            assert_never(forgotten)
    return base, slope, offset


def policy_record(scenario: Scenario) -> np.ndarray:
    """Everything the shift must know of a scenario, as one record (shape (1,))."""
    record = table(POLICY, 1)
    policy = record[0]
    for field, key in POLICY_KEYS.items():
        value = numbers_at(scenario, key.name)
        by_risk = key.kind == "by_risk"
        values = [spread(each) if isinstance(each, Distribution) else each for each in (value if by_risk else [value])]
        policy[field] = values if by_risk else values[0]
    for number, kind in enumerate(KINDS):
        policy["crew"][number] = numbers_at(scenario, kind.crew) if kind.crew else 1
    policy["priority_base"], policy["priority_slope"], policy["priority_offset"] = _priority(scenario)

    visits, breaches, reactive, mappa = scenario.visits, scenario.breaches, scenario.reactive, scenario.mappa
    policy["shift_start"] = scenario.calendar.shift_start_hour / 24
    policy["contracted_hours"] = scenario.shift_hours
    policy["shift_hours"] = scenario.shift_hours * scenario.officers.available_share
    policy["overtime_hours"] = scenario.officers.overtime_hours_per_week / scenario.days_worked_per_week
    policy["cover"] = codes.COVER_RULES.index(scenario.caseload.cover.rule)

    policy["no_contact"] = (visits.no_contact.unannounced, visits.no_contact.announced)
    policy["out_again"] = visits.no_contact.same_hour_again if visits.retry_hour == "same" else 0.0
    policy["found_at_visit"] = found_at_visit(scenario)
    policy["visit_results_vary"] = scenario.officers.untrained.lost_record_share > 0 or any(
        distribution.distribution != "constant"
        for distribution in (visits.write_up_hours, *visits.interval_days.values())
    )
    policy["review_results_vary"] = reactive.after_quiet_years < codes.NEVER or any(
        scenario.reviews.desk_review.share.values()
    )
    policy["initial_assessment_needed"] = scenario.initial_assessment.hours.expected > 0
    policy["enquiry_needed"] = breaches.enquiry_hours.expected > 0
    policy["custody_from"] = 1.0 - breaches.outcome.custody
    policy["reactive_after_days"] = reactive.after_quiet_years * codes.DAYS_PER_YEAR

    level_2, level_3 = np.array(mappa.level_2_share.values()), np.array(mappa.level_3_share.values())
    policy["mappa_share"] = (level_3, level_2 + level_3)
    policy["mappa_interval_days"] = (mappa.level_3_interval_days, mappa.level_2_interval_days)

    up = np.array([*scenario.drift.up_per_year.values()[:-1], 0.0])
    down = np.array([0.0, *scenario.drift.down_per_year.values()[1:]])
    policy["drift_up_share"] = np.divide(up, up + down, out=np.zeros(codes.RISKS), where=up + down > 0)
    rates = policy["natural_events_per_year"]
    rates[codes.DRIFT] = up + down
    rates[codes.BREACH] = breaches.per_year.values()
    rates[codes.LEAVING] = scenario.missing.leave_home_per_year.values()
    rates[codes.REPORT] = scenario.intelligence.reports_per_year.values()
    policy["intelligence_raises_work"] = breaches.found_by_intelligence_per_year > 0 or rates[codes.REPORT].any()
    return record
