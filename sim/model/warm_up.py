"""All machine code at hand: read from the cache, or compiled, which takes half a minute, once on each machine."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numba
from numba.core.event import Listener, install_listener

from sim.model.kernel import cache
from sim.model.kernel.compiling import COMPILED, ENTRY_POINTS, machine_code
from sim.model.kernel.natural_history import begin_natural_histories
from sim.model.kernel.shift import work_days
from sim.model.simulation import Simulation  # noqa: F401

Compiling = Callable[[int, int], None]


def warm_up(compiling: Compiling = lambda done, of: None) -> None:
    """Compile every entry point, or load it from the cache.

    `compiling` gets how many functions are compiled, and of how many, whenever one is done.
    """
    complete = cache.is_compiled()
    if not numba.config.DISABLE_JIT:
        with contextlib.suppress(OSError):
            cache.touch_folder()
    if not complete:
        _compile(compiling)
    _load(ENTRY_POINTS)
    if not complete:
        cache.set_complete()


def _compile(compiling: Compiling) -> None:
    """Compile the shift in another process, if there is a second processor, and all else in this one meanwhile.

    Both need what `begin_natural_histories` needs, so that comes first.
    """
    progress = _Progress(compiling)
    with install_listener("numba:compile", progress):
        if len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else range(os.cpu_count() or 1)) > 1:
            with _another_process(progress) as go_on:
                machine_code(begin_natural_histories)
                go_on()
                _load(function for function in ENTRY_POINTS if function is not work_days)
        _load(ENTRY_POINTS)


def _load(functions: Iterable[Any]) -> None:
    for function in functions:
        machine_code(function)


class _Progress(Listener):
    """Counts the functions that have been compiled, by name, as two processes may compile the same."""

    def __init__(self, compiling: Compiling) -> None:
        self.compiling = compiling
        self.names: set[str] = set()
        self.lock = threading.Lock()

    def on_start(self, event: Any) -> None:
        pass

    def on_end(self, event: Any) -> None:
        if (function := event.data["dispatcher"]) in COMPILED:
            self.add(function.__qualname__)

    def add(self, name: str) -> None:
        """A function of this name is compiled."""
        with self.lock:
            self.names.add(name)
            self.compiling(len(self.names), len({function.__qualname__ for function in COMPILED}))


@contextlib.contextmanager
def _another_process(progress: _Progress) -> Iterator[Callable[[], None]]:
    """A process that compiles the shift once the result is called; what it leaves undone is done by this one."""
    process = subprocess.Popen(
        [sys.executable, "-c", f"from {__name__} import compile_the_shift; compile_the_shift()"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    names = process.stdout

    def read() -> None:
        for name in names:
            progress.add(name.strip())

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield process.stdin.close
        reader.join()
    finally:
        process.kill()
        process.wait()
        names.close()


def compile_the_shift() -> None:
    """What the other process does: wait until the input ends, compile, and print each function's name."""
    sys.stdin.read()

    class Names(_Progress):
        def add(self, name: str) -> None:
            print(name, flush=True)

    with install_listener("numba:compile", Names(lambda done, of: None)):
        machine_code(work_days)
