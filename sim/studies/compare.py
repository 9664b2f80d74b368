"""Is a plan better than the base, by how much, and how certain is that? All share the same random numbers."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.measure import METRICS
from sim.measure.metric import SHARES
from sim.measure.tables import counted_in
from sim.model.inputs import inputs_of
from sim.runs.arguments import check
from sim.runs.batch import weigh
from sim.runs.errors import Outcome
from sim.runs.intervals import known, share_excluded
from sim.runs.pool import Pool
from sim.runs.prepare import RESULTS, prepare
from sim.runs.provenance import portable_path, relative_path
from sim.runs.reopen import open_run
from sim.runs.result import RunResult
from sim.runs.run_plan import ProgressListener
from sim.scenario import Fault, LoadedScenario, Scenario, ScenarioError
from sim.scenario.changes import ChangedKey, changes
from sim.scenario.schema import PRIMARY_MEASURE
from sim.scenario.settings import ForAll, as_settings, as_typed, asked
from sim.scenario.source.faults import Place, sanitise
from sim.studies.alternatives import Alternative, ScenarioLike, alternative, check_paired, labels_of, run_all
from sim.studies.answer import AnswerFolder, answer_folder, as_options, run_behind, short_key
from sim.studies.paired import (
    LESS,
    MORE,
    NOT_CLEAR,
    TRIVIAL,
    UNTESTED,
    differences,
    least_replications_needed,
    replications_needed,
)
from sim.studies.price import COSTS, PRICE_KEY, Measures, costs_of, denominators_of
from sim.studies.target import parsed_metric

ANSWER_KIND = "comparison"
BETTER = {"lower": LESS, "higher": MORE, "neither": ""}
"""The verdict that is good news, by which way of a metric is better."""

Measure = tuple[str, str, str]
"""A metric, a group and a statistic."""

PRIMARY: Measure = ("overdue_visits", "total", "at_end")


@dataclass(frozen=True, eq=False)
class ComparedPlan:
    """One plan beside the base.

    `table` has one row for each metric, group and statistic (its index) with the columns of
    `sim.studies.paired.differences`; `costs` one for each line of what it costs, `denominators` one for each that
    measures are a part of. Only the row of the primary measure carries a verdict.
    """

    label: str
    scenario: Scenario
    folder: Path
    changes: list[ChangedKey]
    table: pd.DataFrame
    costs: pd.DataFrame
    denominators: pd.DataFrame


@dataclass(frozen=True, eq=False)
class Comparison:
    """What several plans change against one base, pair by pair of replications with the same random numbers."""

    base_label: str
    base: Scenario
    base_folder: Path
    plans: tuple[ComparedPlan, ...]
    replications: int
    """Pairs of replications."""
    folder: Path
    failures: tuple[Outcome, ...] = ()
    primary: Measure = PRIMARY
    """The measure that alone carries a verdict; named before anything is run."""
    officer_per_year: float | None = None
    """The price used for the money, if the base or a plan has one."""

    def __repr__(self) -> str:
        plans = ", ".join(plan.label for plan in self.plans)
        where = relative_path(self.folder)
        return f"<Comparison of {plans} with {self.base_label}: {self.replications} pairs, in {where}>"

    @cached_property
    def table(self) -> pd.DataFrame:
        """All plans in one table: plan, metric, group, statistic, and the columns of each plan's table."""
        tables = {plan.label: plan.table.reset_index() for plan in self.plans}
        return pd.concat(tables, names=["plan_name", None]).reset_index("plan_name").reset_index(drop=True)

    def to_json(self) -> str:
        """The answer for machines: for each plan, metric, group and statistic the difference and the verdict."""
        document = {
            "base": {"name": self.base_label, "folder": str(relative_path(self.base_folder))},
            "replications": self.replications,
            "primary_measure": dict(zip(("metric", "group", "statistic"), self.primary, strict=True)),
            "correction": "Holm" if len(self.plans) > 1 else None,
            "folder": str(relative_path(self.folder)),
            "plans": [_plan_json(plan) for plan in self.plans],
        }
        return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def _plan_json(plan: ComparedPlan) -> dict[str, Any]:
    metrics: dict[str, Any] = {}
    for row in plan.table.itertuples():
        metric, group, statistic = row.Index
        good = BETTER[METRICS[metric].better]
        metrics.setdefault(metric, {}).setdefault(group, {})[statistic] = {
            **_difference_json(row),
            "verdict": row.verdict,
            "better": row.verdict == good if good and row.verdict in (LESS, MORE) else None,
            "replications_needed": {"at_least": known(row.needed_least), "if_as_large_as_seen": known(row.needed)},
        }
    costs = {row.Index: {"unit": COSTS[row.Index].unit, **_difference_json(row)} for row in plan.costs.itertuples()}
    if not costs["money"]["pairs"]:
        costs["money"]["missing"] = PRICE_KEY
    return {
        "name": plan.label,
        "folder": str(relative_path(plan.folder)),
        "changes": [asdict(change) for change in plan.changes],
        "what_else_changes": costs,
        "metrics": metrics,
    }


