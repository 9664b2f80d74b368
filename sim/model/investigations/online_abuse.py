"""Online child abuse: each referral is checked, the suspect searched, the devices examined and graded, and decided.

referral -> checks -> warrant or attendance -> search, with triage or not -> laboratory -> grading -> decision
"""

from __future__ import annotations

import math

import numpy as np

from sim.model.codes import DAYS_PER_YEAR, NEVER
from sim.model.investigations import random_numbers
from sim.model.investigations.convictions import Convictions, areas_of
from sim.model.investigations.digital_forensics import DigitalForensics
from sim.model.investigations.investigators import InvestigatorTeams, Matter
from sim.model.investigations.random_numbers import (
    AT_START,
    DECISION,
    DEVICES,
    PREPARATION,
    REFERRAL,
    SUSPECT,
    CaseDraws,
)
from sim.model.investigations.servers import Staff, Wait, WorkingTime, rank_of
from sim.model.investigations.tables import (
    CASE,
    CHARGED,
    CHECKS,
    CLOSED_AT_CHECKS,
    DIGITAL_FORENSICS,
    GRADING,
    NO_FURTHER_ACTION,
    SEARCH,
    Columns,
)
from sim.model.simulation import Simulation
from sim.scenario.sections.online_abuse import OnlineAbuse


