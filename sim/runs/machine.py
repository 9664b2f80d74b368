"""What this machine has to give: processor cores and free memory."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

MOST_WORKERS = 61
"""Windows lets a program wait for no more processes than this."""


def cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return min(os.cpu_count() or 1, MOST_WORKERS)


def free_memory() -> float | None:
    """Bytes that could be had without pressing other programs, or None where the system does not say."""
    known = [bytes for bytes in (_meminfo(), _left_to_the_group(), _windows()) if bytes is not None]
    if known:
        return min(known)
    with contextlib.suppress(AttributeError, ValueError, OSError):
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")) / 2
    return None


def _meminfo() -> float | None:
    with contextlib.suppress(OSError, ValueError):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        return next((1024.0 * int(line.split()[1]) for line in lines if line.startswith("MemAvailable:")), None)
    return None


def _left_to_the_group() -> float | None:
    """What a container of this process may still take."""
    group = Path("/sys/fs/cgroup")
    with contextlib.suppress(OSError, ValueError):  # ValueError where it is "max"
        return float((group / "memory.max").read_text()) - float((group / "memory.current").read_text())
    return None


def _windows() -> float | None:
    if sys.platform != "win32":
        return None
    import ctypes

    class Status(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong)] + [
            (name, ctypes.c_ulonglong) for name in ("total", "free", "c", "d", "e", "f", "g")
        ]

    status = Status(length=ctypes.sizeof(Status))
    return float(status.free) if ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)) else None
