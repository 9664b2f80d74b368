"""How an offender stands after each event of the log: where, in whose caseload, when last seen, when next due."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sim.report.stories.event_trace import Event, EventTrace

COMMUNITY, CUSTODY, MISSING, LEFT = "community", "custody", "missing", "left"
"""Where an offender is."""

UNKNOWN = math.nan
"""A day that is not known, or on which nothing is due."""

FAILED = "no_contact"
"""The outcome of an attempt at which nobody was seen."""


@dataclass(frozen=True)
class Tells:
    """What a kind of event tells of how an offender stands, beside both risks and the next review, which all tell.

    `place`: where the offender is from then on. `visit`: the column `due` is that of the next visit. `officer`: the
    column `officer` says in whose caseload the offender is. `seen`: it counts as having seen the offender.
    """

    place: str = ""
    visit: bool = False
    officer: bool = False
    seen: bool = False


NOTHING = Tells()


@dataclass(frozen=True)
class OffenderState:
    """How an offender stands after an event. Days count from midnight of the first day; NaN is never."""

    latest: Event = None
    place: str = ""
    place_since: float = UNKNOWN
    officer: int = -1
    officer_since: float = UNKNOWN
    last_seen: float = UNKNOWN
    visit_due: float = UNKNOWN
    review_due: float = UNKNOWN
    reactive_since: float = UNKNOWN
    """When reactive management began, in which nobody visits."""
    lost_since: float = UNKNOWN
    """When the record lost its next date."""
    gone_since: float = UNKNOWN
    """When the offender left home without telling; the force may not know."""
    failed: int = 0
    """Failed attempts in a row."""
    warrant_from: float = UNKNOWN
    """From when on a warrant that is wanted can be executed."""
    hidden: tuple[float, ...] = ()
    """When the breaches began that have not come to light."""

    @property
    def record_lost(self) -> bool:
        """Has the record no next date, so that nobody visits?"""
        return not math.isnan(self.lost_since)

    @property
    def reactive(self) -> bool:
        """Is the offender in reactive management?"""
        return not math.isnan(self.reactive_since)

    @property
    def gone(self) -> bool:
        """Has the offender left home without telling?"""
        return not math.isnan(self.gone_since)

    @property
    def warrant_wanted(self) -> bool:
        """Does a warrant come next, and no visit before?"""
        return not math.isnan(self.warrant_from)

    @property
    def is_to_be_seen(self) -> bool:
        """Does `longest_unseen_days` count this offender: on the visit list, missing, or with a lost record?"""
        on_visit_list = self.record_lost or not math.isnan(self.visit_due)
        return self.place == MISSING or (self.place == COMMUNITY and on_visit_list)


@dataclass(frozen=True)
class Transition:
    """An event, and how the offender stood before and stands after it."""

    event: Event
    before: OffenderState
    after: OffenderState


def transitions(trace: EventTrace, life: Sequence[Event], tells_of: Callable[[Event], Tells]) -> list[Transition]:
    """Everything that happened to an offender, in order; `tells_of` says what an event tells."""
    told, standing = [], OffenderState()
    for event in life:
        after = _after(trace, standing, event, tells_of(event))
        told.append(Transition(event, standing, after))
        standing = after
    return told


def _after(trace: EventTrace, before: OffenderState, event: Event, tells: Tells) -> OffenderState:
    """How the offender stands once this has happened too."""
    now = replace(before, latest=event, review_due=_review_due(before, event))
    comes_anew = before.place != COMMUNITY or event.team != before.latest.team
    if tells.officer and (event.officer != before.officer or comes_anew):
        now = replace(now, officer=event.officer, officer_since=event.day)
    place = tells.place or (MISSING if event.outcome == "whereabouts_unknown" else "")
    if tells.seen or event.outcome == "seen":
        now = replace(now, last_seen=event.day, failed=0, gone_since=UNKNOWN, warrant_from=UNKNOWN, lost_since=UNKNOWN)
        place = place or COMMUNITY
    if event.day >= 0 and place and place != before.place:
        now = replace(now, place=place, place_since=event.day)
        if place == COMMUNITY:  # whoever comes back has a new date on record
            now = replace(now, lost_since=UNKNOWN)
        elif place == CUSTODY:  # what was hidden or wanted no longer matters
            now = replace(now, hidden=(), failed=0, warrant_from=UNKNOWN, gone_since=UNKNOWN, reactive_since=UNKNOWN)
        elif place == MISSING:  # tracing takes the place of a warrant
            now = replace(now, warrant_from=UNKNOWN)
    if now.place != COMMUNITY:
        now = replace(now, visit_due=UNKNOWN)
    elif tells.visit:
        now = replace(now, visit_due=event.due)
    return _with_own_rule(trace, now, event)


def _review_due(before: OffenderState, event: Event) -> float:
    """When the next review is due; what ends reactive management may bring it forward at the same time."""
    if event.event == "to_visits" and before.latest.day == event.day and before.review_due < event.review_due:
        return before.review_due
    return event.review_due


def _with_own_rule(trace: EventTrace, now: OffenderState, event: Event) -> OffenderState:
    """What only one kind of event changes."""
    match event.event, event.outcome:
        case "visit", "no_contact":
            escalation = trace.rules_on(event.day).escalation
            failed, wanted = now.failed + 1, UNKNOWN
            if failed >= escalation.after_failed_attempts:
                wanted = math.floor(event.day) + escalation.warrant_delay_days
            return replace(now, failed=failed, warrant_from=wanted)
        case "left_home", _:
            return replace(now, gone_since=event.day)
        case "record_lost", _:
            return replace(now, lost_since=event.day, visit_due=UNKNOWN)
        case "record_found", _:
            return replace(now, lost_since=UNKNOWN)
        case "to_reactive", _:
            return replace(now, reactive_since=event.day, failed=0)
        case "to_visits", _:
            return replace(now, reactive_since=UNKNOWN)
        case "breach_began", _:
            return replace(now, hidden=(*now.hidden, event.day))
        case "breach_found", _:
            return replace(now, hidden=())
    return now
