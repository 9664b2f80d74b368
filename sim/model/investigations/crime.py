"""Crime investigation: allocated, worked on, enquiries by others, worked on again, and an outcome.

A crime that needs an investigator of level 2 may be held by one below it: it takes longer, may be disputed and passed
on, and ends in no further action more often. Supervisors review open crimes.
"""

from __future__ import annotations

import math

import numpy as np
import simpy

from sim.model.codes import DAYS_PER_WEEK, NEVER
from sim.model.investigations import random_numbers as kinds
from sim.model.investigations.investigators import CLOSED, Case, Investigator, InvestigatorTeams
from sim.model.investigations.random_numbers import AT_START, FORCE, CaseDraws, arrivals
from sim.model.investigations.servers import Wait
from sim.model.investigations.tables import CHARGED, CRIME, NO_FURTHER_ACTION, Columns
from sim.model.register.identities import areas
from sim.model.simulation import Simulation
from sim.scenario.sections.investigations import Crime

_RANK = 2
"""Crimes come after cases of online child abuse of very high and high grade where a joint team has both."""
_BEFORE, _DURING, _AFTER = range(3)
"""How far a crime is: before, during or after the enquiries of others."""


class CrimeInvestigation:
    """Every crime of the horizon, those open on the first day in front, and the reviews of supervisors."""

    def __init__(self, simulation: Simulation, investigators: InvestigatorTeams) -> None:
        self.simulation, self.env, self.investigators = simulation, simulation.env, investigators
        at_start = self.section.at_start
        self.at_start = [
            (area, holder, nth)
            for area, team in enumerate(investigators.teams)
            for holder in team.members
            if holder.in_post and not holder.grader
            for nth in range(at_start.experienced if holder.experienced else at_start.inexperienced)
        ]
        received = arrivals(
            simulation, kinds.CRIME_RECEIVED, simulation.inputs.growing_rate("crime", "crimes_per_year")
        )
        first_new = len(self.at_start)
        self.crimes = crimes = Columns(np.zeros(first_new + len(received), CRIME))
        crimes.index[:first_new] = [AT_START + (holder.number << 12) + nth for _, holder, nth in self.at_start]
        crimes.index[first_new:] = np.arange(len(received))
        crimes.received[first_new:] = received
        crimes.allocated[:] = crimes.closed[:] = NEVER
        self.draws = CaseDraws(simulation, crimes.index)
        in_areas = areas(simulation.scenario, simulation.headcounts, self.draws.uniforms(kinds.CRIME_RECEIVED, 1))
        crimes.team[:first_new] = [area for area, _, _ in self.at_start]
        crimes.team[first_new:] = in_areas[first_new:]
        crimes.complex[:] = self.draws.uniforms(kinds.CRIME_RECEIVED, 2) < self.section.complex_share
        self.reviews: list[float] = []
        """When a crime was reviewed, ascending."""

    @property
    def section(self) -> Crime:
        """The section of the scenario as it stands today."""
        return self.simulation.in_force.crime

    def begin(self) -> None:
        """Work on open crimes continues, others come in, supervisors review."""
        ages = self.draws.drawn(self.section.at_start.age_days, kinds.CRIME_AT_START, 0)
        progress, enquiries = (self.draws.chance(kinds.CRIME_AT_START, column) for column in (1, 2))
        for row, (_, holder, _) in enumerate(self.at_start):
            self.crimes.received[row] = self.crimes.allocated[row] = -ages[row]
            at = int(3 * progress[row])
            self._start(row, at, enquiries[row] if at == _DURING else 1.0, holder)
        self.env.process(self._arrivals())
        self.simulation.every(lambda scenario: scenario.crime.supervision.interval_days, self._review)

    def _start(self, row: int, at: int, enquiries_left: float, holder: Investigator | None = None) -> None:
        team = self.investigators.team_of(int(self.crimes.team[row]))
        of_whom = self.draws.chance(kinds.CRIME_RECEIVED, 3)[row]
        crime = Case(row, bool(self.crimes.complex[row]), of_whom, team, _RANK)
        if holder is not None:
            self.investigators.take(crime, holder)
        crime.process = self.env.process(self._investigate(crime, at, enquiries_left))

    def _arrivals(self) -> Wait:
        first_new = len(self.at_start)
        for row, time in enumerate(self.crimes.received[first_new:].tolist(), first_new):
            yield self.env.timeout(time - self.env.now)
            self._start(row, _BEFORE, 1.0)

    def _investigate(self, crime: Case, at: int, enquiries_left: float) -> Wait:
        """A crime from its allocation, or from where it is on the first day, to its outcome."""
        row, investigators = crime.number, self.investigators
        if crime.holder is None:
            yield from investigators.allocate(crime)
            self.crimes.allocated[row] = self.env.now
        hours = self.draws.drawn(self.section.hours, kinds.ENQUIRIES, 0)[row]
        first_hours = hours * self.section.first_share
        try:
            if at == _BEFORE:
                yield from investigators.work(crime, first_hours)
                yield from self._dispute(crime)
            if at != _AFTER:
                days = self.draws.drawn(self.section.enquiry_days, kinds.ENQUIRIES, 1)[row]
                yield self.env.timeout(days * enquiries_left)
            yield from investigators.work(crime, hours - first_hours)
            charged = self._would_be_charged(crime)
        except simpy.Interrupt:  # closed by a supervisor
            charged = False
        self._end(crime, CHARGED if charged else NO_FURTHER_ACTION)

    def _dispute(self, crime: Case) -> Wait:
        """An investigator below the level may pass a crime on, once the dispute about it is settled."""
        below = self.section.below_level
        if crime.is_below_level and self.draws.chance(kinds.ENQUIRIES, 2)[crime.number] < below.reassigned_share:
            yield self.env.timeout(below.dispute_days)
            self.investigators.pass_to_level(crime)

    def _would_be_charged(self, crime: Case) -> bool:
        section = self.section
        chance = section.charged_share * (section.below_level.charged_factor if crime.is_below_level else 1.0)
        return self.draws.chance(kinds.ENQUIRIES, 3)[crime.number] < chance

    def _end(self, crime: Case, outcome: int) -> None:
        crimes, row = self.crimes, crime.number
        assert crime.holder is not None
        crimes.closed[row], crimes.outcome[row] = self.env.now, outcome
        crimes.experienced[row], crimes.below_level[row] = crime.holder.experienced, crime.is_below_level
        crimes.passed_on[row], crimes.reviews[row] = crime.passed_on, crime.reviews
        self.investigators.end(crime)

    def _review(self) -> None:
        """The supervisors of each team review open crimes, those reviewed longest ago first.

        They pass on crimes that are below their level, and close those without a prospect.
        """
        supervision = self.section.supervision
        hours = supervision.per_team * supervision.hours_per_week * supervision.interval_days / DAYS_PER_WEEK
        most = math.floor(hours / supervision.review_hours)
        for team in self.investigators.teams:
            crimes = [case for member in team.members for case in member.open_cases if case.number >= 0]
            crimes.sort(key=lambda crime: (crime.reviewed_at, crime.number))
            for crime in crimes[:most]:
                index = int(self.crimes.index[crime.number])
                of_passing, of_closing, _, _ = self.simulation.uniforms(kinds.CRIME_REVIEW, FORCE, index, crime.reviews)
                crime.reviewed_at = self.env.now
                crime.reviews += 1
                self.reviews.append(self.env.now)
                if of_passing < supervision.passes_on_share:
                    self.investigators.pass_to_level(crime)
                no_prospect = not self._would_be_charged(crime)
                if no_prospect and of_closing < supervision.closes_share and crime.process is not None:
                    crime.process.interrupt(CLOSED)
