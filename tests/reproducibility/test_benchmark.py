"""The caseload benchmark: the same work as in plain SimPy, to the last offender, at a small part of the time."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import numpy as np
import pytest
import simpy

from benchmarks import plain_simpy
from benchmarks.caseload import SCENARIOS, weekly_counts
from sim.measure import tabulate
from sim.measure.counts import Counts
from sim.model import simulate
from sim.model.codes import REVIEWS_COMPLETED, VISIT_ATTEMPTS
from sim.scenario import Scenario, read

TIMES_AS_FAST = 12
"""What no noise explains. The aim is 30, and `python -m benchmarks.caseload` tells how near it is: the same code gave
19 to 33 within an hour on one machine, because the shift waits for memory and plain SimPy does not."""
ROUNDS = 4


def seconds(work: Callable[[], object]) -> float:
    """Processor time, since other programs may be at work on this machine as well."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def test_five_years_are_the_same_as_in_plain_simpy_and_far_faster():
    """In turn, so that a machine whose speed drifts treats both alike; noise is given a few rounds to calm down."""
    scenario = read(SCENARIOS["base"]).scenario
    expected = weekly_counts(scenario, 0)  # also loads the machine code
    ours: list[float] = []
    theirs: list[float] = []
    ratio = 0.0
    for _ in range(ROUNDS):
        force = plain_simpy.lay_out(scenario, 0)
        ours += [seconds(lambda: tabulate(scenario, simulate(scenario, 0))) for _ in range(3)]
        found: list[list[int]] = []
        theirs.append(seconds(lambda: found.append(plain_simpy.simulate(force))))  # noqa: B023
        ours += [seconds(lambda: tabulate(scenario, simulate(scenario, 0))) for _ in range(3)]
        assert found == [expected]
        ratio = min(theirs) / statistics.median(ours)
        if ratio >= TIMES_AS_FAST:
            break
    assert ratio >= TIMES_AS_FAST, (
        f"only {ratio:.0f} times as fast: plain SimPy at best {min(theirs):.2f} s, this program {sorted(ours)}"
    )


def test_under_stress_the_first_year_is_the_same_as_in_plain_simpy():
    scenario = read(SCENARIOS["stress"], ["end=2024-12-28"]).scenario
    expected = weekly_counts(scenario, 3)
    assert max(expected) > 200
    assert plain_simpy.simulate(plain_simpy.lay_out(scenario, 3)) == expected


@pytest.fixture(scope="module")
def base() -> Scenario:
    return read(SCENARIOS["base"]).scenario


def test_the_benchmark_is_about_163_000_pieces_of_work(base: Scenario):
    history = simulate(base, 0)
    counts = Counts(history)
    done = sum(counts.flow(flow)[0, -1] for flow in (VISIT_ATTEMPTS, REVIEWS_COMPLETED))
    assert history.tasks == done
    assert done == pytest.approx(163_000, rel=0.02)


def test_simpy_has_one_event_for_each_day_worked(base: Scenario, monkeypatch: pytest.MonkeyPatch):
    steps = 0
    step = simpy.Environment.step

    def counted(env: simpy.Environment) -> None:
        nonlocal steps
        steps += 1
        step(env)

    monkeypatch.setattr(simpy.Environment, "step", counted)
    simulate(base, 0)
    days = np.busday_count(base.start, base.end)  # the end is a Saturday, and this benchmark has no holidays
    assert days <= steps <= days + 10  # and a few to begin and to end with
