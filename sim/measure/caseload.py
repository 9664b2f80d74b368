"""What is done about offenders, what comes to light, and where they are."""

from __future__ import annotations

from sim.measure.counts import Counts
from sim.measure.metric import Metrics, Values, ratio_of_totals, stock, total
from sim.model import codes

CASELOAD = Metrics("caseload", by="risk")


@CASELOAD.metric("visits", "neither")
def visit_attempts(counts: Counts) -> Values:
    """Visits attempted. Visits made, answered or not."""
    return total(counts.flow(codes.VISIT_ATTEMPTS), counts)


@CASELOAD.metric("visits", "higher")
def visits_completed(counts: Counts) -> Values:
    """Visits completed. Visits at which the offender was seen."""
    return total(counts.flow(codes.VISITS_COMPLETED), counts)


@CASELOAD.metric("share", "lower")
def failed_attempts_share(counts: Counts) -> Values:
    """Failed attempts. Share of visits at which nobody was seen."""
    return ratio_of_totals(counts.flow(codes.FAILED_ATTEMPTS), counts.flow(codes.VISIT_ATTEMPTS))


@CASELOAD.metric("share", "higher")
def unannounced_attempts_share(counts: Counts) -> Values:
    """Unannounced visits. Share of visits made without announcement."""
    return ratio_of_totals(counts.flow(codes.UNANNOUNCED_ATTEMPTS), counts.flow(codes.VISIT_ATTEMPTS))


@CASELOAD.metric("reviews", "higher")
def reviews_completed(counts: Counts) -> Values:
    """Reviews completed. Reviews finished."""
    return total(counts.flow(codes.COMPLETED + codes.REVIEW), counts)


@CASELOAD.metric("breaches", "neither")
def breaches_found(counts: Counts) -> Values:
    """Breaches found. Breaches that came to light."""
    return total(counts.flow(codes.BREACHES_FOUND), counts)


@CASELOAD.metric("enquiries", "neither")
def enquiries_completed(counts: Counts) -> Values:
    """Enquiries completed. Breach enquiries finished."""
    return total(counts.flow(codes.COMPLETED + codes.ENQUIRY), counts)


@CASELOAD.metric("offenders", "neither")
def offenders_managed(counts: Counts) -> Values:
    """Offenders managed. Offenders on the register in the community."""
    return stock(counts, codes.MANAGED)


@CASELOAD.metric("offenders", "neither")
def offenders_in_custody(counts: Counts) -> Values:
    """Offenders in custody. Offenders recalled, or remanded after an enquiry."""
    return stock(counts, codes.IN_CUSTODY)


@CASELOAD.metric("offenders", "lower")
def offenders_missing(counts: Counts) -> Values:
    """Offenders missing. Offenders known to have left home without notification, not yet traced."""
    return stock(counts, codes.WHEREABOUTS_UNKNOWN)


@CASELOAD.metric("offenders", "lower")
def offenders_awaiting_initial_assessment(counts: Counts) -> Values:
    """Offenders awaiting initial assessment. Offenders in the community whose initial assessment (the registration
    visit and first review) is not done."""
    return stock(counts, codes.AWAITING_INITIAL_ASSESSMENT)


@CASELOAD.metric("offenders", "neither")
def offenders_reactive(counts: Counts) -> Values:
    """Offenders in reactive management. Offenders who are not visited for now and only get desk checks."""
    return stock(counts, codes.ON_REACTIVE)


@CASELOAD.metric("offenders", "lower")
def lost_records(counts: Counts) -> Values:
    """Records without a next date. Offenders whose record has no next due date, so that nobody visits them."""
    return stock(counts, codes.LOST_RECORDS)


@CASELOAD.metric("warrants", "neither")
def warrants_executed(counts: Counts) -> Values:
    """Warrants executed. Entries by warrant after failed visits."""
    return total(counts.flow(codes.COMPLETED + codes.WARRANT), counts)


@CASELOAD.metric("checks", "neither")
def desk_checks_completed(counts: Counts) -> Values:
    """Desk checks. Desk checks in reactive management."""
    return total(counts.flow(codes.COMPLETED + codes.DESK_CHECK), counts)


@CASELOAD.metric("meetings", "neither")
def meetings_held(counts: Counts) -> Values:
    """MAPPA meetings. Offenders discussed at multi-agency meetings."""
    return total(counts.flow(codes.COMPLETED + codes.MEETING), counts)


@CASELOAD.metric("records", "neither")
def records_checked(counts: Counts) -> Values:
    """Records checked. Plans and records checked by supervisors."""
    return total(counts.flow(codes.RECORDS_CHECKED), counts)


@CASELOAD.metric("hours", "neither")
def supervisor_hours(counts: Counts) -> Values:
    """Supervisors' hours. Hours of supervisors for checks: in each week, over the horizon, and per week on average."""
    return total(counts.flow(codes.SUPERVISOR_HOURS), counts)


@CASELOAD.metric("reports", "neither")
def reports_received(counts: Counts) -> Values:
    """Reports. Reports about offenders that came in."""
    return total(counts.flow(codes.REPORTS_RECEIVED), counts)
