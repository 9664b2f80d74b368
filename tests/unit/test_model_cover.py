"""An offender without an officer gets one as soon as the scenario's rule for cover allows it."""

import pytest

from sim.model import simulate
from sim.model.inputs import inputs_of
from sim.model.kernel import cover
from sim.model.simulation import Simulation
from sim.scenario import Scenario


def unallocated_after_the_first_successor(rule: str) -> int:
    """How many of twenty have no officer on the day after the first of two vacant posts is filled."""
    scenario = Scenario.model_validate(
        {
            "name": "Two vacant posts",
            "start": "2024-09-02",
            "end": "2026-08-31",
            "teams": [{"name": "One", "officers": 2, "offenders": 20}],
            "turnover": {"vacant_at_start": 1, "recruitment_days": {"distribution": "exponential", "mean": 200}},
            "caseload": {"risk_mix": 0.25, "cover": {"rule": rule}},
            "visits": {"interval_days": 90, "visit_hours": 1},
        }
    )
    events = simulate(scenario, 1, log_events=True).events
    joined = events[events.event == "officer_joined"]
    assert len(joined) == 2
    assert joined.officer.iloc[0] == 0
    rows = events[events.event.isin(["at_start", "reallocated"]) & (events.day <= joined.day.iloc[0] + 1)]
    return int((rows.groupby("offender").officer.last() < 0).sum())


@pytest.mark.parametrize(("rule", "still_without"), [("reallocate", 0), ("unallocated", 10), ("none", 10)])
def test_under_reallocate_the_first_to_come_gets_all_and_otherwise_only_those_of_the_post(rule, still_without):
    assert unallocated_after_the_first_successor(rule) == still_without


WEIGHTS = {"low": 1, "medium": 1.5, "high": 2.5, "very_high": 6}
EVEN = {"low": 0.25, "medium": 0.25, "high": 0.25, "very_high": 0.25}
ALL_LOW = {"low": 1, "medium": 0, "high": 0, "very_high": 0}


@pytest.mark.parametrize(
    ("hours_shares", "offenders", "risk_mix"),
    [
        ([0.6, 0.7, 0.3], 3, EVEN),
        ([0.6, 0.7, 0.3], 97, EVEN),
        ([0.7, 1, 0.7, 0.3, 0.3], 200, EVEN),
        ([0.7, 0.7], 25, ALL_LOW),  # 12 / 0.7 + 1 / 0.7 is a little less than 13 / 0.7: for ever to and fro
    ],
)
def test_levelling_among_part_timers_ends_with_workloads_per_hour_one_offender_apart_at_most(
    hours_shares, offenders, risk_mix
):
    scenario = Scenario.model_validate(
        {
            "name": "Part-timers",
            "start": "2024-09-02",
            "end": "2025-08-31",
            "teams": [{"name": "One", "officers": len(hours_shares), "offenders": offenders}],
            "caseload": {"risk_mix": risk_mix, "workload_weights": WEIGHTS},
            "visits": {"interval_days": 90, "visit_hours": 1},
        }
    )
    for replication in range(20):
        simulation = Simulation(inputs_of(scenario), replication, 0)
        simulation.caseloads["hours_share"] = hours_shares
        simulation.reallocate(cover.level, 0, 0.0)

        assert simulation.caseloads["held"].sum() == offenders
        weights = list(WEIGHTS.values())
        workloads = simulation.caseloads["held_by_risk"] @ weights / hours_shares
        largest, smallest = workloads.argmax(), workloads.argmin()
        lightest = min(
            w for w, held in zip(weights, simulation.caseloads["held_by_risk"][largest], strict=True) if held
        )
        assert workloads[largest] - workloads[smallest] <= lightest / hours_shares[smallest] + 1e-6
