"""Servers who take work by rank, and the working hours in which they do it."""

from __future__ import annotations

import itertools
from bisect import bisect_left, insort
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import simpy

from sim.model.codes import HOURS_PER_DAY
from sim.model.inputs import Inputs
from sim.scenario.values import RISK_LEVELS

Wait = Generator[simpy.Event, Any, None]


def rank_of(grade: int) -> int:
    """Whose turn comes first: 0 for very high, then high, medium and low."""
    return len(RISK_LEVELS) - 1 - grade


class Servers:
    """So many officers, crews, triage kits or examiners: the lowest rank is served first, equals as they came.

    A lever may change the number; work that has begun is finished first. A release starts the next in turn at once,
    with no event of its own, which SimPy's resources do not do.
    """

    def __init__(self, env: simpy.Environment, number: int) -> None:
        self.env = env
        self.number = number
        self.busy = 0
        self._waiting: list[tuple[int, int, simpy.Event]] = []
        self._arrivals = itertools.count()

    @property
    def is_free(self) -> bool:
        """Would work that comes now begin at once?"""
        return self.busy < self.number

    @contextmanager
    def turn(self, rank: int) -> Iterator[simpy.Event]:
        """The event of one's turn, to be waited for; when the work in it ends or is interrupted, the next is served."""
        turn = self.env.event()
        request = (rank, next(self._arrivals), turn)
        insort(self._waiting, request)
        self._serve()
        try:
            yield turn
        except simpy.Interrupt:
            if turn.triggered:
                self.release()
            else:
                self._waiting.remove(request)
            raise
        self.release()

    def take(self) -> None:
        """Occupy one that is free."""
        self.busy += 1

    def release(self) -> None:
        """One is free again."""
        self.busy -= 1
        self._serve()

    def resize(self, number: int) -> None:
        """So many are there from now on."""
        self.number = number
        self._serve()

    def _serve(self) -> None:
        while self._waiting and self.is_free:
            self.take()
            self._waiting.pop(0)[-1].succeed()


class WorkingTime:
    """Contracted hours on the calendar of the force: when a piece of work that begins at some time is done.

    Shifts are on the days worked, from the hour at which they start; a lever may change their length. Work that
    the shift does not finish continues on the next day worked.
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
        """When so many hours of work that begin at a time are done; a day after the horizon if they will not be."""
        wanted = self.hours_until(time) + hours
        if wanted > self._before[-1]:
            return self._beyond
        day = bisect_left(self._before, wanted) - 1
        if day < 0:
            return time
        return max(time, day + (self._starts[day] + wanted - self._before[day]) / HOURS_PER_DAY)
