"""Many points of one scenario, a few replications each, of which only the values are saved, in one file a point."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.runs.disk import writing
from sim.runs.files import Files
from sim.runs.pool import Compiling, Job, Outcome, Pool
from sim.runs.provenance import RunKey, run_key
from sim.runs.summary import ReplicationsTable
from sim.runs.task import Replications
from sim.scenario import Scenario

Ended = Callable[[Outcome], None]


@dataclass(frozen=True, eq=False)
class PointTask:
    """All replications of one point, simulated, measured and saved as one table, fit to be sent to a worker."""

    simulate: Replications
    key: RunKey
    folder: Files
    replications: int

    @classmethod
    def of(cls, scenario: Scenario, folder: Files, replications: int) -> PointTask:
        """The task of a scenario's first so many replications."""
        return cls(Replications.of(scenario), run_key(scenario), folder, replications)

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
                tables.append(self.simulate.lived(replication)[0])
            except Exception as error:
                seed = self.simulate.scenario.seed
                where = f"replication {replication} (seed {seed}): {type(error).__name__}: {error}"
                raise RuntimeError(where) from error
        values = ReplicationsTable.of(tables).by_replication(range(1, self.replications + 1))
        self.folder.write_table(self.name, _long(values), self.key_text)

    def saved(self) -> pd.DataFrame | None:
        """What the point came to, with a row for each replication, or None if that is not known yet."""
        if self.folder.key_of(self.name) != self.key_text:
            return None
        table = self.folder.read_table(self.name)
        columns = table[["metric", "group", "statistic"]].iloc[:: self.replications]
        values = table["value"].to_numpy().reshape(-1, self.replications).T
        numbers = pd.Index(range(1, self.replications + 1), name="replication")
        return pd.DataFrame(values, index=numbers, columns=pd.MultiIndex.from_frame(columns))


def _long(values: pd.DataFrame) -> pd.DataFrame:
    """One row for each quantity and replication, quantity by quantity."""
    quantities = values.columns.to_frame(index=False)
    table = quantities.loc[quantities.index.repeat(len(values))].reset_index(drop=True)
    return table.assign(replication=np.tile(values.index, len(quantities)), value=values.to_numpy().T.ravel())


def point_values(
    scenarios: Sequence[Scenario],
    folder: Path,
    replications: int,
    pool: Pool,
    ended: Ended,
    compiling: Compiling,
) -> list[pd.DataFrame | str]:
    """The values of the replications of each scenario, in the order of the scenarios; a text for one that failed.

    Whatever the folder holds is used again; equal scenarios are simulated once.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    store = Files(folder)
    store.leases.clear_dead()
    tasks = {task.name: task for task in (PointTask.of(scenario, store, replications) for scenario in scenarios)}
    store.say_damaged([name for name in tasks if store.is_damaged(name)])
    names = [f"{run_key(scenario).short}.parquet" for scenario in scenarios]
    missing = [task for task in tasks.values() if store.key_of(task.name) != task.key_text]
    errors: dict[str, str] = {}
    if missing:
        pool.get_ready([folder], compiling)
        jobs = iter([Job(task, number) for number, task in enumerate(missing, start=1)])
        try:
            with contextlib.closing(pool.do(jobs)) as outcomes:
                for job, outcome in outcomes:
                    ended(outcome)
                    if outcome.error:
                        errors[job.task.name] = outcome.error  # type: ignore[attr-defined]
        finally:
            store.sweep()
    found: dict[str, pd.DataFrame | str] = {}
    for name, task in tasks.items():
        values = task.saved()
        found[name] = errors.get(name, "its file has gone") if values is None else values
    return [found[name] for name in names]
