"""Which assumptions matter most to the result? Each is moved through its range, with common random numbers."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from sim.runs.batch import weigh
from sim.runs.errors import FolderError
from sim.runs.intervals import Interval, interval
from sim.runs.load import load
from sim.runs.pool import Outcome, Pool, open_pool
from sim.runs.prepare import RESULTS, expected
from sim.runs.provenance import portable_path, relative_path, run_key
from sim.runs.run_plan import Plan, ProgressListener, RunPlan, best_workers
from sim.scenario import Fault, LoadedScenario, Scenario, ScenarioError
from sim.scenario.settings import as_settings, as_typed, asked
from sim.scenario.source.faults import Place, join_words
from sim.studies.answer import POINT_VALUES, AnswerFolder, answer_folder, as_options, short_key
from sim.studies.factors import Factor, factors, set_by_levers
from sim.studies.point_values import point_values
from sim.studies.screening import morris_design, morris_effects, sobol_design, sobol_indices
from sim.studies.target import parsed_metric

KIND = "sensitivity analysis"
TRAJECTORIES, REPLICATIONS, SOBOL_SAMPLES, SOBOL_TOP = 6, 6, 64, 6
EFFECTS = "effects"


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
        """The effects."""
        return self.effects

    def __repr__(self) -> str:
        assumptions = f"{len(self.effects)} assumptions of {self.base.name}"
        return f"<Sensitivity of {self.metric} to {assumptions}, in {relative_path(self.folder)}>"

    def to_json(self) -> str:
        """The answer for machines; what is not known is null."""
        rows = [
            {
                name: (None if isinstance(value, float) and not math.isfinite(value) else value)
                for name, value in row.items()
            }
            for row in self.effects.to_dict("records")
        ]
        document = {
            "scenario": self.base.name,
            "metric": self.metric,
            "group": self.group,
            "statistic": self.statistic,
            "base": self.level._asdict(),
            "replications": self.replications,
            "points": self.points,
            "assumptions": rows,
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
    results: Path = RESULTS,
    listener: ProgressListener | None = None,
) -> Sensitivity:
    """Move each assumption that has a range through it, and say how far one metric moves.

    First one at a time to both ends, then all together by Morris's screening; with `sobol` Sobol's indices for those
    that matter most, from `sobol_samples`, a power of two. `replications` at each point, with the same random
    events everywhere. With a date, `from_`, the `settings` hold from that day on. Raises ScenarioError (a range that
    does not hold its value is one) and FolderError.
    """
    settings = asked(settings, from_, replications=replications, seed=seed)
    loaded = load(scenario, settings=settings)
    scenario_file, settings = loaded.file, loaded.settings
    reading = loaded.with_settings(as_settings(seed=seed))
    varied = factors(reading, only)
    left_out = {} if only else {name: lever.date.isoformat() for name, lever in set_by_levers(reading).items()}
    if not varied:
        place = Place(str(scenario_file))
        why = f", but for what levers change ({join_words(list(left_out))})" if left_out else ""
        problem = f"none of its assumptions has a range{why}; give some a range: [lowest, highest]"
        raise ScenarioError([Fault(place, problem)])
    name, group = parsed_metric(metric)
    each = replications or min(REPLICATIONS, reading.scenario.replications)
    design_seed, numbers = reading.scenario.seed, range(1, each + 1)
    design = morris_design(len(varied), trajectories, design_seed)
    top_few = min(SOBOL_TOP, len(varied))
    points = (
        1 + 2 * len(varied) + len(design) + (len(sobol_design(top_few, sobol_samples, design_seed)) if sobol else 0)
    )
    question = short_key(asdict(run_key(reading.scenario)), only, each, trajectories, metric, statistic)
    folder, points_in = answer_folder(KIND, out, results, f"sensitivity-{scenario_file.stem}-{question}", POINT_VALUES)
    run = replace(expected(reading, scenario_file, numbers, results=points_in), missing=numbers)
    weigh(listener, [run] * (points - len(list(run.folder.glob("*.parquet")))), workers)
    command = ["python", "-m", "sim", "sensitivity", portable_path(scenario_file), "--metric", metric]
    command += as_options("--only", only) + as_typed(settings) + (["--sobol"] if sobol else [])
    command += ["--trajectories", str(trajectories), "--replications", str(each), *as_options("--seed", [seed])]
    asked_for = {"metric": metric, "statistic": statistic, "replications": each}
    document = {"scenario": reading.scenario.name, **asdict(run_key(reading.scenario)), **asked_for}
    folder.begin(command, document, reading.resolved)

    ends = [factor.changes(value) for factor in varied for value in (factor.low, factor.high)]
    steps = [_changes(varied, shares) for shares in design]
    wanted_points = [reading.update(one).scenario for one in ({}, *ends, *steps)]
    wanted = (name, group, statistic)
    with open_pool(workers or best_workers([run] * len(wanted_points))) as pool:
        ask = _Asking(run, wanted, pool, listener or ProgressListener())
        base, *answers = ask(wanted_points)
        rows = [
            _row(factor, base, low, high)
            for factor, low, high in zip(varied, answers[: len(ends) : 2], answers[1 : len(ends) : 2], strict=True)
        ]
        effects = pd.DataFrame(rows).assign(
            **morris_effects(design, np.array([one.mean() for one in answers[len(ends) :]]), design_seed)
        )
        effects = effects.sort_values(["mu_star", "swing"], ascending=False, kind="stable")
        points = len(wanted_points)
        if sobol:
            top = [varied[number] for number in effects.index[:SOBOL_TOP]]
            shares = sobol_design(len(top), sobol_samples, design_seed)
            more = ask([reading.update(_changes(top, one)).scenario for one in shares])
            indices = sobol_indices(len(top), np.array([one.mean() for one in more]), design_seed)
            effects = effects.join(pd.DataFrame(indices, index=effects.index[: len(top)]))
            points += len(more)
    effects.insert(0, "rank", range(1, len(effects) + 1))
    effects = effects.reset_index(drop=True)
    level = interval(base.to_numpy())
    found = Sensitivity(reading.scenario, name, group, statistic, level, effects, each, points, folder.path, left_out)
    folder.finish({EFFECTS: effects}, found.to_json())
    return found


def open_sensitivity(path: Path) -> Sensitivity:
    """The analysis that a folder holds. Raises FolderError if something of it is missing or damaged."""
    folder = AnswerFolder(path)
    found, effects = folder.read_document("sensitivity"), folder.table(EFFECTS)
    level, left_out = Interval(**found["base"]), found["left_out_for_levers"]
    return Sensitivity(
        folder.scenario(),
        found["metric"],
        found["group"],
        found["statistic"],
        level,
        effects,
        found["replications"],
        found["points"],
        path,
        left_out,
    )


def _changes(varied: Sequence[Factor], shares: Sequence[float]) -> dict[str, float]:
    """All assumptions at so far of the way through their ranges."""
    factors_at = (factor.changes(factor.at(share)) for factor, share in zip(varied, shares, strict=True))
    return {key: value for changes in factors_at for key, value in changes.items()}


def _row(factor: Factor, base: pd.Series, low: pd.Series, high: pd.Series) -> dict[str, object]:
    """What one assumption does at the ends of its range, everything else as it stands."""
    down, up = (interval((end - base).to_numpy()) for end in (low, high))
    levels = [base.mean(), low.mean(), high.mean()]
    return {
        "key": factor.key,
        "title": factor.title,
        "unit": factor.unit,
        "present": factor.present,
        "low": factor.low,
        "high": factor.high,
        "at_low": levels[1],
        "at_high": levels[2],
        "low_change": _known(down.mean),
        "low_change_low": _known(down.low),
        "low_change_high": _known(down.high),
        "high_change": _known(up.mean),
        "high_change_low": _known(up.low),
        "high_change_high": _known(up.high),
        "swing": max(levels) - min(levels),
    }


def _known(bound: float | None) -> float:
    """As a table keeps it: NaN for what one replication cannot show."""
    return float("nan") if bound is None else bound


@dataclass(frozen=True)
class _Asking:
    """Asks what many scenarios come to, all of them with the same few replications, on one pool."""

    point: RunPlan
    """What is to be simulated at every point, and where it is kept."""
    quantity: tuple[str, str, str]
    pool: Pool
    listener: ProgressListener

    def __call__(self, scenarios: Sequence[Scenario]) -> list[pd.Series]:
        """The metric in each replication of each scenario. Raises FolderError for a point that failed."""
        plan = Plan((self.point,) * len(scenarios), self.pool.workers)
        self.listener.on_plan(plan)
        self.listener.on_loading()
        self.listener.on_start(plan)
        found = point_values(
            scenarios, self.point.folder, len(self.point.wanted), self.pool, self._ended, self.listener.on_compiling
        )
        failed = [text for text in found if isinstance(text, str)]
        if failed:
            raise FolderError(
                f"{len(failed):,} of {len(found):,} points could not be simulated; the first: {failed[0]}"
            )
        return [self._chosen(values) for values in found if not isinstance(values, str)]

    def _ended(self, outcome: Outcome) -> None:
        for _ in self.point.wanted:
            self.listener.on_replication(self.point, outcome)

    def _chosen(self, values: pd.DataFrame) -> pd.Series:
        if self.quantity not in values.columns:
            metric, group, statistic = self.quantity
            problem = f"{metric} of {group} has no value {statistic}; docs/metrics.md says which it has"
            raise ScenarioError([Fault(Place(f"--metric {metric}"), problem)])
        return values[self.quantity]
