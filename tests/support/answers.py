"""A small town of which a few replications show everything, for tests of comparisons, sweeps and searches."""

from pathlib import Path

import pytest

TOWN = """\
name: Smalltown
start: 2024-09-02
end: 2024-12-31
replications: 6
seed: 7
teams:
  - {name: North, officers: 3, offenders: 150}
officers: {hours_per_week: 40, available_share: 0.6}
caseload:
  risk_mix: {low: 0.5, medium: 0.3, high: 0.18, very_high: 0.02}
  overdue_at_start: 0.3
visits:
  interval_days: {low: 365, medium: 182, high: 91, very_high: 30}
  announced_share: 0.5
  visit_hours: {distribution: lognormal, mean: 2, cv: 0.5}
  travel_hours: 1
  no_contact: {announced: 0.1, unannounced: 0.3}
reviews: {interval_days: 365, hours: 4}
costs: {officer_per_year: 60000}
"""


PLAN = """\
extends: town.yaml
name: One more officer
teams:
  - {name: North, officers: 4, offenders: 150}
"""


def settle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the town into a folder of its own, which is the current one."""
    monkeypatch.chdir(tmp_path)
    Path("town.yaml").write_text(TOWN)
    Path("plan.yaml").write_text(PLAN)
