"""Opening the folder of a run, and summing up what is there: of a run that was stopped, or from several machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path, PurePath
from typing import NamedTuple

from sim.runs.arguments import check
from sim.runs.batch import simulate_missing, sum_up
from sim.runs.errors import FolderError, ReplicationsFailed
from sim.runs.folder import SCENARIO, SUMMARY, SUMMARY_CSV, WEEKLY, RunFolder, run_differs
from sim.runs.precision import Precision
from sim.runs.prepare import PreparedRun
from sim.runs.provenance import RunKey, relative_path, run_key
from sim.runs.result import RunResult, numbers_in
from sim.scenario import Scenario, read_saved
from sim.scenario.source.faults import join_words


def open_run(folder: Path | str) -> RunResult:
    """The result of a run that was summed up, from its folder; what is damaged of its tables is made again.

    Raises FolderError if there is none.
    """
    check(open_run, locals())
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
            f"{folder}: summed up by an earlier version of this program; make it again with: {files.command()}"
        )
    until = (files.manifest() or {}).get("until")
    precision = Precision.from_plain(until) if until else None
    return RunResult(scenario, files.path, numbers_in(spans), summary, weekly, precision=precision)


def _redo(folder: RunFolder, scenario: Scenario, damaged: Sequence[str]) -> None:
    """Simulate and sum up again what is damaged, from the scenario saved in the folder.

    Raises FolderError if that cannot give the same: it is of another version of the program, or has a caseload file.
    """
    key, manifest = folder.run_key(), folder.manifest() or {}
    if scenario.caseload.file or run_key(scenario.content_hash, scenario.seed) != key:
        raise FolderError(
            f"{relative_path(folder.path)}: {join_words(damaged)} damaged; make this again with: {folder.command()}"
        )
    folder.say_damaged(damaged)
    spans = json.loads(folder.key_of(SUMMARY) or b"{}").get("replications")
    numbers = [int(PurePath(name).stem) for name in damaged if "/" in name]
    reading = read_saved(folder.path / SCENARIO)
    events = any(name.startswith("events/") for name in folder.tables())
    prepared = PreparedRun(reading, key, folder, events, False, manifest)
    failures = simulate_missing([(prepared, numbers)])[prepared]
    if failures:
        raise ReplicationsFailed(failures)
    if len(numbers) < len(damaged):
        there = [k for k in folder.replications() if folder.is_done(k, key, events=False)]
        with folder.leases.summing_up():
            sum_up(folder, key, scenario, numbers_in(spans) if spans else there)


class Merged(NamedTuple):
    result: RunResult
    missing: tuple[int, ...]


def merge(folders: Sequence[Path | str], out: Path | str | None = None) -> Merged:
    """Sum up the replications that are in a folder, or bring those of several folders of one run together in `out`.

    Raises FolderError if a folder holds no run, another run than the first one, or not one replication.
    """
    sources = [RunFolder(Path(folder)) for folder in folders]
    key = sources[0].run_key()
    for source in sources[1:]:
        source.run_key()
        differing = run_differs(source.manifest() or {}, key)
        if differing:
            raise FolderError(
                f"{relative_path(source.path)}: this folder holds a run of {differing}; only folders of one run can be "
                f"merged, and {relative_path(sources[0].path)} says which. Nothing was written."
            )
    if out is None and len(sources) > 1:
        raise FolderError(
            f"{len(sources)} folders to merge and nowhere to put the whole: name a new folder with --out."
        )
    target = sources[0] if out is None else RunFolder(Path(out))
    for folder in {source.path: source for source in (*sources, target)}.values():
        folder.say_damaged(folder.damaged(), "left out")
    target.reserve(key)
    if out is not None:
        _bring_together([source for source in sources if source.path != target.path], target, key)
    manifest = target.manifest() or {}
    there = [k for k in target.replications() if target.is_done(k, key, events=False)]
    if not there:
        raise FolderError(f"{relative_path(target.path)}: no replication is here that could be summed up.")
    with target.leases.summing_up():
        result = sum_up(target, key, target.scenario(), there)
        manifest.pop("until", None)
        target.write_manifest({**manifest, "finished": len(there), "failed": []})
    return Merged(result, tuple(sorted({*range(1, manifest["replications"] + 1)} - {*there})))


def _bring_together(sources: Sequence[RunFolder], target: RunFolder, key: RunKey) -> None:
    """Copy what the target lacks; of the manifests the one that asks for most replications speaks for all."""
    manifests = [manifest for folder in (*sources, target) if (manifest := folder.manifest())]
    most = max(manifests, key=lambda manifest: manifest["replications"])
    first = min(manifest["created"] for manifest in manifests)
    target.write_manifest({**most, "created": first, "finished": 0, "failed": []})
    fullest = max(sources, key=lambda folder: (folder.manifest() or {})["replications"], default=target)
    if fullest is not target:
        fullest.scenario()  # complains if it is damaged
        target.write(SCENARIO, (fullest.path / SCENARIO).read_bytes())
    for source in sources:
        for replication in source.replications():
            for events in (True, False):  # the events first: with its metrics a replication counts as done
                target.adopt(source, replication, key, events=events)


def to_json(merged: Merged) -> str:
    """The summary for machines, with the replications that are missing."""
    return json.dumps({**json.loads(merged.result.to_json()), "missing": merged.missing}, indent=2, ensure_ascii=False)
