"""Before a run: its scenario read, its key known, its folder found and reserved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from sim.runs.folder import SCENARIO, RunFolder
from sim.runs.load import load
from sim.runs.provenance import RunKey, environment, repeating_command, run_key
from sim.runs.run_plan import RunPlan
from sim.scenario import LoadedScenario, Scenario
from sim.scenario.settings import asked

RESULTS = Path("results")


@dataclass(frozen=True, eq=False)
class PreparedRun:
    """A run that could begin: its scenario is read, its key and its folder are known; `reserve` writes first."""

    reading: LoadedScenario
    """With the replications and the seed that were asked for."""
    key: RunKey
    folder: RunFolder
    events: bool
    fresh: bool
    """Is another run in the folder to be replaced?"""
    manifest: dict[str, Any]
    """What the folder says about the run, but for how it ended."""

    @property
    def scenario(self) -> Scenario:
        return self.reading.scenario

    @property
    def replications(self) -> range:
        return range(1, self.scenario.replications + 1)

    def plan(self, replications: Iterable[int]) -> RunPlan:
        wanted = tuple(sorted(set(replications)))
        return RunPlan(self.scenario, self.folder.path, wanted, self.missing(wanted), self.events)

    def missing(self, replications: Iterable[int]) -> tuple[int, ...]:
        """Those of these replications that the folder does not hold."""
        is_done = self.folder.is_done
        return tuple(k for k in replications if not is_done(k, self.key, events=self.events))

    def expected(self, replications: Sequence[int] | None = None) -> RunPlan:
        """What there will be to do, by the names of the files that are there; nothing is read or written."""
        wanted = self.replications if replications is None else replications
        there = set() if self.fresh else set(self.folder.replications(events=self.events))
        missing = [k for k in wanted if k not in there] if there else wanted
        return RunPlan(self.scenario, self.folder.path, wanted, missing, self.events)

    def reserve(self) -> PreparedRun:
        """Make the folder ready for this run, or for going on with what is there. Raises FolderError."""
        earlier = self.folder.reserve(self.key, fresh=self.fresh) or {}
        self.folder.remove_damaged()
        created = earlier.get("created") or dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
        manifest = {**self.manifest, "created": created, **environment()}
        grows = earlier.get("replications", 0) < self.scenario.replications
        if grows:  # what is finished of an earlier run stays so until more is
            so_far = {name: (earlier or manifest).get(name) for name in ("finished", "failed")}
            self.folder.write_manifest({**manifest, **so_far})
        if grows or self.folder.read(SCENARIO) is None:  # damaged, or the program was killed before it wrote it
            self.folder.write_scenario(self.reading.resolved)
        return replace(self, manifest=manifest)


def prepare(
    scenario: Path | str | LoadedScenario,
    *,
    settings: Sequence[str] = (),
    from_: str | dt.date | None = None,
    replications: int | None = None,
    seed: int | None = None,
    events: bool = False,
    out: Path | str | None = None,
    fresh: bool = False,
    results: Path = RESULTS,
    further: Sequence[str] = (),
) -> PreparedRun:
    """Read a scenario and find the folder of its run; nothing is written yet.

    `settings` are `key=value` as after `--set`, from a date on if there is one (`from_`); `replications` and `seed`
    override the scenario. The folder is `out`, or one in `results`, named after the file and the key: another scenario,
    seed or version of the program has another key, so that no run stands in the way of another. `further` are words
    that belong to the command that reproduces the run. Raises ScenarioError.
    """
    loaded = load(scenario, settings=asked(settings, from_, replications=replications, seed=seed))
    file, out = loaded.file, None if out is None else Path(out)
    options = {"replications": replications, "seed": seed}
    reading = loaded.update({name: number for name, number in options.items() if number is not None})
    key = run_key(reading.scenario.content_hash, reading.scenario.seed)
    command = repeating_command(
        file, loaded.settings, replications=replications, seed=seed, events=events, out=out, further=further
    )
    manifest = {
        "scenario": reading.scenario.name,
        **asdict(key),
        "created": None,
        "command": command,
        "replications": reading.scenario.replications,
        "finished": 0,
        "failed": [],
        **({"changes": changes} if (changes := reading.built_on) else {}),
    }
    return PreparedRun(reading, key, RunFolder(out or results / f"{file.stem}-{key.short}"), events, fresh, manifest)
