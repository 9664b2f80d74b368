"""From a scenario to the numbers the compiled shift reads: distributions, shares, and the priority rule.

A priority rule is data, a table of base and slope by kind of work and risk: priority = base + slope x
(days past due + offset). So no rule is special in the shift, and a new one is a few lines here.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from sim.model.codes import (
    BREACH,
    COVER_RULES,
    DAYS_PER_YEAR,
    DESK_CHECK,
    DRIFT,
    ENQUIRY,
    INITIAL_ASSESSMENT,
    LEAVING,
    MEETING,
    NEVER,
    NOTIFICATION,
    REPORT,
    REVIEW,
    RISKS,
    TRACING,
    VISIT,
    WARRANT,
    WORK_KINDS,
)
from sim.model.kernel.compiling import machine_code
from sim.model.kernel.draws import CONSTANT, EXPONENTIAL, GAMMA, LOGNORMAL, UNIFORM, draw_one, fill_draws
from sim.model.records import POLICY, SPREAD, table
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


def officer_hours_by_kind(scenario: Scenario) -> np.ndarray:
    """Expected officer-hours of one piece of work, by kind of work and risk, shape (kinds, 4)."""
    hours = np.zeros((len(WORK_KINDS), RISKS))
    hours[VISIT] = officer_hours_per_visit(scenario)
    desk = scenario.reviews.desk
    at_desk = np.array(desk.share.values())
    hours[REVIEW] = (1 - at_desk) * scenario.reviews.hours.expected + at_desk * desk.hours.expected
    hours[NOTIFICATION] = scenario.notifications.hours.expected
    hours[INITIAL_ASSESSMENT] = scenario.initial_assessment.crew * scenario.initial_assessment.hours.expected
    hours[ENQUIRY] = scenario.breaches.enquiry_crew * scenario.breaches.enquiry_hours.expected
    hours[WARRANT] = scenario.escalation.warrant_crew * scenario.escalation.warrant_hours.expected
    hours[TRACING] = scenario.missing.tracing_hours.expected
    hours[DESK_CHECK] = scenario.reactive.check_hours.expected
    hours[MEETING] = scenario.mappa.hours.expected
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
            slope[INITIAL_ASSESSMENT] = weights.initial_assessment.values()
            slope[ENQUIRY] = weights.enquiry.values()
            slope[WARRANT] = weights.warrant.values()
            slope[TRACING] = weights.tracing.values()
            slope[DESK_CHECK] = weights.desk_check
            slope[MEETING] = weights.meeting.values()
        case "highest_risk_first":
            base[:] = _A_LOT * np.arange(RISKS)
        case "quick_wins":
            # A visit that never succeeds would take forever; it comes last, and is attempted all the same.
            base[:] = -_A_LOT * np.minimum(officer_hours_by_kind(scenario), _A_LOT)
        case "earliest_due":
            pass
    return base, slope, offset


def policy_record(scenario: Scenario) -> np.ndarray:
    """Everything the shift must know of a scenario, as one record (shape (1,))."""
    record = table(POLICY, 1)
    policy = record[0]
    visits, reviews, notifications = scenario.visits, scenario.reviews, scenario.notifications
    breaches, initial_assessment = scenario.breaches, scenario.initial_assessment

    start_hour = scenario.calendar.shift_start_hour
    policy["shift_start"] = start_hour / 24
    policy["contracted_hours"] = scenario.shift_hours
    policy["shift_hours"] = scenario.shift_hours * scenario.officers.available_share
    policy["overtime_hours"] = scenario.officers.overtime_hours_per_week / scenario.days_worked_per_week
    policy["workload_weights"] = scenario.caseload.workload_weights.values()
    policy["cover"] = COVER_RULES.index(scenario.caseload.cover.rule)
    policy["crew"] = np.ones((len(WORK_KINDS), RISKS))
    policy["crew"][VISIT] = visits.crew.values()
    policy["crew"][INITIAL_ASSESSMENT] = initial_assessment.crew
    policy["crew"][ENQUIRY] = breaches.enquiry_crew

    for risk, interval in enumerate(visits.interval_days.values()):
        policy["interval_days"][risk] = spread(interval)
    policy["announced_share"] = visits.announced_share.values()
    policy["lead_days"] = visits.lead_days
    policy["retry_days"] = visits.retry_days
    policy["no_contact"] = (visits.no_contact.unannounced, visits.no_contact.announced)
    policy["out_again"] = visits.no_contact.same_hour_again if visits.retry_hour == "same" else 0.0
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
    policy["desk_review_share"] = reviews.desk.share.values()
    policy["desk_review_hours"] = spread(reviews.desk.hours)
    policy["desk_review_error_share"] = reviews.desk.error_share
    policy["notification_interval_days"] = notifications.interval_days
    policy["notification_hours"] = spread(notifications.hours)
    policy["notification_missed_share"] = notifications.missed_share
    policy["initial_assessment_needed"] = initial_assessment.hours.expected > 0
    policy["initial_assessment_hours"] = spread(initial_assessment.hours)
    policy["first_visit_days"] = initial_assessment.first_visit_days
    policy["first_review_days"] = initial_assessment.first_review_days

    policy["found_at_notification"] = breaches.found_at_notification
    policy["found_by_intelligence_per_year"] = breaches.found_by_intelligence_per_year
    policy["enquiry_needed"] = breaches.enquiry_hours.expected > 0
    policy["enquiry_hours"] = spread(breaches.enquiry_hours)
    policy["charge_from"] = breaches.outcome.warning
    policy["custody_from"] = 1.0 - breaches.outcome.custody
    policy["custody_days"] = spread(breaches.custody_days)
    up = np.array([*scenario.drift.up_per_year.values()[:-1], 0.0])
    down = np.array([0.0, *scenario.drift.down_per_year.values()[1:]])
    policy["natural_events_per_year"][DRIFT] = up + down
    policy["drift_up_share"] = np.divide(up, up + down, out=np.zeros(RISKS), where=up + down > 0)
    policy["natural_events_per_year"][BREACH] = breaches.per_year.values()

    policy["untrained_hours_factor"] = scenario.officers.untrained.hours_factor
    policy["untrained_detection_factor"] = scenario.officers.untrained.detection_factor
    policy["lost_record_share"] = scenario.officers.untrained.lost_record_share
    policy["record_found_at_notification"] = scenario.records.found_at_notification
    missing, escalation = scenario.missing, scenario.escalation
    policy["natural_events_per_year"][LEAVING] = missing.leave_home_per_year.values()
    policy["tracing_interval_days"] = missing.tracing_interval_days
    policy["tracing_hours"] = spread(missing.tracing_hours)
    policy["found_by_tracing"] = missing.found_by_tracing
    policy["escalate_after"] = escalation.after_failed_attempts
    policy["warrant_delay_days"] = escalation.warrant_delay_days
    policy["warrant_hours"] = spread(escalation.warrant_hours)
    policy["crew"][WARRANT] = escalation.warrant_crew

    _safeguards(scenario, policy)
    base, slope, offset = _priority(scenario)
    policy["priority_base"] = base
    policy["priority_slope"] = slope
    policy["priority_offset"] = offset
    return record


def _safeguards(scenario: Scenario, policy: np.record) -> None:
    """Checks by supervisors, intelligence, reactive management and MAPPA meetings."""
    supervisors, intelligence, reactive, mappa = (
        scenario.supervisors,
        scenario.intelligence,
        scenario.reactive,
        scenario.mappa,
    )
    policy["check_hours"] = supervisors.check_hours
    policy["check_finds_record"] = supervisors.finds_lost_record
    policy["check_notices_risk"] = supervisors.notices_risk
    policy["natural_events_per_year"][REPORT] = intelligence.reports_per_year.values()
    policy["report_review_days"] = intelligence.review_within_days
    policy["intelligence_raises_work"] = (
        scenario.breaches.found_by_intelligence_per_year > 0 or policy["natural_events_per_year"][REPORT].any()
    )
    policy["reactive_after_days"] = reactive.after_quiet_years * DAYS_PER_YEAR
    policy["reactive_passed"] = reactive.passed_share
    policy["desk_check_interval_days"] = reactive.check_interval_days
    policy["desk_check_hours"] = spread(reactive.check_hours)
    policy["found_at_desk_check"] = reactive.found_at_check
    policy["desk_check_notices_risk"] = reactive.notices_risk
    is_reactive = reactive.after_quiet_years < NEVER
    policy["review_results_vary"] = is_reactive or any(scenario.reviews.desk.share.values())

    level_2, level_3 = np.array(mappa.level_2_share.values()), np.array(mappa.level_3_share.values())
    policy["mappa_share"] = (level_3, level_2 + level_3)
    policy["mappa_interval_days"] = (mappa.level_3_interval_days, mappa.level_2_interval_days)
    policy["meeting_hours"] = spread(mappa.hours)
    policy["meeting_notices_risk"] = mappa.notices_risk
