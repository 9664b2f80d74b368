"""Rates that change on dates: when something happens at a rate that levers change.

Waiting is measured in exposure, the integral of the rate. The exposure until an event is one exponential random number
of a person, the same in every scenario; a lever moves only the date on which it is used up, and never before its own.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import accumulate

import numpy as np

from sim.model.codes import DAYS_PER_YEAR, NEVER


class YearlyRate:
    """A rate per year for each regime. `days`: its first days, ascending from 0. `per_year`: its values, at least 0."""

    def __init__(self, days: list[float], per_year: list[float]) -> None:
        self._days = days
        self._per_day = [value / DAYS_PER_YEAR for value in per_year]
        spent = ((end - start) * rate for start, end, rate in zip(days, days[1:], self._per_day, strict=False))
        self._at_days = list(accumulate(spent, initial=0.0))
        self.days, self.per_day = np.array(days, float), np.array(self._per_day)
        self.at_days = np.array(self._at_days)  # exposure from day 0 to the first day of each value

    def exposure_at(self, time: np.ndarray | float) -> np.ndarray:
        """Exposure from day 0 to each time; before day 0 the first value holds, and exposure is negative."""
        regime = np.maximum(np.searchsorted(self.days, time, side="right") - 1, 0)
        return self.at_days[regime] + (np.asarray(time) - self.days[regime]) * self.per_day[regime]

    def used_up(self, begins: np.ndarray | float, exposure: np.ndarray | float) -> np.ndarray:
        """When each exposure that begins at a time is used up; NEVER if the rate stays 0."""
        wanted = self.exposure_at(begins) + exposure
        regime = np.maximum(np.searchsorted(self.at_days, wanted, side="left") - 1, 0)
        beyond = wanted - self.at_days[regime]
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            return np.where(self.per_day[regime] > 0, self.days[regime] + beyond / self.per_day[regime], NEVER)

    def arrivals(self, horizon_days: float, uniforms: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        """Times within the horizon of a Poisson process with this rate. `uniforms`: those of each index of it."""
        expected = float(self.exposure_at(horizon_days))
        if expected == 0:
            return np.empty(0)
        enough = int(expected + 12 * np.sqrt(expected) + 20)
        gaps = -np.log(uniforms(np.arange(enough, dtype=np.uint32)))
        times = self.used_up(0.0, np.cumsum(gaps))
        return times[times < horizon_days]

    def used_up_once(self, begins: float, exposure: float) -> float:
        """`used_up` of a single exposure, without the cost of arrays."""
        days, per_day, at_days = self._days, self._per_day, self._at_days
        regime = max(bisect_right(days, begins) - 1, 0)
        wanted = at_days[regime] + (begins - days[regime]) * per_day[regime] + exposure
        regime = max(bisect_left(at_days, wanted) - 1, 0)
        return days[regime] + (wanted - at_days[regime]) / per_day[regime] if per_day[regime] > 0 else NEVER
