"""The missing replications of one run or of many, simulated on one pool, and the result of each run."""

from __future__ import annotations

import contextlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import pandas as pd

from sim.runs.errors import Outcome, ReplicationsFailed
from sim.runs.estimate import effort
from sim.runs.folder import SUMMARY, SUMMARY_CSV, SUMMARY_TABLES, TEAMS, WEEKLY, RunFolder
from sim.runs.machine import cores
from sim.runs.pool import Jobs, Pool, open_pool
from sim.runs.precision import Precision
from sim.runs.prepare import PreparedRun
from sim.runs.provenance import RunKey
from sim.runs.result import RunResult, ranges
from sim.runs.run_plan import Plan, ProgressListener, RunPlan, best_workers
from sim.runs.summary import ReplicationsTable, summary_csv
from sim.runs.task import Job, ReplicationTask
from sim.scenario import Scenario

Failures = dict[PreparedRun, tuple[Outcome, ...]]
Parts = dict[Callable[[int], None], tuple[PreparedRun, RunPlan]]
"""The task of each run of a batch, with the run and what is missing of it."""


def weigh(
    listener: ProgressListener | None, runs: Sequence[RunPlan], workers: int | None = None, pool: Pool | None = None
) -> None:
    """Give the listener the work of these runs before anything is written; it may raise."""
    if listener:
        workers = pool.workers if pool else workers or cores()
        work = effort(((run.estimate, len(run.missing)) for run in runs if run.missing), workers)
        listener.on_effort(work, workers, here=pool is None)


def simulate_missing(
    wanted: Sequence[tuple[PreparedRun, Iterable[int]]],
    *,
    workers: int | None = None,
    pool: Pool | None = None,
    listener: ProgressListener | None = None,
) -> Failures:
    """Simulate those replications of several runs that their folders do not hold yet; return those that failed.

    All are done on one pool: `pool` if one is given (see `open_pool`), else one for this batch with `workers`, by
    default as many as help. The result does not depend on that. Raises FolderError if a folder cannot be written.
    """
    listener = listener or ProgressListener()
    shared = _by_folder(wanted)
    runs = tuple(prepared.plan(numbers) for prepared, numbers in shared)
    useful = best_workers(runs) if workers is None else min(workers, max(1, sum(len(run.missing) for run in runs)))
    plan = Plan(runs, pool.workers if pool else useful)
    listener.on_plan(plan)
    failed: dict[Path, list[Outcome]] = {run.folder: [] for run in runs}
    if plan.missing:
        try:
            with contextlib.ExitStack() as stack:
                pool = pool or stack.enter_context(open_pool(plan.workers))
                listener.on_loading()
                pool.get_ready([run.folder for run in runs if run.missing], listener.on_compiling)
                listener.on_start(plan)
                parts: Parts = {}
                for (prepared, _), run in zip(shared, runs, strict=True):
                    task = ReplicationTask(prepared.scenario, prepared.key, prepared.folder, prepared.events)
                    parts[task] = prepared, run
                    stack.enter_context(prepared.folder.leases.at_work())
                outcomes = stack.enter_context(contextlib.closing(pool.do(_jobs(parts, listener))))
                for job, outcome in outcomes:
                    prepared, run = parts[job.task]
                    prepared.folder.leases.release(outcome.replication)
                    listener.on_replication(run, outcome)
                    if outcome.error:
                        failed[run.folder].append(outcome)
        finally:
            for prepared, _ in shared:
                prepared.folder.sweep()
    in_order = {folder: sorted(found, key=lambda failure: failure.replication) for folder, found in failed.items()}
    return {
        prepared: tuple(failure for failure in in_order[prepared.folder.path] if failure.replication in {*numbers})
        for prepared, numbers in wanted
    }


