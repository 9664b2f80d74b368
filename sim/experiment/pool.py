"""Replications on all cores: what fails or is killed costs itself and nothing else."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import resource_tracker

from sim.experiment.errors import FolderError

TRIES_ALONE = 2
"""After a kill each replication that was in hand is tried by itself, so often before it is given up."""


@dataclass(frozen=True)
class Outcome:
    """How one replication ended; `error` is empty if all is well."""

    replication: int
    error: str = ""
    traceback: str = ""


def run_replications(
    task: Callable[[int], None], replications: Collection[int], workers: int
) -> Generator[Outcome, None, None]:
    """Do `task(k)` for each replication k and tell how each ended, in the order they end.

    One worker works in this process; more are processes of their own, so `task` must be picklable. A task that
    raises gives an Outcome with its error; FolderError alone ends the batch, as no further file could be written.
    Close the iterator to stop the workers at once.
    """
    if workers == 1:
        return (_attempt(task, replication) for replication in replications)
    return _in_processes(task, replications, workers)


def _attempt(task: Callable[[int], None], replication: int) -> Outcome:
    try:
        task(replication)
    except FolderError:
        raise
    except Exception as error:
        return Outcome(replication, f"{type(error).__name__}: {error}", traceback.format_exc())
    return Outcome(replication)


def _in_processes(
    task: Callable[[int], None], replications: Collection[int], workers: int
) -> Generator[Outcome, None, None]:
    """Share the replications out; after a kill find by itself which of those in hand it was, then go on."""
    left = deque(replications)
    while left:
        killed = yield from _share_out(task, left, workers)
        for replication in killed:
            yield from _alone(task, replication)


def _alone(task: Callable[[int], None], replication: int) -> Iterator[Outcome]:
    for _ in range(TRIES_ALONE):
        killed = yield from _share_out(task, deque([replication]), workers=1)
        if not killed:
            return
    yield Outcome(replication, error="its worker process was killed each time, perhaps for want of memory")


def _share_out(task: Callable[[int], None], left: deque[int], workers: int) -> Generator[Outcome, None, list[int]]:
    """Work `left` off until it is empty or a worker is killed; return what was in hand at the kill."""
    in_hand: dict[Future[Outcome], int] = {}
    killed: list[int] = []
    with _pool(workers) as pool:
        while in_hand or (left and not killed):
            # One more than there are workers, so that none has to wait for us.
            while left and not killed and len(in_hand) <= workers:
                replication = left.popleft()
                try:
                    with _born_deaf():
                        in_hand[pool.submit(_attempt, task, replication)] = replication
                except BrokenProcessPool:
                    killed.append(replication)
            for future in wait(in_hand, return_when=FIRST_COMPLETED).done:
                replication = in_hand.pop(future)
                if isinstance(future.exception(), BrokenProcessPool):
                    killed.append(replication)
                else:
                    yield future.result()
    return sorted(killed)


@contextlib.contextmanager
def _pool(workers: int) -> Iterator[ProcessPoolExecutor]:
    """Worker processes that end with the block: in peace if it ends, at once if it is left by an exception."""
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_begin_worker)
    try:
        yield pool
    except BaseException:
        for process in set(multiprocessing.active_children()) - others:
            process.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)


@contextlib.contextmanager
def _born_deaf() -> Iterator[None]:
    """Processes started in this block do not hear Ctrl-C, not even while they still import: it is for the parent."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows, where the worker shuts its ears itself a little later
        yield
        return
    resource_tracker.ensure_running()  # beforehand, as its start would lift the mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_worker() -> None:
    """Leave Ctrl-C to the parent, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
