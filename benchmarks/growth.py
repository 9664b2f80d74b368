"""How time and memory grow: with the force, with the workers, with the replications. `python -m benchmarks.growth`

Every measurement is a process of its own. The tables go to docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

REPOSITORY = Path(__file__).parents[1]
FORCES = {1: 5, 10: 3, 100: 1}
"""How many times the force, and how often each is lived."""
SMALL, MET = "scenarios/small.yaml", "scenarios/met.yaml"
REPLICATIONS = (1, 10, 100, 1000)
WORKERS = (1, 2)
AT_WORK = 64
"""Replications of the Met by which the throughput of workers is measured."""
PROFILED = 30
"""Replications of the Met of which the time is told phase by phase."""
ENGINE = ("simulating", "measuring")
"""The phases of a run that are the engine; the others are what surrounds it."""


class Run(NamedTuple):
    """What a run took from the prompt to its last line."""

    seconds: float
    phases: dict[str, float]
    ended_at: list[float]
    peak_megabytes: float

    @property
    def share_outside(self) -> float:
        """How much of the time is not the engine's; only with one worker can that be told."""
        return 1 - sum(self.phases[phase] for phase in ENGINE) / self.seconds

    def throughput(self, workers: int) -> float:
        """Replications a second, from when every worker has done two, so that none is still starting."""
        warm = 2 * workers
        return (len(self.ended_at) - warm) / (self.ended_at[-1] - self.ended_at[warm - 1])


class Force(NamedTuple):
    """What one history of a force of some size took. `with_log`: how many times as long with the full event log."""

    officers: int
    offenders: int
    tasks: int
    phases: dict[str, float]
    with_log: float
    peak_megabytes: float

    @property
    def seconds(self) -> float:
        """All of it."""
        return sum(self.phases.values())


def _process(*arguments: object) -> tuple[float, dict]:
    begin = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", *map(str, arguments)], cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, text=True
    )
    return time.perf_counter() - begin, json.loads(done.stdout)


def measure_force(times: int, repeats: int) -> Force:
    """One history of so many times the caseload benchmark."""
    return Force(**_process("benchmarks.growing_force", times, repeats)[1])


def measure_run(scenario: str, replications: int, workers: int) -> Run:
    """A run as a planner starts it."""
    with tempfile.TemporaryDirectory() as folder:
        seconds, told = _process("benchmarks.run_by_phase", scenario, replications, workers, Path(folder) / "run")
    return Run(seconds, **told)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables, and put them on the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__.split("`")[0].strip())
    parser.add_argument("--quick", action="store_true", help="the smallest of each: does it work? Writes no page")
    quick = parser.parse_args(arguments).quick

    from benchmarks import growth_tables, performance_page

    forces, runs = {}, {}
    for times, repeats in [(1, 1)] if quick else FORCES.items():
        forces[times] = measure_force(times, repeats)
        _tell(f"{times} x the force: {forces[times].seconds:.3f} s")
    wanted = [(SMALL, number, workers) for number in REPLICATIONS for workers in WORKERS]
    wanted += [(MET, AT_WORK, workers) for workers in WORKERS] + [(MET, PROFILED, 1)]
    for scenario, number, workers in [(SMALL, 8, workers) for workers in WORKERS] if quick else wanted:
        runs[scenario, number, workers] = run = measure_run(scenario, number, workers)
        _tell(f"{scenario}, {number:,} replications, {workers} workers: {run.seconds:.1f} s")
    tables = growth_tables.tables(forces, runs)
    for name, text in tables.items():
        print(f"{text}\n")
        if not quick:
            performance_page.renew(name, text)
    return 0


def _tell(words: str) -> None:
    print(words, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
