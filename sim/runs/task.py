"""Histories as work that can be sent anywhere: simulated and measured there, and kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from sim.runs.folder import RunFolder
from sim.runs.provenance import RunKey
from sim.scenario import Scenario

Simulated = tuple[pd.DataFrame, pd.DataFrame | None]
"""What a history leaves: its table of `sim.measure.tabulate`, and its events if they were wanted."""


@dataclass(frozen=True, eq=False)
class Replications:
    """The histories of a scenario, fit to be sent to a worker."""

    scenario: Scenario
    live: Callable[..., Simulated]

    @classmethod
    def of(cls, scenario: Scenario) -> Replications:
        """The histories of a scenario in this version of the program."""
        return cls(scenario, live)

    def lived(self, replication: int, *, log_events: bool = False) -> Simulated:
        """Simulate and measure one of them."""
        return self.live(self.scenario, replication, log_events)


@dataclass(frozen=True, eq=False)
class ReplicationTask:
    """The task of any replication of one run: simulate, measure, keep."""

    histories: Replications
    key: RunKey
    folder: RunFolder
    log_events: bool

    def __call__(self, replication: int) -> None:
        table, events = self.histories.lived(replication, log_events=self.log_events)
        self.folder.save_replication(replication, self.key, table, events)


def live(scenario: Scenario, replication: int, log_events: bool) -> Simulated:
    """Simulate and measure one history."""
    # Here, as importing the model takes a second, for which only those who simulate need to wait.
    from sim.measure import tabulate
    from sim.model import simulate

    history = simulate(scenario, replication, log_events=log_events)
    return tabulate(scenario, history), history.events