def finish(
    prepared: PreparedRun,
    replications: Iterable[int] | None = None,
    failures: Sequence[Outcome] = (),
    precision: Precision | None = None,
) -> RunResult:
    """Sum a run up over its replications, by default all that its scenario asks for, and save the result.

    `failures` are left out; `precision` is that of a run with `--until`. Raises ReplicationsFailed if nothing is left,
    and FolderError if a replication is not there.
    """
    done = _finished(prepared.replications if replications is None else replications, failures)
    failed = sorted({failure.replication for failure in failures})
    manifest = {**prepared.manifest, "finished": len(done), "failed": failed}
    if precision:
        manifest["until"] = precision.to_plain()
    with prepared.folder.leases.summing_up():
        result = sum_up(prepared.folder, prepared.key, prepared.scenario, done, failures)
        prepared.folder.write_scenario(prepared.reading.resolved)
        prepared.folder.write_manifest(manifest)
    return replace(result, precision=precision)


def sum_up(
    folder: RunFolder, key: RunKey, scenario: Scenario, numbers: Sequence[int], failures: Sequence[Outcome] = ()
) -> RunResult:
    """Sum up these replications and save summary and weeks in the folder.

    What was made from other replications is removed first, so that nothing misfits meanwhile. Raises FolderError if a
    replication is not there.
    """
    table = ReplicationsTable.of(folder.metrics(k, key) for k in numbers)
    summary, weekly = table.summarised(scenario.start)
    made_from = json.dumps({**asdict(key), "replications": ranges(numbers)}).encode()
    if made_from not in (folder.key_of(name) for name in SUMMARY_TABLES):
        folder.forget_summary()
    folder.write(SUMMARY_CSV, summary_csv(summary))
    # The summary last: a folder that has it has them all.
    for name, rows in {WEEKLY: weekly, TEAMS: table.by_team(scenario.start), SUMMARY: summary}.items():
        folder.write_table(name, rows, made_from)
    of_each = {"replication_values": table.by_replication(numbers), "replication_ends": table.ends(numbers)}
    return RunResult(scenario, folder.path, tuple(numbers), summary, weekly, tuple(failures), **of_each)


def _finished(replications: Iterable[int], failures: Sequence[Outcome]) -> list[int]:
    done = sorted({*replications}.difference(failure.replication for failure in failures))
    if not done:
        raise ReplicationsFailed(failures)
    return done


def values(
    prepared: PreparedRun, replications: Iterable[int], failures: Sequence[Outcome] = (), *, weekly: bool = False
) -> pd.DataFrame:
    """The values of each replication but the failed ones. Raises ReplicationsFailed if none is left."""
    numbers = _finished(replications, failures)
    tables = (prepared.folder.metrics(k, prepared.key) for k in numbers)
    return ReplicationsTable.of(tables).by_replication(numbers, weekly=weekly)


def _by_folder(wanted: Sequence[tuple[PreparedRun, Iterable[int]]]) -> list[tuple[PreparedRun, set[int]]]:
    """Each folder once, with all that is wanted of it, as a scenario may be compared with itself."""
    shared: dict[Path, tuple[PreparedRun, set[int]]] = {}
    for prepared, numbers in wanted:
        known = shared.get(prepared.folder.path)
        with_events = prepared if known is None or prepared.events else known[0]
        shared[prepared.folder.path] = (with_events, {*(known[1] if known else ()), *numbers})
    return list(shared.values())


def _jobs(parts: Parts, listener: ProgressListener) -> Jobs:
    """All that is missing, one run after another; what other processes are at work on is waited for at the end.

    Every replication is leased first, and looked for once more, as another process may just have done it.
    """
    left = deque((task, replication) for task, (_, run) in parts.items() for replication in run.missing)
    while left:
        handed_out = False
        for _ in range(len(left)):
            task, replication = left.popleft()
            prepared, run = parts[task]
            if not prepared.folder.leases.take(replication):
                left.append((task, replication))
            elif not prepared.missing([replication]):
                prepared.folder.leases.release(replication)
                listener.on_replication(run, Outcome(replication))
            else:
                handed_out = True
                yield Job(task, replication)
        if left and not handed_out:
            yield None
