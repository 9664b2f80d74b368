"""How time and memory grow: with the force, with the workers, with the replications. `python -m benchmarks.growth`

Every measurement is a process of its own. The tables go to docs/performance.md.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks.timed_run import REPOSITORY, timed, timed_run

FORCES = {1: 25, 10: 5, 100: 1}
"""How many times the force, and how often each is lived."""
SMALL, MET, PLAN = "scenarios/small.yaml", "scenarios/met.yaml", "scenarios/unannounced.yaml"
REPLICATIONS = (1, 10, 100, 1000)
WORKERS = (1, 2)
AT_WORK = 64
"""Replications of the Met by which the throughput of workers is measured."""
PROFILED = 30
"""Replications of the Met of which the time is told phase by phase."""
WAITS = {
    "--help": ["--help"],
    f"validate {MET}": ["validate", MET],
    f"run {MET} --replications {PROFILED}": ["run", MET, "--replications", PROFILED],
    f"compare {MET} {PLAN} --replications {PROFILED}": ["compare", MET, PLAN, "--replications", PROFILED],
}
"""Commands for which a planner waits."""
TYPED = 3
"""How often each is typed; the median counts."""


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


def measure_force(times: int, repeats: int) -> Force:
    """One history of so many times the caseload benchmark, in a process of its own."""
    line = [sys.executable, "-m", "benchmarks.growing_force", str(times), str(repeats)]
    done = subprocess.run(line, cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, text=True)
    return Force(**json.loads(done.stdout))


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
    wanted += [(MET, number, workers) for number in (AT_WORK, PROFILED) for workers in WORKERS]
    for scenario, number, workers in [(SMALL, 8, workers) for workers in WORKERS] if quick else wanted:
        runs[scenario, number, workers] = run = timed_run(scenario, number, workers)
        _tell(f"{scenario}, {number:,} replications, {workers} workers: {run.seconds:.1f} s")
    waits = {}
    for words, line in list(WAITS.items())[: 1 if quick else None]:
        waits[words] = statistics.median(timed(*line) for _ in range(TYPED))
        _tell(f"{words}: {waits[words]:.2f} s")
    tables = growth_tables.tables(forces, runs, waits)
    for name, text in tables.items():
        print(f"{text}\n")
        if not quick:
            performance_page.renew(name, text)
    return 0


def _tell(words: str) -> None:
    print(words, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
