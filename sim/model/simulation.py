"""One replication's force: its tables, laid out on the first day, and the days it works."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

import numpy as np
import simpy

from sim.model import codes
from sim.model.inputs import Inputs, Regime
from sim.model.kernel import attendance, cover, event_log, register_moves, streams
from sim.model.kernel.caseload import deal_out, requeue_all
from sim.model.kernel.compiling import machine_code
from sim.model.kernel.natural_history import begin_natural_histories
from sim.model.kernel.shift import work_days
from sim.model.posts import Staff
from sim.model.records import CASELOAD, CLOCK, EVENT, FOLLOWUP, QUEUED, TALLY, TEAM, WORK, Tables, as_words, table
from sim.model.register.first_day import hidden_since
from sim.model.register.layout import lay_out_register
from sim.scenario import Scenario
from sim.scenario.domain import KINDS

Process = Iterator[float]
"""Something that happens at its own times: a generator that yields, each time, for how many days it waits."""


class Simulation:
    """The force in one replication. Times are days since midnight of the first day."""

    def __init__(self, inputs: Inputs, replication: int, log_rows: int) -> None:
        self.env = simpy.Environment()
        self.inputs = inputs
        self.scenario = inputs.scenario
        self.replication = replication
        self.end = float(self.scenario.horizon_days)
        first = inputs.regimes[0]
        self.headcounts = first.headcounts
        self.in_force = first.scenario
        """The scenario with the values of today."""
        self.own = self.scenario.caseload.allocation == "own"
        self.after_lever: list[Callable[[], None]] = []
        """What else changes on the date of a lever, once its values hold."""
        self._staff_since = 0.0

        clocks = self._lay_out_clock(log_rows > 0)
        self._lay_out_teams()
        self.offenders, turns = lay_out_register(inputs, replication)
        today = int((self.offenders["state"] == codes.COMMUNITY).sum())
        self.first_reserved = today
        self.clock.next_registration = today + inputs.most_convictions
        held = np.bincount((self.teams["first_caseload"][self.offenders["team"][: len(turns)]] + turns)[turns >= 0])
        slots = max(16, int(1.5 * held.max(initial=1)))  # half as much again as the largest caseload of the first day
        leaves = self.offenders["leaves"]
        leavers = np.flatnonzero(leaves < self.end)
        self.tables = Tables(
            clocks=clocks,
            policies=first.policy,
            teams=self.teams,
            officers=self.officers,
            next_decision_at=np.full(len(self.officers), codes.NEVER),
            on_shift=np.empty(len(self.officers), np.int64),
            caseloads=self.caseloads,
            offenders=self.offenders,
            departures=leavers[np.argsort(leaves[leavers], kind="stable")],
            members=np.zeros((len(self.caseloads), slots), np.int32),
            queues=self._empty_queues(slots),
            checked_in_turn=np.empty(0, np.int64),
            tally=self.tally,
            log=table(EVENT, log_rows, np.empty),
            followups=table(FOLLOWUP, len(self.offenders) + 1),
            work=table(WORK, 1),
        )
        # Looked up once, as they are called every day.
        self._midnight, self._work_days = map(machine_code, (register_moves.midnight, work_days))
        self.do(begin_natural_histories, *hidden_since(self.scenario, self.offenders[:today], replication))
        self.do(deal_out, turns)
        if not self.scenario.caseload.file:
            self._level_for_part_timers()
        if log_rows:
            self.do(register_moves.log_start, len(turns))

    def _lay_out_clock(self, log_events: bool) -> np.ndarray:
        clocks = table(CLOCK, 1)
        self.clock = clock = clocks[0]
        around_the_clock = self.scenario.calendar.work == "around_the_clock"
        teams = len(self.scenario.teams)
        clock.seed = self.scenario.seed
        clock.replication = self.replication
        clock.end = self.end
        clock.last_observation = int(np.ceil(self.end / codes.DAYS_PER_WEEK))
        clock.on_dates = not around_the_clock
        clock.grace = 0.0 if around_the_clock else 1.0
        clock.crews_of_two = self.inputs.crews_of_two
        clock.natural_events_happen = self.inputs.natural_events_happen
        clock.log_events = log_events
        clock.by_team = 1 < teams <= codes.MOST_TEAMS_COUNTED
        blocks = 1 + (-(-teams // codes.RISKS) if clock.by_team else 0)
        self.tally = table(TALLY, (int(clock.last_observation) + 2) * blocks)
        self.tally["earliest"] = codes.NEVER
        return clocks

    def _lay_out_teams(self) -> None:
        own = self.own
        surge = self.scenario.surge_headcounts
        self.teams = teams = table(TEAM, len(self.scenario.teams))
        most = [max(of_team) for of_team in zip(*(regime.posts for regime in self.inputs.regimes), strict=True)]
        teams["officers"] = np.add(most, surge)
        teams["caseloads"] = most if own else 1
        for first, number in (("first_officer", "officers"), ("first_caseload", "caseloads")):
            teams[first] = np.cumsum(teams[number]) - teams[number]
        self.caseloads = table(CASELOAD, int(teams["caseloads"].sum()))
        self.caseloads["officer"] = -1
        self.caseloads["open"] = not own
        self.caseloads["team"] = np.repeat(np.arange(len(teams)), teams["caseloads"])
        self.staff = Staff(self.inputs, self.clock, self.teams, surge)
        self.officers = self.staff.officers
        posts = np.flatnonzero(~self.staff.is_surge)
        if own:
            self.officers["caseload"][posts] = np.arange(len(posts))
            self.caseloads["officer"] = posts
        else:
            self.officers["caseload"][posts] = teams["first_caseload"][self.officers["team"][posts]]
        self._set_posts(self.inputs.regimes[0].posts)
        self._train()
        self.away = self.staff.away

    def _train(self) -> None:
        """Who is trained and who works part time, by the values of today."""
        self.staff.train(self.in_force)
        self.caseloads["hours_share"] = self.officers["hours_share"][self.caseloads["officer"]] if self.own else 1.0

    def _set_posts(self, posts: list[int]) -> None:
        """So many posts are there in each team from now on; the officers in them take offenders."""
        self.staff.set_posts(posts)
        if self.own:
            has_post = self.caseloads["officer"]
            # The caseload of an officer who is away for long is as open as it was.
            here = ~self.staff.long_away[has_post] | (self.caseloads["open"] == 1)
            self.caseloads["open"] = self.officers["in_post"][has_post] & here

    def _level_for_part_timers(self) -> None:
        """Part-timers hold part of a caseload from the beginning; nothing of it is logged."""
        log_events, self.clock.log_events = self.clock.log_events, 0
        part_time = (self.caseloads["open"] == 1) & (self.caseloads["hours_share"] < 1)  # of the posts of today
        for team in np.unique(self.caseloads["team"][part_time]).tolist():
            self.reallocate(cover.level, team, 0.0)
        self.clock.log_events = log_events

    # -- compiled functions ------------------------------------------------------------------------------------

    def do(self, function: Callable, *arguments: Any) -> Any:
        """Call a compiled function with its own arguments and the tables; its arrays must be contiguous."""
        return machine_code(function)(*arguments, self.tables)

    def reallocate(self, change: Callable, *arguments: Any) -> None:
        """Make a change of caseloads, and again for as long as it says that they have outgrown their table."""
        while not self.do(change, *arguments):
            self._widen_caseloads()

    def put_in_turn(self) -> None:
        """Lay out in which order supervisors check: by name, so that the order of teams in the file does not matter."""
        in_turn = np.lexsort((self.offenders["index"], self.offenders["stream"]))
        self.tables = self.tables._replace(checked_in_turn=in_turn)

    def expect_departure(self, row: int) -> None:
        """An offender has been registered whose departure was not known before the first day."""
        leaves, departures, gone = self.offenders["leaves"], self.tables.departures, int(self.clock.next_departure)
        if leaves[row] < self.end:
            place = gone + int(np.searchsorted(leaves[departures[gone:]], leaves[row], side="right"))
            self.tables = self.tables._replace(departures=np.insert(departures, place, row))

    def _empty_queues(self, slots: int) -> np.ndarray:
        queues = table(QUEUED, (len(self.caseloads), slots))
        queues["ready_at"] = codes.NEVER
        return queues

    def _widen_caseloads(self) -> None:
        """Double the room of every caseload."""
        members, queues = self.tables.members, self._empty_queues(2 * self.tables.members.shape[1])
        queues[:, : members.shape[1]] = self.tables.queues
        self.tables = self.tables._replace(members=np.hstack([members, np.zeros_like(members)]), queues=queues)

    def _lengthen_log(self) -> None:
        """Double the event log in good time. One that has run over stays so: simulate the replication again."""
        written, room = int(self.clock.log_rows), len(self.tables.log)
        if 0.75 * room < written <= room:
            longer = table(EVENT, 2 * room, np.empty)
            as_words(longer)[:room] = as_words(self.tables.log)
            self.tables = self.tables._replace(log=longer)

    # -- days --------------------------------------------------------------------------------------------------

    @property
    def now(self) -> float:
        """The time, as a number with a fraction: for a whole one everything would be compiled anew."""
        return float(self.env.now)

    def start(self, process: Process) -> None:
        """Run a process to its end: one SimPy event a wait, where a SimPy process of its own takes two more."""

        def go_on(_: object = None) -> None:
            if (days := next(process, None)) is not None:
                self.env.timeout(days).callbacks.append(go_on)

        go_on()

    def every(self, interval_days: Callable[[Scenario], float], act: Callable[[], None]) -> None:
        """Act at each interval, for the first time after one of them; a change of it counts from the last act."""

        def repeat() -> Process:
            last = 0.0
            while True:
                due = last + interval_days(self.in_force)
                until = min([due, *(regime.day for regime in self.inputs.regimes if regime.day > self.env.now)])
                if until == codes.NEVER:
                    return
                yield max(until - self.env.now, 0.0)
                if last + interval_days(self.in_force) <= self.env.now:
                    act()
                    last = self.env.now

        self.start(repeat())

    def uniforms(self, kind: int, stream: int, index: int, nth: int) -> tuple[float, float, float, float]:
        """Four uniforms for the nth decision of a kind by one person."""
        return streams.uniforms(self.scenario.seed, self.replication, kind, stream, index, nth)

    def work(self, days: np.ndarray, away: np.ndarray) -> tuple[int, list[tuple[float, float, int]]]:
        """Let the force work its shift on each of some days; `away`: who is away by plan on each of them.

        Returns how many of them are done, as it stops after a day that leaves follow-ups (`records.FOLLOWUP`), and
        these.
        """
        if len(self.tables.log):
            self._lengthen_log()
        while not (done := self._work_days(days, away, self.tables)):
            self._widen_caseloads()
        return done, self.tables.followups[: self.tables.clocks["followups"][0]].tolist()

    def move_register(self, day: float) -> None:
        """Register and remove offenders up to a day."""
        while not self._midnight(day, self.tables):
            self._widen_caseloads()

    def today(self) -> float:
        """Now, with the register brought up to it: on a weekend, too, nothing is done about those who have left."""
        now = self.now
        self.move_register(now)
        return now

    def adopt(self, regime: Regime) -> None:
        """A lever: from now on the policies and the numbers of posts of this regime hold."""
        self.today()
        self.do(register_moves.count_everybody, self.now)
        here = ~np.isin(self.tables.offenders["state"], (codes.NOT_YET, codes.LEFT))
        for kind in KINDS:
            if kind.interval and kind.name != "review":  # a review that moves is logged by the kernel
                before, after = map(attrgetter(kind.interval), (self.in_force, regime.scenario))
                if before != after:
                    due = self.tables.offenders[kind.due]
                    due[here] = due[here] + after - before if before < codes.NEVER else self.now + after
        self.do(register_moves.change_policy, self.now, regime.policy)
        self.tables = self.tables._replace(policies=regime.policy)
        self.in_force = regime.scenario
        self.count_staff()
        self._train()
        self.do(requeue_all)
        if regime.posts != [posts for posts, _ in self.headcounts]:
            self.headcounts = regime.headcounts
            before = self.officers["in_post"].copy()
            self._set_posts(regime.posts)
            for row in np.flatnonzero(self.officers["in_post"] != before).tolist():
                self.log_officer(codes.OFFICER_LEFT if before[row] else codes.OFFICER_JOINED, row)
            for team in range(len(self.teams)) if self.own else ():
                self.reallocate(cover.even_out, team, self.now)
        for change in self.after_lever:
            change()

    def log_officer(self, kind: int, row: int, why: int = codes.NONE) -> None:
        """Write into the log what happens to an officer."""
        if len(self.tables.log):
            self.do(event_log.log_officer, kind, row, why, self.now)

    def close(self) -> None:
        """Count everything up to the horizon."""
        self.move_register(self.end)
        self.do(register_moves.count_everybody, self.end)
        self.count_staff()

    def count_staff(self) -> None:
        """Book how many officers have been in post and untrained, and posts vacant, since the last change."""
        self.do(attendance.count_staff, self._staff_since, self.now, self.staff.is_surge)
        self._staff_since = self.now
