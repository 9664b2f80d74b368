"""The state of an offender after each event of the log: place, caseload, last seen, next due."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from sim.report.stories.event_trace import Event, EventTrace

COMMUNITY, CUSTODY, MISSING, LEFT = "community", "custody", "missing", "left"
"""Where an offender is."""

LOST_RECORD, REACTIVE, UNALLOCATED = "lost record", "reactive", "unallocated"
"""Why nobody visits an offender who is in the community."""

UNKNOWN = math.nan
"""A day that is not known, or on which nothing is due."""

FAILED = "no_contact"
"""The outcome of an attempt at which nobody was seen."""


class Effects(NamedTuple):
    """What a kind of event changes, beside both risks and the next review, which are in every event.

    `place`: where the offender is from then on. `visit`: the column `due` is that of the next visit. `officer`: the
    column `officer` says in whose caseload the offender is. `seen`: it counts as having seen the offender.
    """

    place: str = ""
    visit: bool = False
    officer: bool = False
    seen: bool = False


@dataclass(frozen=True)
class OffenderState:
    """State of an offender after an event. Days count from midnight of the first day; NaN is never."""

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
    """When the record lost its next date, so that nobody visits."""
    gone_since: float = UNKNOWN
    """When the offender left home without notifying the police, who may not know."""
    failed: int = 0
    """Failed attempts in a row."""
    warrant_from: float = UNKNOWN
    """From when on a warrant that is wanted can be executed."""
    hidden: tuple[float, ...] = ()
    """When the breaches began that have not come to light."""

    @property
    def record_lost(self) -> bool:
        return not math.isnan(self.lost_since)

    @property
    def reactive(self) -> bool:
        return not math.isnan(self.reactive_since)

    @property
    def gone(self) -> bool:
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

    def not_visited(self, pooled: bool) -> str:
        """Why no officer visits, or nothing; `pooled`: an offender without an officer is visited too."""
        if self.place != COMMUNITY:
            return self.place
        if self.record_lost:
            return LOST_RECORD
        if self.reactive:
            return REACTIVE
        return UNALLOCATED if self.officer < 0 and not pooled else ""


class Transition(NamedTuple):
    """An event, and the state of the offender before and after it."""

    event: Event
    before: OffenderState
    after: OffenderState

    @property
    def day(self) -> float:
        return self.event.day

    @property
    def failed_work(self) -> str:
        """The kind of work that was done without success, or nothing."""
        return self.event.event if self.event.outcome == FAILED else ""

    @property
    def failed_attempt(self) -> bool:
        return self.failed_work == "visit"


def initial_assessment(trace: EventTrace, own: Sequence[Transition]) -> float:
    """When the initial assessment, before which nobody visits, was completed; infinite if not, -inf if none is made."""
    registered = own[0].event.event == "registered"
    if not registered or trace.scenario_on(own[0].day).initial_assessment.hours.expected == 0:
        return -math.inf
    return next((transition.day for transition in own if transition.event.event == "initial_assessment"), math.inf)


def state_after(trace: EventTrace, before: OffenderState, event: Event, effects: Effects) -> OffenderState:
    review_due = event.review_due
    if event.event == "to_visits" and before.latest.day == event.day and before.review_due < review_due:
        review_due = before.review_due  # what ends reactive management may bring it forward at the same time
    now = replace(before, latest=event, review_due=review_due)
    comes_anew = before.place != COMMUNITY or event.team != before.latest.team
    if effects.officer and (event.officer != before.officer or comes_anew):
        now = replace(now, officer=event.officer, officer_since=event.day)
    place = effects.place or (MISSING if event.outcome == "whereabouts_unknown" else "")
    if effects.seen or event.outcome == "seen":
        now = replace(now, last_seen=event.day, failed=0, gone_since=UNKNOWN, warrant_from=UNKNOWN, lost_since=UNKNOWN)
        place = place or COMMUNITY
    if event.day >= 0 and place and place != before.place:
        now = replace(now, place=place, place_since=event.day)
        if place == COMMUNITY:  # a returned offender has a new date on record
            now = replace(now, lost_since=UNKNOWN)
        elif place == CUSTODY:  # hidden breaches and warrants no longer matter
            now = replace(now, hidden=(), failed=0, warrant_from=UNKNOWN, gone_since=UNKNOWN, reactive_since=UNKNOWN)
        elif place == MISSING:  # tracing takes the place of a warrant
            now = replace(now, warrant_from=UNKNOWN)
    if now.place != COMMUNITY:
        now = replace(now, visit_due=UNKNOWN)
    elif effects.visit:
        now = replace(now, visit_due=event.due)
    match event.event, event.outcome:  # changes that only one kind of event makes
        case "visit", "no_contact":
            escalation = trace.scenario_on(event.day).escalation
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
