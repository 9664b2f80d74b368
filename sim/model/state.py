"""What the model remembers: one row per offender, officer, desk and team, each field documented once.

Times are days since midnight of the first day (0.5 is noon of that day); `NEVER` is a time that does not
come. Rows are NumPy records: `offender.visit_due` reads the same compiled and as plain Python.
"""

from __future__ import annotations

import numpy as np

NEVER = np.inf
DAYS_PER_YEAR = 365.25
DAYS_PER_WEEK = 7.0
HOURS_PER_DAY = 24.0
LEAST_HOURS = 1.0 / 3600.0
"""No work takes less than a second, so that a scenario with hours of zero still comes to an end."""

# Recorded and true risk.
LOW, MEDIUM, HIGH, VERY_HIGH = range(4)
RISKS = 4

# Where an offender is.
NOT_YET, COMMUNITY, CUSTODY, LEFT = range(4)

# Kinds of work. On equal priority the lower offender number comes first, then the lower kind.
VISIT, REVIEW, NOTIFICATION, INTAKE, ENQUIRY = range(5)
WORK_KINDS = ("visit", "review", "notification", "intake", "enquiry")

# What else the event log tells, after the kinds of work.
AT_START, REGISTERED, LEFT_REGISTER, DRIFTED, BREACH_BEGAN, BREACH_FOUND, TO_CUSTODY, RELEASED, REALLOCATED = range(
    5, 14
)
EVENT_KINDS = (
    *WORK_KINDS,
    "at_start",
    "registered",
    "left_register",
    "drifted",
    "breach_began",
    "breach_found",
    "to_custody",
    "released",
    "reallocated",
)

# Outcomes in the event log.
NONE, SEEN, NO_CONTACT, DONE, MISSED, WARNING, CHARGE, TO_PRISON, AT_VISIT, AT_NOTIFICATION, BY_INTELLIGENCE = range(11)
OUTCOMES = (
    "",
    "seen",
    "no_contact",
    "done",
    "missed",
    "warning",
    "charge",
    "custody",
    "at_visit",
    "at_notification",
    "by_intelligence",
)

# Stocks: offenders (or breaches) that are in some condition, counted over time and by risk.
(
    MANAGED,
    ON_VISIT_LIST,
    OVERDUE_VISITS,
    OVERDUE_REVIEWS,
    UNALLOCATED,
    SEEN_UNANNOUNCED,
    HIDDEN_RISK,
    LATENT_BREACHES,
    IN_CUSTODY,
    OFFICERS_IN_POST,
) = range(10)
STOCKS = 10

# Flows: things that happen, counted by week and by risk.
(
    VISIT_ATTEMPTS,
    FAILED_ATTEMPTS,
    UNANNOUNCED_ATTEMPTS,
    VISITS_COMPLETED,
    REVIEWS_COMPLETED,
    NOTIFICATIONS_COMPLETED,
    INTAKES_COMPLETED,
    ENQUIRIES_COMPLETED,
    BREACHES_BEGUN,
    BREACHES_FOUND,
    DETECTION_DAYS,
    REGISTRATIONS,
    DEPARTURES,
) = range(13)
FLOWS = 13

# Uses of officers' hours, counted by week.
(
    HOURS_AVAILABLE,
    HOURS_VISIT,
    HOURS_REVIEW,
    HOURS_NOTIFICATION,
    HOURS_INTAKE,
    HOURS_ENQUIRY,
    HOURS_WAITING,
    HOURS_IDLE,
    HOURS_OWED,
    HOURS_REPAID,
) = range(10)
HOUR_USES = 10

# Extremes: the earliest of some date among those concerned at each mark.
EARLIEST_OVERDUE_VISIT, EARLIEST_LAST_SEEN = range(2)
EXTREMES = 2

EXTREME_LEVELS = 12
"""Runs of 1, 2, 4, ... marks for which an extreme is noted; enough for 78 years of weeks."""

