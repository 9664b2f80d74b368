"""Before a run: its scenario read, its key known, its folder reserved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sim.runs.folder import SCENARIO, RunFolder
from sim.runs.load import load
from sim.runs.provenance import RunKey, environment, repeating_command, run_key
from sim.runs.run_plan import RunPlan
from sim.scenario import LoadedScenario, Scenario

RESULTS = Path("results")


@dataclass(frozen=True, eq=False)
class PreparedRun:
    """A run that could begin: the scenario is read and the folder is reserved for it."""

    scenario_file: Path
    settings: tuple[str, ...]
    """As after `--set`, with the replications and the seed that were asked for."""
    reading: LoadedScenario
    key: RunKey
    folder: RunFolder
    events: bool
    manifest: dict[str, Any]
    """What the folder says about the run, but for how it ended."""

    @property
    def scenario(self) -> Scenario:
        return self.reading.scenario

    @property
    def replications(self) -> range:
        """The numbers of the replications that the scenario asks for."""
        return range(1, self.scenario.replications + 1)

    def asking_for(self, replications: int) -> PreparedRun:
        reading = self.reading.update(replications=replications)
        return replace(self, reading=reading, manifest={**self.manifest, "replications": replications})

    def plan(self, replications: Iterable[int]) -> RunPlan:
        wanted = tuple(sorted(set(replications)))
        return RunPlan(self.scenario, self.folder.path, wanted, self.missing(wanted), self.events)

    def missing(self, replications: Iterable[int]) -> tuple[int, ...]:
        """Those of these replications that the folder does not hold."""
        is_done = self.folder.is_done
        return tuple(k for k in replications if not is_done(k, self.key, events=self.events))


def expected(
    reading: LoadedScenario,
    file: Path,
    replications: Sequence[int] | None = None,
    *,
    events: bool = False,
    out: Path | str | None = None,
    fresh: bool = False,
    results: Path = RESULTS,
) -> RunPlan:
    """What `prepare` would find to be done, by the names of the files that are there; nothing is read or written."""
    scenario = reading.scenario
    wanted = range(1, scenario.replications + 1) if replications is None else replications
    folder = RunFolder(Path(out) if out else results / f"{file.stem}-{run_key(scenario).short}")
    there = set() if fresh else set(folder.replications(events=events))
    missing = [k for k in wanted if k not in there] if there else wanted
    return RunPlan(scenario, folder.path, wanted, missing, events)


def prepare(
    scenario: Path | str | LoadedScenario,
    *,
    settings: Sequence[str] = (),
    replications: int | None = None,
    seed: int | None = None,
    events: bool = False,
    out: Path | str | None = None,
    fresh: bool = False,
    results: Path = RESULTS,
    further: Sequence[str] = (),
    weigh: Callable[[RunPlan], None] | None = None,
) -> PreparedRun:
    """Read a scenario and make a folder ready for its run, or find the folder in which to go on.

    `settings` are `key=value` as after `--set`; `replications` and `seed` override the scenario. The folder is
    `out`, or one in `results`, named after the file and the key: another scenario, seed or version of the program has
    another key, so that no run stands in the way of another. `further` are words that belong to the command that
    reproduces the run; `weigh` is called with what is to be done before anything is written, and may raise. Raises
    ScenarioError and FolderError.
    """
    loaded = load(scenario, settings=settings)
    file, out = loaded.file, None if out is None else Path(out)
    asked = {"replications": replications, "seed": seed}
    reading = loaded.update({name: number for name, number in asked.items() if number is not None})
    if weigh:
        weigh(expected(reading, file, events=events, out=out, fresh=fresh, results=results))
    key = run_key(reading.scenario)
    folder = RunFolder(out or results / f"{file.stem}-{key.short}")
    earlier = folder.reserve(key, fresh=fresh)
    folder.remove_damaged()
    manifest = {
        "scenario": reading.scenario.name,
        **asdict(key),
        "created": (earlier or {}).get("created") or dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "command": repeating_command(
            file, loaded.settings, replications=replications, seed=seed, events=events, out=out, further=further
        ),
        "replications": reading.scenario.replications,
        "finished": 0,
        "failed": [],
        **environment(),
        **({"changes": changes} if (changes := reading.built_on) else {}),
    }
    grows = earlier is None or earlier.get("replications", 0) < reading.scenario.replications
    if grows:  # what is finished of an earlier run stays so until more is
        so_far = {name: (earlier or manifest).get(name) for name in ("finished", "failed")}
        folder.write_manifest({**manifest, **so_far})
    if grows or folder.read(SCENARIO) is None:  # damaged, or the program was killed before it wrote it
        folder.write_scenario(reading.resolved)
    return PreparedRun(file, reading.settings, reading, key, folder, events, manifest)
