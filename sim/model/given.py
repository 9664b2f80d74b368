"""Today's caseload where a force's extract gives it: whose offenders they are, and which of their dates are known."""

from __future__ import annotations

import heapq
from collections.abc import Sequence

import numpy as np

from sim.model.state import RISKS, table
from sim.scenario.extract import GivenCaseload
from sim.scenario.extract.columns import DATES
from sim.scenario.extract.given import NOBODY, UNKNOWN
from sim.scenario.schema import Scenario

KNOWN = np.dtype([(date, "f8") for date in DATES])
"""Days since the first day, for each offender of today; NaN where it must be drawn."""


def nothing_known(offenders: int) -> np.recarray:
    """No date of anybody, as when the caseload is generated."""
    known = table(KNOWN, offenders)
    for date in DATES:
        known[date] = np.nan
    return known


def either(known: np.ndarray, drawn: np.ndarray | float) -> np.ndarray:
    """What is known, and what was drawn where nothing is."""
    return np.where(np.isnan(known), drawn, known)


def fair_turns(risk: np.ndarray, rank: np.ndarray, officers: int) -> np.ndarray:
    """Whose turn each offender of a team is, by risk and number within that level.

    Every officer gets a fair part of each level; who has one more is another officer at each level.
    """
    return (rank + risk.astype(np.int64) * officers // RISKS) % officers


def identify_given(
    scenario: Scenario, headcounts: Sequence[tuple[int, int]], given: GivenCaseload, rows: np.ndarray
) -> tuple[np.ndarray, np.recarray]:
    """Name today's offenders after the file and lay them out officer by officer.

    Returns whose turn each is (-1: unallocated) and the dates that are known of each.
    """
    own = scenario.caseload.allocation == "own"
    turns = np.zeros(len(rows), np.int64)
    for number, (officers, _) in enumerate(headcounts):
        here = np.flatnonzero(given.rows["team"] == number)
        if own and not officers:
            turns[here] = NOBODY
        elif own and given.allocated:
            turns[here] = _turns_by_file(given.rows["officer"][here], officers)
        elif own:
            risk = given.rows["risk"][here]
            turns[here] = fair_turns(risk, _ranks(risk), officers)
    order = np.lexsort((turns, given.rows["team"]))
    ordered, turns = given.rows[order], turns[order]
    for field in ("origin", "serial", "team", "risk"):
        rows[field] = ordered[field]
    known = table(KNOWN, len(rows))
    for date in DATES:
        known[date] = np.where(ordered[date] == UNKNOWN, np.nan, ordered[date] - float(scenario.start.toordinal()))
    return turns, known


def _turns_by_file(officer: np.ndarray, officers: int) -> np.ndarray:
    """The file's officers, as far as there are so many; the rest goes to the smallest caseload, one by one."""
    turns = officer.astype(np.int64)
    held = np.bincount(turns[(turns >= 0) & (turns < officers)], minlength=officers)
    smallest = [(int(number), turn) for turn, number in enumerate(held)]
    heapq.heapify(smallest)
    for row in np.flatnonzero(turns >= officers):
        number, turn = smallest[0]
        turns[row] = turn
        heapq.heapreplace(smallest, (number + 1, turn))
    return turns


def _ranks(risk: np.ndarray) -> np.ndarray:
    """The number of each offender within the risk level."""
    ranks = np.zeros(len(risk), np.int64)
    for level in range(RISKS):
        of_level = risk == level
        ranks[of_level] = np.arange(of_level.sum())
    return ranks


def ends_of_known(
    registered: np.ndarray, shares: Sequence[float], period_days: np.ndarray, uniform: np.ndarray
) -> np.ndarray:
    """When the notification period of an offender ends who registered on a known date; NaN where that is not known.

    The period is one of those that have not run out yet; if all have, nothing is known.
    """
    running = registered[:, None] + period_days[None, :] > 0
    weights = np.where(running, np.asarray(shares), 0.0).cumsum(axis=1)
    with np.errstate(invalid="ignore"):
        period = (uniform[:, None] >= weights / weights[:, -1:]).sum(axis=1)
    ends = registered + period_days[np.minimum(period, len(period_days) - 1)]
    return np.where(weights[:, -1] > 0, ends, np.nan)
