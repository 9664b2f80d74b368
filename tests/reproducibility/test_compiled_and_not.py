"""The same source as machine code and as plain Python: the same events in the same order, and the same counts.

Plain Python also sees what machine code does not: an index beyond the end of a table, a number that overflows.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.model.codes import EVENT_KINDS
from tests.support.eventful import EVENTFUL

ROOT = Path(__file__).parents[2]


def simulated(name: str, folder: Path, ways: dict[str, str]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Log and tally of a replication in each of some ways: a name, and what NUMBA_DISABLE_JIT is then."""
    running = {}
    for way, disabled in ways.items():
        (folder / way).mkdir()
        module = ["-m", "tests.support.eventful", name, str(folder / way)]
        line = [sys.executable, "-W", "error::RuntimeWarning", *module]
        environment = {**os.environ, "NUMBA_DISABLE_JIT": disabled}
        running[way] = subprocess.Popen(line, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)
    for way, process in running.items():
        _, errors = process.communicate(timeout=600)
        assert process.returncode == 0, f"{name}, {way}:\n{errors}"
    return [(np.load(folder / way / "log.npy"), np.load(folder / way / "tally.npy")) for way in ways]


@pytest.mark.parametrize("name", EVENTFUL)
def test_machine_code_and_plain_python_show_the_same_replication(name: str, tmp_path: Path):
    (log, tally), (plain_log, plain_tally) = simulated(name, tmp_path, {"compiled": "0", "plain": "1"})

    # Nothing that can happen is left out; a pooled team has no caseloads to move anybody between.
    happened = {EVENT_KINDS[kind] for kind in log["kind"]}
    assert set(EVENT_KINDS) - happened == ({"reallocated"} if name == "pooled" else set())

    assert len(plain_log) == len(log)
    for field in log.dtype.names:
        if log.dtype[field].kind == "f":
            np.testing.assert_allclose(plain_log[field], log[field], rtol=0, atol=1e-9, err_msg=field)
        else:
            np.testing.assert_array_equal(plain_log[field], log[field], err_msg=field)
    for field in tally.dtype.names:
        np.testing.assert_allclose(plain_tally[field], tally[field], rtol=1e-6, atol=1e-6, err_msg=field)
