"""The event log as spells: every row begins a spell of one offender that lasts until the offender's next row.

Whatever was reported of an offender holds until something else is reported.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

_WITH_VISIT_DUE = (
    *("at_start", "registered", "released", "reallocated", "rescheduled", "record_lost", "record_found"),
    *("moved", "to_reactive", "to_visits", "visit", "review", "initial_assessment", "warrant", "tracing"),
)
_WITH_OFFICER = ("at_start", "registered", "released", "reallocated", "moved")
_WHERE = {
    "at_start": "community",
    "registered": "community",
    "released": "community",
    "to_custody": "custody",
    "left_register": "nowhere",
}
_RECORD_LOST = {"record_lost": True, "record_found": False, "released": False}
_REACTIVE = {"to_reactive": True, "to_visits": False, "to_custody": False}
_AWAITS_INITIAL_ASSESSMENT = {"registered": True, "initial_assessment": False}


def spells_of(events: pd.DataFrame) -> pd.DataFrame:
    """One row for each event: what its offender is from then (`begins`) until the next event (`ends`, or infinity).

    Every newcomer needs an initial assessment, so that anyone who registers waits for one.
    """
    spells = events[events.offender >= 0].sort_values("offender", kind="stable").reset_index(drop=True)
    for column in ("event", "outcome", "risk", "true_risk"):
        spells[column] = spells[column].astype(str)
    whose = spells.offender

    def since(shown: pd.Series, before: object) -> pd.Series:
        """The last that was reported of each offender; `before` until something was."""
        return shown.groupby(whose).ffill().fillna(before)

    event, day = spells.event, spells.day
    seen = spells.outcome == "seen"
    at_home_unawares = seen & ~spells.announced & (event != "tracing")
    where = event.map(_WHERE).where(spells.outcome != "whereabouts_unknown", "missing")
    where = where.where(~(seen & (event == "tracing")), "community")
    never = spells[["due", "review_due"]].fillna(np.inf)
    spells["begins"] = day
    spells["ends"] = day.groupby(whose).shift(-1).fillna(np.inf)
    spells["where"] = since(where, "nowhere")
    lost = event.map(_RECORD_LOST).where(~(seen & event.isin(["warrant", "tracing"])), False)  # a new date is set
    spells["record_lost"] = since(lost.astype(float), 0.0) == 1
    spells["reactive"] = since(event.map(_REACTIVE).astype(float), 0.0) == 1
    spells["awaits_initial_assessment"] = since(event.map(_AWAITS_INITIAL_ASSESSMENT).astype(float), 0.0) == 1
    spells["officer"] = since(spells.officer.where(event.isin(_WITH_OFFICER)), -1)
    spells["visit_due"] = since(never.due.where(event.isin(_WITH_VISIT_DUE)), np.inf)
    spells["review_due"] = never.review_due
    spells["last_seen"] = since(day.where(seen | (event == "registered")), -np.inf)
    spells["last_seen_unannounced"] = since(day.where(at_home_unawares), -np.inf)
    begun = (event == "breach_began").groupby(whose).cumsum()
    forgotten = since(begun.where(event.isin(["breach_found", "to_custody"])), 0)
    spells["latent_breaches"] = begun - forgotten
    spells["risk_before"] = spells.risk.groupby(whose).shift()
    return spells


def part(spells: pd.DataFrame, begins=None, ends=None) -> pd.DataFrame:
    """The same spells, cut to begin no earlier and end no later than some times."""
    part = spells.assign(
        begins=np.maximum(spells.begins, 0.0 if begins is None else begins),
        ends=spells.ends if ends is None else np.minimum(spells.ends, ends),
    )
    return part[part.ends > part.begins]
