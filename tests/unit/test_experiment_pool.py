"""Replications on several processes: what fails or is killed costs itself and nothing else."""

import contextlib
import multiprocessing
import time
from pathlib import Path

import pytest
from pool_fake import Task, full_disk

from sim.experiment.errors import FolderError
from sim.experiment.pool import Outcome, run_replications


def run(task: Task, last: int, workers: int = 2) -> dict[int, Outcome]:
    return {outcome.replication: outcome for outcome in run_replications(task, range(1, last + 1), workers)}


def marked(folder: Path, word: str) -> set[int]:
    return {int(file.name.split()[1]) for file in folder.iterdir() if file.name.startswith(word)}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failing_replication_is_told_and_sinks_nothing(tmp_path: Path, workers: int) -> None:
    outcomes = run(Task(tmp_path, fails=(2,)), 5, workers)
    assert outcomes.keys() == {1, 2, 3, 4, 5}
    assert marked(tmp_path, "done") == {1, 3, 4, 5}
    assert outcomes[2].error == "ArithmeticError: no luck in 2"
    assert "pool_fake.py" in outcomes[2].traceback
    assert [k for k, outcome in outcomes.items() if outcome.error] == [2]


def test_a_killed_worker_costs_only_time(tmp_path: Path) -> None:
    outcomes = run(Task(tmp_path, kills_once=(2,)), 7)
    assert marked(tmp_path, "killed") == {2}
    assert marked(tmp_path, "done") == {1, 2, 3, 4, 5, 6, 7} == outcomes.keys()
    assert not any(outcome.error for outcome in outcomes.values())


def test_a_replication_that_always_kills_its_worker_is_given_up_alone(tmp_path: Path) -> None:
    outcomes = run(Task(tmp_path, kills=(2,)), 4)
    assert marked(tmp_path, "done") == {1, 3, 4}
    assert outcomes[2].error == "its worker process was killed each time, perhaps for want of memory"
    assert [k for k, outcome in outcomes.items() if outcome.error] == [2]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_disk_that_refuses_ends_the_batch(workers: int) -> None:
    with pytest.raises(FolderError, match="the disk is full"):
        list(run_replications(full_disk, range(1, 4), workers))


def test_closing_stops_the_workers_at_once(tmp_path: Path) -> None:
    before = set(multiprocessing.active_children())
    began = time.monotonic()
    with contextlib.closing(run_replications(Task(tmp_path, hangs=(2, 3, 4)), range(1, 6), 2)) as outcomes:
        assert next(outcomes).replication in (1, 5)
    assert time.monotonic() - began < 30
    assert set(multiprocessing.active_children()) == before
