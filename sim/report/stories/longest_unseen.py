"""Who has been unseen for longest at the end, and why, as far as the event log can tell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from sim.report.stories.account import account_words
from sim.report.stories.allocation import why_unallocated
from sim.report.stories.event_trace import EventTrace, NobodyThere, risk_words
from sim.report.stories.offender_state import COMMUNITY, CUSTODY, FAILED, LEFT, MISSING, OffenderState, Transition
from sim.report.stories.sentences import KINDS
from sim.report.stories.story import attempts_words, is_failed_attempt, offender_transitions
from sim.report.stories.waiting import joined, kept_away, longest_wait
from sim.report.text.words import PER_CENT, pluralise
from sim.scenario.source.faults import sanitise
from sim.scenario.values import NEVER


def longest_unseen(trace: EventTrace) -> int:
    """Whom nobody has seen for longest of those on the visit list, missing or with a lost record; the lower of equals.

    Raises NobodyThere if there is none.
    """
    events = trace.events
    sees = [kind for kind, words in KINDS.items() if words.tells.seen]
    leaves = [kind for kind, words in KINDS.items() if words.tells.place == LEFT]
    left = events.loc[events["event"].isin(leaves), "offender"]
    seen = events[((events["outcome"] == "seen") | events["event"].isin(sees)) & ~events["offender"].isin(left)]
    last_seen = seen.groupby("offender")["day"].max().reset_index().sort_values(["day", "offender"])
    for offender in last_seen["offender"]:
        if offender_transitions(trace, offender)[-1].after.is_to_be_seen:
            return int(offender)
    raise NobodyThere(f"Nobody is on the visit list, or missing, at the end of replication {trace.replication}.")


def why_unseen(trace: EventTrace, offender: int) -> list[str]:
    """For how long nobody has seen an offender, and what the log says of the reasons, a sentence each."""
    life = offender_transitions(trace, offender)
    seen = life[-1].after.last_seen
    return [
        f"At the end nobody who is to be visited, or is missing, has been unseen for longer than offender {offender}: "
        f"{pluralise(round(trace.end - seen), 'day')}, since {trace.on(seen)}{_seen_how(life, seen)}.",
        account_words(trace, life),
        *_reasons(trace, life, [transition for transition in life if transition.event.day >= seen]),
    ]


def _seen_how(life: Sequence[Transition], seen: float) -> str:
    """What counted as being seen last, if it was no visit of this history."""
    if seen < 0:
        return ", before the simulation began"
    return ", the day of registration" if joined(life) and seen == life[0].event.day else ""


# --- reasons --------------------------------------------------------------------------------------------------


def _reasons(trace: EventTrace, life: Sequence[Transition], since: Sequence[Transition]) -> Iterator[str]:
    """Everything that kept the offender from being seen; `since`: all from when it last happened."""
    now, kept = life[-1].after, kept_away(trace, life[-1].after)
    yield from _attempts(trace, since, now)
    yield from _times_away(trace, since)
    if kept == MISSING:
        yield from _missing(trace, since, now)
    elif kept == "lost record":
        yield from _lost_record(trace, since, now)
    elif kept == "reactive":
        yield f"In reactive management since {trace.on(now.reactive_since)}: nobody visits."
    elif kept in (CUSTODY, LEFT) or math.isnan(now.visit_due):
        yield "No visit is due."
    elif kept == "unallocated":
        *_, last = _changes(trace, life)
        yield trace.due("Visit", now.visit_due, trace.end)
        since_when, why = trace.on(last.event.day), why_unallocated(trace, last)
        yield f"Since {since_when} the offender has been unallocated{why}: no officer comes."
    elif now.visit_due >= trace.end:
        yield _not_yet_due(trace, now)
    else:
        yield trace.due("Visit", now.visit_due, trace.end)
        yield from longest_wait(trace, life, since)


def _attempts(trace: EventTrace, since: Sequence[Transition], now: OffenderState) -> Iterator[str]:
    """Who called in vain, whether anybody could have been at home, and what the force does after failing."""
    attempts = [transition for transition in since if is_failed_attempt(transition)]
    if attempts:
        yield f"Officers tried: {attempts_words(attempts)}, {_from_to(trace, attempts)}; nobody answered."
    if now.gone:
        in_vain = sum(transition.before.gone for transition in attempts)
        could = f": {pluralise(in_vain, 'attempt')} since then could not succeed" if in_vain else ""
        known = "" if now.place == MISSING else ", and nobody knows"
        yield f"The offender left home without telling on {trace.on(now.gone_since)}{known}{could}."
    if attempts and now.place == COMMUNITY and not now.record_lost:
        yield _after_the_last(trace, now)


def _after_the_last(trace: EventTrace, now: OffenderState) -> str:
    """What the rules make of failing again and again."""
    if now.warrant_wanted:
        failed, when = pluralise(now.failed, "failed attempt"), trace.on(now.warrant_from)
        return f"After {failed} in a row a warrant is wanted, from {when} on; no visit before."
    wanted = trace.rules_on(trace.end).escalation.after_failed_attempts
    if wanted == NEVER:
        return "However often nobody answers, this force seeks no warrant: it tries again."
    return f"A warrant is sought only after {pluralise(round(wanted), 'failed attempt')} in a row."


def _from_to(trace: EventTrace, row: Sequence[Transition]) -> str:
    first, last = (trace.on(transition.event.day) for transition in (row[0], row[-1]))
    return f"on {first}" if first == last else f"from {first} to {last}"


def _times_away(trace: EventTrace, since: Sequence[Transition]) -> Iterator[str]:
    """When nobody would have come, and why, if that is over; and moves to another team."""
    changes = list(_changes(trace, since))
    for number, change in enumerate(changes):
        if change.event.event == "moved":
            area, date = sanitise(change.event.team), trace.on(change.event.day)
            yield f"On {date} the offender moved house into the area of {area}."
        for ends in changes[number + 1 : number + 2]:
            yield from _away(trace, change, ends.event.day)


def _away(trace: EventTrace, change: Transition, ends: float) -> Iterator[str]:
    """What kept the officers from coming from a change until a time."""
    span = f"from {trace.on(change.event.day)} to {trace.on(ends)}"
    match kept_away(trace, change.after):
        case "custody":
            recalled = "After a recall in" if change.event.outcome == "recalled" else "In"
            yield f"{recalled} custody {span}; nobody visits there."
            yield from _not_made(trace, change)
        case "lost record":
            yield f"The record had no next date {span}; nobody visited."
        case "reactive":
            yield f"In reactive management {span}; nobody visited."
            yield from _not_made(trace, change)
        case "unallocated" if ends - change.event.day >= 1:
            yield f"Unallocated {span}{why_unallocated(trace, change)}; no officer came."


def _not_made(trace: EventTrace, away: Transition) -> Iterator[str]:
    """The visit that was overdue already when the offender was no longer to be visited."""
    late = trace.late(away.before.visit_due, away.event.day)
    if late.endswith("overdue"):
        yield f"The visit due {trace.on(away.before.visit_due)} had not been made by then, {late}."


def _changes(trace: EventTrace, since: Sequence[Transition]) -> Iterator[Transition]:
    """The moments at which something began or ceased to keep officers away, and those of moving house."""
    for transition in since:
        before, after = kept_away(trace, transition.before), kept_away(trace, transition.after)
        if before != after or transition.event.event == "moved":
            yield transition


def _missing(trace: EventTrace, since: Sequence[Transition], now: OffenderState) -> Iterator[str]:
    """How it came out that the offender is gone, and what tracing has done."""
    found_out = [transition for transition in since if transition.after.place != transition.before.place == COMMUNITY][
        -1
    ]
    how = {"warrant": "entered by warrant", "enquiry": "enquired into a breach"}[found_out.event.event]
    when = trace.on(now.place_since)
    yield f"Whereabouts unknown since {when}, when officers {how} and found the offender gone: nobody visits."
    yield from _not_made(trace, found_out)
    tracings = [
        transition for transition in since if transition.event.event == "tracing" and transition.event.outcome == FAILED
    ]
    rules = trace.rules_on(trace.end).missing
    if tracings:
        tried = f"{pluralise(len(tracings), 'attempt').capitalize()} to trace the offender"
        finds = f"one attempt finds {100 * rules.found_by_tracing:g}{PER_CENT} of those missing"
        yield f"{tried}, {_from_to(trace, tracings)}, in vain; {finds}."
    else:
        yield "Nobody has tried to trace the offender yet."


def _lost_record(trace: EventTrace, since: Sequence[Transition], now: OffenderState) -> Iterator[str]:
    """Who lost the record, and why nothing has found it."""
    lost = [transition for transition in since if transition.after.record_lost and not transition.before.record_lost][
        -1
    ]
    yield (
        f"On {trace.on(now.lost_since)} officer {lost.event.officer}, who was untrained, left the record without a "
        "next date: since then nobody visits, and no visit counts as overdue."
    )
    if not math.isnan(lost.before.visit_due):
        yield f"By its interval the next visit would have been due on {trace.on(lost.before.visit_due)}."
    taken = [
        transition
        for transition in since
        if transition.event.event == "notification" and transition.event.day > now.lost_since
    ]
    attended = sum(transition.event.outcome == "done" for transition in taken)
    if attended:
        yield f"The offender came to {pluralise(attended, 'notification')} since; the record was not found."
    records = trace.rules_on(trace.end).records
    if records.audit_interval_days == NEVER:
        yield "No audit looks for lost records."
    else:
        yield f"An audit looks for lost records every {records.audit_interval_days:g} days."
    supervisors = trace.rules_on(trace.end).supervisors
    if supervisors.per_team * supervisors.hours_per_week > 0:
        finds = f"{100 * supervisors.finds_lost_record:g}{PER_CENT}"
        yield f"Supervisors check records in turn, as far as their hours go; a check finds {finds} of the lost ones."


def _not_yet_due(trace: EventTrace, now: OffenderState) -> str:
    interval = getattr(trace.rules_on(trace.end).visits.interval_days, now.latest.risk)
    average = "" if interval.distribution == "constant" else " on average"
    return (
        f"The next visit is due only on {trace.on(now.visit_due)}; at recorded risk {risk_words(now.latest.risk)} "
        f"a visit is due every {interval.expected:g} days{average}."
    )
