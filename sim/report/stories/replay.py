"""One replication week by week: offenders in date, overdue and not seen for a year, by team and risk.

It is read from the event log, offender by offender, by the same rules as the stories (`offender_state`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from sim.model.codes import DAYS_PER_WEEK
from sim.report.stories.event_trace import EventTrace
from sim.report.stories.sentences import transitions
from sim.scenario.domain import RISK_LEVELS

ABSENT, IN_DATE, OVERDUE, UNSEEN = range(4)
"""The state of an offender at an observation time; absent: not to be visited, as in custody or reactive management."""

UNSEEN_DAYS = 365
"""An offender last seen longer ago than this counts as not seen, overdue or not: a lost record is never overdue."""


@dataclass(frozen=True)
class Replay:
    """A replication at its weekly observation `times`, in days since the first day: arrays of shape (offenders, times).

    `states` as named above; `risks` are places in RISK_LEVELS, `teams` places in `team_names`, `officers` numbers, all
    -1 where an offender is absent. `overdue`: also of those not seen for a year.
    """

    times: np.ndarray
    states: np.ndarray
    overdue: np.ndarray
    risks: np.ndarray
    teams: np.ndarray
    officers: np.ndarray
    team_names: tuple[str, ...]

    def counts(self, which: np.ndarray | bool = True) -> np.ndarray:
        """Offenders in date, overdue and not seen at each time, shape (3, times); of some entries, or of all."""
        return np.array([((self.states == state) & which).sum(axis=0) for state in (IN_DATE, OVERDUE, UNSEEN)])

    @cached_property
    def gravest(self) -> np.ndarray:
        """The gravest recorded risk of each offender; -1 for an offender never to be seen."""
        return self.risks.max(axis=1)

    @cached_property
    def order(self) -> np.ndarray:
        """The offenders by their gravest risk, then by their first team: each has one place."""
        first = (self.teams >= 0).argmax(axis=1)
        return np.lexsort((self.teams[np.arange(len(first)), first], -self.gravest))


def replay(trace: EventTrace) -> Replay:
    """The states of every offender of a replication, week by week."""
    times = np.append(np.arange(0.0, trace.end, DAYS_PER_WEEK), trace.end)
    names = tuple(team.name for team in trace.scenario.teams)
    found = [_at_times(trace, events, names, times) for events in trace.by_offender()]
    states = np.array(found).reshape(len(found), len(times), len(_ABSENT) - 1)
    present, due, seen, risks, teams, officers = (states[:, :, column] for column in range(states.shape[2]))
    there = present == 1
    # Due on a date before this one; nothing is due where that is NaN.
    overdue = there & (np.floor(due) < np.floor(times))
    states = np.where(times - seen > UNSEEN_DAYS, UNSEEN, np.where(overdue, OVERDUE, IN_DATE))
    risks, teams, officers = (np.where(there, number, -1).astype(int) for number in (risks, teams, officers))
    return Replay(times, np.where(there, states, ABSENT), overdue, risks, teams, officers, names)


_ABSENT = (-math.inf, 0.0, math.nan, math.nan, -1.0, -1.0, -1.0)
"""The state before the first event: its day, to be seen or not, visit due, last seen, risk, team and officer."""


def _at_times(trace: EventTrace, events: Sequence, names: Sequence[str], times: np.ndarray) -> np.ndarray:
    """The state of an offender at each time, at which an event counts: visit due, last seen, and whose."""
    rows = [_ABSENT]
    for transition in transitions(trace, events):
        event, now = transition.event, transition.after
        risk, team = RISK_LEVELS.index(event.risk), names.index(event.team)
        rows.append((event.day, now.is_to_be_seen, now.visit_due, now.last_seen, risk, team, now.officer))
    states = np.array(rows, dtype=float)
    return states[np.searchsorted(states[:, 0], times, side="right") - 1, 1:]
