"""The loop closes: who is convicted joins the register, and who is on it already is found in a breach."""

from __future__ import annotations

import math

import numpy as np

from sim.model.codes import COMMUNITY
from sim.model.investigations.random_numbers import DECISION, SAME_PERSON, SENTENCE, CaseDraws
from sim.model.investigations.servers import Wait
from sim.model.investigations.tables import Columns
from sim.model.kernel import register_moves as moves
from sim.model.kernel import streams
from sim.model.processes import offenders
from sim.model.register import describe_convicted
from sim.model.simulation import Simulation
from sim.scenario.sections.online_abuse import Convictions as Chances


def areas_of(simulation: Simulation, uniform: np.ndarray) -> np.ndarray:
    """In which area each case falls: the more offenders, the likelier."""
    weights = np.array([offenders for _, offenders in simulation.headcounts], float)
    if not weights.any():
        weights[:] = 1.0
    by_name = np.argsort([team.name for team in simulation.scenario.teams])  # their order in the file must not matter
    bounds = np.cumsum(weights[by_name] / weights.sum())[:-1]
    return by_name[np.searchsorted(bounds, uniform, side="right")]


class Convictions:
    """From a charge to the register."""

    def __init__(self, simulation: Simulation, cases: Columns, draws: CaseDraws) -> None:
        self.simulation, self.env, self.cases, self.draws = simulation, simulation.env, cases, draws
        self._next_row = simulation.first_reserved

    @property
    def stage(self) -> Chances:
        """The section of the scenario as it stands today."""
        return self.simulation.in_force.online_abuse.convictions

    def after_charge(self, row: int) -> Wait:
        """Court, and perhaps custody; then the register, in the caseload of the area."""
        stage = self.stage
        if self.draws.chance(DECISION, 2)[row] >= stage.share:
            return
        yield self.env.timeout(self.draws.drawn(stage.court_days, DECISION, 3)[row])
        stage = self.stage
        if self.draws.chance(SENTENCE, 0)[row] < stage.custody_share:
            yield self.env.timeout(self.draws.drawn(stage.custody_days, SENTENCE, 1)[row])
        midnight = math.ceil(self.env.now)  # who joins or leaves does so at midnight
        yield self.env.timeout(midnight - self.env.now)
        self._join(row)

    def _join(self, case: int) -> None:
        simulation, now = self.simulation, self.simulation.today()
        row = self._next_row
        self._next_row += 1
        rows = simulation.offenders[row : row + 1]
        describe_convicted(
            simulation.in_force,
            simulation.tables.policies,
            simulation.plan.departures,
            simulation.replication,
            rows,
            case=int(self.cases.index[case]),
            team=int(self.cases.team[case]),
            of_risk=self.draws.column(SENTENCE, 2)[case : case + 1],
            time=now,
        )
        simulation.reallocate(moves.register_convicted, row, now)
        simulation.expect_departure(row)
        offenders.begin_recalls(simulation, slice(row, row + 1))
        offenders.begin_moves(simulation, slice(row, row + 1))
        self.cases.joined[case] = now

    def turn_up(self, case: int) -> None:
        """The suspect is somebody on the register: likelier somebody who breaches more."""
        simulation, table = self.simulation, self.simulation.offenders
        there = np.flatnonzero(table["state"] == COMMUNITY)
        if not len(there):
            return
        of_person, _, _, _ = streams.uniforms_of_many(
            simulation.clock.seed,
            simulation.clock.replication,
            SAME_PERSON,
            table["stream"][there],
            table["index"][there],
            int(self.cases.index[case]),
        )
        per_year = np.array(simulation.in_force.breaches.per_year.values())[table["true_risk"][there]]
        weights = per_year if per_year.any() else np.ones(len(there))
        with np.errstate(divide="ignore"):
            soonest = np.argmin(-np.log(of_person) / weights)  # a race in which a higher rate wins more often
        simulation.do(moves.suspect_on_register, int(there[soonest]), simulation.today())
