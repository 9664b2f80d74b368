"""Is a plan better than the base, by how much, and how sure is that? All live through the same luck."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiment.answer import AnswerFolder, answer_folder, as_options, short_key
from sim.experiment.batch import weigh
from sim.experiment.changes import Change, changes
from sim.experiment.load import LoadedScenario
from sim.experiment.paired import LESS, MORE, differences
from sim.experiment.pool import Outcome, Pool
from sim.experiment.prepare import RESULTS
from sim.experiment.provenance import from_here, without_machine
from sim.experiment.result import RunResult
from sim.experiment.sides import Given, Side, in_all, labels_of, live_through, must_pair, side_of, to_be_run
from sim.experiment.watch import Watcher
from sim.scenario import Scenario
from sim.scenario.settings import as_typed, asked

KIND = "comparison"
BETTER = {"lower": LESS, "higher": MORE, "neither": ""}
"""The verdict that is good news, by which way of a metric is better."""


@dataclass(frozen=True, eq=False)
class ComparedPlan:
    """One plan beside the base.

    `table` has one row for each metric, group and statistic (its index) with the columns of
    `sim.experiment.paired.differences`.
    """

    label: str
    scenario: Scenario
    folder: Path
    changes: list[Change]
    table: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Comparison:
    """What several plans change against one base, pair by pair of histories with the same luck."""

    base_label: str
    base: Scenario
    base_folder: Path
    plans: tuple[ComparedPlan, ...]
    replications: int
    """Pairs of histories."""
    kept_in: AnswerFolder
    failures: tuple[Outcome, ...] = field(default=())

    def __repr__(self) -> str:
        plans = ", ".join(plan.label for plan in self.plans)
        where = from_here(self.kept_in.path)
        return f"<Comparison of {plans} with {self.base_label}: {self.replications} pairs, in {where}>"

    @cached_property
    def table(self) -> pd.DataFrame:
        """All plans in one table: plan, metric, group, statistic, and the columns of each plan's table."""
        return pd.concat(
            [plan.table.reset_index().assign(plan_name=plan.label) for plan in self.plans], ignore_index=True
        ).pipe(lambda rows: rows[["plan_name", *(name for name in rows.columns if name != "plan_name")]])

    def to_json(self) -> str:
        """The answer for machines: for each plan, metric, group and statistic the difference and the verdict."""
        document = {
            "base": {"name": self.base_label, "folder": str(from_here(self.base_folder))},
            "replications": self.replications,
            "correction": "Holm" if len(self.plans) > 1 else None,
            "kept_in": str(from_here(self.kept_in.path)),
            "plans": [_plan_json(plan) for plan in self.plans],
        }
        return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def _plan_json(plan: ComparedPlan) -> dict[str, Any]:
    from sim.measure import METRICS

    metrics: dict[str, Any] = {}
    for row in plan.table.itertuples():
        metric, group, statistic = row.Index
        good = BETTER[METRICS[metric].better]
        metrics.setdefault(metric, {}).setdefault(group, {})[statistic] = {
            "base": _known(row.base),
            "plan": _known(row.plan),
            "difference": {name: _known(getattr(row, name)) for name in ("mean", "low", "high")},
            "pairs": int(row.n),
            "verdict": row.verdict,
            "better": row.verdict == good if good and row.verdict in (LESS, MORE) else None,
            "replications_that_would_do": _known(row.would_do),
        }
    return {
        "name": plan.label,
        "folder": str(from_here(plan.folder)),
        "changes": [asdict(change) for change in plan.changes],
        "metrics": metrics,
    }


def _known(number: float) -> float | None:
    return float(number) if math.isfinite(number) else None


def compare(
    base: Given,
    plans: Given | Sequence[Given] = (),
    *,
    settings: Sequence[str] = (),
    from_: str | dt.date | None = None,
    settings_for_all: Sequence[str] = (),
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    pool: Pool | None = None,
    out: Path | str | None = None,
    results: Path = RESULTS,
    watcher: Watcher | None = None,
) -> Comparison:
    """Compare plans with a base, each a scenario or a run that is kept, by file or folder or in hand, on the same luck.

    `settings` make one more plan: the base with these values, from a date on if there is one (`from_`).
    `settings_for_all` hold for the base and every plan. As many pairs are compared as all of them have replications, or
    as `replications` says. Raises ScenarioError if the sides cannot be paired, FolderError, and ReplicationsFailed.
    """
    plans = [plans] if isinstance(plans, Path | str | LoadedScenario | RunResult) else list(plans)
    settings = asked(settings, from_, for_all=settings_for_all, replications=replications, seed=seed)
    overrides = [f"{name}={number}" for name, number in (("seed", seed),) if number is not None]
    common = (*settings_for_all, *overrides)
    sides = [side_of(base, (), common), *(side_of(plan, (), common) for plan in plans)]
    if settings:
        sides.append(side_of(base, tuple(settings), common))
    must_pair(sides, replications)
    numbers = range(1, replications + 1) if replications else in_all(sides)
    question = short_key([asdict(side.key) for side in sides], len(numbers))
    kept_in, runs = answer_folder(KIND, out, results, f"compare-{sides[0].where.stem}-{question}")
    weigh(watcher, to_be_run(sides, numbers, runs), workers, pool)

    lived, failures = live_through(sides, common, numbers, workers, pool, runs, watcher)
    folders, values = [folder for folder, _ in lived], [table for _, table in lived]
    labels = labels_of(sides)
    found = differences(values[0], dict(zip(labels[1:], values[1:], strict=True)))
    pairs = len(set.intersection(*(set(table.index) for table in values)))
    compared = tuple(
        ComparedPlan(label, side.scenario, folder, changes(sides[0].scenario, side.scenario), found[label])
        for label, side, folder in zip(labels[1:], sides[1:], folders[1:], strict=True)
    )
    comparison = Comparison(labels[0], sides[0].scenario, folders[0], compared, pairs, kept_in, failures)
    command = ["python", "-m", "sim", "compare"]
    given = sides[: 1 + len(plans)]
    if any(side.settings for side in given):  # a scenario in hand that differs from its file: the line names the runs
        command += map(without_machine, folders)
    else:
        command += [without_machine(side.where) for side in given]
        command += as_typed(settings) + as_options("--set-all", settings_for_all)
        command += as_options("--seed", [seed])
    command += as_options("--replications", [replications])
    _keep(comparison, command, sides)
    return comparison


def _keep(comparison: Comparison, command: list[str], sides: Sequence[Side]) -> None:
    folders = (comparison.base_folder, *(plan.folder for plan in comparison.plans))
    runs = [
        {"folder": str(from_here(path)), "settings": list(side.settings), **asdict(side.key)}
        for path, side in zip(folders, sides, strict=True)
    ]
    comparison.kept_in.begin(command, {"runs": runs, "replications": comparison.replications})
    comparison.kept_in.forget_figures()
    comparison.kept_in.keep_table("differences", comparison.table)
    comparison.kept_in.keep_text("comparison.json", comparison.to_json() + "\n")
