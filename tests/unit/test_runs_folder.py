"""The run folder: whose it is, what counts as done, and that nothing half-written looks whole."""

import errno
import os
import re
from pathlib import Path

import pandas as pd
import pytest

from sim.runs.errors import FolderError
from sim.runs.folder import RunFolder
from sim.runs.provenance import RunKey, repeating_command

KEY = RunKey("a1" * 32, "0.1.0+abc", 7)
OTHER_SCENARIO = RunKey("b2" * 32, "0.1.0+abc", 7)
OTHER_CODE = RunKey("a1" * 32, "0.1.0+def", 7)
METRICS = pd.DataFrame({"statistic": ["at_end"] * 200, "metric": "overdue_visits", "value": range(200)})


def leased(path: Path, key: RunKey = KEY) -> RunFolder:
    folder = RunFolder(path)
    if folder.reserve(key) is None:
        folder.write_manifest({"scenario_hash": key.scenario_hash, "code_version": key.code_version, "seed": key.seed})
    return folder


def contents(path: Path) -> set[str]:
    return {file.relative_to(path).as_posix() for file in path.rglob("*") if file.is_file()}


def test_a_new_folder_is_made_with_its_parents(tmp_path: Path) -> None:
    leased(tmp_path / "results" / "met-1")
    assert contents(tmp_path) == {"results/met-1/manifest.json"}


def test_the_same_run_goes_on(tmp_path: Path) -> None:
    leased(tmp_path).save_replication(1, KEY, METRICS, None)
    again = RunFolder(tmp_path)
    assert (again.reserve(KEY) or {})["seed"] == 7
    assert again.is_done(1, KEY, events=False)
    assert not again.is_done(2, KEY, events=False)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (OTHER_SCENARIO, "a run of another scenario (a1a1a1a1, not b2b2b2b2)"),
        (OTHER_CODE, "a run of another version of the program (0.1.0+abc, not 0.1.0+def)"),
        (RunKey(KEY.scenario_hash, KEY.code_version, 8), "a run of seed 7, not 8"),
    ],
)
def test_another_run_is_refused_with_the_repair(tmp_path: Path, other: RunKey, why: str) -> None:
    leased(tmp_path).save_replication(1, KEY, METRICS, None)
    before = contents(tmp_path)
    with pytest.raises(FolderError) as refused:
        RunFolder(tmp_path).reserve(other)
    assert str(refused.value) == (
        f"{tmp_path}: this folder holds {why}; nothing was written. "
        "Replace it with --fresh, or keep both with --out FOLDER."
    )
    assert contents(tmp_path) == before


def test_fresh_replaces_only_what_a_run_writes(tmp_path: Path) -> None:
    folder = leased(tmp_path)
    folder.save_replication(1, KEY, METRICS, METRICS)
    for ours in ("summary.csv", "figures/backlog.svg"):
        folder.write(ours, b"old")
    theirs = {"notes.txt", "replications/notes.txt", "figures/mine.pdf"}
    for name in theirs:
        (tmp_path / name).write_text("mine")
    assert RunFolder(tmp_path).reserve(OTHER_SCENARIO, fresh=True) is None
    # The manifest stays until the new run writes its own, so that the folder is known as a run's at any moment.
    assert contents(tmp_path) == theirs | {"manifest.json"}


@pytest.mark.parametrize("fresh", [False, True])
def test_a_folder_of_somebody_else_is_never_touched(tmp_path: Path, fresh: bool) -> None:
    (tmp_path / "manifest.json").write_text('{"name": "a web page"}')
    (tmp_path / "summary.csv").write_text("mine")
    with pytest.raises(FolderError, match="holds files that are no run of this program; nothing was written"):
        RunFolder(tmp_path).reserve(KEY, fresh=fresh)
    assert contents(tmp_path) == {"manifest.json", "summary.csv"}


def test_a_file_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file")
    for path in (tmp_path / "results", tmp_path / "results" / "met-1"):
        with pytest.raises(FolderError, match=r"results.*: cannot be written, a file .* in the way"):
            RunFolder(path).reserve(KEY)


