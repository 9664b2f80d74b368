"""Many points of one scenario, a few replications each, of which only the values are saved, in one file a point."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

import pandas as pd

from sim.runs import task
from sim.runs.disk import writing
from sim.runs.errors import FolderError
from sim.runs.files import Files
from sim.runs.pool import Job, Pool
from sim.runs.provenance import RunKey, run_key
from sim.runs.run_plan import Plan, ProgressListener, RunPlan
from sim.runs.summary import ReplicationsTable
from sim.scenario import Scenario


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
        """The file of the point."""
        return f"{self.key.short}.parquet"

    @property
    def key_text(self) -> bytes:
        """What the file must say of itself."""
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
        table = values.melt(ignore_index=False).reset_index()[[*values.columns.names, "replication", "value"]]
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
    points = [PointTask(each, run_key(each), store, replications) for each in scenarios]
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
