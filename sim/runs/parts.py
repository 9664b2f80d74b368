"""A part of a run: a shard for one of several machines, or a single replication."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.runs.batch import finish, simulate_missing
from sim.runs.pool import Outcome, Pool
from sim.runs.prepare import PreparedRun
from sim.runs.result import RunResult
from sim.runs.run_plan import ProgressListener
from sim.scenario import Scenario


class PartError(Exception):
    """No such part of a run; the text says what is allowed."""


@dataclass(frozen=True)
class Shard:
    """Every `of`-th replication, beginning with `number`; all shards together are the run."""

    number: int
    of: int

    def numbers(self, replications: Sequence[int]) -> list[int]:
        """The replications of this shard."""
        return [k for k in replications if (k - 1) % self.of == self.number - 1]


@dataclass(frozen=True)
class Only:
    """One replication."""

    number: int

    def numbers(self, replications: Sequence[int]) -> list[int]:
        """The one. Raises PartError if the run has no such replication."""
        if self.number not in replications:
            raise PartError(
                f"--only {self.number}: there is no such replication; this run has 1 to {len(replications):,}, and "
                "--replications asks for more."
            )
        return [self.number]


@dataclass(frozen=True)
class PartResult:
    """What a part of a run left behind, and the result of the whole run if nothing is missing any more."""

    scenario: Scenario
    folder: Path
    part: Shard | Only
    done: tuple[int, ...]
    """The replications of this part that are there now."""
    failures: tuple[Outcome, ...]
    missing: tuple[int, ...]
    """The replications of the whole run that are still not there."""
    whole: RunResult | None

    @property
    def is_empty(self) -> bool:
        """Has the run no replication for this part?"""
        return not self.done and not self.failures


def shard(text: str) -> Shard:
    """A shard as it is written on the command line, `2/8`. Raises PartError."""
    found = re.fullmatch(r"\s*(\d{1,6})\s*/\s*(\d{1,6})\s*", text)
    if found and 1 <= int(found[1]) <= int(found[2]):
        return Shard(int(found[1]), int(found[2]))
    raise PartError(f"--shard {text}: write NUMBER/OF with a number from 1 to OF, such as 2/8 for the second of eight.")


def part_of(shard_text: str | None, only: int | None) -> Shard | Only | None:
    """The part that was asked for on the command line, if one was. Raises PartError."""
    if shard_text is not None:
        return shard(shard_text)
    return None if only is None else Only(only)


def run_part(
    prepared: PreparedRun,
    part: Shard | Only,
    *,
    workers: int | None = None,
    pool: Pool | None = None,
    listener: ProgressListener | None = None,
) -> PartResult:
    """Simulate what is missing of a part; the part that makes the last replication of a run sums the run up.

    Raises PartError and FolderError.
    """
    wanted = part.numbers(prepared.replications)
    failures: tuple[Outcome, ...] = ()
    if wanted:
        failures = simulate_missing([(prepared, wanted)], workers=workers, pool=pool, listener=listener)[prepared]
    missing = prepared.missing(prepared.replications)
    return PartResult(
        prepared.scenario,
        prepared.folder.path,
        part,
        tuple(k for k in wanted if k not in missing),
        failures,
        missing,
        None if missing else finish(prepared),
    )
