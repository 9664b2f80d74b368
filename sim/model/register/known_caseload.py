"""Today's caseload from a force's extract: who holds which offender, and which of their dates are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sim.model.codes import DAYS_PER_YEAR, NEVER, RISKS
from sim.model.exposure import YearlyRate
from sim.model.records import table
from sim.scenario.caseload_file.columns import DATES
from sim.scenario.caseload_file.known import NOBODY, UNKNOWN, KnownCaseload
from sim.scenario.schema import Scenario

KNOWN = np.dtype([(date, "f8") for date in DATES])
"""Days since the first day, for each offender of today; NaN where it must be drawn."""


def _known_or(known: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """The known values, and those drawn where none is known."""
    return np.where(np.isnan(known), drawn, known)


def fair_turns(risk: np.ndarray, rank: np.ndarray, officers: int) -> np.ndarray:
    """Whose turn each offender of a team is, by risk and number within that level: fair parts of each level.

    The officers who have one more differ from level to level.
    """
    return (rank + risk.astype(np.int64) * officers // RISKS) % officers


def identify_known(
    scenario: Scenario, headcounts: Sequence[tuple[int, int]], caseload: KnownCaseload, rows: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Identify today's offenders as in the file, officer by officer.

    Returns whose turn each is (-1: unallocated) and the known dates of each.
    """
    own = scenario.caseload.allocation == "own"
    turns = np.zeros(len(rows), np.int64)
    for number, (officers, _) in enumerate(headcounts):
        here = np.flatnonzero(caseload.rows["team"] == number)
        if own and not officers:
            turns[here] = NOBODY
        elif own and caseload.allocated:
            turns[here] = _turns_by_file(caseload.rows["officer"][here], officers)
        elif own:
            risk = caseload.rows["risk"][here]
            turns[here] = fair_turns(risk, pd.Series(risk).groupby(risk).cumcount().to_numpy(), officers)
    order = np.lexsort((turns, caseload.rows["team"]))
    ordered, turns = caseload.rows[order], turns[order]
    for field in ("stream", "index", "team", "risk"):
        rows[field] = ordered[field]
    known = table(KNOWN, len(rows))
    for date in DATES:
        known[date] = np.where(ordered[date] == UNKNOWN, np.nan, ordered[date] - float(scenario.start.toordinal()))
    return turns, known


def _turns_by_file(officer: np.ndarray, officers: int) -> np.ndarray:
    """The file's officers, as far as there are so many; other offenders go to the smallest caseload, one by one."""
    turns = officer.astype(np.int64)
    held = np.bincount(turns[(turns >= 0) & (turns < officers)], minlength=officers)
    for row in np.flatnonzero(turns >= officers):
        turns[row] = held.argmin()
        held[turns[row]] += 1
    return turns


def lay_over(
    rows: np.ndarray,
    known: np.ndarray,
    scenario: Scenario,
    departures_per_year: YearlyRate,
    of_stay: np.ndarray,
) -> None:
    """Put known dates in place of those that were drawn, and move the dates that depend on them.

    `rows`: today's offenders as they were drawn. `of_stay`: the four uniforms of how long each stays on the register.
    """
    scheduled = rows["visit_due"] < NEVER
    interval = rows["visit_due"] - rows["last_seen"]
    # Seen on a known date means due an interval later, and due on one means seen an interval before.
    due = known["last_seen"] + interval
    if scenario.calendar.work != "around_the_clock":
        due = np.floor(due)
    rows["visit_due"] = _known_or(known["visit_due"], _known_or(due, rows["visit_due"]))
    before_due = np.where(scheduled, rows["visit_due"] - np.where(scheduled, interval, 0.0), rows["last_seen"])
    last_seen = _known_or(known["last_seen"], np.fmax(np.minimum(before_due, 0.0), known["registered"]))
    rows["last_seen_unannounced"] += last_seen - rows["last_seen"]
    rows["last_seen"] = last_seen
    rows["review_due"] = _known_or(known["review_due"], rows["review_due"])

    rows["registered"] = _known_or(known["registered"], rows["registered"])
    rows["quiet_since"] = np.fmax(rows["quiet_since"], known["registered"])
    of_period, _, of_departure, _ = of_stay
    period_days = np.array([period.years for period in scenario.register.periods]) * DAYS_PER_YEAR
    ends = ends_of_known(known["registered"], scenario.register.shares_at_start(), period_days, of_period)
    departs = departures_per_year.used_up(np.zeros(len(rows)), -np.log(of_departure))
    rows["leaves"] = _known_or(np.minimum(ends, departs), rows["leaves"])


def ends_of_known(
    registered: np.ndarray, shares: Sequence[float], period_days: np.ndarray, uniform: np.ndarray
) -> np.ndarray:
    """When the notification period of an offender ends, by the date of registration; NaN where that is not known.

    The period is one of those that have not run out yet; if all have, nothing is known.
    """
    running = registered[:, None] + period_days[None, :] > 0
    weights = np.where(running, np.asarray(shares), 0.0).cumsum(axis=1)
    with np.errstate(invalid="ignore"):
        period = (uniform[:, None] >= weights / weights[:, -1:]).sum(axis=1)
    ends = registered + period_days[np.minimum(period, len(period_days) - 1)]
    return np.where(weights[:, -1] > 0, ends, np.nan)
