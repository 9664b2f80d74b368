"""A visit that could be made and is not: for how long nobody tried, and what those did who could have come."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from sim.report.stories.event_trace import Chronicle
from sim.report.stories.offender_state import COMMUNITY, Moment, Standing
from sim.report.stories.officers import ON_COURSE, SICK, VACANT
from sim.report.stories.story import is_failed_attempt
from sim.report.text.words import counted, plural
from sim.scenario.source.faults import listed
from sim.scenario.values import RISK_LEVELS

ORDINARY_WAIT_DAYS = 7
"""A wait no longer than this needs no explanation."""


@dataclass(frozen=True)
class Wait:
    """A time in which a visit could have been made, and nobody tried; `now`: how the offender stood at its end."""

    begins: float
    ends: float
    now: Standing

    @property
    def days(self) -> float:
        """How long it lasted."""
        return self.ends - self.begins


def joined(life: Sequence[Moment]) -> bool:
    """Did the offender join the register in this history?"""
    return life[0].event.event == "registered"


def kept_away(chronicle: Chronicle, now: Standing) -> str:
    """What keeps every officer from visiting, or nothing."""
    if now.place != COMMUNITY:
        return now.place
    if now.record_lost:
        return "lost record"
    if now.reactive:
        return "reactive"
    return "unallocated" if now.officer < 0 and not chronicle.pooled else ""


def longest_wait(chronicle: Chronicle, life: Sequence[Moment], since: Sequence[Moment]) -> Iterator[str]:
    """The longest time in which nobody tried of all since a moment, in sentences, if it was no ordinary one."""
    waits = _waits(chronicle, since)
    intake_needed = joined(life) and chronicle.rules_on(life[0].event.day).intake.hours.expected > 0
    intakes = [moment.event.day for moment in life if moment.event.event == "intake"]
    if intake_needed and not intakes:
        yield f"The intake, which comes before any visit, has waited since {chronicle.on(life[0].event.day)}."
        waits = [Wait(life[0].event.day, chronicle.end, life[-1].after)]
    elif intake_needed:
        waits = [Wait(max(wait.begins, intakes[0]), wait.ends, wait.now) for wait in waits]
    longest = max(waits, key=lambda wait: wait.days, default=None)
    if longest is None or longest.days <= ORDINARY_WAIT_DAYS:
        return
    how_long = chronicle.days_between(longest.begins, longest.ends)
    until = "the end" if longest.ends == chronicle.end else chronicle.on(longest.ends)
    yield f"From {chronicle.on(longest.begins)} to {until}, {how_long}, nobody tried."
    yield from _meanwhile(chronicle, longest)
    yield from _surge_team(chronicle, longest)


def _waits(chronicle: Chronicle, since: Sequence[Moment]) -> list[Wait]:
    """Every time in which a visit was due, or a warrant could be executed, and nothing kept the officers away."""
    waits: list[Wait] = []
    barred_until = -math.inf
    for moment, ends in zip(since, [*(moment.event.day for moment in since[1:]), chronicle.end], strict=True):
        day, now = moment.event.day, moment.after
        tried = is_failed_attempt(moment)
        if tried:
            barred_until = math.floor(day) + chronicle.rules_on(day).visits.retry_days
        begins = max(day, now.warrant_from if now.warrant_wanted else max(now.visit_due, barred_until))
        if begins < ends and not math.isnan(now.visit_due) and not kept_away(chronicle, now):
            if waits and waits[-1].ends == begins and not tried:
                begins = waits.pop().begins
            waits.append(Wait(begins, ends, now))
    return waits


def _meanwhile(chronicle: Chronicle, wait: Wait) -> Iterator[str]:
    """What those who could have come did for others, and what else may have kept them away."""
    now, begins, ends = wait.now, wait.begins, wait.ends
    team, offender, risk = now.latest.team, now.latest.offender, now.latest.risk
    crew = getattr(chronicle.rules_on(ends).visits.crew, risk)
    if crew > _officers_at_any_time(chronicle, team, begins, ends):
        yield f"Nobody could: {counted(crew, 'officer')} must go, and the team had fewer."
        return
    when = "In that time"
    if now.officer_since > begins:
        begins = now.officer_since
        came = "moved into the area of this team" if chronicle.pooled else "came into this caseload"
        when = f"Since {chronicle.on(begins)}, when the offender {came},"
    away = "" if chronicle.pooled else _away_words(chronicle, now.officer, begins, ends)
    if away:
        yield f"{when} {away}, and the caseload was not covered."
        when = "In the rest of that time"
    events = chronicle.events
    work = events[(events["minutes"] > 0) & (events["day"] > begins) & (events["day"] <= ends)]
    if chronicle.pooled:
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
        why += f" or, as {counted(crew, 'officer')} must go, no colleague was free; the log does not tell which"
    done = _kinds_words(others["event"])
    yield f"{when} {who} did {done} for others, {graver:,} of them at a higher recorded risk: {why}."


def _surge_team(chronicle: Chronicle, wait: Wait) -> Iterator[str]:
    """When the surge team of the offender's team was at work in that time."""
    for post in chronicle.posts:
        if post.team == wait.now.latest.team and post.surge:
            for begins, no_more in post.stands:
                first, last = max(begins, wait.begins), min(no_more, wait.ends)
                if first < last:
                    days = f"from {chronicle.on(first)} to {chronicle.on(math.ceil(last) - 1)}"
                    yield f"The surge team, at work {days}, did not come either."
            return


def _officers_at_any_time(chronicle: Chronicle, team: str, begins: float, ends: float) -> int:
    """Officers of a team, with its surge team, who were there at some time: their post stood and was not vacant."""
    of_team = [post for post in chronicle.posts if post.team == team and not post.was(VACANT, begins, ends)]
    return sum(any(first < ends and last > begins for first, last in post.stands) for post in of_team)


def _away_words(chronicle: Chronicle, number: int, begins: float, ends: float) -> str:
    """`officer 3 was sick for 40 days and on a course for five days`, or nothing."""
    post = chronicle.posts[number]
    spells = ((SICK, "sick"), (ON_COURSE, "on a course"))
    days = [(words, round(post.days(why, begins, ends))) for why, words in spells]
    away = [f"{words} for {counted(number_of, 'day')}" for words, number_of in days if number_of]
    return f"officer {number} was {listed(away)}" if away else ""


def _kinds_words(kinds: pd.Series) -> str:
    """`12 visits, 3 reviews and 1 enquiry`, the most frequent first."""
    counts = Counter(kinds).most_common()
    return listed([f"{number:,} {kind.replace('_', ' ') if number == 1 else plural(kind)}" for kind, number in counts])
