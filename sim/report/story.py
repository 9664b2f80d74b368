"""One offender's story in plain sentences with dates: what was due, who came, what was found, how it stands.

It is told from the event log, which knows more than the force did: when a breach began, how true risk drifted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby

from sim.report.chronicle import NO_REAL_PERSON, Chronicle, Event, crew_words, risk_words
from sim.report.words import counted
from sim.scenario.faults import listed, printable
from sim.scenario.values import RISK_LEVELS

FAILURES_TOLD_AS_ONE = 3
"""So many failed attempts in a row, or more, are told in one sentence."""


def offender_story(chronicle: Chronicle, offender: int) -> list[str]:
    """The story of an offender: a heading, a line for each date, and how it stands at the end.

    Raises NobodyThere for a number that no offender of this history has.
    """
    life = chronicle.life_of(offender)
    return [
        f"Offender {offender} of {printable(life[0].team)}: {chronicle.of_this_history()}",
        NO_REAL_PERSON,
        *_dated(chronicle, life),
        _at_the_end(chronicle, life),
    ]


def _dated(chronicle: Chronicle, life: Sequence[Event]) -> Iterator[str]:
    """A line for each event, or for a row of failed attempts."""
    told = 0
    for failed, group in groupby(life, key=is_failed_attempt):
        events = list(group)
        if failed and len(events) >= FAILURES_TOLD_AS_ONE:
            first, last = events[0], events[-1]
            yield (
                f"{chronicle.on(first.day)} to {chronicle.on(last.day)}: {attempts_words(events)}; nobody answered. "
                f"{chronicle.due('Visit', last.visit_due, last.day)}"
            )
        else:
            for number, event in enumerate(events, start=told):
                yield f"{chronicle.on(event.day)}: {TELLERS[event.event](chronicle, life[:number], event)}"
        told += len(events)


def is_failed_attempt(event: Event) -> bool:
    """Did officers call in vain?"""
    return event.event == "visit" and event.outcome == "no_contact"


def attempts_words(attempts: Sequence[Event]) -> str:
    """`four attempts, one announced and three unannounced`, or `one attempt, unannounced`."""
    announced = sum(event.announced for event in attempts)
    unannounced = len(attempts) - announced
    if not announced or not unannounced:
        kinds = "announced" if announced else "unannounced"
    else:
        kinds = f"{announced} announced and {unannounced} unannounced"
    return f"{counted(len(attempts), 'attempt')}, {kinds}"


def _at_the_end(chronicle: Chronicle, life: Sequence[Event]) -> str:
    """How it stands when the simulation ends."""
    last, end = life[-1], chronicle.end
    begins = f"{chronicle.on(end - 1)}, the end:"
    where = whereabouts(life)
    if where.event == "left_register":
        return f"{begins} no longer on the register."
    if where.event == "to_custody":
        return f"{begins} in custody since {chronicle.on(where.day)}."
    truth = "" if last.true_risk == last.risk else f", in truth {risk_words(last.true_risk)}"
    sentences = [
        f"{begins} recorded risk {risk_words(last.risk)}{truth}; in {chronicle.caseload(last.caseload)}.",
        f"Last seen {chronicle.on(last.last_seen)}, {counted(round(end - last.last_seen), 'day')} ago.",
    ]
    if chronicle.dates_moved(last.day, end):
        sentences.append("A lever has moved due dates since the last event; the log does not tell them.")
    else:
        sentences += [
            chronicle.due("Next visit", last.visit_due, end),
            chronicle.due("Next review", last.review_due, end),
        ]
    if hidden := _hidden_breaches(life):
        sentences.append(f"Still hidden: {_breaches_words(chronicle, hidden)}.")
    return " ".join(sentences)


def whereabouts(life: Sequence[Event]) -> Event:
    """The last event that says where an offender is: in the community, in custody, or gone from the register."""
    return [event for event in life if event.event in WHEREABOUTS][-1]


ON_THE_LIST = ("at_start", "registered", "released")
WHEREABOUTS = (*ON_THE_LIST, "to_custody", "left_register")


# --- a sentence for each kind of event ------------------------------------------------------------------------

Teller = Callable[[Chronicle, Sequence[Event], Event], str]
"""Tells an event, given all that happened to the offender before."""


def _at_start(chronicle: Chronicle, earlier: Sequence[Event], event: Event) -> str:
    truth = "" if event.true_risk == event.risk else f", in truth {risk_words(event.true_risk)}"
    return (
        f"on the register when the simulation begins; recorded risk {risk_words(event.risk)}{truth}; "
        f"in {chronicle.caseload(event.caseload)}. Last seen {chronicle.on(event.last_seen)}. "
        f"{chronicle.due('Visit', event.visit_due, event.day)} {chronicle.due('Review', event.review_due, event.day)}"
    )


def _registered(chronicle: Chronicle, earlier: Sequence[Event], event: Event) -> str:
    return (
        f"joined the register; recorded risk {risk_words(event.risk)}; in {chronicle.caseload(event.caseload)}. "
        f"{_first_work(chronicle, event)}"
    )


def _released(chronicle: Chronicle, earlier: Sequence[Event], event: Event) -> str:
    return f"released from custody; in {chronicle.caseload(event.caseload)}. {_first_work(chronicle, event)}"


def _first_work(chronicle: Chronicle, event: Event) -> str:
    visit = chronicle.due("First visit", event.visit_due, event.day)
    return f"{visit} {chronicle.due('First review', event.review_due, event.day)}"


def _visit(chronicle: Chronicle, earlier: Sequence[Event], event: Event) -> str:
    came = f"{crew_words(event)} came {'announced' if event.announced else 'unannounced'}"
    if event.outcome == "no_contact":
        return f"{came}; nobody answered. {chronicle.due('Visit', event.visit_due, event.day)}"
    late = _lateness(chronicle, earlier, event, "visit_due")
    return f"{came} and saw the offender{late}. {chronicle.due('Next visit', event.visit_due, event.day)}"


def _review(chronicle: Chronicle, earlier: Sequence[Event], event: Event) -> str:
    before, after = earlier[-1].risk, event.risk
    if after == before:
        result = f"left it at {risk_words(after)}"
    else:
        verb = "raised" if RISK_LEVELS.index(after) > RISK_LEVELS.index(before) else "lowered"
        result = f"{verb} it from {risk_words(before)} to {risk_words(after)}"
    late = _lateness(chronicle, earlier, event, "review_due")
    sentences = [f"{crew_words(event)} reviewed the risk and {result}{late}."]
    if event.true_risk != after:
        sentences.append(f"In truth it was {risk_words(event.true_risk)}.")
    if after != before:
        sentences.append(chronicle.due("Next visit", event.visit_due, event.day))
    sentences.append(chronicle.due("Next review", event.review_due, event.day))
    return " ".join(sentences)


def _lateness(chronicle: Chronicle, earlier: Sequence[Event], event: Event, due: str) -> str:
    """How late work was done, from when it was due before; nothing if that is not known."""
    before = earlier[-1]
    if chronicle.dates_moved(before.day, event.day):
        return ""
    late = chronicle.late(getattr(before, due), event.day)
    return f", {late}" if late else ""


def _notification(chronicle: Chronicle, earlier: Sequence[Event], event: Event) -> str:
    if event.outcome == "missed":
        return f"{crew_words(event)} waited in vain for the yearly notification, which is a breach."
    return f"{crew_words(event)} took the yearly notification."


def _intake(chronicle: Chronicle, earlier: Sequence[Event], event: Event) -> str:
    return f"{crew_words(event)} did the intake."


def _enquiry(chronicle: Chronicle, earlier: Sequence[Event], event: Event) -> str:
    outcome = {"warning": "a warning", "charge": "a charge", "custody": "custody"}[event.outcome]
    hours = counted(max(1, round(event.minutes / 60)), "hour")
    return f"{crew_words(event)} ended the enquiry into the breach with {outcome}, after {hours} of work."


def _drifted(chronicle: Chronicle, earlier: Sequence[Event], event: Event) -> str:
    verb = "rose" if RISK_LEVELS.index(event.true_risk) > RISK_LEVELS.index(earlier[-1].true_risk) else "fell"
    record = "as the record says" if event.true_risk == event.risk else f"the record says {risk_words(event.risk)}"
    return f"true risk {verb} to {risk_words(event.true_risk)}; {record}."


def _breach_began(chronicle: Chronicle, earlier: Sequence[Event], event: Event) -> str:
    return "a breach began, unseen."


def _breach_found(chronicle: Chronicle, earlier: Sequence[Event], event: Event) -> str:
    how = {"at_visit": "at this visit", "at_notification": "at this notification", "by_intelligence": "by intelligence"}
    begun = _hidden_breaches(earlier)
    if not begun:
        return f"a breach that began before the simulation came to light {how[event.outcome]}."
    days = counted((chronicle.date(event.day) - chronicle.date(begun[0])).days, "day")
    after = f"{days} after {'it' if len(begun) == 1 else 'the first'} began"
    return f"{_breaches_words(chronicle, begun)} came to light {how[event.outcome]}, {after}."


def _to_custody(chronicle: Chronicle, earlier: Sequence[Event], event: Event) -> str:
    return "taken into custody; nobody visits."


def _left_register(chronicle: Chronicle, earlier: Sequence[Event], event: Event) -> str:
    return "left the register: the notification period ended, or death or a move; the log does not tell which."


def _reallocated(chronicle: Chronicle, earlier: Sequence[Event], event: Event) -> str:
    return f"moved from {chronicle.caseload(earlier[-1].caseload)} to {chronicle.caseload(event.caseload)}."


TELLERS: dict[str, Teller] = {
    "at_start": _at_start,
    "registered": _registered,
    "released": _released,
    "visit": _visit,
    "review": _review,
    "notification": _notification,
    "intake": _intake,
    "enquiry": _enquiry,
    "drifted": _drifted,
    "breach_began": _breach_began,
    "breach_found": _breach_found,
    "to_custody": _to_custody,
    "left_register": _left_register,
    "reallocated": _reallocated,
}


def _hidden_breaches(life: Sequence[Event]) -> list[float]:
    """When the breaches began that are not found yet; custody ends what was hidden."""
    begun: list[float] = []
    for event in life:
        if event.event == "breach_began":
            begun.append(event.day)
        elif event.event in ("breach_found", "to_custody"):
            begun.clear()
    return begun


def _breaches_words(chronicle: Chronicle, begun: Sequence[float]) -> str:
    dates = listed([chronicle.on(day) for day in begun])
    return f"the breach of {dates}" if len(begun) == 1 else f"the breaches of {dates}"