def _difference_json(row: Any) -> dict[str, Any]:
    """Both levels and the difference; where all pairs are equal there is no interval, but what that excludes."""
    same = row.n > 1 and row.deviation == 0
    return {
        "base": known(row.base),
        "plan": known(row.plan),
        "difference": {name: known(getattr(row, name)) for name in ("mean", "low", "high")},
        "pairs": int(row.n),
        **({"at_most_share_that_differs": share_excluded(int(row.n))} if same else {}),
    }


def compare(
    base: ScenarioLike,
    plans: ScenarioLike | Sequence[ScenarioLike] = (),
    *,
    settings: Sequence[str] = (),
    from_: str | dt.date | None = None,
    settings_for_all: Sequence[str] = (),
    measure: str | None = None,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    pool: Pool | None = None,
    out: Path | str | None = None,
    results: Path | str = RESULTS,
    listener: ProgressListener | None = None,
) -> Comparison:
    """Compare plans with a base, each a scenario or a saved run, by file or folder or as objects.

    `settings` make one more plan: the base with these values, from a date on if there is one (`from_`).
    `settings_for_all` hold for the base and every plan. `measure` is the primary measure, `METRIC` or `METRIC[group]`,
    which alone carries a verdict; by default the one that the base names, or overdue visits at the end. As many pairs
    are compared as all of them have replications, or as `replications` says. Raises ScenarioError if they cannot
    be paired, FolderError, and ReplicationsFailed.
    """
    check(compare, locals())
    plans = [plans] if isinstance(plans, Path | str | LoadedScenario | RunResult) else list(plans)
    settings = asked(settings, from_, for_all=settings_for_all, replications=replications, seed=seed)
    common = (*map(ForAll, settings_for_all), *as_settings(seed=seed))
    alternatives = [alternative(base, (), common), *(alternative(plan, (), common) for plan in plans)]
    if settings:
        alternatives.append(alternative(base, tuple(settings), common))
    check_paired(alternatives, replications)
    metric, group = _primary(measure, alternatives)
    there = (each.saved.numbers if each.saved else range(1, each.scenario.replications + 1) for each in alternatives)
    numbers = range(1, replications + 1) if replications else sorted(set.intersection(*map(set, there)))
    if not numbers:
        raise ScenarioError([Fault(alternatives[0].place, "has no replication that all the others have")])
    own = [metric, group] if (metric, group) != PRIMARY[:2] else []
    question = short_key([asdict(each.key) for each in alternatives], len(numbers), *own)
    folder, runs = answer_folder(ANSWER_KIND, out, results, f"compare-{alternatives[0].where.stem}-{question}")
    missing = [prepare(each.reading, results=runs).expected(numbers) for each in alternatives if each.reading]
    weigh(listener, missing, workers, pool)

    folders, values, failures = run_all(alternatives, numbers, workers, pool, runs, listener)
    primary = (metric, group, "at_end" if (metric, group, "at_end") in values[0] else "average")
    labels, scenarios = labels_of(alternatives), [each.scenario for each in alternatives]
    comparison = compared(labels, scenarios, folders, values, folder.path, failures, primary)
    named = alternatives[: 1 + len(plans)]
    command = ["compare", *(portable_path(each.where) for each in named), *as_typed(settings)]
    command += as_options(set_all=list(settings_for_all), seed=seed)
    if any(each.settings for each in named):  # a loaded scenario that differs from its file: the command names the runs
        command = ["compare", *map(portable_path, folders)]
    command += as_options(measure=measure, replications=replications)
    runs_behind = [
        {"folder": str(relative_path(path)), "settings": list(each.settings), "label": label, **asdict(each.key)}
        for path, each, label in zip(folders, alternatives, labels, strict=True)
    ]
    document = {"runs": runs_behind, "replications": comparison.replications, "pairs": list(numbers)}
    folder.begin(command, {**document, "primary_measure": list(comparison.primary)})
    folder.finish({"differences": comparison.table}, comparison.to_json())
    return comparison


