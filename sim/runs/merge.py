"""Summing up what is there: of a run in parts, of one that was stopped, or of folders from several machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.runs.errors import FolderError
from sim.runs.folder import SCENARIO, RunFolder, differences
from sim.runs.provenance import RunKey, relative_path
from sim.runs.result import RunResult, sum_up


@dataclass(frozen=True)
class Merged:
    """The result of what is there, and the replications that are not."""

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
        differing = differences(source.manifest() or {}, key)
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
    return _summed_up(target, key)


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


def _summed_up(folder: RunFolder, key: RunKey) -> Merged:
    manifest = folder.manifest() or {}
    there = [k for k in folder.replications() if folder.is_done(k, key, events=False)]
    if not there:
        raise FolderError(f"{relative_path(folder.path)}: no replication is here that could be summed up.")
    missing = tuple(sorted({*range(1, manifest["replications"] + 1)} - {*there}))
    with folder.leases.summing_up():
        result = sum_up(folder, key, folder.scenario(), there)
        manifest.pop("until", None)
        folder.write_manifest({**manifest, "finished": len(there), "failed": []})
    return Merged(result, missing)


def to_json(merged: Merged) -> str:
    """The summary for machines, with the replications that are missing."""
    return json.dumps({**json.loads(merged.result.to_json()), "missing": merged.missing}, indent=2, ensure_ascii=False)
