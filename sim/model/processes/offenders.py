"""Offenders: custody and release, recalls, and moves from one team's area to another's."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Callable
from functools import cache

import numpy as np

from sim.model.codes import NONE, RECALLED
from sim.model.kernel import register_moves, streams
from sim.model.policy import drawn
from sim.model.register.identities import Uniforms
from sim.model.simulation import Process, Simulation
from sim.scenario import Scenario

EVERYBODY = slice(None)


def custody(simulation: Simulation, row: int, time: float, days: float, why: int = NONE) -> Process:
    """From a time on an offender is in custody for some days, and then back in the community."""
    yield max(time - simulation.env.now, 0.0)
    if simulation.do(register_moves.take_into_custody, row, simulation.today(), why):
        yield days
        simulation.reallocate(register_moves.return_to_community, row, simulation.today())


def begin_recalls(simulation: Simulation, rows: slice = EVERYBODY) -> None:
    """Offenders are recalled to custody at a rate, whatever the police do, released, and perhaps recalled again."""

    def recall(row: int, of_days: float) -> Process:
        days = drawn(simulation.in_force.register.recall_days, of_days)
        return custody(simulation, row, simulation.now, days, RECALLED)

    _begin(simulation, streams.RECALL, lambda scenario: scenario.register.recalls_per_year, rows, recall)


def begin_moves(simulation: Simulation, rows: slice = EVERYBODY) -> None:
    """Offenders move into the area of another team at a rate, and perhaps move again.

    The team is drawn by the offenders that each has now.
    """
    if len(simulation.teams) < 2:
        return
    names = [team.name for team in simulation.scenario.teams]
    in_turn = sorted(range(len(names)), key=names.__getitem__)  # their order in the file must not matter
    offenders = {team: simulation.headcounts[team][1] or 1 for team in in_turn}

    @cache
    def added_up(here: int) -> list[int]:
        return list(itertools.accumulate(0 if team == here else offenders[team] for team in in_turn))

    def move(row: int, of_team: float) -> Process:
        now, reached = simulation.today(), added_up(int(simulation.offenders["team"][row]))
        team = in_turn[bisect_right(reached, of_team * reached[-1])]
        simulation.reallocate(register_moves.move_team, row, team, now)
        return iter(())

    _begin(simulation, streams.MOVE, lambda scenario: scenario.register.moves_between_teams_per_year, rows, move)


def _begin(
    simulation: Simulation,
    kind: int,
    per_year: Callable[[Scenario], float],
    rows: slice,
    act: Callable[[int, float], Process],
) -> None:
    """Something happens to each offender of some rows at a rate, on the midnight after the rate is used up.

    `act`: what happens, by the row and a uniform.
    """
    rate = simulation.inputs.rate(per_year)
    if not rate.per_day.any():
        return
    offenders, clock = simulation.offenders[rows], simulation.clock
    until, what, _, _ = Uniforms(clock.seed, clock.replication).of(kind, offenders)
    dates = np.ceil(rate.used_up(np.maximum(offenders["registered"], 0.0), -np.log(until)))

    def repeat(row: int, time: float, uniform: float) -> Process:
        stream, index = (int(simulation.offenders[field][row]) for field in ("stream", "index"))
        for nth in itertools.count(1):
            yield time - simulation.env.now
            yield from act(row, uniform)
            until, uniform, _, _ = simulation.uniforms(kind, stream, index, nth)
            time = math.ceil(min(rate.used_up_once(simulation.now, -math.log(until)), simulation.end))
            if time >= simulation.end:
                return

    for here in np.flatnonzero((dates < simulation.end) & (dates < offenders["leaves"])).tolist():
        simulation.start(repeat(here + (rows.start or 0), float(dates[here]), float(what[here])))
