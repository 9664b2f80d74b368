"""Runs that survive: whatever is killed in the middle, the same line again gives the files of an undisturbed run."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.experiment.starting import COPIES

psutil = pytest.importorskip("psutil")

ROOT = Path(__file__).parents[2]
REPLICATIONS = 60
LINE = [
    *(sys.executable, "-m", "sim", "run", str(ROOT / "scenarios" / "small.yaml"), "--set", "end=2025-02-28"),
    *("--replications", str(REPLICATIONS), "--no-figures", "--out", "run"),
]
PATIENCE_SECONDS = 120


def start(folder: Path, *further: str, **how: Any) -> psutil.Popen:
    """Begin the run in a folder of its own, from where its line reads the same as everywhere."""
    folder.mkdir(exist_ok=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    log = (folder / "log").open("a")
    return psutil.Popen([*LINE, *further], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=log, **how)


def finish(folder: Path, *further: str) -> None:
    process = start(folder, *further)
    assert process.wait(PATIENCE_SECONDS) == 0, (folder / "log").read_text()


def files(folder: Path) -> dict[str, bytes]:
    """What every file of a run holds, hidden ones too; of the manifest all but when it was made."""
    found = {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    manifest = json.loads(found["manifest.json"])
    del manifest["created"]
    return {**found, "manifest.json": json.dumps(manifest).encode()}


def assert_same(folder: Path, expected: Path) -> None:
    found, wanted = files(folder / "run"), files(expected / "run")
    assert sorted(found) == sorted(wanted)
    assert [name for name in found if found[name] != wanted[name]] == []


def wait_for(what: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not what():
        assert time.monotonic() < end
        time.sleep(0.01)


def done(folder: Path) -> int:
    return len(list((folder / "run" / "replications").glob("*.parquet")))


def wait_until_done(folder: Path, replications: int) -> None:
    wait_for(lambda: done(folder) >= replications)


def kill_a_worker(process: psutil.Process) -> None:
    """Workers are children of the run, or copies of one of them that has loaded the model."""
    began_with = "forkserver" if COPIES else "spawn_main"
    child = next(child for child in process.children() if began_with in " ".join(child.cmdline()))
    (child.children()[0] if COPIES else child).kill()


@pytest.mark.skipif(not COPIES, reason="where processes cannot be copied, nobody waits for the one to be copied")
def test_stopped_while_workers_load_it_ends_at_once_and_without_a_word_from_them(tmp_path: Path) -> None:
    def listen() -> None:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # who is started in the background does not, as a rule

    process = start(tmp_path, "--workers", "2", preexec_fn=listen)
    wait_for(lambda: "Simulating" in (tmp_path / "log").read_text())
    others = process.children(recursive=True)
    process.send_signal(signal.SIGINT)
    assert process.wait(PATIENCE_SECONDS) == 130
    assert not psutil.wait_procs(others, PATIENCE_SECONDS)[1]
    assert (tmp_path / "log").read_text().splitlines()[-1].startswith(f"Stopped. 0 of {REPLICATIONS}")


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("undisturbed")
    finish(folder, "--workers", "1")
    assert done(folder) == REPLICATIONS
    return folder


def test_a_killed_worker_and_then_the_killed_parent(undisturbed: Path, tmp_path: Path) -> None:
    process = start(tmp_path, "--workers", "2")
    wait_until_done(tmp_path, 5)
    process.suspend()  # so that it gives nothing out while we look
    kill_a_worker(process)
    before = done(tmp_path)
    process.resume()
    wait_until_done(tmp_path, before + 10)  # it went on without the worker
    process.kill()
    process.wait()
    assert before + 10 <= done(tmp_path) < REPLICATIONS
    finish(tmp_path, "--workers", "2")
    assert_same(tmp_path, undisturbed)


def test_two_shards_of_which_one_is_killed(undisturbed: Path, tmp_path: Path) -> None:
    first, second = (start(tmp_path, "--workers", "1", "--shard", f"{number}/2") for number in (1, 2))
    wait_for(lambda: (tmp_path / "run" / "replications" / "0005.parquet").exists())
    first.kill()
    first.wait()
    assert done(tmp_path) < REPLICATIONS
    assert second.wait(PATIENCE_SECONDS) == 0, (tmp_path / "log").read_text()
    assert not (tmp_path / "run" / "summary.csv").exists()
    finish(tmp_path, "--workers", "1", "--shard", "1/2")  # the last one sums up
    assert_same(tmp_path, undisturbed)


def test_the_same_line_twice_at_once_shares_the_work(undisturbed: Path, tmp_path: Path) -> None:
    both = [start(tmp_path, "--workers", "1") for _ in range(2)]
    for process in both:
        assert process.wait(PATIENCE_SECONDS) == 0, (tmp_path / "log").read_text()
    assert_same(tmp_path, undisturbed)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[psutil.Popen]]]:
    """The address of a Dask scheduler on this machine, and its two workers."""
    pytest.importorskip("distributed")
    about = tmp_path / "scheduler.json"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with contextlib.ExitStack() as stack:

        def begin(*line: str) -> psutil.Popen:
            log = stack.enter_context((tmp_path / "dask.log").open("a"))
            dask = [sys.executable, "-m", "dask", *line, "--no-dashboard", "--scheduler-file", str(about)]
            process = psutil.Popen(dask, cwd=tmp_path, env=environment, stdout=log, stderr=log)
            stack.callback(process.wait, PATIENCE_SECONDS)
            stack.callback(lambda: process.is_running() and process.kill())
            return process

        begin("scheduler", "--host", "127.0.0.1", "--port", "0")
        wait_for(lambda: about.exists() and about.read_text().rstrip().endswith("}"))
        workers = [begin("worker", "--host", "127.0.0.1", "--nthreads", "1", "--no-nanny") for _ in range(2)]
        yield json.loads(about.read_text())["address"], workers


def test_a_cluster_of_which_one_worker_is_killed(
    undisturbed: Path, tmp_path: Path, cluster: tuple[str, list[psutil.Popen]]
) -> None:
    address, workers = cluster
    from distributed import Client

    with Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=PATIENCE_SECONDS)
    process = start(tmp_path, "--cluster", address)
    wait_until_done(tmp_path, 5)
    workers[0].kill()
    assert done(tmp_path) < REPLICATIONS
    assert process.wait(PATIENCE_SECONDS) == 0, (tmp_path / "log").read_text()
    assert_same(tmp_path, undisturbed)
