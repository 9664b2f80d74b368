"""The officers: how many, how they are loaded, and where their hours go."""

from __future__ import annotations

from sim.measure.counts import Counts
from sim.measure.metric import Values, metric, ratio_of_totals, share_of_days, stock_metric, total
from sim.model import codes

WEEKS_AT_END = 4
"""Ratios of hours "at the end" look at this many last weeks, since one week holds bank holidays and leave."""

stock_metric(
    "officers_in_post",
    "Officers in post",
    "Officers who hold a post, at work or away; without the surge team.",
    "officers",
    "higher",
    codes.OFFICERS_IN_POST,
    by_risk=False,
)

stock_metric(
    "vacant_posts", "Vacant posts", "Posts that nobody holds.", "posts", "lower", codes.VACANT_POSTS, by_risk=False
)

stock_metric(
    "untrained_officers",
    "Untrained officers",
    "Officers in post without training.",
    "officers",
    "lower",
    codes.UNTRAINED_OFFICERS,
    by_risk=False,
)


@metric(
    "caseload_per_officer",
    "Caseload per officer",
    "Offenders in the community per officer in post.",
    "offenders",
    "lower",
    by_risk=False,
)
def _caseload_per_officer(counts: Counts) -> Values:
    return share_of_days(counts, codes.MANAGED, codes.OFFICERS_IN_POST, slice(0, 1))


@metric(
    "workload_ratio",
    "Workload",
    "Officer-hours the caseload asks for if nothing were late, divided by officer-hours available for it. Above 1 "
    f"not everything can be in date. At the end: over the last {WEEKS_AT_END} weeks.",
    "ratio",
    "lower",
    by_risk=False,
)
def _workload_ratio(counts: Counts) -> Values:
    return ratio_of_totals(counts.hours_demanded(), counts.hours(codes.HOURS_AVAILABLE), WEEKS_AT_END)


@metric(
    "utilisation",
    "Utilisation",
    "Share of the officer-hours available for the caseload that were worked, neither idle nor waiting for a colleague. "
    f"At the end: over the last {WEEKS_AT_END} weeks.",
    "share",
    "neither",
    by_risk=False,
)
def _utilisation(counts: Counts) -> Values:
    available = counts.hours(codes.HOURS_AVAILABLE)
    worked = available - counts.hours(codes.HOURS_IDLE, codes.HOURS_WAITING)
    return ratio_of_totals(worked, available, WEEKS_AT_END)


@metric(
    "hours_worked",
    "Hours worked",
    "Officer-hours spent on the caseload, overtime and the surge team included: in each week, over the horizon, and "
    "per week on average.",
    "hours",
    "neither",
    by_risk=False,
)
def _hours_worked(counts: Counts) -> Values:
    return total(counts.hours(*range(codes.HOURS_VISIT, codes.HOURS_WAITING)), counts)


@metric(
    "overtime_hours",
    "Overtime",
    "Officer-hours worked beyond the shift as overtime: in each week, over the horizon, and per week on average.",
    "hours",
    "lower",
    by_risk=False,
)
def _overtime_hours(counts: Counts) -> Values:
    return total(counts.hours(codes.HOURS_OVERTIME), counts)


@metric(
    "hours_per_contact",
    "Hours per offender seen",
    "Officer-hours spent on visits, failed attempts included, for each offender seen.",
    "hours",
    "lower",
    by_risk=False,
)
def _hours_per_contact(counts: Counts) -> Values:
    values = ratio_of_totals(counts.hours(codes.HOURS_VISIT), counts.flow(codes.VISITS_COMPLETED)[:1])
    return Values(values.weekly, None, values.average)
