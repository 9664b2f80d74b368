"""One offender's story in plain sentences with dates: what was due, who came, what was found, how it stands.

It is told from the event log, which knows more than the force did: when a breach began, how true risk drifted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from sim.report.stories.event_trace import NO_REAL_PERSON, EventTrace
from sim.report.stories.offender_state import (
    COMMUNITY,
    CUSTODY,
    FAILED,
    LEFT,
    MISSING,
    OffenderState,
    Transition,
    transitions,
)
from sim.report.stories.officers import SICK
from sim.report.stories.sentences import KINDS, breaches_words, recorded_risk, tells_of
from sim.report.stories.work_sentences import after_failing, had_left
from sim.report.text.words import pluralise
from sim.scenario.source.faults import join_words, sanitise

FAILURES_TOLD_AS_ONE = 3
"""So many failed attempts in a row, or more, are told in one sentence."""


def offender_transitions(trace: EventTrace, offender: int) -> list[Transition]:
    """Everything that happened to an offender, in order. Raises NobodyThere."""
    return transitions(trace, trace.life_of(offender), tells_of)


def offender_story(trace: EventTrace, offender: int) -> list[str]:
    """The story of an offender: a heading, a line for each date, and how it stands at the end.

    Raises NobodyThere for a number that no offender of this history has.
    """
    life = offender_transitions(trace, offender)
    teams = [sanitise(team) for team, _ in groupby(transition.event.team for transition in life)]
    return [
        f"Offender {offender} of {', later of '.join(teams)}: {trace.of_this_history()}",
        NO_REAL_PERSON,
        *_dated(trace, life),
        _at_the_end(trace, life[-1]),
    ]


def _dated(trace: EventTrace, life: Sequence[Transition]) -> Iterator[str]:
    """A line for each event, or for a row of failed attempts."""
    for failed, group in groupby(life, key=_failed_work):
        row = list(group)
        if failed and len(row) >= FAILURES_TOLD_AS_ONE:
            first, last = (trace.on(transition.event.day) for transition in (row[0], row[-1]))
            yield f"{first} to {last}: {_failures(trace, failed, row)}"
        else:
            for transition in row:
                yield f"{trace.on(transition.event.day)}: {KINDS[transition.event.event].teller(trace, transition)}"


def _failed_work(transition: Transition) -> str:
    """The kind of work that was done in vain, or nothing."""
    return transition.event.event if transition.event.outcome == FAILED else ""


def _failures(trace: EventTrace, kind: str, row: Sequence[Transition]) -> str:
    """Several failures of one kind of work, one after the other."""
    last = row[-1]
    if kind == "tracing":
        return f"{pluralise(len(row), 'attempt')} to trace the offender, in vain."
    return f"{attempts_words(row)}; nobody answered{had_left(last.before)}. {after_failing(trace, last.after)}"


def is_failed_attempt(transition: Transition) -> bool:
    """Did officers call in vain?"""
    return _failed_work(transition) == "visit"


def attempts_words(attempts: Sequence[Transition]) -> str:
    """`four attempts, 1 announced and 3 unannounced`, or `one attempt, unannounced`."""
    announced = sum(transition.event.announced for transition in attempts)
    unannounced = len(attempts) - announced
    kinds = [f"{number} {kind}" for number, kind in ((announced, "announced"), (unannounced, "unannounced")) if number]
    words = join_words(kinds) if len(kinds) == 2 else kinds[0].split()[1]
    return f"{pluralise(len(attempts), 'attempt')}, {words}"


def _at_the_end(trace: EventTrace, last: Transition) -> str:
    """How it stands when the simulation ends."""
    now, event, end = last.after, last.event, trace.end
    begins = f"{trace.on(end - 1)}, the end:"
    since = trace.on(now.place_since)
    if now.place == LEFT:
        return f"{begins} no longer on the register."
    if now.place == CUSTODY:
        return f"{begins} in custody since {since}."
    sentences = [
        f"{begins} {f'whereabouts unknown since {since}; ' if now.place == MISSING else ''}{recorded_risk(event)}; "
        f"in {trace.caseload(now.officer)}{_sick(trace, now)}.",
        f"Last seen {trace.on(now.last_seen)}, {pluralise(round(end - now.last_seen), 'day')} ago.",
    ]
    if now.place == COMMUNITY:
        sentences += _to_come(trace, now)
    if now.hidden:
        sentences.append(f"Still hidden: {breaches_words(trace, now.hidden)}.")
    return " ".join(sentences)


def _sick(trace: EventTrace, now: OffenderState) -> str:
    """Since when the officer has been sick, who has the offender at the end."""
    if now.officer < 0 or trace.pooled:
        return ""
    sick = trace.posts[now.officer].spell_on(SICK, trace.end)
    return f", who has been sick since {trace.on(sick.begins)}" if sick else ""


def _to_come(trace: EventTrace, now: OffenderState) -> Iterator[str]:
    """What is due for an offender in the community at the end, and what nobody knows."""
    if now.gone:
        yield f"Left home on {trace.on(now.gone_since)}, which nobody knows."
    if now.reactive:
        yield f"In reactive management since {trace.on(now.reactive_since)}: nobody visits."
        return
    if now.record_lost:
        yield f"The record has had no next date since {trace.on(now.lost_since)}: nobody visits."
    else:
        yield trace.due("Next visit", now.visit_due, trace.end)
    if now.warrant_wanted:
        yield f"A warrant is wanted, to be executed from {trace.on(now.warrant_from)} on."
    yield trace.due("Next review", now.review_due, trace.end)
