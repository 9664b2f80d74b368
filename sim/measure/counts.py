"""Reading the tally: how many, how many days and how often, at each observation and by risk.

Each array but `hours` has the risk levels in its first dimension and their sum in front: row 0 is the total, rows 1 to
4 are low to very high.
"""

from __future__ import annotations

import numpy as np

from sim.model import codes
from sim.model.investigations.tables import NOTHING_INVESTIGATED
from sim.model.simulate import ReplicationResult


def _with_total(by_risk: np.ndarray) -> np.ndarray:
    return np.concatenate([by_risk.sum(axis=0, keepdims=True), by_risk])


def _running(tallied: np.ndarray) -> np.ndarray:
    """The sums up to each time, from shape (times, …) to (…, times), in which times are next to each other."""
    return np.cumsum(np.ascontiguousarray(tallied.T), axis=-1)


def _earliest_of_each(earliest: np.ndarray) -> np.ndarray:
    """The earliest at each observation, shape (times, extremes, risks), from those of runs of 2 ** level times."""
    runs = earliest.copy()
    for level in range(runs.shape[3] - 1, 0, -1):
        half = 1 << (level - 1)
        if half >= len(runs):
            continue
        np.minimum(runs[..., level - 1], runs[..., level], out=runs[..., level - 1])
        np.minimum(runs[half:, ..., level - 1], runs[:-half, ..., level], out=runs[half:, ..., level - 1])
    return runs[..., 0]


class Counts:
    """What one replication counted. `days`: the observation times, every week from 0, and the horizon.

    `tally`: that of four teams instead of the force; then the teams stand where the risk levels stand.
    """

    def __init__(self, result: ReplicationResult, tally: np.ndarray | None = None) -> None:
        self.days = result.observation_times
        self.horizon = float(self.days[-1])
        self.weeks = self.horizon / codes.DAYS_PER_WEEK
        self.scenario = result.inputs.scenario
        self.regimes = [(regime.day, regime.scenario) for regime in result.inputs.regimes]
        self.investigated = result.investigated or NOTHING_INVESTIGATED
        self.cases, self.crimes = self.investigated.cases, self.investigated.crimes
        self._tally = result.tally if tally is None else tally
        self._spells = _running(self._tally["spells"][: len(self.days)])
        weeks = _running(self._tally["flow"][: len(self.days) - 1])
        self._flows = np.concatenate([np.zeros_like(weeks[..., :1]), weeks], axis=-1)
        self._earliest = _earliest_of_each(self._tally["earliest"])[: len(self.days)]

    def stock(self, stock: int) -> np.ndarray:
        """How many at each observation, shape (5, times)."""
        return _with_total(np.rint(self._spells[0, stock]))

    def stock_days(self, stock: int) -> np.ndarray:
        """Offender-days in the condition from the first day up to each observation, shape (5, times)."""
        spells, begun = self._spells[:, stock]
        return _with_total(np.maximum(self.days * spells - begun, 0.0))

    def flow(self, flow: int) -> np.ndarray:
        """How much happened up to each observation, shape (5, times); 0 at the first."""
        return _with_total(self._flows[flow])

    def hours(self, *uses: int) -> np.ndarray:
        """Officer-hours of some uses together up to each observation, shape (1, times)."""
        by_week = self._tally["hours"][: len(self.days) - 1, list(uses)].sum(axis=1)
        return np.concatenate([[0.0], np.cumsum(by_week)])[None, :]

    def earliest(self, extreme: int) -> np.ndarray:
        """The earliest of some date at each observation, shape (5, times); NEVER where no offender has one."""
        by_risk = self._earliest[:, extreme].T
        return np.concatenate([by_risk.min(axis=0, keepdims=True), by_risk])
