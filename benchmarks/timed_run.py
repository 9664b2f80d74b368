"""A command as a planner types it, timed from outside: by when it ends, and a run by when its files were written."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).parents[1]


class Run(NamedTuple):
    """What a run took from the prompt to its last line, in seconds."""

    seconds: float
    phases: dict[str, float]
    """How long each part took, in order; together they are the whole."""
    ended_at: list[float]
    """When each replication was kept, from the prompt on."""
    peak_megabytes: float

    @property
    def share_outside(self) -> float:
        """How much of the time no replication was being found; NaN where a single one says nothing."""
        return 1 - self.phases["replications"] / self.seconds

    def throughput(self, workers: int) -> float:
        """Replications a second, from when every worker has done two, so that none is still starting."""
        warm = 2 * workers
        return (len(self.ended_at) - warm) / (self.ended_at[-1] - self.ended_at[warm - 1])


def timed_run(scenario: str, replications: int, workers: int) -> Run:
    """A run as a planner starts it, into an empty folder."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "run"
        line = ["run", scenario, "--replications", replications, "--workers", workers, "--out", folder]
        began = time.time()
        peak = _typed(line, REPOSITORY)
        seconds = time.time() - began

        def written(*patterns: str) -> list[float]:
            return sorted(file.stat().st_mtime - began for pattern in patterns for file in folder.glob(pattern))

        ended_at = written("replications/*.parquet")
        each = (ended_at[-1] - ended_at[0]) / (len(ended_at) - 1) if len(ended_at) > 1 else float("nan")
        transitions = {
            "start": ended_at[0] - each * workers,  # the first replications begin together, and the first of them ends
            "replications": ended_at[-1],
            "summing up": written("summary.*", "weekly.*", "teams.parquet")[-1],
            "figures": written("figures/*")[-1],
            "page": written("report.html")[-1],
            "end": seconds,
        }
        ends = list(transitions.values())
        lengths = [end - begin for begin, end in zip([0.0, *ends], ends, strict=False)]
        return Run(seconds, dict(zip(transitions, lengths, strict=True)), ended_at, peak)


def timed(*line: object) -> float:
    """How many seconds a command takes, in a folder of its own with the shipped scenarios."""
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "scenarios").symlink_to(REPOSITORY / "scenarios")
        began = time.perf_counter()
        _typed(line, Path(scratch))
        return time.perf_counter() - began


def _typed(line: Sequence[object], folder: Path) -> float:
    """Type a line in a folder; returns the peak of memory of its process, in megabytes."""
    # As on a planner's machine, Python may keep its own sources compiled.
    inherited = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    arguments = [sys.executable, "-m", "sim", *map(str, line)]
    with tempfile.TemporaryFile() as errors:
        environment = {**inherited, "PYTHONPATH": str(REPOSITORY)}
        process = subprocess.Popen(arguments, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=errors)
        peak = _peak_megabytes_until_the_end(process)
        if process.returncode:
            errors.seek(0)
            sys.exit(f"{' '.join(arguments[1:])} failed:\n{errors.read().decode()}")
    return peak


def _peak_megabytes_until_the_end(process: subprocess.Popen) -> float:
    if not hasattr(os, "wait4"):  # Windows
        process.wait()
        return float("nan")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024)
