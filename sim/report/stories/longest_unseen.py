"""Who has been unseen for longest at the end, and why, as far as the event log can tell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from sim.report.stories.account import account_words
from sim.report.stories.allocation import why_unallocated
from sim.report.stories.event_trace import Chronicle, NobodyThere, risk_words
from sim.report.stories.offender_state import COMMUNITY, CUSTODY, FAILED, LEFT, MISSING, Moment, Standing
from sim.report.stories.sentences import KINDS
from sim.report.stories.story import attempts_words, is_failed_attempt, offender_moments
from sim.report.stories.waiting import joined, kept_away, longest_wait
from sim.report.text.words import PER_CENT, counted
from sim.scenario.source.faults import printable
from sim.scenario.values import NEVER


def longest_unseen(chronicle: Chronicle) -> int:
    """Whom nobody has seen for longest of those on the visit list, missing or with a lost record; the lower of equals.

    Raises NobodyThere if there is none.
    """
    events = chronicle.events
    sees = [kind for kind, words in KINDS.items() if words.tells.seen]
    leaves = [kind for kind, words in KINDS.items() if words.tells.place == LEFT]
    left = events.loc[events["event"].isin(leaves), "offender"]
    seen = events[((events["outcome"] == "seen") | events["event"].isin(sees)) & ~events["offender"].isin(left)]
    last_seen = seen.groupby("offender")["day"].max().reset_index().sort_values(["day", "offender"])
    for offender in last_seen["offender"]:
        if offender_moments(chronicle, offender)[-1].after.is_to_be_seen:
            return int(offender)
    raise NobodyThere(f"Nobody is on the visit list, or missing, at the end of replication {chronicle.replication}.")


def why_unseen(chronicle: Chronicle, offender: int) -> list[str]:
    """For how long nobody has seen an offender, and what the log says of the reasons, a sentence each."""
    life = offender_moments(chronicle, offender)
    seen = life[-1].after.last_seen
    return [
        f"At the end nobody who is to be visited, or is missing, has been unseen for longer than offender {offender}: "
        f"{counted(round(chronicle.end - seen), 'day')}, since {chronicle.on(seen)}{_seen_how(life, seen)}.",
        account_words(chronicle, life),
        *_reasons(chronicle, life, [moment for moment in life if moment.event.day >= seen]),
    ]


def _seen_how(life: Sequence[Moment], seen: float) -> str:
    """What counted as being seen last, if it was no visit of this history."""
    if seen < 0:
        return ", before the simulation began"
    return ", the day of registration" if joined(life) and seen == life[0].event.day else ""


# --- reasons --------------------------------------------------------------------------------------------------


def _reasons(chronicle: Chronicle, life: Sequence[Moment], since: Sequence[Moment]) -> Iterator[str]:
    """Everything that kept the offender from being seen; `since`: all from when it last happened."""
    now, kept = life[-1].after, kept_away(chronicle, life[-1].after)
    yield from _attempts(chronicle, since, now)
    yield from _times_away(chronicle, since)
    if kept == MISSING:
        yield from _missing(chronicle, since, now)
    elif kept == "lost record":
        yield from _lost_record(chronicle, since, now)
    elif kept == "reactive":
        yield f"In reactive management since {chronicle.on(now.reactive_since)}: nobody visits."
    elif kept in (CUSTODY, LEFT) or math.isnan(now.visit_due):
        yield "No visit is due."
    elif kept == "unallocated":
        *_, last = _changes(chronicle, life)
        yield chronicle.due("Visit", now.visit_due, chronicle.end)
        since_when, why = chronicle.on(last.event.day), why_unallocated(chronicle, last)
        yield f"Since {since_when} the offender has been unallocated{why}: no officer comes."
    elif now.visit_due >= chronicle.end:
        yield _not_yet_due(chronicle, now)
    else:
        yield chronicle.due("Visit", now.visit_due, chronicle.end)
        yield from longest_wait(chronicle, life, since)


def _attempts(chronicle: Chronicle, since: Sequence[Moment], now: Standing) -> Iterator[str]:
    """Who called in vain, whether anybody could have been at home, and what the force does after failing."""
    attempts = [moment for moment in since if is_failed_attempt(moment)]
    if attempts:
        yield f"Officers tried: {attempts_words(attempts)}, {_from_to(chronicle, attempts)}; nobody answered."
    if now.gone:
        in_vain = sum(moment.before.gone for moment in attempts)
        could = f": {counted(in_vain, 'attempt')} since then could not succeed" if in_vain else ""
        known = "" if now.place == MISSING else ", and nobody knows"
        yield f"The offender left home without telling on {chronicle.on(now.gone_since)}{known}{could}."
    if attempts and now.place == COMMUNITY and not now.record_lost:
        yield _after_the_last(chronicle, now)


def _after_the_last(chronicle: Chronicle, now: Standing) -> str:
    """What the rules make of failing again and again."""
    if now.warrant_wanted:
        failed, when = counted(now.failed, "failed attempt"), chronicle.on(now.warrant_from)
        return f"After {failed} in a row a warrant is wanted, from {when} on; no visit before."
    wanted = chronicle.rules_on(chronicle.end).escalation.after_failed_attempts
    if wanted == NEVER:
        return "However often nobody answers, this force seeks no warrant: it tries again."
    return f"A warrant is sought only after {counted(round(wanted), 'failed attempt')} in a row."


def _from_to(chronicle: Chronicle, row: Sequence[Moment]) -> str:
    first, last = (chronicle.on(moment.event.day) for moment in (row[0], row[-1]))
    return f"on {first}" if first == last else f"from {first} to {last}"


def _times_away(chronicle: Chronicle, since: Sequence[Moment]) -> Iterator[str]:
    """When nobody would have come, and why, if that is over; and moves to another team."""
    changes = list(_changes(chronicle, since))
    for number, change in enumerate(changes):
        if change.event.event == "moved":
            area, date = printable(change.event.team), chronicle.on(change.event.day)
            yield f"On {date} the offender moved house into the area of {area}."
        for ends in changes[number + 1 : number + 2]:
            yield from _away(chronicle, change, ends.event.day)


def _away(chronicle: Chronicle, change: Moment, ends: float) -> Iterator[str]:
    """What kept the officers from coming from a change until a time."""
    span = f"from {chronicle.on(change.event.day)} to {chronicle.on(ends)}"
    match kept_away(chronicle, change.after):
        case "custody":
            recalled = "After a recall in" if change.event.outcome == "recalled" else "In"
            yield f"{recalled} custody {span}; nobody visits there."
            yield from _not_made(chronicle, change)
        case "lost record":
            yield f"The record had no next date {span}; nobody visited."
        case "reactive":
            yield f"In reactive management {span}; nobody visited."
            yield from _not_made(chronicle, change)
        case "unallocated" if ends - change.event.day >= 1:
            yield f"Unallocated {span}{why_unallocated(chronicle, change)}; no officer came."


def _not_made(chronicle: Chronicle, away: Moment) -> Iterator[str]:
    """The visit that was overdue already when the offender was no longer to be visited."""
    late = chronicle.late(away.before.visit_due, away.event.day)
    if late.endswith("overdue"):
        yield f"The visit due {chronicle.on(away.before.visit_due)} had not been made by then, {late}."


def _changes(chronicle: Chronicle, since: Sequence[Moment]) -> Iterator[Moment]:
    """The moments at which something began or ceased to keep officers away, and those of moving house."""
    for moment in since:
        before, after = kept_away(chronicle, moment.before), kept_away(chronicle, moment.after)
        if before != after or moment.event.event == "moved":
            yield moment


def _missing(chronicle: Chronicle, since: Sequence[Moment], now: Standing) -> Iterator[str]:
    """How it came out that the offender is gone, and what tracing has done."""
    found_out = [moment for moment in since if moment.after.place != moment.before.place == COMMUNITY][-1]
    how = {"warrant": "entered by warrant", "enquiry": "enquired into a breach"}[found_out.event.event]
    when = chronicle.on(now.place_since)
    yield f"Whereabouts unknown since {when}, when officers {how} and found the offender gone: nobody visits."
    yield from _not_made(chronicle, found_out)
    tracings = [moment for moment in since if moment.event.event == "tracing" and moment.event.outcome == FAILED]
    rules = chronicle.rules_on(chronicle.end).missing
    if tracings:
        tried = f"{counted(len(tracings), 'attempt').capitalize()} to trace the offender"
        finds = f"one attempt finds {100 * rules.found_by_tracing:g}{PER_CENT} of those missing"
        yield f"{tried}, {_from_to(chronicle, tracings)}, in vain; {finds}."
    else:
        yield "Nobody has tried to trace the offender yet."


def _lost_record(chronicle: Chronicle, since: Sequence[Moment], now: Standing) -> Iterator[str]:
    """Who lost the record, and why nothing has found it."""
    lost = [moment for moment in since if moment.after.record_lost and not moment.before.record_lost][-1]
    yield (
        f"On {chronicle.on(now.lost_since)} officer {lost.event.officer}, who was untrained, left the record without a "
        "next date: since then nobody visits, and no visit counts as overdue."
    )
    if not math.isnan(lost.before.visit_due):
        yield f"By its interval the next visit would have been due on {chronicle.on(lost.before.visit_due)}."
    taken = [moment for moment in since if moment.event.event == "notification" and moment.event.day > now.lost_since]
    attended = sum(moment.event.outcome == "done" for moment in taken)
    if attended:
        yield f"The offender came to {counted(attended, 'notification')} since; the record was not found."
    records = chronicle.rules_on(chronicle.end).records
    if records.audit_interval_days == NEVER:
        yield "No audit looks for lost records."
    else:
        yield f"An audit looks for lost records every {records.audit_interval_days:g} days."
    supervisors = chronicle.rules_on(chronicle.end).supervisors
    if supervisors.per_team * supervisors.hours_per_week > 0:
        finds = f"{100 * supervisors.finds_lost_record:g}{PER_CENT}"
        yield f"Supervisors check records in turn, as far as their hours go; a check finds {finds} of the lost ones."


def _not_yet_due(chronicle: Chronicle, now: Standing) -> str:
    interval = getattr(chronicle.rules_on(chronicle.end).visits.interval_days, now.latest.risk)
    average = "" if interval.distribution == "constant" else " on average"
    return (
        f"The next visit is due only on {chronicle.on(now.visit_due)}; at recorded risk {risk_words(now.latest.risk)} "
        f"a visit is due every {interval.expected:g} days{average}."
    )
