"""The files of a run are the same to the last byte: by one worker or two, all at once or one by one, now and again."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.runs.folder import SUMMARY_TABLES
from sim.runs.run import run_scenario

ROOT = Path(__file__).parents[2]
EVERYTHING = Path(__file__).parent / "everything.yaml"
REPLICATIONS = 8


def run(folder: Path, workers: int = 1) -> dict[str, bytes]:
    """Run the scenario, with its events, into a folder; what all its tables hold."""
    run_scenario(EVERYTHING, replications=REPLICATIONS, workers=workers, events=True, out=folder)
    return tables(folder)


def tables(folder: Path) -> dict[str, bytes]:
    """The bytes of every Parquet file of a run by its name."""
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in sorted(folder.rglob("*.parquet"))}


def assert_same(found: dict[str, bytes], expected: dict[str, bytes]) -> None:
    assert list(found) == list(expected)
    assert [name for name in found if found[name] != expected[name]] == []


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a run by one worker."""
    folder = tmp_path_factory.mktemp("runs") / "once"
    run(folder)
    return folder


def test_every_replication_is_another_and_all_are_saved(once: Path):
    saved = tables(once)
    assert len(saved) == 2 * REPLICATIONS + len(SUMMARY_TABLES)
    assert len(set(saved.values())) == len(saved)


def test_running_twice_gives_the_same_bytes(once: Path, tmp_path: Path):
    assert_same(run(tmp_path / "again"), tables(once))


def test_two_workers_give_the_same_bytes_as_one(once: Path, tmp_path: Path):
    assert_same(run(tmp_path / "two", workers=2), tables(once))


def test_replication_7_alone_is_replication_7_among_others(once: Path, tmp_path: Path):
    """All but one are kept from before, so that a fresh process has that one to simulate and nothing else."""
    expected = tables(once)
    folder = tmp_path / "alone"
    shutil.copytree(once, folder)
    for table in ("replications/0007.parquet", "events/0007.parquet"):
        (folder / table).unlink()
    options = ["--replications", str(REPLICATIONS), "--events", "--no-figures", "--out", str(folder)]
    line = [sys.executable, "-m", "sim", "run", str(EVERYTHING), *options]
    process = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert process.returncode == 0, process.stderr
    assert f"{REPLICATIONS - 1} of them done already" in process.stderr
    assert_same(tables(folder), expected)
