"""From a charge to the register: who is convicted is registered, and a suspect who is on it already has breached."""

from __future__ import annotations

import math

import numpy as np

from sim.model.codes import COMMUNITY
from sim.model.investigations.random_numbers import DECISION, SAME_PERSON, SENTENCE, CaseDraws
from sim.model.investigations.servers import Wait
from sim.model.investigations.tables import Columns
from sim.model.kernel import register_moves, streams
from sim.model.processes import offenders
from sim.model.register.identities import CONVICTED_INDEX, Uniforms, by_share
from sim.model.register.layout import describe_convicted
from sim.model.simulation import Simulation
from sim.scenario.sections.investigations import Convictions as Section


class Convictions:
    """The suspects of cases in court, in custody, and on the register."""

    def __init__(self, simulation: Simulation, cases: Columns, draws: CaseDraws) -> None:
        self.simulation, self.env, self.cases, self.draws = simulation, simulation.env, cases, draws
        self._next_row = simulation.first_reserved

    @property
    def section(self) -> Section:
        """The section of the scenario as it stands today."""
        return self.simulation.in_force.online_abuse.convictions

    def after_charge(self, case: int) -> Wait:
        """Court, and perhaps custody; then the register, in the caseload of the area."""
        if self.draws.chance(DECISION, 2)[case] >= self.section.share:
            return
        yield self.env.timeout(self.draws.drawn(self.section.court_days, DECISION, 3)[case])
        if self.draws.chance(SENTENCE, 0)[case] < self.section.custody_share:
            yield self.env.timeout(self.draws.drawn(self.section.custody_days, SENTENCE, 1)[case])
        yield self.env.timeout(math.ceil(self.env.now) - self.env.now)  # arrivals and departures are at midnight
        self._register(case)

    def _register(self, case: int) -> None:
        simulation, now = self.simulation, self.simulation.today()
        row = self._next_row
        self._next_row += 1
        rows, mix = simulation.offenders[row : row + 1], simulation.in_force.caseload.risk_mix.values()
        rows["index"] = CONVICTED_INDEX + int(self.cases.index[case])
        rows["team"] = self.cases.team[case]
        rows["risk"] = rows["true_risk"] = by_share(self.draws.uniforms(SENTENCE, 2)[case : case + 1], mix)
        for field in ("registered", "last_seen", "quiet_since", "counted_until"):
            rows[field] = now
        uniforms = Uniforms(simulation.clock.seed, simulation.clock.replication)
        describe_convicted(simulation.inputs, simulation.in_force, simulation.tables.policies, rows, uniforms)
        simulation.reallocate(register_moves.register_convicted, row, now)
        simulation.expect_departure(row)
        offenders.begin_recalls(simulation, slice(row, row + 1))
        offenders.begin_moves(simulation, slice(row, row + 1))
        self.cases.registered[case] = now

    def find_on_register(self, case: int) -> None:
        """The suspect is an offender on the register, more probably one who breaches more: a breach is found."""
        simulation, table = self.simulation, self.simulation.offenders
        there = np.flatnonzero(table["state"] == COMMUNITY)
        if not len(there):
            return
        whose = SAME_PERSON, table["stream"][there], table["index"][there], int(self.cases.index[case])
        of_person, *_ = streams.uniforms_of_many(simulation.clock.seed, simulation.clock.replication, *whose)
        per_year = np.array(simulation.in_force.breaches.per_year.values())[table["true_risk"][there]]
        weights = per_year if per_year.any() else np.ones(len(there))
        with np.errstate(divide="ignore"):
            soonest = np.argmin(-np.log(of_person) / weights)  # a race in which a higher rate wins more often
        simulation.do(register_moves.suspect_on_register, int(there[soonest]), simulation.today())
