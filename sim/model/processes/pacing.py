"""What is done at regular intervals, which a lever may change."""

from __future__ import annotations

from collections.abc import Callable

from sim.model.codes import NEVER
from sim.model.simulation import Process, Simulation
from sim.scenario import Scenario


def every(simulation: Simulation, interval_days: Callable[[Scenario], float], act: Callable[[], None]) -> Process:
    """Act at each interval, for the first time after one of them; a change of the interval counts from the last act."""
    last = 0.0
    while True:
        due = last + interval_days(simulation.in_force)
        changes = [regime.day for regime in simulation.inputs.regimes if regime.day > simulation.env.now]
        until = min([due, *changes])
        if until == NEVER:
            return
        yield max(until - simulation.env.now, 0.0)
        if last + interval_days(simulation.in_force) <= simulation.env.now:
            act()
            last = simulation.env.now
