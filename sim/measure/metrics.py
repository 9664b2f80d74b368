"""Every metric, defined once: its name, what it means, its unit, which way is better, and how it is computed.

A metric turns the counts of one history into a weekly series, a value at the horizon and an average over the
horizon, each for the total and by risk level where that makes sense.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sim.measure.counts import Counts
from sim.model import codes

WEEKS_AT_END = 4
"""Ratios of hours "at the end" look at this many last weeks, since one week holds bank holidays and leave."""


@dataclass(frozen=True)
class Values:
    """A metric's numbers, each None where it makes no sense.

    `weekly`: at each mark, shape (groups, marks), or of the week before each mark but the first, shape
    (groups, marks - 1). `at_end`, `average`: shape (groups,).
    """

    weekly: np.ndarray | None
    at_end: np.ndarray | None
    average: np.ndarray | None


@dataclass(frozen=True)
class Metric:
    """What is counted. `better`: which way is better; `by_risk`: is it known for each risk level?"""

    name: str
    title: str
    definition: str
    unit: str
    better: Literal["lower", "higher", "neither"]
    compute: Callable[[Counts], Values]
    by_risk: bool = True


METRICS: dict[str, Metric] = {}


def _metric(name: str, title: str, definition: str, unit: str, better, by_risk: bool = True):
    def define(compute: Callable[[Counts], Values]) -> Callable[[Counts], Values]:
        METRICS[name] = Metric(name, title, definition, unit, better, compute, by_risk)
        return compute

    return define


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    """NaN where there is nothing to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bottom > 0, top / bottom, np.nan)


def _stock(counts: Counts, stock: int) -> Values:
    """So many at each mark; on average over the horizon."""
    at_marks = counts.stock(stock)
    return Values(at_marks, at_marks[:, -1], counts.stock_days(stock)[:, -1] / counts.horizon)


def _of_the_force(values: Values) -> Values:
    """The total alone, where risk levels mean nothing."""
    return Values(*(None if part is None else part[:1] for part in (values.weekly, values.at_end, values.average)))


def _share_of_days(counts: Counts, part: int, whole: int, groups: slice = slice(None)) -> Values:
    """The share at each mark; on average over all offender-days."""
    at_marks = _ratio(counts.stock(part)[groups], counts.stock(whole)[groups])
    average = _ratio(counts.stock_days(part)[groups, -1], counts.stock_days(whole)[groups, -1])
    return Values(at_marks, at_marks[:, -1], average)


def _total(running: np.ndarray, counts: Counts) -> Values:
    """So much in each week; in all at the end; per week on average."""
    weekly = np.diff(running, axis=1)
    return Values(weekly, running[:, -1], running[:, -1] / counts.weeks)


def _ratio_of_totals(top: np.ndarray, bottom: np.ndarray, weeks_at_end: int = 1) -> Values:
    """Of what happened in each week; in the last weeks; over the horizon."""
    weekly = _ratio(np.diff(top, axis=1), np.diff(bottom, axis=1))
    back = max(-1 - weeks_at_end, -top.shape[1])
    at_end = _ratio(top[:, -1] - top[:, back], bottom[:, -1] - bottom[:, back])
    return Values(weekly, at_end, _ratio(top[:, -1], bottom[:, -1]))


def _age(counts: Counts, extreme: int) -> Values:
    """How long ago the earliest date is at each mark, 0 where nobody is concerned."""
    earliest = counts.earliest(extreme)
    ages = np.where(np.isfinite(earliest), counts.days - np.where(np.isfinite(earliest), earliest, 0.0), 0.0)
    return Values(ages, ages[:, -1], ages.mean(axis=1))


@_metric(
    "overdue_visits",
    "Overdue visits",
    "Offenders whose visit is overdue: due before today and not yet seen.",
    "offenders",
    "lower",
)
def _overdue_visits(counts: Counts) -> Values:
    return _stock(counts, codes.OVERDUE_VISITS)


@_metric("overdue_reviews", "Overdue reviews", "Offenders whose review is overdue.", "offenders", "lower")
def _overdue_reviews(counts: Counts) -> Values:
    return _stock(counts, codes.OVERDUE_REVIEWS)


