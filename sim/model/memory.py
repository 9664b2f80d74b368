"""Memory between replications: each needs tables of the same size, so a process need not return and get them again."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Garbage is collected after a replication instead of during it.

    A replication is one circle of references from its first to its last day; looking for circles to free took a tenth
    of the time. Afterwards the youngest generation is collected at once, as otherwise the next replication finds the
    tables of this one still in memory, and gets new memory.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect(0)  # the youngest generation
        if was_on:
            gc.enable()


@cache
def retain_freed_memory() -> None:
    """Retain the memory of the last replication's tables in this process for those of the next one.

    Otherwise Linux takes it back and allocates every page again, which took a replication of the caseload benchmark
    6% of its time and the event log four times as much. On other systems nothing happens.
    """
    if sys.platform.startswith("linux"):
        with suppress(OSError, AttributeError):  # another C library than glibc
            mallopt = ctypes.CDLL(None).mallopt
            mallopt(-3, 32 * 1024**2)  # M_MMAP_THRESHOLD, and the most that it allows
            mallopt(-1, 64 * 1024**2)  # M_TRIM_THRESHOLD
