"""Tasks for the pool that fail, kill their worker or do not end; a module of its own that workers import quickly."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from sim.runs.errors import FolderError


@dataclass(frozen=True)
class Task:
    """Leaves a file for each replication that is done."""

    folder: Path
    fails: tuple[int, ...] = ()
    kills: tuple[int, ...] = ()
    kills_once: tuple[int, ...] = ()
    hangs: tuple[int, ...] = ()

    def __call__(self, replication: int) -> None:
        if replication in self.fails:
            raise ArithmeticError(f"failed in {replication}")
        killed = self.folder / f"killed {replication}"
        if replication in self.kills or (replication in self.kills_once and not killed.exists()):
            killed.touch()
            os.kill(os.getpid(), 9)
        if replication in self.hangs:
            time.sleep(60)
        (self.folder / f"done {replication}").touch()


def full_disk(replication: int) -> None:
    """A task that finds the disk full."""
    raise FolderError("the disk is full")
