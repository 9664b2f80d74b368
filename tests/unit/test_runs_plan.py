"""How long a run will take, and how many workers are worth starting."""

from pathlib import Path

import pytest

from sim.runs import run_plan as plan
from sim.runs.run_plan import Plan, RunPlan, best_workers
from sim.scenario import Scenario
from tests.support.fake_model import smalltown


@pytest.fixture(autouse=True)
def _four_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "cores", lambda: 4)


@pytest.fixture
def _workers_take_two_seconds_to_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on Windows, where no process can be copied."""
    monkeypatch.setattr(plan, "SECONDS_TO_START_WORKERS", 2.0)


def planned(scenario: Scenario, replications: int) -> RunPlan:
    numbers = tuple(range(1, replications + 1))
    return RunPlan(scenario, Path("run"), wanted=numbers, missing=numbers)


def test_a_large_run_takes_every_core_that_has_something_to_do() -> None:
    large = smalltown(teams=[{"name": "North", "officers": 9, "offenders": 90_000}], end="2029-09-01")
    assert best_workers([planned(large, 30)]) == 4
    assert best_workers([planned(large, 3)]) == 3
    assert best_workers([planned(large, 1)]) == 1


def test_where_workers_are_copies_a_small_run_has_them_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "SECONDS_TO_START_WORKERS", 0.0)
    assert best_workers([planned(smalltown(), 30)]) == 4
    assert best_workers([planned(smalltown(), 1)]) == 1
    assert best_workers([planned(smalltown(), 0)]) == 1


@pytest.mark.usefixtures("_workers_take_two_seconds_to_start")
def test_a_small_run_starts_no_worker_that_takes_longer_to_start_than_it_saves() -> None:
    assert best_workers([planned(smalltown(), 30)]) == 1
    assert best_workers([planned(smalltown(), 0)]) == 1


def test_twice_the_work_takes_twice_the_time_and_two_workers_nearly_half() -> None:
    def seconds(replications: int, workers: int) -> float:
        return Plan((planned(smalltown(end="2034-09-01"), replications),), workers).estimated_seconds

    assert seconds(200, 1) == pytest.approx(2 * seconds(100, 1))
    assert seconds(200, 2) - seconds(100, 2) == pytest.approx(seconds(100, 1) / 2)


@pytest.mark.usefixtures("_workers_take_two_seconds_to_start")
def test_two_small_runs_may_be_worth_what_one_is_not() -> None:
    item = planned(smalltown(end="2034-09-01"), 40)
    assert best_workers([item]) == 1
    assert best_workers([item] * 2) == 4


def test_investigations_take_their_time() -> None:
    without, beside = smalltown(), smalltown(crime={"crimes_per_year": 1000, "investigators": 20})
    times = [Plan((planned(scenario, 1),), 1).estimated_seconds for scenario in (without, beside)]
    assert times[1] > 2 * times[0]
