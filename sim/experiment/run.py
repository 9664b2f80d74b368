"""One scenario, many histories: simulate what is missing, keep it in a folder, and sum it up."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sim.experiment.folder import RunFolder
from sim.experiment.plan import Plan, best_workers
from sim.experiment.pool import Outcome, run_replications
from sim.experiment.provenance import RunKey, repeating_command, run_key, surroundings
from sim.experiment.result import RunResult, keep_result
from sim.experiment.summary import summarise
from sim.scenario import Scenario, read
from sim.scenario.extract import GivenCaseload, given_caseload, remember

RESULTS = Path("results")


class ReplicationsFailed(Exception):
    """Not one replication could be finished; `failures` tells why."""

    def __init__(self, failures: Sequence[Outcome]) -> None:
        super().__init__(f"none of {len(failures)} replications could be finished")
        self.failures = tuple(failures)


class Watcher:
    """Is told how a run goes on; this one keeps it to itself."""

    def planned(self, plan: Plan) -> None:
        """The scenario is read and the folder ready."""

    def compiling(self) -> None:
        """The shift is being compiled for this machine, once."""

    def simulating(self, plan: Plan) -> None:
        """The first replication begins."""

    def ended(self, plan: Plan, outcome: Outcome) -> None:
        """A replication ended, well or not."""


@dataclass(frozen=True)
class ReplicationTask:
    """The task of one replication, fit to be sent to a worker: simulate, measure, keep.

    The scenario travels as plain values, because its typed form cannot be sent between processes.
    """

    document: dict[str, Any]
    key: RunKey
    folder: RunFolder
    keep_events: bool
    given: GivenCaseload | None
    """The caseload of the scenario's file, of which the plain values hold only the hash."""
    simulate: Callable[..., Any]
    tabulate: Callable[..., pd.DataFrame]

    def __call__(self, replication: int) -> None:
        scenario = Scenario.model_validate(self.document)
        if self.given:
            remember(self.given)
        history = self.simulate(scenario, replication, keep_events=self.keep_events)
        self.folder.keep_replication(replication, self.key, self.tabulate(scenario, history), history.events)


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

    `settings` are `key=value` as after `--set`; `replications` and `seed` override the scenario. The folder is
    `out`, or `results/<name of the file>-<key>`: another scenario, seed or version of the program has another key, so
    that no run stands in the way of another. The result does not depend on `workers`.
    Raises ScenarioError, FolderError, and ReplicationsFailed if not one replication could be finished.
    """
    watcher = watcher or Watcher()
    scenario_file, out = Path(scenario_file), None if out is None else Path(out)
    overrides = {"replications": replications, "seed": seed}
    given = [f"{name}={number}" for name, number in overrides.items() if number is not None]
    reading = read(scenario_file, (*settings, *given))
    scenario = reading.scenario
    key = run_key(scenario)

    folder = RunFolder(out or RESULTS / f"{scenario_file.stem}-{key.short}")
    earlier = folder.claim(key, fresh=fresh)
    command = repeating_command(scenario_file, settings, **overrides, events=events, out=out)
    manifest = {
        "scenario": scenario.name,
        **asdict(key),
        "created": (earlier or {}).get("created") or dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "command": command,
        "replications": scenario.replications,
        "finished": 0,
        "failed": [],
        **surroundings(),
    }
    if earlier is None:
        folder.write_manifest(manifest)
        folder.write_scenario(reading.resolved)

    wanted = range(1, scenario.replications + 1)
    missing = tuple(k for k in wanted if not folder.is_done(k, key, events=events))
    workers = min(workers, max(1, len(missing))) if workers else best_workers(scenario, len(missing))
    plan = Plan(scenario, folder.path, missing, workers)
    watcher.planned(plan)
    failures = _simulate(plan, key, folder, events, watcher) if missing else ()
    done = sorted({*wanted} - {failure.replication for failure in failures})
    if not done:
        raise ReplicationsFailed(failures)
    summary, weekly = summarise((folder.metrics(k, key) for k in done), scenario.start)
    result = RunResult(scenario, folder.path, len(done), summary, weekly, failures)
    keep_result(folder, key, result)
    folder.write_scenario(reading.resolved)
    folder.write_manifest({**manifest, "finished": len(done), "failed": [f.replication for f in failures]})
    return result


def _simulate(plan: Plan, key: RunKey, folder: RunFolder, events: bool, watcher: Watcher) -> tuple[Outcome, ...]:
    """Do the missing replications and return those that failed, by number."""
    # Here, because importing the model takes a second that a run with nothing left to do need not wait for.
    from sim.measure import tabulate
    from sim.model import simulate
    from sim.model.compiled import is_compiled, warm_up

    if not is_compiled():
        watcher.compiling()
        warm_up()  # in this process, so that the workers find it done
    watcher.simulating(plan)
    document = plan.scenario.model_dump(mode="json", by_alias=True)
    task = ReplicationTask(document, key, folder, events, given_caseload(plan.scenario), simulate, tabulate)
    failures = []
    try:
        with contextlib.closing(run_replications(task, plan.missing, plan.workers)) as outcomes:
            for outcome in outcomes:
                watcher.ended(plan, outcome)
                if outcome.error:
                    failures.append(outcome)
    finally:
        folder.sweep()
    return tuple(sorted(failures, key=lambda failure: failure.replication))
