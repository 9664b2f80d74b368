"""A part of a run: a shard for one of several machines, or a single replication."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sim.runs.errors import OptionError, Outcome
from sim.runs.result import RunResult
from sim.scenario import Scenario

NO_PART_HAS = {
    "until": "looks at all replications of a run; leave one out",
    "max_replications": "is the budget of --until; leave it out",
    "fresh": "would remove what other parts have made; leave it out, or choose a new folder with --out",
}
"""Options of a whole run alone, and why."""


@dataclass(frozen=True)
class Shard:
    """Every `of`-th replication, beginning with `number`; all shards together are the run."""

    number: int
    of: int
    option = "--shard"

    def numbers(self, replications: Sequence[int]) -> list[int]:
        return [k for k in replications if (k - 1) % self.of == self.number - 1]


@dataclass(frozen=True)
class Only:
    number: int
    option = "--only"

    def numbers(self, replications: Sequence[int]) -> list[int]:
        if self.number not in replications:
            raise OptionError(
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


def part_of(shard_text: str | None, only: int | None) -> Shard | Only | None:
    """The part that was asked for on the command line, if one was; a shard is written `2/8`. Raises OptionError."""
    if shard_text is not None and only is not None:
        raise OptionError("--shard and --only do not go together: leave one out.")
    if shard_text is None:
        return None if only is None else Only(only)
    found = re.fullmatch(r"\s*(\d{1,6})\s*/\s*(\d{1,6})\s*", shard_text)
    if found and 1 <= int(found[1]) <= int(found[2]):
        return Shard(int(found[1]), int(found[2]))
    raise OptionError(
        f"--shard {shard_text}: write NUMBER/OF with a number from 1 to OF, such as 2/8 for the second of eight."
    )