@_metric(
    "overdue_visits_share",
    "Share of visits overdue",
    "Overdue visits divided by offenders who should be visited; on average over offender-days.",
    "share",
    "lower",
)
def _overdue_visits_share(counts: Counts) -> Values:
    return _share_of_days(counts, codes.OVERDUE_VISITS, codes.ON_VISIT_LIST)


@_metric(
    "oldest_overdue_visit_days",
    "Oldest overdue visit",
    "Days since the due date of the most overdue visit; 0 when none is overdue. The average is over weeks.",
    "days",
    "lower",
)
def _oldest_overdue_visit_days(counts: Counts) -> Values:
    return _age(counts, codes.EARLIEST_OVERDUE_VISIT)


@_metric(
    "longest_unseen_days",
    "Longest unseen",
    "Longest time since anybody on the visit list, or missing, was last seen (or registered). The average is over "
    "weeks.",
    "days",
    "lower",
)
def _longest_unseen_days(counts: Counts) -> Values:
    return _age(counts, codes.EARLIEST_LAST_SEEN)


@_metric(
    "unallocated_offenders",
    "Unallocated offenders",
    "Offenders in the community without an officer.",
    "offenders",
    "lower",
)
def _unallocated_offenders(counts: Counts) -> Values:
    return _stock(counts, codes.UNALLOCATED)


@_metric(
    "visit_coverage",
    "Visit coverage",
    "Share of offenders who should be visited, and of their days, in date.",
    "share",
    "higher",
)
def _visit_coverage(counts: Counts) -> Values:
    overdue = _overdue_visits_share(counts)
    return Values(1 - overdue.weekly, 1 - overdue.at_end, 1 - overdue.average)


@_metric(
    "risk_coverage",
    "Risk coverage",
    "Visit coverage with each offender weighted by recorded risk (risk_weights of the scenario).",
    "share",
    "higher",
)
def _risk_coverage(counts: Counts) -> Values:
    weights = np.array(counts.scenario.risk_weights.values(), float)

    def weighted(by_group: np.ndarray) -> np.ndarray:
        """The total counts each level by its weight; within a level weights do not matter."""
        return np.concatenate([(weights @ by_group[1:])[None], by_group[1:]])

    late, due = weighted(counts.stock(codes.OVERDUE_VISITS)), weighted(counts.stock(codes.ON_VISIT_LIST))
    late_days = weighted(counts.stock_days(codes.OVERDUE_VISITS)[:, -1:])
    due_days = weighted(counts.stock_days(codes.ON_VISIT_LIST)[:, -1:])
    at_marks = 1 - _ratio(late, due)
    return Values(at_marks, at_marks[:, -1], 1 - _ratio(late_days, due_days)[:, 0])


@_metric(
    "unannounced_coverage",
    "Unannounced coverage",
    "Share of offenders who should be visited and were seen unannounced within the last 365 days.",
    "share",
    "higher",
)
def _unannounced_coverage(counts: Counts) -> Values:
    return _share_of_days(counts, codes.SEEN_UNANNOUNCED, codes.ON_VISIT_LIST)


@_metric(
    "hidden_risk_days",
    "Hidden risk",
    "Offender-days with true risk above recorded risk: in each week, over the horizon, and per week on average.",
    "offender-days",
    "lower",
)
def _hidden_risk_days(counts: Counts) -> Values:
    return _total(counts.stock_days(codes.HIDDEN_RISK), counts)


@_metric(
    "latent_breach_days",
    "Latent breaches",
    "Days that breaches lay undiscovered: in each week, over the horizon, and per week on average.",
    "breach-days",
    "lower",
)
def _latent_breach_days(counts: Counts) -> Values:
    return _total(counts.stock_days(codes.LATENT_BREACHES), counts)


@_metric(
    "breach_detection_days",
    "Time to find a breach",
    "Mean days from the beginning of a breach to its discovery, over the breaches found.",
    "days",
    "lower",
)
def _breach_detection_days(counts: Counts) -> Values:
    values = _ratio_of_totals(counts.flow(codes.DETECTION_DAYS), counts.flow(codes.BREACHES_FOUND))
    return Values(values.weekly, None, values.average)


@_metric(
    "breaches_found_share",
    "Breaches found",
    "Breaches found so far divided by those found and those still latent.",
    "share",
    "higher",
)
def _breaches_found_share(counts: Counts) -> Values:
    found = counts.flow(codes.BREACHES_FOUND)
    share = _ratio(found, found + counts.stock(codes.LATENT_BREACHES))
    return Values(share, share[:, -1], None)


