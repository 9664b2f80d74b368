"""Officer-hours available are the contracted ones less what the scenario takes away, each absence for itself."""

from __future__ import annotations

import numpy as np
import pytest

from sim.measure.counts import Counts
from sim.model import codes, simulate
from sim.model.calendar import days_worked
from sim.runs.intervals import interval
from sim.scenario import Scenario

OFFICERS, WEEKS = 200, 104
SHIFT_HOURS, AVAILABLE_SHARE = 8, 0.65


def force(**officers: object) -> Scenario:
    """Nobody to visit; two years of whole weeks without bank holidays."""
    return Scenario.model_validate(
        {
            "name": "Hours",
            "start": "2024-09-02",
            "end": "2026-08-30",
            "teams": [{"name": "One", "officers": OFFICERS, "offenders": 0}],
            "calendar": {"bank_holidays": False},
            "caseload": {"risk_mix": 0.25},
            "visits": {"interval_days": "never", "visit_hours": 1},
            "officers": {"hours_per_week": 5 * SHIFT_HOURS, "available_share": AVAILABLE_SHARE, **officers},
        }
    )


def days_available(scenario: Scenario, replications: int = 20) -> list[float]:
    """Days at work of each officer, on average, in each replication."""
    found = []
    for replication in range(replications):
        hours = Counts(simulate(scenario, replication)).hours(codes.HOURS_AVAILABLE)[0, -1]
        found.append(hours / SHIFT_HOURS / AVAILABLE_SHARE / OFFICERS)
    return found


def theory(leave: float, court: float, abstraction: float, spells: float, sick_days: float) -> float:
    """Days worked, less those on which the officer is sick when the shift begins, less leave, court and lending.

    Well and sick in turn, both for exponential times, and well on the first day.
    """
    years = WEEKS * 7 / codes.DAYS_PER_YEAR
    days = days_worked(force()) + 9 / 24
    falls_sick, recovers = spells / codes.DAYS_PER_YEAR, 1 / sick_days
    sick = falls_sick / (falls_sick + recovers) * (1 - np.exp(-(falls_sick + recovers) * days))
    return len(days) - sick.sum() - (leave + court) * years - abstraction * len(days)


@pytest.mark.parametrize(
    ("leave", "court", "abstraction", "spells", "edge"),
    [(27, 12, 0, 0, 0.2), (27, 12, 0.06, 2, 0.3), (60, 40, 0.15, 4, 1.0)],
    ids=["leave and court", "all together", "half the year away"],
)
def test_hours_available_are_those_contracted_less_every_absence(leave, court, abstraction, spells, edge):
    """`edge`: days in two years, of what has fallen due at the end and is still to be taken."""
    scenario = force(
        leave_days=leave,
        court_and_training_days=court,
        abstraction={"share": abstraction},
        sickness={"spells_per_year": spells, "days": {"distribution": "exponential", "mean": 6}},
    )
    found, expected = interval(days_available(scenario)), theory(leave, court, abstraction, spells, 6)
    assert found.low <= expected + edge
    assert found.high >= expected - edge
    assert found.high - found.low < 0.01 * expected  # narrow enough to say 1%


def test_a_day_that_falls_due_on_a_day_off_is_taken_later():
    """Each absence takes its own hours, to within what is still to be taken at the end, whatever else there is."""
    alone = {
        codes.HOURS_LEAVE: force(leave_days=27),
        codes.HOURS_COURT: force(court_and_training_days=12),
        codes.HOURS_ABSTRACTION: force(abstraction={"share": 0.1}),
    }
    sickness = {"spells_per_year": 3, "days": {"distribution": "exponential", "mean": 10}}
    together = Counts(
        simulate(force(leave_days=27, court_and_training_days=12, abstraction={"share": 0.1}, sickness=sickness), 1)
    )
    for use, scenario in alone.items():
        hours = Counts(simulate(scenario, 1)).hours(use)[0, -1]
        assert together.hours(use)[0, -1] == pytest.approx(hours, rel=0.01)
