"""Online child abuse: each referral is checked, the suspect searched, the devices examined and graded, and decided.

referral -> checks -> warrant or attendance -> search, with triage or not -> digital forensics -> grading -> decision
"""

from __future__ import annotations

import math

import numpy as np

from sim.model.codes import DAYS_PER_WEEK, DAYS_PER_YEAR, NEVER
from sim.model.investigations import random_numbers as kinds
from sim.model.investigations import tables
from sim.model.investigations.convictions import Convictions
from sim.model.investigations.investigators import Case, InvestigatorTeams
from sim.model.investigations.random_numbers import AT_START, CaseDraws, arrivals
from sim.model.investigations.servers import Servers, Wait, WorkingTime, rank_of
from sim.model.investigations.tables import Columns
from sim.model.register.identities import areas, by_share
from sim.model.simulation import Simulation
from sim.scenario.sections.investigations import OnlineAbuse


class OnlineAbuseTeam:
    """Officers for checks, search crews, forensic examiners and graders, and every case that they work on."""

    def __init__(self, simulation: Simulation, investigators: InvestigatorTeams | None) -> None:
        self.simulation, self.env, self.working_time = simulation, simulation.env, WorkingTime(simulation.inputs)
        self.joint = investigators if self.section.team == "joint" else None
        self.cases = self._lay_out_cases()
        self.draws = CaseDraws(simulation, self.cases.index)
        self.checkers, self.crews, self.kits, self.examiners, self.graders = (Servers(self.env, 0) for _ in range(5))
        self.adopt()
        self._describe_cases()
        self.convictions = Convictions(simulation, self.cases, self.draws)

    @property
    def section(self) -> OnlineAbuse:
        """The section of the scenario as it stands today."""
        return self.simulation.in_force.online_abuse

    def _lay_out_cases(self) -> Columns:
        """Every case of the horizon: those open on the first day, then the referrals as they will come in."""
        self.open_at_start = at_start = self.section.at_start.total
        referred = arrivals(self.simulation, kinds.REFERRAL, self.simulation.inputs.referrals)
        cases = np.zeros(at_start + len(referred), tables.CASE)
        cases["index"][:at_start] = AT_START + np.arange(at_start)
        cases["index"][at_start:] = np.arange(len(referred))
        cases["referred"][at_start:] = referred
        for field in ("acted", "decided", "registered", "entered", "begun", "left"):
            cases[field] = NEVER
        return Columns(cases)

    def _describe_cases(self) -> None:
        """Grade and area of every case, and how far those of the first day are."""
        simulation, cases, section = self.simulation, self.cases, self.section
        cases.grade[:] = by_share(self.draws.uniforms(kinds.REFERRAL, 2), section.grades.values())
        cases.team[:] = areas(simulation.scenario, simulation.headcounts, self.draws.uniforms(kinds.REFERRAL, 1))
        access = np.array(section.suspects.access_share.values())
        cases.access[:] = self.draws.uniforms(kinds.SUSPECT, 0) < access[cases.grade]
        first, waiting = 0, section.at_start
        steps = (tables.SEARCH, tables.DIGITAL_FORENSICS, tables.GRADING)
        for step, part in zip(steps, (waiting.search, waiting.digital_forensics, waiting.grading), strict=True):
            rows = slice(first, first + part.cases)
            waited = np.array(self.draws.drawn(part.waited_days, kinds.SENTENCE, 3))[rows]
            cases.entered[rows, step] = -waited
            cases.referred[rows] = -waited - part.reached_after_days
            first += part.cases

    def adopt(self) -> None:
        """So many are on duty from now on; what is being examined takes as long as when it was begun."""
        section = self.section
        self.checkers.resize(self._on_duty(section.checks.officers))
        self.crews.resize(self._on_duty(section.search.officers) // section.search.crew_size)
        self.kits.resize(min(section.triage.kits, section.triage.trained_officers))
        self.examiners.resize(section.digital_forensics.examiners)
        self.graders.resize(self._on_duty(section.grading.officers))

    def _on_duty(self, officers: int) -> int:
        """How many of the officers of a step are available at any time of a shift; one, if there is anybody."""
        return max(round(officers * self.section.available_share), min(officers, 1))

    def begin(self) -> None:
        """The cases of the first day continue from where they are, the others as they come in."""
        waiting_since = self.cases.entered[: self.open_at_start].min(axis=1)
        for row in np.argsort(waiting_since, kind="stable").tolist():  # the longest wait stands first
            self.env.process(self._open_case(row))
        self.env.process(self._referrals())

    def _referrals(self) -> Wait:
        for row, time in enumerate(self.cases.referred[self.open_at_start :].tolist(), self.open_at_start):
            yield self.env.timeout(time - self.env.now)
            self.env.process(self._case(row))

    def _case(self, row: int) -> Wait:
        """A case from the referral on."""
        hours = self.draws.drawn(self.section.checks.hours, kinds.PREPARATION, 0)[row]
        yield from self._step(row, tables.CHECKS, self.checkers, self._work(hours))
        section, grade = self.section, self.cases.grade[row]
        if self.draws.chance(kinds.REFERRAL, 3)[row] < section.checks.closed_share:
            self._decide(row, tables.CLOSED_AT_CHECKS)
            return
        if self.draws.chance(kinds.SUSPECT, 1)[row] < section.suspects.on_register_share:
            self.cases.on_register[row] = True
            self.convictions.find_on_register(row)
        if self.draws.chance(kinds.SUSPECT, 2)[row] < section.voluntary.share.values()[grade]:
            yield from self._attends(row)
        else:
            warrant_days = section.search.warrant_days.values()[grade]
            yield self.env.timeout(self.draws.drawn(warrant_days, kinds.PREPARATION, 1)[row])
            yield from self._searched(row)
        yield from self._examined(row)

    def _open_case(self, row: int) -> Wait:
        """A case of the first day from its step on."""
        at = int(np.argmin(self.cases.entered[row]))
        since = float(self.cases.entered[row, at])
        if at == tables.SEARCH:
            yield from self._searched(row, since)
            yield from self._examined(row)
            return
        self._act(row, since)
        self._seize(row, self.draws.chance(kinds.SUSPECT, 2)[row] < self.section.at_start.triaged_share)
        if at == tables.DIGITAL_FORENSICS:
            self.cases.devices_seized[row] = max(1, self.cases.devices_seized[row])
            yield from self._examined(row, since)
        else:
            yield from self._graded(row, since)

    def _step(self, row: int, step: int, servers: Servers, work: Wait, since: float | None = None) -> Wait:
        """A case waits at a step for its turn, and is worked on."""
        cases = self.cases
        cases.entered[row, step] = self.env.now if since is None else since
        with servers.turn(0 if step == tables.CHECKS else rank_of(int(cases.grade[row]))) as turn:
            yield turn
            cases.begun[row, step] = self.env.now
            yield from work
        cases.left[row, step] = self.env.now

    def _work(self, hours: float) -> Wait:
        yield self.env.timeout(self.working_time.done_at(self.env.now, hours) - self.env.now)

    def _attends(self, row: int) -> Wait:
        """The suspect is asked to attend, and brings the devices."""
        cases, voluntary = self.cases, self.section.voluntary
        yield self.env.timeout(self.draws.drawn(voluntary.days, kinds.PREPARATION, 1)[row])
        self._act(row, self.env.now)
        brought = max(1, round(self.draws.drawn(voluntary.devices, kinds.DEVICES, 0)[row]))
        cases.voluntary[row] = True
        cases.devices_found[row] = cases.devices_seized[row] = brought
        cases.missed[row] = self.draws.chance(kinds.DEVICES, 2)[row] < voluntary.missed_share

    def _searched(self, row: int, since: float | None = None) -> Wait:
        hours = self.draws.drawn(self.section.search.hours, kinds.PREPARATION, 2)[row]
        yield from self._step(row, tables.SEARCH, self.crews, self._search(row, hours), since)

    def _search(self, row: int, hours: float) -> Wait:
        """A crew searches the suspect's home; with a kit and a trained officer free, devices are triaged there."""
        triaged = self.kits.is_free
        self._act(row, self.env.now)
        self._seize(row, triaged)
        if triaged:
            self.kits.take()
            hours += self.draws.drawn(self.section.triage.hours, kinds.PREPARATION, 3)[row]
        yield from self._work(hours)
        if triaged:
            self.kits.release()

    def _act(self, row: int, time: float) -> None:
        """The suspect knows from this time on, and is on bail."""
        self.cases.acted[row] = time
        safeguarded = self.draws.chance(kinds.SUSPECT, 3)[row] < self.section.suspects.safeguarded_on_bail_share
        self.cases.safeguarded[row] = safeguarded

    def _seize(self, row: int, triaged: bool) -> None:
        """Which of the devices found at a search are seized."""
        search, triage, cases = self.section.search, self.section.triage, self.cases
        found = seized = max(1, round(self.draws.drawn(search.devices, kinds.DEVICES, 0)[row]))
        if triaged:
            seized = math.floor(found * triage.seized_share + self.draws.chance(kinds.DEVICES, 1)[row])
        cases.devices_found[row], cases.devices_seized[row], cases.triaged[row] = found, seized, triaged
        cases.missed[row] = self.draws.chance(kinds.DEVICES, 2)[row] < (triage if triaged else search).missed_share

    def _examined(self, row: int, since: float | None = None) -> Wait:
        """The devices, if any were seized, wait for an examiner; then they are graded and the case decided."""
        devices = int(self.cases.devices_seized[row])
        if devices:
            effort = self.draws.drawn(self.section.digital_forensics.effort, kinds.DEVICES, 3)[row]
            examination = self._examine(devices * effort)
            yield from self._step(row, tables.DIGITAL_FORENSICS, self.examiners, examination, since)
        yield from self._graded(row)

    def _examine(self, devices: float) -> Wait:
        """Each examiner has an even part of the devices that can be examined in a week, around the clock."""
        unit = self.section.digital_forensics
        yield self.env.timeout(devices * DAYS_PER_WEEK * unit.examiners / unit.devices_per_week)

    def _graded(self, row: int, since: float | None = None) -> Wait:
        """An officer, or an investigator of a joint team, grades what was found; then it is charge or no action."""
        cases, grading, joint = self.cases, self.section.grading, self.joint
        hours = self.draws.drawn(grading.hours, kinds.DECISION, 0)[row]
        hours += int(cases.devices_seized[row]) * grading.hours_per_device
        if joint is None:
            yield from self._step(row, tables.GRADING, self.graders, self._work(hours), since)
            self._charge_or_not(row, below_level=False)
            return
        of_whom, team = self.draws.chance(kinds.SENTENCE, 3)[row], joint.team_of(int(cases.team[row]))
        case = Case(-1 - row, True, of_whom, team, rank_of(int(cases.grade[row])))
        case.process = self.env.active_process
        cases.entered[row, tables.GRADING] = self.env.now if since is None else since
        yield from joint.allocate(case)
        cases.begun[row, tables.GRADING] = self.env.now
        yield from joint.work(case, hours)
        cases.left[row, tables.GRADING] = self.env.now
        below_level = case.is_below_level
        joint.end(case)
        self._charge_or_not(row, below_level)

    def _charge_or_not(self, row: int, below_level: bool) -> None:
        """The chance of a charge falls with delay, with missed evidence, and with an investigator below the level."""
        decision, cases = self.section.decision, self.cases
        delay_years = (self.env.now - float(cases.referred[row])) / DAYS_PER_YEAR
        chance = decision.charged_share * math.exp(-decision.lost_per_year * delay_years)
        if cases.missed[row]:
            chance *= decision.missed_factor
        if below_level:
            chance *= self.simulation.in_force.crime.below_level.charged_factor
        charged = self.draws.chance(kinds.DECISION, 1)[row] < chance
        self._decide(row, tables.CHARGED if charged else tables.NO_FURTHER_ACTION)
        if charged and not cases.on_register[row]:
            self.env.process(self.convictions.after_charge(row))

    def _decide(self, row: int, outcome: int) -> None:
        self.cases.decided[row] = self.env.now
        self.cases.outcome[row] = outcome
