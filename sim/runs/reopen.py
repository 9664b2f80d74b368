"""Opening the folder of a run that was summed up; what was damaged there is made again."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path, PurePath

from sim.runs.batch import simulate_missing
from sim.runs.errors import FolderError, ReplicationsFailed
from sim.runs.folder import SCENARIO, SUMMARY, SUMMARY_CSV, WEEKLY, RunFolder
from sim.runs.precision import Precision
from sim.runs.prepare import PreparedRun
from sim.runs.provenance import relative_path, run_key
from sim.runs.result import RunResult, numbers_in, sum_up
from sim.scenario import Scenario, read_saved
from sim.scenario.source.faults import join_words


def open_run(folder: Path | str) -> RunResult:
    """The result of a run that was summed up, from its folder; what is damaged of its tables is made again.

    Raises FolderError if there is none.
    """
    files = RunFolder(Path(folder))
    files.run_key()
    scenario = files.scenario()
    files.leases.clear_dead()
    if damaged := [name for name in files.damaged() if name in {*files.tables(), SUMMARY_CSV}]:
        _redo(files, scenario, damaged)
    summary, weekly = files.read_table(SUMMARY), files.read_table(WEEKLY)
    spans = json.loads(files.key_of(SUMMARY))["replications"]
    if not isinstance(spans, list):
        raise FolderError(
            f"{folder}: summed up by an earlier version of this program; run the same command again, which "
            "manifest.json names under command."
        )
    until = (files.manifest() or {}).get("until")
    precision = Precision.from_plain(until) if until else None
    return RunResult(scenario, files.path, numbers_in(spans), summary, weekly, precision=precision)


def _redo(folder: RunFolder, scenario: Scenario, damaged: Sequence[str]) -> None:
    """Simulate and sum up again what is damaged, from the scenario saved in the folder.

    Raises FolderError if that cannot give the same: it is of another version of the program, or has a caseload file.
    """
    key, manifest = folder.run_key(), folder.manifest() or {}
    if scenario.caseload.file or run_key(scenario) != key:
        raise FolderError(
            f"{relative_path(folder.path)}: {join_words(damaged)} damaged; make this again with: "
            f"{manifest.get('command')}"
        )
    folder.say_damaged(damaged)
    spans = json.loads(folder.key_of(SUMMARY) or b"{}").get("replications")
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
