"""What investigations leave behind: a row for each case, each crime, each spell of holding one, and each spell in post.

Times are days since midnight of the first day, `NEVER` for what has not happened by the horizon.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Where a case is worked on, one step after the other.
CHECKS, SEARCH, DIGITAL_FORENSICS, GRADING = range(4)
STEPS = ("checks", "search", "digital_forensics", "grading")

# How a case or a crime ends.
OPEN, CLOSED_AT_CHECKS, NO_FURTHER_ACTION, CHARGED = range(4)
OUTCOMES = ("", "closed_at_checks", "no_further_action", "charged")

CASE = np.dtype(
    [
        ("index", "u4"),  # of its random numbers
        ("grade", "i1"),  # as recorded risk: 0 low to 3 very high
        ("team", "i2"),  # the area
        ("access", "i1"),  # has the suspect access to children?
        ("on_register", "i1"),
        ("voluntary", "i1"),  # attended instead of being searched
        ("safeguarded", "i1"),  # kept away from children on bail
        ("triaged", "i1"),
        ("missed", "i1"),  # the evidence is not among the devices
        ("devices_found", "i4"),
        ("devices_seized", "i4"),
        ("outcome", "i1"),
        ("referred", "f8"),
        ("acted", "f8"),  # the suspect was searched, or attended
        ("decided", "f8"),  # closed at the checks, no further action, or charged
        ("registered", "f8"),  # once convicted and released
        # By step: when the case reached it, when work on it began, and when it was done.
        ("entered", "f8", (len(STEPS),)),
        ("begun", "f8", (len(STEPS),)),
        ("left", "f8", (len(STEPS),)),
    ],
    align=True,
)

CRIME = np.dtype(
    [
        ("index", "u4"),  # of its random numbers
        ("team", "i2"),
        ("complex", "i1"),  # needs an investigator of level 2
        ("experienced", "i1"),  # the investigator who ended it
        ("below_level", "i1"),  # the investigator who ended it was below the level it needs
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
    """The columns of a table by name, to read and write one value: `cases.acted[row] = now`."""

    def __init__(self, rows: np.ndarray) -> None:
        self.rows = rows
        self.__dict__.update({name: rows[name] for name in rows.dtype.names or ()})

    def __getattr__(self, name: str) -> np.ndarray:  # only for what the dtype does not have
        raise AttributeError(f"no column {name}")


@dataclass(frozen=True)
class Investigated:
    """What one replication leaves behind of investigations.

    `held`, `posts`: records of `SPELL`, with a crime (or case of a joint team) held by an investigator, and with an
    investigator in post. `reviews`: when supervisors reviewed a crime, ascending.
    """

    cases: np.ndarray
    crimes: np.ndarray
    held: np.ndarray
    posts: np.ndarray
    reviews: np.ndarray


NOTHING_INVESTIGATED = Investigated(
    np.zeros(0, CASE), np.zeros(0, CRIME), np.zeros(0, SPELL), np.zeros(0, SPELL), np.zeros(0)
)
