"""Every day of a time in which nobody saw an offender, by what kept officers away on it.

Each date has one reason, so that the days add up to the whole; that the log shows none is a reason of its own.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from sim.report.stories.event_trace import EventTrace
from sim.report.stories.offender_state import (
    CUSTODY,
    LEFT,
    LOST_RECORD,
    MISSING,
    REACTIVE,
    UNALLOCATED,
    OffenderState,
    Transition,
    initial_assessment,
)
from sim.report.stories.officers import ON_COURSE, SICK, VACANT

NOT_DUE = "before the visit was due"
EARLIER = "before the simulation begins, the visit overdue already"
ATTEMPT = "with an attempt at which nobody answered"
RETRY = "after a failed attempt, before the next may be made"
WARRANT = "before the warrant may be executed"
INITIAL_ASSESSMENT = "waiting for the initial assessment, which comes first"
NOT_SCHEDULED = "with no visit scheduled"
NO_SHIFT = "without shifts (weekends, bank holidays)"
TOO_FEW = "on which the team had fewer officers than must go together"
OTHER_WORK = "on which the officer did other work"
TEAM_OTHER_WORK = "on which the team did other work"
NOT_LOGGED = (
    "without work of the officer in the log (leave, court, abstraction, time off in lieu, or no colleague free: the "
    "log does not say which)"
)
TEAM_NOT_LOGGED = "without work of the team in the log: the log does not say why"
AWAY = {
    SICK: "on which the officer was sick",
    ON_COURSE: "on which the officer was on a course",
    VACANT: "on which the officer's post was vacant",
}
NOT_VISITED = {
    CUSTODY: "in custody",
    MISSING: "missing, without visits",
    LEFT: "no longer on the register",
    LOST_RECORD: "without a next date on record",
    REACTIVE: "in reactive management",
    UNALLOCATED: "without an officer",
}
_ORDER = (
    *(NOT_DUE, EARLIER, *NOT_VISITED.values(), NOT_SCHEDULED, INITIAL_ASSESSMENT, ATTEMPT, RETRY, WARRANT, NO_SHIFT),
    *(*AWAY.values(), TOO_FEW, OTHER_WORK, TEAM_OTHER_WORK, NOT_LOGGED, TEAM_NOT_LOGGED),
)


def account_of(trace: EventTrace, own: Sequence[Transition]) -> dict[str, int]:
    """How many of the days since the offender was last seen, or registered, passed for each reason.

    `own`: all transitions of the offender. The days add up to those between then and the end, rounded.
    """
    not_seen = round(trace.end - own[-1].after.last_seen)
    found = Counter(_reasons(trace, own, range(int(trace.end) - not_seen, int(trace.end))))
    return {why: found[why] for why in _ORDER if found[why]}


def _reasons(trace: EventTrace, own: Sequence[Transition], days: range) -> Iterator[str]:
    """The reason of each date."""
    attempts = {math.floor(transition.day) for transition in own if transition.failed_attempt}
    assessed = initial_assessment(trace, own)
    worked = {math.floor(shift) for shift in trace.shifts}
    # The state on a date is that at its end.
    number, last = 0, len(own) - 1
    retry_until = -math.inf
    for day in days:
        while number < last and own[number + 1].day < day + 1:
            number += 1
        now = own[number].after
        if failed := [attempt for attempt in attempts if attempt <= day]:
            retry_until = max(failed) + trace.scenario_on(max(failed)).visits.retry_days
        if day < 0:
            first = next(transition.after for transition in own if transition.day >= 0)
            yield EARLIER if first.visit_due <= day else NOT_DUE
        elif why := _of_the_offender(trace, now, day, attempts, retry_until, assessed):
            yield why
        elif day not in worked:
            yield NO_SHIFT
        else:
            yield _of_the_officers(trace, now, day)


def _of_the_offender(
    trace: EventTrace, now: OffenderState, day: int, attempts: set[int], retry_until: float, assessed: float
) -> str:
    """Why no officer could come on a date, or nothing."""
    if day in attempts:
        return ATTEMPT
    if why := now.not_visited(trace.pooled):
        return NOT_DUE if why == UNALLOCATED and now.visit_due > day else NOT_VISITED[why]
    if math.isnan(now.visit_due):
        return NOT_SCHEDULED
    if now.visit_due > day:
        return NOT_DUE
    if day + 1 <= assessed:
        return INITIAL_ASSESSMENT
    if now.warrant_wanted:
        return WARRANT if day < now.warrant_from else ""
    return RETRY if day < retry_until else ""


def _of_the_officers(trace: EventTrace, now: OffenderState, day: int) -> str:
    """The work on a date of the officers who could have come."""
    team, noon = now.latest.team, day + 0.5
    if not trace.pooled:
        for why, words in AWAY.items():
            if trace.posts[now.officer].spell_on(why, noon):
                return words
    here = [
        post
        for post in trace.posts
        if post.team == team and post.stands_on(noon) and not any(post.spell_on(why, noon) for why in AWAY)
    ]
    if len(here) < getattr(trace.scenario_on(day).visits.crew, now.latest.risk):
        return TOO_FEW
    if trace.pooled:
        return TEAM_OTHER_WORK if day in trace.dates_at_work.get(team, ()) else TEAM_NOT_LOGGED
    return OTHER_WORK if day in trace.dates_at_work.get(now.officer, ()) else NOT_LOGGED
