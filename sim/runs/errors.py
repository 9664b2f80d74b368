"""What can go wrong with a run that is neither the scenario's nor the model's fault."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.runs.pool import Outcome


class FolderError(Exception):
    """The run folder cannot be used; the text says why and how to mend it."""


class TooMuchWork(Exception):
    """A command would take too long or too much memory, and nobody said that it may; the text says how much."""


class ReplicationsFailed(Exception):
    """Not one replication could be finished; `failures` tells why."""

    def __init__(self, failures: Sequence[Outcome]) -> None:
        super().__init__(f"none of {len(failures)} replications could be finished")
        self.failures = tuple(failures)
