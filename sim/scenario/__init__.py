"""What a planner writes: the schema of a scenario, and how a file becomes one."""

from sim.scenario.levers import epochs
from sim.scenario.schema import Scenario
from sim.scenario.source.faults import Fault, ScenarioError
from sim.scenario.source.reading import Reading, read, read_kept
from sim.scenario.teams import headcounts, surge_headcounts

__all__ = [
    "Fault",
    "Reading",
    "Scenario",
    "ScenarioError",
    "epochs",
    "headcounts",
    "read",
    "read_kept",
    "surge_headcounts",
]
