"""Counting rows of cases and crimes: how many are in some condition, for how long, and how often something happened.

The groups are in the first dimension and their total in front, as in `counts`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.measure.metric import Values


@dataclass(frozen=True)
class Spells:
    """A condition of each row from one time to another, infinite if that is not within the horizon.

    `days`: the observation times. `group`: of each row, from 0. `where`: which rows count. `weight`: what each counts
    for, 1 if None.
    """

    days: np.ndarray
    groups: int
    group: np.ndarray
    begins: np.ndarray
    ends: np.ndarray
    where: np.ndarray | bool = True
    weight: np.ndarray | None = None

    def _happened(self, times: np.ndarray, factor: float | np.ndarray = 1.0) -> np.ndarray:
        weight = factor * (np.ones(len(times)) if self.weight is None else self.weight)
        return happened(self.days, self.groups, self.group, np.maximum(times, 0.0), self.where, weight)

    @property
    def stock_days(self) -> np.ndarray:
        """Days together up to each observation, shape (1 + groups, times)."""

        def since(times: np.ndarray) -> np.ndarray:
            known = np.maximum(np.where(np.isfinite(times), times, 0.0), 0.0)
            return self.days * self._happened(times) - self._happened(times, known)

        return np.maximum(since(self.begins) - since(np.maximum(self.ends, self.begins)), 0.0)

    def as_stock(self) -> Values:
        """So many at each observation; on average over the horizon."""
        observed = self._happened(self.begins) - self._happened(np.maximum(self.ends, self.begins))
        return Values(observed, observed[:, -1], self.stock_days[:, -1] / self.days[-1])


def happened(
    days: np.ndarray,
    groups: int,
    group: np.ndarray,
    times: np.ndarray,
    where: np.ndarray | bool = True,
    weight: np.ndarray | None = None,
) -> np.ndarray:
    """How much has happened up to each observation, shape (1 + groups, times)."""
    weight = np.ones(len(times)) if weight is None else weight

    def reached(rows: np.ndarray) -> np.ndarray:
        order = np.argsort(times[rows], kind="stable")
        running = np.concatenate([[0.0], np.cumsum(weight[rows][order])])
        return running[np.searchsorted(times[rows][order], days, side="right")]

    by_group = np.array([reached(where & (group == number)) for number in range(groups)])
    return np.concatenate([by_group.sum(axis=0, keepdims=True), by_group])
