"""What a run found out, fresh from running or read back from its folder.

The tables are read back from the disk even in the process that wrote them: what is reported is what is saved.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.measure.metrics import metric_problem
from sim.runs.errors import Outcome
from sim.runs.folder import TEAMS, RunFolder
from sim.runs.intervals import Interval, Trend, known, share_excluded, stored_interval, tenths, trend
from sim.runs.precision import Precision
from sim.runs.provenance import relative_path
from sim.runs.summary import ReplicationsTable
from sim.scenario import Fault, Scenario, ScenarioError
from sim.scenario.source.faults import Place, pluralise

HEADLINE = ("overdue_visits", "overdue_reviews", "oldest_overdue_visit_days")
"""What inspectors ask for first."""


@dataclass(frozen=True, eq=False)
class RunResult:
    """What a run found out; running a scenario and opening its folder give the same object.

    `summary` has one row per metric, group and statistic (`at_end`, `average`) with mean, low, high and n;
    `weekly` one per metric, group and week with mean, low, high, p10, p90 and n.
    """

    scenario: Scenario
    folder: Path
    numbers: tuple[int, ...]
    """The replications it sums up."""
    summary: pd.DataFrame
    weekly: pd.DataFrame
    failures: tuple[Outcome, ...] = ()
    precision: Precision | None = None
    """How precisely the value of `--until` is known, if that was asked."""
    replication_values: pd.DataFrame | None = None
    """The values of each replication, if it was just summed up and need not be read again."""
    replication_ends: pd.DataFrame | None = None
    """The first and the last weekly value of each replication, likewise."""

    @property
    def table(self) -> pd.DataFrame:
        return self.summary

    @property
    def replications(self) -> int:
        return len(self.numbers)

    @cached_property
    def files(self) -> RunFolder:
        return RunFolder(self.folder)

    @property
    def facts(self) -> dict[str, Any]:
        """What the manifest says of the run: its command, seed, versions; empty if there is none."""
        return self.files.manifest() or {}

    @property
    def changes(self) -> dict[str, Any] | None:
        """What the scenario changes of the one that it is built on: see `LoadedScenario.built_on`."""
        return self.facts.get("changes")

    def has(self, *names: str) -> bool:
        """Does the folder hold all these files or folders?"""
        return all((self.folder / name).exists() for name in names)

    def __repr__(self) -> str:
        size = f"{pluralise(self.replications, 'replication')}, {self.summary['metric'].nunique()} metrics"
        first = f"<Run of {self.scenario.name}: {size}, in {relative_path(self.folder)}"
        found = (f"{metric} at the end: {self.value(metric).in_words(tenths)}" for metric in HEADLINE)
        return "\n  ".join([first, *found, "see .summary, .weekly, .weeks(metric), .values(), .events(replication)>"])

    def _repr_html_(self) -> str:
        groups = list(dict.fromkeys(self.summary.loc[self.summary["metric"] == HEADLINE[0], "group"]))

        def cells(metric: str) -> str:
            return "".join(f"<td>{self.value(metric, group).in_words(tenths)}</td>" for group in groups)

        head = "".join(f"<th>{group}</th>" for group in ("", *groups))
        rows = (f"<tr><th>{metric}</th>{cells(metric)}</tr>" for metric in HEADLINE)
        return (
            f"<p><strong>{escape(self.scenario.name)}</strong>, at the end: mean and 95% confidence interval over "
            f"{pluralise(self.replications, 'replication')}; saved in {escape(str(relative_path(self.folder)))}</p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        )

    def has_metric(self, metric: str) -> bool:
        """Has it this metric? Only a scenario with investigations has those of investigations."""
        return bool(self.summary["metric"].eq(metric).any())

    def value(self, metric: str, group: str = "total", statistic: str = "at_end") -> Interval:
        """The mean of a metric over the replications with its 95% confidence interval."""
        rows = self.summary
        found = rows[(rows["metric"] == metric) & (rows["group"] == group) & (rows["statistic"] == statistic)]
        if found.empty:
            raise KeyError(f"no {statistic} value of {metric} for {group}")
        mean, low, high, n = found[["mean", "low", "high", "n"]].to_numpy()[0]
        return stored_interval(mean, low, high, n)

    @property
    def teams(self) -> pd.DataFrame:
        """The teams, week by week: metric, team, day, date, mean, low, high, p10, p90, n.

        The last day is the midnight after the horizon: how each team stands at the end. Empty for a force of one team
        and where the folder has no such table. Raises FolderError if it is damaged.
        """
        return self.files.read_table(TEAMS) if self.has(TEAMS) else pd.DataFrame()

    def weeks(self, metric: str, group: str = "total") -> pd.DataFrame:
        """A metric week by week: day, date, mean, low, high, p10, p90, n. Raises ScenarioError for one unknown."""
        if problem := metric_problem(metric, group):
            raise ScenarioError([Fault(Place("metric"), problem)])
        rows = self.weekly[(self.weekly["metric"] == metric) & (self.weekly["group"] == group)]
        return rows.drop(columns=["metric", "group"]).reset_index(drop=True)

    def values(self, *, weekly: bool = False) -> pd.DataFrame:
        """The values of each replication: see `sim.runs.summary.ReplicationsTable.by_replication`.

        Raises FolderError if a replication has gone from the folder.
        """
        if self.replication_values is not None and not weekly:
            return self.replication_values.copy()
        return self._table().by_replication(self.numbers, weekly=weekly)

    def trend(self, *metrics: str, group: str = "total", precision: float = 1.0) -> Trend:
        """Did a metric, or the sum of several, rise or fall from the first to the last week?

        Tested replication by replication: see `sim.runs.intervals`. Raises FolderError as `values` does.
        """
        ends = self._ends

        def summed(end: str) -> np.ndarray:
            known = [ends[metric, group, end] for metric in metrics if (metric, group, end) in ends]
            return sum(known).to_numpy() if len(known) == len(metrics) else np.full(len(ends), np.nan)

        return trend(summed("first"), summed("last"), precision)

    @cached_property
    def _ends(self) -> pd.DataFrame:
        return self._table().ends(self.numbers) if self.replication_ends is None else self.replication_ends

    def _table(self) -> ReplicationsTable:
        key = self.files.run_key()
        return ReplicationsTable.of(self.files.metrics(k, key) for k in self.numbers)

    def events(self, replication: int = 1) -> pd.DataFrame:
        """Everything that happened in one replication, in order of time, of a run with `--events`.

        `sim.model.simulate.event_table` says what the columns are. Raises FolderError if no events are saved.
        """
        return self.files.events(replication)

    def to_json(self) -> str:
        """The summary for machines; what is not known is null."""
        metrics: dict[str, Any] = {}
        for row in self.summary.itertuples():
            bounds = {name: known(getattr(row, name)) for name in ("mean", "low", "high")}
            if row.n > 1 and row.low == row.high:  # no interval without width: what it excludes is given instead
                bounds |= {"low": None, "high": None, "at_most_share_that_differs": share_excluded(row.n)}
            metrics.setdefault(row.metric, {}).setdefault(row.group, {})[row.statistic] = bounds
        document = {"scenario": self.scenario.name, "replications": self.replications, "metrics": metrics}
        if self.precision:
            document["until"] = self.precision.to_plain()
        return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def ranges(numbers: Sequence[int]) -> list[list[int]]:
    """Ascending numbers in short: `[[1, 6], [8, 30]]` if only 7 is not among them."""
    groups = groupby(enumerate(numbers), key=lambda placed: placed[1] - placed[0])
    following = [[number for _, number in group] for _, group in groups]
    return [[group[0], group[-1]] for group in following]


def numbers_in(ranges: Iterable[Sequence[int]]) -> tuple[int, ...]:
    return tuple(number for first, last in ranges for number in range(first, last + 1))
