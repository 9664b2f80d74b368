"""What compiled functions are given: the tables of a replication, and arguments of the types that they say."""

import inspect

import numba
import pytest

from sim.model import warm_up  # noqa: F401
from sim.model.inputs import inputs_of
from sim.model.kernel.compiling import ENTRY_POINTS, TABLES
from sim.model.kernel.cover import level
from sim.model.records import empty_tables
from sim.model.simulation import Simulation
from sim.scenario import Scenario

TINY = {
    "name": "Tables",
    "start": "2024-09-02",
    "end": "2024-09-08",
    "teams": [{"name": "One", "officers": 3, "offenders": 50}],
    "caseload": {"risk_mix": 0.25},
    "visits": {"interval_days": 30, "visit_hours": 1},
}


@pytest.mark.parametrize("function", ENTRY_POINTS, ids=lambda function: function.__name__)
def test_an_entry_point_names_the_type_of_each_argument(function):
    types = ENTRY_POINTS[function]
    names = list(inspect.signature(function).parameters)
    assert len(types) == len(names)
    assert [name for name, type_ in zip(names, types, strict=True) if type_ == TABLES] == ["tables"] * (
        "tables" in names
    )


def test_the_tables_of_a_replication_are_of_the_types_that_functions_are_compiled_for():
    simulation = Simulation(inputs_of(Scenario.model_validate(TINY)), 1, 100)
    simulation.put_in_turn()
    for name, rows in simulation.tables._asdict().items():
        assert numba.typeof(rows) == numba.typeof(getattr(empty_tables(), name)), name


def test_caseloads_that_have_outgrown_their_table_get_a_wider_one():
    simulation = Simulation(inputs_of(Scenario.model_validate(TINY)), 1, 0)
    slots = simulation.tables.members.shape[1]
    simulation.caseloads["hours_share"] = (1.0, 0.01, 0.01)  # nearly all offenders go to the first officer
    simulation.reallocate(level, 0, 0.0)
    held = simulation.caseloads["held"]
    assert held[0] > slots
    assert simulation.tables.members.shape[1] == simulation.tables.queues.shape[1] == 2 * slots
    assert sorted(simulation.tables.members[0, : held[0]]) == sorted(simulation.tables.queues["row"][0, : held[0]])
