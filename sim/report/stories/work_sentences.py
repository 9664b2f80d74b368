"""The words for each kind of work: who came, whom they saw, what they found out, and what is due next."""

from __future__ import annotations

from sim.report.stories.event_trace import Chronicle, Event, risk_words
from sim.report.stories.offender_state import FAILED, MISSING, Moment, Standing
from sim.report.text.words import counted
from sim.scenario.values import RISK_LEVELS


def visit(chronicle: Chronicle, moment: Moment) -> str:
    event = moment.event
    came = f"{chronicle.crew(event)} came {'announced' if event.announced else 'unannounced'}"
    if event.outcome == FAILED:
        return f"{came}; nobody answered{had_left(moment.before)}. {after_failing(chronicle, moment.after)}"
    late = _lateness(chronicle, "visit", moment.before.visit_due, event.day)
    return f"{came} and saw the offender{late}. {chronicle.due('Next visit', event.due, event.day)}"


def after_failing(chronicle: Chronicle, after: Standing) -> str:
    """What a failed attempt leaves: a visit that is still due, or a warrant to come."""
    due = chronicle.due("Visit", after.visit_due, after.latest.day)
    if not after.warrant_wanted:
        return due
    attempts = "one attempt" if after.failed == 1 else f"{counted(after.failed, 'attempt')} in a row"
    return f"{due} After {attempts} a warrant is sought, to be executed from {chronicle.on(after.warrant_from)} on."


def had_left(standing: Standing) -> str:
    """What nobody knew."""
    return ", as the offender had left home" if standing.gone else ""


def warrant(chronicle: Chronicle, moment: Moment) -> str:
    event, before = moment.event, moment.before
    entered = f"{chronicle.crew(event)} entered by warrant"
    if moment.after.place == MISSING:
        return f"{entered}: the offender was gone{_gone_since(chronicle, before)}. {_to_be_traced(chronicle, event)}"
    late = _lateness(chronicle, "visit", before.visit_due, event.day)
    return f"{entered} and saw the offender{late}. {chronicle.due('Next visit', event.due, event.day)}"


def _gone_since(chronicle: Chronicle, before: Standing) -> str:
    return f", since {chronicle.on(before.gone_since)}" if before.gone else ""


def _to_be_traced(chronicle: Chronicle, event: Event) -> str:
    first = event.day + chronicle.rules_on(event.day).missing.tracing_interval_days
    return (
        f"Whereabouts unknown from now on: nobody visits, and from {chronicle.on(first)} on an officer tries to trace "
        "the offender."
    )


def tracing(chronicle: Chronicle, moment: Moment) -> str:
    event, before = moment.event, moment.before
    if event.outcome == FAILED:
        return f"{chronicle.crew(event)} tried to trace the offender, in vain."
    missing = chronicle.days_between(before.place_since, event.day)
    return (
        f"{chronicle.crew(event)} traced and saw the offender, whose whereabouts had been unknown for {missing}. "
        f"Leaving home untold is itself a breach. {chronicle.due('Next visit', event.due, event.day)}"
        f"{review_moved(chronicle, moment)}"
    )


def review(chronicle: Chronicle, moment: Moment) -> str:
    event = moment.event
    before, after = moment.before.latest.risk, event.risk
    if after == before:
        result = f"left it at {risk_words(after)}"
    else:
        verb = "raised" if RISK_LEVELS.index(after) > RISK_LEVELS.index(before) else "lowered"
        result = f"{verb} it from {risk_words(before)} to {risk_words(after)}"
    late = _lateness(chronicle, "review", moment.before.review_due, event.day)
    sentences = [f"{chronicle.crew(event)} reviewed the risk and {result}{late}."]
    if event.true_risk != after:
        sentences.append(f"In truth it was {risk_words(event.true_risk)}.")
    if after != before and not moment.after.record_lost:
        sentences.append(chronicle.due("Next visit", event.due, event.day))
    sentences.append(chronicle.due("Next review", event.review_due, event.day))
    return " ".join(sentences)


def _lateness(chronicle: Chronicle, what: str, due: float, day: float) -> str:
    """`; the visit was 12 days overdue`, or nothing if none was due."""
    late = chronicle.late(due, day)
    return f"; the {what} was {late}" if late else ""


def notification(chronicle: Chronicle, moment: Moment) -> str:
    crew = chronicle.crew(moment.event)
    if moment.event.outcome == "missed":
        breach = f"{crew} waited in vain for the notification{had_left(moment.before)}; that is a breach."
        return f"{breach}{review_moved(chronicle, moment)}"
    return f"{crew} took the notification."


def intake(chronicle: Chronicle, moment: Moment) -> str:
    return f"{chronicle.crew(moment.event)} did the intake."


def enquiry(chronicle: Chronicle, moment: Moment) -> str:
    event = moment.event
    hours = counted(max(1, round(event.minutes / 60)), "hour")
    if moment.after.place == MISSING:
        return (
            f"{chronicle.crew(event)} found in the enquiry into the breach, after {hours} of work, that the offender "
            f"was gone{_gone_since(chronicle, moment.before)}. {_to_be_traced(chronicle, event)}"
        )
    outcome = {"warning": "a warning", "charge": "a charge", "custody": "custody"}[event.outcome]
    return f"{chronicle.crew(event)} ended the enquiry into the breach with {outcome}, after {hours} of work."


def desk_check(chronicle: Chronicle, moment: Moment) -> str:
    return f"{chronicle.crew(moment.event)} did the desk check of reactive management."


def meeting(chronicle: Chronicle, moment: Moment) -> str:
    return f"{chronicle.crew(moment.event)} met the other agencies about the offender (MAPPA)."


def review_moved(chronicle: Chronicle, moment: Moment) -> str:
    """The date of the next review, if this has moved it."""
    due = moment.after.review_due
    if moment.after.place == MISSING or due != due or due == moment.before.review_due:
        return ""
    return f" {chronicle.due('Review', due, moment.event.day)}"
