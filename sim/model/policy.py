"""From a scenario to the numbers the compiled shift reads: distributions, shares, and the priority rule.

A priority rule is data, a table of base and slope by kind of work and risk: priority = base + slope x
(days past due + offset). So no rule is special in the shift, and a new one is a few lines here.
"""

from __future__ import annotations

import math

import numpy as np

from sim.model.compiled.draws import CONSTANT, EXPONENTIAL, GAMMA, LOGNORMAL, UNIFORM
from sim.model.state import (
    BREACH,
    DRIFT,
    ENQUIRY,
    INTAKE,
    LEAVING,
    NOTIFICATION,
    POLICY,
    REVIEW,
    RISKS,
    TRACING,
    VISIT,
    WARRANT,
    WORK_KINDS,
    table,
)
from sim.scenario.schema import Scenario
from sim.scenario.values import Distribution

_A_LOT = 1e6
"""Larger than any age in days, so that what it multiplies always decides first."""


def spread(distribution: Distribution) -> tuple[int, float, float, float]:
    """The record of a distribution: family and three parameters (see `state.SPREAD`)."""
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
        case _:
            return (CONSTANT, mean, 0.0, 0.0)


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


def officer_hours_by_kind(scenario: Scenario) -> np.ndarray:
    """Expected officer-hours of one piece of work, by kind of work and risk, shape (kinds, 4)."""
    hours = np.zeros((len(WORK_KINDS), RISKS))
    hours[VISIT] = officer_hours_per_visit(scenario)
    hours[REVIEW] = scenario.reviews.hours.expected
    hours[NOTIFICATION] = scenario.notifications.hours.expected
    hours[INTAKE] = scenario.intake.crew * scenario.intake.hours.expected
    hours[ENQUIRY] = scenario.breaches.enquiry_crew * scenario.breaches.enquiry_hours.expected
    hours[WARRANT] = scenario.escalation.warrant_crew * scenario.escalation.warrant_hours.expected
    hours[TRACING] = scenario.missing.tracing_hours.expected
    return hours


def _priority(scenario: Scenario) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Base and slope of the scenario's priority rule, each of shape (kinds, 4), and its offset, shape (kinds,)."""
    kinds = len(WORK_KINDS)
    base = np.zeros((kinds, RISKS))
    slope = np.ones((kinds, RISKS))
    offset = np.zeros(kinds)
    match scenario.caseload.priority:
        case "risk_weighted_overdue":
            # A weight counts from the first day on which the work may be done.
            offset[:] = 1.0
            offset[VISIT] = scenario.visits.lead_days
            weights = scenario.caseload.task_weights
            slope[VISIT] = scenario.risk_weights.values()
            slope[REVIEW] = weights.review.values()
            slope[NOTIFICATION] = weights.notification.values()
            slope[INTAKE] = weights.intake.values()
            slope[ENQUIRY] = weights.enquiry.values()
            slope[WARRANT] = weights.warrant.values()
            slope[TRACING] = weights.tracing.values()
        case "highest_risk_first":
            base[:] = _A_LOT * np.arange(RISKS)
        case "quick_wins":
            # A visit that never succeeds would take forever; it comes last, and is attempted all the same.
            base[:] = -_A_LOT * np.minimum(officer_hours_by_kind(scenario), _A_LOT)
        case "earliest_due":
            pass
    return base, slope, offset


