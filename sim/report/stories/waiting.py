"""A visit that could be made and is not: for how long nobody tried, and what those did who could have come."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from sim.report.stories.event_trace import EventTrace
from sim.report.stories.offender_state import COMMUNITY, OffenderState, Transition
from sim.report.stories.officers import ON_COURSE, SICK, VACANT
from sim.report.stories.story import is_failed_attempt
from sim.report.text.words import plural, pluralise
from sim.scenario.source.faults import join_words
from sim.scenario.values import RISK_LEVELS

ORDINARY_WAIT_DAYS = 7
"""A wait no longer than this needs no explanation."""


@dataclass(frozen=True)
class Wait:
    """A time in which a visit could have been made, and nobody tried; `now`: how the offender stood at its end."""

    begins: float
    ends: float
    now: OffenderState

    @property
    def days(self) -> float:
        """How long it lasted."""
        return self.ends - self.begins


def joined(life: Sequence[Transition]) -> bool:
    """Did the offender join the register in this history?"""
    return life[0].event.event == "registered"


def kept_away(trace: EventTrace, now: OffenderState) -> str:
    """What keeps every officer from visiting, or nothing."""
    if now.place != COMMUNITY:
        return now.place
    if now.record_lost:
        return "lost record"
    if now.reactive:
        return "reactive"
    return "unallocated" if now.officer < 0 and not trace.pooled else ""


def longest_wait(trace: EventTrace, life: Sequence[Transition], since: Sequence[Transition]) -> Iterator[str]:
    """The longest time in which nobody tried of all since a moment, in sentences, if it was no ordinary one."""
    waits = _waits(trace, since)
    initial_assessment_needed = joined(life) and trace.rules_on(life[0].event.day).initial_assessment.hours.expected > 0
    initial_assessments = [
        transition.event.day for transition in life if transition.event.event == "initial_assessment"
    ]
    if initial_assessment_needed and not initial_assessments:
        yield f"The intake, which comes before any visit, has waited since {trace.on(life[0].event.day)}."
        waits = [Wait(life[0].event.day, trace.end, life[-1].after)]
    elif initial_assessment_needed:
        waits = [Wait(max(wait.begins, initial_assessments[0]), wait.ends, wait.now) for wait in waits]
    longest = max(waits, key=lambda wait: wait.days, default=None)
    if longest is None or longest.days <= ORDINARY_WAIT_DAYS:
        return
    how_long = trace.days_between(longest.begins, longest.ends)
    until = "the end" if longest.ends == trace.end else trace.on(longest.ends)
    yield f"From {trace.on(longest.begins)} to {until}, {how_long}, nobody tried."
    yield from _meanwhile(trace, longest)
    yield from _surge_team(trace, longest)


def _waits(trace: EventTrace, since: Sequence[Transition]) -> list[Wait]:
    """Every time in which a visit was due, or a warrant could be executed, and nothing kept the officers away."""
    waits: list[Wait] = []
    barred_until = -math.inf
    for transition, ends in zip(since, [*(transition.event.day for transition in since[1:]), trace.end], strict=True):
        day, now = transition.event.day, transition.after
        tried = is_failed_attempt(transition)
        if tried:
            barred_until = math.floor(day) + trace.rules_on(day).visits.retry_days
        begins = max(day, now.warrant_from if now.warrant_wanted else max(now.visit_due, barred_until))
        if begins < ends and not math.isnan(now.visit_due) and not kept_away(trace, now):
            if waits and waits[-1].ends == begins and not tried:
                begins = waits.pop().begins
            waits.append(Wait(begins, ends, now))
    return waits


def _meanwhile(trace: EventTrace, wait: Wait) -> Iterator[str]:
    """What those who could have come did for others, and what else may have kept them away."""
    now, begins, ends = wait.now, wait.begins, wait.ends
    team, offender, risk = now.latest.team, now.latest.offender, now.latest.risk
    crew = getattr(trace.rules_on(ends).visits.crew, risk)
    if crew > _officers_at_any_time(trace, team, begins, ends):
        yield f"Nobody could: {pluralise(crew, 'officer')} must go, and the team had fewer."
        return
    when = "In that time"
    if now.officer_since > begins:
        begins = now.officer_since
        came = "moved into the area of this team" if trace.pooled else "came into this caseload"
        when = f"Since {trace.on(begins)}, when the offender {came},"
    away = "" if trace.pooled else _away_words(trace, now.officer, begins, ends)
    if away:
        yield f"{when} {away}, and the caseload was not covered."
        when = "In the rest of that time"
    events = trace.events
    work = events[(events["minutes"] > 0) & (events["day"] > begins) & (events["day"] <= ends)]
    if trace.pooled:
        who, own = "the team", work["team"] == team
    else:
        who, own = f"officer {now.officer}", (work["officer"] == now.officer) | (work["colleague"] == now.officer)
    others = work[own & (work["offender"] != offender)]
    if others.empty:
        yield f"{when} {who} did no work for others{'' if away else '; the log does not tell why'}."
        return
    graver = (others["risk"].map(RISK_LEVELS.index).astype(int) > RISK_LEVELS.index(risk)).sum()
    why = "other work came first"
    if crew > 1:
        why += f" or, as {pluralise(crew, 'officer')} must go, no colleague was free; the log does not tell which"
    done = _kinds_words(others["event"])
    yield f"{when} {who} did {done} for others, {graver:,} of them at a higher recorded risk: {why}."


def _surge_team(trace: EventTrace, wait: Wait) -> Iterator[str]:
    """When the surge team of the offender's team was at work in that time."""
    for post in trace.posts:
        if post.team == wait.now.latest.team and post.surge:
            for begins, no_more in post.stands:
                first, last = max(begins, wait.begins), min(no_more, wait.ends)
                if first < last:
                    days = f"from {trace.on(first)} to {trace.on(math.ceil(last) - 1)}"
                    yield f"The surge team, at work {days}, did not come either."
            return


def _officers_at_any_time(trace: EventTrace, team: str, begins: float, ends: float) -> int:
    """Officers of a team, with its surge team, who were there at some time: their post stood and was not vacant."""
    of_team = [post for post in trace.posts if post.team == team and not post.was(VACANT, begins, ends)]
    return sum(any(first < ends and last > begins for first, last in post.stands) for post in of_team)


def _away_words(trace: EventTrace, number: int, begins: float, ends: float) -> str:
    """`officer 3 was sick for 40 days and on a course for five days`, or nothing."""
    post = trace.posts[number]
    spells = ((SICK, "sick"), (ON_COURSE, "on a course"))
    days = [(words, round(post.days(why, begins, ends))) for why, words in spells]
    away = [f"{words} for {pluralise(number_of, 'day')}" for words, number_of in days if number_of]
    return f"officer {number} was {join_words(away)}" if away else ""


def _kinds_words(kinds: pd.Series) -> str:
    """`12 visits, 3 reviews and 1 enquiry`, the most frequent first."""
    counts = Counter(kinds).most_common()
    return join_words(
        [f"{number:,} {kind.replace('_', ' ') if number == 1 else plural(kind)}" for kind, number in counts]
    )
