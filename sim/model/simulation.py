"""One replication's force: its tables, laid out on the first day, and the days it works.

Compiled functions take the tables as arrays. `World.do` hands them the tables that they name, so that a SimPy
process can say what happens in one line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from operator import attrgetter
from typing import Any

import numpy as np
import simpy

from sim.model.codes import (
    COMMUNITY,
    DAYS_PER_WEEK,
    MOST_TEAMS_COUNTED,
    NEVER,
    NONE,
    OFFICER_JOINED,
    OFFICER_LEFT,
    RISKS,
)
from sim.model.inputs import Plan, Regime
from sim.model.kernel import bound, cover, staffing, streams
from sim.model.kernel import register_moves as moves
from sim.model.kernel.caseload import deal_out, requeue_all
from sim.model.kernel.count import log_officer
from sim.model.kernel.natural_history import begin_natural_histories
from sim.model.kernel.shift import work_days
from sim.model.posts import Staff
from sim.model.records import CASELOAD, CLOCK, EVENT, FOLLOWUP, QUEUED, TALLY, TEAM, as_words, table
from sim.model.register.first_day import hidden_since
from sim.model.register.layout import lay_out_register
from sim.scenario import surge_headcounts

Process = Iterator[float]
"""Something that happens at its own times: a generator that yields, each time, for how many days it waits."""


@cache
def _tables_of(function: Callable, own: int) -> Callable[[Simulation], tuple]:
    """Gets from a simulation the tables that a compiled function names after so many arguments of its own."""
    code = getattr(function, "py_func", function).__code__
    names = code.co_varnames[own : code.co_argcount]
    if len(names) < 2:  # attrgetter would give the one table itself, which is no tuple of tables, and refuses none
        return lambda simulation: tuple(getattr(simulation, name) for name in names)
    return attrgetter(*names)


class Simulation:
    """The force in one replication. Times are days since midnight of the first day."""

    def __init__(self, plan: Plan, replication: int, log_rows: int) -> None:
        self.env = simpy.Environment()
        self.plan = plan
        self.scenario = plan.scenario
        first = plan.regimes[0]
        self.policies = first.policy
        self.headcounts = first.headcounts
        self.in_force = first.scenario

        self.replication = replication
        self.clocks = table(CLOCK, 1)
        self.clock = clock = self.clocks[0]
        around_the_clock = self.scenario.calendar.work == "around_the_clock"
        clock.seed = self.scenario.seed
        clock.replication = replication
        clock.end = self.end = float(self.scenario.horizon_days)
        clock.last_observation = int(np.ceil(clock.end / DAYS_PER_WEEK))
        clock.on_dates = not around_the_clock
        clock.grace = 0.0 if around_the_clock else 1.0
        clock.crews_of_two = plan.crews_of_two
        clock.natural_events_happen = plan.natural_events_happen
        clock.keep_log = log_rows > 0
        self.log = table(EVENT, log_rows, np.empty)
        teams = len(self.scenario.teams)
        clock.by_team = 1 < teams <= MOST_TEAMS_COUNTED
        self.tally = table(
            TALLY, (int(clock.last_observation) + 2) * (1 + (-(-teams // RISKS) if clock.by_team else 0))
        )
        self.tally["earliest"] = NEVER

        self.own = self.scenario.caseload.allocation == "own"
        self._lay_out_teams()
        self._lay_out_offenders(replication)
        self._bind()
        self._staff_since = 0.0
        self.after_lever: list[Callable[[], None]] = []
        """What else changes on the date of a lever, once its values hold."""

    def _lay_out_teams(self) -> None:
        own = self.own
        surge = surge_headcounts(self.scenario)
        self.teams = teams = table(TEAM, len(self.scenario.teams))
        most = [max(of_team) for of_team in zip(*(regime.posts for regime in self.plan.regimes), strict=True)]
        teams["officers"] = np.add(most, surge)
        teams["caseloads"] = most if own else 1
        for first, number in (("first_officer", "officers"), ("first_caseload", "caseloads")):
            teams[first] = np.cumsum(teams[number]) - teams[number]
        self.caseloads = table(CASELOAD, int(teams["caseloads"].sum()))
        self.caseloads["officer"] = -1
        self.caseloads["open"] = not own
        self.caseloads["team"] = np.repeat(np.arange(len(teams)), teams["caseloads"])
        self.staff = Staff(self.plan, self.clock, self.teams, surge)
        self.officers = self.staff.officers
        posts = np.flatnonzero(~self.staff.is_surge)
        if own:
            self.officers["caseload"][posts] = np.arange(len(posts))
            self.caseloads["officer"] = posts
        else:
            self.officers["caseload"][posts] = teams["first_caseload"][self.officers["team"][posts]]
        self._set_posts(self.plan.regimes[0].posts)
        self._train()
        self.next_decision_at = np.full(len(self.officers), NEVER)
        self.on_shift = np.empty(len(self.officers), np.int64)
        self.away = self.staff.away

    def _train(self) -> None:
        """Who is trained and who works part time, by the values of today."""
        self.staff.train(self.in_force)
        self.caseloads["hours_share"] = self.officers["hours_share"][self.caseloads["officer"]] if self.own else 1.0

    def _set_posts(self, posts: list[int]) -> None:
        """So many posts are there in each team from now on; whoever is in them takes offenders."""
        self.staff.set_posts(posts)
        if self.own:
            has_post = self.caseloads["officer"]
            in_post, here = self.officers["in_post"][has_post], ~self.staff.long_away[has_post]
            self.caseloads["open"] = in_post & (
                here | (self.caseloads["open"] == 1)
            )  # as it was, whoever is away for long

    def _lay_out_offenders(self, replication: int) -> None:
        self.offenders, turns = lay_out_register(self.plan, replication)
        self.first_reserved = today = int((self.offenders["state"] == COMMUNITY).sum())
        self.clock.next_registration = today + self.plan.most_convictions
        leaves = self.offenders["leaves"]
        leavers = np.flatnonzero(leaves < self.end)
        self.departures = leavers[np.argsort(leaves[leavers], kind="stable")]
        self.followups = table(FOLLOWUP, len(self.offenders) + 1)

        drift_from, breaches_from = hidden_since(self.scenario, self.offenders[:today], replication)
        self.do(begin_natural_histories, drift_from, breaches_from)
        self._lay_out_caseloads(turns)

    def _lay_out_caseloads(self, turns: np.ndarray) -> None:
        dealt = turns >= 0
        caseloads = self.teams["first_caseload"][self.offenders["team"][: len(turns)]] + turns
        largest = int(np.bincount(caseloads[dealt], minlength=1).max())
        slots = max(16, largest + largest // 2)
        self.members = np.zeros((len(self.caseloads), slots), np.int32)
        self.queues = self._empty_queues(slots)
        self.do(deal_out, turns)
        if not self.scenario.caseload.file:
            self._level_for_part_timers()
        if len(self.log):
            self.do(moves.log_start, len(turns))

    def _level_for_part_timers(self) -> None:
        """Part-timers hold part of a caseload from the beginning; nothing of it is told."""
        told, self.clock.keep_log = self.clock.keep_log, 0
        part_time = (self.caseloads["open"] == 1) & (
            self.caseloads["hours_share"] < 1
        )  # of the posts that there are today
        for team in np.unique(self.caseloads["team"][part_time]).tolist():
            self.reallocate(cover.level, team, 0.0)
        self.clock.keep_log = told

    # -- compiled functions ------------------------------------------------------------------------------------

    def tables(self, function: Callable, own: int) -> tuple:
        """The tables that a compiled function names after so many arguments of its own."""
        return _tables_of(function, own)(self)

    def do(self, function: Callable, *arguments: Any) -> Any:
        """Call a compiled function with its own arguments and the tables that it names after them.

        A function must get arguments of the same types each time; arrays must be contiguous.
        """
        everything = (*arguments, *self.tables(function, len(arguments)))
        return bound(function, *everything)(*everything)

    def reallocate(self, change: Callable, *arguments: Any) -> None:
        """Make a change of caseloads, and again for as long as it says that they have outgrown their table."""
        while not self.do(change, *arguments):
            self._widen_caseloads()

    def put_in_turn(self) -> None:
        """Lay out in which order supervisors check: by name, so that the order of teams in the file does not matter."""
        self.checked_in_turn = np.lexsort((self.offenders["index"], self.offenders["stream"]))

    def expect_departure(self, row: int) -> None:
        """Somebody has joined whose departure was not known before the first day."""
        leaves = self.offenders["leaves"]
        if leaves[row] < self.end:
            ahead = self.departures[self.clock.next_departure :]
            place = int(self.clock.next_departure) + int(np.searchsorted(leaves[ahead], leaves[row], side="right"))
            self.departures = np.insert(self.departures, place, row)

    def _empty_queues(self, slots: int) -> np.ndarray:
        queues = table(QUEUED, (len(self.caseloads), slots))
        queues["ready_at"] = NEVER
        return queues

    def _widen_caseloads(self) -> None:
        """Double the room of every caseload."""
        self.members = np.hstack([self.members, np.zeros_like(self.members)])
        queues = self._empty_queues(self.members.shape[1])
        queues[:, : self.queues.shape[1]] = self.queues
        self.queues = queues

    def _lengthen_log(self) -> None:
        """Double the event log in good time. One that has run over stays so: the history must be lived again."""
        written, room = int(self.clock.log_rows), len(self.log)
        if 0.75 * room < written <= room:
            longer = table(EVENT, 2 * room, np.empty)
            as_words(longer)[:room] = as_words(self.log)
            self.log = longer

    def _bind(self) -> None:
        """Look up the machine code of what is called every day, once."""
        self._midnight = bound(moves.midnight, 0.0, *self.tables(moves.midnight, 1))
        self._work_days = bound(work_days, self.plan.days_worked, self.away, *self.tables(work_days, 2))

    # -- days --------------------------------------------------------------------------------------------------

    @property
    def now(self) -> float:
        """The time, as a number with a fraction: for a whole one everything would be compiled anew."""
        return float(self.env.now)

    def start(self, happening: Process) -> None:
        """Let something happen, up to its end: one SimPy event a wait, where a SimPy process takes two more."""

        def go_on(_: object = None) -> None:
            if (days := next(happening, None)) is not None:
                self.env.timeout(days).callbacks.append(go_on)

        go_on()

    def uniforms(self, kind: int, stream: int, index: int, nth: int) -> tuple[float, float, float, float]:
        """Four uniforms for the nth decision of a kind by one person."""
        return streams.uniforms(self.scenario.seed, self.replication, kind, stream, index, nth)

    def work(self, days: np.ndarray, away: np.ndarray) -> tuple[int, list[tuple[float, float, int]]]:
        """Let the force work its shift on each of some days; `away`: who is away by plan on each of them.

        Returns how many of them are done, as it stops after a day that hands back follow-ups (`state.FOLLOWUP`), and
        these.
        """
        if len(self.log):
            self._lengthen_log()
        while not (done := self._work_days(days, away, *self.tables(work_days, 2))):
            self._widen_caseloads()
        return done, self.followups[: self.clocks["followups"][0]].tolist()

    def move_register(self, day: float) -> None:
        """Let offenders join and leave up to a day."""
        while not self._midnight(day, *self.tables(moves.midnight, 1)):
            self._widen_caseloads()

    def today(self) -> float:
        """Now, with the register brought up to it: on a weekend, too, whoever has left gets nothing done."""
        now = self.now
        self.move_register(now)
        return now

    def adopt(self, regime: Regime) -> None:
        """A lever: from now on the policies and the numbers of posts of this epoch hold."""
        self.today()
        self.do(moves.count_everybody, self.now)
        self.do(moves.change_policy, self.now, self.policies, regime.policy)
        self.policies = regime.policy
        self.in_force = regime.scenario
        self.count_staff()
        self._train()
        self.do(requeue_all)
        if regime.posts != [posts for posts, _ in self.headcounts]:
            self.headcounts = regime.headcounts
            before = self.officers["in_post"].copy()
            self._set_posts(regime.posts)
            for row in np.flatnonzero(self.officers["in_post"] != before).tolist():
                self.log_officer(OFFICER_LEFT if before[row] else OFFICER_JOINED, row)
            for team in range(len(self.teams)) if self.own else ():
                self.reallocate(cover.even_out, team, self.now)
        for change in self.after_lever:
            change()

    def log_officer(self, kind: int, row: int, why: int = NONE) -> None:
        """Write into the log what happens to an officer."""
        if len(self.log):
            self.do(log_officer, kind, row, why, self.now)

    def close(self) -> None:
        """Count everything up to the horizon."""
        self.move_register(self.end)
        self.do(moves.count_everybody, self.end)
        self.count_staff()

    def count_staff(self) -> None:
        """Book how many officers have been in post and untrained, and posts vacant, since the last change."""
        self.do(staffing.count_staff, self._staff_since, self.now, self.staff.is_surge)
        self._staff_since = self.now
