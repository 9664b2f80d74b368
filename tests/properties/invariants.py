"""What must hold of every replication: finite numbers, nobody and no hour lost, nothing after the last day."""

from __future__ import annotations

import numpy as np

from sim.measure import METRICS, tabulate
from sim.measure.counts import Counts
from sim.model import ReplicationResult, codes, simulate
from sim.scenario import Scenario

AWAY = (
    *(codes.HOURS_VACANT, codes.HOURS_SICK, codes.HOURS_COURSE, codes.HOURS_LEAVE, codes.HOURS_COURT),
    *(codes.HOURS_ABSTRACTION, codes.HOURS_OTHER_DUTIES),
)
WORKED = range(codes.HOURS_VISIT, codes.HOURS_WAITING)
HOURS_WITHIN = 1e-5
RATIOS = ("share", "ratio", "days")
"""Units of metrics that have no value, NaN, where nobody is concerned."""


def check(scenario: Scenario, replication: int) -> ReplicationResult:
    """Simulate a replication. Raises AssertionError if something does not hold."""
    result = simulate(scenario, replication, log_events=True)
    table = tabulate(scenario, result)
    of_nothing = table["metric"].map(lambda name: METRICS[name].unit in RATIOS or "_per_" in name)
    odd = table[np.isinf(table["value"]) | (table["value"].isna() & ~of_nothing.astype(bool))]
    assert odd.empty, f"not finite: {odd.head().to_dict('records')}"
    _nobody_is_lost(result)
    _no_hour_is_lost(result)
    _nothing_after_the_last_day(result)
    return result


def _nobody_is_lost(result: ReplicationResult) -> None:
    """Offenders registered so far are managed, missing, in custody or gone, at every observation, in log and counts."""
    counts, log = Counts(result), result.event_log
    assert log is not None
    at = {name: counts.stock(getattr(codes, name))[0] for name in ("MANAGED", "WHEREABOUTS_UNKNOWN", "IN_CUSTODY")}
    for name, number in at.items():
        assert (number >= 0).all(), name
    joined, left = (
        np.searchsorted(log["time"][log["kind"] == kind], result.observation_times, side="right")
        for kind in (codes.REGISTERED, codes.LEFT_REGISTER)
    )
    today = sum(offenders for _, offenders in result.inputs.scenario.headcounts)
    assert np.allclose(sum(at.values()), today + joined - left), "an offender is lost or appears"
    for flow, shown in ((codes.REGISTRATIONS, joined), (codes.DEPARTURES, left)):
        assert counts.flow(flow)[0, -1] == shown[-1], "the log and the counts differ"


def _no_hour_is_lost(result: ReplicationResult) -> None:
    counts = Counts(result)
    per_week = {use: np.diff(counts.hours(use)[0]) for use in range(codes.HOUR_USES)}
    for use, hours in per_week.items():
        assert (hours >= -HOURS_WITHIN).all(), f"hours below 0: use {use}"
    available = per_week[codes.HOURS_AVAILABLE]
    away = sum(per_week[use] for use in AWAY)
    assert np.allclose(per_week[codes.HOURS_CONTRACTED], away + available, atol=HOURS_WITHIN), "contracted hours"
    there = (
        available
        + per_week[codes.HOURS_OVERTIME]
        + per_week[codes.HOURS_TOIL_EARNED]
        - per_week[codes.HOURS_TOIL_TAKEN]
    )
    worked = sum(per_week[use] for use in WORKED)
    used = worked + per_week[codes.HOURS_WAITING] + per_week[codes.HOURS_IDLE]
    assert np.allclose(there, used, atol=HOURS_WITHIN), "hours worked, waiting and idle"


def _nothing_after_the_last_day(result: ReplicationResult) -> None:
    end = float(result.inputs.scenario.horizon_days)
    log, investigated = result.event_log, result.investigated
    assert log is not None
    late = log[log["time"] > end]
    assert not len(late), f"{len(late)} events after the last day: {codes.EVENT_KINDS[late[0]['kind']]}"
    if investigated is None:
        return
    for table, fields in (
        (investigated.cases, ("referred", "acted", "decided", "registered", "entered", "begun", "left")),
        (investigated.crimes, ("received", "allocated", "closed")),
    ):
        for field in fields:
            times = table[field]
            assert not ((times > end) & (times < codes.NEVER)).any(), f"{field} after the last day"
    assert not (investigated.reviews > end).any(), "a review after the last day"
