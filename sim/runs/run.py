"""Run a scenario: simulate what is missing, save it in a folder, and sum it up."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sim.runs.arguments import check
from sim.runs.batch import finish, simulate_missing, values, weigh
from sim.runs.cluster import open_cluster
from sim.runs.errors import OptionError, Outcome
from sim.runs.parts import NO_PART_HAS, Only, PartResult, Shard
from sim.runs.pool import Pool, open_pool
from sim.runs.precision import FIRST_REPLICATIONS, MOST_REPLICATIONS, Until, is_enough, next_look
from sim.runs.prepare import PreparedRun, prepare
from sim.runs.result import RunResult
from sim.runs.run_plan import ProgressListener, best_workers
from sim.scenario import LoadedScenario


def run_scenario(
    scenario: Path | str | LoadedScenario,
    *,
    settings: Sequence[str] = (),
    from_: str | dt.date | None = None,
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    events: bool = False,
    out: Path | str | None = None,
    fresh: bool = False,
    until: str | None = None,
    max_replications: int | None = None,
    cluster: str | None = None,
    listener: ProgressListener | None = None,
) -> RunResult:
    """Run a scenario and save everything in a folder; what an earlier run has finished there is reused.

    `prepare` says what the arguments mean and how the folder is called; with a date, `from_`, the `settings` hold from
    that day on. The result does not depend on `workers`, nor on whether a Dask `cluster` does the work, whose address
    is given. With `until`, such as `'overdue_visits ±2'`, replications are added until two looks in a row find it met
    or `max_replications` are spent; `replications` is then where to begin. Raises ScenarioError, FolderError,
    OptionError, ClusterError, and ReplicationsFailed if not one replication could be finished.
    """
    check(run_scenario, locals())
    target = Until.of(until) if until else None
    most = max_replications or max(MOST_REPLICATIONS, replications or 0)
    first = min(max(replications or 0, FIRST_REPLICATIONS), most)
    if max_replications and not target:
        raise OptionError("--max-replications is the budget of --until; without that, say --replications.")
    if replications and replications > most:
        raise OptionError(f"--max-replications {most} is less than --replications {replications}, where to begin.")
    budget = ["--max-replications", str(max_replications)] if max_replications else []
    with contextlib.ExitStack() as stack:
        pool: Pool | None = stack.enter_context(open_cluster(cluster)) if cluster else None
        prepared = prepare(
            scenario,
            settings=settings,
            from_=from_,
            replications=replications,
            seed=seed,
            events=events,
            out=out,
            fresh=fresh,
            further=["--until", target.asked, *budget] if target else [],
        )
        plan = prepared.expected()
        if target:  # as many as it may come to, of which some may be there
            there = len(plan.wanted) - len(plan.missing)
            plan = replace(plan, wanted=range(1, most + 1), missing=range(there + 1, most + 1))
        weigh(listener, [plan], workers, pool)
        prepared = prepared.reserve()
        if target:
            pool = pool or stack.enter_context(open_pool(workers or best_workers([prepared.plan(range(1, most + 1))])))
            return _until_precise(prepared, target, first, most, pool, listener or ProgressListener())
        failures = simulate_missing([(prepared, prepared.replications)], workers=workers, pool=pool, listener=listener)
        return finish(prepared, failures=failures[prepared])


def run_part_of(
    scenario: Path | str | LoadedScenario,
    part: Shard | Only,
    *,
    workers: int | None = None,
    cluster: str | None = None,
    listener: ProgressListener | None = None,
    **asked_for: Any,
) -> PartResult:
    """A part of what `run_scenario` does with the same arguments, a single replication always in this process.

    The part that makes the last replication of a run sums the run up. Raises OptionError too.
    """
    for option, why in NO_PART_HAS.items():
        if asked_for.pop(option, None):
            name = f"--{option.replace('_', '-')}"
            raise OptionError(f"{part.option} and {name} do not go together: {name} {why}.")
    workers = 1 if isinstance(part, Only) else workers
    with contextlib.ExitStack() as stack:
        pool: Pool | None = stack.enter_context(open_cluster(cluster)) if cluster else None
        prepared = prepare(scenario, **asked_for)
        plan = prepared.expected()
        missing: Sequence[int] = part.numbers(plan.missing) if isinstance(part, Shard) else [1]
        weigh(listener, [replace(plan, missing=missing)], workers, pool)
        wanted = part.numbers(prepared.replications)
        prepared = prepared.reserve()
        failures: tuple[Outcome, ...] = ()
        if wanted:
            failures = simulate_missing([(prepared, wanted)], workers=workers, pool=pool, listener=listener)[prepared]
        missing = prepared.missing(prepared.replications)
        done = tuple(k for k in wanted if k not in missing)
        whole = None if missing else finish(prepared)
        return PartResult(prepared.scenario, prepared.folder.path, part, done, failures, tuple(missing), whole)


def _until_precise(
    prepared: PreparedRun, target: Until, first: int, most: int, pool: Pool, listener: ProgressListener
) -> RunResult:
    wanted, looks = first, []
    while True:
        numbers = range(1, wanted + 1)
        failures = simulate_missing([(prepared, numbers)], pool=pool, listener=listener)[prepared]
        known = target.known_from(values(prepared, numbers, failures))
        looks.append(known)
        if is_enough(looks) or wanted == most:
            break
        wanted = next_look(known, wanted, most)
        listener.on_precision(known, wanted)
    reading, manifest = prepared.reading.update(replications=wanted), {**prepared.manifest, "replications": wanted}
    return finish(replace(prepared, reading=reading, manifest=manifest), failures=failures, precision=known)
