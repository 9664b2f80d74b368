"""The words for each kind of work: who came, whom they saw, what they found out, and what is due next."""

from __future__ import annotations

from sim.report.stories.event_trace import Event, EventTrace, risk_words
from sim.report.stories.offender_state import FAILED, MISSING, OffenderState, Transition
from sim.report.text.words import pluralise
from sim.scenario.values import RISK_LEVELS


def visit(trace: EventTrace, transition: Transition) -> str:
    event = transition.event
    came = f"{trace.crew(event)} came {'announced' if event.announced else 'unannounced'}"
    if event.outcome == FAILED:
        return f"{came}; nobody answered{had_left(transition.before)}. {after_failing(trace, transition.after)}"
    late = _lateness(trace, "visit", transition.before.visit_due, event.day)
    return f"{came} and saw the offender{late}. {trace.due('Next visit', event.due, event.day)}"


def after_failing(trace: EventTrace, after: OffenderState) -> str:
    """What a failed attempt leaves: a visit that is still due, or a warrant to come."""
    due = trace.due("Visit", after.visit_due, after.latest.day)
    if not after.warrant_wanted:
        return due
    attempts = "one attempt" if after.failed == 1 else f"{pluralise(after.failed, 'attempt')} in a row"
    return f"{due} After {attempts} a warrant is sought, to be executed from {trace.on(after.warrant_from)} on."


def had_left(standing: OffenderState) -> str:
    """What nobody knew."""
    return ", as the offender had left home" if standing.gone else ""


def warrant(trace: EventTrace, transition: Transition) -> str:
    event, before = transition.event, transition.before
    entered = f"{trace.crew(event)} entered by warrant"
    if transition.after.place == MISSING:
        return f"{entered}: the offender was gone{_gone_since(trace, before)}. {_to_be_traced(trace, event)}"
    late = _lateness(trace, "visit", before.visit_due, event.day)
    return f"{entered} and saw the offender{late}. {trace.due('Next visit', event.due, event.day)}"


def _gone_since(trace: EventTrace, before: OffenderState) -> str:
    return f", since {trace.on(before.gone_since)}" if before.gone else ""


def _to_be_traced(trace: EventTrace, event: Event) -> str:
    first = event.day + trace.rules_on(event.day).missing.tracing_interval_days
    return (
        f"Whereabouts unknown from now on: nobody visits, and from {trace.on(first)} on an officer tries to trace "
        "the offender."
    )


def tracing(trace: EventTrace, transition: Transition) -> str:
    event, before = transition.event, transition.before
    if event.outcome == FAILED:
        return f"{trace.crew(event)} tried to trace the offender, in vain."
    missing = trace.days_between(before.place_since, event.day)
    return (
        f"{trace.crew(event)} traced and saw the offender, whose whereabouts had been unknown for {missing}. "
        f"Leaving home untold is itself a breach. {trace.due('Next visit', event.due, event.day)}"
        f"{review_moved(trace, transition)}"
    )


def review(trace: EventTrace, transition: Transition) -> str:
    event = transition.event
    before, after = transition.before.latest.risk, event.risk
    if after == before:
        result = f"left it at {risk_words(after)}"
    else:
        verb = "raised" if RISK_LEVELS.index(after) > RISK_LEVELS.index(before) else "lowered"
        result = f"{verb} it from {risk_words(before)} to {risk_words(after)}"
    late = _lateness(trace, "review", transition.before.review_due, event.day)
    sentences = [f"{trace.crew(event)} reviewed the risk and {result}{late}."]
    if event.true_risk != after:
        sentences.append(f"In truth it was {risk_words(event.true_risk)}.")
    if after != before and not transition.after.record_lost:
        sentences.append(trace.due("Next visit", event.due, event.day))
    sentences.append(trace.due("Next review", event.review_due, event.day))
    return " ".join(sentences)


def _lateness(trace: EventTrace, what: str, due: float, day: float) -> str:
    """`; the visit was 12 days overdue`, or nothing if none was due."""
    late = trace.late(due, day)
    return f"; the {what} was {late}" if late else ""


def notification(trace: EventTrace, transition: Transition) -> str:
    crew = trace.crew(transition.event)
    if transition.event.outcome == "missed":
        breach = f"{crew} waited in vain for the notification{had_left(transition.before)}; that is a breach."
        return f"{breach}{review_moved(trace, transition)}"
    return f"{crew} took the notification."


def initial_assessment(trace: EventTrace, transition: Transition) -> str:
    return f"{trace.crew(transition.event)} did the intake."


def enquiry(trace: EventTrace, transition: Transition) -> str:
    event = transition.event
    hours = pluralise(max(1, round(event.minutes / 60)), "hour")
    if transition.after.place == MISSING:
        return (
            f"{trace.crew(event)} found in the enquiry into the breach, after {hours} of work, that the offender "
            f"was gone{_gone_since(trace, transition.before)}. {_to_be_traced(trace, event)}"
        )
    outcome = {"warning": "a warning", "charge": "a charge", "custody": "custody"}[event.outcome]
    return f"{trace.crew(event)} ended the enquiry into the breach with {outcome}, after {hours} of work."


def desk_check(trace: EventTrace, transition: Transition) -> str:
    return f"{trace.crew(transition.event)} did the desk check of reactive management."


def meeting(trace: EventTrace, transition: Transition) -> str:
    return f"{trace.crew(transition.event)} met the other agencies about the offender (MAPPA)."


def review_moved(trace: EventTrace, transition: Transition) -> str:
    """The date of the next review, if this has moved it."""
    due = transition.after.review_due
    if transition.after.place == MISSING or due != due or due == transition.before.review_due:
        return ""
    return f" {trace.due('Review', due, transition.event.day)}"
