"""The officers: how many, their workload, and where their hours go."""

from __future__ import annotations

from sim.measure.counts import Counts
from sim.measure.demand import hours_demanded
from sim.measure.metric import Metrics, Values, hours, ratio_of_totals, share_of_days, stock
from sim.model import codes

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
