"""Today's caseload as a force's extract gives it: what the model needs of each row, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.scenario.caseload_file.columns import DATES
from sim.scenario.schema import Scenario

UNKNOWN = 0
"""A date that the file does not give; day 1 is the first of January of the year 1."""

NOBODY = -1
"""The officer of an offender who is unallocated."""

KNOWN = np.dtype(
    [
        ("stream", "u4"),  # of random numbers: stream and index together are the hash of the row's key
        ("index", "u4"),
        ("team", "i4"),  # number in the scenario
        ("risk", "i1"),
        ("officer", "i4"),  # number in the team, by label, or NOBODY
        *((date, "i4") for date in DATES),  # proleptic ordinal, or UNKNOWN
    ]
)


@dataclass(frozen=True, eq=False)
class KnownCaseload:
    """One record for each offender of today, in an order that has nothing to do with the order of the file."""

    file: str
    """The name of the file, without its folder."""
    rows: np.ndarray
    teams: tuple[str, ...]
    """The names of the scenario's teams, to which the numbers in the rows point."""
    allocated: bool
    """Does the file have a column of officers?"""
    remarks: tuple[str, ...] = ()
    """What a planner should know about how the file was read."""
    left_out: int = 0
    """Rows of the file that could not be used and are left out."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, KnownCaseload) and self.content_hash == other.content_hash

    def __hash__(self) -> int:
        return hash(self.content_hash)

    @cached_property
    def content_hash(self) -> str:
        """A hash of all that shapes a result: not of the path, of other columns, or of how the file is written."""
        names, team = np.unique(np.array(self.teams)[self.rows["team"]], return_inverse=True)
        digest = hashlib.sha256("\n".join([str(self.allocated), *names, ""]).encode())
        for column in ("stream", "index", "risk", "officer", *DATES):
            digest.update(self.rows[column].tobytes())
        digest.update(team.astype("i4").tobytes())
        return digest.hexdigest()

    def offenders(self) -> list[int]:
        return np.bincount(self.rows["team"], minlength=len(self.teams)).tolist()

    def caseloads(self) -> list[int]:
        """The number of officers with a label of their own in each team."""
        officers, teams = self.rows["officer"], self.rows["team"]
        return [int(officers[teams == team].max(initial=NOBODY)) + 1 for team in range(len(self.teams))]

    def warnings(self, scenario: Scenario) -> Iterator[str]:
        """What a planner should know before the file stands for today's caseload of this scenario."""
        yield from (f"{self.file}: {remark}" for remark in self.remarks)
        of = f"of {len(self.rows):,} offenders"
        for date in DATES:
            if unknown := int((self.rows[date] == UNKNOWN).sum()):
                yield f"{self.file}: {date} is not given for {unknown:,} {of}; drawn as if generated"
        if not self.allocated:
            yield f"{self.file}: there is no column officer; offenders are shared out evenly within each team"
        elif scenario.caseload.allocation == "pooled":
            yield f"{self.file}: the column officer is not used, because caseload.allocation is pooled"
            return
        elif unallocated := int((self.rows["officer"] == NOBODY).sum()):
            yield f"{self.file}: no officer is given for {unallocated:,} {of}; unallocated offenders are not visited"
        in_post = [officers for officers, _ in scenario.headcounts]
        for number, (team, officers, caseloads) in enumerate(zip(self.teams, in_post, self.caseloads(), strict=True)):
            where = f"{self.file}: teams.{number} ({team}): {caseloads:,} in the column officer, {officers:,} in post"
            if 0 < officers < caseloads:
                yield f"{where}; the other caseloads are shared out evenly"
            elif 0 < caseloads < officers:
                yield f"{where}; the other officers begin with no caseload"


def identity(kind: str, text: str) -> tuple[int, int]:
    """Stream and index of somebody's random numbers; the text cannot be had back from them.

    `kind` keeps a key apart from a row number that reads the same. A stream of 0 is the register's.
    """
    digest = hashlib.sha256(f"{kind}\0{text}".encode()).digest()
    return int.from_bytes(digest[:4], "little") or 1, int.from_bytes(digest[4:8], "little")
