"""What all replications of a scenario share: its epochs, the days worked, and how rates change on dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from sim.model.calendar import days_worked
from sim.model.exposure import YearlyRate
from sim.model.policy import policy_record
from sim.scenario import Scenario, epochs, headcounts


@dataclass(frozen=True)
class Epoch:
    """The scenario as it stands from a day on, ready for the shift."""

    day: int
    scenario: Scenario
    policy: np.ndarray
    headcounts: list[tuple[int, int]]


@dataclass(frozen=True)
class Plan:
    """What all replications of a scenario share."""

    scenario: Scenario
    epochs: tuple[Epoch, ...]
    days_worked: np.ndarray

    @property
    def lent_share_by_day(self) -> np.ndarray:
        """Share of the officers lent to other duties on each of the days worked."""
        start, shares = self.scenario.start, np.zeros(len(self.days_worked))
        for epoch in self.epochs:
            lent = epoch.scenario.officers.lent
            from_then_on = self.days_worked >= epoch.day
            shares[from_then_on] = lent.share
            for weeks in lent.surges:
                first, last = (weeks.from_ - start).days, (weeks.to - start).days
                shares[from_then_on & (self.days_worked >= first) & (self.days_worked <= last)] = weeks.share
        return shares

    def rate(self, value: Callable[[Scenario], float]) -> YearlyRate:
        """How a yearly rate of the scenario changes over the epochs."""
        return YearlyRate([epoch.day for epoch in self.epochs], [value(epoch.scenario) for epoch in self.epochs])


@lru_cache(maxsize=8)
def _plan(written: str) -> Plan:
    scenario = Scenario.model_validate_json(written)
    stages = tuple(Epoch(day, stage, policy_record(stage), headcounts(stage)) for day, stage in epochs(scenario))
    return Plan(scenario, stages, days_worked(scenario))


def plan(scenario: Scenario) -> Plan:
    """Prepare a scenario once for all its replications."""
    return _plan(scenario.model_dump_json(by_alias=True))
