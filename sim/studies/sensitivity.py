"""Which assumptions matter most to the result? Each is moved through its range, with common random numbers."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.runs import task
from sim.runs.arguments import check
from sim.runs.batch import weigh
from sim.runs.disk import writing
from sim.runs.errors import FolderError, Outcome
from sim.runs.files import Files
from sim.runs.intervals import Interval, interval
from sim.runs.load import load
from sim.runs.pool import Pool, open_pool
from sim.runs.prepare import RESULTS, prepare
from sim.runs.provenance import RunKey, portable_path, relative_path, run_key
from sim.runs.run_plan import Plan, ProgressListener, RunPlan, best_workers
from sim.runs.summary import ReplicationsTable
from sim.runs.task import Job
from sim.scenario import Fault, LoadedScenario, Scenario, ScenarioError
from sim.scenario.settings import as_settings, as_typed, asked
from sim.scenario.source.faults import Place, join_words, pluralise
from sim.studies.answer import POINT_VALUES, AnswerFolder, answer_folder, as_options, short_key
from sim.studies.factors import Factor, factors, set_by_levers
from sim.studies.target import parsed_metric

ANSWER_KIND = "sensitivity analysis"
TRAJECTORIES, REPLICATIONS, SOBOL_SAMPLES, SOBOL_TOP = 6, 6, 64, 6
EFFECTS = "effects"
LEVELS = 4
"""Of the grid on which Morris's trajectories step."""


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """How far each assumption moves one metric.

    `effects` has one row for each assumption, the most influential first:
    - `rank`, `key`, `title`, `unit`, and `present`, `low`, `high`, its value and its range;
    - `at_low`, `at_high`: the metric with the assumption at each end and everything else as it stands;
      `low_change`, `low_change_low`, `low_change_high`: the paired difference to the base and its interval, and the
      same for `high_change`; `swing`: from the least to the most that the metric comes to over the range;
    - `mu`, `mu_star`, `sigma`: Morris's mean effect over the whole range while the others vary too, with and without
      its sign, and how much it depends on the others; assumptions are ranked by `mu_star`, then by `swing`;
    - after `--sobol`, for the first few: `s1` and `st`, the share of the variance that an assumption makes alone and
      together with the others, and `s1_half_width`, `st_half_width`, half their intervals.
    """

    base: Scenario
    metric: str
    group: str
    statistic: str
    level: Interval
    effects: pd.DataFrame
    replications: int
    points: int
    folder: Path
    left_out: dict[str, str] = field(default_factory=dict)
    """Assumptions that could not be moved as levers set them anew, each with the first date on which one does."""
    failures: tuple[Outcome, ...] = ()
    """Always empty: an analysis ends with the first point that fails."""

    @property
    def table(self) -> pd.DataFrame:
        return self.effects

    def __repr__(self) -> str:
        assumptions = f"{pluralise(len(self.effects), 'assumption')} of {self.base.name}"
        return f"<Sensitivity of {self.metric} to {assumptions}, in {relative_path(self.folder)}>"

    def to_json(self) -> str:
        known = self.effects.replace([math.inf, -math.inf], math.nan).astype(object)
        document = {
            "scenario": self.base.name,
            "metric": self.metric,
            "group": self.group,
            "statistic": self.statistic,
            "base": self.level._asdict(),
            "replications": self.replications,
            "points": self.points,
            "assumptions": known.where(known.notna(), None).to_dict("records"),
            "left_out_for_levers": self.left_out,
            "folder": str(relative_path(self.folder)),
        }
        return json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)


