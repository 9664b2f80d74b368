"""What happens at its own time, as SimPy events: to the force, to its officers, to offenders."""

from __future__ import annotations

from sim.model.investigations import begin_investigations
from sim.model.processes import force, offenders, officers
from sim.model.simulation import Simulation


def begin(simulation: Simulation) -> None:
    """Start all that happens in a replication. Levers come first, so that on its date a lever acts before the shift."""
    posts = officers.Posts(simulation)

    def adopted() -> None:
        posts.begin_new()
        if simulation.investigations is not None:
            simulation.investigations.adopt()

    simulation.start(force.levers(simulation, adopted))
    posts.begin()
    officers.begin_sickness(simulation)
    officers.begin_courses(simulation)
    offenders.begin_recalls(simulation)
    offenders.begin_moves(simulation)
    force.begin_checks(simulation)
    force.begin_surge(simulation)
    begin_investigations(simulation)
    simulation.start(force.working_days(simulation))
