"""The offender not seen for longest at the end, and the reasons, as far as the event log shows them.

The account gives each date of that time one reason, so that the days add up to the whole; that the log shows none is a
reason of its own.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from sim.report.stories.event_trace import EventTrace, NobodyThere, risk_words
from sim.report.stories.offender_state import (
    COMMUNITY,
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
from sim.report.stories.sentences import EVENTS, why_unallocated
from sim.report.stories.story import attempts_words, offender_transitions
from sim.report.text.words import pluralise
from sim.runs.intervals import PER_CENT
from sim.scenario.domain import KIND, RISK_LEVELS
from sim.scenario.source.faults import join_words, sanitise
from sim.scenario.values import NEVER

ORDINARY_WAIT_DAYS = 7
"""A wait no longer than this needs no explanation."""

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


def longest_unseen(trace: EventTrace) -> int:
    """The offender not seen for longest of those on the visit list, missing or with a lost record; the lower of equals.

    Raises NobodyThere if there is none.
    """
    events = trace.events
    sees = [kind for kind, words in EVENTS.items() if words.effects.seen]
    leaves = [kind for kind, words in EVENTS.items() if words.effects.place == LEFT]
    left = events.loc[events["event"].isin(leaves), "offender"]
    seen = events[((events["outcome"] == "seen") | events["event"].isin(sees)) & ~events["offender"].isin(left)]
    last_seen = seen.groupby("offender")["day"].max().reset_index().sort_values(["day", "offender"])
    for offender in last_seen["offender"]:
        if offender_transitions(trace, offender)[-1].after.is_to_be_seen:
            return int(offender)
    raise NobodyThere(f"Nobody is on the visit list, or missing, at the end of replication {trace.replication}.")


def why_unseen(trace: EventTrace, offender: int) -> list[str]:
    """For how long nobody has seen an offender, and the reasons that the log shows, a sentence each."""
    own = offender_transitions(trace, offender)
    seen = own[-1].after.last_seen
    how = ", the day of registration" if own[0].event.event == "registered" and seen == own[0].day else ""
    how = ", before the simulation began" if seen < 0 else how
    account = account_of(trace, own)
    days = sum(account.values())
    these = "this one day" if days == 1 else f"these {pluralise(days, 'day')}"
    parts = "; ".join(f"{number:,} {why}" for why, number in account.items())
    return [
        f"Of the offenders to be visited or missing at the end, midnight after {trace.on(trace.end - 1)}, offender "
        f"{offender} has not been seen for longest: {trace.days_between(seen, trace.end)}, since {trace.on(seen)}"
        f"{how}.",
        f"Of {these}: {parts}.",
        *_reasons(trace, own, [transition for transition in own if transition.day >= seen]),
    ]


def _reasons(trace: EventTrace, own: Sequence[Transition], since: Sequence[Transition]) -> Iterator[str]:
    """Every reason why nobody saw the offender; `since`: the transitions since the offender was last seen."""
    now, met = own[-1].after, [transition.event for transition in since if transition.event.outcome != "missed"]
    if not_seen := [kind for kind in ("enquiry", "notification") if any(event.event == kind for event in met)]:
        others = join_words([KIND[kind].plural for kind in not_seen], "or")
        yield f"Only a visit, an entry by warrant or tracing counts as seen, not {others}."
    yield from _attempts(trace, since, now)
    yield from _times_away(trace, since)
    match now.not_visited(trace.pooled):
        case "missing":
            yield from _missing(trace, since, now)
        case "lost record":
            yield from _lost_record(trace, since, now)
        case "reactive":
            yield f"In reactive management since {trace.on(now.reactive_since)}: no visits."
        case why if why in (CUSTODY, LEFT) or math.isnan(now.visit_due):
            yield "No visit is due."
        case "unallocated":
            *_, last = _changes(trace, own)
            yield trace.due("Visit", now.visit_due, trace.end)
            yield f"Unallocated since {trace.on(last.day)}{why_unallocated(trace, last)}: no officer comes."
        case _ if now.visit_due >= trace.end:
            interval = getattr(trace.scenario_on(trace.end).visits.interval_days, now.latest.risk)
            average = "" if interval.distribution == "constant" else " on average"
            yield (
                f"The next visit is due only on {trace.on(now.visit_due)}; at recorded risk "
                f"{risk_words(now.latest.risk)} a visit is due every {interval.expected:g} days{average}."
            )
        case _:
            yield trace.due("Visit", now.visit_due, trace.end)
            yield from _longest_wait(trace, own, since)


def _attempts(trace: EventTrace, since: Sequence[Transition], now: OffenderState) -> Iterator[str]:
    """Failed attempts, whether anybody could have been at home, and the rule that follows failing."""
    attempts = [transition for transition in since if transition.failed_attempt]
    if attempts:
        yield f"Officers tried: {attempts_words(attempts)}, {_from_to(trace, attempts)}; nobody answered."
    if now.gone:
        failed = sum(transition.before.gone for transition in attempts)
        could = f": {pluralise(failed, 'attempt')} since then could not succeed" if failed else ""
        known = "" if now.place == MISSING else ", and nobody knows"
        yield f"The offender left home without notifying the police on {trace.on(now.gone_since)}{known}{could}."
    if attempts and now.place == COMMUNITY and not now.record_lost:
        wanted = trace.scenario_on(trace.end).escalation.after_failed_attempts
        if now.warrant_wanted:
            failures, date = pluralise(now.failed, "consecutive failed attempt"), trace.on(now.warrant_from)
            yield f"After {failures} a warrant is wanted, from {date}; no visit before."
        elif wanted == NEVER:
            yield "This force seeks no warrant after failed attempts: it tries again."
        else:
            yield f"A warrant is sought only after {pluralise(round(wanted), 'consecutive failed attempt')}."


def _from_to(trace: EventTrace, row: Sequence[Transition]) -> str:
    first, last = trace.on(row[0].day), trace.on(row[-1].day)
    return f"on {first}" if first == last else f"from {first} to {last}"


def _changes(trace: EventTrace, since: Sequence[Transition]) -> Iterator[Transition]:
    """The transitions at which a reason for no visits began or ended, and those of moving house."""
    for transition in since:
        before, after = (state.not_visited(trace.pooled) for state in (transition.before, transition.after))
        if before != after or transition.event.event == "moved":
            yield transition


def _times_away(trace: EventTrace, since: Sequence[Transition]) -> Iterator[str]:
    changes = list(_changes(trace, since))
    for change, following in zip_longest(changes, changes[1:]):
        if change.event.event == "moved":
            yield f"On {trace.on(change.day)} the offender moved house into the area of {sanitise(change.event.team)}."
        if following is None:
            return
        span = f"from {trace.on(change.day)} to {trace.on(following.day)}"
        why = change.after.not_visited(trace.pooled)
        if why == CUSTODY:
            custody = "After a recall in" if change.event.outcome == "recalled" else "In"
            yield f"{custody} custody {span}; no visits there."
            yield from _not_made(trace, change)
        elif why == LOST_RECORD:
            yield f"The record had no next date {span}; no visits."
        elif why == REACTIVE:
            yield f"In reactive management {span}; no visits."
            yield from _not_made(trace, change)
        elif why == UNALLOCATED and following.day - change.day >= 1:
            yield f"Unallocated {span}{why_unallocated(trace, change)}; no officer came."


def _not_made(trace: EventTrace, change: Transition) -> Iterator[str]:
    late = trace.late(change.before.visit_due, change.day)
    if late.endswith("overdue"):
        yield f"The visit due {trace.on(change.before.visit_due)} had not been made by then, {late}."


def _missing(trace: EventTrace, since: Sequence[Transition], now: OffenderState) -> Iterator[str]:
    """How the offender was found to be missing, and the attempts to trace the offender."""
    found = [transition for transition in since if transition.after.place != transition.before.place == COMMUNITY][-1]
    how = {"warrant": "entered by warrant", "enquiry": "enquired into a breach"}[found.event.event]
    yield (
        f"Whereabouts unknown since {trace.on(now.place_since)}, when officers {how} and found the offender missing: "
        "no visits."
    )
    yield from _not_made(trace, found)
    if tracings := [transition for transition in since if transition.failed_work == "tracing"]:
        tried = f"{pluralise(len(tracings), 'attempt').capitalize()} to trace the offender"
        share = f"{100 * trace.scenario_on(trace.end).missing.found_by_tracing:g}{PER_CENT}"
        yield f"{tried}, {_from_to(trace, tracings)}, without success; one attempt finds {share} of those missing."
    else:
        yield "Nobody has tried to trace the offender yet."


def _lost_record(trace: EventTrace, since: Sequence[Transition], now: OffenderState) -> Iterator[str]:
    lost = [change for change in since if change.after.record_lost and not change.before.record_lost][-1]
    yield (
        f"On {trace.on(now.lost_since)} officer {lost.event.officer}, who was untrained, left the record without a "
        "next date: no visits since then, and no visit counts as overdue."
    )
    if not math.isnan(lost.before.visit_due):
        yield f"By its interval the next visit would have been due on {trace.on(lost.before.visit_due)}."
    events = [transition.event for transition in since if transition.day > now.lost_since]
    if attended := sum(event.event == "notification" and event.outcome == "done" for event in events):
        yield f"The offender has attended {pluralise(attended, 'notification')} since; the record was not found."
    scenario = trace.scenario_on(trace.end)
    every = scenario.records.audit_interval_days
    none = "No audit looks for lost records."
    yield none if every == NEVER else f"An audit looks for lost records every {every:g} days."
    if scenario.supervisors.per_team * scenario.supervisors.hours_per_week > 0:
        finds = f"{100 * scenario.supervisors.finds_lost_record:g}{PER_CENT}"
        yield f"Supervisors check records in turn, within their hours; a check finds {finds} of the lost records."


class Wait(NamedTuple):
    """A time in which a visit could have been made and nobody tried; `now`: the state of the offender at its end."""

    begins: float
    ends: float
    now: OffenderState


def _longest_wait(trace: EventTrace, own: Sequence[Transition], since: Sequence[Transition]) -> Iterator[str]:
    """The longest time in which nobody tried, in sentences, unless it was ordinary."""
    registered, assessed = own[0].day, initial_assessment(trace, own)
    waits = [Wait(max(wait.begins, assessed), wait.ends, wait.now) for wait in _waits(trace, since)]
    if assessed == math.inf:
        yield f"The initial assessment, which comes before any visit, has waited since {trace.on(registered)}."
        waits = [Wait(registered, trace.end, own[-1].after)]
    longest = max(waits, key=lambda wait: wait.ends - wait.begins, default=None)
    if longest is None or longest.ends - longest.begins <= ORDINARY_WAIT_DAYS:
        return
    how_long = trace.days_between(longest.begins, longest.ends)
    until = "the end" if longest.ends == trace.end else trace.on(longest.ends)
    yield f"From {trace.on(longest.begins)} to {until}, {how_long}, nobody tried."
    yield from _meanwhile(trace, longest)
    surge = next((post.stands for post in trace.posts if post.team == longest.now.latest.team and post.surge), ())
    for begins, no_more in surge:
        first, last = max(begins, longest.begins), min(no_more, longest.ends)
        if first < last:
            days = f"from {trace.on(first)} to {trace.on(math.ceil(last) - 1)}"
            yield f"The surge team, at work {days}, did not come either."


def _waits(trace: EventTrace, since: Sequence[Transition]) -> list[Wait]:
    """Every time in which a visit was due, or a warrant could be executed, and no other reason kept officers away."""
    waits: list[Wait] = []
    barred_until = -math.inf
    for transition, ends in zip(since, [*(transition.day for transition in since[1:]), trace.end], strict=True):
        day, now = transition.day, transition.after
        if transition.failed_attempt:
            barred_until = math.floor(day) + trace.scenario_on(day).visits.retry_days
        begins = max(day, now.warrant_from if now.warrant_wanted else max(now.visit_due, barred_until))
        if begins < ends and not math.isnan(now.visit_due) and not now.not_visited(trace.pooled):
            if waits and waits[-1].ends == begins and not transition.failed_attempt:
                begins = waits.pop().begins
            waits.append(Wait(begins, ends, now))
    return waits


def _meanwhile(trace: EventTrace, wait: Wait) -> Iterator[str]:
    """The work of the officers for others in that time, and other reasons that may have kept them away."""
    now, begins, ends = wait.now, wait.begins, wait.ends
    team, offender, risk = now.latest.team, now.latest.offender, now.latest.risk
    crew = getattr(trace.scenario_on(ends).visits.crew, risk)
    filled = [post for post in trace.posts if post.team == team and not post.was(VACANT, begins, ends)]
    if crew > sum(any(first < ends and last > begins for first, last in post.stands) for post in filled):
        yield f"Nobody could: {pluralise(crew, 'officer')} must go, and the team had fewer."
        return
    when = "In that time"
    if now.officer_since > begins:
        begins = now.officer_since
        came = "moved into the area of this team" if trace.pooled else "came into this caseload"
        when = f"Since {trace.on(begins)}, when the offender {came},"
    away = []
    if not trace.pooled:
        for why, words in ((SICK, "sick"), (ON_COURSE, "on a course")):
            if days := round(trace.posts[now.officer].days(why, begins, ends)):
                away.append(f"{words} for {pluralise(days, 'day')}")
    if away:
        yield f"{when} officer {now.officer} was {join_words(away)}, and the caseload was not covered."
        when = "In the rest of that time"
    events = trace.events
    work = events[(events["minutes"] > 0) & (events["day"] > begins) & (events["day"] <= ends)]
    if trace.pooled:
        who, own = "the team", work["team"] == team
    else:
        who, own = f"officer {now.officer}", (work["officer"] == now.officer) | (work["colleague"] == now.officer)
    others = work[own & (work["offender"] != offender)]
    if others.empty:
        yield f"{when} {who} did no work for others{'' if away else '; the log does not say why'}."
        return
    graver = (others["risk"].map(RISK_LEVELS.index).astype(int) > RISK_LEVELS.index(risk)).sum()
    why = "other work came first"
    if crew > 1:
        why += f" or, as {pluralise(crew, 'officer')} must go, no colleague was free; the log does not say which"
    counts = [(n, kind if n == 1 else KIND[kind].plural) for kind, n in Counter(others["event"]).most_common()]
    done = join_words([f"{number:,} {noun.replace('_', ' ')}" for number, noun in counts])
    yield f"{when} {who} did {done} for others, {graver:,} of them at a higher recorded risk: {why}."


def account_of(trace: EventTrace, own: Sequence[Transition]) -> dict[str, int]:
    """How many of the days since the offender was last seen, or registered, passed for each reason."""
    found = Counter(_of_each_day(trace, own, range(math.floor(own[-1].after.last_seen), int(trace.end))))
    return {why: found[why] for why in _ORDER if found[why]}


def _of_each_day(trace: EventTrace, own: Sequence[Transition], days: range) -> Iterator[str]:
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
