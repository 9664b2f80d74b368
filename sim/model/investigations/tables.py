"""What investigations leave behind: a row for each case, crime, spell of holding one, and spell of an investigator.

Times are days since midnight of the first day; `NEVER` is what has not happened by the horizon.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Where a case is worked on, one stage after the other.
CHECKS, SEARCH, DIGITAL_FORENSICS, GRADING = range(4)
STAGES = ("checks", "search", "digital_forensics", "grading")

# How a case or a crime ends.
OPEN, CLOSED_AT_CHECKS, NO_FURTHER_ACTION, CHARGED = range(4)
OUTCOMES = ("", "closed_at_checks", "no_further_action", "charged")

CASE = np.dtype(
    [
        ("index", "u4"),  # whose luck
        ("grade", "i1"),  # as recorded risk: 0 low to 3 very high
        ("team", "i2"),  # the area
        ("access", "i1"),  # has the suspect access to children?
        ("on_register", "i1"),
        ("voluntary", "i1"),  # attended instead of being searched
        ("safeguarded", "i1"),  # kept from children on bail
        ("triaged", "i1"),
        ("missed", "i1"),  # what matters is not among the devices
        ("devices_found", "i4"),
        ("devices_seized", "i4"),
        ("outcome", "i1"),
        ("referred", "f8"),
        ("acted", "f8"),  # the suspect was searched, or attended
        ("decided", "f8"),  # closed at the checks, no further action, or charged
        ("joined", "f8"),  # the register, once convicted and released
        # By stage: when the case came, when somebody began, and when it was done.
        ("entered", "f8", (len(STAGES),)),
        ("begun", "f8", (len(STAGES),)),
        ("left", "f8", (len(STAGES),)),
    ],
    align=True,
)

CRIME = np.dtype(
    [
        ("index", "u4"),  # whose luck
        ("team", "i2"),
        ("complex", "i1"),  # needs an investigator of level 2
        ("experienced", "i1"),  # who ends it
        ("below_level", "i1"),  # who ends it is below the level it needs
        ("passed_on", "i4"),
        ("reviews", "i4"),
        ("outcome", "i1"),
        ("received", "f8"),
        ("allocated", "f8"),
        ("closed", "f8"),
    ],
    align=True,
)

SPELL = np.dtype([("investigator", "i4"), ("experienced", "i1"), ("begins", "f8"), ("ends", "f8")], align=True)
"""An investigator in post, or holding one crime, from a time until another."""


class Columns:
    """The columns of a table by name, to be read and written one by one: `cases.acted[row] = now`."""

    def __init__(self, rows: np.ndarray) -> None:
        self.rows = rows
        self.__dict__.update({name: rows[name] for name in rows.dtype.names or ()})

    def __getattr__(self, name: str) -> np.ndarray:  # for what the dtype does not have; the others are found before
        raise AttributeError(f"no column {name}")

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Investigated:
    """What one replication leaves behind of investigations."""

    cases: np.ndarray
    crimes: np.ndarray
    held: np.ndarray
    """Of `SPELL`: one crime (or case of a joint team) in somebody's hands."""
    posts: np.ndarray
    """Of `SPELL`: an investigator in post."""
    reviews: np.ndarray
    """When supervisors reviewed a crime, ascending."""


NOTHING_INVESTIGATED = Investigated(
    np.zeros(0, CASE), np.zeros(0, CRIME), np.zeros(0, SPELL), np.zeros(0, SPELL), np.zeros(0)
)