def policy_record(scenario: Scenario) -> np.recarray:
    """Everything the shift must know of a scenario, as one record (shape (1,))."""
    record = table(POLICY, 1)
    policy = record[0]
    visits, reviews, notifications = scenario.visits, scenario.reviews, scenario.notifications
    breaches, intake = scenario.breaches, scenario.intake

    start_hour = scenario.calendar.shift_start_hour
    policy["shift_start"] = start_hour / 24
    policy["shift_hours"] = scenario.shift_hours * scenario.officers.free_share
    policy["sickness_days"] = spread(scenario.officers.sickness.days)
    policy["crew"] = np.ones((len(WORK_KINDS), RISKS))
    policy["crew"][VISIT] = visits.crew.values()
    policy["crew"][INTAKE] = intake.crew
    policy["crew"][ENQUIRY] = breaches.enquiry_crew

    for risk, interval in enumerate(visits.interval_days.values()):
        policy["interval_days"][risk] = spread(interval)
    policy["announced_share"] = visits.announced_share.values()
    policy["lead_days"] = visits.lead_days
    policy["retry_days"] = visits.retry_days
    policy["no_contact"] = (visits.no_contact.unannounced, visits.no_contact.announced)
    policy["found_at_visit"] = (breaches.found_at_visit.unannounced, breaches.found_at_visit.announced)
    policy["visit_hours"] = spread(visits.visit_hours)
    policy["travel_hours"] = spread(visits.travel_hours)
    policy["write_up_hours"] = spread(visits.write_up_hours)
    policy["failed_attempt_hours"] = spread(visits.failed_attempt_hours)
    policy["visit_results_vary"] = scenario.officers.untrained.lost_record_share > 0 or any(
        distribution.distribution != "constant"
        for distribution in (visits.write_up_hours, *visits.interval_days.values())
    )

    policy["review_interval_days"] = reviews.interval_days
    policy["review_hours"] = spread(reviews.hours)
    policy["review_error_share"] = reviews.error_share
    policy["review_after_breach_days"] = reviews.after_breach_days
    policy["notification_interval_days"] = notifications.interval_days
    policy["notification_hours"] = spread(notifications.hours)
    policy["notification_missed_share"] = notifications.missed_share
    policy["intake_needed"] = intake.hours.expected > 0
    policy["intake_hours"] = spread(intake.hours)
    policy["first_visit_days"] = intake.first_visit_days
    policy["first_review_days"] = intake.first_review_days

    policy["found_at_notification"] = breaches.found_at_notification
    policy["found_by_intelligence_per_year"] = breaches.found_by_intelligence_per_year
    policy["enquiry_needed"] = breaches.enquiry_hours.expected > 0
    policy["enquiry_hours"] = spread(breaches.enquiry_hours)
    policy["charge_from"] = breaches.outcome.warning
    policy["custody_from"] = 1.0 - breaches.outcome.custody
    policy["custody_days"] = spread(breaches.custody_days)
    up = np.array([*scenario.drift.up_per_year.values()[:-1], 0.0])
    down = np.array([0.0, *scenario.drift.down_per_year.values()[1:]])
    policy["life_per_year"][DRIFT] = up + down
    policy["drift_up_share"] = np.divide(up, up + down, out=np.zeros(RISKS), where=up + down > 0)
    policy["life_per_year"][BREACH] = breaches.per_year.values()

    policy["untrained_hours_factor"] = scenario.officers.untrained.hours_factor
    policy["untrained_detection_factor"] = scenario.officers.untrained.detection_factor
    policy["lost_record_share"] = scenario.officers.untrained.lost_record_share
    policy["record_found_at_notification"] = scenario.records.found_at_notification
    missing, escalation = scenario.missing, scenario.escalation
    policy["life_per_year"][LEAVING] = missing.leave_home_per_year.values()
    policy["tracing_interval_days"] = missing.tracing_interval_days
    policy["tracing_hours"] = spread(missing.tracing_hours)
    policy["found_by_tracing"] = missing.found_by_tracing
    policy["escalate_after"] = escalation.after_failed_attempts
    policy["warrant_delay_days"] = escalation.warrant_delay_days
    policy["warrant_hours"] = spread(escalation.warrant_hours)
    policy["crew"][WARRANT] = escalation.warrant_crew

    base, slope, offset = _priority(scenario)
    policy["priority_base"] = base
    policy["priority_slope"] = slope
    policy["priority_offset"] = offset
    return record
