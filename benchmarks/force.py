"""The force every Python engine starts from: officers, offenders, and the draws of each visit, as plain objects.

It is laid out beforehand by `benchmarks.laying_out` and read from a file, so that an engine needs nothing of this
program: neither its model nor the packages that it brings along.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np


class Rules(NamedTuple):
    """The rules of work. `shift_start` is a fraction of a day."""

    horizon_days: int
    shift_start: float
    shift_hours: float
    lead_days: float
    retry_days: float
    review_hours: float
    review_days: float


@dataclass(slots=True, eq=False)
class Offender:
    """One offender, with hours and outcome of every visit there may be. Times are days since the first midnight."""

    number: int
    team: int
    weight: float
    interval: float
    registered: float
    leaves: float
    visit_due: float
    review_due: float
    hours: list[float]
    seen: list[bool]
    barred_until: float = -1.0
    officer: Officer | None = None
    visits: int = 0


@dataclass(slots=True, eq=False)
class Officer:
    """One officer with a caseload."""

    team: int
    caseload: list[Offender] = field(default_factory=list)
    toil_hours: float = 0.0


@dataclass(slots=True)
class Force:
    """Who is on the register today, who will join and who will leave, each by date, and the officers of each team."""

    rules: Rules
    today: list[Offender]
    newcomers: list[Offender]
    leavers: list[Offender]
    teams: list[list[Officer]]


def read_force(file: Path) -> Force:
    """The force as `laying_out` has written it."""
    with np.load(file) as written:
        laid_out = {name: written[name].tolist() for name in written.files}
    rules = Rules(*laid_out["rules"])._replace(horizon_days=int(laid_out["rules"][0]))
    officers = [Officer(team) for team in laid_out["officer_team"]]
    offenders = []
    first = laid_out["first_visit"]
    columns = ("team", "weight", "interval", "registered", "leaves", "visit_due", "review_due")
    for number, values in enumerate(zip(*(laid_out[name] for name in columns), strict=True)):
        draws = slice(first[number], first[number + 1])
        offenders.append(Offender(number, *values, laid_out["hours"][draws], laid_out["seen"][draws]))
    today = len(laid_out["officer"])
    for offender, row in zip(offenders[:today], laid_out["officer"], strict=True):
        offender.officer = officers[row]
        offender.officer.caseload.append(offender)
    leavers = sorted((o for o in offenders if o.leaves < rules.horizon_days), key=lambda o: o.leaves)
    teams: list[list[Officer]] = [[] for _ in range(1 + max(laid_out["officer_team"]))]
    for officer in officers:
        teams[officer.team].append(officer)
    return Force(rules, offenders[:today], offenders[today:], leavers, teams)


class Register:
    """Who is on the register: at midnight departures first, then arrivals into the smallest caseload."""

    def __init__(self, force: Force) -> None:
        self.teams = force.teams
        self.offenders = dict.fromkeys(force.today)
        self._leavers, self._newcomers = iter(force.leavers), iter(force.newcomers)
        self._leaver, self._newcomer = next(self._leavers, None), next(self._newcomers, None)

    def move_to(self, day: int) -> tuple[list[Offender], list[Offender]]:
        """Let offenders leave and join up to a day; returns who has left and who has joined."""
        left, joined = [], []
        while self._leaver is not None and self._leaver.leaves <= day:
            leaver = self._leaver
            if leaver.officer is not None:
                leaver.officer.caseload.remove(leaver)
                del self.offenders[leaver]
                left.append(leaver)
            self._leaver = next(self._leavers, None)
        while self._newcomer is not None and self._newcomer.registered <= day:
            newcomer = self._newcomer
            newcomer.officer = min(self.teams[newcomer.team], key=lambda officer: len(officer.caseload))
            newcomer.officer.caseload.append(newcomer)
            self.offenders[newcomer] = None
            joined.append(newcomer)
            self._newcomer = next(self._newcomers, None)
        return left, joined

    def overdue(self, day: int) -> int:
        """How many visits are overdue at this midnight."""
        return sum(offender.visit_due + 1 <= day for offender in self.offenders)
