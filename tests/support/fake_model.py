"""A model that takes no time: what it says is a plain function of seed and replication.

A module of its own, so that worker processes can import it.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

from sim.runs.result import RunResult
from sim.runs.summary import ReplicationsTable
from sim.runs.task import Simulated
from sim.scenario import Scenario

SCENARIO = """\
name: Smalltown
start: 2024-09-02
end: 2024-10-13
replications: 3
seed: 7
teams:
  - {name: North, officers: 4, offenders: 200}
caseload:
  risk_mix: {low: 0.5, medium: 0.3, high: 0.18, very_high: 0.02}
visits:
  interval_days: {low: 365, medium: 182, high: 91, very_high: 30}
  visit_hours: 1
"""

RISK_SHARES = {"total": 1.0, "low": 0.5, "medium": 0.3, "high": 0.18, "very_high": 0.02}
FIRST_AND_LAST = {
    "overdue_visits": (40, 64),
    "overdue_reviews": (30, 20),
    "overdue_visits_share": (0.2, 0.32),
    "oldest_overdue_visit_days": (90, 130),
    "longest_unseen_days": (300, 340),
    "visit_coverage": (0.8, 0.68),
    "risk_coverage": (0.85, 0.8),
    "unannounced_coverage": (0.3, 0.3),
    "caseload_per_officer": (50, 51),
    "workload_ratio": (1.1, 1.12),
    "offenders_managed": (200, 210),
}


@dataclass(frozen=True)
class FakeReplication:
    """What the fake model leaves behind."""

    replication: int
    seed: int


@dataclass(frozen=True)
class FakeModel:
    """Simulates at once; on request some replications fail or never end."""

    fails: tuple[int, ...] = ()
    hangs: tuple[int, ...] = ()

    def __call__(self, scenario: Scenario, replication: int, log_events: bool = False) -> Simulated:
        if replication in self.fails:
            raise ArithmeticError(f"failed in {replication}")
        if replication in self.hangs:
            time.sleep(60)
        events = pd.DataFrame({"time": [0.5, 1.5], "kind": ["visit", "review"], "offender": [replication, 1]})
        return tabulate(scenario, FakeReplication(replication, scenario.seed)), events if log_events else None


def tabulate(
    scenario: Scenario, simulated: FakeReplication, first_and_last: dict[str, tuple[float, float]] = FIRST_AND_LAST
) -> pd.DataFrame:
    """The table of `sim.measure.tabulate` for a fake replication: every metric moves evenly from first to last."""
    step = 7 if scenario.horizon_days < 100 else 49
    random_numbers = random.Random(f"{simulated.seed} {simulated.replication}")
    days = [*range(0, scenario.horizon_days, step), scenario.horizon_days]
    rows = []
    for metric, (first, last) in first_and_last.items():
        noise = random_numbers.uniform(0.95, 1.05)
        for group, share in RISK_SHARES.items():
            scale = share if metric.startswith("overdue_") and "share" not in metric else 1.0
            weeks = [scale * (first + (last - first) * day / days[-1] * noise) for day in days]
            # What happens in a week has no value at its beginning.
            known = slice(1, None) if metric == "workload_ratio" else slice(None)
            rows += [
                ("week", float(day), metric, group, value) for day, value in zip(days[known], weeks[known], strict=True)
            ]
            rows.append(("at_end", float("nan"), metric, group, weeks[-1]))
            rows.append(("average", float("nan"), metric, group, sum(weeks) / len(weeks)))
    recovered = 30.0 if simulated.replication % 2 else float("nan")
    rows.append(("at_end", float("nan"), "recovery_date", "total", recovered))
    return pd.DataFrame(rows, columns=["statistic", "day", "metric", "group", "value"])


def use(model: FakeModel, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the fake in the place of the model."""
    monkeypatch.setattr("sim.runs.task.simulate_and_measure", model)
    monkeypatch.setattr("sim.model.kernel.cache.is_compiled", lambda: True)


def smalltown(**changes: object) -> Scenario:
    """The scenario of `SCENARIO`, with some of its values changed."""
    case = {"risk_mix": {"low": 0.5, "medium": 0.3, "high": 0.18, "very_high": 0.02}}
    visits = {"interval_days": 91, "visit_hours": 1}
    teams = [{"name": "North", "officers": 4, "offenders": 200}]
    plain = {"name": "Smalltown", "start": "2024-09-02", "end": "2024-10-13", "teams": teams, "seed": 7}
    return Scenario.model_validate({**plain, "caseload": case, "visits": visits, **changes})


def fake_result(
    folder: Path,
    replications: int = 3,
    end: str = "2027-09-01",
    name: str = "Smalltown",
    **first_and_last: tuple[float, float],
) -> RunResult:
    """A result of three years as a run would give it, with some metrics moving as asked."""
    scenario = smalltown(end=end, name=name)
    changes_of = {**FIRST_AND_LAST, **first_and_last}
    results = [FakeReplication(number, scenario.seed) for number in range(1, replications + 1)]
    tables = [tabulate(scenario, simulated, changes_of) for simulated in results]
    together, numbers = ReplicationsTable.of(tables), tuple(range(1, replications + 1))
    return RunResult(
        scenario, folder, numbers, *together.summarised(scenario.start), replication_ends=together.ends(numbers)
    )
