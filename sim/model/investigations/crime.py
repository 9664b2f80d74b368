"""Crime investigation: allocated, worked on, enquiries by others, worked on again, and an outcome.

What needs an investigator of level 2 may lie with somebody below it: it takes longer, may be disputed and passed on,
and ends in no further action more often. Supervisors review what is in hand.
"""

from __future__ import annotations

import math

import numpy as np
import simpy

from sim.model.codes import DAYS_PER_WEEK, NEVER
from sim.model.investigations import random_numbers
from sim.model.investigations.convictions import areas_of
from sim.model.investigations.investigators import CLOSED, InvestigatorTeams, Matter, Team
from sim.model.investigations.random_numbers import AT_START, CRIME_AT_START, CRIME_REVIEW, ENQUIRIES, FORCE, CaseDraws
from sim.model.investigations.servers import Wait
from sim.model.investigations.tables import CHARGED, CRIME, NO_FURTHER_ACTION, Columns
from sim.model.processes.pacing import every
from sim.model.simulation import Simulation
from sim.scenario.sections.crime import Crime

_RANK = 2
"""Crimes come after cases of online child abuse of very high and high grade where a joint team has both."""
_BEFORE, _MEANWHILE, _AFTER = range(3)
"""How far a crime is: before, during or after the enquiries of others."""


