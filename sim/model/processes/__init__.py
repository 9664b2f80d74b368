"""What happens at its own time, as SimPy events: to the force, to its officers, to offenders."""

from __future__ import annotations

from sim.model.processes import force, offenders, officers
from sim.model.processes.force import working_days
from sim.model.world import Simulation

__all__ = ["begin", "working_days"]


def begin(world: Simulation) -> None:
    """Start what happens beside the shifts. Levers come first, so that on its date a lever acts before the shift."""
    world.start(force.levers(world))
    officers.begin_posts(world)
    officers.begin_sickness(world)
    officers.begin_courses(world)
    offenders.begin_recalls(world)
    offenders.begin_moves(world)
    force.begin_checks(world)
    force.begin_surge(world)
