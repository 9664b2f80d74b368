"""Histories as work that can be sent anywhere: simulated and measured there, and kept."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from sim.runs.folder import RunFolder
from sim.runs.provenance import RunKey
from sim.scenario import Scenario
from sim.scenario.caseload_file.known import KnownCaseload, known_caseload, remember

Simulated = tuple[pd.DataFrame, pd.DataFrame | None]
"""What a history leaves: its table of `sim.measure.tabulate`, and its events if they were wanted."""


@dataclass(frozen=True, eq=False)
class Replications:
    """The histories of a scenario, fit to be sent to a worker.

    The scenario travels as text, because its typed form cannot be sent between processes.
    """

    document: str
    given: KnownCaseload | None
    """The caseload of the scenario's file, of which the text holds only the hash."""
    live: Callable[..., Simulated]

    @classmethod
    def of(cls, scenario: Scenario) -> Replications:
        """The histories of a scenario in this version of the program."""
        return cls(json.dumps(scenario.model_dump(mode="json", by_alias=True)), known_caseload(scenario), live)

    def lived(self, replication: int, *, keep_events: bool = False) -> Simulated:
        """Simulate and measure one of them."""
        if self.given:
            remember(self.given)
        return self.live(self.scenario, replication, keep_events)

    @property
    def scenario(self) -> Scenario:
        """Whose histories they are."""
        return _scenario(self.document)


@dataclass(frozen=True, eq=False)
class ReplicationTask:
    """The task of any replication of one run: simulate, measure, keep."""

    histories: Replications
    key: RunKey
    folder: RunFolder
    keep_events: bool

    def __call__(self, replication: int) -> None:
        table, events = self.histories.lived(replication, keep_events=self.keep_events)
        self.folder.save_replication(replication, self.key, table, events)


def live(scenario: Scenario, replication: int, keep_events: bool) -> Simulated:
    """Simulate and measure one history."""
    # Here, as importing the model takes a second, for which only those who simulate need to wait.
    from sim.measure import tabulate
    from sim.model import simulate

    history = simulate(scenario, replication, keep_events=keep_events)
    return tabulate(scenario, history), history.events


@functools.lru_cache(maxsize=64)
def _scenario(document: str) -> Scenario:
    """The scenario of a text; built once in each worker, as many replications follow each other."""
    return Scenario.model_validate(json.loads(document))
