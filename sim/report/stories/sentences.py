"""A sentence for each kind of event of an offender, and its effects on the state of the offender.

A new kind of event is one entry in `EVENTS`. Kinds of work have the words of their table (`sim.scenario.domain`), or a
function here if there is more to say than who did it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sim.report.stories.event_trace import Event, EventTrace, risk_words
from sim.report.stories.offender_state import (
    COMMUNITY,
    CUSTODY,
    FAILED,
    LEFT,
    MISSING,
    Effects,
    OffenderState,
    Transition,
    state_after,
)
from sim.report.stories.officers import SICK, VACANT
from sim.report.text.words import pluralise
from sim.scenario.domain import KIND, KINDS, RISK_LEVELS
from sim.scenario.source.faults import join_words, sanitise
from sim.scenario.values import NEVER

Sentence = Callable[[EventTrace, Transition], str]
"""Puts an event into words that follow its date and a colon."""


@dataclass(frozen=True)
class EventWords:
    """The words for a kind of event, and its effects.

    `outcomes`: of a discovery, how it was made; of other events, what the sentence calls it.
    """

    sentence: Sentence
    outcomes: Mapping[str, str] = field(default_factory=dict)
    effects: Effects = field(default_factory=Effects)


def transitions(trace: EventTrace, events: Iterable[Event]) -> list[Transition]:
    found, state = [], OffenderState()
    for event in events:
        after = state_after(trace, state, event, EVENTS[event.event].effects)
        found.append(Transition(event, state, after))
        state = after
    return found


def _visit(trace: EventTrace, transition: Transition) -> str:
    event = transition.event
    came = f"{trace.crew(event)} came {'announced' if event.announced else 'unannounced'}"
    if event.outcome == FAILED:
        return f"{came}; nobody answered{had_left(transition.before)}. {after_failing(trace, transition.after)}"
    return f"{came} and {_saw(trace, transition)}"


def after_failing(trace: EventTrace, after: OffenderState) -> str:
    """The result of a failed attempt: a visit that is still due, or a warrant to come."""
    due = trace.due("Visit", after.visit_due, after.latest.day)
    if not after.warrant_wanted:
        return due
    attempts = "one attempt" if after.failed == 1 else f"{pluralise(after.failed, 'consecutive attempt')}"
    return f"{due} After {attempts} a warrant is sought, to be executed from {trace.on(after.warrant_from)}."


def had_left(state: OffenderState) -> str:
    """That the offender had left home, which nobody knew; or nothing."""
    return ", as the offender had left home" if state.gone else ""


def _saw(trace: EventTrace, transition: Transition) -> str:
    """`saw the offender; the visit was 12 days overdue. Next visit due 5 May 2025.`"""
    event = transition.event
    late = trace.late(transition.before.visit_due, event.day)
    overdue = f"; the visit was {late}" if late else ""
    return f"saw the offender{overdue}. {trace.due('Next visit', event.due, event.day)}"


def _warrant(trace: EventTrace, transition: Transition) -> str:
    entered = f"{trace.crew(transition.event)} entered by warrant"
    if transition.after.place == MISSING:
        return f"{entered}: the offender was missing{_found_missing(trace, transition)}"
    return f"{entered} and {_saw(trace, transition)}"


def _found_missing(trace: EventTrace, transition: Transition) -> str:
    """Since when the offender has been away from home, and the tracing that follows."""
    event, before = transition.event, transition.before
    since = f", away since {trace.on(before.gone_since)}" if before.gone else ""
    first = trace.on(event.day + trace.scenario_on(event.day).missing.tracing_interval_days)
    return f"{since}. Whereabouts unknown: no visits; tracing attempts from {first}."


def _tracing(trace: EventTrace, transition: Transition) -> str:
    event, crew = transition.event, trace.crew(transition.event)
    if event.outcome == FAILED:
        return f"{crew} tried to trace the offender, without success."
    missing = trace.days_between(transition.before.place_since, event.day)
    return (
        f"{crew} traced and saw the offender, whose whereabouts had been unknown for {missing}. Leaving home without "
        f"notifying the police is itself a breach. {trace.due('Next visit', event.due, event.day)}"
        f"{review_moved(trace, transition)}"
    )


def _review(trace: EventTrace, transition: Transition) -> str:
    event, before, after = transition.event, transition.before.latest.risk, transition.event.risk
    result = f"left it at {risk_words(after)}"
    if after != before:
        verb = "raised" if RISK_LEVELS.index(after) > RISK_LEVELS.index(before) else "lowered"
        result = f"{verb} it from {risk_words(before)} to {risk_words(after)}"
    late = trace.late(transition.before.review_due, event.day)
    overdue = f"; the review was {late}" if late else ""
    sentences = [f"{trace.crew(event)} reviewed the risk and {result}{overdue}."]
    if event.true_risk != after:
        sentences.append(f"True risk was {risk_words(event.true_risk)}.")
    if after != before and not transition.after.record_lost:
        sentences.append(trace.due("Next visit", event.due, event.day))
    return " ".join([*sentences, trace.due("Next review", event.review_due, event.day)])


def _notification(trace: EventTrace, transition: Transition) -> str:
    crew = trace.crew(transition.event)
    if transition.event.outcome != "missed":
        return f"{crew} completed the annual notification."
    breach = f"{had_left(transition.before)}; that is a breach.{review_moved(trace, transition)}"
    return f"{crew} recorded a missed annual notification{breach}"


def _enquiry(trace: EventTrace, transition: Transition) -> str:
    event, crew = transition.event, trace.crew(transition.event)
    hours = event.minutes / 60
    took = f"{pluralise(max(1, round(hours)), 'hour')} of work"
    if hours > (1 + (event.colleague >= 0)) * sum(trace.shift_hours(event.day)):
        took += "; the log dates its end as if it went on day and night, the hours beyond the shift are worked later"
    if transition.after.place == MISSING:
        missing = _found_missing(trace, transition)
        return f"{crew} enquired into the breach ({took}) and found the offender missing{missing}"
    outcome = {"warning": "a warning", "charge": "a charge", "custody": "custody"}[event.outcome]
    return f"{crew} ended the enquiry into the breach ({took}) with {outcome}."


def review_moved(trace: EventTrace, transition: Transition) -> str:
    """The date of the next review, if this has moved it."""
    due = transition.after.review_due
    if transition.after.place == MISSING or due != due or due == transition.before.review_due:
        return ""
    return f" {trace.due('Review', due, transition.event.day)}"


def _on_register(trace: EventTrace, transition: Transition) -> str:
    event = transition.event
    words = {"at_start": "on the register when the simulation begins", "registered": "registered"}
    how = f"{words[event.event]}; {recorded_risk(event)}" if event.event in words else "released from custody"
    visit, review = ("Visit", "Review") if event.event == "at_start" else ("First visit", "First review")
    work = f"{trace.due(visit, event.due, event.day)} {trace.due(review, event.review_due, event.day)}"
    return f"{how}; in {trace.caseload(event.officer)}. {work}"


def recorded_risk(event: Event) -> str:
    """`recorded risk low, true risk high`"""
    truth = "" if event.true_risk == event.risk else f", true risk {risk_words(event.true_risk)}"
    return f"recorded risk {risk_words(event.risk)}{truth}"


def _to_custody(trace: EventTrace, transition: Transition) -> str:
    how = EVENTS["to_custody"].outcomes.get(transition.event.outcome, "taken into custody")
    found = ", and so found" if transition.before.gone else ""
    dropped = " The warrant is no longer wanted." if transition.before.warrant_wanted else ""
    return f"{how}{found}; no visits.{dropped}"


def _moved(trace: EventTrace, transition: Transition) -> str:
    event, before = transition.event, transition.before
    visit = "" if before.record_lost or before.reactive else f" {trace.due('Visit', event.due, event.day)}"
    areas = f"from the area of {sanitise(before.latest.team)} to that of {sanitise(event.team)}"
    return f"moved house, {areas}; in {trace.caseload(event.officer)}.{visit}"


def _drifted(trace: EventTrace, transition: Transition) -> str:
    event, before = transition.event, transition.before.latest
    verb = "rose" if RISK_LEVELS.index(event.true_risk) > RISK_LEVELS.index(before.true_risk) else "fell"
    record = ", the recorded level" if event.true_risk == event.risk else f"; recorded risk {risk_words(event.risk)}"
    return f"true risk {verb} to {risk_words(event.true_risk)}{record}."


def _breach_found(trace: EventTrace, transition: Transition) -> str:
    event, begun, work = transition.event, transition.before.hidden, transition.before.latest
    how = EVENTS[event.event].outcomes[event.outcome]
    if event.outcome == "at_visit" and work.day == event.day:
        how = {"warrant": "at this entry", "tracing": "when the offender was traced"}.get(work.event, how)
    after = f"{trace.days_between(begun[0], event.day)} after {'it' if len(begun) == 1 else 'the first'} began"
    return f"{breaches_words(trace, begun)} came to light {how}, {after}.{review_moved(trace, transition)}"


def breaches_words(trace: EventTrace, begun: Sequence[float]) -> str:
    """`the breach of 5 May 2025`, or of several dates."""
    return f"the breach{'es' if len(begun) > 1 else ''} of {join_words([trace.on(day) for day in begun])}"


def _risk_noticed(trace: EventTrace, transition: Transition) -> str:
    event = transition.event
    how = EVENTS[event.event].outcomes[event.outcome]
    levels = f"{risk_words(event.true_risk)}, not {risk_words(event.risk)} as recorded"
    return f"{how} showed that risk is {levels}.{review_moved(trace, transition)}"


def _record_found(trace: EventTrace, transition: Transition) -> str:
    event, before = transition.event, transition.before
    how = EVENTS[event.event].outcomes[event.outcome]
    after = f", {trace.days_between(before.lost_since, event.day)} after it was lost" if before.record_lost else ""
    return f"the lost record was found {how}{after}. {trace.due('Visit', event.due, event.day)}"


def _to_reactive(trace: EventTrace, transition: Transition) -> str:
    interval = trace.scenario_on(transition.event.day).reactive.check_interval_days
    checks = "no desk checks either" if interval == NEVER else f"a desk check every {interval:g} days"
    return f"reactive management begins: no visits and no reviews from now on, but {checks}."


def _to_visits(trace: EventTrace, transition: Transition) -> str:
    event = transition.event
    by_itself = transition.before.latest.day != event.day  # nothing brought it about at the same time
    switched_off = by_itself and trace.scenario_on(event.day).reactive.after_quiet_years == NEVER
    lever = " by a lever of the scenario" if switched_off else ""
    visit = trace.due("First visit", event.due, event.day)
    return f"reactive management ends{lever}: visits resume. {visit}{review_moved(trace, transition)}"


def _rescheduled(trace: EventTrace, transition: Transition) -> str:
    event, before = transition.event, transition.before
    dates = [("Next visit", before.visit_due, event.due), ("Next review", before.review_due, event.review_due)]
    moved = [trace.due(what, due, event.day) for what, was, due in dates if was != due and (was == was or due == due)]
    return " ".join(["a lever of the scenario moved due dates.", *moved])


def _reallocated(trace: EventTrace, transition: Transition) -> str:
    """`moved from the caseload of officer 3, who has left, to nobody's caseload.`"""
    day, before, after = transition.event.day, transition.before.officer, transition.event.officer
    left, new = _reason_to_leave(trace, before, day), _reason_to_come(trace, after, day)
    posts_changed = trace.scenario_on(day).headcounts != trace.scenario_on(math.floor(day) - 1).headcounts
    by_lever = not left and not new and posts_changed
    lever = ", as a lever of the scenario changed the number of posts" if by_lever else ""
    from_words = trace.caseload(before) + (f", {left[0]}," if left else "")
    return f"moved from {from_words} to {trace.caseload(after)}{f', {new}' if new else ''}{lever}."


def why_unallocated(trace: EventTrace, transition: Transition) -> str:
    """`, after officer 3 had left`: why an offender came to have no officer; or nothing."""
    if transition.event.event != "reallocated":
        return ""
    left = _reason_to_leave(trace, transition.before.officer, transition.event.day)
    return f", {left[1]}" if left else ""


def _reason_to_leave(trace: EventTrace, number: int, day: float) -> tuple[str, str] | None:
    """Why an officer cannot have an offender from a time on: `who has left`, and `after officer 3 had left`."""
    if number < 0 or trace.pooled:
        return None
    post = trace.posts[number]
    if not post.stands_on(day):
        return "whose post no longer exists", f"after the post of officer {number} had been cut"
    if vacant := post.spell_on(VACANT, day):
        if vacant.begins > 0:
            return "who has left", f"after officer {number} had left"
        return "whose post is vacant", f"with the post of officer {number} vacant"
    sick = post.spell_on(SICK, day)
    if sick and _just_before(sick.begins + trace.scenario_on(sick.begins).caseload.cover.after_days, day):
        since = f"sick since {trace.on(sick.begins)}"
        return since, f"with officer {number} {since}"
    return None


def _reason_to_come(trace: EventTrace, number: int, day: float) -> str:
    if number < 0 or trace.pooled:
        return ""
    post = trace.posts[number]
    if any(_just_before(joined, day) for joined in post.joined):
        return "who has just started in the post"
    for spell in post.spells:
        after_days = trace.scenario_on(spell.begins).caseload.cover.after_days
        if spell.why == SICK and spell.ends - spell.begins > after_days and _just_before(spell.ends, day):
            return "who has returned from sickness"
    return ""


def _just_before(time: float, day: float) -> bool:
    """A caseload is covered, or returns, at once; for an offender in the hands of an officer, after that work."""
    return time <= day < time + 1


_VISIT = Effects(visit=True)
_CASELOAD = Effects(visit=True, officer=True)
_ON_REGISTER = Effects(COMMUNITY, visit=True, officer=True)
_WORK: dict[str, Sentence] = {
    **{
        kind.name: lambda trace, change: f"{trace.crew(change.event)} {KIND[change.event.event].sentence}."
        for kind in KINDS
    },
    "visit": _visit,
    "review": _review,
    "notification": _notification,
    "enquiry": _enquiry,
    "warrant": _warrant,
    "tracing": _tracing,
}

EVENTS: dict[str, EventWords] = {
    **{kind.name: EventWords(_WORK[kind.name], kind.diary, Effects(visit=kind.sets_visit)) for kind in KINDS},
    "seen_before": EventWords(
        lambda trace, change: (
            f"seen at an {'announced' if change.event.announced else 'unannounced'} visit, before the simulation began."
        ),
        {"seen": "saw"},
    ),
    "at_start": EventWords(_on_register, effects=_ON_REGISTER),
    "registered": EventWords(_on_register, effects=_ON_REGISTER._replace(seen=True)),
    "left_register": EventWords(
        lambda trace, change: (
            "left the register: end of the notification period, death or a move to another force; the log does not say."
        ),
        effects=Effects(LEFT),
    ),
    "to_custody": EventWords(_to_custody, {"recalled": "recalled to custody"}, Effects(CUSTODY)),
    "released": EventWords(_on_register, effects=_ON_REGISTER),
    "reallocated": EventWords(_reallocated, effects=_CASELOAD),
    "moved": EventWords(_moved, effects=_CASELOAD),
    "to_reactive": EventWords(_to_reactive, effects=_VISIT),
    "to_visits": EventWords(_to_visits, effects=_VISIT),
    "rescheduled": EventWords(_rescheduled, effects=_VISIT),
    "drifted": EventWords(_drifted),
    "breach_began": EventWords(lambda trace, change: "a breach began; nobody knows."),
    "breach_found": EventWords(
        _breach_found,
        {
            "at_visit": "at this visit",
            "at_notification": "at this notification",
            "at_desk_check": "at this desk check",
            "by_intelligence": "by intelligence",
        },
    ),
    "left_home": EventWords(lambda trace, change: "left home without notifying the police; nobody knows."),
    "reported": EventWords(
        lambda trace, transition: f"a report about the offender came in.{review_moved(trace, transition)}",
        effects=_VISIT,
    ),
    "risk_noticed": EventWords(
        _risk_noticed,
        {
            "at_check": "a supervisor's check of the record",
            "at_desk_check": "this desk check",
            "at_meeting": "this meeting",
        },
        _VISIT,
    ),
    "record_lost": EventWords(
        lambda trace, change: (
            f"officer {change.event.officer}, who is untrained, did not record the date of the next visit: no visits "
            "until the record is found, and no visit counts as overdue."
        )
    ),
    "record_found": EventWords(
        _record_found,
        {
            "at_audit": "by an audit of the register",
            "at_check": "by a supervisor's check",
            "at_notification": "at this notification",
        },
        _VISIT,
    ),
}
"""The words for every kind of event of offenders; kinds of work in the order of their table."""
