"""The staff of a stage as a shared resource, and when work that takes so many hours is done.

SimPy's queues do here: cases are hundreds to thousands a year, not a register's visits.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Generator
from typing import Any

import numpy as np
import simpy
from simpy.resources.resource import PriorityRequest, PriorityResource, SortedQueue

from sim.model.codes import HOURS_PER_DAY
from sim.model.inputs import Inputs
from sim.scenario.values import RISK_LEVELS


def rank_of(grade: int) -> int:
    """Whose turn comes first: 0 for very high, then high, medium and low."""
    return len(RISK_LEVELS) - 1 - grade


class _InTurn(SortedQueue):
    """A queue kept in order by looking for the place; SimPy's own sorts all of it each time."""

    def append(self, item: Any) -> None:
        insort(self, item, key=_key)


def _key(request: PriorityRequest) -> tuple:
    return request.key


class Staff(PriorityResource):
    """So many officers, crews, kits or benches, who serve whoever ranks first, and among equals who came first.

    A lever may change how many there are: work in hand is finished first.
    """

    PutQueue = _InTurn

    def __init__(self, env: simpy.Environment, number: int) -> None:
        super().__init__(env, max(number, 1))
        self._capacity = number
        self.release = self._freed  # type: ignore[method-assign,assignment]

    def resize(self, number: int) -> None:
        """So many are there from now on."""
        self._capacity = number
        while self.put_queue and self.is_free:
            self._trigger_put(None)  # lets one begin

    def _freed(self, request: PriorityRequest) -> None:
        """Somebody is done, and the next in turn begins; nobody waits for the end itself, so that it is no event."""
        if request in self.users:
            self.users.remove(request)
            self._trigger_put(None)

    @property
    def is_free(self) -> bool:
        """Would somebody begin at once?"""
        return len(self.users) < self._capacity


class WorkingTime:
    """Contracted hours on the calendar of the force: when somebody who begins now has worked so many.

    Shifts are on the days worked, from the hour at which they start; a lever may change their length. Work that
    the shift does not finish goes on the next day worked.
    """

    def __init__(self, inputs: Inputs) -> None:
        scenario = inputs.scenario
        worked = np.zeros(scenario.horizon_days)
        for regime in inputs.regimes:
            worked[regime.day :] = regime.scenario.shift_hours
        idle = np.ones(scenario.horizon_days, bool)
        idle[inputs.days_worked] = False
        worked[idle] = 0.0
        self._starts = np.minimum(scenario.calendar.shift_start_hour, HOURS_PER_DAY - worked).tolist()
        self._length = worked.tolist()
        self._before = [0.0, *np.cumsum(worked).tolist()]
        self._beyond = float(scenario.horizon_days + 1)

    def hours_until(self, time: float) -> float:
        """Hours of one officer from the first day until a time."""
        day = int(time)
        if day >= len(self._length):
            return self._before[-1]
        today = (time - day) * HOURS_PER_DAY - self._starts[day]
        return self._before[day] + min(max(today, 0.0), self._length[day])

    def done_at(self, time: float, hours: float) -> float:
        """When work that takes so many hours is done if it begins at a time; after the horizon if it will not be."""
        wanted = self.hours_until(time) + hours
        if wanted > self._before[-1]:
            return self._beyond
        day = bisect_left(self._before, wanted) - 1
        if day < 0:
            return time
        return max(time, day + (self._starts[day] + wanted - self._before[day]) / HOURS_PER_DAY)


Wait = Generator[simpy.Event, Any, None]