@_metric("visit_attempts", "Visits attempted", "Visits made, answered or not.", "visits", "neither")
def _visit_attempts(counts: Counts) -> Values:
    return _total(counts.flow(codes.VISIT_ATTEMPTS), counts)


@_metric("visits_completed", "Visits completed", "Visits at which the offender was seen.", "visits", "higher")
def _visits_completed(counts: Counts) -> Values:
    return _total(counts.flow(codes.VISITS_COMPLETED), counts)


@_metric("failed_attempts_share", "Failed attempts", "Share of visits at which nobody was seen.", "share", "lower")
def _failed_attempts_share(counts: Counts) -> Values:
    values = _ratio_of_totals(counts.flow(codes.FAILED_ATTEMPTS), counts.flow(codes.VISIT_ATTEMPTS))
    return Values(values.weekly, None, values.average)


@_metric(
    "unannounced_attempts_share", "Unannounced visits", "Share of visits made without announcement.", "share", "higher"
)
def _unannounced_attempts_share(counts: Counts) -> Values:
    values = _ratio_of_totals(counts.flow(codes.UNANNOUNCED_ATTEMPTS), counts.flow(codes.VISIT_ATTEMPTS))
    return Values(values.weekly, None, values.average)


@_metric("reviews_completed", "Reviews completed", "Reviews finished.", "reviews", "higher")
def _reviews_completed(counts: Counts) -> Values:
    return _total(counts.flow(codes.REVIEWS_COMPLETED), counts)


@_metric("breaches_found", "Breaches discovered", "Breaches that came to light.", "breaches", "neither")
def _breaches_found(counts: Counts) -> Values:
    return _total(counts.flow(codes.BREACHES_FOUND), counts)


@_metric("enquiries_completed", "Enquiries completed", "Breach enquiries finished.", "enquiries", "neither")
def _enquiries_completed(counts: Counts) -> Values:
    return _total(counts.flow(codes.ENQUIRIES_COMPLETED), counts)


@_metric(
    "offenders_managed", "Offenders managed", "Offenders on the register in the community.", "offenders", "neither"
)
def _offenders_managed(counts: Counts) -> Values:
    return _stock(counts, codes.MANAGED)


@_metric(
    "offenders_in_custody",
    "Offenders in custody",
    "Offenders recalled or remanded after an enquiry.",
    "offenders",
    "neither",
)
def _offenders_in_custody(counts: Counts) -> Values:
    return _stock(counts, codes.IN_CUSTODY)


@_metric(
    "offenders_missing",
    "Offenders missing",
    "Offenders known to have left home without telling, not yet traced.",
    "offenders",
    "lower",
)
def _offenders_missing(counts: Counts) -> Values:
    return _stock(counts, codes.WHEREABOUTS_UNKNOWN)


@_metric(
    "offenders_awaiting_intake",
    "Offenders awaiting intake",
    "Offenders in the community whose intake is not done.",
    "offenders",
    "lower",
)
def _offenders_awaiting_intake(counts: Counts) -> Values:
    return _stock(counts, codes.WAITING_INTAKE)


@_metric(
    "offenders_reactive",
    "Offenders in reactive management",
    "Offenders who get no visits for now, only desk checks.",
    "offenders",
    "neither",
)
def _offenders_reactive(counts: Counts) -> Values:
    return _stock(counts, codes.ON_REACTIVE)


@_metric(
    "lost_records",
    "Lost records",
    "Offenders whose record has no next due date, so that nobody visits them.",
    "offenders",
    "lower",
)
def _lost_records(counts: Counts) -> Values:
    return _stock(counts, codes.LOST_RECORDS)


@_metric("warrants_executed", "Warrants executed", "Entries by warrant after failed visits.", "warrants", "neither")
def _warrants_executed(counts: Counts) -> Values:
    return _total(counts.flow(codes.WARRANTS_EXECUTED), counts)


@_metric("desk_checks_completed", "Desk checks", "Desk checks in reactive management.", "checks", "neither")
def _desk_checks_completed(counts: Counts) -> Values:
    return _total(counts.flow(codes.DESK_CHECKS_COMPLETED), counts)


@_metric("meetings_held", "MAPPA meetings", "Offenders discussed at multi-agency meetings.", "meetings", "neither")
def _meetings_held(counts: Counts) -> Values:
    return _total(counts.flow(codes.MEETINGS_HELD), counts)


