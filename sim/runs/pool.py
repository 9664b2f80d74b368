"""Replications on all cores: what fails or is killed costs itself and nothing else."""

from __future__ import annotations

import contextlib
import functools
import logging
import multiprocessing
import time
from collections import Counter, deque
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from sim.runs import worker_processes
from sim.runs.errors import Outcome
from sim.runs.machine import cores
from sim.runs.task import Job, attempt

TRIES_ALONE = 2
"""A replication that was running at two kills is tried by itself, so often before it is given up."""

LOOK_AGAIN_SECONDS = 0.2
"""How soon to ask again for work where there is none at present."""

_log = logging.getLogger(__name__)

Compiling = Callable[[int, int], None]
"""Called with the number of functions that are compiled, and of how many; compiling takes long, and is done once."""

Jobs = Iterator[Job | None]
"""Jobs one after another; None says that there is none at present, but may be later."""

Outcomes = Generator[tuple[Job, Outcome], None, None]


@runtime_checkable
class Pool(Protocol):
    """Where replications are done."""

    workers: int

    def get_ready(self, folders: Sequence[Path], compiling: Compiling) -> None:
        """Have machine code, and workers that can write to the folders."""

    def do(self, jobs: Jobs) -> Outcomes:
        """Do each job and yield how it ended, in the order they end.

        A task that raises gives an Outcome with its error; FolderError alone ends the batch, as no further file could
        be written. Close the iterator to stop at once.
        """
        ...


@dataclass
class Queue:
    """Jobs to be handed out, of which some may be done `again`; nothing is handed out while it is `held`."""

    jobs: Jobs
    again: deque[Job] = field(default_factory=deque)
    held: bool = False
    over: bool = False

    def next(self) -> Job | None:
        """The next job; None if there is none at present, or none any more."""
        if self.again and not self.held:
            return self.again.popleft()
        try:
            return None if self.held or self.over else next(self.jobs)
        except StopIteration:
            self.over = True
            return None


def hand_out(
    queue: Queue,
    running: dict[Any, Job],
    room: int,
    submit: Callable[[Job], Any],
    finished: Callable[[Collection[Any], float | None], Collection[Any]],
) -> Iterator[tuple[Job, Any]]:
    """Have up to `room` jobs running until the queue is over or held; yield each with its future when that is done.

    `submit` starts a job and returns its future; `finished` waits for one of the futures, at most so many seconds.
    """
    while True:
        while len(running) < room and (job := queue.next()):
            running[submit(job)] = job
        if not running:
            if queue.held or queue.over:
                return
            time.sleep(LOOK_AGAIN_SECONDS)
            continue
        full = len(running) >= room or queue.held or queue.over
        for future in finished(running, None if full else LOOK_AGAIN_SECONDS):
            yield running.pop(future), future


class ThisProcess:
    workers = 1

    def get_ready(self, folders: Sequence[Path], compiling: Compiling) -> None:
        _say_once(_machine_code()[1])
        _compile(compiling)

    def do(self, jobs: Jobs) -> Outcomes:
        for job in jobs:
            if job is None:
                time.sleep(LOOK_AGAIN_SECONDS)
            else:
                yield job, attempt(job.task, job.replication)


class WorkerProcesses:
    """Processes of their own, started when they are first needed; tasks must be picklable."""

    def __init__(self, workers: int) -> None:
        worker_processes.begin_loading()
        self.workers = workers
        self._executor: ProcessPoolExecutor | None = None
        self._others: set[multiprocessing.process.BaseProcess] = set()

    def get_ready(self, folders: Sequence[Path], compiling: Compiling) -> None:
        compiled, problem = False, ""
        with contextlib.suppress(BrokenProcessPool):  # is found again, and dealt with, with the first job
            # Asked of every worker, so that each begins with importing the model.
            asked = [self._submit(_machine_code) for _ in range(self.workers)]
            compiled, problem = asked[0].result()
        _say_once(problem)
        if not compiled:
            _compile(compiling)  # in this process, so that the workers find it done

    def do(self, jobs: Jobs) -> Outcomes:
        """Hand the jobs out; what was running at a kill is done again, and by itself if that ends in another kill."""
        queue, kills = Queue(jobs), Counter[Job]()
        while killed := (yield from self._until_killed(queue)):
            kills.update(killed)
            queue.again += [job for job in killed if kills[job] == 1]
            for job in killed:
                if kills[job] > 1:
                    yield from _alone(job)

    def _until_killed(self, queue: Queue) -> Generator[tuple[Job, Outcome], None, list[Job]]:
        """Do jobs until there are no more or a worker is killed; return those that were running at the kill."""
        killed: list[Job] = []

        def submit(job: Job) -> Future[Outcome]:
            try:
                return self._submit(attempt, job.task, job.replication)
            except BrokenProcessPool as error:
                queue.held = True
                failed: Future[Outcome] = Future()
                failed.set_exception(error)
                return failed

        def finished(futures: Collection[Future[Outcome]], seconds: float | None) -> Collection[Future[Outcome]]:
            return wait(futures, timeout=seconds, return_when=FIRST_COMPLETED).done

        queue.held = False
        try:
            # One more than there are workers, so that none has to wait for us.
            for job, future in hand_out(queue, {}, self.workers + 1, submit, finished):
                if isinstance(future.exception(), BrokenProcessPool):
                    queue.held = True
                    killed.append(job)
                else:
                    yield job, future.result()
        except BaseException:
            self.close(at_once=True)
            raise
        if killed:
            self.close()
        return sorted(killed, key=lambda job: job.replication)

    def _submit(self, function: Callable, *arguments: object) -> Future:
        if self._executor is None:
            worker_processes.wait_until_loaded()
            self._others = set(multiprocessing.active_children())
            copies = worker_processes.processes()
            self._executor = ProcessPoolExecutor(self.workers, copies, initializer=worker_processes.begin_worker)
        with worker_processes.without_interrupts(), worker_processes.without_script():
            return self._executor.submit(function, *arguments)

    def close(self, *, at_once: bool = False) -> None:
        """End the worker processes, when they are done or `at_once`. The next job starts others."""
        executor, self._executor = self._executor, None
        if executor and at_once:
            for process in set(multiprocessing.active_children()) - self._others:
                process.terminate()
        if executor:
            executor.shutdown(cancel_futures=True)


@contextlib.contextmanager
def open_pool(workers: int | None = None) -> Iterator[Pool]:
    """A pool for any number of batches, by default with a worker for each core.

    Worker processes end with the block; at once if an exception ends it.
    """
    if (workers or cores()) == 1:
        yield ThisProcess()
        return
    pool = WorkerProcesses(workers or cores())
    try:
        yield pool
    except BaseException:
        pool.close(at_once=True)
        raise
    pool.close()


def _alone(job: Job) -> Outcomes:
    """Try a job in a worker of its own, which no other job can kill."""
    single = WorkerProcesses(1)
    try:
        for _ in range(TRIES_ALONE):
            killed = yield from single._until_killed(Queue(iter([job])))
            if not killed:
                return
    finally:
        single.close()
    yield job, Outcome(job.replication, error="its worker process was killed each time, perhaps because memory ran out")


def _compile(compiling: Compiling) -> None:
    if not _machine_code()[0]:
        from sim.model.warm_up import warm_up

        compiling(0, 0)
        warm_up(compiling)


def _machine_code() -> tuple[bool, str]:
    """Is there machine code, and what is wrong with the folder where it should be, if something is?"""
    from sim.model.kernel import cache

    return cache.is_compiled(), cache.problem()


@functools.cache
def _say_once(problem: str) -> None:
    if problem:
        _log.warning("%s", problem)
