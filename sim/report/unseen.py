"""Who on the visit list has been unseen for longest at the end, and why, as far as the event log can tell."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

import pandas as pd

from sim.report.chronicle import Chronicle, Event, NobodyThere, risk_words
from sim.report.story import ON_THE_LIST, WHEREABOUTS, attempts_words, is_failed_attempt
from sim.report.words import counted
from sim.scenario import headcounts
from sim.scenario.faults import listed
from sim.scenario.values import NEVER, RISK_LEVELS, Distribution

ORDINARY_WAIT_DAYS = 7
"""A wait no longer than this needs no explanation."""


def longest_unseen(chronicle: Chronicle) -> int:
    """The offender on the visit list at the end whom nobody has seen for longest; the lower number of equals.

    Raises NobodyThere if nobody is on the list.
    """
    events = chronicle.events
    moves = events[events["event"].isin(WHEREABOUTS)].drop_duplicates("offender", keep="last")
    here = moves.loc[moves["event"].isin(ON_THE_LIST), "offender"]
    last = events.drop_duplicates("offender", keep="last").set_index("offender").loc[sorted(here)]
    listed_now = last[[_is_to_be_visited(chronicle, row) for row in last.itertuples()]]
    if listed_now.empty:
        raise NobodyThere(f"Nobody is on the visit list at the end of replication {chronicle.replication}.")
    return int(listed_now["last_seen"].idxmin())


def _is_to_be_visited(chronicle: Chronicle, last: Event) -> bool:
    """Does a next visit fall due some day? A lever after the last event may have changed that."""
    if chronicle.dates_moved(last.day, chronicle.end):
        return _interval(chronicle, last).expected < NEVER
    return not math.isnan(last.visit_due)


def _interval(chronicle: Chronicle, last: Event) -> Distribution:
    """How often an offender of this recorded risk is visited by the rules of the last day."""
    return getattr(chronicle.rules_on(chronicle.end).visits.interval_days, last.risk)


def why_unseen(chronicle: Chronicle, offender: int) -> list[str]:
    """For how long nobody has seen an offender, and what the log says of the reasons, a sentence each."""
    life = chronicle.life_of(offender)
    seen = life[-1].last_seen
    since = [event for event in life if event.day > seen]
    days = counted(round(chronicle.end - seen), "day")
    return [
        f"At the end nobody on the visit list has been unseen for longer than offender {offender}: "
        f"{days}, since {chronicle.on(seen)}{_seen_how(life)}.",
        *_reasons(chronicle, life, since),
    ]


def _seen_how(life: Sequence[Event]) -> str:
    """What counted as being seen last, if it was no visit."""
    if life[-1].last_seen < 0:
        return ", before the simulation began"
    return ", the day of registration" if life[0].event == "registered" and life[-1].last_seen <= life[0].day else ""


def _reasons(chronicle: Chronicle, life: Sequence[Event], since: Sequence[Event]) -> Iterator[str]:
    attempts = [event for event in since if is_failed_attempt(event)]
    if attempts:
        first, last = chronicle.on(attempts[0].day), chronicle.on(attempts[-1].day)
        when = f"on {first}" if first == last else f"from {first} to {last}"
        yield f"Officers tried: {attempts_words(attempts)}, {when}; nobody answered."
    yield from _custody(chronicle, since)
    if life[-1].caseload < 0:
        yield f"Since {chronicle.on(_nobodys_since(life))} the offender has been unallocated: no officer comes."
        return
    if chronicle.dates_moved(life[-1].day, chronicle.end):
        yield "A lever has moved due dates since the last event; the log does not tell when the visit is due now."
        return
    due = life[-1].visit_due
    if due >= chronicle.end:
        interval = _interval(chronicle, life[-1])
        average = "" if interval.distribution == "constant" else " on average"
        yield (
            f"The next visit is due only on {chronicle.on(due)}; at recorded risk {risk_words(life[-1].risk)} "
            f"a visit is due every {interval.expected:g} days{average}."
        )
        return
    yield f"{chronicle.due('Visit', due, chronicle.end)}"
    yield from _waiting(chronicle, life, attempts, due)


def _custody(chronicle: Chronicle, since: Sequence[Event]) -> Iterator[str]:
    for into, out in pairwise(event for event in since if event.event in WHEREABOUTS):
        if into.event == "to_custody":
            yield f"In custody from {chronicle.on(into.day)} to {chronicle.on(out.day)}; nobody visits there."
            if "overdue" in chronicle.late(into.visit_due, into.day):
                yield f"The visit due {chronicle.on(into.visit_due)} had not been made when custody began."


def _nobodys_since(life: Sequence[Event]) -> float:
    """Since when the offender is in nobody's caseload."""
    since = life[-1].day
    for event in reversed(life):
        if event.caseload >= 0:
            break
        since = event.day
    return since


