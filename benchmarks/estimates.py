"""The estimate of work beside what is used: every shipped scenario, ten times the Met, and a sweep of 110 points.

python -m benchmarks.estimates [REPLICATIONS]

Prints a table: processor seconds of all workers, and the most memory that all processes held together. Linux only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.growing_force import grown
from sim.runs.estimate import Effort, effort, estimate
from sim.runs.machine import cores
from sim.scenario import read
from sim.scenario.values import plain_value

ROOT = Path(__file__).parents[1]
SHIPPED = sorted((ROOT / "scenarios").rglob("*.yaml"))
MET = ROOT / "scenarios" / "met.yaml"
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100
WITHIN = 3.0


def main(replications: int) -> int:
    """Run all of them; returns how many estimates are off by more than a factor of three."""
    with tempfile.TemporaryDirectory() as folder:
        tenfold = Path(folder) / "tenfold.yaml"
        tenfold.write_text(json.dumps(plain_value(grown(read(MET).scenario, 10))), encoding="utf-8")
        cases = [(path.stem, *run(path, replications)) for path in [*SHIPPED, tenfold]]
        points = [f"officers.total={number}" for number in range(100, 210)]
        work = [(estimate(read(MET, [point]).scenario), 2) for point in points]
        line = ["sweep", str(MET), "--vary", "officers.total=100..209", "--replications", "2"]
        cases.append(("sweep of 110 points", line, effort(work, cores())))
        print(f"{'':24}{'seconds':>10}{'estimate':>10}{'ratio':>7}{'GB':>8}{'estimate':>10}{'ratio':>7}")
        return sum(_compared(name, line, expected, Path(folder)) for name, line, expected in cases)


def run(path: Path, replications: int) -> tuple[list[str], Effort]:
    """The command of a run, and what is expected of it."""
    line = ["run", str(path), "--replications", str(replications)]
    return line, effort([(estimate(read(path).scenario), replications)], cores())


def _compared(name: str, line: list[str], expected: Effort, folder: Path) -> bool:
    seconds, most = measured([*line, "--no-figures", "--yes"], folder)
    ratios = expected.worker_seconds / seconds, expected.bytes / most
    print(
        f"{name:24}{seconds:10.2f}{expected.worker_seconds:10.2f}{ratios[0]:7.2f}"
        f"{most / 1e9:8.2f}{expected.bytes / 1e9:10.2f}{ratios[1]:7.2f}",
        flush=True,
    )
    return not all(1 / WITHIN < ratio < WITHIN for ratio in ratios)


def measured(line: list[str], folder: Path) -> tuple[float, float]:
    """Processor seconds of the workers of a command, and the most bytes that all its processes held together."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "sim", *line]
    child = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    workers: dict[int, float] = {}
    most = 0.0
    while child.poll() is None:
        everybody = _descendants(child.pid)
        most = max(most, sum(_held(pid) for pid in everybody))
        for pid in everybody:
            seconds, parent = _seconds(pid)
            if (
                pid != child.pid and parent in everybody and parent != child.pid
            ):  # copies of a child that has loaded all
                workers[pid] = max(workers.get(pid, 0.0), seconds)
        time.sleep(0.05)
    assert child.returncode == 0, line
    return sum(workers.values()) or 0.01, most


def _descendants(root: int) -> set[int]:
    parents = {
        int(entry.name): _seconds(int(entry.name))[1] for entry in Path("/proc").iterdir() if entry.name.isdigit()
    }
    found, new = {root}, {root}
    while new := {pid for pid, parent in parents.items() if parent in new} - found:
        found |= new
    return found


def _seconds(pid: int) -> tuple[float, int]:
    """Processor time of a process, and its parent."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0, 0
    return (int(fields[11]) + int(fields[12])) / TICKS, int(fields[1])


def _held(pid: int) -> float:
    """Bytes of a process, what it shares with others divided among them."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return sum(1024.0 * int(line.split()[1]) for line in lines if line.startswith("Pss:"))


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 10) else 0)
