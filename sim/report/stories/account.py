"""Every day of a time in which nobody saw an offender, by what kept officers from coming on it.

Each date has one reason, so that the days add up to the whole; that the log has none is a reason of its own.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from sim.report.stories.event_trace import EventTrace
from sim.report.stories.offender_state import CUSTODY, LEFT, MISSING, OffenderState, Transition
from sim.report.stories.officers import ON_COURSE, SICK, VACANT
from sim.report.stories.story import is_failed_attempt
from sim.report.stories.waiting import joined, kept_away
from sim.report.text.words import pluralise

NOT_DUE = "before the visit was due"
EARLIER = "before the simulation begins, the visit overdue already"
ATTEMPT = "with an attempt at which nobody answered"
RETRY = "after a failed attempt, before the next may be made"
WARRANT = "before the warrant may be executed"
INITIAL_ASSESSMENT = "waiting for the intake, which comes first"
NOT_SCHEDULED = "with no visit scheduled"
NO_SHIFT = "on which nobody works (weekends, bank holidays)"
TOO_FEW = "on which the team had fewer officers than must go together"
OTHER_WORK = "on which the officer did other work"
TEAM_OTHER_WORK = "on which the team did other work"
NOT_LOGGED = (
    "without work of the officer in the log (leave, court, abstraction, time off in lieu, or no colleague free: the "
    "log does not say which)"
)
TEAM_NOT_LOGGED = "without work of the team in the log: the log does not say why"
AWAY = {SICK: "on which the officer was sick", ON_COURSE: "on which the officer was on a course",
        VACANT: "on which the officer's post was vacant"}  # fmt: skip
KEPT = {
    CUSTODY: "in custody",
    MISSING: "missing, when nobody visits",
    LEFT: "no longer on the register",
    "lost record": "without a next date on record",
    "reactive": "in reactive management",
    "unallocated": "without an officer",
}

_ORDER = (NOT_DUE, EARLIER, *KEPT.values(), NOT_SCHEDULED, INITIAL_ASSESSMENT, ATTEMPT, RETRY, WARRANT, NO_SHIFT,
          *AWAY.values(), TOO_FEW, OTHER_WORK, TEAM_OTHER_WORK, NOT_LOGGED, TEAM_NOT_LOGGED)  # fmt: skip


def account_of(trace: EventTrace, life: Sequence[Transition]) -> dict[str, int]:
    """How many of the days since the offender was last seen, or registered, passed for each reason.

    They add up to the days between then and the end, rounded.
    """
    unseen = round(trace.end - life[-1].after.last_seen)
    days = range(int(trace.end) - unseen, int(trace.end))
    found = Counter(_reasons(trace, life, days))
    return {why: found[why] for why in _ORDER if found[why]}


def account_words(trace: EventTrace, life: Sequence[Transition]) -> str:
    """The account in a sentence: `Of these 112 days: 14 before the visit was due; 98 in custody.`"""
    account = account_of(trace, life)
    parts = "; ".join(f"{days:,} {why}" for why, days in account.items())
    return f"Of {_those(sum(account.values()))}: {parts}."


def _those(days: int) -> str:
    return "this one day" if days == 1 else f"these {pluralise(days, 'day')}"


def _reasons(trace: EventTrace, life: Sequence[Transition], days: range) -> Iterator[str]:
    """The reason of each date. `life`: everything that happened to the offender."""
    attempts = {math.floor(transition.event.day) for transition in life if is_failed_attempt(transition)}
    initial_assessment = _intake_until(trace, life)
    worked = {math.floor(shift) for shift in trace.shifts}
    # An offender stands on a date as at its end.
    number, last = 0, len(life) - 1
    retry_until = -math.inf
    for day in days:
        while number < last and life[number + 1].event.day < day + 1:
            number += 1
        now = life[number].after
        failed = [attempt for attempt in attempts if attempt <= day]
        if failed:
            retry_until = max(failed) + trace.rules_on(max(failed)).visits.retry_days
        if day < 0:
            now = next(transition.after for transition in life if transition.event.day >= 0)
            yield NOT_DUE if not now.visit_due <= day else EARLIER
        elif why := _of_the_offender(trace, now, day, attempts, retry_until, initial_assessment):
            yield why
        elif day not in worked:
            yield NO_SHIFT
        else:
            yield _of_the_officers(trace, now, day)


def _of_the_offender(
    trace: EventTrace, now: OffenderState, day: int, attempts: set[int], retry_until: float, initial_assessment: float
) -> str:
    """Why nobody could come on a date, whoever was at work; or nothing."""
    if day in attempts:
        return ATTEMPT
    if kept := kept_away(trace, now):
        if kept == "unallocated" and now.visit_due > day:
            return NOT_DUE
        return KEPT[kept]
    if math.isnan(now.visit_due):
        return NOT_SCHEDULED
    if now.visit_due > day:
        return NOT_DUE
    if day < initial_assessment:
        return INITIAL_ASSESSMENT
    if now.warrant_wanted:
        return WARRANT if day < now.warrant_from else ""
    return RETRY if day < retry_until else ""


def _of_the_officers(trace: EventTrace, now: OffenderState, day: int) -> str:
    """What those who could have come did on a date."""
    team = now.latest.team
    there = [post for post in trace.posts if post.team == team and post.stands_on(day + 0.5)]
    noon = day + 0.5
    here = [post for post in there if not any(post.spell_on(why, noon) for why in AWAY)]
    if not trace.pooled:
        post = trace.posts[now.officer]
        for why, words in AWAY.items():
            if post.spell_on(why, noon):
                return words
    if len(here) < getattr(trace.rules_on(day).visits.crew, now.latest.risk):
        return TOO_FEW
    if trace.pooled:
        return TEAM_OTHER_WORK if day in trace.dates_at_work.get(team, ()) else TEAM_NOT_LOGGED
    return OTHER_WORK if day in trace.dates_at_work.get(now.officer, ()) else NOT_LOGGED


def _intake_until(trace: EventTrace, life: Sequence[Transition]) -> float:
    """Until when an offender who joined the register waits for the intake, before which nobody visits."""
    if not joined(life) or trace.rules_on(life[0].event.day).initial_assessment.hours.expected == 0:
        return -math.inf
    return next(
        (math.floor(transition.event.day) for transition in life if transition.event.event == "initial_assessment"),
        math.inf,
    )
