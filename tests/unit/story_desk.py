"""Hand-made event logs for the tests of stories."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim.model.simulate import event_table
from sim.model.state import EVENT, EVENT_KINDS, NEVER, OUTCOMES
from sim.report.chronicle import Chronicle
from sim.scenario import Scenario
from sim.scenario.values import RISK_LEVELS

AT_FIRST = {"risk": "low", "true_risk": "low", "visit_due": 60, "review_due": 90, "last_seen": -305, "caseload": 0}
WORK = ("visit", "review", "notification", "intake", "enquiry")


def smalltown(**changes: Any) -> Scenario:
    """A team of four officers from Monday, 2 September to Tuesday, 31 December 2024: 121 days."""
    plain = {
        "name": "Smalltown",
        "start": "2024-09-02",
        "end": "2024-12-31",
        "teams": [{"name": "North", "officers": 4, "offenders": 200}],
        "caseload": {"risk_mix": {"low": 0.5, "medium": 0.3, "high": 0.18, "very_high": 0.02}},
        "visits": {"interval_days": {"low": 365, "medium": 182, "high": 91, "very_high": 30}, "visit_hours": 1},
        "intake": {"hours": 2},
    }
    return Scenario.model_validate({**plain, **changes})


def event(day: float, kind: str, outcome: str = "", offender: int = 7, **more: Any) -> dict[str, Any]:
    """One event; of the offender's state only what it changes need be given."""
    done = {"officer": 0, "minutes": 60} if kind in WORK else {}
    return {"day": day, "kind": kind, "outcome": outcome, "offender": offender, **done, **more}


def chronicle(*events: dict[str, Any], **changes: Any) -> Chronicle:
    """The chronicle of a hand-made log, told in order; an offender's state stays until an event changes it."""
    log = np.zeros(len(events), EVENT)
    log["officer"] = log["colleague"] = -1
    states: dict[int, dict[str, Any]] = {}
    for row, told in zip(log, events, strict=True):
        state = states.get(told["offender"], AT_FIRST)
        fields = {**state, **told}
        states[told["offender"]] = {name: fields[name] for name in AT_FIRST}
        row["time"], row["kind"] = fields.pop("day"), EVENT_KINDS.index(fields.pop("kind"))
        row["outcome"] = OUTCOMES.index(fields.pop("outcome"))
        row["due"] = NEVER
        for name, value in fields.items():
            row[name] = RISK_LEVELS.index(value) if name in ("risk", "true_risk") else value
    scenario = smalltown(**changes)
    return Chronicle(scenario, 1, event_table(log, scenario.start, [team.name for team in scenario.teams]))
