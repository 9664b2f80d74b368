"""One history week by week: who is in date, who is overdue, whom nobody has seen for a year; by team and risk.

It is read off the event log, offender by offender, by the same rules as the stories (`offender_state`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.model.codes import DAYS_PER_WEEK
from sim.report.stories.event_trace import EventTrace
from sim.report.stories.offender_state import transitions
from sim.report.stories.sentences import tells_of
from sim.scenario.values import RISK_LEVELS

ABSENT, IN_DATE, OVERDUE, UNSEEN = range(4)
"""How an offender stands at a mark; absent is who is not to be visited: not on the register, in custody, reactive."""

UNSEEN_DAYS = 365
"""Whoever was last seen longer ago than this counts as unseen, overdue or not: a lost record is never overdue."""


@dataclass(frozen=True)
class Replay:
    """A history at its weekly marks: arrays of shape (offenders, marks), and the marks in days since the first day.

    `states` as named above; `risks` are places in RISK_LEVELS, `teams` places in `team_names`, `officers` numbers, all
    -1 where somebody is absent. `overdue` tells apart who is overdue among the unseen.
    """

    marks: np.ndarray
    states: np.ndarray
    overdue: np.ndarray
    risks: np.ndarray
    teams: np.ndarray
    officers: np.ndarray
    team_names: tuple[str, ...]

    @property
    def offenders(self) -> int:
        """How many there ever were."""
        return len(self.states)

    def counts(self, which: np.ndarray | None = None) -> np.ndarray:
        """How many are in date, overdue and unseen at each mark, shape (3, marks); of some entries, or of all."""
        inside = np.ones_like(self.states, dtype=bool) if which is None else which
        return np.array([((self.states == state) & inside).sum(axis=0) for state in (IN_DATE, OVERDUE, UNSEEN)])

    @cached_property
    def gravest(self) -> np.ndarray:
        """The gravest risk each offender was ever recorded at; -1 for who was never to be seen."""
        return self.risks.max(axis=1)

    @cached_property
    def order(self) -> np.ndarray:
        """The offenders by the gravest risk they ever had, then by the team they began in: each keeps one place."""
        first_mark = (self.teams >= 0).argmax(axis=1)
        return np.lexsort((self.teams[np.arange(self.offenders), first_mark], -self.gravest))


def replay(trace: EventTrace) -> Replay:
    """Follow every offender of a history through its weeks."""
    marks = np.append(np.arange(0.0, trace.end, DAYS_PER_WEEK), trace.end)
    names = tuple(team.name for team in trace.scenario.teams)
    lives = [_at_marks(_standings(trace, life, names), marks) for life in trace.lives()]
    stood = np.array(lives).reshape(len(lives), len(marks), len(_NOBODY) - 1)
    present, due, seen, risks, teams, officers = (stood[:, :, column] for column in range(stood.shape[2]))
    there = present == 1
    # Due on a date before this one; nothing is due where that is NaN.
    overdue = there & (np.floor(due) < np.floor(marks))
    states = np.where(marks - seen > UNSEEN_DAYS, UNSEEN, np.where(overdue, OVERDUE, IN_DATE))
    risks, teams, officers = (np.where(there, number, -1).astype(int) for number in (risks, teams, officers))
    return Replay(marks, np.where(there, states, ABSENT), overdue, risks, teams, officers, names)


_NOBODY = (-math.inf, 0.0, math.nan, math.nan, -1.0, -1.0, -1.0)
"""How somebody stands of whom nothing has been told yet; in the order of `_standings`."""


def _standings(trace: EventTrace, life: Sequence, names: Sequence[str]) -> np.ndarray:
    """How an offender stands from each event on: its day, to be seen or not, visit due, last seen, and whose."""
    rows = [_NOBODY]
    for transition in transitions(trace, life, tells_of):
        event, now = transition.event, transition.after
        risk, team = RISK_LEVELS.index(event.risk), names.index(event.team)
        rows.append((event.day, now.is_to_be_seen, now.visit_due, now.last_seen, risk, team, now.officer))
    return np.array(rows, dtype=float)


def _at_marks(states: np.ndarray, marks: np.ndarray) -> np.ndarray:
    """The standing at each mark, without its day; what happens at a mark counts there."""
    return states[np.searchsorted(states[:, 0], marks, side="right") - 1, 1:]
