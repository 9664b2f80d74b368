"""How often the range that `staff` prints holds the true number, and how wide it is, on `scenarios/small.yaml`.

A pool of replications is simulated once for each number of officers; each search draws its own from it, the same for
all numbers, as a seed of its own would give. Of the pool it is known which number truly is the smallest that meets the
target in the share of replications asked for. Nothing is written. As a command, about seven minutes on one core:

    python -m tests.theory.staffing_range
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

import numpy as np

from sim.runs.task import simulate_and_measure
from sim.scenario import read
from sim.studies.search import Found, fewest, most_replications
from sim.studies.staffing import LEAST_REPLICATIONS
from sim.studies.target import parsed_targets

SMALL = Path(__file__).parents[2] / "scenarios" / "small.yaml"
METRIC, BY, SHARE = "overdue_visits_share", dt.date(2025, 6, 30), 0.9
BOUNDS = (0.06, 0.055, 0.05, 0.065, 0.07)
"""The target is the first of these at which the pool itself can say which number is the smallest that meets it."""
OFFICERS = range(9, 18)
CLEAR = 0.02
"""No number's true chance may lie so near to the share asked for: else the pool itself could not say."""


def pool_of(replications: int, scenario: Path = SMALL) -> dict[int, np.ndarray]:
    """For each number of officers, the share overdue in each replication."""
    aim = parsed_targets([f"{METRIC} <= 1"], BY, read(scenario).scenario)[0]
    pool = {}
    for officers in OFFICERS:
        varied = read(scenario, [f"officers.total={officers}"]).scenario
        tables = (simulate_and_measure(varied, replication)[0] for replication in range(1, replications + 1))
        pool[officers] = np.array([aim.value(table) for table in tables])
        print(f"{officers} officers: {pool[officers].mean():.1%} overdue on average", flush=True)
    return pool


def clear_target(pool: dict[int, np.ndarray]) -> tuple[float, dict[int, np.ndarray]]:
    """The first bound for which no number's chance lies near the share asked for, and when each number meets it."""
    for bound in BOUNDS:
        met = {officers: values <= bound for officers, values in pool.items()}
        if min(abs(each.mean() - SHARE) for each in met.values()) > CLEAR:
            return bound, met
    raise ValueError(f"at each of {BOUNDS} some number's chance lies within {CLEAR} of {SHARE}")


def searched(pool: dict[int, np.ndarray], seed: int) -> Found:
    """A search with replications of its own, as `staff` does it."""
    drawn = np.random.default_rng(seed).permutation(len(pool[OFFICERS[0]]))
    return fewest(
        lambda officers, replications: [bool(pool[officers][drawn[k - 1]]) for k in replications],
        OFFICERS[0],
        OFFICERS[-1],
        LEAST_REPLICATIONS,
        SHARE,
        together=2,
        most=most_replications(LEAST_REPLICATIONS, SHARE),
        start=9,
    )


def judged(pool: dict[int, np.ndarray], searches: int) -> tuple[int, float, str]:
    """In how many searches the range holds the true number, its median width in numbers, and both in words."""
    bound, pool = clear_target(pool)
    chances = {officers: met.mean() for officers, met in pool.items()}
    true = min(officers for officers, chance in chances.items() if chance >= SHARE)
    found = [searched(pool, seed) for seed in range(searches)]
    ranges = [(each.low or OFFICERS[-1] + 1, each.high or OFFICERS[-1] + 1) for each in found]
    held = sum(low <= true <= high for low, high in ranges)
    width = float(np.median([high - low + 1 for low, high in ranges]))
    answers = {number: sum(each.answer == number for each in found) for number in OFFICERS}
    returned = ", ".join(f"{number} in {times}" for number, times in answers.items() if times)
    words = (
        f"{METRIC} <= {bound:.1%}: the true number is {true}, with a chance of {chances[true]:.1%}; one fewer has "
        f"{chances[true - 1]:.1%}. The range holds it in {held} of {searches} searches; its median width is "
        f"{width:g} numbers, the widest has {max(high - low + 1 for low, high in ranges)}. The number returned: "
        f"{returned}. Replications of a search, on average: {np.mean([each.simulated for each in found]):,.0f}."
    )
    return held, width, words


def main() -> None:
    """Print the counts; end with code 1 if they are not what is promised."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--searches", type=int, default=200)
    options.add_argument("--replications", type=int, default=3_000, help="of the pool, for each number")
    asked = options.parse_args()
    held, width, words = judged(pool_of(asked.replications), asked.searches)
    print(words)
    raise SystemExit(0 if held >= 0.92 * asked.searches and width <= 5 else 1)


if __name__ == "__main__":
    main()
