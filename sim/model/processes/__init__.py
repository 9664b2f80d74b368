"""What happens at its own time, as SimPy events: to the force, to its officers, to offenders."""

from __future__ import annotations

from sim.model.investigations import begin_investigations
from sim.model.processes import force, offenders, officers
from sim.model.world import Simulation


def begin(world: Simulation) -> None:
    """Start all that happens in a replication. Levers come first, so that on its date a lever acts before the shift."""
    posts = officers.Posts(world)

    def adopted() -> None:
        posts.begin_new()
        if world.investigations is not None:
            world.investigations.adopt()

    world.start(force.levers(world, adopted))
    posts.begin()
    officers.begin_sickness(world)
    officers.begin_courses(world)
    offenders.begin_recalls(world)
    offenders.begin_moves(world)
    force.begin_checks(world)
    force.begin_surge(world)
    begin_investigations(world)
    world.start(force.working_days(world))
