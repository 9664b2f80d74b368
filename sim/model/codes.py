"""The words of the model as numbers: risks, whereabouts, kinds of work, events, outcomes, and what is counted.

Compiled code needs plain whole numbers. Where a number stands for a word in the event log, both are one row here.
"""

from __future__ import annotations

import numpy as np

from sim.scenario.domain import KINDS, RISK_LEVELS

NEVER = np.inf
DAYS_PER_YEAR = 365.25
DAYS_PER_WEEK = 7.0
HOURS_PER_DAY = 24.0
LEAST_HOURS = 1.0 / 3600.0
"""No work takes less than a second, so that a scenario with hours of zero still comes to an end."""

# Recorded and true risk: places in the table of risk levels.
LOW, HIGH = RISK_LEVELS.index("low"), RISK_LEVELS.index("high")
RISKS = len(RISK_LEVELS)

# Where an offender is.
NOT_YET, COMMUNITY, CUSTODY, MISSING, LEFT = range(5)

# What happens to offenders without the team: true risk changes, a breach begins, they leave home unannounced, and
# somebody reports about them.
DRIFT, BREACH, LEAVING, REPORT = range(4)
NATURAL_EVENTS = 4

# The kinds of work, in the order of their table.
VISIT, REVIEW, NOTIFICATION, INITIAL_ASSESSMENT, ENQUIRY, WARRANT, TRACING, DESK_CHECK, MEETING = range(9)
WORK_KINDS = tuple(kind.name for kind in KINDS)
WORK_STREAMS = tuple(kind.stream for kind in KINDS)

# Why an officer of the force is not on shift by plan, as bits: several days may fall due on one. If so, leave is taken
# first, and the others on the next days on which the officer would be at work.
ON_LEAVE, AT_COURT, ABSTRACTION = 1, 2, 4
ABSENCES = (ON_LEAVE, AT_COURT, ABSTRACTION)

# What becomes of the caseload of an officer who is away or gone.
COVER_NONE, COVER_HIGH_RISK, COVER_REALLOCATE, COVER_UNALLOCATED = range(4)
COVER_RULES = ("none", "high_risk", "reallocate", "unallocated")

# The other events of the log, after the kinds of work.
EVENT_KINDS = list(WORK_KINDS)


def _event(name: str) -> int:
    """The number of one more kind of event."""
    EVENT_KINDS.append(name)
    return len(EVENT_KINDS) - 1


AT_START = _event("at_start")
REGISTERED = _event("registered")
LEFT_REGISTER = _event("left_register")
DRIFTED = _event("drifted")
BREACH_BEGAN = _event("breach_began")
BREACH_FOUND = _event("breach_found")
LEFT_HOME = _event("left_home")
TO_CUSTODY = _event("to_custody")
RELEASED = _event("released")
REALLOCATED = _event("reallocated")
SEEN_BEFORE = _event("seen_before")  # a visit before the first day: the last one, and the last unannounced one
RESCHEDULED = _event("rescheduled")  # a lever moved the visit or the review
RECORD_LOST = _event("record_lost")
RECORD_FOUND = _event("record_found")
MOVED = _event("moved")  # into the area of another team
REPORTED = _event("reported")
RISK_NOTICED = _event("risk_noticed")
TO_REACTIVE = _event("to_reactive")
TO_VISITS = _event("to_visits")  # back from reactive management
# Of officers; these rows have no offender.
OFFICER_LEFT = _event("officer_left")
OFFICER_JOINED = _event("officer_joined")
OFFICER_AWAY = _event("officer_away")
OFFICER_BACK = _event("officer_back")
OFFICER_TRAINED = _event("officer_trained")

OUTCOMES: list[str] = []
"""How an event of the log ended, or came about."""


def _outcome(name: str) -> int:
    """The number of one more outcome."""
    OUTCOMES.append(name)
    return len(OUTCOMES) - 1


NONE = _outcome("")
SEEN = _outcome("seen")
NO_CONTACT = _outcome("no_contact")
DONE = _outcome("done")
MISSED = _outcome("missed")
WARNING = _outcome("warning")
CHARGE = _outcome("charge")
TO_PRISON = _outcome("custody")
AT_VISIT = _outcome("at_visit")
AT_NOTIFICATION = _outcome("at_notification")
BY_INTELLIGENCE = _outcome("by_intelligence")
GONE = _outcome("whereabouts_unknown")
AT_AUDIT = _outcome("at_audit")
AT_CHECK = _outcome("at_check")
AT_DESK_CHECK = _outcome("at_desk_check")
AT_MEETING = _outcome("at_meeting")
RECALLED = _outcome("recalled")
SICK = _outcome("sick")
ON_COURSE = _outcome("on_course")

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
VISIT_ATTEMPTS, FAILED_ATTEMPTS, UNANNOUNCED_ATTEMPTS = range(3)
COMPLETED = 3
"""The first of as many flows as there are kinds of work: how many are done; of visits, how many succeeded."""
VISITS_COMPLETED = COMPLETED + VISIT
_AFTER_WORK = COMPLETED + len(KINDS)
(
    RECORDS_CHECKED,
    SUPERVISOR_HOURS,
    REPORTS_RECEIVED,
    BREACHES_BEGUN,
    BREACHES_FOUND,
    DETECTION_DAYS,
    REGISTRATIONS,
    DEPARTURES,
    FLOWS,  # how many there are
) = range(_AFTER_WORK, _AFTER_WORK + 9)

# Officers' hours, counted by week. Contracted = vacant + sick + course + leave + court + abstraction + other duties +
# available; available + overtime + time off in lieu earned - taken = all kinds of work + waiting + idle.
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
) = range(10)
(
    HOURS_WAITING,
    HOURS_IDLE,
    HOURS_OVERTIME,
    HOURS_TOIL_EARNED,
    HOURS_TOIL_TAKEN,
    HOUR_USES,  # how many there are
) = range(HOURS_VISIT + len(KINDS), HOURS_VISIT + len(KINDS) + 6)

# Extremes: the earliest of some date among those concerned at each observation time.
EARLIEST_OVERDUE_VISIT, EARLIEST_LAST_SEEN = range(2)
EXTREMES = 2

EXTREME_LEVELS = 12
"""Runs of 1, 2, 4, ... observation times for which an extreme is noted; enough for 78 years of weeks."""
