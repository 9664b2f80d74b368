"""Hand-made event logs for the tests of stories."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.model.codes import EVENT_KINDS, NEVER, OUTCOMES, WORK_KINDS
from sim.model.records import EVENT
from sim.model.simulate import event_table
from sim.report.stories.event_trace import EventTrace
from sim.scenario import Scenario
from sim.scenario.domain import RISK_LEVELS

AT_FIRST = {"risk": "low", "true_risk": "low", "due": 60, "review_due": 90}
SHOW_VISIT = (
    *(
        "at_start",
        "registered",
        "released",
        "reallocated",
        "moved",
        "rescheduled",
        "review",
        "initial_assessment",
        "meeting",
    ),
    *("record_found", "reported", "risk_noticed", "to_visits"),
)
"""Kinds whose `due` is that of the next visit, beside visits, warrants and tracings."""


def smalltown(**changes: Any) -> Scenario:
    """A team of four officers from Monday, 2 September to Tuesday, 31 December 2024: 121 days."""
    plain = {
        "name": "Smalltown",
        "start": "2024-09-02",
        "end": "2024-12-31",
        "teams": [{"name": "North", "officers": 4, "offenders": 200}],
        "caseload": {"risk_mix": {"low": 0.5, "medium": 0.3, "high": 0.18, "very_high": 0.02}},
        "visits": {"interval_days": {"low": 365, "medium": 182, "high": 91, "very_high": 30}, "visit_hours": 1},
        "initial_assessment": {"hours": 2},
    }
    return Scenario.model_validate({**plain, **changes})


def event(day: float, kind: str, outcome: str = "", offender: int = 7, **more: Any) -> dict[str, Any]:
    """One event; of the offender's state only what it changes need be given."""
    done = {"officer": 0, "minutes": 60} if kind in WORK_KINDS else {}
    whose = {"officer": 0} if kind in ("at_start", "registered", "released", "moved", "record_lost") else {}
    return {"day": day, "kind": kind, "outcome": outcome, "offender": offender, **done, **whose, **more}


def at_start(offender: int = 7, last_seen: float = -305, **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """How the log begins for one of the first day's offenders: last seen announced, then the first day."""
    seen = event(last_seen, "seen_before", "seen", offender, announced=1)
    return seen, event(0, "at_start", offender=offender, **more)


def failed(day: float, announced: int = 0, **more: Any) -> dict[str, Any]:
    """An attempt at which nobody answered."""
    return event(day, "visit", "no_contact", announced=announced, **more)


def trace(*events: dict[str, Any], **changes: Any) -> EventTrace:
    """The event trace of a hand-made log, reported in order; an offender's state stays until an event changes it."""
    log = np.zeros(len(events), EVENT)
    log["officer"] = log["colleague"] = -1
    states: dict[int, dict[str, Any]] = {}
    for row, shown in zip(log, events, strict=True):
        state = states.get(shown["offender"], AT_FIRST)
        fields = {**state, **shown}
        kind = fields.pop("kind")
        shows_visit = kind in (*SHOW_VISIT, "visit", "warrant", "tracing")
        if not shows_visit:
            fields["due"] = shown.get("due", NEVER)
        carried = {name: fields[name] for name in AT_FIRST}
        states[shown["offender"]] = carried if shows_visit else {**carried, "due": state["due"]}
        row["time"], row["kind"] = fields.pop("day"), EVENT_KINDS.index(kind)
        row["outcome"] = OUTCOMES.index(fields.pop("outcome"))
        for name, value in fields.items():
            row[name] = RISK_LEVELS.index(value) if name in ("risk", "true_risk") else value
    scenario = smalltown(**changes)
    return EventTrace(
        scenario, 1, event_table(log, scenario.start, scenario.horizon_days, [team.name for team in scenario.teams])
    )
