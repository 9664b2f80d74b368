"""Do the program's intervals hold the truth as often as they say? Two hundred small experiments with a known answer.

Each experiment is a run of ten replications with a seed of its own, measured and summed up as any other. A register
that only grows has a known size after four weeks, and between two rates of registration a known difference.

Two hundred give a coverage to within 3 points in 100; over 1,500 experiments of this kind it was 95.3 and 94.6%.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import pytest
from test_closed_forms import SCENARIOS

from sim.measure import METRICS
from sim.measure.counts import Counts
from sim.model import simulate
from sim.runs.intervals import intervals
from sim.scenario import read
from sim.scenario.balance import DAYS_PER_YEAR
from sim.studies.paired import differences

EXPERIMENTS, REPLICATIONS, FIRST_SEED = 200, 10, 1000
RATE, OTHER_RATE, ALREADY, YEARS = 520, 780, 20, 28 / DAYS_PER_YEAR


@cache
def sizes(rate: int) -> np.ndarray:
    """The register after four weeks, shape (replications, experiments)."""
    scenario = read(SCENARIOS / "arrivals.yaml", [f"register.new_per_year={rate}"]).scenario
    found = np.empty((REPLICATIONS, EXPERIMENTS))
    for experiment in range(EXPERIMENTS):
        seeded = scenario.model_copy(update={"seed": FIRST_SEED + experiment})
        for result in range(REPLICATIONS):
            counts = Counts(simulate(seeded, result + 1))
            found[result, experiment] = METRICS["offenders_managed"].compute(counts).at_end[0]
    return found


def coverage(low: np.ndarray, high: np.ndarray, truth: float) -> float:
    return float(np.mean((low <= truth) & (truth <= high)))


@pytest.mark.slow
def test_the_interval_of_a_known_mean_holds_it_about_95_times_in_100():
    found = intervals(sizes(RATE))
    assert 0.92 <= coverage(found.low, found.high, ALREADY + RATE * YEARS) <= 0.98


@pytest.mark.slow
def test_the_interval_of_a_known_paired_difference_holds_it_about_95_times_in_100():
    base, plan = (pd.DataFrame(sizes(rate)) for rate in (RATE, OTHER_RATE))
    found = differences(base, {"plan": plan})["plan"]
    truth = (OTHER_RATE - RATE) * YEARS
    assert 0.92 <= coverage(found["low"].to_numpy(), found["high"].to_numpy(), truth) <= 0.98


@pytest.mark.slow
def test_pairs_know_that_difference_better_than_strangers_would():
    base, plan = sizes(RATE), sizes(OTHER_RATE)
    strangers = np.roll(plan, 1, axis=1)
    assert (plan - base).var() < 0.5 * (strangers - base).var()
    assert (strangers - base).mean() == pytest.approx((plan - base).mean())
