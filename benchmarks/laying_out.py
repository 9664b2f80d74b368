"""Lays out a replication of the caseload benchmark for the other engines: the register, and the draws of every visit.

They are this program's own, keyed by offender and visit. So every engine that holds the whole model must come to
the same weekly counts; and laying it out is no part of what is timed, to the advantage of those engines.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from benchmarks.force import Force, Rules, read_force
from sim.model.codes import VISIT
from sim.model.inputs import inputs_of
from sim.model.kernel import streams
from sim.model.kernel.compiling import machine_code
from sim.model.kernel.draws import fill_draws
from sim.model.policy import spread
from sim.model.records import SPREAD, table
from sim.model.simulation import Simulation
from sim.scenario import Scenario


def lay_out(scenario: Scenario, replication: int, file: Path) -> Force:
    """Write a replication's start and draws into a `.npz` file, and read it as the engines do."""
    simulation = Simulation(inputs_of(scenario), replication, 0)
    rows = simulation.offenders
    weights = np.array(scenario.risk_weights.values())
    intervals = np.array([interval.mean for interval in scenario.visits.interval_days.values()])[rows["risk"]]
    first_visit, hours, seen = _draws_of_visits(scenario, replication, rows, intervals)
    rules = Rules(
        horizon_days=scenario.horizon_days,
        shift_start=scenario.calendar.shift_start_hour / 24,
        shift_hours=scenario.shift_hours * scenario.officers.available_share,
        lead_days=scenario.visits.lead_days,
        retry_days=scenario.visits.retry_days,
        review_hours=scenario.reviews.hours.mean,
        review_days=scenario.reviews.interval_days,
    )
    np.savez(
        file,
        rules=np.array(rules, float),
        officer_team=simulation.officers["team"],
        officer=rows["caseload"][: int(simulation.clock.next_registration)],
        weight=weights[rows["risk"]],
        interval=intervals,
        first_visit=first_visit,
        hours=hours,
        seen=seen,
        **{name: rows[name] for name in ("team", "registered", "leaves", "visit_due", "review_due")},
    )
    return read_force(file)


def _draws_of_visits(
    scenario: Scenario, replication: int, rows: np.ndarray, intervals: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where each offender's visits begin, and hours and outcome of every visit each could get."""
    visits = scenario.visits
    travel = table(SPREAD, 1)
    travel[0] = spread(visits.travel_hours)
    announced_share = np.array(visits.announced_share.values())
    most = (2 * scenario.horizon_days / intervals + 20).astype(int)
    first = np.concatenate([[0], np.cumsum(most)])
    hours, seen = np.empty(first[-1]), np.empty(first[-1], bool)
    for nth in range(most.max()):
        here = np.flatnonzero(most > nth)
        some = rows[here]
        of_announcing, of_contact, _, of_travel = streams.uniforms_of_many(
            scenario.seed, replication, streams.OF_WORK[VISIT], some["stream"], some["index"], nth
        )
        announced = of_announcing < announced_share[some["risk"]]
        fails = np.where(announced, visits.no_contact.announced, visits.no_contact.unannounced)
        drawn = np.empty(len(here))
        machine_code(fill_draws)(travel, of_travel, drawn)
        hours[first[here] + nth] = drawn
        seen[first[here] + nth] = of_contact >= fails
    return first, hours, seen
