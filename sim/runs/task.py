"""Replications as work that can be sent anywhere: simulated, measured and saved there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from sim.runs.folder import RunFolder
from sim.runs.provenance import RunKey
from sim.scenario import Scenario

Simulated = tuple[pd.DataFrame, pd.DataFrame | None]
"""What a replication leaves: its table of `sim.measure.tabulate`, and its events if they were wanted."""


@dataclass(frozen=True, eq=False)
class Replications:
    """The replications of a scenario, fit to be sent to a worker."""

    scenario: Scenario
    measure: Callable[..., Simulated]

    @classmethod
    def of(cls, scenario: Scenario) -> Replications:
        """The replications of a scenario in this version of the program."""
        return cls(scenario, simulate_and_measure)

    def simulated(self, replication: int, *, log_events: bool = False) -> Simulated:
        """Simulate and measure one of them."""
        return self.measure(self.scenario, replication, log_events)


@dataclass(frozen=True, eq=False)
class ReplicationTask:
    """The task of any replication of one run: simulate, measure, save."""

    replications: Replications
    key: RunKey
    folder: RunFolder
    log_events: bool

    def __call__(self, replication: int) -> None:
        table, events = self.replications.simulated(replication, log_events=self.log_events)
        self.folder.save_replication(replication, self.key, table, events)


def simulate_and_measure(scenario: Scenario, replication: int, log_events: bool) -> Simulated:
    """Simulate and measure one replication."""
    # Here, as importing the model takes a second, for which only those who simulate need to wait.
    from sim.measure import tabulate
    from sim.model import simulate

    result = simulate(scenario, replication, log_events=log_events)
    return tabulate(scenario, result), result.events
