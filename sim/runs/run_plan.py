"""What is about to be simulated, roughly how long that will take, and the listener to its progress."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from sim.runs.estimate import Effort, Estimate, estimate
from sim.runs.machine import cores
from sim.runs.worker_processes import COPIES
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.runs.errors import Outcome
    from sim.runs.precision import Precision

SECONDS_TO_START_WORKERS = 0.0 if COPIES else 2.0
"""Copies begin at once, and are loaded while this process loads what it needs itself."""


@dataclass(frozen=True)
class RunPlan:
    """What is about to be simulated of one run."""

    scenario: Scenario
    folder: Path
    wanted: Sequence[int]
    """The replications asked for."""
    missing: Sequence[int]
    """Those still to be simulated; the others are in the folder already."""
    events: bool = False
    """Is every event saved as well?"""

    @cached_property
    def estimate(self) -> Estimate:
        return estimate(self.scenario, events=self.events)


@dataclass(frozen=True)
class Plan:
    """What is about to be simulated: one run, or several at once."""

    runs: tuple[RunPlan, ...]
    workers: int

    @property
    def missing(self) -> int:
        return sum(len(run.missing) for run in self.runs)

    @property
    def estimated_seconds(self) -> float:
        work = sum(len(run.missing) * run.estimate.seconds for run in self.runs if run.missing)
        return work / self.workers + (SECONDS_TO_START_WORKERS if self.workers > 1 else 0)


def best_workers(runs: Sequence[RunPlan]) -> int:
    """As many workers as can help; only one, in this process, where starting more would take longer than it saves."""
    most = max(1, min(cores(), sum(len(run.missing) for run in runs)))
    return min((1, most), key=lambda workers: Plan(tuple(runs), workers).estimated_seconds)


class ProgressListener:
    """Called as runs go on; this one does nothing."""

    def on_effort(self, effort: Effort, workers: int, *, here: bool = True) -> None:
        """The scenarios are read and nothing is written yet: so much work this will be. Raise to stop it.

        `here`: is it done in the memory of this machine?
        """

    def on_plan(self, plan: Plan) -> None:
        """The scenarios are read and the folders ready."""

    def on_loading(self) -> None:
        """Workers load what they need: a second in which this process may do the same."""

    def on_compiling(self, done: int = 0, of: int = 0) -> None:
        """The shift is being compiled for this machine, once; so many functions are done, 0 of 0 when it begins."""

    def on_start(self, plan: Plan) -> None:
        """The first replication begins."""

    def on_replication(self, run: RunPlan, outcome: Outcome) -> None:
        """A replication of one of the runs ended, well or not."""

    def on_precision(self, known: Precision, replications: int) -> None:
        """A run until precise is not precise enough yet, and goes on to so many replications."""
