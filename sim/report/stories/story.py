"""One offender's story in plain sentences with dates: what was due, who came, what was found, how it stands.

It is told from the event log, which knows more than the force did: when a breach began, how true risk drifted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from sim.report.stories.event_trace import NO_REAL_PERSON, Chronicle
from sim.report.stories.offender_state import COMMUNITY, CUSTODY, FAILED, LEFT, MISSING, Moment, Standing, moments
from sim.report.stories.officers import SICK
from sim.report.stories.sentences import KINDS, breaches_words, recorded_risk, tells_of
from sim.report.stories.work_sentences import after_failing, had_left
from sim.report.text.words import counted
from sim.scenario.source.faults import listed, printable

FAILURES_TOLD_AS_ONE = 3
"""So many failed attempts in a row, or more, are told in one sentence."""


def offender_moments(chronicle: Chronicle, offender: int) -> list[Moment]:
    """Everything that happened to an offender, in order. Raises NobodyThere."""
    return moments(chronicle, chronicle.life_of(offender), tells_of)


def offender_story(chronicle: Chronicle, offender: int) -> list[str]:
    """The story of an offender: a heading, a line for each date, and how it stands at the end.

    Raises NobodyThere for a number that no offender of this history has.
    """
    life = offender_moments(chronicle, offender)
    teams = [printable(team) for team, _ in groupby(moment.event.team for moment in life)]
    return [
        f"Offender {offender} of {', later of '.join(teams)}: {chronicle.of_this_history()}",
        NO_REAL_PERSON,
        *_dated(chronicle, life),
        _at_the_end(chronicle, life[-1]),
    ]


def _dated(chronicle: Chronicle, life: Sequence[Moment]) -> Iterator[str]:
    """A line for each event, or for a row of failed attempts."""
    for failed, group in groupby(life, key=_failed_work):
        row = list(group)
        if failed and len(row) >= FAILURES_TOLD_AS_ONE:
            first, last = (chronicle.on(moment.event.day) for moment in (row[0], row[-1]))
            yield f"{first} to {last}: {_failures(chronicle, failed, row)}"
        else:
            for moment in row:
                yield f"{chronicle.on(moment.event.day)}: {KINDS[moment.event.event].teller(chronicle, moment)}"


def _failed_work(moment: Moment) -> str:
    """The kind of work that was done in vain, or nothing."""
    return moment.event.event if moment.event.outcome == FAILED else ""


def _failures(chronicle: Chronicle, kind: str, row: Sequence[Moment]) -> str:
    """Several failures of one kind of work, one after the other."""
    last = row[-1]
    if kind == "tracing":
        return f"{counted(len(row), 'attempt')} to trace the offender, in vain."
    return f"{attempts_words(row)}; nobody answered{had_left(last.before)}. {after_failing(chronicle, last.after)}"


def is_failed_attempt(moment: Moment) -> bool:
    """Did officers call in vain?"""
    return _failed_work(moment) == "visit"


def attempts_words(attempts: Sequence[Moment]) -> str:
    """`four attempts, 1 announced and 3 unannounced`, or `one attempt, unannounced`."""
    announced = sum(moment.event.announced for moment in attempts)
    unannounced = len(attempts) - announced
    kinds = [f"{number} {kind}" for number, kind in ((announced, "announced"), (unannounced, "unannounced")) if number]
    words = listed(kinds) if len(kinds) == 2 else kinds[0].split()[1]
    return f"{counted(len(attempts), 'attempt')}, {words}"


def _at_the_end(chronicle: Chronicle, last: Moment) -> str:
    """How it stands when the simulation ends."""
    now, event, end = last.after, last.event, chronicle.end
    begins = f"{chronicle.on(end - 1)}, the end:"
    since = chronicle.on(now.place_since)
    if now.place == LEFT:
        return f"{begins} no longer on the register."
    if now.place == CUSTODY:
        return f"{begins} in custody since {since}."
    sentences = [
        f"{begins} {f'whereabouts unknown since {since}; ' if now.place == MISSING else ''}{recorded_risk(event)}; "
        f"in {chronicle.caseload(now.officer)}{_sick(chronicle, now)}.",
        f"Last seen {chronicle.on(now.last_seen)}, {counted(round(end - now.last_seen), 'day')} ago.",
    ]
    if now.place == COMMUNITY:
        sentences += _to_come(chronicle, now)
    if now.hidden:
        sentences.append(f"Still hidden: {breaches_words(chronicle, now.hidden)}.")
    return " ".join(sentences)


def _sick(chronicle: Chronicle, now: Standing) -> str:
    """Since when the officer has been sick, who has the offender at the end."""
    if now.officer < 0 or chronicle.pooled:
        return ""
    sick = chronicle.posts[now.officer].spell_on(SICK, chronicle.end)
    return f", who has been sick since {chronicle.on(sick.begins)}" if sick else ""


def _to_come(chronicle: Chronicle, now: Standing) -> Iterator[str]:
    """What is due for an offender in the community at the end, and what nobody knows."""
    if now.gone:
        yield f"Left home on {chronicle.on(now.gone_since)}, which nobody knows."
    if now.reactive:
        yield f"In reactive management since {chronicle.on(now.reactive_since)}: nobody visits."
        return
    if now.record_lost:
        yield f"The record has had no next date since {chronicle.on(now.lost_since)}: nobody visits."
    else:
        yield chronicle.due("Next visit", now.visit_due, chronicle.end)
    if now.warrant_wanted:
        yield f"A warrant is wanted, to be executed from {chronicle.on(now.warrant_from)} on."
    yield chronicle.due("Next review", now.review_due, chronicle.end)
