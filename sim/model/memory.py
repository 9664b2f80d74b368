"""Memory between replications: each asks for the same tables again, and a process need not get them anew."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

_YOUNGEST = 0
"""What Python's collector calls all that was made since it last looked."""

# Of glibc's `mallopt`, and the most that it allows for the first.
_MMAP_THRESHOLD, _MMAP_THRESHOLD_BYTES = -3, 32 * 1024**2
_TRIM_THRESHOLD, _TRIM_THRESHOLD_BYTES = -1, 64 * 1024**2


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Python looks for what nobody refers to after a replication instead of all the while.

    A replication is one circle of references that is there from its first to its last day; to look through
    everything for circles to free took a tenth of the time. Afterwards what was made meanwhile is looked through at
    once, as otherwise the next replication finds the tables of this one still taken, and gets new memory.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.collect(_YOUNGEST)
        if was_on:
            gc.enable()


@cache
def keep_freed_memory() -> None:
    """Let this process keep the memory of the last replication's tables for those of the next one.

    Otherwise Linux takes them back and hands out every page anew, which took a replication of the caseload benchmark
    6% of its time and the event log four times as much. Elsewhere nothing happens.
    """
    if not sys.platform.startswith("linux"):
        return
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):  # another C library than glibc
        return
    mallopt(_MMAP_THRESHOLD, _MMAP_THRESHOLD_BYTES)
    mallopt(_TRIM_THRESHOLD, _TRIM_THRESHOLD_BYTES)
