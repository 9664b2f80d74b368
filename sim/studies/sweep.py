"""The result for every value of a key, or for every combination of several, with common random numbers."""

from __future__ import annotations

import contextlib
import datetime as dt
import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from sim.runs.arguments import check
from sim.runs.batch import simulate_missing, values, weigh
from sim.runs.errors import Outcome
from sim.runs.intervals import intervals, known
from sim.runs.load import load
from sim.runs.pool import Pool
from sim.runs.prepare import RESULTS, prepare
from sim.runs.provenance import portable_path, relative_path
from sim.runs.run_plan import ProgressListener
from sim.runs.summary import spread
from sim.scenario import LoadedScenario, Scenario, ScenarioError
from sim.scenario.settings import as_settings, as_typed, asked, dated, first_day, in_words, levers_that_undo
from sim.scenario.source.faults import Fault, Place, sanitise
from sim.studies.answer import POINTS, AnswerFolder, answer_folder, as_options, short_key
from sim.studies.points import Points, grid, listed_points, written
from sim.studies.target import parsed_metric

ANSWER_KIND = "sweep"
READ_AT_ONCE = 30
"""More points take seconds to read: from the first it is known already whether all of them are too much."""


@dataclass(frozen=True, eq=False)
class Sweep:
    """What every point of a sweep comes to.

    `table` has one row for each point, metric, group and statistic (`at_end`, `average`): the keys that are varied,
    `metric`, `group`, `statistic`, the `mean` over the replications with its 95% interval (`low`, `high`), `p10` and
    `p90`, the 8-of-10 range, and `n`, the replications that have a value.
    """

    base: Scenario
    points: Points
    table: pd.DataFrame
    replications: int
    folder: Path
    failures: tuple[Outcome, ...] = ()
    metrics: tuple[tuple[str, str], ...] = (("overdue_visits", "total"),)
    """What is shown of it: metrics with a group. The table has all."""

    def __repr__(self) -> str:
        keys = " and ".join(self.points.keys)
        points, where = len(self.points.values), relative_path(self.folder)
        return f"<Sweep of {keys}: {points} points, {self.replications} replications each, in {where}>"

    def of(self, metric: str, group: str = "total", statistic: str = "at_end") -> pd.DataFrame:
        """One metric: a row for each point, in the order in which they were given."""
        rows = self.table
        chosen = (rows["metric"] == metric) & (rows["group"] == group) & (rows["statistic"] == statistic)
        if not chosen.any():
            raise KeyError(f"no {statistic} value of {metric} for {group}")
        return rows[chosen].drop(columns=["metric", "group", "statistic"]).reset_index(drop=True)

    def to_json(self) -> str:
        """The table for machines, point by point; what is not known is null."""
        points = []
        for values_of_keys, rows in self.table.groupby(list(self.points.keys), sort=False):
            metrics: dict[str, dict[str, dict[str, dict[str, float | None]]]] = {}
            for row in rows.itertuples():
                numbers = {name: known(getattr(row, name)) for name in ("mean", "low", "high", "p10", "p90")}
                metrics.setdefault(row.metric, {}).setdefault(row.group, {})[row.statistic] = numbers
            plain = (value.item() if hasattr(value, "item") else value for value in values_of_keys)
            point = dict(zip(self.points.keys, plain, strict=True))
            points.append({"point": point, "metrics": metrics})
        document = {
            "scenario": self.base.name,
            "replications": self.replications,
            "from": self.points.since or None,
            "folder": str(relative_path(self.folder)),
            "points": points,
        }
        return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def sweep(
    scenario: Path | str | LoadedScenario,
    vary: str | Sequence[str] | Mapping[str, Iterable[Any]] = (),
    *,
    list_file: Path | str | None = None,
    metrics: Sequence[str] = ("overdue_visits",),
    settings: Sequence[str] = (),
    from_: str | dt.date | None = None,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    pool: Pool | None = None,
    out: Path | str | None = None,
    results: Path | str = RESULTS,
    listener: ProgressListener | None = None,
) -> Sweep:
    """Run a scenario at every point of a grid (`vary`: `KEY=A..B:STEP`, `KEY=A,B,C`) or of a list (a CSV file).

    In a notebook `vary` may also map each key to its values: `{"officers.total": range(8, 13)}`. `metrics` are shown,
    each as `overdue_visits` or `overdue_visits[high]`; the table has all.

    `settings` hold at every point; with a date, `from_`, they and what is varied hold from that day on. Replications
    of an earlier sweep or search are used again. Raises ScenarioError if the points make no sense, before anything is
    run, FolderError and ReplicationsFailed.
    """
    check(sweep, locals())
    shown = tuple(map(parsed_metric, metrics))
    points = listed_points(Path(list_file)) if list_file else grid(written(vary))
    points = replace(points, since=first_day(from_))
    settings = asked(settings, from_, varied=points.keys, replications=replications, seed=seed)
    reading = load(scenario, settings=settings)
    file, base, keys = reading.file, reading.scenario, points.keys
    undoing = [levers_that_undo(reading.located, [key], f"--vary {key}", points.since) for key in keys]
    if faults := [lever.fault for levers in undoing for lever in levers]:
        raise ScenarioError(faults)
    question = [file.stem, reading.settings, keys, points.values, replications, seed, base.content_hash]
    question += [points.since] if points.since else []
    folder, runs = answer_folder(ANSWER_KIND, out, results, f"sweep-{file.stem}-{short_key(*question)}", POINTS)
    changes = [points.settings(point) for point in points.values]
    if len(changes) > READ_AT_ONCE and not folder.path.exists():
        first = reading.with_settings((*changes[0], *as_settings(replications=replications, seed=seed)))
        weigh(listener, [prepare(first, fresh=True).expected()] * len(changes), workers, pool)
    # All are read before any folder is made, so that a fault in the last leaves no folders of the others behind.
    prepared = [
        prepare(reading, settings=change, replications=replications, seed=seed, results=runs) for change in changes
    ]
    resolved = [_as_simulated(run.scenario) for run in prepared]
    for number, scenario_of_point in enumerate(resolved):  # however they are written
        if (earlier := resolved.index(scenario_of_point)) < number:
            problem = f"is the same scenario as {in_words(changes[earlier])}; give each point once"
            raise ScenarioError([Fault(Place(f"--vary {sanitise(in_words(changes[number]))}"), problem)])
    weigh(listener, [run.expected() for run in prepared], workers, pool)
    prepared = [run.reserve() for run in prepared]
    wanted = [(run, run.replications) for run in prepared]
    failed = simulate_missing(wanted, workers=workers, pool=pool, listener=listener)
    tables = []
    for run in prepared:
        found = values(run, run.replications, failed[run])
        mean, low, high, n = intervals(found.to_numpy())
        p10, p90 = spread(found.to_numpy())
        rows = found.columns.to_frame(index=False)
        tables.append(rows.assign(mean=mean, low=low, high=high, p10=p10, p90=p90, n=n))
    table = pd.concat(tables, keys=points.values, names=keys).reset_index(list(keys)).reset_index(drop=True)
    for key in keys:
        with contextlib.suppress(ValueError):  # words stay as they are
            table[key] = pd.to_numeric(table[key])
    failures = tuple(itertools.chain.from_iterable(failed.values()))
    per_point = len(prepared[0].replications)
    command = ["sweep", portable_path(file), *as_options(list=portable_path(Path(list_file)) if list_file else None)]
    command += as_typed(reading.settings, dated(written(vary), from_))
    command += as_options(replications=replications, seed=seed)
    command += as_options(metric=None if metrics == ("overdue_visits",) else list(metrics))
    runs_behind = [{"folder": str(relative_path(run.folder.path)), **asdict(run.key)} for run in prepared]
    asked_for = {"keys": keys, "points": points.values, "from": points.since, "metrics": shown}
    document = {"scenario": base.name, "runs": runs_behind, "replications": per_point, **asked_for}
    folder.begin(command, document, reading.resolved)
    folder.finish({"sweep": table})
    return Sweep(base, points, table, per_point, folder.path, failures, shown)


def _as_simulated(scenario: Scenario) -> str:
    """What a scenario comes to on each date, the same whether the force or its teams give the numbers."""
    of_teams = dict.fromkeys(("officers", "officers_share", "offenders", "offenders_share"), True)
    written: Any = {"levers": True, "officers": {"total"}, "caseload": {"total"}, "teams": {"__all__": of_teams}}
    regimes = [(day, now.headcounts, now.model_dump_json(exclude=written)) for day, now in scenario.regimes]
    return json.dumps(regimes)


def open_sweep(path: Path) -> Sweep:
    """The sweep that a folder holds. Raises FolderError if something of it is missing or damaged."""
    folder = AnswerFolder(path)
    asked_for = folder.asked(**{"from": str}, keys=list, points=list, metrics=list, replications=int)
    points = Points(tuple(asked_for["keys"]), tuple(tuple(point) for point in asked_for["points"]), asked_for["from"])
    shown = tuple((metric, group) for metric, group in asked_for["metrics"])
    table = folder.table("sweep")
    return Sweep(folder.scenario(), points, table, asked_for["replications"], path, metrics=shown)
