"""Before a run: its scenario read, its key known, its folder claimed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sim.experiment.folder import RunFolder
from sim.experiment.provenance import RunKey, repeating_command, run_key, surroundings
from sim.scenario import Reading, Scenario, read

RESULTS = Path("results")


@dataclass(frozen=True, eq=False)
class Prepared:
    """A run that could begin: the scenario is read and the folder is its own."""

    reading: Reading
    key: RunKey
    folder: RunFolder
    events: bool
    """Is every event kept as well?"""
    manifest: dict[str, Any]
    """What the folder says about the run, but for how it ended."""

    def __repr__(self) -> str:
        return f"<Prepared run of {self.scenario.name}, {len(self.replications)} replications, in {self.folder.path}>"

    @property
    def scenario(self) -> Scenario:
        return self.reading.scenario

    @property
    def replications(self) -> range:
        """The numbers of the replications that the scenario asks for."""
        return range(1, self.scenario.replications + 1)


def prepare(
    scenario_file: Path | str,
    *,
    settings: Sequence[str] = (),
    replications: int | None = None,
    seed: int | None = None,
    events: bool = False,
    out: Path | str | None = None,
    fresh: bool = False,
    results: Path = RESULTS,
) -> Prepared:
    """Read a scenario and make a folder ready for its run, or find the folder in which to go on.

    `settings` are `key=value` as after `--set`; `replications` and `seed` override the scenario. The folder is
    `out`, or one in `results`, named after the file and the key: another scenario, seed or version of the program has
    another key, so that no run stands in the way of another. Raises ScenarioError and FolderError.
    """
    scenario_file, out = Path(scenario_file), None if out is None else Path(out)
    overrides = {"replications": replications, "seed": seed}
    given = [f"{name}={number}" for name, number in overrides.items() if number is not None]
    reading = read(scenario_file, (*settings, *given))
    key = run_key(reading.scenario)
    folder = RunFolder(out or results / f"{scenario_file.stem}-{key.short}")
    earlier = folder.claim(key, fresh=fresh)
    manifest = {
        "scenario": reading.scenario.name,
        **asdict(key),
        "created": (earlier or {}).get("created") or dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "command": repeating_command(scenario_file, settings, **overrides, events=events, out=out),
        "replications": reading.scenario.replications,
        "finished": 0,
        "failed": [],
        **surroundings(),
    }
    if earlier is None:
        folder.write_manifest(manifest)
        folder.write_scenario(reading.resolved)
    return Prepared(reading, key, folder, events, manifest)
