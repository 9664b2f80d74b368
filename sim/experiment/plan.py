"""What is about to be simulated, and roughly how long that will take."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.experiment.starting import COPIES
from sim.scenario import Scenario, headcounts

SECONDS_PER_REPLICATION = 0.03
SECONDS_PER_OFFENDER_YEAR = 1e-5
SECONDS_PER_INVESTIGATION = 1e-4
SECONDS_TO_START_WORKERS = 0.0 if COPIES else 2.0
"""Measured with scenarios/small.yaml, met.yaml and operating-model/as-is.yaml on a common server; good to a factor of
two elsewhere. Copies begin at once, and are loaded while this process loads what it needs itself."""

MOST_WORKERS = 61
"""Windows lets a program wait for no more processes than this."""

DAYS_PER_YEAR = 365.25


@dataclass(frozen=True)
class RunPlan:
    """What is about to be simulated of one run."""

    scenario: Scenario
    folder: Path
    wanted: tuple[int, ...]
    """The replications asked for."""
    missing: tuple[int, ...]
    """Those still to be simulated; the others are kept in the folder already."""

    @property
    def work_seconds(self) -> float:
        """Roughly how long one worker would take."""
        years = self.scenario.horizon_days / DAYS_PER_YEAR
        caseload = SECONDS_PER_OFFENDER_YEAR * offenders_at_start(self.scenario) * years
        investigations = SECONDS_PER_INVESTIGATION * investigations_per_year(self.scenario) * years
        return len(self.missing) * (SECONDS_PER_REPLICATION + caseload + investigations)


@dataclass(frozen=True)
class Plan:
    """What is about to be simulated: one run, or several at once."""

    runs: tuple[RunPlan, ...]
    workers: int

    @property
    def missing(self) -> int:
        """Replications still to be simulated."""
        return sum(len(run.missing) for run in self.runs)

    @property
    def estimated_seconds(self) -> float:
        """Roughly how long the simulation will take."""
        return _seconds(self.runs, self.workers)


def best_workers(runs: Sequence[RunPlan]) -> int:
    """As many workers as can help; only one, in this process, where starting more would take longer than it saves."""
    most = max(1, min(cores(), sum(len(run.missing) for run in runs)))
    return min((1, most), key=lambda workers: _seconds(runs, workers))


def investigations_per_year(scenario: Scenario) -> float:
    """Referrals and crimes in the first year."""
    return scenario.online_abuse.referrals_per_year + scenario.crime.crimes_per_year


def offenders_at_start(scenario: Scenario) -> int:
    """Offenders on the first day."""
    return sum(offenders for _, offenders in headcounts(scenario))


def _seconds(runs: Sequence[RunPlan], workers: int) -> float:
    work = sum(run.work_seconds for run in runs)
    return work / workers + (SECONDS_TO_START_WORKERS if workers > 1 else 0)


def cores() -> int:
    """The processor cores this program may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return min(os.cpu_count() or 1, MOST_WORKERS)
