"""One replication's force: its tables, and the few things that change them from outside a shift.

The compiled functions take records and arrays; this class keeps them together, so that a SimPy process
can say what happens in one line.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import simpy

from sim.model.calendar import COURT_BLOCK_DAYS, LEAVE_BLOCK_DAYS, away_in_blocks, days_worked
from sim.model.compiled import bound, moves, streams
from sim.model.compiled.caseload import allocate as allocate_row
from sim.model.compiled.caseload import deal_out, smallest_caseload, wake_all
from sim.model.compiled.caseload import release as release_row
from sim.model.compiled.count import add_spell, mark_at_or_after, write_event
from sim.model.compiled.nature import begin_lives
from sim.model.compiled.shift import work_day
from sim.model.exposure import YearlyRate
from sim.model.policy import policy_record
from sim.model.register import lay_out_register, nature_begins, origin_of
from sim.model.state import (
    AT_START,
    COMMUNITY,
    DAYS_PER_WEEK,
    DESK,
    EVENT,
    FOLLOWUP,
    MARK,
    NEVER,
    NONE,
    OFFICER,
    OFFICERS_IN_POST,
    REALLOCATED,
    TEAM,
    WORLD,
    table,
)
from sim.scenario import Scenario, epochs, headcounts

_NOTHING = table(FOLLOWUP, 0)


@dataclass(frozen=True)
class Epoch:
    """The scenario as it stands from a day on, ready for the shift."""

    day: int
    scenario: Scenario
    policy: np.recarray
    headcounts: list[tuple[int, int]]


@dataclass(frozen=True)
class Plan:
    """What all replications of a scenario share."""

    scenario: Scenario
    epochs: tuple[Epoch, ...]
    days_worked: np.ndarray

    def rate(self, value) -> YearlyRate:
        """How a yearly rate of the scenario changes over the epochs."""
        return YearlyRate([epoch.day for epoch in self.epochs], [value(epoch.scenario) for epoch in self.epochs])


@lru_cache(maxsize=8)
def _plan(written: str) -> Plan:
    scenario = Scenario.model_validate_json(written)
    stages = tuple(Epoch(day, stage, policy_record(stage), headcounts(stage)) for day, stage in epochs(scenario))
    return Plan(scenario, stages, days_worked(scenario))


def plan(scenario: Scenario) -> Plan:
    """Prepare a scenario once for all its replications."""
    return _plan(scenario.model_dump_json(by_alias=True))


class World:
    """The force in one replication. Times are days since midnight of the first day."""

    def __init__(self, plan: Plan, replication: int, log_rows: int) -> None:
        self.env = simpy.Environment()
        self.plan = plan
        self.scenario = plan.scenario
        first = plan.epochs[0]
        self.policies = first.policy
        self.headcounts = first.headcounts

        self.worlds = table(WORLD, 1)
        self.world = world = self.worlds[0]
        around_the_clock = self.scenario.calendar.work == "around_the_clock"
        world.seed = self.scenario.seed
        world.replication = replication
        world.end = self.scenario.horizon_days
        world.last_mark = int(np.ceil(world.end / DAYS_PER_WEEK))
        world.on_dates = not around_the_clock
        world.grace = 0.0 if around_the_clock else 1.0
        world.keep_log = log_rows > 0
        self.log = table(EVENT, log_rows)
        self.tally = table(MARK, int(world.last_mark) + 2)
        self.tally["earliest"] = NEVER

        self.own = self.scenario.caseload.allocation == "own"
        self._lay_out_teams()
        self._lay_out_officers()
        self._lay_out_offenders(replication)
        self._bind()
        self._in_post_since = 0.0

    @property
    def policy(self):
        """The policy of today."""
        return self.policies[0]

    def _lay_out_teams(self) -> None:
        own = self.own
        self.teams = table(TEAM, len(self.scenario.teams))
        posts = 0
        for number, team in enumerate(self.teams):
            most = max(epoch.headcounts[number][0] for epoch in self.plan.epochs)
            team.first_officer = posts
            team.officers = most
            team.first_desk = posts if own else number
            team.desks = most if own else 1
            posts += most
        self.officers = table(OFFICER, posts)
        self.desks = table(DESK, posts if own else len(self.teams))
        self.desks["wake"] = NEVER
        self.desks["officer"] = np.arange(posts) if own else -1

    def _lay_out_officers(self) -> None:
        for number, team in enumerate(self.teams):
            members = self.officers[team.first_officer : team.first_officer + team.officers]
            members["team"] = number
            members["origin"] = origin_of(self.scenario.teams[number].name)
            members["serial"] = np.arange(team.officers)
            members["in_post"] = np.arange(team.officers) < self.headcounts[number][0]
            members["desk"] = team.first_desk + (np.arange(team.officers) if self.own else 0)
            self.desks["team"][team.first_desk : team.first_desk + team.desks] = number
        self.looks_at = np.full(len(self.officers), NEVER)
        self.away = self._planned_absence()

    def _planned_absence(self) -> np.ndarray:
        """Who is away by plan on which of the days worked, bool of shape (days, officers)."""
        phases = np.empty((len(self.officers), 4))
        streams.fill_uniforms(
            self.world.seed,
            self.world.replication,
            streams.PLANNED_ABSENCE,
            self.officers["origin"],
            self.officers["serial"],
            0,
            phases,
        )
        leave = self.plan.rate(lambda scenario: scenario.officers.leave_days)
        court = self.plan.rate(lambda scenario: scenario.officers.court_and_training_days)
        days = self.plan.days_worked
        return away_in_blocks(days, leave, LEAVE_BLOCK_DAYS, phases[:, 0]) | away_in_blocks(
            days, court, COURT_BLOCK_DAYS, phases[:, 1]
        )

    def _lay_out_offenders(self, replication: int) -> None:
        self.offenders, turns = lay_out_register(
            self.scenario,
            self.headcounts,
            self.plan.rate(lambda scenario: scenario.register.new_per_year),
            self.plan.rate(lambda scenario: scenario.register.deaths_and_moves_per_year),
            replication,
        )
        today = int((self.offenders["state"] == COMMUNITY).sum())
        self.world.next_registration = today
        leaves = self.offenders["leaves"]
        leavers = np.flatnonzero(leaves < self.world.end)
        self.departures = leavers[np.argsort(leaves[leavers], kind="stable")]
        self.followups = table(FOLLOWUP, len(self.offenders) + 1)

        drift_from, breaches_from = nature_begins(self.scenario, self.offenders[:today], replication)
        begin_lives(self.offenders, drift_from, breaches_from, self.worlds, self.policies, self.tally, self.log)
        self._lay_out_caseloads(turns)

    def _lay_out_caseloads(self, turns: np.ndarray) -> None:
        dealt = turns >= 0
        desks = self.teams["first_desk"][self.offenders["team"][: len(turns)]] + turns
        largest = int(np.bincount(desks[dealt], minlength=1).max())
        slots = max(16, largest + largest // 2)
        self.caseload_rows = np.full((len(self.desks), slots), -1, np.int32)
        self.caseload_wakes = np.full((len(self.desks), slots), NEVER)
        deal_out(
            turns,
            self.own,
            self.policies,
            self.teams,
            self.officers,
            self.desks,
            self.offenders,
            self.caseload_rows,
            self.caseload_wakes,
        )
        for row in range(len(turns) if len(self.log) else 0):
            offender = self.offenders[row]
            write_event(self.log, self.world, AT_START, row, offender, 0.0, 0.0, offender.visit_due, NONE, 0, -1, -1)

    def _widen_caseloads(self) -> None:
        """Double the slots of every caseload."""
        self.caseload_rows = np.hstack([self.caseload_rows, np.full_like(self.caseload_rows, -1)])
        self.caseload_wakes = np.hstack([self.caseload_wakes, np.full_like(self.caseload_wakes, NEVER)])

    # -- days --------------------------------------------------------------------------------------------------

    def _bind(self) -> None:
        """Look up the machine code of what is called every day, once."""
        self._midnight = bound(moves.midnight, 0.0, *self._register_tables())
        self._work_day = bound(
            work_day, 0, self.away[0] if len(self.away) else np.zeros(0, bool), *self._shift_tables()
        )

    def _register_tables(self) -> tuple:
        return (
            self.worlds,
            self.policies,
            self.teams,
            self.officers,
            self.desks,
            self.offenders,
            self.departures,
            self.caseload_rows,
            self.caseload_wakes,
            self.tally,
            self.log,
        )

    def _shift_tables(self) -> tuple:
        return (
            self.worlds,
            self.policies,
            self.teams,
            self.officers,
            self.looks_at,
            self.desks,
            self.offenders,
            self.caseload_rows,
            self.caseload_wakes,
            self.tally,
            self.log,
            self.followups,
        )

    def work(self, day: int, away: np.ndarray) -> np.ndarray:
        """Let the force work the shift of a day; returns what it hands back, the follow-ups."""
        self.move_register(day)
        handed_back = self.worlds["followups"]
        handed_back[0] = 0
        self._work_day(day, away, *self._shift_tables())
        return self.followups[: handed_back[0]].copy() if handed_back[0] else _NOTHING

    def move_register(self, day: float) -> None:
        """Let offenders join and leave up to a day."""
        while not self._midnight(float(day), *self._register_tables()):
            self._widen_caseloads()

    def close(self) -> None:
        """Count everything up to the horizon."""
        end = self.world.end
        self.move_register(end)
        self.count_everybody(end)
        self._count_officers(end)

    def count_everybody(self, time: float) -> None:
        """Bring every offender's life and count up to a time."""
        moves.count_everybody(time, self.worlds, self.policies, self.offenders, self.tally, self.log)

    # -- changes from outside ----------------------------------------------------------------------------------

    def adopt(self, epoch: Epoch) -> None:
        """A lever: from now on the policies and the numbers of officers of this epoch hold."""
        now = self.env.now
        self.move_register(now)
        self.count_everybody(now)
        moves.change_policy(now, self.worlds, self.policies, epoch.policy, self.offenders)
        self.policies = epoch.policy
        wake_all(self.offenders, self.policies, self.desks, self.caseload_wakes)
        if [officers for officers, _ in epoch.headcounts] != [officers for officers, _ in self.headcounts]:
            self._staff(epoch.headcounts, now)

    def _staff(self, headcounts: list[tuple[int, int]], now: float) -> None:
        """Change who is in post; caseloads are evened out within each team."""
        self._count_officers(now)
        self.headcounts = headcounts
        for team, (posts, _) in zip(self.teams, headcounts, strict=True):
            members = self.officers[team.first_officer : team.first_officer + team.officers]
            members["in_post"] = np.arange(team.officers) < posts
            if self.own:
                self._even_out(team, now)

    def _even_out(self, team, now: float) -> None:
        """Empty the caseloads of officers who have gone, and level the others to within one offender."""
        desks = range(team.first_desk, team.first_desk + team.desks)
        staffed = [desk for desk in desks if self.officers[self.desks[desk].officer].in_post]
        number = self.officers[team.first_officer].team
        homeless = np.flatnonzero(
            (self.offenders["team"] == number) & (self.offenders["state"] == COMMUNITY) & (self.offenders["desk"] < 0)
        )
        for row in homeless:
            self._reallocate(int(row), team, now)
        for desk in desks:
            while desk not in staffed and self.desks["held"][desk]:
                self._reallocate(int(self.caseload_rows[desk, self.desks["held"][desk] - 1]), team, now)
        while staffed:
            largest = max(staffed, key=lambda desk: self.desks["held"][desk])
            if (
                self.desks["held"][largest]
                <= self.desks["held"][smallest_caseload(team, self.desks, self.officers)] + 1
            ):
                return
            self._reallocate(int(self.caseload_rows[largest, self.desks["held"][largest] - 1]), team, now)

    def _reallocate(self, row: int, team, now: float) -> None:
        """Move an offender to the smallest caseload of the team, or to nobody's if nobody is in post."""
        offender = self.offenders[row]
        release_row(offender, self.offenders, self.desks, self.caseload_rows, self.caseload_wakes)
        desk = smallest_caseload(team, self.desks, self.officers)
        if desk >= 0:
            if self.desks["held"][desk] == self.caseload_rows.shape[1]:
                self._widen_caseloads()
            allocate_row(offender, row, desk, self.policy, self.desks, self.caseload_rows, self.caseload_wakes)
        write_event(self.log, self.world, REALLOCATED, row, offender, now, 0.0, offender.visit_due, NONE, 0, desk, -1)

    def _count_officers(self, time: float) -> None:
        """Book how many officers have been in post since the last change."""
        since, first, last = (
            self._in_post_since,
            mark_at_or_after(self._in_post_since, self.world),
            self.world.last_mark + 1,
        )
        if time < self.world.end:
            last = mark_at_or_after(time, self.world)
        in_post = float(self.officers["in_post"].sum())
        add_spell(self.tally, self.world, OFFICERS_IN_POST, 0, since, first, time, last, in_post)
        self._in_post_since = time

    def take_into_custody(self, row: int) -> None:
        """An offender goes into custody now."""
        moves.take_into_custody(
            row,
            self.env.now,
            self.worlds,
            self.policies,
            self.desks,
            self.offenders,
            self.caseload_rows,
            self.caseload_wakes,
            self.tally,
            self.log,
        )

    def return_to_community(self, row: int) -> None:
        """An offender is released now, to the smallest caseload of the team."""
        if (self.desks["held"] == self.caseload_rows.shape[1]).any():
            self._widen_caseloads()
        moves.return_to_community(
            row,
            self.env.now,
            self.worlds,
            self.policies,
            self.teams,
            self.officers,
            self.desks,
            self.offenders,
            self.caseload_rows,
            self.caseload_wakes,
            self.tally,
            self.log,
        )
