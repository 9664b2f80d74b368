"""What is done about offenders, what comes to light, and where they are."""

from __future__ import annotations

from sim.measure.counts import Counts
from sim.measure.metric import Values, metric, ratio_of_totals, stock_metric, total_metric
from sim.model import codes
from sim.scenario.domain import KINDS


def work_metric(kind: int) -> None:
    """The metric of a kind of work: how many are done."""
    if done := KINDS[kind].completed:
        total_metric(done.metric, done.title, done.definition, done.unit, done.better, codes.COMPLETED + kind)


total_metric(
    "visit_attempts", "Visits attempted", "Visits made, answered or not.", "visits", "neither", codes.VISIT_ATTEMPTS
)

work_metric(codes.VISIT)


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


work_metric(codes.REVIEW)

total_metric(
    "breaches_found", "Breaches found", "Breaches that came to light.", "breaches", "neither", codes.BREACHES_FOUND
)

work_metric(codes.ENQUIRY)

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

for _kind in range(codes.WARRANT, len(KINDS)):
    work_metric(_kind)

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
