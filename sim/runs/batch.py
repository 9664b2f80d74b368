"""The missing histories of one run or of many, simulated on one pool, and what each run comes to."""

from __future__ import annotations

import contextlib
import json
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

import pandas as pd

from sim.runs.errors import FolderError, ReplicationsFailed
from sim.runs.folder import SCENARIO, RunFolder
from sim.runs.leases import Leases
from sim.runs.pool import Job, Jobs, Outcome, Pool, open_pool
from sim.runs.precision import Precision
from sim.runs.prepare import PreparedRun
from sim.runs.progress import ProgressListener
from sim.runs.provenance import relative_path, run_key
from sim.runs.result import RunResult, numbers_in, sum_up
from sim.runs.run_plan import Plan, RunPlan, best_workers, cores, effort_of
from sim.runs.summary import ReplicationsTable
from sim.runs.task import Replications, ReplicationTask
from sim.scenario import Scenario, read_saved
from sim.scenario.source.faults import join_words

Failures = dict[PreparedRun, tuple[Outcome, ...]]


@dataclass(frozen=True)
class _Part:
    """One run's part in a batch."""

    prepared: PreparedRun
    run: RunPlan

    @property
    def leases(self) -> Leases:
        return self.prepared.folder.leases


Parts = dict[Callable[[int], None], _Part]


def weigh(
    listener: ProgressListener | None,
    runs: Sequence[RunPlan],
    workers: int | None = None,
    pool: Pool | None = None,
) -> None:
    """Tell the watcher how much work these runs will be, before anything is written; it may raise."""
    if listener:
        workers = pool.workers if pool else workers or cores()
        listener.on_effort(effort_of(runs, workers), workers, here=pool is None)


def simulate_missing(
    wanted: Sequence[tuple[PreparedRun, Iterable[int]]],
    *,
    workers: int | None = None,
    pool: Pool | None = None,
    listener: ProgressListener | None = None,
) -> Failures:
    """Simulate those replications of several runs that their folders do not hold yet; return those that failed.

    All are done on one pool: `pool` if one is given (see `open_pool`), else one for this batch with `workers`, by
    default as many as help. What is found does not depend on that. Raises FolderError if a folder cannot be written.
    """
    listener = listener or ProgressListener()
    shared = _by_folder(wanted)
    runs = tuple(prepared.plan(numbers) for prepared, numbers in shared)
    plan = Plan(runs, _workers(runs, workers, pool))
    listener.on_plan(plan)
    failed: dict[Path, list[Outcome]] = {run.folder: [] for run in runs}
    if plan.missing:
        try:
            with contextlib.ExitStack() as stack:
                pool = pool or stack.enter_context(open_pool(plan.workers))
                listener.on_loading()
                pool.get_ready([run.folder for run in runs if run.missing], listener.on_compiling)
                listener.on_start(plan)
                parts: Parts = {
                    _task(prepared): _Part(prepared, run) for (prepared, _), run in zip(shared, runs, strict=True)
                }
                for part in parts.values():
                    stack.enter_context(part.leases.at_work())
                outcomes = stack.enter_context(contextlib.closing(pool.do(_pieces(parts, listener))))
                for piece, outcome in outcomes:
                    part = parts[piece.task]
                    part.leases.release(outcome.replication)
                    listener.on_replication(part.run, outcome)
                    if outcome.error:
                        failed[part.run.folder].append(outcome)
        finally:
            for prepared, _ in shared:
                prepared.folder.sweep()
    return {prepared: _of(failed[prepared.folder.path], numbers) for prepared, numbers in wanted}


def finish(
    prepared: PreparedRun,
    replications: Iterable[int] | None = None,
    failures: Sequence[Outcome] = (),
    precision: Precision | None = None,
) -> RunResult:
    """Sum a run up over its replications, by default all that its scenario asks for, and keep the result.

    `failures` are left out; `precision` is how well a run knows what it was to find out. Raises ReplicationsFailed if
    nothing is left, and FolderError if a history is not there.
    """
    wanted = prepared.replications if replications is None else replications
    left_out = {failure.replication for failure in failures}
    done = [k for k in sorted(set(wanted)) if k not in left_out]
    if not done:
        raise ReplicationsFailed(failures)
    manifest = {**prepared.manifest, "finished": len(done), "failed": sorted(left_out)}
    if precision:
        manifest["until"] = precision.to_plain()
    with prepared.folder.leases.summing_up():
        result = sum_up(prepared.folder, prepared.key, prepared.scenario, done, failures)
        prepared.folder.write_scenario(prepared.reading.resolved)
        prepared.folder.write_manifest(manifest)
    return replace(result, precision=precision)


def redo(folder: RunFolder, scenario: Scenario, damaged: Sequence[str]) -> None:
    """Simulate and sum up again what is damaged of a run that is read from its folder, from the scenario kept there.

    Raises FolderError if that cannot give the same: it is of another version of the program, or has a caseload file.
    """
    key, manifest = folder.run_key(), folder.manifest() or {}
    if scenario.caseload.file or run_key(scenario) != key:
        raise FolderError(
            f"{relative_path(folder.path)}: {join_words(damaged)} damaged; make this again with: "
            f"{manifest.get('command')}"
        )
    folder.say_damaged(damaged, "made again")
    spans = json.loads(folder.key_of("summary.parquet") or b"{}").get("replications")
    numbers = [int(PurePath(name).stem) for name in damaged if "/" in name]
    reading = read_saved(folder.path / SCENARIO)
    events = any(name.startswith("events/") for name in folder.tables())
    prepared = PreparedRun(folder.path / SCENARIO, (), reading, key, folder, events, manifest)
    failures = simulate_missing([(prepared, numbers)])[prepared]
    if failures:
        raise ReplicationsFailed(failures)
    if len(numbers) < len(damaged):
        there = [k for k in folder.replications() if folder.is_done(k, key, events=False)]
        with folder.leases.summing_up():
            sum_up(folder, key, scenario, numbers_in(spans) if spans else there)


def values(prepared: PreparedRun, replications: Iterable[int], *, weekly: bool = False) -> pd.DataFrame:
    """What each of these replications came to: see `sim.runs.summary.Together.side_by_side`."""
    numbers = list(replications)
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


def _workers(runs: Sequence[RunPlan], workers: int | None, pool: Pool | None) -> int:
    if pool:
        return pool.workers
    missing = sum(len(run.missing) for run in runs)
    return min(workers, max(1, missing)) if workers else best_workers(runs)


def _task(prepared: PreparedRun) -> ReplicationTask:
    return ReplicationTask(Replications.of(prepared.scenario), prepared.key, prepared.folder, prepared.events)


def _pieces(parts: Parts, listener: ProgressListener) -> Jobs:
    """All that is missing, one run after another; what other processes have in hand is waited for at the end.

    Every replication is claimed before it is given out, and looked for once more, as somebody may just have done it.
    """
    left = deque((task, replication) for task, part in parts.items() for replication in part.run.missing)
    while left:
        given_out = False
        for _ in range(len(left)):
            task, replication = left.popleft()
            part = parts[task]
            if not part.leases.take(replication):
                left.append((task, replication))
            elif not part.prepared.missing([replication]):
                part.leases.release(replication)
                listener.on_replication(part.run, Outcome(replication))
            else:
                given_out = True
                yield Job(task, replication)
        if left and not given_out:
            yield None


def _of(failures: Iterable[Outcome], numbers: Iterable[int]) -> tuple[Outcome, ...]:
    wanted = set(numbers)
    found = (failure for failure in failures if failure.replication in wanted)
    return tuple(sorted(found, key=lambda failure: failure.replication))
