"""The numbers that some scenarios gave when somebody last looked at them: results/baseline.json.

    python -m tests.reproducibility.baseline

writes them anew. Do so when a change was meant to move them, and let the difference be seen in review.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import pandas as pd

from sim.measure import tabulate
from sim.model import simulate
from sim.runs.summary import ReplicationsTable
from sim.scenario import read

ROOT = Path(__file__).parents[2]
BASELINE = ROOT / "results" / "baseline.json"
RENEW = "python -m tests.reproducibility.baseline"

REPLICATIONS = {"scenarios/small.yaml": 5, "scenarios/met.yaml": 2, "tests/reproducibility/everything.yaml": 3}
METRICS = (
    "overdue_visits",
    "overdue_reviews",
    "oldest_overdue_visit_days",
    "longest_unseen_days",
    "risk_coverage",
    "unannounced_coverage",
    "hidden_risk_days",
    "latent_breach_days",
    "breach_detection_days",
    "visit_attempts",
    "failed_attempts_share",
    "reviews_completed",
    "enquiries_completed",
    "offenders_managed",
    "offenders_in_custody",
    "caseload_per_officer",
    "workload_ratio",
    "utilisation",
    "hours_per_contact",
)
EXACTLY = 1e-9
"""How far, relatively, a number may lie from the baseline: what another machine's last digits come to."""

Numbers = dict[str, float | None]
"""The mean of each `metric group statistic`; None where no replication has a value."""


def measured(scenario_file: str) -> Numbers:
    """The numbers of a scenario as the program gives them now."""
    scenario = read(ROOT / scenario_file).scenario
    tables = (tabulate(scenario, simulate(scenario, k)) for k in range(1, REPLICATIONS[scenario_file] + 1))
    summary, _ = ReplicationsTable.of(tables).summarised(scenario.start)
    rows = summary[summary["metric"].isin(METRICS)]
    names = rows["metric"] + " " + rows["group"] + " " + rows["statistic"]
    return {name: mean if math.isfinite(mean) else None for name, mean in zip(names, rows["mean"], strict=True)}


def differences(now: Numbers, before: Numbers) -> pd.DataFrame:
    """A row for each number that is not what it was: before, now, and by how much."""
    rows = []
    for number in {**before, **now}:
        old, new = before.get(number), now.get(number)
        same = old == new or (old is not None and new is not None and math.isclose(old, new, rel_tol=EXACTLY))
        if not same or (number in before) != (number in now):
            change = f"{new / old - 1:+.2%}" if old and new is not None else ""
            rows.append({"number": number, "before": old, "now": new, "change": change})
    return pd.DataFrame(rows, columns=["number", "before", "now", "change"])


def main() -> None:
    """Write the baseline, and print what has changed since the last one."""
    before = json.loads(BASELINE.read_text()) if BASELINE.exists() else {}
    now = {scenario_file: measured(scenario_file) for scenario_file in REPLICATIONS}
    for scenario_file, numbers in now.items():
        changed = differences(numbers, before.get(scenario_file, {}))
        print(f"{scenario_file}: {len(changed)} of {len(numbers)} numbers changed")
        if len(changed) and scenario_file in before:
            print(changed.to_string(index=False))
    BASELINE.write_text(json.dumps(now, indent=1) + "\n")


if __name__ == "__main__":
    main()
