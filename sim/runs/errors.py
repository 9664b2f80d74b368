"""What can go wrong with a run that is neither the scenario's nor the model's fault."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class FolderError(Exception):
    """The run folder cannot be used; the text says why and how to fix it."""


class OptionError(Exception):
    """An option that cannot be used, or not beside another; the text says why and what is allowed."""


class TooMuchWork(Exception):
    """A command would take too long or too much memory, and nobody agreed to it; the text says how much."""


@dataclass(frozen=True)
class Outcome:
    """How one replication ended; `error` is empty if all is well."""

    replication: int
    error: str = ""
    traceback: str = ""


class ReplicationsFailed(Exception):
    """Not one replication could be finished; `failures` says why."""

    def __init__(self, failures: Sequence[Outcome]) -> None:
        super().__init__(f"not one replication of {len(failures)} could be finished")
        self.failures = tuple(failures)