MARK = np.dtype(
    [
        # Spells that begin at or before a mark count +1 there, those that end -1; and the same with their times.
        ("count", "f8", (RISKS, STOCKS)),
        ("time", "f8", (RISKS, STOCKS)),
        ("flow", "f8", (RISKS, FLOWS)),  # in the week that begins at this mark
        ("hours", "f8", (HOUR_USES,)),
        ("earliest", "f8", (EXTREMES, RISKS, EXTREME_LEVELS)),  # of a run of 2 ** level marks that begins here
    ],
    align=True,
)
"""The tally has one record for each mark: every week from the first midnight, the horizon, and one beyond."""

SPREAD = np.dtype([("family", "i8"), ("a", "f8"), ("b", "f8"), ("c", "f8")], align=True)
"""A distribution: constant (a); exponential (a = mean); lognormal (a = mean, b = deviation of the logarithm);
gamma (a = shape, b = scale, c = logarithm of the gamma function at the shape); uniform (a = low, b = high)."""

OFFENDER = np.dtype(
    [
        ("origin", "u4"),  # whose luck: the team of the start, hashed, or the register
        ("serial", "u4"),  # and the number within it
        ("team", "i4"),
        ("desk", "i4"),  # whose caseload; -1 is unallocated
        ("slot", "i4"),  # place in that caseload
        ("state", "i1"),  # NOT_YET, COMMUNITY, CUSTODY, LEFT
        ("risk", "i1"),  # recorded
        ("true_risk", "i1"),
        ("failed_in_a_row", "i4"),
        ("registered", "f8"),
        ("leaves", "f8"),
        ("visit_due", "f8"),
        ("review_due", "f8"),
        ("notification_due", "f8"),
        ("intake_due", "f8"),
        ("enquiry_due", "f8"),
        ("barred_until", "f8"),  # no visit before: after a failed attempt
        ("busy_until", "f8"),  # nothing before: somebody is at work on this offender
        ("last_seen", "f8"),
        ("last_seen_unannounced", "f8"),
        ("counted_until", "f8"),  # the tally knows everything up to here
        ("next_drift", "f8"),
        ("next_breach", "f8"),
        ("breach_exposure", "f8"),  # unit exponential left while breaches cannot begin
        ("drift_exposure", "f8"),  # unit exponential left while true risk cannot change
        ("next_intelligence", "f8"),  # when the earliest latent breach comes to light by itself
        ("latent_breaches", "i4"),
        ("latent_since_sum", "f8"),  # sum of the times at which they began
        # How many decisions of each kind have been drawn.
        ("visits", "u4"),
        ("reviews", "u4"),
        ("notifications", "u4"),
        ("enquiries", "u4"),
        ("drifts", "u4"),
        ("breaches", "u4"),
    ],
    align=True,
)

OFFICER = np.dtype(
    [
        ("origin", "u4"),  # whose luck: the team, hashed
        ("serial", "u4"),
        ("team", "i4"),
        ("desk", "i4"),
        ("in_post", "i1"),
        ("absent", "i4"),  # for how many reasons the officer is away
        ("spells", "u4"),  # of sickness, drawn so far
        ("owed_hours", "f8"),  # worked beyond a shift, taken back from the next ones
        ("on_shift", "i1"),
        ("free_at", "f8"),  # when the work in hand ends
        ("shift_end", "f8"),
    ],
    align=True,
)

DESK = np.dtype([("held", "i4"), ("officer", "i4"), ("team", "i4"), ("wake", "f8")], align=True)
"""A caseload: of one officer, or of a pooled team (officer -1). `wake`: nothing can be done before."""

TEAM = np.dtype([("first_officer", "i4"), ("officers", "i4"), ("first_desk", "i4"), ("desks", "i4")], align=True)

