"""The missing histories of one run or of many, simulated on one pool, and what each run comes to."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from sim.experiment.errors import ReplicationsFailed
from sim.experiment.plan import Plan, RunPlan, best_workers
from sim.experiment.pool import Outcome, Piece, Pool, open_pool
from sim.experiment.prepare import Prepared
from sim.experiment.result import RunResult, keep_result
from sim.experiment.summary import side_by_side, summarise
from sim.experiment.task import ReplicationTask
from sim.experiment.watch import Watcher

Failures = dict[Prepared, tuple[Outcome, ...]]
Tasks = dict[Callable[[int], None], RunPlan]


def simulate_missing(
    wanted: Sequence[tuple[Prepared, Iterable[int]]],
    *,
    workers: int | None = None,
    pool: Pool | None = None,
    watcher: Watcher | None = None,
) -> Failures:
    """Simulate those replications of several runs that their folders do not hold yet; return those that failed.

    All are done on one pool: `pool` if one is given (see `open_pool`), else one for this batch with `workers`, by
    default as many as help. What is found does not depend on that. Raises FolderError if a folder cannot be written.
    """
    watcher = watcher or Watcher()
    shared = _by_folder(wanted)
    runs = tuple(_run_plan(prepared, numbers) for prepared, numbers in shared)
    plan = Plan(runs, _workers(runs, workers, pool))
    watcher.planned(plan)
    failed: dict[Path, list[Outcome]] = {run.folder: [] for run in runs}
    if plan.missing:
        try:
            with contextlib.ExitStack() as stack:
                pool = pool or stack.enter_context(open_pool(plan.workers))
                pool.get_ready(watcher.compiling)
                watcher.simulating(plan)
                tasks: Tasks = {_task(prepared): run for (prepared, _), run in zip(shared, runs, strict=True)}
                outcomes = stack.enter_context(contextlib.closing(pool.do(_pieces(tasks))))
                for piece, outcome in outcomes:
                    run = tasks[piece.task]
                    watcher.ended(run, outcome)
                    if outcome.error:
                        failed[run.folder].append(outcome)
        finally:
            for prepared, _ in shared:
                prepared.folder.sweep()
    return {prepared: _of(failed[prepared.folder.path], numbers) for prepared, numbers in wanted}


def finish(
    prepared: Prepared, replications: Iterable[int] | None = None, failures: Sequence[Outcome] = ()
) -> RunResult:
    """Sum a run up over its replications, by default all that its scenario asks for, and keep the result.

    `failures` are left out. Raises ReplicationsFailed if nothing is left, and FolderError if a history is not there.
    """
    wanted = prepared.replications if replications is None else replications
    left_out = {failure.replication for failure in failures}
    done = [k for k in sorted(set(wanted)) if k not in left_out]
    if not done:
        raise ReplicationsFailed(failures)
    tables = (prepared.folder.metrics(k, prepared.key) for k in done)
    summary, weekly = summarise(tables, prepared.scenario.start)
    result = RunResult(prepared.scenario, prepared.folder.path, tuple(done), summary, weekly, tuple(failures))
    keep_result(prepared.folder, prepared.key, result)
    prepared.folder.write_scenario(prepared.reading.resolved)
    prepared.folder.write_manifest({**prepared.manifest, "finished": len(done), "failed": sorted(left_out)})
    return result


def values(prepared: Prepared, replications: Iterable[int], *, weekly: bool = False) -> pd.DataFrame:
    """What each of these replications came to: see `sim.experiment.summary.side_by_side`."""
    numbers = list(replications)
    return side_by_side(numbers, (prepared.folder.metrics(k, prepared.key) for k in numbers), weekly=weekly)


def _by_folder(wanted: Sequence[tuple[Prepared, Iterable[int]]]) -> list[tuple[Prepared, set[int]]]:
    """Each folder once, with all that is wanted of it, as a scenario may be compared with itself."""
    shared: dict[Path, tuple[Prepared, set[int]]] = {}
    for prepared, numbers in wanted:
        known = shared.get(prepared.folder.path)
        with_events = prepared if known is None or prepared.events else known[0]
        shared[prepared.folder.path] = (with_events, {*(known[1] if known else ()), *numbers})
    return list(shared.values())


def _run_plan(prepared: Prepared, numbers: set[int]) -> RunPlan:
    wanted = tuple(sorted(numbers))
    is_done = prepared.folder.is_done
    missing = tuple(k for k in wanted if not is_done(k, prepared.key, events=prepared.events))
    return RunPlan(prepared.scenario, prepared.folder.path, wanted, missing)


def _workers(runs: Sequence[RunPlan], workers: int | None, pool: Pool | None) -> int:
    if pool:
        return pool.workers
    missing = sum(len(run.missing) for run in runs)
    return min(workers, max(1, missing)) if workers else best_workers(runs)


def _task(prepared: Prepared) -> ReplicationTask:
    return ReplicationTask.of(prepared.scenario, prepared.key, prepared.folder, keep_events=prepared.events)


def _pieces(tasks: Tasks) -> Iterator[Piece]:
    """All that is missing, one run after another."""
    for task, run in tasks.items():
        for replication in run.missing:
            yield Piece(task, replication)


def _of(failures: Iterable[Outcome], numbers: Iterable[int]) -> tuple[Outcome, ...]:
    wanted = set(numbers)
    found = (failure for failure in failures if failure.replication in wanted)
    return tuple(sorted(found, key=lambda failure: failure.replication))