def test_a_file_of_another_run_or_a_damaged_one_is_not_done(tmp_path: Path) -> None:
    folder = leased(tmp_path)
    folder.save_replication(1, KEY, METRICS, None)
    file = tmp_path / "replications" / "0001.parquet"
    assert folder.is_done(1, KEY, events=False)
    assert not folder.is_done(1, OTHER_SCENARIO, events=False)
    assert not folder.is_done(1, KEY, events=True)

    whole = file.read_bytes()
    file.rename(file.with_name("0002.parquet"))
    assert not folder.is_done(2, KEY, events=False)
    flipped = bytearray(whole)
    flipped[len(whole) // 8] ^= 0xFF
    METRICS.to_parquet(tmp_path / "keyless.parquet")
    for damaged in (
        whole[:-1],
        whole[: len(whole) // 2],
        b"",
        bytes(flipped),
        (tmp_path / "keyless.parquet").read_bytes(),
    ):
        file.write_bytes(damaged)
        assert not folder.is_done(1, KEY, events=False)
    file.write_bytes(whole)
    assert folder.is_done(1, KEY, events=False)


@pytest.mark.parametrize("transition", ["fsync", "replace"])
def test_a_full_disk_leaves_nothing_that_looks_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, transition: str
) -> None:
    folder = leased(tmp_path)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(*{"fsync": (os, "fsync"), "replace": (Path, "replace")}[transition], full)
    with pytest.raises(FolderError) as refused:
        folder.save_replication(1, KEY, METRICS, None)
    assert str(refused.value) == (
        f"{tmp_path / 'replications' / '0001.parquet'}: cannot be written, the disk is full; "
        "free some space and run the same command again, or choose another folder with --out."
    )
    assert contents(tmp_path) == {"manifest.json"}


def test_a_folder_that_may_not_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(self: Path, *_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", forbidden)
    with pytest.raises(FolderError, match=r"met-1: cannot be written, you may not write there; choose another folder"):
        RunFolder(tmp_path / "met-1").reserve(KEY)


def test_only_temporary_files_of_dead_runs_are_swept_at_the_start(tmp_path: Path) -> None:
    """Also in a folder that was not yet known as a run's when the program was killed."""
    elsewhere = "0123456789ab-1-89abcdef"
    names = (f".manifest.json.{elsewhere}.part", f".0001.parquet.{elsewhere}.part", ".manifest.json.0123abcd.part")
    young, old, dead = (tmp_path / name for name in names)
    for partial in (young, old, dead):
        partial.write_bytes(b"half")
    os.utime(old, (0, 0))
    RunFolder(tmp_path).reserve(KEY)
    assert contents(tmp_path) == {young.name}
    leased(tmp_path)
    dead.write_bytes(b"half")
    RunFolder(tmp_path).reserve(KEY)
    assert contents(tmp_path) == {"manifest.json", young.name}


def test_the_same_table_is_the_same_file(tmp_path: Path) -> None:
    folder = leased(tmp_path)
    folder.save_replication(1, KEY, METRICS, None)
    first = (tmp_path / "replications" / "0001.parquet").read_bytes()
    folder.save_replication(1, KEY, METRICS.copy(), None)
    assert (tmp_path / "replications" / "0001.parquet").read_bytes() == first
    assert re.search(rb'"replication": 1, "scenario_hash"', first)


def test_the_repeating_line_names_no_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home" / "alice"
    home.mkdir(parents=True)
    monkeypatch.chdir(home)

    def line(scenario: Path, out: Path | None) -> str:
        settings = ["officers.total=320", "name=two words"]
        return repeating_command(scenario, settings, replications=60, seed=None, events=True, out=out)

    expected = "python -m sim run {} --set officers.total=320 --set 'name=two words' --replications 60 --events"
    assert line(Path("scenarios/met.yaml"), None) == expected.format("scenarios/met.yaml")
    assert line(home / "met.yaml", Path("runs/a")) == expected.format("met.yaml") + " --out runs/a"
    assert line(tmp_path / "met.yaml", None) == expected.format("met.yaml")
    assert line(Path("../bob/met.yaml"), tmp_path / "runs") == expected.format("met.yaml") + " --out runs"
