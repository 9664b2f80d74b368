"""A cluster that cannot be used is reported in words, before anything is simulated."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.runs import cluster
from sim.runs.cluster import Cluster, ClusterError, open_cluster
from sim.runs.errors import FolderError
from sim.runs.task import Job
from tests.support.fake_jobs import Task, full_disk

ADDRESS = "tcp://10.0.0.5:8786"


class Workers:
    """A client whose two workers, on one machine, answer as they are reported to."""

    status = "running"

    def __init__(self, **answers: object) -> None:
        self.answers = answers
        self.asked: list[tuple[str, list[str] | None]] = []

    def nthreads(self) -> dict[str, int]:
        return {"tcp://10.0.0.6:40001": 1, "tcp://10.0.0.6:40002": 1}

    def run(
        self, question: Callable, *arguments: object, workers: list[str] | None, on_error: str
    ) -> dict[str, object]:
        name = question.__name__.removeprefix("_")
        self.asked.append((name, workers))
        answer = self.answers[name] if name in self.answers else question(*arguments)
        return dict.fromkeys(workers or self.nthreads(), answer)


def refused(client: Any, *folders: Path) -> str:
    with pytest.raises(ClusterError) as error:
        Cluster(ADDRESS, client).get_ready(folders, lambda *_: None)
    return str(error.value).removeprefix("--cluster tcp://10.0.0.5:8786: the worker at tcp://10.0.0.6:40001 ")


def test_a_worker_of_another_version_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "code_version", lambda: "0.1.0+new")
    assert refused(Workers(about=("0.0.9+old", True))) == (
        "runs another version of the program (0.0.9+old, not 0.1.0+new); bring both to the same version and start the "
        "worker anew."
    )


def test_a_worker_that_does_not_find_the_program_is_refused() -> None:
    missing = ModuleNotFoundError("No module named 'sim'", name="sim")
    assert refused(Workers(about=missing)) == (
        "does not find the module sim; start it in the folder of the program, with the program's own Python: "
        "python -m dask worker tcp://10.0.0.5:8786 --nworkers auto --nthreads 1."
    )


def test_a_folder_that_the_workers_do_not_see_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "manifest.json").write_text("{}")
    assert refused(Workers(about=(cluster.code_version(), True), sees=""), tmp_path / "run") == (
        "does not find run or may not write there; all machines of a cluster must share that folder under the same "
        "path: choose one with --out."
    )
    shared = Workers(about=(cluster.code_version(), True))
    Cluster(ADDRESS, shared).get_ready([tmp_path / "run"], lambda *_: pytest.fail("it is compiled"))


def test_one_worker_of_each_machine_compiles_if_it_has_to() -> None:
    shown: list[str] = []
    cold = Workers(about=(cluster.code_version(), False), warm_up=None)
    Cluster(ADDRESS, cold).get_ready([], lambda *_: shown.append("compiling"))
    assert shown == ["compiling"]
    assert cold.asked == [("about", None), ("warm_up", ["tcp://10.0.0.6:40002"])]


def begin(address: str) -> None:
    with open_cluster(address):
        pass


def test_no_workers_no_address_no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Workers, "nthreads", lambda self: {})
    with pytest.raises(
        ClusterError, match="the scheduler has no workers; start some in the folder of the program with"
    ):
        Cluster(ADDRESS, Workers())
    with pytest.raises(ClusterError, match=r"write the address of a Dask scheduler, such as tcp://10\.0\.0\.5:8786"):
        begin("localhost")
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ClusterError, match=r"the package distributed is not installed; .* python -m pip install dist"):
        begin(ADDRESS)


def test_an_address_where_nobody_answers_is_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(cluster, "PATIENCE_SECONDS", 1)
    with socket.socket() as taken:  # bound and not listening: no scheduler can be there
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(ClusterError, match="no scheduler answers there within 1 s; is the address right"):
            begin(f"tcp://127.0.0.1:{taken.getsockname()[1]}")


@pytest.fixture(scope="module")
def local() -> Iterator[Cluster]:
    """A cluster of one worker, a thread of this process."""
    distributed = pytest.importorskip("distributed")
    options = {"n_workers": 1, "threads_per_worker": 1, "processes": False, "dashboard_address": None}
    with (
        distributed.LocalCluster(**options, protocol="tcp", host="127.0.0.1") as started,
        open_cluster(started.scheduler_address) as opened,
    ):
        yield opened


def test_a_failing_replication_is_reported_and_sinks_nothing(local: Cluster, tmp_path: Path) -> None:
    task = Task(tmp_path, fails=(2,))
    ended = {outcome.replication: outcome for _, outcome in local.do(Job(task, k) for k in range(1, 6))}
    assert ended.keys() == {1, 2, 3, 4, 5}
    assert ended[2].error == "ArithmeticError: failed in 2"
    assert "fake_jobs.py" in ended[2].traceback
    assert sorted(file.name for file in tmp_path.iterdir()) == ["done 1", "done 3", "done 4", "done 5"]


def test_a_disk_that_refuses_ends_the_batch(local: Cluster) -> None:
    with pytest.raises(FolderError, match="the disk is full"):
        list(local.do(Job(full_disk, k) for k in range(1, 4)))


def test_work_that_comes_later_is_waited_for(local: Cluster, tmp_path: Path) -> None:
    item, two = (Job(Task(tmp_path), k) for k in (1, 2))
    ended = [outcome.replication for _, outcome in local.do(iter([None, item, None, two, None]))]
    assert sorted(ended) == [1, 2]


def test_a_worker_that_comes_late_with_another_version_does_nothing(tmp_path: Path) -> None:
    outcome = cluster._attempt(Task(tmp_path), 3, "0.0.9+old")
    assert outcome.error.startswith("its worker runs another version of the program (")
    assert list(tmp_path.iterdir()) == []
