"""How big the backlog is, which risk it holds and how old it is; what is hidden; and when it has recovered."""

from __future__ import annotations

import numpy as np

from sim.measure.counts import Counts
from sim.measure.metric import Values, age, metric, ratio, ratio_of_totals, share_of_days, stock_metric, total
from sim.model import codes

stock_metric(
    "overdue_visits",
    "Overdue visits",
    "Offenders whose visit is overdue: due before today and not yet seen.",
    "offenders",
    "lower",
    codes.OVERDUE_VISITS,
)

stock_metric(
    "overdue_reviews",
    "Overdue reviews",
    "Offenders whose review is overdue.",
    "offenders",
    "lower",
    codes.OVERDUE_REVIEWS,
)


@metric(
    "overdue_visits_share",
    "Share of visits overdue",
    "Overdue visits divided by offenders who should be visited; on average over offender-days.",
    "share",
    "lower",
)
def _overdue_visits_share(counts: Counts) -> Values:
    return share_of_days(counts, codes.OVERDUE_VISITS, codes.ON_VISIT_LIST)


@metric(
    "oldest_overdue_visit_days",
    "Oldest overdue visit",
    "Days since the due date of the most overdue visit; 0 when none is overdue. The average is over weeks.",
    "days",
    "lower",
)
def _oldest_overdue_visit_days(counts: Counts) -> Values:
    return age(counts, codes.EARLIEST_OVERDUE_VISIT)


@metric(
    "longest_unseen_days",
    "Longest unseen",
    "Longest time since anybody on the visit list, or missing, was last seen (or registered). The average is over "
    "weeks.",
    "days",
    "lower",
)
def _longest_unseen_days(counts: Counts) -> Values:
    return age(counts, codes.EARLIEST_LAST_SEEN)


stock_metric(
    "unallocated_offenders",
    "Unallocated offenders",
    "Offenders in the community without an officer.",
    "offenders",
    "lower",
    codes.UNALLOCATED,
)


@metric(
    "visit_coverage",
    "Visit coverage",
    "Share of offenders who should be visited, and of their days, in date.",
    "share",
    "higher",
)
def _visit_coverage(counts: Counts) -> Values:
    overdue = _overdue_visits_share(counts)
    return Values(1 - overdue.weekly, 1 - overdue.at_end, 1 - overdue.average)


@metric(
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
    at_marks = 1 - ratio(late, due)
    return Values(at_marks, at_marks[:, -1], 1 - ratio(late_days, due_days)[:, 0])


@metric(
    "unannounced_coverage",
    "Unannounced coverage",
    "Share of offenders who should be visited and were seen unannounced within the last 365 days.",
    "share",
    "higher",
)
def _unannounced_coverage(counts: Counts) -> Values:
    return share_of_days(counts, codes.SEEN_UNANNOUNCED, codes.ON_VISIT_LIST)


@metric(
    "hidden_risk_days",
    "Hidden risk",
    "Offender-days with true risk above recorded risk: in each week, over the horizon, and per week on average.",
    "offender-days",
    "lower",
)
def _hidden_risk_days(counts: Counts) -> Values:
    return total(counts.stock_days(codes.HIDDEN_RISK), counts)


@metric(
    "latent_breach_days",
    "Latent breaches",
    "Days that breaches lay undiscovered: in each week, over the horizon, and per week on average.",
    "breach-days",
    "lower",
)
def _latent_breach_days(counts: Counts) -> Values:
    return total(counts.stock_days(codes.LATENT_BREACHES), counts)


@metric(
    "breach_detection_days",
    "Time to find a breach",
    "Mean days from the beginning of a breach to its discovery, over the breaches found.",
    "days",
    "lower",
)
def _breach_detection_days(counts: Counts) -> Values:
    values = ratio_of_totals(counts.flow(codes.DETECTION_DAYS), counts.flow(codes.BREACHES_FOUND))
    return Values(values.weekly, None, values.average)


@metric(
    "breaches_found_share",
    "Share of breaches found",
    "Breaches found so far divided by those found and those still latent.",
    "share",
    "higher",
)
def _breaches_found_share(counts: Counts) -> Values:
    found = counts.flow(codes.BREACHES_FOUND)
    share = ratio(found, found + counts.stock(codes.LATENT_BREACHES))
    return Values(share, share[:, -1], None)


@metric(
    "recovery_date",
    "Days until recovered",
    "Days from the first day to the first weekly count from which the share of visits overdue stays at or below the "
    "scenario's target until the horizon; none if it does not.",
    "days",
    "lower",
)
def _recovery_date(counts: Counts) -> Values:
    share = ratio(counts.stock(codes.OVERDUE_VISITS), counts.stock(codes.ON_VISIT_LIST))
    # Nobody to visit is nothing overdue.
    above = np.nan_to_num(share) > counts.scenario.target.overdue_visits_share
    after_last = above.shape[1] - np.argmax(above[:, ::-1], axis=1)
    first_good = np.where(above.any(axis=1), after_last, 0)
    days = np.append(counts.days, np.nan)[first_good]
    return Values(None, days, None)
