"""How worker processes begin: as copies of one process that has loaded all they need, before it is known what that is.

Only the standard library is imported here, so that loading can begin before a command has imported anything itself.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sys
import threading
import types
from collections.abc import Iterator
from multiprocessing import resource_tracker
from typing import Any

COPIES = sys.platform.startswith("linux") and sys.version_info >= (3, 11, 1)
"""Are processes copied here? If not, each worker loads everything for itself.

Windows cannot; libraries of macOS are not made for it; Python 3.11.0 let other users of a machine ask for copies
(CVE-2022-42919).
"""


def begin_loading() -> None:
    """Have loaded in the background what workers need, unless that is done or going on; returns at once."""
    if not COPIES:
        return
    from multiprocessing import forkserver

    processes()
    with without_interrupts():
        forkserver.ensure_running()


def processes() -> Any:
    if not COPIES:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["sim.runs.worker_preload"])
    return context


def wait_until_loaded() -> None:
    """Wait until copies can be made, which Ctrl-C ends at once; in the midst of making one it could not."""
    if COPIES:
        with without_script():
            idle = processes().Process()
            idle.start()
        idle.join()


@contextlib.contextmanager
def without_interrupts() -> Iterator[None]:
    """Processes started in this block ignore Ctrl-C, even while they still import: it is for the parent."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows, where the worker ignores it a little later
        yield
        return
    resource_tracker.ensure_running()  # beforehand, as its start would lift the mask
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def without_script() -> Iterator[None]:
    """Processes started in this block do not run the caller's script again, as they would to know what it defines.

    They need nothing of it, and a script without `if __name__ == "__main__":` would start a run in each of them.
    """
    script = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script


def begin_worker() -> None:
    """Leave Ctrl-C to the parent, and do not outlive it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)
