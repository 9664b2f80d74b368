"""Investigators with a level and experience, what each has in hand, and who gets the next crime."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import numpy as np
import simpy

from sim.model.codes import NEVER
from sim.model.investigations import random_numbers
from sim.model.investigations.servers import Staff, Wait, WorkingTime
from sim.model.investigations.tables import SPELL
from sim.model.register import stream_of
from sim.model.simulation import Simulation
from sim.scenario.sections.crime import Crime
from sim.scenario.teams import graders_by_area, investigators_by_area

PASSED_ON, CLOSED = "passed on", "closed"
"""Why work on a crime is broken off."""

CENTRAL = "central"
_GRADERS_FROM = 1 << 20


class Investigator:
    """Somebody who investigates: one thing at a time, however many are in hand."""

    def __init__(self, env: simpy.Environment, number: int, uniforms: np.ndarray, grader: bool) -> None:
        self.number = number
        self.desk = Staff(env, 1)
        self.in_hand: dict[Matter, float] = {}
        """What the investigator holds, and since when."""
        self.here = False
        self.since = 0.0
        self.grader = grader
        self._of_experience, self._of_level = uniforms[:2]
        self.experienced = self.level_2 = True

    def qualify(self, stage: Crime) -> None:
        """Experience and level by the shares of today; a growing share takes nobody's away."""
        if not self.grader:
            self.experienced = bool(self._of_experience < stage.experienced_share)
            shares = stage.level_2_share
            self.level_2 = bool(self._of_level < (shares.experienced if self.experienced else shares.inexperienced))

    def is_below(self, matter: Matter) -> bool:
        """Does it need a level that this investigator lacks?"""
        return matter.complex and not self.level_2


class Matter:
    """A crime, or a case of a joint team, on its way through somebody's hands."""

    def __init__(self, number: int, complex: bool, of_whom: float, team: Team, rank: int) -> None:
        self.number = number
        self.complex = complex
        self.of_whom = of_whom
        self.team = team
        self.rank = rank
        self.process: simpy.Process | None = None
        self.holder: Investigator | None = None
        self.is_worked = False
        self.reviewed_at = -NEVER
        self.reviews = 0
        self.passed_on = 0

    @property
    def is_below_level(self) -> bool:
        """Is it in the hands of somebody below the level it needs?"""
        return self.holder is not None and self.holder.is_below(self)


class Team:
    """The investigators of an area, and what waits because all hold as many as they may."""

    def __init__(self, members: list[Investigator]) -> None:
        self.members = members
        self.waiting: deque[tuple[Matter, simpy.Event]] = deque()
        self.turn = 0

    def open_to(self, matter: Matter, max_caseload: float) -> list[Investigator]:
        """Who may take another one."""
        return [one for one in self.members if one.here and len(one.in_hand) < max_caseload]


Policy = Callable[[Team, Matter, list[Investigator]], Investigator]


def fewest(among: list[Investigator]) -> Investigator:
    """Who has the fewest in hand, the first of equals."""
    return min(among, key=lambda one: len(one.in_hand))


def _by_team(team: Team, matter: Matter, among: list[Investigator]) -> Investigator:
    return among[int(matter.of_whom * len(among))]


def _by_skill(team: Team, matter: Matter, among: list[Investigator]) -> Investigator:
    return fewest([one for one in among if not one.is_below(matter)] or among)


def _lowest_load(team: Team, matter: Matter, among: list[Investigator]) -> Investigator:
    return fewest(among)


def _round_robin(team: Team, matter: Matter, among: list[Investigator]) -> Investigator:
    after = [one for one in among if one.number >= team.turn]
    chosen = (after or among)[0]
    team.turn = chosen.number + 1
    return chosen


ALLOCATION: dict[str, Policy] = {
    "by_team": _by_team,
    "by_skill": _by_skill,
    "lowest_load": _lowest_load,
    "round_robin": _round_robin,
}


