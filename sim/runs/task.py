"""A replication as a job that can be sent to any worker: simulated, measured and saved there."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field

import pandas as pd

from sim.runs.errors import FolderError, Outcome
from sim.runs.folder import RunFolder
from sim.runs.provenance import RunKey
from sim.scenario import Scenario

Simulated = tuple[pd.DataFrame, pd.DataFrame | None]
"""What a replication gives: its table of `sim.measure.tabulate`, and its events if they were wanted."""


def simulate_and_measure(scenario: Scenario, replication: int, log_events: bool = False) -> Simulated:
    # Here, as importing the model takes a second, for which only those who simulate need to wait.
    from sim.measure import tabulate
    from sim.model import simulate

    result = simulate(scenario, replication, log_events=log_events)
    return tabulate(scenario, result), result.events


@dataclass(frozen=True, eq=False)
class ReplicationTask:
    """The task of any replication of one run: simulate, measure, save."""

    scenario: Scenario
    key: RunKey
    folder: RunFolder
    log_events: bool
    simulate: Callable[..., Simulated] = field(default_factory=lambda: simulate_and_measure)
    """Named here, so that a worker takes the same as this process."""

    def __call__(self, replication: int) -> None:
        table, events = self.simulate(self.scenario, replication, self.log_events)
        self.folder.save_replication(replication, self.key, table, events)


@dataclass(frozen=True, eq=False)
class Job:
    """One replication of one run: `task(replication)` simulates and saves it."""

    task: Callable[[int], None]
    replication: int


def attempt(task: Callable[[int], None], replication: int) -> Outcome:
    try:
        task(replication)
    except FolderError:
        raise
    except Exception as error:
        return Outcome(replication, f"{type(error).__name__}: {error}", traceback.format_exc())
    return Outcome(replication)
