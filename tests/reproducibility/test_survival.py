"""Runs that survive: whatever is killed in the middle, the same line again gives the files of an undisturbed run."""

from __future__ import annotations

import contextlib
import json
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sim.runs.worker_processes import COPIES

pytestmark = pytest.mark.slow

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


# --- the lines of docs/several-machines.md --------------------------------------------------------------------------


def documented_lines(port: int, out: str) -> list[list[str]]:
    """The lines that start a cluster and a run on it, as written but for addresses, the size and the folder."""
    text = (ROOT / "docs" / "several-machines.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sh\n(.*?)```", text.partition("## A Dask cluster")[2], re.DOTALL)
    instead = {
        "tcp://10.0.0.5:8786": f"tcp://127.0.0.1:{port}",
        "--host 10.0.0.5": f"--host 127.0.0.1 --port {port}",
        "10.0.0.5:8787": "127.0.0.1:0",
        "scenarios/met.yaml --replications 400": f"scenarios/small.yaml --replications {REPLICATIONS} --no-figures",
        "/shared/met": out,
    }
    for written, here in instead.items():
        assert written in block
        block = block.replace(written, here)
    return [shlex.split(line, comments=True) for line in block.splitlines()]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.slow
def test_the_documented_cluster_of_which_one_worker_is_killed(tmp_path: Path) -> None:
    """Typed in the program's folder, with the program's Python first on the path and nothing else to help."""
    pytest.importorskip("distributed")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("PYTHONPATH", None)
    scheduler_line, worker_line, run_line = documented_lines(free_port(), str(tmp_path / "cluster" / "run"))
    alone = [word for word in run_line if word != "--cluster" and not word.startswith("tcp://")]
    (tmp_path / "alone").mkdir()
    (tmp_path / "cluster").mkdir()

    def begin(line: list[str], log: str) -> psutil.Popen:
        with (tmp_path / log).open("w") as words:
            return psutil.Popen(line, cwd=ROOT, env=environment, stdout=words, stderr=words)

    begun: list[psutil.Process] = []
    try:
        begun.append(begin(scheduler_line, "scheduler"))
        wait_for(lambda: "Scheduler at" in (tmp_path / "scheduler").read_text())
        listening = {each.laddr.ip for each in begun[0].net_connections() if each.status == psutil.CONN_LISTEN}
        assert listening == {"127.0.0.1"}
        begun.append(begin(worker_line, "worker"))
        wait_for(lambda: "Registered to" in (tmp_path / "worker").read_text())
        run = begin(run_line, "run")
        begun.append(run)
        wait_until_done(tmp_path / "cluster", 3)
        workers = [each for each in begun[1].children(recursive=True) if "spawn_main" in " ".join(each.cmdline())]
        workers[0].kill()
        assert done(tmp_path / "cluster") < REPLICATIONS
        assert run.wait(PATIENCE_SECONDS) == 0, (tmp_path / "run").read_text()
    finally:
        for process in begun:
            for each in [*process.children(recursive=True), process] if process.is_running() else []:
                with contextlib.suppress(psutil.NoSuchProcess):
                    each.kill()
            process.wait()
    there = [word.replace(f"{tmp_path}/cluster", f"{tmp_path}/alone") for word in alone]
    assert begin(there, "again").wait(PATIENCE_SECONDS) == 0, (tmp_path / "again").read_text()
    assert_same(tmp_path / "cluster", tmp_path / "alone")