class InvestigatorTeams:
    """All investigators: who is in post, who holds what, and the work itself."""

    def __init__(self, simulation: Simulation, working_time: WorkingTime) -> None:
        self.simulation, self.env, self.working_time = simulation, simulation.env, working_time
        regimes = [regime.scenario for regime in simulation.plan.regimes]
        most = np.max([investigators_by_area(scenario) for scenario in regimes], axis=0)
        most_graders = np.max([graders_by_area(scenario) for scenario in regimes], axis=0)
        names = [team.name for team in simulation.scenario.teams]
        if self.stage.team == "central":
            names = [CENTRAL]
        self.teams: list[Team] = []
        self._held: list[tuple[int, bool, float, float]] = []
        self._posts: list[tuple[int, bool, float, float]] = []
        number = 0
        for name, own, graders in zip(names, most.tolist(), most_graders.tolist(), strict=True):
            indices = np.concatenate([np.arange(own), _GRADERS_FROM + np.arange(graders)])
            uniforms = random_numbers.uniforms(simulation, random_numbers.INVESTIGATOR, indices, stream_of(name)).T
            members = [
                Investigator(self.env, number + place, uniforms[place], grader=place >= own)
                for place in range(own + graders)
            ]
            number += own + graders
            self.teams.append(Team(members))
        self.number = number
        self._man()

    @property
    def stage(self) -> Crime:
        """The section of the scenario as it stands today."""
        return self.simulation.in_force.crime

    @property
    def everybody(self) -> list[Investigator]:
        """All investigators there will ever be, team by team."""
        return [one for team in self.teams for one in team.members]

    def team_of(self, area: int) -> Team:
        """Whose crimes those of an area are."""
        return self.teams[area if len(self.teams) > 1 else 0]

    # -- who is in post ----------------------------------------------------------------------------------------

    def _man(self) -> None:
        """So many are in post from now on, with the experience and levels of today."""
        scenario = self.simulation.in_force
        counts = zip(self.teams, investigators_by_area(scenario), graders_by_area(scenario), strict=True)
        for team, own, graders in counts:
            own_ones = [one for one in team.members if not one.grader]
            graders_here = [one for one in team.members if one.grader]
            for one in team.members:
                here = one in own_ones[:own] or one in graders_here[:graders]
                self._end_spells(one)
                one.here = here
                one.since = self.env.now
                one.qualify(self.stage)

    def _end_spells(self, one: Investigator) -> None:
        """What has been so until now under this experience."""
        now = self.env.now
        if one.here and now > one.since:
            self._posts.append((one.number, one.experienced, one.since, now))
        for matter, since in one.in_hand.items():
            if now > since:
                self._held.append((one.number, one.experienced, since, now))
            one.in_hand[matter] = now

    def adopt(self) -> None:
        """A lever: whoever leaves hands over what is in hand, and newcomers take what waits."""
        self._man()
        for team in self.teams:
            for one in team.members:
                if not one.here:
                    for matter in list(one.in_hand):
                        self._hand_over(matter)
            self._serve(team)

    def _hand_over(self, matter: Matter) -> None:
        """From somebody who leaves to whoever has the fewest; if nobody is there, it stays where it lies."""
        there = [one for one in matter.team.members if one.here]
        if there:
            self.pass_on(matter, fewest(there))

    def close(self) -> tuple[np.ndarray, np.ndarray]:
        """The spells of holding something and of being in post, those of the last day left open."""
        for one in self.everybody:
            self._end_spells(one)
        return _spells(self._held, self.env.now), _spells(self._posts, self.env.now)

    # -- who holds what ----------------------------------------------------------------------------------------

    def allocated(self, matter: Matter) -> Wait:
        """Somebody of the team gets it, by the rule of the scenario; if all hold as many as they may, it waits."""
        team = matter.team
        among = team.open_to(matter, self.stage.max_caseload)
        if not team.waiting and among:
            self.take(matter, ALLOCATION[self.stage.allocation](team, matter, among))
            return
        free = self.env.event()
        team.waiting.append((matter, free))
        yield free

    def _serve(self, team: Team) -> None:
        """Give what waits to whoever may take another one."""
        while team.waiting:
            among = team.open_to(team.waiting[0][0], self.stage.max_caseload)
            if not among:
                return
            matter, free = team.waiting.popleft()
            self.take(matter, ALLOCATION[self.stage.allocation](team, matter, among))
            free.succeed()

    def take(self, matter: Matter, by: Investigator) -> None:
        """From now on it is in somebody's hands."""
        matter.holder = by
        by.in_hand[matter] = self.env.now

    def let_go(self, matter: Matter) -> None:
        """It is done."""
        self._drop(matter)
        self._serve(matter.team)

    def _drop(self, matter: Matter) -> None:
        holder = matter.holder
        assert holder is not None
        since = holder.in_hand.pop(matter)
        matter.holder = None
        if self.env.now > since:
            self._held.append((holder.number, holder.experienced, since, self.env.now))

    def pass_on(self, matter: Matter, to: Investigator) -> None:
        """Into other hands; work on it is broken off, and what was done stands."""
        self._drop(matter)
        matter.passed_on += 1
        self.take(matter, to)
        if matter.is_worked and matter.process is not None:
            matter.process.interrupt(PASSED_ON)

    def somebody_of_the_level(self, matter: Matter) -> Investigator | None:
        """Who of the team has the level it needs and the fewest in hand."""
        able = [one for one in matter.team.members if one.here and not one.is_below(matter)]
        return fewest(able) if able else None

    # -- work --------------------------------------------------------------------------------------------------

    def worked(self, matter: Matter, hours: float) -> Wait:
        """The holder works on it for so many hours of an experienced officer of its level, one thing after another."""
        env = self.env
        while hours > 0:
            holder, stage = matter.holder, self.stage
            assert holder is not None
            factor = (stage.below_level.hours_factor if holder.is_below(matter) else 1.0) / stage.available_share
            if not holder.experienced:
                factor *= stage.inexperienced_hours_factor
            begun = NEVER
            matter.is_worked = True
            try:
                with holder.desk.request(priority=matter.rank) as turn:
                    yield turn
                    begun = env.now
                    yield env.timeout(self.working_time.done_at(begun, hours * factor) - begun)
                matter.is_worked = False
                return
            except simpy.Interrupt as interrupt:
                matter.is_worked = False
                if interrupt.cause == CLOSED:
                    raise
                if begun < NEVER:
                    worked = self.working_time.hours_until(env.now) - self.working_time.hours_until(begun)
                    hours = max(hours - worked / factor, 0.0)


def _spells(rows: list[tuple[int, bool, float, float]], last: float) -> np.ndarray:
    spells = np.zeros(len(rows), SPELL)
    if rows:
        spells["investigator"], spells["experienced"], spells["begins"], spells["ends"] = zip(*rows, strict=True)
        spells["ends"][spells["ends"] >= last] = NEVER
    return spells