def sensitivity(
    scenario: Path | str | LoadedScenario,
    metric: str = "overdue_visits",
    *,
    statistic: str = "at_end",
    only: Sequence[str] = (),
    sobol: bool = False,
    sobol_samples: int = SOBOL_SAMPLES,
    trajectories: int = TRAJECTORIES,
    settings: Sequence[str] = (),
    from_: str | dt.date | None = None,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    out: Path | str | None = None,
    results: Path | str = RESULTS,
    listener: ProgressListener | None = None,
) -> Sensitivity:
    """Move each assumption that has a range through it, and say how far one metric moves.

    First one at a time to both ends, then all together by Morris's screening; with `sobol` Sobol's indices for those
    that matter most, from `sobol_samples`, a power of two. `replications` at each point, with the same random
    events everywhere. With a date, `from_`, the `settings` hold from that day on. Raises ScenarioError (a range that
    does not hold its value is one) and FolderError.
    """
    check(sensitivity, locals())
    from SALib.analyze import morris as screening
    from SALib.sample import morris

    loaded = load(scenario, settings=asked(settings, from_, replications=replications, seed=seed))
    reading = loaded.with_settings(as_settings(seed=seed))
    varied = factors(reading, only)
    left_out = {} if only else {name: lever.date.isoformat() for name, lever in set_by_levers(reading).items()}
    if not varied:
        why = f", but for what levers change ({join_words(list(left_out))})" if left_out else ""
        problem = f"none of its assumptions has a range{why}; give some a range: [lowest, highest]"
        raise ScenarioError([Fault(Place(str(loaded.file)), problem)])
    name, group = parsed_metric(metric)
    each = int(replications or min(REPLICATIONS, reading.scenario.replications))
    design_seed, numbers = reading.scenario.seed, range(1, each + 1)
    # Shape (trajectories × (assumptions + 1), assumptions).
    design = morris.sample(_problem(len(varied)), trajectories, num_levels=LEVELS, seed=design_seed)
    points = 1 + 2 * len(varied) + len(design)
    points += sobol_samples * (min(SOBOL_TOP, len(varied)) + 2) if sobol else 0
    key = asdict(run_key(reading.scenario.content_hash, design_seed))
    question = short_key(key, only, each, trajectories, metric, statistic)
    folder, points_in = answer_folder(
        ANSWER_KIND, out, results, f"sensitivity-{loaded.file.stem}-{question}", POINT_VALUES
    )
    run = replace(prepare(reading, results=points_in).expected(numbers), missing=numbers)
    weigh(listener, [run] * (points - len(list(run.folder.glob("*.parquet")))), workers)
    command = ["sensitivity", portable_path(loaded.file), *as_options(metric=metric, only=list(only))]
    command += as_typed(loaded.settings) + ["--sobol"] * sobol + ["--average"] * (statistic == "average")
    command += as_options(trajectories=trajectories, replications=each, seed=seed)
    asked_for = {"metric": metric, "statistic": statistic, "replications": each}
    document = {"scenario": reading.scenario.name, **key, **asked_for}
    folder.begin(command, document, reading.resolved)

    ends = [factor.changes(value) for factor in varied for value in (factor.low, factor.high)]
    steps = [_changes(varied, shares) for shares in design]

    def ask(points: Sequence[dict[str, float]], pool: Pool) -> list[pd.Series]:
        scenarios = [reading.update(point).scenario for point in points]
        found = point_values(scenarios, run, pool, listener or ProgressListener())
        if not all((name, group, statistic) in values.columns for values in found):
            problem = f"{name} of {group} has no value {statistic}; docs/metrics.md says which it has"
            raise ScenarioError([Fault(Place(f"--metric {name}"), problem)])
        return [values[name, group, statistic] for values in found]

    with open_pool(workers or best_workers([run] * (1 + len(ends) + len(steps)))) as pool:
        base, *answers = ask([{}, *ends, *steps], pool)
        if base.isna().all():
            problem = f"has no value as the scenario stands ({pluralise(each, 'replication')}); choose another metric"
            raise ScenarioError([Fault(Place(f"--metric {metric}"), f"{problem}, docs/metrics.md lists them all")])
        lows, highs, along = answers[: len(ends) : 2], answers[1 : len(ends) : 2], answers[len(ends) :]
        rows = [_row(factor, base, low, high) for factor, low, high in zip(varied, lows, highs, strict=True)]
        means = np.array([values.mean() for values in along])
        screened = screening.analyze(_problem(len(varied)), design, means, num_levels=LEVELS, seed=design_seed)
        effects = pd.DataFrame(rows).assign(**{name: screened[name] for name in ("mu", "mu_star", "sigma")})
        effects = effects.sort_values(["mu_star", "swing"], ascending=False, kind="stable")
        if sobol:
            top = [varied[number] for number in effects.index[:SOBOL_TOP]]
            indices = _sobol_indices(top, sobol_samples, design_seed, lambda points: ask(points, pool))
            effects = effects.join(pd.DataFrame(indices, index=effects.index[: len(top)]))
    effects.insert(0, "rank", range(1, len(effects) + 1))
    effects = effects.reset_index(drop=True)
    level = interval(base.to_numpy())
    found = Sensitivity(reading.scenario, name, group, statistic, level, effects, each, points, folder.path, left_out)
    folder.finish({EFFECTS: effects}, found.to_json())
    return found


def open_sensitivity(path: Path) -> Sensitivity:
    """The analysis that a folder holds. Raises FolderError if something of it is missing or damaged."""
    folder = AnswerFolder(path)
    if (content := folder.read("sensitivity.json")) is None:
        raise folder.unusable("sensitivity.json")
    found = json.loads(content)
    return Sensitivity(
        base=folder.scenario(),
        level=Interval(**found["base"]),
        effects=folder.table(EFFECTS),
        folder=path,
        left_out=found["left_out_for_levers"],
        **{name: found[name] for name in ("metric", "group", "statistic", "replications", "points")},
    )


def _changes(varied: Sequence[Factor], shares: Sequence[float]) -> dict[str, float]:
    """All assumptions at so far of the way through their ranges."""
    factors_at = (factor.changes(factor.at(share)) for factor, share in zip(varied, shares, strict=True))
    return {key: value for changes in factors_at for key, value in changes.items()}