@_metric("records_checked", "Records checked", "Plans and records that supervisors have checked.", "records", "neither")
def _records_checked(counts: Counts) -> Values:
    return _total(counts.flow(codes.RECORDS_CHECKED), counts)


@_metric("reports_received", "Reports", "Reports about offenders that came in.", "reports", "neither")
def _reports_received(counts: Counts) -> Values:
    return _total(counts.flow(codes.REPORTS_RECEIVED), counts)


@_metric(
    "officers_in_post",
    "Officers in post",
    "Officers who hold a post, at work or away; without the surge team.",
    "officers",
    "higher",
    by_risk=False,
)
def _officers_in_post(counts: Counts) -> Values:
    return _of_the_force(_stock(counts, codes.OFFICERS_IN_POST))


@_metric("vacant_posts", "Vacant posts", "Posts that nobody holds.", "posts", "lower", by_risk=False)
def _vacant_posts(counts: Counts) -> Values:
    return _of_the_force(_stock(counts, codes.VACANT_POSTS))


@_metric(
    "untrained_officers", "Untrained officers", "Officers in post without training.", "officers", "lower", by_risk=False
)
def _untrained_officers(counts: Counts) -> Values:
    return _of_the_force(_stock(counts, codes.UNTRAINED_OFFICERS))


@_metric(
    "caseload_per_officer",
    "Caseload per officer",
    "Offenders in the community per officer in post.",
    "offenders",
    "lower",
    by_risk=False,
)
def _caseload_per_officer(counts: Counts) -> Values:
    return _share_of_days(counts, codes.MANAGED, codes.OFFICERS_IN_POST, slice(0, 1))


@_metric(
    "workload_ratio",
    "Workload",
    "Officer-hours the caseload asks for if nothing were late, divided by officer-hours available for it. Above 1 "
    f"not everything can be in date. At the end: over the last {WEEKS_AT_END} weeks.",
    "ratio",
    "lower",
    by_risk=False,
)
def _workload_ratio(counts: Counts) -> Values:
    return _ratio_of_totals(counts.hours_demanded(), counts.hours(codes.HOURS_AVAILABLE), WEEKS_AT_END)


@_metric(
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
    return _ratio_of_totals(worked, available, WEEKS_AT_END)


@_metric(
    "hours_worked",
    "Hours worked",
    "Officer-hours spent on the caseload, overtime and the surge team included: in each week, over the horizon, and "
    "per week on average.",
    "hours",
    "neither",
    by_risk=False,
)
def _hours_worked(counts: Counts) -> Values:
    return _total(counts.hours(*range(codes.HOURS_VISIT, codes.HOURS_WAITING)), counts)


@_metric(
    "overtime_hours",
    "Overtime",
    "Officer-hours worked beyond the shift as overtime: in each week, over the horizon, and per week on average.",
    "hours",
    "lower",
    by_risk=False,
)
def _overtime_hours(counts: Counts) -> Values:
    return _total(counts.hours(codes.HOURS_OVERTIME), counts)


@_metric(
    "hours_per_contact",
    "Hours for each contact",
    "Officer-hours spent on visits, failed attempts included, for each offender seen.",
    "hours",
    "lower",
    by_risk=False,
)
def _hours_per_contact(counts: Counts) -> Values:
    values = _ratio_of_totals(counts.hours(codes.HOURS_VISIT), counts.flow(codes.VISITS_COMPLETED)[:1])
    return Values(values.weekly, None, values.average)


@_metric(
    "recovery_date",
    "Recovery",
    "Days from the first day to the first weekly mark from which the share of visits overdue stays at or below the "
    "scenario's target until the horizon; none if it does not.",
    "days",
    "lower",
)
def _recovery_date(counts: Counts) -> Values:
    share = _ratio(counts.stock(codes.OVERDUE_VISITS), counts.stock(codes.ON_VISIT_LIST))
    # Nobody to visit is nothing overdue.
    above = np.nan_to_num(share) > counts.scenario.target.overdue_visits_share
    after_last = above.shape[1] - np.argmax(above[:, ::-1], axis=1)
    first_good = np.where(above.any(axis=1), after_last, 0)
    days = np.append(counts.days, np.nan)[first_good]
    return Values(None, days, None)
