"""Short replications in which everything happens; simulates one of them and leaves its log and its tally in a folder.

    python -m tests.support.eventful NAME FOLDER

Run as a process of its own, because Numba reads whether to compile before it is first imported.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from sim.model import simulate
from tests.support.on_top import on_top

EVERYTHING = Path(__file__).parents[1] / "reproducibility" / "everything.yaml"

_SHORT = (
    "end=2024-08-30",
    "officers.trained_share=0.3",
    "officers.untrained.lost_record_share=0.3",
    "missing.leave_home_per_year=1.5",
    "levers=[{from: 2024-04-15, set: {officers.total: 9, visits.interval_days: 40, breaches.per_year: 2}},"
    " {from: 2024-06-10, set: {officers.total: 2, visits.crew: 1, drift.up_per_year: 1}}]",
)
"""What is rare is frequent here, so that a few months are enough for it."""

FEW = ("caseload.total=30", "register.new_per_year=80")
"""Few at the start and many to come: the caseloads outgrow the table they were laid out in."""

EVENTFUL = {
    "own": (*FEW, "end=2025-03-10"),
    "pooled": (*FEW, "caseload.allocation=pooled", *_SHORT),
    "around_the_clock": (*FEW, "calendar.work=around_the_clock", *_SHORT),
}


def main(name: str, folder: Path) -> None:
    """Write log.npy and tally.npy of a replication."""
    result = simulate(on_top(EVERYTHING, EVENTFUL[name]), 1, log_events=True)
    np.save(folder / "log.npy", np.asarray(result.event_log), allow_pickle=False)
    np.save(folder / "tally.npy", np.asarray(result.tally), allow_pickle=False)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
