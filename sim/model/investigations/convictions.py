"""The loop closes: who is convicted joins the register, and who is on it already is found in a breach."""

from __future__ import annotations

import math

import numpy as np

from sim.model.codes import COMMUNITY
from sim.model.investigations.random_numbers import DECISION, SAME_PERSON, SENTENCE, Luck
from sim.model.investigations.servers import Wait
from sim.model.investigations.tables import Columns
from sim.model.kernel import register_arrivals as joining
from sim.model.kernel import streams
from sim.model.processes import offenders
from sim.model.register import describe_convicted
from sim.model.world import Simulation
from sim.scenario.sections.online_abuse import Convictions as Chances


def areas_of(world: Simulation, uniform: np.ndarray) -> np.ndarray:
    """In which area each case falls: the more offenders, the likelier."""
    weights = np.array([offenders for _, offenders in world.headcounts], float)
    if not weights.any():
        weights[:] = 1.0
    by_name = np.argsort([team.name for team in world.scenario.teams])  # their order in the file must not matter
    bounds = np.cumsum(weights[by_name] / weights.sum())[:-1]
    return by_name[np.searchsorted(bounds, uniform, side="right")]


class Convictions:
    """From a charge to the register."""

    def __init__(self, world: Simulation, cases: Columns, luck: Luck) -> None:
        self.world, self.env, self.cases, self.luck = world, world.env, cases, luck
        self._next_row = world.first_reserved

    @property
    def stage(self) -> Chances:
        """The section of the scenario as it stands today."""
        return self.world.stage.online_abuse.convictions

    def after_charge(self, row: int) -> Wait:
        """Court, and perhaps custody; then the register, in the caseload of the area."""
        stage = self.stage
        if self.luck.chance(DECISION, 2)[row] >= stage.share:
            return
        yield self.env.timeout(self.luck.drawn(stage.court_days, DECISION, 3)[row])
        stage = self.stage
        if self.luck.chance(SENTENCE, 0)[row] < stage.custody_share:
            yield self.env.timeout(self.luck.drawn(stage.custody_days, SENTENCE, 1)[row])
        midnight = math.ceil(self.env.now)  # who joins or leaves does so at midnight
        yield self.env.timeout(midnight - self.env.now)
        self._join(row)

    def _join(self, case: int) -> None:
        world, now = self.world, self.world.today()
        row = self._next_row
        self._next_row += 1
        rows = world.offenders[row : row + 1]
        describe_convicted(
            world.stage,
            world.policies,
            world.plan.departures,
            world.replication,
            rows,
            case=int(self.cases.serial[case]),
            team=int(self.cases.team[case]),
            of_risk=self.luck.column(SENTENCE, 2)[case : case + 1],
            time=now,
        )
        world.reallocate(joining.join_register, row, now)
        world.expect_departure(row)
        offenders.begin_recalls(world, slice(row, row + 1))
        offenders.begin_moves(world, slice(row, row + 1))
        self.cases.joined[case] = now

    def turn_up(self, case: int) -> None:
        """The suspect is somebody on the register: likelier somebody who breaches more."""
        world, table = self.world, self.world.offenders
        there = np.flatnonzero(table["state"] == COMMUNITY)
        if not len(there):
            return
        of_person, _, _, _ = streams.uniforms_of_many(
            world.world.seed,
            world.world.replication,
            SAME_PERSON,
            table["origin"][there],
            table["serial"][there],
            int(self.cases.serial[case]),
        )
        per_year = np.array(world.stage.breaches.per_year.values())[table["true_risk"][there]]
        weights = per_year if per_year.any() else np.ones(len(there))
        with np.errstate(divide="ignore"):
            soonest = np.argmin(-np.log(of_person) / weights)  # a race in which a higher rate wins more often
        world.do(joining.turn_up, int(there[soonest]), world.today())
