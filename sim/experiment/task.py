"""One replication as a piece of work that can be sent anywhere: simulate, measure, keep."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sim.experiment.folder import RunFolder
from sim.experiment.provenance import RunKey
from sim.scenario import Scenario
from sim.scenario.extract import GivenCaseload, given_caseload, remember


@dataclass(frozen=True, eq=False)
class ReplicationTask:
    """The task of any replication of one run, fit to be sent to a worker.

    The scenario travels as text, because its typed form cannot be sent between processes.
    """

    document: str
    key: RunKey
    folder: RunFolder
    keep_events: bool
    given: GivenCaseload | None
    """The caseload of the scenario's file, of which the text holds only the hash."""
    simulate: Callable[..., Any]
    tabulate: Callable[..., pd.DataFrame]

    @classmethod
    def of(cls, scenario: Scenario, key: RunKey, folder: RunFolder, *, keep_events: bool) -> ReplicationTask:
        """The task of a scenario's replications in this version of the program."""
        # Here, because importing the model takes a second that a run with nothing left to do need not wait for.
        from sim.measure import tabulate
        from sim.model import simulate

        document = json.dumps(scenario.model_dump(mode="json", by_alias=True))
        return cls(document, key, folder, keep_events, given_caseload(scenario), simulate, tabulate)

    def __call__(self, replication: int) -> None:
        scenario = scenario_of(self.document)
        if self.given:
            remember(self.given)
        history = self.simulate(scenario, replication, keep_events=self.keep_events)
        self.folder.keep_replication(replication, self.key, self.tabulate(scenario, history), history.events)


@functools.lru_cache(maxsize=64)
def scenario_of(document: str) -> Scenario:
    """The scenario of a text; built once in each worker, as many replications follow each other."""
    return Scenario.model_validate(json.loads(document))