def _waiting(chronicle: Chronicle, life: Sequence[Event], attempts: Sequence[Event], due: float) -> Iterator[str]:
    """The longest time in which the visit was due and nobody came, and what the officers did meanwhile."""
    rules = chronicle.rules_on(chronicle.end)
    possible = max(due, life[0].day)
    joined = [event for event in life if event.event in ("registered", "intake")]
    if joined and joined[0].event == "registered" and rules.intake.hours.expected > 0:
        if len(joined) == 1:
            yield f"The intake, which comes before any visit, has waited since {chronicle.on(joined[0].day)}."
            possible = joined[0].day
        else:
            possible = max(possible, joined[1].day)
    tried = [event.day for event in attempts if event.day > possible]
    waits = zip([possible, *(day + rules.visits.retry_days for day in tried)], [*tried, chronicle.end], strict=True)
    begins, ends = max(waits, key=lambda wait: wait[1] - wait[0])
    if ends - begins <= ORDINARY_WAIT_DAYS:
        return
    until = "the end" if ends == chronicle.end else chronicle.on(ends)
    yield f"From {chronicle.on(begins)} to {until}, {counted(round(ends - begins), 'day')}, nobody tried."
    yield _meanwhile(chronicle, life[-1], begins, ends)


def _meanwhile(chronicle: Chronicle, last: Event, begins: float, ends: float) -> str:
    """What those who could have come did for others, and what else may have kept them away."""
    events = chronicle.events
    work = events[(events["minutes"] > 0) & (events["day"] > begins) & (events["day"] <= ends)]
    if chronicle.pooled:
        own = work["team"] == last.team
    else:
        own = (work["officer"] == last.caseload) | (work["colleague"] == last.caseload)
    others = work[own & (work["offender"] != last.offender)]
    who = "the team" if chronicle.pooled else f"officer {last.caseload}"
    crew = getattr(chronicle.rules_on(ends).visits.crew, last.risk)
    if crew > _officers(chronicle, last.team, ends):
        return f"Nobody could: {counted(crew, 'officer')} must go, and the team has fewer."
    if others.empty:
        return f"In that time {who} did no work for others; the log does not tell why."
    graver = (others["risk"].map(RISK_LEVELS.index).astype(int) > RISK_LEVELS.index(last.risk)).sum()
    why = "other work came first"
    if crew > 1:
        why += f" or, as {counted(crew, 'officer')} must go, no colleague was free; the log does not tell which"
    return (
        f"In that time {who} did {kinds_words(others['event'])} for others, {graver} of them at a higher recorded "
        f"risk: {why}."
    )


def _officers(chronicle: Chronicle, team: str, day: float) -> int:
    rules = chronicle.rules_on(day)
    posts = {member.name: officers for member, (officers, _) in zip(rules.teams, headcounts(rules), strict=True)}
    return posts[team]


def kinds_words(kinds: pd.Series) -> str:
    """`12 visits, 3 reviews and 1 enquiry`, the most frequent first."""
    counts = Counter(kinds).most_common()
    return listed([f"{number} {kind if number == 1 else plural(kind)}" for kind, number in counts])


def plural(kind: str) -> str:
    """A kind of work, several times."""
    return "enquiries" if kind == "enquiry" else f"{kind}s"
