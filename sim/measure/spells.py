"""Counting rows of cases and crimes: how many are in some condition, for how long, and how often something happened.

Everything has the groups first and their total in front, as in `counts`.
"""

from __future__ import annotations

import numpy as np

from sim.measure.counts import Counts
from sim.measure.metric import Values, total


class Spells:
    """Something that begins for each row at one time and ends at another; infinite is not by the horizon.

    `group`: of each row, from 0. `weight`: what each row counts for, 1 if not given.
    """

    def __init__(
        self,
        days: np.ndarray,
        groups: int,
        group: np.ndarray,
        begins: np.ndarray,
        ends: np.ndarray,
        weight: np.ndarray | None = None,
    ) -> None:
        self._days, self._groups = days, groups
        ends = np.maximum(ends, begins)
        self._group = group
        self._begins, self._ends = np.maximum(begins, 0.0), np.maximum(ends, 0.0)
        self._weight = np.ones(len(begins)) if weight is None else weight.astype(float)

    @property
    def stock(self) -> np.ndarray:
        """How many at each observation, shape (1 + groups, times)."""
        begun = happened(self._days, self._groups, self._group, self._begins, self._weight)
        return begun - happened(self._days, self._groups, self._group, self._ends, self._weight)

    @property
    def stock_days(self) -> np.ndarray:
        """Days together up to each observation, shape (1 + groups, times)."""

        def since(times: np.ndarray) -> np.ndarray:
            known = np.where(np.isfinite(times), times, 0.0)
            count = happened(self._days, self._groups, self._group, times, self._weight)
            return self._days * count - happened(self._days, self._groups, self._group, times, self._weight * known)

        return np.maximum(since(self._begins) - since(self._ends), 0.0)

    def as_stock(self) -> Values:
        """So many at each observation; on average over the horizon."""
        at_marks = self.stock
        return Values(at_marks, at_marks[:, -1], self.stock_days[:, -1] / self._days[-1])

    def as_days(self, counts: Counts) -> Values:
        """Days in each week, in all, and per week."""
        return total(self.stock_days, counts)


def happened(
    days: np.ndarray, groups: int, group: np.ndarray, times: np.ndarray, weight: np.ndarray | None = None
) -> np.ndarray:
    """How much has happened up to each observation, shape (1 + groups, times); with 0 groups only the total."""
    weight = np.ones(len(times)) if weight is None else weight
    found = np.zeros((1 + groups, len(days)))
    for number in range(groups):
        here = group == number
        found[1 + number] = _reached(days, times[here], weight[here])
    found[0] = found[1:].sum(axis=0) if groups else _reached(days, times, weight)
    return found


def _reached(days: np.ndarray, times: np.ndarray, weight: np.ndarray) -> np.ndarray:
    order = np.argsort(times, kind="stable")
    return np.concatenate([[0.0], np.cumsum(weight[order])])[np.searchsorted(times[order], days, side="right")]
