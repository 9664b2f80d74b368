"""The caseload benchmark: its two loads, and what every engine must find."""

from __future__ import annotations

from pathlib import Path

from sim.measure.counts import Counts
from sim.model import simulate
from sim.model.codes import OVERDUE_VISITS
from sim.model.simulate import ReplicationResult
from sim.scenario import Scenario

FOLDER = Path(__file__).parent
SCENARIOS = {"base": FOLDER / "caseload.yaml", "stress": FOLDER / "caseload-stress.yaml"}


def weekly_counts(scenario: Scenario, replication: int) -> list[int]:
    """Overdue visits at each weekly midnight, by this program."""
    return weekly_counts_of(simulate(scenario, replication))


def weekly_counts_of(replication: ReplicationResult) -> list[int]:
    """Overdue visits at each weekly midnight of a replication."""
    counts = Counts(replication)
    return counts.stock(OVERDUE_VISITS)[0, counts.days % 7 == 0].astype(int).tolist()
