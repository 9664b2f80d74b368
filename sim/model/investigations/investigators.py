"""Investigators with a level and experience, their open cases, and who gets the next crime."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import numpy as np
import simpy

from sim.model.codes import NEVER
from sim.model.investigations.random_numbers import INVESTIGATOR, uniforms
from sim.model.investigations.servers import Servers, Wait, WorkingTime
from sim.model.investigations.tables import SPELL
from sim.model.register.identities import stream_of
from sim.model.simulation import Simulation
from sim.scenario.sections.investigations import Crime

PASSED_ON, CLOSED = "passed on", "closed"
"""Why work on a case is interrupted."""

CENTRAL = "central"
_GRADERS_FROM = 1 << 20


class Investigator:
    """Somebody who works on one case at a time, however many are open.

    `place`: among the investigators, or the graders, of the team. `open_cases`: what is held, and since when.
    """

    def __init__(self, env: simpy.Environment, number: int, place: int, grader: bool, of_skills: np.ndarray) -> None:
        self.number, self.place, self.grader = number, place, grader
        self.server = Servers(env, 1)
        self.open_cases: dict[Case, float] = {}
        self.in_post = False
        self.since = 0.0
        self._of_experience, self._of_level = of_skills
        self.experienced = self.level_2 = True

    def qualify(self, section: Crime) -> None:
        """Experience and level by the shares of today; those whom a smaller share includes, a larger one does too."""
        if not self.grader:
            self.experienced = bool(self._of_experience < section.experienced_share)
            shares = section.level_2_share
            self.level_2 = bool(self._of_level < (shares.experienced if self.experienced else shares.inexperienced))

    def is_below(self, case: Case) -> bool:
        """Does it need a level that this investigator lacks?"""
        return case.complex and not self.level_2


@dataclass(eq=False)
class Case:
    """A crime (`number`: its row), or a case of a joint team (below 0), from its allocation to its end."""

    number: int
    complex: bool
    of_whom: float
    team: InvestigatorTeam
    rank: int
    process: simpy.Process | None = None
    holder: Investigator | None = None
    is_worked_on: bool = False
    reviewed_at: float = -NEVER
    reviews: int = 0
    passed_on: int = 0

    @property
    def is_below_level(self) -> bool:
        """Is its holder below the level it needs?"""
        return self.holder is not None and self.holder.is_below(self)


@dataclass(eq=False)
class InvestigatorTeam:
    """The investigators of an area, and the cases that wait because all hold as many as they may.

    `turn`: in `round_robin`, the number of the investigator whose turn is next.
    """

    members: list[Investigator]
    waiting: deque[tuple[Case, simpy.Event]] = field(default_factory=deque)
    turn: int = 0


def fewest(among: list[Investigator]) -> Investigator:
    """The investigator with the fewest open cases, the first of equals."""
    return min(among, key=lambda investigator: len(investigator.open_cases))


def choose(rule: str, team: InvestigatorTeam, case: Case, available: list[Investigator]) -> Investigator:
    """Who of those available gets a case, by the scenario's rule of allocation."""
    match rule:
        case "by_team":
            return available[int(case.of_whom * len(available))]
        case "by_skill":
            return fewest([investigator for investigator in available if not investigator.is_below(case)] or available)
        case "lowest_load":
            return fewest(available)
    chosen = ([investigator for investigator in available if investigator.number >= team.turn] or available)[0]
    team.turn = chosen.number + 1
    return chosen