class CrimeInvestigation:
    """Every crime that the investigators work on, and the reviews of their supervisors."""

    def __init__(self, simulation: Simulation, investigators: InvestigatorTeams) -> None:
        self.simulation, self.env, self.investigators = simulation, simulation.env, investigators
        self.crimes = self._lay_out_crimes()
        self.draws = CaseDraws(simulation, self.crimes.index)
        areas = areas_of(simulation, self.draws.column(random_numbers.CRIME, 1))
        self.crimes.team[self.in_hand :] = areas[self.in_hand :]
        self.crimes.complex[:] = self.draws.column(random_numbers.CRIME, 2) < self.stage.complex_share
        self.reviews: list[float] = []

    @property
    def stage(self) -> Crime:
        """The section of the scenario as it stands today."""
        return self.simulation.in_force.crime

    def _lay_out_crimes(self) -> Columns:
        """Every crime of the horizon: those in hand on the first day, then those that will come in."""
        in_hand = self.stage.at_start
        self.holders = [
            (one, held)
            for one in self.investigators.everybody
            if one.here and not one.grader
            for held in range(in_hand.experienced if one.experienced else in_hand.inexperienced)
        ]
        received = random_numbers.arrivals(self.simulation, random_numbers.CRIME, self.simulation.plan.crimes)
        self.in_hand = len(self.holders)
        crimes = np.zeros(self.in_hand + len(received), CRIME)
        crimes["index"][: self.in_hand] = [AT_START + (one.number << 12) + held for one, held in self.holders]
        crimes["index"][self.in_hand :] = np.arange(len(received))
        crimes["received"][self.in_hand :] = received
        crimes["allocated"] = crimes["closed"] = NEVER
        return Columns(crimes)

    # -- crimes ------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Crimes in hand go on, others come in, supervisors review."""
        team_of = {one: team for team in self.investigators.teams for one in team.members}
        ages = self.draws.drawn(self.stage.at_start.age_days, CRIME_AT_START, 0)[: self.in_hand]
        progress, enquiries = (self.draws.chance(CRIME_AT_START, column) for column in (1, 2))
        for row, (holder, _) in enumerate(self.holders):
            matter = self._matter(row, team_of[holder])
            self.crimes.team[row] = self.investigators.teams.index(matter.team)
            self.crimes.received[row] = self.crimes.allocated[row] = -ages[row]
            self.investigators.take(matter, holder)
            at = int(3 * progress[row])
            self._start(matter, at, enquiries[row] if at == _MEANWHILE else 1.0)
        self.env.process(self._arrivals())
        self.simulation.start(every(self.simulation, lambda stage: stage.crime.supervision.interval_days, self._review))

    def _matter(self, row: int, team: Team) -> Matter:
        complex_ = bool(self.crimes.complex[row])
        return Matter(row, complex_, self.draws.chance(random_numbers.CRIME, 3)[row], team, _RANK)

    def _start(self, matter: Matter, at: int, enquiries_left: float) -> None:
        matter.process = self.env.process(self._crime(matter, at, enquiries_left))

    def _arrivals(self) -> Wait:
        for row, time in enumerate(self.crimes.received[self.in_hand :].tolist(), self.in_hand):
            yield self.env.timeout(time - self.env.now)
            self._start(self._matter(row, self.investigators.team_of(int(self.crimes.team[row]))), _BEFORE, 1.0)

    def _crime(self, matter: Matter, at: int, enquiries_left: float) -> Wait:
        """A crime from its allocation, or from where it is on the first day, to its outcome."""
        row, investigators = matter.number, self.investigators
        if matter.holder is None:
            yield from investigators.allocated(matter)
            self.crimes.allocated[row] = self.env.now
        hours = self.draws.drawn(self.stage.hours, ENQUIRIES, 0)[row]
        first_hours = hours * self.stage.first_share
        try:
            if at == _BEFORE:
                yield from investigators.worked(matter, first_hours)
                yield from self._disputed(matter)
            if at != _AFTER:
                days = self.draws.drawn(self.stage.enquiry_days, ENQUIRIES, 1)[row]
                yield self.env.timeout(days * enquiries_left)
            yield from investigators.worked(matter, hours - first_hours)
            charged = self.draws.chance(ENQUIRIES, 3)[row] < self._chance_of_charge(matter)
        except simpy.Interrupt:  # closed by a supervisor
            charged = False
        self._end(matter, CHARGED if charged else NO_FURTHER_ACTION)

    def _disputed(self, matter: Matter) -> Wait:
        """Somebody below the level may pass a crime on, once it is settled whose it is."""
        below = self.stage.below_level
        if not matter.is_below_level or self.draws.chance(ENQUIRIES, 2)[matter.number] >= below.reassigned_share:
            return
        yield self.env.timeout(below.dispute_days)
        self._to_somebody_of_the_level(matter)

    def _to_somebody_of_the_level(self, matter: Matter) -> None:
        able = self.investigators.somebody_of_the_level(matter)
        if able is not None and matter.is_below_level:
            self.investigators.pass_on(matter, able)

    def _chance_of_charge(self, matter: Matter) -> float:
        stage = self.stage
        return stage.charged_share * (stage.below_level.charged_factor if matter.is_below_level else 1.0)

    def _end(self, matter: Matter, outcome: int) -> None:
        crimes, row = self.crimes, matter.number
        assert matter.holder is not None
        crimes.closed[row], crimes.outcome[row] = self.env.now, outcome
        crimes.experienced[row], crimes.below_level[row] = matter.holder.experienced, matter.is_below_level
        crimes.passed_on[row], crimes.reviews[row] = matter.passed_on, matter.reviews
        self.investigators.let_go(matter)

    # -- supervisors -------------------------------------------------------------------------------------------

    def _review(self) -> None:
        """The supervisors of each team look at what is in hand, what was reviewed longest ago first."""
        supervision = self.stage.supervision
        hours = supervision.per_team * supervision.hours_per_week * supervision.interval_days / DAYS_PER_WEEK
        crimes = math.floor(hours / supervision.review_hours)
        for team in self.investigators.teams:
            in_hand = [matter for one in team.members for matter in one.in_hand if matter.number >= 0]
            in_hand.sort(key=lambda matter: (matter.reviewed_at, matter.number))
            for matter in in_hand[:crimes]:
                self._review_one(matter)

    def _review_one(self, matter: Matter) -> None:
        """Who is above their level passes the crime on; what has no prospect is closed."""
        row, supervision = matter.number, self.stage.supervision
        of_passing, of_closing, _, _ = self.simulation.uniforms(
            CRIME_REVIEW, FORCE, int(self.crimes.index[row]), matter.reviews
        )
        matter.reviewed_at = self.env.now
        matter.reviews += 1
        self.reviews.append(self.env.now)
        if of_passing < supervision.passes_on_share:
            self._to_somebody_of_the_level(matter)
        has_no_prospect = self.draws.chance(ENQUIRIES, 3)[row] >= self._chance_of_charge(matter)
        if has_no_prospect and of_closing < supervision.closes_share and matter.process is not None:
            matter.process.interrupt(CLOSED)
