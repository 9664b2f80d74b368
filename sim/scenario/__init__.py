"""What a planner writes: the schema of a scenario, and how a file becomes one."""

from sim.scenario.schema import Scenario
from sim.scenario.source.faults import Fault, ScenarioError
from sim.scenario.source.reading import LoadedScenario, read, read_saved

__all__ = [
    "Fault",
    "LoadedScenario",
    "Scenario",
    "ScenarioError",
    "read",
    "read_saved",
]
