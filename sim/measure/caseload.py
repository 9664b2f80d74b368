"""What is done about offenders, what comes to light, and where they are."""

from __future__ import annotations

from sim.measure.metric import Metrics, flow, share_of_flow, stock
from sim.model import codes

CASELOAD = Metrics("caseload", by="risk")

CASELOAD.define(flow, "visit_attempts", "visits", "neither", codes.VISIT_ATTEMPTS)(
    "Visits attempted. Visits made, answered or not."
)
CASELOAD.define(flow, "visits_completed", "visits", "higher", codes.VISITS_COMPLETED)(
    "Visits completed. Visits at which the offender was seen."
)
CASELOAD.define(share_of_flow, "failed_attempts_share", "share", "lower", codes.FAILED_ATTEMPTS, codes.VISIT_ATTEMPTS)(
    "Failed attempts. Share of visits at which nobody was seen."
)
CASELOAD.define(
    share_of_flow, "unannounced_attempts_share", "share", "higher", codes.UNANNOUNCED_ATTEMPTS, codes.VISIT_ATTEMPTS
)("Unannounced visits. Share of visits made without announcement.")
CASELOAD.define(flow, "reviews_completed", "reviews", "higher", codes.COMPLETED + codes.REVIEW)(
    "Reviews completed. Reviews finished."
)
CASELOAD.define(flow, "breaches_found", "breaches", "neither", codes.BREACHES_FOUND)(
    "Breaches found. Breaches that came to light."
)
CASELOAD.define(flow, "enquiries_completed", "enquiries", "neither", codes.COMPLETED + codes.ENQUIRY)(
    "Enquiries completed. Breach enquiries finished."
)
CASELOAD.define(stock, "offenders_managed", "offenders", "neither", codes.MANAGED)(
    "Offenders managed. Offenders on the register in the community."
)
CASELOAD.define(stock, "offenders_in_custody", "offenders", "neither", codes.IN_CUSTODY)(
    "Offenders in custody. Offenders recalled, or remanded after an enquiry."
)
CASELOAD.define(stock, "offenders_missing", "offenders", "lower", codes.WHEREABOUTS_UNKNOWN)(
    "Offenders missing. Offenders known to have left home without notification, not yet traced."
)
CASELOAD.define(
    stock, "offenders_awaiting_initial_assessment", "offenders", "lower", codes.AWAITING_INITIAL_ASSESSMENT
)(
    "Offenders awaiting initial assessment. Offenders in the community whose initial assessment (the registration "
    "visit and first review) is not done."
)
CASELOAD.define(stock, "offenders_reactive", "offenders", "neither", codes.ON_REACTIVE)(
    "Offenders in reactive management. Offenders who are not visited for now and only get desk checks."
)
CASELOAD.define(stock, "lost_records", "offenders", "lower", codes.LOST_RECORDS)(
    "Records without a next date. Offenders whose record has no next due date, so that nobody visits them."
)
CASELOAD.define(flow, "warrants_executed", "warrants", "neither", codes.COMPLETED + codes.WARRANT)(
    "Warrants executed. Entries by warrant after failed visits."
)
CASELOAD.define(flow, "desk_checks_completed", "checks", "neither", codes.COMPLETED + codes.DESK_CHECK)(
    "Desk checks. Desk checks in reactive management."
)
CASELOAD.define(flow, "meetings_held", "meetings", "neither", codes.COMPLETED + codes.MEETING)(
    "MAPPA meetings. Offenders discussed at multi-agency meetings."
)
CASELOAD.define(flow, "records_checked", "records", "neither", codes.RECORDS_CHECKED)(
    "Records checked. Plans and records checked by supervisors."
)
CASELOAD.define(flow, "supervisor_hours", "hours", "neither", codes.SUPERVISOR_HOURS)(
    "Supervisors' hours. Hours of supervisors for checks: in each week, over the horizon, and per week on average."
)
CASELOAD.define(flow, "reports_received", "reports", "neither", codes.REPORTS_RECEIVED)(
    "Reports. Reports about offenders that came in."
)