class OnlineAbuseTeam:
    """The desk, the crews, the laboratory and the graders, and every case that they work on."""

    def __init__(
        self, simulation: Simulation, working_time: WorkingTime, investigators: InvestigatorTeams | None
    ) -> None:
        self.simulation, self.env, self.working_time = simulation, simulation.env, working_time
        stage = self.stage
        self.joint = investigators if stage.team == "joint" else None
        self.cases = self._lay_out_cases()
        self.draws = CaseDraws(simulation, self.cases.index)
        self.desk, self.crews, self.kits, self.graders = (Staff(self.env, 0) for _ in range(4))
        self.digital_forensics = DigitalForensics(self.env, stage.digital_forensics)
        self.adopt()
        self._describe()
        self.convictions = Convictions(simulation, self.cases, self.draws)

    @property
    def stage(self) -> OnlineAbuse:
        """The section of the scenario as it stands today."""
        return self.simulation.in_force.online_abuse

    def _lay_out_cases(self) -> Columns:
        """Every case of the horizon: those in hand on the first day, then the referrals as they will come in."""
        waiting = self.stage.at_start
        in_hand = waiting.total
        referred = random_numbers.arrivals(self.simulation, REFERRAL, self.simulation.plan.referrals)
        cases = np.zeros(in_hand + len(referred), CASE)
        cases["index"][:in_hand] = AT_START + np.arange(in_hand)
        cases["index"][in_hand:] = np.arange(len(referred))
        cases["referred"][in_hand:] = referred
        for field in ("acted", "decided", "joined", "entered", "begun", "left"):
            cases[field] = NEVER
        self.in_hand = in_hand
        return Columns(cases)

    def _describe(self) -> None:
        """Grade and area of every case, and where those of the first day stand."""
        cases, stage = self.cases, self.stage
        cases.grade[:] = np.searchsorted(
            np.cumsum(stage.grades.values())[:-1], self.draws.column(REFERRAL, 2), side="right"
        )
        cases.team[:] = areas_of(self.simulation, self.draws.column(REFERRAL, 1))
        access = np.array(stage.suspects.access_share.values())
        cases.access[:] = self.draws.column(SUSPECT, 0) < access[cases.grade]
        first = 0
        for number, part in (
            (SEARCH, stage.at_start.search),
            (DIGITAL_FORENSICS, stage.at_start.digital_forensics),
            (GRADING, stage.at_start.grading),
        ):
            rows = slice(first, first + part.cases)
            waited = np.array(self.draws.drawn(part.waited_days, random_numbers.SENTENCE, 3))[rows]
            cases.entered[rows, number] = -waited
            cases.referred[rows] = -waited - part.reached_after_days
            first += part.cases

    def adopt(self) -> None:
        """So many are on duty from now on."""
        stage = self.stage
        self.desk.resize(self._on_duty(stage.checks.officers))
        self.crews.resize(self._on_duty(stage.search.officers) // stage.search.crew_size)
        self.kits.resize(min(stage.triage.kits, stage.triage.trained_officers))
        self.digital_forensics.adopt(stage.digital_forensics)
        self.graders.resize(self._on_duty(stage.grading.officers))

    def _on_duty(self, officers: int) -> int:
        """How many of the officers of a stage are free for cases at any time of a shift; one, if there is anybody."""
        return max(round(officers * self.stage.available_share), min(officers, 1))

    # -- cases -------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """The cases of the first day go on from where they are, the others as they come in."""
        waited = self.cases.entered[: self.in_hand].min(axis=1)
        for row in np.argsort(waited, kind="stable").tolist():  # who has waited longest stands first
            self.env.process(self._in_hand(row))
        self.env.process(self._referrals())

    def _referrals(self) -> Wait:
        for row, time in enumerate(self.cases.referred[self.in_hand :].tolist(), self.in_hand):
            yield self.env.timeout(time - self.env.now)
            self.env.process(self._case(row))

    def _case(self, row: int) -> Wait:
        """A case from the referral on."""
        hours = self.draws.drawn(self.stage.checks.hours, PREPARATION, 0)[row]
        yield from self._served(row, CHECKS, self.desk, hours, rank=0)
        stage = self.stage
        if self.draws.chance(REFERRAL, 3)[row] < stage.checks.closed_share:
            self._decide(row, CLOSED_AT_CHECKS)
            return
        if self.draws.chance(SUSPECT, 1)[row] < stage.suspects.on_register_share:
            self.cases.on_register[row] = True
            self.convictions.turn_up(row)
        if self.draws.chance(SUSPECT, 2)[row] < stage.voluntary.share.values()[self.cases.grade[row]]:
            yield from self._attends(row)
        else:
            warrant_days = stage.search.warrant_days.values()[self.cases.grade[row]]
            yield self.env.timeout(self.draws.drawn(warrant_days, PREPARATION, 1)[row])
            yield from self._searched(row)
        yield from self._examined(row)

    def _in_hand(self, row: int) -> Wait:
        """A case of the first day from its stage on."""
        at = int(np.argmin(self.cases.entered[row]))
        since = float(self.cases.entered[row, at])
        if at == SEARCH:
            yield from self._searched(row, since)
            yield from self._examined(row)
            return
        self._act(row, since)
        self._seize(row, self.draws.chance(SUSPECT, 2)[row] < self.stage.at_start.triaged_share)
        if at == DIGITAL_FORENSICS:
            self.cases.devices_seized[row] = max(1, self.cases.devices_seized[row])
            yield from self._examined(row, since)
        else:
            yield from self._graded(row, since)

    def _attends(self, row: int) -> Wait:
        """The suspect is asked to attend, and brings the devices."""
        voluntary = self.stage.voluntary
        yield self.env.timeout(self.draws.drawn(voluntary.days, PREPARATION, 1)[row])
        self._act(row, self.env.now)
        brought = max(1, round(self.draws.drawn(voluntary.devices, DEVICES, 0)[row]))
        cases = self.cases
        cases.voluntary[row] = True
        cases.devices_found[row] = cases.devices_seized[row] = brought
        cases.missed[row] = self.draws.chance(DEVICES, 2)[row] < voluntary.missed_share

    def _searched(self, row: int, since: float | None = None) -> Wait:
        """A crew searches the suspect's home; with a kit and a trained officer free, devices are triaged there."""
        hours = self.draws.drawn(self.stage.search.hours, PREPARATION, 2)[row]
        yield from self._served(row, SEARCH, self.crews, hours, since=since)

    def _act(self, row: int, time: float) -> None:
        """The suspect knows from now on, and is on bail."""
        self.cases.acted[row] = time
        safeguarded = self.draws.chance(SUSPECT, 3)[row] < self.stage.suspects.safeguarded_on_bail_share
        self.cases.safeguarded[row] = safeguarded

    def _seize(self, row: int, with_triage: bool) -> None:
        """Which of the devices found at a search are taken along."""
        stage, cases = self.stage, self.cases
        found = max(1, round(self.draws.drawn(stage.search.devices, DEVICES, 0)[row]))
        cases.devices_found[row], cases.triaged[row] = found, with_triage
        if with_triage:
            cases.devices_seized[row] = math.floor(
                found * stage.triage.seized_share + self.draws.chance(DEVICES, 1)[row]
            )
        else:
            cases.devices_seized[row] = found
        missed = stage.triage.missed_share if with_triage else stage.search.missed_share
        cases.missed[row] = self.draws.chance(DEVICES, 2)[row] < missed

    def _examined(self, row: int, since: float | None = None) -> Wait:
        """The devices wait for the laboratory, if any were seized; then they are graded and the case decided."""
        devices = int(self.cases.devices_seized[row])
        if devices:
            effort = self.draws.drawn(self.stage.digital_forensics.effort, DEVICES, 3)[row]
            cases, rank = self.cases, rank_of(int(self.cases.grade[row]))
            cases.entered[row, DIGITAL_FORENSICS] = self.env.now if since is None else since
            with self.digital_forensics.examiners.request(priority=rank) as turn:
                yield turn
                cases.begun[row, DIGITAL_FORENSICS] = self.env.now
                yield self.env.timeout(self.digital_forensics.days_for(devices, effort))
            cases.left[row, DIGITAL_FORENSICS] = self.env.now
        yield from self._graded(row)

    def _graded(self, row: int, since: float | None = None) -> Wait:
        """An officer grades what was found; then it is charge or no further action."""
        grading, cases = self.stage.grading, self.cases
        hours = self.draws.drawn(grading.hours, DECISION, 0)[row]
        hours += int(cases.devices_seized[row]) * grading.hours_per_device
        below_level = False
        if self.joint is None:
            yield from self._served(row, GRADING, self.graders, hours, since=since)
        else:
            rank = rank_of(int(cases.grade[row]))
            of_whom = self.draws.chance(random_numbers.SENTENCE, 3)[row]
            matter = Matter(-1 - row, True, of_whom, self.joint.team_of(int(cases.team[row])), rank)
            matter.process = self.env.active_process
            cases.entered[row, GRADING] = self.env.now if since is None else since
            yield from self.joint.allocated(matter)
            cases.begun[row, GRADING] = self.env.now
            yield from self.joint.worked(matter, hours)
            cases.left[row, GRADING] = self.env.now
            below_level = matter.is_below_level
            self.joint.let_go(matter)
        self._charge_or_not(row, below_level)

    def _charge_or_not(self, row: int, below_level: bool) -> None:
        """The chance of a charge falls with delay, with evidence missed, and with somebody below the level."""
        decision, cases = self.stage.decision, self.cases
        delay_years = (self.env.now - float(cases.referred[row])) / DAYS_PER_YEAR
        chance = decision.charged_share * math.exp(-decision.lost_per_year * delay_years)
        if cases.missed[row]:
            chance *= decision.missed_factor
        if below_level:
            chance *= self.simulation.in_force.crime.below_level.charged_factor
        charged = self.draws.chance(DECISION, 1)[row] < chance
        self._decide(row, CHARGED if charged else NO_FURTHER_ACTION)
        if charged and not cases.on_register[row]:
            self.env.process(self.convictions.after_charge(row))

    def _decide(self, row: int, outcome: int) -> None:
        self.cases.decided[row] = self.env.now
        self.cases.outcome[row] = outcome

    def _served(
        self, row: int, stage: int, staff: Staff, hours: float, rank: int | None = None, since: float | None = None
    ) -> Wait:
        """A case waits at a stage for its turn, and is worked on for some hours."""
        env, cases = self.env, self.cases
        cases.entered[row, stage] = env.now if since is None else since
        if rank is None:
            rank = rank_of(int(cases.grade[row]))
        kit = None
        with staff.request(priority=rank) as turn:
            yield turn
            cases.begun[row, stage] = env.now
            if stage == SEARCH:
                kit = self.kits.request() if self.kits.is_free else None
                self._act(row, env.now)
                self._seize(row, kit is not None)
                if kit is not None:
                    hours += self.draws.drawn(self.stage.triage.hours, PREPARATION, 3)[row]
            yield env.timeout(self.working_time.done_at(env.now, hours) - env.now)
            if kit is not None:
                self.kits.release(kit)
        cases.left[row, stage] = env.now
