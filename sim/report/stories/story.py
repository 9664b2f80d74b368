"""One offender's story in plain sentences with dates: what was due, who came, what was found, and the state at the end.

It is read from the event log, which knows more than the force did: when a breach began, how true risk drifted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from sim.report.stories.event_trace import NO_REAL_PERSON, EventTrace
from sim.report.stories.offender_state import COMMUNITY, CUSTODY, LEFT, MISSING, OffenderState, Transition
from sim.report.stories.officers import SICK
from sim.report.stories.sentences import EVENTS, after_failing, breaches_words, had_left, recorded_risk, transitions
from sim.report.text.words import pluralise
from sim.scenario.source.faults import sanitise

FAILURES_IN_ONE_LINE = 3
"""So many consecutive failed attempts, or more, are one sentence."""


def offender_transitions(trace: EventTrace, offender: int) -> list[Transition]:
    return transitions(trace, trace.events_of(offender))


def offender_story(trace: EventTrace, offender: int) -> list[str]:
    """The story of an offender: a heading, a line for each date, and the state at the end. Raises NobodyThere."""
    own = offender_transitions(trace, offender)
    teams = [sanitise(team) for team, _ in groupby(transition.event.team for transition in own)]
    return [
        f"Offender {offender} of {', later of '.join(teams)}: {trace.heading}",
        NO_REAL_PERSON,
        *_dated(trace, own),
        _at_the_end(trace, own[-1]),
    ]


def _dated(trace: EventTrace, own: Sequence[Transition]) -> Iterator[str]:
    for failed, group in groupby(own, key=lambda transition: transition.failed_work):
        row = list(group)
        if failed and len(row) >= FAILURES_IN_ONE_LINE:
            last = row[-1]
            words = f"{attempts_words(row)}; nobody answered{had_left(last.before)}. {after_failing(trace, last.after)}"
            if failed == "tracing":
                words = f"{pluralise(len(row), 'attempt')} to trace the offender, without success."
            yield f"{trace.on(row[0].day)} to {trace.on(last.day)}: {words}"
        else:
            for transition in row:
                yield f"{trace.on(transition.day)}: {EVENTS[transition.event.event].sentence(trace, transition)}"


def attempts_words(attempts: Sequence[Transition]) -> str:
    """`four attempts, 1 announced and 3 unannounced`, or `one attempt, unannounced`."""
    announced = sum(attempt.event.announced for attempt in attempts)
    words = "announced" if announced == len(attempts) else "unannounced"
    if 0 < announced < len(attempts):
        words = f"{announced} announced and {len(attempts) - announced} unannounced"
    return f"{pluralise(len(attempts), 'attempt')}, {words}"


def _at_the_end(trace: EventTrace, last: Transition) -> str:
    now, end = last.after, trace.end
    begins, since = f"Midnight after {trace.on(end - 1)}, the end:", trace.on(now.place_since)
    if now.place == LEFT:
        return f"{begins} no longer on the register."
    if now.place == CUSTODY:
        return f"{begins} in custody since {since}."
    allocated = now.officer >= 0 and not trace.pooled
    spell = trace.posts[now.officer].spell_on(SICK, end) if allocated else None
    sick = f", who has been sick since {trace.on(spell.begins)}" if spell else ""
    sentences = [
        f"{begins} {f'whereabouts unknown since {since}; ' if now.place == MISSING else ''}"
        f"{recorded_risk(last.event)}; in {trace.caseload(now.officer)}{sick}.",
        f"Last seen {trace.on(now.last_seen)}, {trace.days_between(now.last_seen, end)} earlier.",
    ]
    if now.place == COMMUNITY:
        sentences += _to_come(trace, now)
    if now.hidden:
        sentences.append(f"Still hidden: {breaches_words(trace, now.hidden)}.")
    return " ".join(sentences)


def _to_come(trace: EventTrace, now: OffenderState) -> Iterator[str]:
    """Work that is due for an offender in the community at the end, and what nobody knows."""
    if now.gone:
        yield f"Left home on {trace.on(now.gone_since)}, which nobody knows."
    if now.reactive:
        yield f"In reactive management since {trace.on(now.reactive_since)}: no visits."
        return
    if now.record_lost:
        yield f"The record has had no next date since {trace.on(now.lost_since)}: no visits."
    else:
        yield trace.due("Next visit", now.visit_due, trace.end)
    if now.warrant_wanted:
        yield f"A warrant is wanted, to be executed from {trace.on(now.warrant_from)}."
    yield trace.due("Next review", now.review_due, trace.end)
