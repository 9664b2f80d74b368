"""A sentence for each kind of event, and what an officer did to whom: the words for all the log can say of offenders.

A new kind of event is one entry in `KINDS`: its sentence, words for its outcomes, and what it tells of the offender.
The sentences of work are in `deeds.py`, the words for what happens to officers in `officers.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sim.report.stories import work_sentences as deeds
from sim.report.stories.allocation import reallocated_words
from sim.report.stories.event_trace import Event, EventTrace, risk_words
from sim.report.stories.offender_state import COMMUNITY, CUSTODY, FAILED, LEFT, NOTHING, Tells, Transition
from sim.report.stories.work_sentences import review_moved
from sim.scenario.source.faults import join_words, sanitise
from sim.scenario.values import NEVER, RISK_LEVELS

Teller = Callable[[EventTrace, Transition], str]
"""Tells an event in words that follow its date and a colon."""


@dataclass(frozen=True)
class Kind:
    """The words for a kind of event.

    `outcomes`: of work, what the officer did to whom, for the diary; of a discovery, how it was made; of
    anything else, what the sentence calls it.
    """

    teller: Teller
    outcomes: Mapping[str, str] = field(default_factory=dict)
    tells: Tells = NOTHING


def tells_of(event: Event) -> Tells:
    """What an event tells of how the offender stands."""
    return KINDS[event.event].tells


# --- the beginning and the end of it --------------------------------------------------------------------------


def _seen_before(trace: EventTrace, transition: Transition) -> str:
    how = "announced" if transition.event.announced else "unannounced"
    return f"seen at an {how} visit, before the simulation began."


def _at_start(trace: EventTrace, transition: Transition) -> str:
    event = transition.event
    return (
        f"on the register when the simulation begins; {recorded_risk(event)}; in {trace.caseload(event.officer)}. "
        f"{trace.due('Visit', event.due, event.day)} {trace.due('Review', event.review_due, event.day)}"
    )


def _registered(trace: EventTrace, transition: Transition) -> str:
    event = transition.event
    return (
        f"joined the register; {recorded_risk(event)}; in {trace.caseload(event.officer)}. {_first_work(trace, event)}"
    )


def recorded_risk(event: Event) -> str:
    """`recorded risk low, in truth high`"""
    truth = "" if event.true_risk == event.risk else f", in truth {risk_words(event.true_risk)}"
    return f"recorded risk {risk_words(event.risk)}{truth}"


def _first_work(trace: EventTrace, event: Event) -> str:
    visit = trace.due("First visit", event.due, event.day)
    return f"{visit} {trace.due('First review', event.review_due, event.day)}"


def _left_register(trace: EventTrace, transition: Transition) -> str:
    return (
        "left the register: the notification period ended, or death or a move to another force; the log does not tell "
        "which."
    )


# --- what the offender does, and what comes to light ----------------------------------------------------------


def _drifted(trace: EventTrace, transition: Transition) -> str:
    event, before = transition.event, transition.before.latest
    verb = "rose" if RISK_LEVELS.index(event.true_risk) > RISK_LEVELS.index(before.true_risk) else "fell"
    record = ", as the record says" if event.true_risk == event.risk else f"; the record says {risk_words(event.risk)}"
    return f"true risk {verb} to {risk_words(event.true_risk)}{record}."


def _breach_began(trace: EventTrace, transition: Transition) -> str:
    return "a breach began, unseen."


def _breach_found(trace: EventTrace, transition: Transition) -> str:
    event, begun = transition.event, transition.before.hidden
    how = KINDS["breach_found"].outcomes[event.outcome]
    work = transition.before.latest
    if event.outcome == "at_visit" and work.day == event.day:
        how = {"warrant": "at this entry", "tracing": "when the offender was traced"}.get(work.event, how)
    after = f"{trace.days_between(begun[0], event.day)} after {'it' if len(begun) == 1 else 'the first'} began"
    return f"{breaches_words(trace, begun)} came to light {how}, {after}.{review_moved(trace, transition)}"


def breaches_words(trace: EventTrace, begun: Sequence[float]) -> str:
    """`the breach of 5 May 2025`, or of several dates."""
    dates = join_words([trace.on(day) for day in begun])
    return f"the breach of {dates}" if len(begun) == 1 else f"the breaches of {dates}"


def _left_home(trace: EventTrace, transition: Transition) -> str:
    return "left home without telling; nobody knows."


def _reported(trace: EventTrace, transition: Transition) -> str:
    return f"somebody reported about the offender.{review_moved(trace, transition)}"


def _risk_noticed(trace: EventTrace, transition: Transition) -> str:
    event = transition.event
    how = KINDS["risk_noticed"].outcomes[event.outcome]
    levels = f"{risk_words(event.true_risk)}, not {risk_words(event.risk)} as on record"
    return f"{how} showed that risk is {levels}.{review_moved(trace, transition)}"


def _to_custody(trace: EventTrace, transition: Transition) -> str:
    how = KINDS["to_custody"].outcomes.get(transition.event.outcome, "taken into custody")
    found = ", and so found" if transition.before.gone else ""
    dropped = " The warrant is no longer wanted." if transition.before.warrant_wanted else ""
    return f"{how}{found}; nobody visits.{dropped}"


def _released(trace: EventTrace, transition: Transition) -> str:
    event = transition.event
    return f"released from custody; in {trace.caseload(event.officer)}. {_first_work(trace, event)}"


# --- the caseload and the record ------------------------------------------------------------------------------


def _reallocated(trace: EventTrace, transition: Transition) -> str:
    return f"moved {reallocated_words(trace, transition)}."


def _moved(trace: EventTrace, transition: Transition) -> str:
    event, before = transition.event, transition.before
    visit = "" if before.record_lost or before.reactive else f" {trace.due('Visit', event.due, event.day)}"
    caseload = trace.caseload(event.officer)
    return f"moved house, from the area of {_area(before.latest)} to that of {_area(event)}; in {caseload}.{visit}"


def _area(event: Event) -> str:
    return sanitise(event.team)


def _to_reactive(trace: EventTrace, transition: Transition) -> str:
    interval = trace.rules_on(transition.event.day).reactive.check_interval_days
    checks = "no desk checks either" if interval == NEVER else f"a desk check every {interval:g} days"
    return f"reactive management begins: from now on no visits and no reviews, whatever date was set, but {checks}."


def _to_visits(trace: EventTrace, transition: Transition) -> str:
    event = transition.event
    by_itself = transition.before.latest.day != event.day  # nothing brought it about at the same time
    switched_off = by_itself and trace.rules_on(event.day).reactive.after_quiet_years == NEVER
    lever = " by a lever of the scenario" if switched_off else ""
    visit = trace.due("First visit", event.due, event.day)
    ends = f"reactive management ends{lever}: the offender is to be visited again."
    return f"{ends} {visit}{review_moved(trace, transition)}"


def _rescheduled(trace: EventTrace, transition: Transition) -> str:
    event, before = transition.event, transition.before
    dates = [("Next visit", before.visit_due, event.due), ("Next review", before.review_due, event.review_due)]
    moved = [trace.due(what, due, event.day) for what, was, due in dates if not _same(was, due)]
    return " ".join(["a lever of the scenario moved due dates.", *moved])


def _same(one: float, other: float) -> bool:
    return one == other or (one != one and other != other)


def _record_lost(trace: EventTrace, transition: Transition) -> str:
    return (
        f"officer {transition.event.officer}, who is untrained, did not put the date of the next visit on record: "
        "until the record is found nobody visits, and no visit counts as overdue."
    )


def _record_found(trace: EventTrace, transition: Transition) -> str:
    event, before = transition.event, transition.before
    how = KINDS["record_found"].outcomes[event.outcome]
    after = f", {trace.days_between(before.lost_since, event.day)} after it was lost" if before.record_lost else ""
    return f"the lost record was found {how}{after}. {trace.due('Visit', event.due, event.day)}"


# --- the table ------------------------------------------------------------------------------------------------

KINDS: dict[str, Kind] = {
    "visit": Kind(deeds.visit, {"seen": "saw", FAILED: "nobody answered at"}, Tells(visit=True)),
    "warrant": Kind(
        deeds.warrant,
        {"seen": "entered by warrant and saw", "whereabouts_unknown": "entered by warrant and found gone"},
        Tells(visit=True),
    ),
    "tracing": Kind(deeds.tracing, {"seen": "traced", FAILED: "tried in vain to trace"}, Tells(visit=True)),
    "review": Kind(deeds.review, {"done": "reviewed"}, Tells(visit=True)),
    "notification": Kind(
        deeds.notification, {"done": "took the notification of", "missed": "waited in vain for the notification of"}
    ),
    "initial_assessment": Kind(deeds.initial_assessment, {"done": "did the intake of"}, Tells(visit=True)),
    "enquiry": Kind(
        deeds.enquiry,
        {
            "warning": "warned",
            "charge": "charged",
            "custody": "brought into custody",
            "whereabouts_unknown": "enquired and found gone",
        },
    ),
    "desk_check": Kind(deeds.desk_check, {"done": "checked at the desk"}),
    "meeting": Kind(deeds.meeting, {"done": "met other agencies about"}, Tells(visit=True)),
    "seen_before": Kind(_seen_before, {"seen": "saw"}),
    "at_start": Kind(_at_start, tells=Tells(COMMUNITY, visit=True, officer=True)),
    "registered": Kind(_registered, tells=Tells(COMMUNITY, visit=True, officer=True, seen=True)),
    "left_register": Kind(_left_register, tells=Tells(LEFT)),
    "to_custody": Kind(_to_custody, {"recalled": "recalled to custody"}, Tells(CUSTODY)),
    "released": Kind(_released, tells=Tells(COMMUNITY, visit=True, officer=True)),
    "reallocated": Kind(_reallocated, tells=Tells(visit=True, officer=True)),
    "moved": Kind(_moved, tells=Tells(visit=True, officer=True)),
    "to_reactive": Kind(_to_reactive, tells=Tells(visit=True)),
    "to_visits": Kind(_to_visits, tells=Tells(visit=True)),
    "rescheduled": Kind(_rescheduled, tells=Tells(visit=True)),
    "drifted": Kind(_drifted),
    "breach_began": Kind(_breach_began),
    "breach_found": Kind(
        _breach_found,
        {
            "at_visit": "at this visit",
            "at_notification": "at this notification",
            "at_desk_check": "at this desk check",
            "by_intelligence": "by intelligence",
        },
    ),
    "left_home": Kind(_left_home),
    "reported": Kind(_reported, tells=Tells(visit=True)),
    "risk_noticed": Kind(
        _risk_noticed,
        {
            "at_check": "a supervisor's check of the record",
            "at_desk_check": "this desk check",
            "at_meeting": "this meeting",
        },
        Tells(visit=True),
    ),
    "record_lost": Kind(_record_lost),
    "record_found": Kind(
        _record_found,
        {
            "at_audit": "by an audit of the register",
            "at_check": "by a supervisor's check",
            "at_notification": "at this notification",
        },
        Tells(visit=True),
    ),
}
"""The words for every kind of event of offenders; kinds of work in the order in which a diary tells them."""
