"""The words of the model as numbers: risks, whereabouts, kinds of work, events, outcomes, and what is counted."""

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
NOT_YET, COMMUNITY, CUSTODY, MISSING, LEFT = range(5)

# What happens to offenders without the team: true risk changes, a breach begins, they leave home without telling, and
# somebody reports about them.
DRIFT, BREACH, LEAVING, REPORT = range(4)
NATURAL_EVENTS = 4

# Kinds of work. On equal priority the lower offender number comes first, then the lower kind.
VISIT, REVIEW, NOTIFICATION, INITIAL_ASSESSMENT, ENQUIRY, WARRANT, TRACING, DESK_CHECK, MEETING = range(9)
WORK_KINDS = (
    "visit", "review", "notification", "initial_assessment", "enquiry", "warrant", "tracing", "desk_check", "meeting"
)  # fmt: skip

# Why an officer of the force is not on shift by plan, as bits: several days may fall due on one. If so, leave is taken
# first, and the others on the next days on which the officer would be at work.
ON_LEAVE, AT_COURT, ABSTRACTION = 1, 2, 4
ABSENCES = (ON_LEAVE, AT_COURT, ABSTRACTION)

# What becomes of the caseload of an officer who is away or gone.
COVER_NONE, COVER_HIGH_RISK, COVER_REALLOCATE, COVER_UNALLOCATED = range(4)
COVER_RULES = ("none", "high_risk", "reallocate", "unallocated")

# What else the event log tells, after the kinds of work.
(
    AT_START,
    REGISTERED,
    LEFT_REGISTER,
    DRIFTED,
    BREACH_BEGAN,
    BREACH_FOUND,
    LEFT_HOME,
    TO_CUSTODY,
    RELEASED,
    REALLOCATED,
    SEEN_BEFORE,  # a visit before the first day: the last one, and the last unannounced one
    RESCHEDULED,  # a lever moved the visit or the review
    RECORD_LOST,
    RECORD_FOUND,
    MOVED,  # into the area of another team
    REPORTED,
    RISK_NOTICED,
    TO_REACTIVE,
    TO_VISITS,  # back from reactive management
    # Of officers; these rows have no offender.
    OFFICER_LEFT,
    OFFICER_JOINED,
    OFFICER_AWAY,
    OFFICER_BACK,
    OFFICER_TRAINED,
) = range(len(WORK_KINDS), len(WORK_KINDS) + 24)
EVENT_KINDS = (
    *WORK_KINDS,
    "at_start",
    "registered",
    "left_register",
    "drifted",
    "breach_began",
    "breach_found",
    "left_home",
    "to_custody",
    "released",
    "reallocated",
    "seen_before",
    "rescheduled",
    "record_lost",
    "record_found",
    "moved",
    "reported",
    "risk_noticed",
    "to_reactive",
    "to_visits",
    "officer_left",
    "officer_joined",
    "officer_away",
    "officer_back",
    "officer_trained",
)

# Outcomes in the event log.
(
    NONE,
    SEEN,
    NO_CONTACT,
    DONE,
    MISSED,
    WARNING,
    CHARGE,
    TO_PRISON,
    AT_VISIT,
    AT_NOTIFICATION,
    BY_INTELLIGENCE,
    GONE,
    AT_AUDIT,
    AT_CHECK,
    AT_DESK_CHECK,
    AT_MEETING,
    RECALLED,
    SICK,
    ON_COURSE,
) = range(19)
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
    "whereabouts_unknown",
    "at_audit",
    "at_check",
    "at_desk_check",
    "at_meeting",
    "recalled",
    "sick",
    "on_course",
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
    WHEREABOUTS_UNKNOWN,
    LOST_RECORDS,
    AWAITING_INITIAL_ASSESSMENT,
    ON_REACTIVE,
    OFFICERS_IN_POST,
    VACANT_POSTS,
    UNTRAINED_OFFICERS,
) = range(16)
STOCKS = 16
STOCKS_BY_TEAM = 4
"""The first so many stocks, and officers in post, are counted by team as well."""
MOST_TEAMS_COUNTED = 200
"""With more teams than that only the force is counted: each four teams take as much memory as the whole force."""

# Flows: things that happen, counted by week and by risk.
(
    VISIT_ATTEMPTS,
    FAILED_ATTEMPTS,
    UNANNOUNCED_ATTEMPTS,
    VISITS_COMPLETED,
    REVIEWS_COMPLETED,
    NOTIFICATIONS_COMPLETED,
    INITIAL_ASSESSMENTS_COMPLETED,
    ENQUIRIES_COMPLETED,
    WARRANTS_EXECUTED,
    TRACINGS_COMPLETED,
    DESK_CHECKS_COMPLETED,
    MEETINGS_HELD,
    RECORDS_CHECKED,
    SUPERVISOR_HOURS,
    REPORTS_RECEIVED,
    BREACHES_BEGUN,
    BREACHES_FOUND,
    DETECTION_DAYS,
    REGISTRATIONS,
    DEPARTURES,
) = range(20)
FLOWS = 20

# Officers' hours, counted by week. Contracted = vacant + sick + course + leave + court + lent + other duties +
# available; available + overtime + owed - repaid = all kinds of work + waiting + idle.
(
    HOURS_CONTRACTED,
    HOURS_VACANT,
    HOURS_SICK,
    HOURS_COURSE,
    HOURS_LEAVE,  # and then one for each kind of absence
    HOURS_COURT,
    HOURS_ABSTRACTION,
    HOURS_OTHER_DUTIES,
    HOURS_AVAILABLE,
    HOURS_VISIT,  # and then one for each kind of work
    HOURS_REVIEW,
    HOURS_NOTIFICATION,
    HOURS_INITIAL_ASSESSMENT,
    HOURS_ENQUIRY,
    HOURS_WARRANT,
    HOURS_TRACING,
    HOURS_DESK_CHECK,
    HOURS_MEETING,
    HOURS_WAITING,
    HOURS_IDLE,
    HOURS_OVERTIME,
    HOURS_TOIL_EARNED,
    HOURS_TOIL_TAKEN,
) = range(23)
HOUR_USES = 23

# Extremes: the earliest of some date among those concerned at each observation time.
EARLIEST_OVERDUE_VISIT, EARLIEST_LAST_SEEN = range(2)
EXTREMES = 2

EXTREME_LEVELS = 12
"""Runs of 1, 2, 4, ... observation times for which an extreme is noted; enough for 78 years of weeks."""
