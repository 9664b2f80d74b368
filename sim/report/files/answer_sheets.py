"""The tables of a comparison, a sweep, a search and a sensitivity analysis for a workbook."""

from __future__ import annotations

import math
from operator import attrgetter
from typing import Any

import pandas as pd

from sim.measure.metrics import METRICS
from sim.report.files.workbook import AS_TENTHS, AS_WHOLE, MEASURE, Sheet, group_words, measure_cells, scenario_sheets
from sim.report.text.axes import axis_title
from sim.report.text.comparison import change_title
from sim.report.text.staffing import verdict_of
from sim.report.text.sweep import statistic_of
from sim.report.text.verdicts import is_share
from sim.studies.compare import Comparison
from sim.studies.price import COSTS
from sim.studies.sensitivity import Sensitivity
from sim.studies.staffing import Staffing
from sim.studies.sweep import Sweep


def comparison_sheets(comparison: Comparison) -> list[Sheet]:
    """What each plan changes, what it costs, and every measure of each plan beside the base."""
    changes: list[tuple[Any, ...]] = []
    costs: list[tuple[Any, ...]] = []
    differences: list[tuple[Any, ...]] = []
    numbers = attrgetter("base", "plan", "mean", "low", "high")
    for plan in comparison.plans:
        changes += [(plan.label, change_title(change), change.key, change.base, change.plan) for change in plan.changes]
        for row in plan.costs.itertuples():
            costs.append((plan.label, COSTS[row.Index].title, COSTS[row.Index].unit, *numbers(row)))
        for row in plan.table.itertuples():
            differences.append((plan.label, *measure_cells(*row.Index), *numbers(row), int(row.n), row.verdict))
    columns = ("Base", "With the plan", "Difference", "Lower end", "Upper end")
    notes = {"Difference": "difference", "Lower end": "x"}
    title = f"Every measure of each plan beside the base, {comparison.base_label}"
    return [
        Sheet("Changes", "What each plan changes", ("Plan", "What it is", "Key", "Before", "After"), changes,
              sentences=("Before", "After")),
        Sheet("Costs", "What else changes with each plan", ("Plan", "What it is", "Unit", *columns), costs, notes,
              shown=dict.fromkeys(columns, AS_TENTHS)),
        Sheet("Differences", title, ("Plan", *MEASURE, *columns, "Pairs", "Verdict"), differences,
              {"When": "end", **notes}, shown={"Pairs": AS_WHOLE}, bounds=columns,
              metrics=[row[2] for row in differences]),
        *scenario_sheets(comparison.base),
    ]  # fmt: skip


def sweep_sheets(sweep: Sweep) -> list[Sheet]:
    """The metrics that are shown, at every point and risk level; sweep.csv has all others."""
    keys, rows = list(sweep.points.keys), []
    for metric in dict.fromkeys(metric for metric, _ in sweep.metrics):
        statistic, _ = statistic_of(sweep, metric, "total")
        table = sweep.table[(sweep.table["metric"] == metric) & (sweep.table["statistic"] == statistic)]
        for _, row in table.iterrows():
            values = row[["mean", "low", "high", "p10", "p90"]]
            rows.append((*row[keys], *measure_cells(metric, row["group"], statistic), *values, int(row["n"])))
    numbers = ("Mean", "Lower end", "Upper end", "Low end of 8 in 10", "High end of 8 in 10")
    columns = (*map(axis_title, keys), *MEASURE, *numbers, "Replications")
    notes = {"When": "end", "Mean": "interval", "Lower end": "x", "Low end of 8 in 10": "spread"}
    return [
        Sheet("Points", "The result at each point, by recorded risk", columns, rows, notes,
              shown={"Replications": AS_WHOLE}, bounds=numbers, metrics=[row[len(keys) + 1] for row in rows]),
        *scenario_sheets(sweep.base),
    ]  # fmt: skip


def staffing_sheets(staffing: Staffing) -> list[Sheet]:
    """The numbers that were tried, and for each of them how often each target was met."""
    found, noun = staffing.found, axis_title(staffing.key)
    enough = {True: "yes", False: "no", None: "not decided"}
    tried = [
        (number, trial.successes, trial.valued, trial.share, enough[found.enough(number) if trial.valued else None],
         verdict_of(staffing, number) if trial.valued else "no value")
        for number, trial in found.trials.items()
    ]  # fmt: skip
    targets = []
    for (number, target), values in staffing.table.groupby(["number", "target"], sort=False)["value"]:
        met, valued = staffing.by_target.loc[(number, target)]
        known = values[values.abs() < math.inf]
        low, high = known.quantile([0.1, 0.9]) if len(known) else (math.nan, math.nan)
        targets.append((int(number), target, int(met), int(valued), known.mean(), low, high))
    spread = ("Mean", "Low end of 8 in 10", "High end of 8 in 10")
    metrics = {target.text: target.metric for target in staffing.targets}
    counts, verdicts = (noun, "Met in", "Of replications"), ("Enough", "95% confidence")
    return [
        Sheet("Numbers", "The numbers that were tried", (*counts, "Share", *verdicts), tried, {"Share": "x"},
              shown={**dict.fromkeys(counts, AS_WHOLE), "Share": "0.0%"}),
        Sheet("Targets", "How often each target is met", (noun, "Target", *counts[1:], *spread), targets,
              {"Mean": "x", spread[1]: "spread"}, bounds=spread,
              metrics=[metrics[row[1]] for row in targets]),
        *scenario_sheets(staffing.base),
    ]  # fmt: skip


def sensitivity_sheets(found: Sensitivity) -> list[Sheet]:
    """Every assumption with its range and its effect on the result."""
    shares = {"s1": "Share of variance, alone", "st": "Share of variance, with others"} if "s1" in found.effects else {}
    results = {
        "at_low": "Result at the lower end",
        "at_high": "Result at the upper end",
        "swing": "Swing",
        "mu_star": "Influence",
        "sigma": "Varies with the others by",
    }
    rows = [
        (row["rank"], axis_title(row["key"]), *row[["key", "unit", "present", "low", "high", *results]],
         *(None if pd.isna(row[name]) else row[name] for name in shares))
        for _, row in found.effects.iterrows()
    ]  # fmt: skip
    columns = ("Rank", "What it is", "Key", "Unit", "Present", "Low", "High", *results.values(), *shares.values())
    shown = dict.fromkeys(results.values(), "0.0%" if is_share(found.metric) else AS_TENTHS)
    shown |= {"Rank": AS_WHOLE, **dict.fromkeys(shares.values(), "0.0%")}
    notes = {"Influence": "influence", "Unit": "x"}
    title = f"What was moved, by its influence on: {METRICS[found.metric].title}, {group_words(found.group)}"
    return [Sheet("Effects", title, columns, rows, notes, shown=shown), *scenario_sheets(found.base)]
