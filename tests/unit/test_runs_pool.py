"""Replications on several processes: what fails or is killed costs itself and nothing else."""

import contextlib
import multiprocessing
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sim.runs.errors import FolderError, Outcome
from sim.runs.pool import Pool, open_pool
from sim.runs.task import Job
from tests.support.fake_jobs import Task, full_disk


def jobs(task: Callable[[int], None], last: int) -> Iterator[Job]:
    return (Job(task, replication) for replication in range(1, last + 1))


def done_by(pool: Pool, task: Callable[[int], None], last: int) -> dict[int, Outcome]:
    return {outcome.replication: outcome for _, outcome in pool.do(jobs(task, last))}


def run(task: Callable[[int], None], last: int, workers: int = 2) -> dict[int, Outcome]:
    with open_pool(workers) as pool:
        return done_by(pool, task, last)


def marked(folder: Path, word: str) -> set[int]:
    return {int(file.name.split()[1]) for file in folder.iterdir() if file.name.startswith(word)}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_failing_replication_is_reported_and_sinks_nothing(tmp_path: Path, workers: int) -> None:
    outcomes = run(Task(tmp_path, fails=(2,)), 5, workers)
    assert outcomes.keys() == {1, 2, 3, 4, 5}
    assert marked(tmp_path, "done") == {1, 3, 4, 5}
    assert outcomes[2].error == "ArithmeticError: failed in 2"
    assert "fake_jobs.py" in outcomes[2].traceback
    assert [k for k, outcome in outcomes.items() if outcome.error] == [2]


def test_a_killed_worker_costs_only_time(tmp_path: Path) -> None:
    outcomes = run(Task(tmp_path, kills_once=(2,)), 7)
    assert marked(tmp_path, "killed") == {2}
    assert marked(tmp_path, "done") == {1, 2, 3, 4, 5, 6, 7} == outcomes.keys()
    assert not any(outcome.error for outcome in outcomes.values())


def test_a_replication_that_always_kills_its_worker_is_given_up_alone(tmp_path: Path) -> None:
    outcomes = run(Task(tmp_path, kills=(2,)), 4)
    assert marked(tmp_path, "done") == {1, 3, 4}
    assert outcomes[2].error == "its worker process was killed each time, perhaps because memory ran out"
    assert [k for k, outcome in outcomes.items() if outcome.error] == [2]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_disk_that_refuses_ends_the_batch(workers: int) -> None:
    with pytest.raises(FolderError, match="the disk is full"):
        run(full_disk, 3, workers)


def test_closing_stops_the_workers_at_once(tmp_path: Path) -> None:
    before = set(multiprocessing.active_children())
    began = time.monotonic()
    with open_pool(2) as pool, contextlib.closing(pool.do(jobs(Task(tmp_path, hangs=(2, 3, 4)), 5))) as outcomes:
        assert next(outcomes)[1].replication in (1, 5)
    assert time.monotonic() - began < 30
    assert set(multiprocessing.active_children()) == before


def test_a_pool_serves_one_batch_after_another_even_after_a_kill(tmp_path: Path) -> None:
    with open_pool(2) as pool:
        assert not any(outcome.error for outcome in done_by(pool, Task(tmp_path), 2).values())
        workers = set(multiprocessing.active_children())
        done_by(pool, Task(tmp_path), 4)
        assert set(multiprocessing.active_children()) == workers
        done_by(pool, Task(tmp_path, kills_once=(5,)), 5)
        assert not any(outcome.error for outcome in done_by(pool, Task(tmp_path), 6).values())
    assert marked(tmp_path, "done") == {1, 2, 3, 4, 5, 6}
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("workers", [1, 2])
def test_work_that_comes_later_is_waited_for(tmp_path: Path, workers: int) -> None:
    item, two = jobs(Task(tmp_path), 2)
    with open_pool(workers) as pool:
        outcomes = [outcome for _, outcome in pool.do(iter([None, item, None, None, two, None]))]
    assert sorted(outcome.replication for outcome in outcomes) == [1, 2]
