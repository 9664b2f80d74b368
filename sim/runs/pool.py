"""Replications on all cores: what fails or is killed costs itself and nothing else."""

from __future__ import annotations

import contextlib
import functools
import logging
import multiprocessing
import time
import traceback
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sim.runs.errors import FolderError
from sim.runs.run_plan import cores
from sim.runs.worker_processes import begin_loading, begin_worker, processes, wait_until_loaded, workers_born

TRIES_ALONE = 2
"""A replication that was in hand at two kills is tried by itself, so often before it is given up."""

LOOK_AGAIN_SECONDS = 0.2
"""How soon to ask again for work where there is none at present."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """How one replication ended; `error` is empty if all is well."""

    replication: int
    error: str = ""
    traceback: str = ""


@dataclass(frozen=True, eq=False)
class Job:
    """One replication of one run: `task(replication)` simulates and keeps it."""

    task: Callable[[int], None]
    replication: int


Compiling = Callable[[int, int], None]
"""Is told how many functions are compiled, and of how many; that takes long, and is done once."""

Jobs = Iterator[Job | None]
"""Work to be done, one piece after another; None says that there is none at present, but may be later."""

Outcomes = Generator[tuple[Job, Outcome], None, None]


class Pool(Protocol):
    """Where replications are done."""

    workers: int

    def get_ready(self, folders: Sequence[Path], compiling: Compiling) -> None:
        """Have machine code and workers at hand that can write to the folders; tell `compiling` how far that is."""

    def do(self, pieces: Jobs) -> Outcomes:
        """Do each piece and tell how it ended, in the order they end.

        A task that raises gives an Outcome with its error; FolderError alone ends the batch, as no further file could
        be written. Close the iterator to stop at once.
        """
        ...


class ThisProcess:
    """One worker: this process itself."""

    workers = 1

    def get_ready(self, folders: Sequence[Path], compiling: Compiling) -> None:
        _say_once(_machine_code()[1])
        _compile(compiling)

    def do(self, pieces: Jobs) -> Outcomes:
        for piece in pieces:
            if piece is None:
                time.sleep(LOOK_AGAIN_SECONDS)
            else:
                yield piece, attempt(piece.task, piece.replication)


class WorkerProcesses:
    """Processes of their own, started when they are first needed; tasks must be picklable."""

    def __init__(self, workers: int) -> None:
        begin_loading()
        self.workers = workers
        self._executor: ProcessPoolExecutor | None = None
        self._others: set[multiprocessing.process.BaseProcess] = set()

    def get_ready(self, folders: Sequence[Path], compiling: Compiling) -> None:
        compiled, problem = False, ""
        with contextlib.suppress(BrokenProcessPool):  # is found again, and mended, with the first piece
            # Asked of workers, who import the model anyway; of each, so that all of them begin with that.
            asked = [self._submit(_machine_code) for _ in range(self.workers)]
            compiled, problem = asked[0].result()
        _say_once(problem)
        if not compiled:
            _compile(compiling)  # in this process, so that the workers find it done

    def do(self, pieces: Jobs) -> Outcomes:
        """Hand the pieces out; what was in hand at a kill comes again, and by itself if that ends in another kill."""
        queue, kills = _Queue(pieces), Counter[Job]()
        while killed := (yield from self._hand_out(queue)):
            kills.update(killed)
            queue.again += [piece for piece in killed if kills[piece] == 1]
            for piece in killed:
                if kills[piece] > 1:
                    yield from _alone(piece)

    def _hand_out(self, pieces: Jobs) -> Generator[tuple[Job, Outcome], None, list[Job]]:
        """Work the pieces off until there are no more or a worker is killed; return what was in hand at the kill."""
        in_hand: dict[Future[Outcome], Job] = {}
        killed: list[Job] = []
        more = True
        try:
            while True:
                none_at_present = False
                # One more than there are workers, so that none has to wait for us.
                while more and not killed and not none_at_present and len(in_hand) <= self.workers:
                    try:
                        piece = next(pieces)
                    except StopIteration:
                        more = False
                        break
                    if piece is None:
                        none_at_present = True
                        continue
                    try:
                        in_hand[self._submit(attempt, piece.task, piece.replication)] = piece
                    except BrokenProcessPool:
                        killed.append(piece)
                if not in_hand:
                    if killed or not more:
                        break
                    time.sleep(LOOK_AGAIN_SECONDS)
                patience = LOOK_AGAIN_SECONDS if none_at_present else None
                for future in wait(in_hand, timeout=patience, return_when=FIRST_COMPLETED).done:
                    piece = in_hand.pop(future)
                    if isinstance(future.exception(), BrokenProcessPool):
                        killed.append(piece)
                    else:
                        yield piece, future.result()
        except BaseException:
            self.close(at_once=True)
            raise
        if killed:
            self.close()
        return sorted(killed, key=lambda piece: piece.replication)

    def _submit(self, function: Callable, *arguments: object) -> Future:
        if self._executor is None:
            wait_until_loaded()
            self._others = set(multiprocessing.active_children())
            self._executor = ProcessPoolExecutor(self.workers, processes(), initializer=begin_worker)
        with workers_born():
            return self._executor.submit(function, *arguments)

    def close(self, *, at_once: bool = False) -> None:
        """End the worker processes: in peace, or in the midst of what they do. The next piece starts others."""
        executor, self._executor = self._executor, None
        if executor is None:
            return
        if at_once:
            for process in set(multiprocessing.active_children()) - self._others:
                process.terminate()
        executor.shutdown(cancel_futures=True)


class _Queue:
    """Jobs, of which some may come again."""

    def __init__(self, pieces: Jobs) -> None:
        self.pieces = pieces
        self.again: deque[Job] = deque()

    def __iter__(self) -> _Queue:
        return self

    def __next__(self) -> Job | None:
        return self.again.popleft() if self.again else next(self.pieces)


@contextlib.contextmanager
def open_pool(workers: int | None = None) -> Iterator[Pool]:
    """A pool for as many batches as are wanted; by default with a worker for each core.

    Worker processes end with the block: in peace if it ends, at once if it is left by an exception.
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


def attempt(task: Callable[[int], None], replication: int) -> Outcome:
    """Do one replication and tell how it ended."""
    try:
        task(replication)
    except FolderError:
        raise
    except Exception as error:
        return Outcome(replication, f"{type(error).__name__}: {error}", traceback.format_exc())
    return Outcome(replication)


def _alone(piece: Job) -> Outcomes:
    """Try a piece in a worker of its own, whose end can be nobody else's fault."""
    single = WorkerProcesses(1)
    try:
        for _ in range(TRIES_ALONE):
            killed = yield from single._hand_out(iter([piece]))
            if not killed:
                return
    finally:
        single.close()
    yield piece, Outcome(piece.replication, error="its worker process was killed each time, perhaps for want of memory")


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
