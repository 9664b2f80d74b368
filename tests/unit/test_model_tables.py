"""A compiled function gets the tables that it names, however few."""

import pytest

from sim.model import simulation as module
from sim.model.inputs import plan
from sim.model.simulation import Simulation
from sim.scenario import Scenario

TINY = {
    "name": "Tables",
    "start": "2024-09-02",
    "end": "2024-09-08",
    "teams": [{"name": "One", "officers": 3, "offenders": 5}],
    "caseload": {"risk_mix": 0.25},
    "visits": {"interval_days": 30, "visit_hours": 1},
}


def of_two(days, officers, offenders):
    return days, len(officers), len(offenders)


def of_one(days, officers):
    return days, len(officers), officers.dtype.names[0]


def of_none(days):
    return (days,)


@pytest.mark.parametrize(
    ("function", "answer"), [(of_two, (2.5, 3, 5)), (of_one, (2.5, 3, "stream")), (of_none, (2.5,))]
)
def test_two_tables_one_or_none(monkeypatch, function, answer):
    simulation = Simulation(plan(Scenario.model_validate(TINY)), 1, 0)
    monkeypatch.setattr(module, "bound", lambda function, *arguments: function)  # no need to compile it
    assert simulation.do(function, 2.5) == answer