class InvestigatorTeams:
    """All investigators: who is in post, who holds which cases, and the work on them."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation, self.env, self.working_time = simulation, simulation.env, WorkingTime(simulation.inputs)
        regimes = [regime.scenario for regime in simulation.inputs.regimes]
        most = np.max([scenario.investigators_by_area for scenario in regimes], axis=0).tolist()
        most_graders = np.max([scenario.graders_by_area for scenario in regimes], axis=0).tolist()
        names = [CENTRAL] if self.section.team == "central" else [team.name for team in simulation.scenario.teams]
        self.teams: list[InvestigatorTeam] = []
        self._held: list[tuple[int, bool, float, float]] = []
        self._posts: list[tuple[int, bool, float, float]] = []
        number = 0
        for name, own, graders in zip(names, most, most_graders, strict=True):
            indices = np.concatenate([np.arange(own), _GRADERS_FROM + np.arange(graders)])
            of_skills = uniforms(simulation, INVESTIGATOR, indices, stream_of(name))[:2].T
            places = [(place, False) for place in range(own)] + [(place, True) for place in range(graders)]
            members = [Investigator(self.env, number + n, *place, of_skills[n]) for n, place in enumerate(places)]
            number += len(members)
            self.teams.append(InvestigatorTeam(members))
        self._fill_posts()

    @property
    def section(self) -> Crime:
        """The section of the scenario as it stands today."""
        return self.simulation.in_force.crime

    def team_of(self, area: int) -> InvestigatorTeam:
        """The team that works on the crimes of an area."""
        return self.teams[area if len(self.teams) > 1 else 0]

    # -- who is in post ----------------------------------------------------------------------------------------

    def _fill_posts(self) -> None:
        """So many are in post from now on, with the experience and levels of today."""
        scenario = self.simulation.in_force
        counts = zip(self.teams, scenario.investigators_by_area, scenario.graders_by_area, strict=True)
        for team, own, graders in counts:
            for investigator in team.members:
                self._end_spells(investigator)
                investigator.in_post = investigator.place < (graders if investigator.grader else own)
                investigator.since = self.env.now
                investigator.qualify(self.section)

    def _end_spells(self, investigator: Investigator) -> None:
        """Record the time in post and with each open case until now, under the experience of this time."""
        now = self.env.now
        if investigator.in_post and now > investigator.since:
            self._posts.append((investigator.number, investigator.experienced, investigator.since, now))
        for case, since in investigator.open_cases.items():
            if now > since:
                self._held.append((investigator.number, investigator.experienced, since, now))
            investigator.open_cases[case] = now

    def adopt(self) -> None:
        """A lever: those who leave pass their cases on, if anybody is there, and newcomers take what waits."""
        self._fill_posts()
        for team in self.teams:
            for investigator in team.members:
                for case in [] if investigator.in_post else list(investigator.open_cases):
                    there = [other for other in case.team.members if other.in_post]
                    if there:
                        self.pass_on(case, fewest(there))
            self._serve(team)

    def close(self) -> tuple[np.ndarray, np.ndarray]:
        """The spells of holding a case and of being in post, those of the last day left open."""
        for team in self.teams:
            for investigator in team.members:
                self._end_spells(investigator)
        return _spells(self._held, self.env.now), _spells(self._posts, self.env.now)

    # -- who holds which case ----------------------------------------------------------------------------------

    def allocate(self, case: Case) -> Wait:
        """A member of the team gets it by the rule of the scenario; if all hold as many as they may, it waits."""
        if case.team.waiting or not self._allocated(case):
            free = self.env.event()
            case.team.waiting.append((case, free))
            yield free

    def _allocated(self, case: Case) -> bool:
        available = [
            investigator
            for investigator in case.team.members
            if investigator.in_post and len(investigator.open_cases) < self.section.max_caseload
        ]
        if available:
            self.take(case, choose(self.section.allocation, case.team, case, available))
        return bool(available)

    def _serve(self, team: InvestigatorTeam) -> None:
        """Allocate the cases that wait, in turn, as far as somebody may take another one."""
        while team.waiting and self._allocated(team.waiting[0][0]):
            team.waiting.popleft()[1].succeed()

    def take(self, case: Case, holder: Investigator) -> None:
        """The investigator holds it from now on."""
        case.holder = holder
        holder.open_cases[case] = self.env.now

    def end(self, case: Case) -> None:
        """It is done, and its holder may take another one."""
        self._drop(case)
        self._serve(case.team)

    def _drop(self, case: Case) -> None:
        holder = case.holder
        assert holder is not None
        since = holder.open_cases.pop(case)
        case.holder = None
        if self.env.now > since:
            self._held.append((holder.number, holder.experienced, since, self.env.now))

    def pass_on(self, case: Case, to: Investigator) -> None:
        """Another investigator holds it from now on; work on it is interrupted, and what was done stands."""
        self._drop(case)
        case.passed_on += 1
        self.take(case, to)
        if case.is_worked_on and case.process is not None:
            case.process.interrupt(PASSED_ON)

    def pass_to_level(self, case: Case) -> None:
        """A case below its level goes to the colleague of that level with the fewest open cases, if there is one."""
        able = [other for other in case.team.members if other.in_post and not other.is_below(case)]
        if able and case.is_below_level:
            self.pass_on(case, fewest(able))

    # -- work --------------------------------------------------------------------------------------------------

    def work(self, case: Case, hours: float) -> Wait:
        """The holder works on it for so many hours of an experienced officer of its level, one case after another."""
        env = self.env
        while hours > 0:
            holder, section = case.holder, self.section
            assert holder is not None
            factor = (section.below_level.hours_factor if holder.is_below(case) else 1.0) / section.available_share
            if not holder.experienced:
                factor *= section.inexperienced_hours_factor
            begun = NEVER
            case.is_worked_on = True
            try:
                with holder.server.turn(case.rank) as turn:
                    yield turn
                    begun = env.now
                    yield env.timeout(self.working_time.done_at(begun, hours * factor) - begun)
                return
            except simpy.Interrupt as interrupt:
                if interrupt.cause == CLOSED:
                    raise
                if begun < NEVER:
                    worked = self.working_time.hours_until(env.now) - self.working_time.hours_until(begun)
                    hours = max(hours - worked / factor, 0.0)
            finally:
                case.is_worked_on = False


def _spells(rows: list[tuple[int, bool, float, float]], last: float) -> np.ndarray:
    spells = np.array(rows, SPELL)
    spells["ends"][spells["ends"] >= last] = NEVER
    return spells
