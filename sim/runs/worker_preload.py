"""What a worker needs, loaded once: workers are copies of a process that has imported this.

See `sim.runs.worker_processes`. What goes wrong here goes wrong again in the worker, which reports it.
"""

import contextlib
import gc
import os

import sim.measure
import sim.model  # noqa: F401
from sim.model.kernel.cache import is_compiled
from sim.model.warm_up import warm_up
from sim.runs import task  # noqa: F401

_with_machine_code = False


def _load_machine_code() -> None:
    """Have the machine code at hand, if it is there by now: on a new machine it is not when loading begins."""
    global _with_machine_code
    if not _with_machine_code and is_compiled():
        _with_machine_code = True
        with contextlib.suppress(Exception):
            warm_up()
        gc.collect()
        gc.freeze()  # so that collecting garbage in a copy does not touch, and thereby copy, what they share


_load_machine_code()
os.register_at_fork(before=_load_machine_code)
