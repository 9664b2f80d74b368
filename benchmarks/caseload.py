"""The caseload benchmark: this program beside plain SimPy, in one run, on the same luck.

    python -m benchmarks.caseload

Each engine simulates the same history several times, in turn, so that a machine whose speed drifts treats them
alike. The weekly overdue counts must be identical; the ratio of the medians says how many times faster.
"""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

from benchmarks import plain_simpy
from sim.measure import tabulate
from sim.measure.counts import Counts
from sim.model import simulate
from sim.model.codes import OVERDUE_VISITS
from sim.scenario import Scenario, read

FOLDER = Path(__file__).parent
SCENARIOS = {"base": FOLDER / "caseload.yaml", "stress": FOLDER / "caseload-stress.yaml"}


def weekly_counts(scenario: Scenario, replication: int) -> list[int]:
    """Overdue visits at each weekly midnight, by this program."""
    counts = Counts(simulate(scenario, replication))
    weeks = counts.days % 7 == 0
    return counts.stock(OVERDUE_VISITS)[0, weeks].astype(int).tolist()


def compare(scenario: Scenario, rounds: int = 3, replication: int = 0) -> tuple[float, float, bool]:
    """Median seconds of plain SimPy and of this program with all metrics, and whether their counts are identical."""
    ours, theirs = [], []
    expected = weekly_counts(scenario, replication)  # also loads the machine code
    identical = True
    for _ in range(rounds):
        force = plain_simpy.lay_out(scenario, replication)
        begin = time.perf_counter()
        counts = plain_simpy.simulate(force)
        theirs.append(time.perf_counter() - begin)
        identical &= counts == expected
        for _ in range(3):
            begin = time.perf_counter()
            tabulate(scenario, simulate(scenario, replication))
            ours.append(time.perf_counter() - begin)
    return statistics.median(theirs), statistics.median(ours), identical


def main() -> int:
    """Print one line for each load."""
    failed = False
    for load, path in SCENARIOS.items():
        theirs, ours, identical = compare(read(path).scenario)
        failed |= not identical
        verdict = "identical" if identical else "DIFFERENT"
        print(
            f"{load:7} plain SimPy {theirs:.2f} s, this program {ours:.3f} s: {theirs / ours:.0f} times as fast; "
            f"weekly overdue counts {verdict}"
        )
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
