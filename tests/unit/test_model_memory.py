"""Between replications: nothing of one is left when the next one asks for memory."""

from __future__ import annotations

import gc

import pytest

from sim.model import simulate
from sim.model.simulate import collector_at_rest
from sim.model.simulation import Simulation
from sim.scenario import Scenario

FORCE = {
    "name": "two",
    "start": "2024-01-01",
    "end": "2024-12-31",
    "teams": [{"name": "one", "officers": 2, "offenders": 40}],
    "officers": {"sickness": {"spells_per_year": 4, "days": 20}},
    "caseload": {"risk_mix": 0.25},
    "visits": {"interval_days": 60, "visit_hours": 1},
    "register": {"new_per_year": 10, "recalls_per_year": 0.5},
}


@pytest.mark.parametrize("collects", [True, False])
def test_the_tables_of_a_replication_are_free_when_it_is_over(collects: bool):
    scenario = Scenario.model_validate(FORCE)
    if not collects:
        gc.disable()  # as somebody may who measures
    try:
        result = simulate(scenario, 0)
        assert not [thing for thing in gc.get_objects() if isinstance(thing, Simulation)]
        assert gc.isenabled() is collects
    finally:
        gc.enable()
    assert result.tasks > 0


def test_the_collector_goes_on_after_a_replication_that_failed():
    def fail() -> None:
        with collector_at_rest():
            assert not gc.isenabled()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert gc.isenabled()
