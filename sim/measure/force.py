"""The officers: how many, where their hours go, and the hours they need if all work is done on time."""

from __future__ import annotations

from operator import attrgetter

import numpy as np

from sim.measure.counts import Counts
from sim.measure.metric import Metrics, Values, hours, ratio_of_totals, share_of_days, stock
from sim.model import codes
from sim.model.policy import officer_hours_by_kind
from sim.scenario.domain import KINDS
from sim.scenario.schema import Scenario

FORCE = Metrics("caseload", by="nothing")

WEEKS_AT_END = 4
"""Ratios of hours "at the end" are those of the last four weeks, since one week has bank holidays and leave."""

FORCE.define(stock, "officers_in_post", "officers", "higher", codes.OFFICERS_IN_POST)(
    "Officers in post. Officers who hold a post, at work or away; without the surge team."
)
FORCE.define(stock, "vacant_posts", "posts", "lower", codes.VACANT_POSTS)("Vacant posts. Posts that nobody holds.")
FORCE.define(stock, "untrained_officers", "officers", "lower", codes.UNTRAINED_OFFICERS)(
    "Untrained officers. Officers in post without training."
)
FORCE.define(share_of_days, "caseload_per_officer", "offenders", "lower", codes.MANAGED, codes.OFFICERS_IN_POST)(
    "Caseload per officer. Offenders in the community per officer in post."
)


@FORCE.metric("ratio", "lower")
def workload_ratio(counts: Counts) -> Values:
    """Workload. Officer-hours needed to do all work on time, divided by the officer-hours available for it. Above 1 not
    everything can be in date. At the end: over the last 4 weeks."""
    return ratio_of_totals(hours_demanded(counts), counts.hours(codes.HOURS_AVAILABLE), WEEKS_AT_END)


@FORCE.metric("share", "neither")
def utilisation(counts: Counts) -> Values:
    """Utilisation. Share of the officer-hours available for the caseload that were worked, neither idle nor waiting for
    a colleague. At the end: over the last 4 weeks."""
    available = counts.hours(codes.HOURS_AVAILABLE)
    worked = available - counts.hours(codes.HOURS_IDLE, codes.HOURS_WAITING)
    return ratio_of_totals(worked, available, WEEKS_AT_END)


FORCE.define(hours, "hours_worked", "hours", "neither", *range(codes.HOURS_VISIT, codes.HOURS_WAITING))(
    "Hours worked. Officer-hours spent on the caseload, overtime and the surge team included: in each week, over the "
    "horizon, and per week on average."
)
FORCE.define(hours, "overtime_hours", "hours", "lower", codes.HOURS_OVERTIME)(
    "Overtime. Officer-hours worked beyond the shift as overtime: in each week, over the horizon, and per week on "
    "average."
)


@FORCE.metric("hours", "lower")
def hours_per_contact(counts: Counts) -> Values:
    """Hours per offender seen. Officer-hours spent on visits, failed attempts included, per offender seen."""
    return ratio_of_totals(counts.hours(codes.HOURS_VISIT), counts.flow(codes.VISITS_COMPLETED)[:1])


def hours_demanded(counts: Counts) -> np.ndarray:
    """Officer-hours needed up to each observation if all were done on time, shape (1, times).

    NaN from where visits can never succeed, for which no number of hours is enough.
    """
    reactive = np.diff(counts.stock_days(codes.ON_REACTIVE)[1:], axis=1)
    visited = np.diff(counts.stock_days(codes.MANAGED)[1:], axis=1) - reactive
    demanded = np.zeros(len(counts.days))
    until = [*(day for day, _ in counts.regimes[1:]), np.inf]
    for (day, scenario), end in zip(counts.regimes, until, strict=True):
        weekly = hours_demanded_per_offender_day(scenario) @ visited
        if reactive.any():
            weekly += hours_demanded_per_reactive_day(scenario) * reactive.sum(axis=0)
        weekly += hours_demanded_by_newcomers_per_day(scenario) * np.diff(counts.days)
        # A week in which a lever falls counts for the values that hold at its end.
        demanded[1:] += np.where((counts.days[1:] > day) & (counts.days[1:] <= end), weekly, 0.0)
    demanded = np.cumsum(demanded)
    return np.where(np.isfinite(demanded), demanded, np.nan)[None, :]


def hours_demanded_per_offender_day(scenario: Scenario) -> np.ndarray:
    """Expected officer-hours per offender and day by recorded risk if nothing were late, shape (4,).

    Visits with their failed attempts, routine work, meetings, and enquiries into every breach that begins.
    """
    hours = officer_hours_by_kind(scenario)
    visit_interval = np.array([interval.expected for interval in scenario.visits.interval_days.values()])
    plan, mappa = scenario.caseload.own_plan, scenario.mappa
    visit_interval = visit_interval * (1 - plan.share + plan.share * plan.interval_factor.expected)
    meetings = (
        np.array(mappa.level_2_share.values()) / mappa.level_2_interval_days
        + np.array(mappa.level_3_share.values()) / mappa.level_3_interval_days
    )
    demanded = hours[codes.VISIT] / visit_interval
    for number, kind in enumerate(KINDS):
        if kind.interval:
            demanded = demanded + hours[number] / attrgetter(kind.interval)(scenario)
    return demanded + hours[codes.MEETING] * meetings + hours[codes.ENQUIRY] * _breaches_per_day(scenario)


def hours_demanded_per_reactive_day(scenario: Scenario) -> float:
    """Expected officer-hours per day of an offender in reactive management: desk checks, notifications, enquiries."""
    hours = officer_hours_by_kind(scenario)[:, codes.LOW]
    return (
        hours[codes.DESK_CHECK] / scenario.reactive.check_interval_days
        + hours[codes.NOTIFICATION] / scenario.notifications.interval_days
        + hours[codes.ENQUIRY] * _breaches_per_day(scenario)[codes.LOW]
    )


def _breaches_per_day(scenario: Scenario) -> np.ndarray:
    """Breaches by recorded risk, missed notifications among them."""
    breaches = np.array(scenario.breaches.per_year.values()) / codes.DAYS_PER_YEAR
    return breaches + scenario.notifications.missed_share / scenario.notifications.interval_days


def hours_demanded_by_newcomers_per_day(scenario: Scenario) -> float:
    """Expected officer-hours a day for the initial assessments of new offenders."""
    initial_assessment = officer_hours_by_kind(scenario)[codes.INITIAL_ASSESSMENT, 0]
    return scenario.register.new_per_year / codes.DAYS_PER_YEAR * initial_assessment