WORLD = np.dtype(
    [
        ("seed", "u4"),
        ("replication", "u4"),
        ("end", "f8"),  # midnight after the last day
        ("last_mark", "i8"),  # marks are midnights a week apart, 0 the first, and `end` the last
        ("on_dates", "i8"),  # due on dates (1) or at instants (0)
        ("grace", "f8"),  # days from a due date until it counts as overdue
        ("next_registration", "i8"),  # rows before this one have joined the register
        ("next_departure", "i8"),
        ("tasks", "i8"),
        ("keep_log", "i8"),
        ("log_rows", "i8"),
        ("followups", "i8"),
    ],
    align=True,
)

POLICY = np.dtype(
    [
        ("shift_start", "f8"),  # fraction of a day
        ("shift_hours", "f8"),  # free for the caseload on a day at work
        ("sickness_days", SPREAD),
        ("interval_days", SPREAD, (RISKS,)),
        ("announced_share", "f8", (RISKS,)),
        ("crew", "i8", (len(WORK_KINDS), RISKS)),
        ("lead_days", "f8"),
        ("retry_days", "f8"),
        ("no_contact", "f8", (2,)),  # unannounced, announced
        ("found_at_visit", "f8", (2,)),  # unannounced, announced
        ("visit_hours", SPREAD),
        ("travel_hours", SPREAD),
        ("write_up_hours", SPREAD),
        ("failed_attempt_hours", SPREAD),
        ("visit_results_vary", "i8"),  # must the second block of a visit's luck be drawn?
        ("review_interval_days", "f8"),
        ("review_hours", SPREAD),
        ("review_error_share", "f8"),
        ("review_after_breach_days", "f8"),
        ("notification_interval_days", "f8"),
        ("notification_hours", SPREAD),
        ("notification_missed_share", "f8"),
        ("intake_needed", "i8"),
        ("intake_hours", SPREAD),
        ("first_visit_days", "f8"),
        ("first_review_days", "f8"),
        ("breaches_per_year", "f8", (RISKS,)),
        ("found_at_notification", "f8"),
        ("found_by_intelligence_per_year", "f8"),
        ("enquiry_needed", "i8"),
        ("enquiry_hours", SPREAD),
        ("charge_from", "f8"),  # outcome of an enquiry by its uniform: warning below, then charge, then custody
        ("custody_from", "f8"),
        ("custody_days", SPREAD),
        ("drift_up_per_year", "f8", (RISKS,)),  # by true risk; 0 from very high
        ("drift_down_per_year", "f8", (RISKS,)),  # 0 from low
        # Priority = base + slope * (days past due + offset), a table for each rule.
        ("priority_base", "f8", (len(WORK_KINDS), RISKS)),
        ("priority_slope", "f8", (len(WORK_KINDS), RISKS)),
        ("priority_offset", "f8", (len(WORK_KINDS),)),
    ],
    align=True,
)

EVENT = np.dtype(
    [
        ("time", "f8"),  # when it is finished
        ("minutes", "f8"),  # of work, all officers together
        ("due", "f8"),  # next due date of this kind of work; for at_start and registered, of the first visit
        ("visit_due", "f8"),  # of the offender after the event, as all of these
        ("review_due", "f8"),
        ("last_seen", "f8"),
        ("caseload", "i4"),  # the desk; -1 is unallocated
        ("kind", "i1"),
        ("outcome", "i1"),
        ("risk", "i1"),  # recorded, after the event
        ("true_risk", "i1"),
        ("announced", "i1"),
        ("team", "i2"),
        ("offender", "i4"),
        ("officer", "i4"),
        ("colleague", "i4"),
    ],
    align=True,
)

FOLLOWUP = np.dtype([("time", "f8"), ("days", "f8"), ("offender", "i4")], align=True)
"""What the shift cannot finish by itself: an offender goes into custody at `time` for `days`."""


def table(dtype: np.dtype, rows: int) -> np.recarray:
    """An empty table of records whose rows read like objects."""
    return np.zeros(rows, dtype).view(np.recarray)
