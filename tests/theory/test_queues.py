"""Investigations against queueing theory: Erlang C at every step, M/M/1 for each investigator, and Little's law."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from test_closed_forms import SCENARIOS

from sim.measure import tabulate
from sim.model import ReplicationResult, simulate
from sim.model.investigations.tables import CHECKS, DIGITAL_FORENSICS, GRADING, SEARCH, STEPS
from sim.runs.intervals import interval
from sim.scenario import read

SETTLED = 150
"""Days after which the empty start is forgotten."""
A_DAY = 8
ONLY_CASES, ONLY_CRIMES = "crime.crimes_per_year=0", "online_abuse.referrals_per_year=0"
MIXED = "online_abuse.grades=0.25"


@cache
def replications(*settings: str) -> list[ReplicationResult]:
    scenario = read(SCENARIOS / "investigations.yaml", settings).scenario
    return [simulate(scenario, replication) for replication in range(scenario.replications)]


def assert_holds(found: list[float], theory: float) -> None:
    """The interval over replications holds the theory, and neither 10% more nor 10% less."""
    low, high = interval(found)[1:3]
    assert low <= theory <= high, f"theory {theory:.4g} is not within {low:.4g} to {high:.4g}"
    assert 0.9 * theory < low
    assert high < 1.1 * theory


def erlang_wait(servers: int, mean_days: float, a_day: float = A_DAY) -> float:
    """The mean wait in M/M/c, in days: Erlang's C times the mean service over what is left of the servers."""
    load = a_day * mean_days
    terms = [load**k / math.factorial(k) for k in range(servers)]
    last = load**servers / math.factorial(servers) * servers / (servers - load)
    return last / (sum(terms) + last) * mean_days / (servers - load)


def test_the_textbook_case_of_erlang_c():
    # One server is M/M/1: the wait is load / (1 - load) times the service.
    assert erlang_wait(1, 0.5, a_day=1) == pytest.approx(0.5)
    # Two servers at one erlang: C = 1/3.
    assert erlang_wait(2, 1.0, a_day=1) == pytest.approx(1 / 3)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("step", "servers", "mean_days"),
    [(CHECKS, 2, 4 / 24), (SEARCH, 3, 6.3 / 24), (DIGITAL_FORENSICS, 5, 5 * 7 / 80), (GRADING, 4, 8.4 / 24)],
)
def test_each_step_waits_as_erlang_says_whoever_goes_first(step, servers, mean_days):
    waits = []
    for result in replications(MIXED, ONLY_CASES):
        cases = result.investigated.cases
        served = cases[(cases["entered"][:, step] > SETTLED) & np.isfinite(cases["begun"][:, step])]
        waits.append((served["begun"][:, step] - served["entered"][:, step]).mean())
    assert_holds(waits, erlang_wait(servers, mean_days))


@pytest.mark.slow
def test_the_gravest_wait_least():
    for result in replications(MIXED, ONLY_CASES):
        cases = result.investigated.cases
        searched = cases[np.isfinite(cases["begun"][:, SEARCH])]
        waits = searched["begun"][:, SEARCH] - searched["entered"][:, SEARCH]
        by_grade = [waits[searched["grade"] == grade].mean() for grade in range(4)]
        assert by_grade == sorted(by_grade, reverse=True)


@pytest.mark.slow
def test_each_investigator_is_a_queue_with_one_server():
    # A quarter of eight crimes a day each, 8.4 hours: in the system for 1 / (1 / 0.35 - 2) days.
    times = []
    for result in replications(ONLY_CRIMES):
        crimes = result.investigated.crimes
        known = (crimes["received"] > SETTLED) & np.isfinite(crimes["closed"])
        times.append((crimes["closed"] - crimes["received"])[known].mean())
    assert_holds(times, 1 / (24 / 8.4 - 2))


def test_little_s_law_holds_at_every_stage():
    # In a long replication the mean number waiting is the rate of coming times the mean wait, with no theory of queues.
    for result in replications(MIXED, ONLY_CASES)[:3]:
        horizon, cases = float(result.observation_times[-1]), result.investigated.cases
        table = tabulate(result.inputs.scenario, result)
        average = table[(table.statistic == "average") & (table.group == "total")].set_index("metric").value
        for step, metric in ((CHECKS, "cases_awaiting_checks"), (SEARCH, "cases_awaiting_search")):
            entered = cases["entered"][:, step]
            came = entered < horizon
            until = np.minimum(cases["begun"][:, step], horizon)
            waited = (until - entered)[came]
            assert average[metric] == pytest.approx(came.sum() / horizon * waited.mean(), rel=1e-9)


def test_at_every_week_each_case_is_at_one_step_or_has_ended():
    for result in replications(MIXED, ONLY_CASES)[:3]:
        cases = result.investigated.cases
        for day in result.observation_times:
            arrived = (cases["referred"] <= day).sum()
            at_stages = sum(
                ((cases["entered"][:, step] <= day) & (cases["left"][:, step] > day)).sum()
                for step in range(len(STEPS))
            )
            assert arrived == at_stages + (cases["decided"] <= day).sum()
