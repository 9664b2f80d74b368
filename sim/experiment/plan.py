"""What a run is about to do, and roughly how long that will take."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sim.scenario import Scenario, headcounts

SECONDS_PER_REPLICATION = 0.03
SECONDS_PER_OFFENDER_YEAR = 1.6e-5
SECONDS_TO_START_WORKERS = 2.0
"""Measured with scenarios/small.yaml and scenarios/met.yaml on a common server; good to a factor of two elsewhere."""

MOST_WORKERS = 61
"""Windows lets a program wait for no more processes than this."""

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class Plan:
    """What a run is about to do."""

    scenario: Scenario
    folder: Path
    missing: tuple[int, ...]
    """The replications still to be simulated; the others are kept in the folder already."""
    workers: int

    @property
    def estimated_seconds(self) -> float:
        """Roughly how long the simulation will take."""
        return _seconds(self.scenario, len(self.missing), self.workers)


def best_workers(scenario: Scenario, replications: int) -> int:
    """As many workers as can help; only one, in this process, where starting more would take longer than it saves."""
    most = max(1, min(_cores(), replications))
    return min((1, most), key=lambda workers: _seconds(scenario, replications, workers))


def offenders_at_start(scenario: Scenario) -> int:
    """Offenders on the first day."""
    return sum(offenders for _, offenders in headcounts(scenario))


def _seconds(scenario: Scenario, replications: int, workers: int) -> float:
    offender_years = offenders_at_start(scenario) * scenario.horizon_days / DAYS_PER_YEAR
    one = SECONDS_PER_REPLICATION + SECONDS_PER_OFFENDER_YEAR * offender_years
    return replications * one / workers + (SECONDS_TO_START_WORKERS if workers > 1 else 0)


def _cores() -> int:
    """The processor cores this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return min(os.cpu_count() or 1, MOST_WORKERS)
