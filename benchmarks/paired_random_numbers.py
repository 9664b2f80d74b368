"""How many times fewer replications does a comparison need because both alternatives use common random numbers?

python -m benchmarks.paired_random_numbers [SCENARIO] [REPLICATIONS]

The same plan, one officer in ten more, is compared with the base twice: with the same seed, and with another one. The
number of replications for an interval of a given width goes with the variance of the difference, so the ratio of
the two variances says how many times fewer will do.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from sim.report.progress import ProgressBar
from sim.runs.batch import simulate_missing, values
from sim.runs.prepare import prepare
from sim.runs.run_plan import ProgressListener
from sim.scenario import read
from sim.studies.paired import differences, replications_needed

MORE_OFFICERS = 0.1
QUANTITIES = (
    ("overdue_visits", "total", "at_end"),
    ("overdue_visits", "high", "at_end"),
    ("overdue_reviews", "total", "at_end"),
    ("risk_coverage", "total", "average"),
    ("breach_detection_days", "total", "average"),
    ("hours_worked", "total", "average"),
)


class Saving(NamedTuple):
    """What pairing saves for one quantity: the difference, and its standard deviation paired and unpaired."""

    quantity: tuple[str, str, str]
    difference: float
    paired: float
    unpaired: float

    @property
    def times_fewer(self) -> float:
        """How many times fewer replications give an interval of the same width."""
        return (self.unpaired / self.paired) ** 2 if self.paired else float("inf")


def savings(scenario: Path, replications: int, listener: ProgressListener | None = None) -> list[Saving]:
    """What pairing saves for each quantity, measured on so many replications."""
    base_scenario = read(scenario).scenario
    officers = sum(officers for officers, _ in base_scenario.headcounts)
    more = f"officers.total={round((1 + MORE_OFFICERS) * officers)}"
    base = prepare(scenario, replications=replications)
    plan = prepare(scenario, settings=[more], replications=replications)
    other = prepare(scenario, settings=[more], replications=replications, seed=base_scenario.seed + 1)
    numbers = range(1, replications + 1)
    failed = simulate_missing([(run, numbers) for run in (base, plan, other)], listener=listener)
    if any(failed.values()):
        raise SystemExit("Some replications failed; nothing can be measured.")
    found = {run: values(run, numbers) for run in (base, plan, other)}
    paired, unpaired = (differences(found[base], {"plan": found[run]})["plan"] for run in (plan, other))
    return [
        Saving(key, paired.loc[key, "mean"], paired.loc[key, "deviation"], unpaired.loc[key, "deviation"])
        for key in QUANTITIES
    ]


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    scenario = Path(arguments[0] if arguments else "scenarios/met.yaml")
    replications = int(arguments[1]) if len(arguments) > 1 else 60
    with ProgressBar() as progress:
        found = savings(scenario, replications, progress)
    print(f"One officer in ten more in {scenario}, {replications} replications:")
    print(f"{'':<38} difference   sd, common random numbers   sd, independent   times fewer   needed")
    for saving in found:
        name = " ".join(saving.quantity)
        needed = (replications_needed(saving.difference, spread) for spread in (saving.paired, saving.unpaired))
        needed_words = " or ".join(f"{number:,.0f}" for number in needed)
        print(
            f"{name:<38} {saving.difference:>10.4g}   {saving.paired:>13.4g}   {saving.unpaired:>14.4g}   "
            f"{saving.times_fewer:>11.1f}   {needed_words:>13}"
        )
    print(f"Times fewer, over these: {np.exp(np.mean([np.log(pair.times_fewer) for pair in found])):.1f}")


if __name__ == "__main__":
    main(sys.argv[1:])