def open_comparison(path: Path) -> Comparison:
    """The comparison that a folder holds, from its runs. Raises FolderError if one of them has gone or is damaged."""
    asked_for = AnswerFolder(path).asked(runs=list, pairs=list, primary_measure=list)
    behind, numbers = asked_for["runs"], asked_for["pairs"]
    results = [open_run(run_behind(path, run["folder"])) for run in behind]
    values = [rows[rows.index.isin(numbers)] for rows in (result.values() for result in results)]
    metric, group, statistic = asked_for["primary_measure"]
    return compared(
        [run["label"] for run in behind],
        [result.scenario for result in results],
        [result.folder for result in results],
        values,
        path,
        primary=(metric, group, statistic),
    )


def _primary(measure: str | None, alternatives: Sequence[Alternative]) -> tuple[str, str]:
    """Metric and group of `--measure`, or of the base's `primary_measure`, which holds for plans that name none."""
    named = measure or alternatives[0].scenario.primary_measure
    for each in alternatives:
        own = each.scenario.primary_measure
        if not measure and own not in (named, PRIMARY_MEASURE):
            problem = f"has the primary measure {own}, and {alternatives[0].place} has {named}"
            raise ScenarioError([Fault(each.place, f"{problem}; say with --measure which carries the verdict")])
    metric, group = parsed_metric(named, "--measure")
    for each in alternatives:
        if metric not in [known.name for known in counted_in(inputs_of(each.scenario))]:
            problem = f"{metric} is not counted in {each.place}; name a measure that every scenario has"
            raise ScenarioError([Fault(Place(f"--measure {sanitise(named)}"), problem)])
    return metric, group


def compared(
    labels: Sequence[str],
    scenarios: Sequence[Scenario],
    folders: Sequence[Path],
    values: Sequence[pd.DataFrame],
    folder: Path,
    failures: tuple[Outcome, ...] = (),
    primary: Measure = PRIMARY,
) -> Comparison:
    """The comparison of several scenarios, the base first, from their tables `RunResult.values`."""
    price = next((cost for each in reversed(scenarios) if (cost := each.costs.officer_per_year) is not None), None)

    def against_base(tables: Sequence[pd.DataFrame], tested: Sequence[Measure]) -> Mapping[str, pd.DataFrame]:
        return differences(tables[0], dict(zip(labels[1:], tables[1:], strict=True)), tested)

    alternatives = [Measures(table, scenario) for table, scenario in zip(values, scenarios, strict=True)]
    measures = against_base(values, [primary])
    costs = against_base([costs_of(each, price) for each in alternatives], [])
    denominators = against_base([denominators_of(each) for each in alternatives], [])
    plans = []
    for label, scenario, run in zip(labels[1:], scenarios[1:], folders[1:], strict=True):
        changed, table = changes(scenarios[0], scenario), _judged(measures[label])
        plans.append(ComparedPlan(label, scenario, run, changed, table, costs[label], denominators[label]))
    pairs = len(set.intersection(*(set(table.index) for table in values)))
    return Comparison(labels[0], scenarios[0], folders[0], tuple(plans), pairs, folder, failures, primary, price)


def _judged(table: pd.DataFrame) -> pd.DataFrame:
    """With a difference that its levels do not show called trivial, and the replications needed for one not clear."""
    shares = np.array([METRICS[metric].unit in SHARES for metric, _, _ in table.index], dtype=bool)
    clear = table["verdict"].isin([LESS, MORE]) | (
        (table["verdict"] == UNTESTED) & ((table["low"] > 0) | (table["high"] < 0))
    )
    alike = rounded_levels(table["base"], shares) == rounded_levels(table["plan"], shares)
    table.loc[clear & alike, "verdict"] = TRIVIAL
    needed = np.full((2, len(table)), np.nan)
    for place in np.flatnonzero(table["verdict"] == NOT_CLEAR):
        row = table.iloc[place]
        mistakes = 1 - row["level"]
        needed[0, place] = least_replications_needed(row["mean"], row["deviation"], int(row["n"]), mistakes)
        needed[1, place] = replications_needed(row["mean"], row["deviation"], mistakes)
    return table.assign(needed_least=needed[0], needed=needed[1])


def in_tenths(level: Any, is_share: Any) -> Any:
    """Is a level shown to a tenth, of a unit or of a per cent? Shares are, and what is below ten; all else is whole."""
    return is_share | (np.abs(level) < 10)


def rounded_levels(levels: pd.Series, shares: np.ndarray) -> np.ndarray:
    """Levels as shown beside a difference: shares to a tenth of a per cent, below ten to a tenth, else whole."""
    values = levels.to_numpy(dtype=float)
    return np.where(in_tenths(values, shares), np.round(values * np.where(shares, 100, 1), 1), np.round(values))
