"""How big the backlog is, which risk it holds and how old it is; what is hidden; and when it has recovered."""

from __future__ import annotations

import numpy as np

from sim.measure.counts import Counts
from sim.measure.metric import Metrics, Values, age, days_in_stock, ratio, share_of_days, share_of_flow, stock
from sim.model import codes

BACKLOG = Metrics("caseload", by="risk")

BACKLOG.define(stock, "overdue_visits", "offenders", "lower", codes.OVERDUE_VISITS)(
    "Overdue visits. Offenders whose visit is overdue: due before today and not yet seen."
)
BACKLOG.define(stock, "overdue_reviews", "offenders", "lower", codes.OVERDUE_REVIEWS)(
    "Overdue reviews. Offenders whose review is overdue."
)
BACKLOG.define(share_of_days, "overdue_visits_share", "share", "lower", codes.OVERDUE_VISITS, codes.ON_VISIT_LIST)(
    "Share of visits overdue. Overdue visits divided by offenders to be visited; the average is over offender-days."
)
BACKLOG.define(age, "oldest_overdue_visit_days", "days", "lower", codes.EARLIEST_OVERDUE_VISIT)(
    "Oldest overdue visit. Days since the due date of the most overdue visit; 0 when none is overdue. The average "
    "is over weeks."
)
BACKLOG.define(age, "longest_unseen_days", "days", "lower", codes.EARLIEST_LAST_SEEN)(
    "Longest unseen. Longest time since any offender to be visited, or missing, was last seen (or registered). The "
    "average is over weeks."
)
BACKLOG.define(stock, "unallocated_offenders", "offenders", "lower", codes.UNALLOCATED)(
    "Unallocated offenders. Offenders in the community without an officer."
)


@BACKLOG.metric("share", "higher")
def visit_coverage(counts: Counts) -> Values:
    """Visit coverage. Share of offenders to be visited who are in date; the average is over offender-days."""
    return share_of_days(counts, codes.OVERDUE_VISITS, codes.ON_VISIT_LIST).combine(lambda overdue: 1 - overdue)


@BACKLOG.metric("share", "higher")
def risk_coverage(counts: Counts) -> Values:
    """Risk coverage. Visit coverage with each offender weighted by recorded risk (risk_weights of the scenario)."""
    weights = np.array(counts.scenario.risk_weights.values(), float)

    def weighted(by_group: np.ndarray) -> np.ndarray:
        """The total counts each level by its weight; within a level weights do not matter."""
        return np.concatenate([(weights @ by_group[1:])[None], by_group[1:]])

    overdue, due = weighted(counts.stock(codes.OVERDUE_VISITS)), weighted(counts.stock(codes.ON_VISIT_LIST))
    overdue_days = weighted(counts.stock_days(codes.OVERDUE_VISITS)[:, -1:])
    due_days = weighted(counts.stock_days(codes.ON_VISIT_LIST)[:, -1:])
    observed = 1 - ratio(overdue, due)
    return Values(observed, observed[:, -1], 1 - ratio(overdue_days, due_days)[:, 0])


BACKLOG.define(share_of_days, "unannounced_coverage", "share", "higher", codes.SEEN_UNANNOUNCED, codes.ON_VISIT_LIST)(
    "Unannounced coverage. Share of offenders to be visited who were seen unannounced within the last 365 days."
)
BACKLOG.define(days_in_stock, "hidden_risk_days", "offender-days", "lower", codes.HIDDEN_RISK)(
    "Hidden risk. Offender-days with true risk above recorded risk: in each week, over the horizon, and per week "
    "on average."
)
BACKLOG.define(days_in_stock, "latent_breach_days", "breach-days", "lower", codes.LATENT_BREACHES)(
    "Latent breaches. Days of breaches not yet discovered: in each week, over the horizon, and per week on average."
)
BACKLOG.define(share_of_flow, "breach_detection_days", "days", "lower", codes.DETECTION_DAYS, codes.BREACHES_FOUND)(
    "Time to find a breach. Mean days from the beginning of a breach to its discovery, over the breaches found."
)


@BACKLOG.metric("share", "higher")
def breaches_found_share(counts: Counts) -> Values:
    """Share of breaches found. Breaches found so far divided by those found and those still latent."""
    found = counts.flow(codes.BREACHES_FOUND)
    share = ratio(found, found + counts.stock(codes.LATENT_BREACHES))
    return Values(share, share[:, -1], None)


@BACKLOG.metric("days", "lower")
def recovery_date(counts: Counts) -> Values:
    """Days until recovered. Days from the first day to the first weekly observation from which the share of visits
    overdue stays at or below the scenario's target until the end; none if it does not."""
    share = ratio(counts.stock(codes.OVERDUE_VISITS), counts.stock(codes.ON_VISIT_LIST))
    # With nobody to visit nothing is overdue.
    above = np.nan_to_num(share) > counts.scenario.target.overdue_visits_share
    after_last = above.shape[1] - np.argmax(above[:, ::-1], axis=1)
    first_good = np.where(above.any(axis=1), after_last, 0)
    return Values(None, np.append(counts.days, np.nan)[first_good], None)
