"""One scenario, many histories: simulate what is missing, keep it in a folder, and sum it up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sim.experiment.batch import finish, simulate_missing
from sim.experiment.prepare import prepare
from sim.experiment.result import RunResult
from sim.experiment.watch import Watcher


def run_scenario(
    scenario_file: Path | str,
    *,
    settings: Sequence[str] = (),
    replications: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    events: bool = False,
    out: Path | str | None = None,
    fresh: bool = False,
    watcher: Watcher | None = None,
) -> RunResult:
    """Run a scenario and keep everything in a folder; what an earlier run has finished there is reused.

    `prepare` says what the arguments mean and how the folder is called. The result does not depend on `workers`.
    Raises ScenarioError, FolderError, and ReplicationsFailed if not one replication could be finished.
    """
    prepared = prepare(
        scenario_file, settings=settings, replications=replications, seed=seed, events=events, out=out, fresh=fresh
    )
    failures = simulate_missing([(prepared, prepared.replications)], workers=workers, watcher=watcher)
    return finish(prepared, failures=failures[prepared])
