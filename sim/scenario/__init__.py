"""What a planner writes: the schema of a scenario, and how a file becomes one."""

from sim.scenario.levers import regimes
from sim.scenario.schema import Scenario
from sim.scenario.source.faults import Fault, ScenarioError
from sim.scenario.source.reading import Reading, read, read_saved
from sim.scenario.teams import headcounts, surge_headcounts

__all__ = [
    "Fault",
    "Reading",
    "Scenario",
    "ScenarioError",
    "headcounts",
    "read",
    "read_saved",
    "regimes",
    "surge_headcounts",
]