def _row(factor: Factor, base: pd.Series, low: pd.Series, high: pd.Series) -> dict[str, object]:
    """What one assumption does at the ends of its range, everything else as it stands."""
    down, up = (interval((end - base).to_numpy()) for end in (low, high))
    levels = [base.mean(), low.mean(), high.mean()]
    changes = {
        f"{name}{bound}": math.nan if number is None else number  # NaN for what one replication cannot show
        for name, change in (("low_change", down), ("high_change", up))
        for bound, number in (("", change.mean), ("_low", change.low), ("_high", change.high))
    }
    return {
        **{name: getattr(factor, name) for name in ("key", "title", "unit", "present", "low", "high")},
        "at_low": levels[1],
        "at_high": levels[2],
        **changes,
        "swing": max(levels) - min(levels),
    }


def _problem(factors: int) -> dict[str, Any]:
    """So many assumptions, each scaled from 0 to 1, for SALib."""
    return {"num_vars": factors, "names": [str(number) for number in range(factors)], "bounds": [[0.0, 1.0]] * factors}


def _sobol_indices(
    top: Sequence[Factor], samples: int, seed: int, ask: Callable[[list[dict[str, float]]], list[pd.Series]]
) -> dict[str, np.ndarray]:
    """Of each factor: the share of the variance it makes alone (`s1`), and with the others (`st`), with half-widths."""
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol

    problem = _problem(len(top))
    # Shape (samples × (factors + 2), factors).
    design = sobol.sample(problem, samples, calc_second_order=False, seed=seed)
    means = np.array([values.mean() for values in ask([_changes(top, shares) for shares in design])])
    found = analysis.analyze(problem, means, calc_second_order=False, seed=seed)
    names = {"s1": "S1", "s1_half_width": "S1_conf", "st": "ST", "st_half_width": "ST_conf"}
    return {ours: np.asarray(found[theirs], dtype=float) for ours, theirs in names.items()}


@dataclass(frozen=True, eq=False)
class PointTask:
    """All replications of one point, simulated, measured and saved as one table, fit to be sent to a worker."""

    scenario: Scenario
    key: RunKey
    folder: Files
    replications: int
    simulate: Callable[..., task.Simulated] = field(default_factory=lambda: task.simulate_and_measure)

    @property
    def name(self) -> str:
        return f"{self.key.short}.parquet"

    @property
    def key_text(self) -> bytes:
        return json.dumps({**asdict(self.key), "replications": self.replications}, sort_keys=True).encode()

    def __call__(self, _: int) -> None:
        tables = []
        for replication in range(1, self.replications + 1):
            try:
                tables.append(self.simulate(self.scenario, replication)[0])
            except Exception as error:
                where = f"replication {replication} (seed {self.scenario.seed})"
                raise RuntimeError(f"{where}: {type(error).__name__}: {error}") from error
        values = ReplicationsTable.of(tables).by_replication(range(1, self.replications + 1))
        table = values.unstack().rename("value").reset_index()  # as `melt`, which takes a second for this
        self.folder.write_table(self.name, table, self.key_text)

    def saved(self) -> pd.DataFrame | None:
        """The values of the point, with a row for each replication, or None if they are not saved yet."""
        if self.folder.key_of(self.name) != self.key_text:
            return None
        table = self.folder.read_table(self.name)
        columns = table[["metric", "group", "statistic"]].iloc[:: self.replications]
        values = table["value"].to_numpy().reshape(-1, self.replications).T
        numbers = pd.Index(range(1, self.replications + 1), name="replication")
        return pd.DataFrame(values, index=numbers, columns=pd.MultiIndex.from_frame(columns))


def point_values(
    scenarios: Sequence[Scenario], point: RunPlan, pool: Pool, listener: ProgressListener
) -> list[pd.DataFrame]:
    """The values of each scenario, a row for each replication; `point` names these and the folder.

    What the folder holds is used again; equal scenarios are simulated once. Raises FolderError for a point that failed.
    """
    plan = Plan((point,) * len(scenarios), pool.workers)
    listener.on_plan(plan)
    listener.on_loading()
    listener.on_start(plan)
    with writing(point.folder):
        point.folder.mkdir(parents=True, exist_ok=True)
    store = Files(point.folder)
    store.leases.clear_dead()
    replications = len(point.wanted)
    points = [PointTask(each, run_key(each.content_hash, each.seed), store, replications) for each in scenarios]
    tasks = {task.name: task for task in points}
    store.say_damaged([name for name in tasks if store.is_damaged(name)])
    missing = [task for task in tasks.values() if store.key_of(task.name) != task.key_text]
    errors: dict[str, str] = {}
    if missing:
        pool.get_ready([point.folder], listener.on_compiling)
        jobs = iter([Job(task, number) for number, task in enumerate(missing, start=1)])
        try:
            with contextlib.closing(pool.do(jobs)) as outcomes:
                for job, outcome in outcomes:
                    for _ in point.wanted:
                        listener.on_replication(point, outcome)
                    if outcome.error:
                        errors[job.task.name] = outcome.error  # type: ignore[attr-defined]
        finally:
            store.sweep()
    values = {name: task.saved() for name, task in tasks.items()}
    failed = [errors.get(task.name, "its file has gone") for task in points if values[task.name] is None]
    if failed:
        raise FolderError(f"{len(failed):,} of {len(points):,} points could not be simulated; the first: {failed[0]}")
    return [values[task.name] for task in points]
