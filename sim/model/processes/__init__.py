"""What happens at its own time, as SimPy events: to the force, to its officers, to offenders."""

from __future__ import annotations

from sim.model.processes import force, offenders, officers
from sim.model.simulation import Simulation


def begin(simulation: Simulation) -> None:
    """Start all processes but the shifts. Levers come first, so that on its date a lever acts before the shift."""
    simulation.start(force.levers(simulation))
    officers.begin_posts(simulation)
    officers.begin_sickness(simulation)
    officers.begin_courses(simulation)
    offenders.begin_recalls(simulation)
    offenders.begin_moves(simulation)
    force.begin_checks(simulation)
    simulation.start(force.surge(simulation))
