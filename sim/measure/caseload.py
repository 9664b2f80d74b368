"""What is done about offenders, what comes to light, and where they are."""

from __future__ import annotations

from sim.measure.counts import Counts
from sim.measure.metric import Values, metric, ratio_of_totals, stock_metric, total_metric
from sim.model import codes

total_metric(
    "visit_attempts", "Visits attempted", "Visits made, answered or not.", "visits", "neither", codes.VISIT_ATTEMPTS
)

total_metric(
    "visits_completed",
    "Visits completed",
    "Visits at which the offender was seen.",
    "visits",
    "higher",
    codes.VISITS_COMPLETED,
)


@metric("failed_attempts_share", "Failed attempts", "Share of visits at which nobody was seen.", "share", "lower")
def _failed_attempts_share(counts: Counts) -> Values:
    values = ratio_of_totals(counts.flow(codes.FAILED_ATTEMPTS), counts.flow(codes.VISIT_ATTEMPTS))
    return Values(values.weekly, None, values.average)


@metric(
    "unannounced_attempts_share", "Unannounced visits", "Share of visits made without announcement.", "share", "higher"
)
def _unannounced_attempts_share(counts: Counts) -> Values:
    values = ratio_of_totals(counts.flow(codes.UNANNOUNCED_ATTEMPTS), counts.flow(codes.VISIT_ATTEMPTS))
    return Values(values.weekly, None, values.average)


total_metric(
    "reviews_completed", "Reviews completed", "Reviews finished.", "reviews", "higher", codes.REVIEWS_COMPLETED
)

total_metric(
    "breaches_found", "Breaches found", "Breaches that came to light.", "breaches", "neither", codes.BREACHES_FOUND
)

total_metric(
    "enquiries_completed",
    "Enquiries completed",
    "Breach enquiries finished.",
    "enquiries",
    "neither",
    codes.ENQUIRIES_COMPLETED,
)

stock_metric(
    "offenders_managed",
    "Offenders managed",
    "Offenders on the register in the community.",
    "offenders",
    "neither",
    codes.MANAGED,
)

stock_metric(
    "offenders_in_custody",
    "Offenders in custody",
    "Offenders recalled or remanded after an enquiry.",
    "offenders",
    "neither",
    codes.IN_CUSTODY,
)

stock_metric(
    "offenders_missing",
    "Offenders missing",
    "Offenders known to have left home without telling, not yet traced.",
    "offenders",
    "lower",
    codes.WHEREABOUTS_UNKNOWN,
)

stock_metric(
    "offenders_awaiting_initial_assessment",
    "Offenders awaiting intake",
    "Offenders in the community whose intake is not done.",
    "offenders",
    "lower",
    codes.AWAITING_INITIAL_ASSESSMENT,
)

stock_metric(
    "offenders_reactive",
    "Offenders in reactive management",
    "Offenders who get no visits for now, only desk checks.",
    "offenders",
    "neither",
    codes.ON_REACTIVE,
)

stock_metric(
    "lost_records",
    "Records without a next date",
    "Offenders whose record has no next due date, so that nobody visits them.",
    "offenders",
    "lower",
    codes.LOST_RECORDS,
)

total_metric(
    "warrants_executed",
    "Warrants executed",
    "Entries by warrant after failed visits.",
    "warrants",
    "neither",
    codes.WARRANTS_EXECUTED,
)

total_metric(
    "desk_checks_completed",
    "Desk checks",
    "Desk checks in reactive management.",
    "checks",
    "neither",
    codes.DESK_CHECKS_COMPLETED,
)

total_metric(
    "meetings_held",
    "MAPPA meetings",
    "Offenders discussed at multi-agency meetings.",
    "meetings",
    "neither",
    codes.MEETINGS_HELD,
)

total_metric(
    "records_checked",
    "Records checked",
    "Plans and records that supervisors have checked.",
    "records",
    "neither",
    codes.RECORDS_CHECKED,
)

total_metric(
    "supervisor_hours",
    "Supervisors' hours",
    "Hours of supervisors for checks: in each week, over the horizon, and per week on average.",
    "hours",
    "neither",
    codes.SUPERVISOR_HOURS,
)

total_metric(
    "reports_received", "Reports", "Reports about offenders that came in.", "reports", "neither", codes.REPORTS_RECEIVED
)
