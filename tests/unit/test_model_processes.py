"""What happens at its own time waits as long as it says, and a replication leaves the program as it was."""

from __future__ import annotations

import gc
from types import SimpleNamespace

import pytest
import simpy

from sim.model import simulate
from sim.model.simulation import Process, Simulation
from sim.scenario import Scenario

VILLAGE = {
    "name": "Village",
    "start": "2024-01-01",
    "end": "2024-02-29",
    "teams": [{"name": "One", "officers": 1, "offenders": 5}],
    "caseload": {"risk_mix": 0.25},
    "visits": {"interval_days": 30, "visit_hours": 1},
}


def test_what_happens_waits_as_long_as_it_says_and_equals_go_in_turn():
    simulation = SimpleNamespace(env=simpy.Environment())
    shown: list[tuple[float, str]] = []

    def spell(who: str, *waits: float) -> Process:
        for days in waits:
            shown.append((simulation.env.now, f"{who} waits"))
            yield days
        shown.append((simulation.env.now, f"{who} is back"))

    Simulation.start(simulation, spell("Ann", 2.5, 0.0))
    Simulation.start(simulation, spell("Bob", 2.5))
    simulation.env.run()
    assert shown == [
        (0, "Ann waits"),
        (0, "Bob waits"),
        (2.5, "Ann waits"),
        (2.5, "Bob is back"),
        (2.5, "Ann is back"),
    ]


@pytest.mark.parametrize("was_on", [True, False])
def test_the_collector_is_as_it_was_after_a_replication(was_on):
    before = gc.isenabled()
    (gc.enable if was_on else gc.disable)()
    try:
        simulate(Scenario.model_validate(VILLAGE), 0)
        assert gc.isenabled() == was_on
    finally:
        (gc.enable if before else gc.disable)()
