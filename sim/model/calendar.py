"""Which days are worked, and the planned absence of officers: leave, court and training, abstraction.

Leave accrues day by day and is taken a week at a time, from a random phase of each officer; so a lever that changes it
changes nothing before its date, and every officer gets the entitlement to within a week.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from sim.model.exposure import YearlyRate
from sim.scenario.schema import Scenario

LEAVE_BLOCK_DAYS = 5
COURT_BLOCK_DAYS = 1


def days_worked(scenario: Scenario) -> np.ndarray:
    """Days of the horizon on which shifts are worked, counted from the first day as 0."""
    days = np.arange(scenario.horizon_days)
    if scenario.calendar.work != "working_days":
        return days
    first_weekday = scenario.start.weekday()
    working = (days + first_weekday) % 7 < 5
    if scenario.calendar.bank_holidays:
        for holiday in bank_holidays(scenario.start, scenario.end):
            working[(holiday - scenario.start).days] = False
    return days[working]


def bank_holidays(start: dt.date, end: dt.date) -> list[dt.date]:
    """Bank holidays of England and Wales from `start` to `end`, both included."""
    import holidays

    years = range(start.year, end.year + 1)
    return sorted(day for day in holidays.country_holidays("GB", subdiv="ENG", years=years) if start <= day <= end)


def away_in_blocks(days: np.ndarray, entitlement: YearlyRate, block_days: int, phases: np.ndarray) -> np.ndarray:
    """Absence of each officer on each of the days worked, as bool of shape (days, officers).

    `entitlement`: working days off per year. `phases`: for each officer, between 0 and 1, how much of the
    first block is due already.
    """
    if not entitlement.per_day.any():
        return np.zeros((len(days), len(phases)), bool)
    # Away for `block_days` days worked from the day on which another block has accrued.
    days_ago = np.concatenate([days[:block_days] - 7.0 * block_days / LEAVE_BLOCK_DAYS, days])[: len(days)]
    blocks, blocks_ago = (
        np.floor(entitlement.exposure_at(each)[:, None] / block_days + phases) for each in (days, days_ago)
    )
    return blocks > blocks_ago


def abstraction_in_turn(days: np.ndarray, share_by_day: np.ndarray, phases: np.ndarray) -> np.ndarray:
    """Abstraction of officers in turn, a day at a time, as bool of shape (days, officers).

    `share_by_day`: share of the officers abstracted on each of `days`. `phases`: for each officer, between 0 and 1, how
    much of the first turn is due already.
    """
    before = np.cumsum(share_by_day) - share_by_day
    return np.floor((before + share_by_day)[:, None] + phases) > np.floor(before[:, None] + phases)
