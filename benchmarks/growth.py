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

from benchmarks import growth_tables
from benchmarks.growth_tables import AT_WORK, MET, PLAN, PROFILED, SMALL, Force
from benchmarks.timed_run import REPOSITORY, timed, timed_run

FORCES = {1: 25, 10: 5, 100: 1}
"""How many times the force, and how often each is simulated."""
REPLICATIONS = (1, 10, 100, 1000)
WORKERS = (1, 2)
WAITS = {
    "--help": ["--help"],
    f"validate {MET}": ["validate", MET],
    f"run {MET} --replications {PROFILED}": ["run", MET, "--replications", PROFILED],
    f"compare {MET} {PLAN} --replications {PROFILED}": ["compare", MET, PLAN, "--replications", PROFILED],
}
"""Commands for which a planner waits."""
TYPED = 3
"""How often each is typed; the median counts."""


def measure_force(times: int, repeats: int) -> Force:
    """One replication of so many times the caseload benchmark, in a process of its own."""
    line = [sys.executable, "-m", "benchmarks.growing_force", str(times), str(repeats)]
    done = subprocess.run(line, cwd=REPOSITORY, check=True, stdout=subprocess.PIPE, text=True)
    return Force(**json.loads(done.stdout))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables, and put them on the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__.split("`")[0].strip())
    parser.add_argument("--quick", action="store_true", help="the smallest of each: does it work? Writes no page")
    quick = parser.parse_args(arguments).quick

    from benchmarks import performance_page

    forces, runs = {}, {}
    for times, repeats in [(1, 1)] if quick else FORCES.items():
        forces[times] = measure_force(times, repeats)
        _say(f"{times} x the force: {forces[times].seconds:.3f} s")
    wanted = [(SMALL, number, workers) for number in REPLICATIONS for workers in WORKERS]
    wanted += [(MET, number, workers) for number in (AT_WORK, PROFILED) for workers in WORKERS]
    for scenario, number, workers in [(SMALL, 8, workers) for workers in WORKERS] if quick else wanted:
        runs[scenario, number, workers] = run = timed_run(scenario, number, workers)
        _say(f"{scenario}, {number:,} replications, {workers} workers: {run.seconds:.1f} s")
    waits = {}
    for words, line in list(WAITS.items())[: 1 if quick else None]:
        waits[words] = statistics.median(timed(*line) for _ in range(TYPED))
        _say(f"{words}: {waits[words]:.2f} s")
    tables = growth_tables.tables(forces, runs, waits)
    for name, text in tables.items():
        print(f"{text}\n")
        if not quick:
            performance_page.renew(name, text)
    return 0


def _say(words: str) -> None:
    print(words, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
