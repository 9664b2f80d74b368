"""Offenders: custody and release, recalls, and moves from one team's area to another's."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import cache

import numpy as np

from sim.model.codes import NEVER, NONE, RECALLED
from sim.model.exposure import YearlyRate
from sim.model.kernel import register_moves as moves
from sim.model.kernel import streams
from sim.model.policy import drawn
from sim.model.simulation import Process, Simulation

EVERYBODY = slice(None)


def custody(simulation: Simulation, row: int, time: float, days: float, why: int = NONE) -> Process:
    """From a time on an offender is in custody for some days, and then back in the community."""
    yield max(time - simulation.env.now, 0.0)
    if simulation.do(moves.take_into_custody, row, simulation.today(), why):
        yield days
        simulation.reallocate(moves.return_to_community, row, simulation.today())


def begin_recalls(simulation: Simulation, rows: slice = EVERYBODY) -> None:
    """Offenders are recalled to custody at a rate, whatever the police do."""
    rate = simulation.plan.rate(lambda scenario: scenario.register.recalls_per_year)
    for row, time, of_days in _first_of_each(simulation, streams.RECALL, rate, rows):
        simulation.start(recalls(simulation, row, time, of_days, rate))


def recalls(simulation: Simulation, row: int, time: float, of_days: float, rate: YearlyRate) -> Process:
    """One offender is recalled, released, and perhaps recalled again."""
    for nth in itertools.count(1):
        yield time - simulation.env.now
        days = drawn(simulation.in_force.register.recall_days, of_days)
        yield from custody(simulation, row, simulation.now, days, RECALLED)
        time, of_days = _next_date(simulation, streams.RECALL, row, nth, rate)
        if time >= simulation.end:
            return


def begin_moves(simulation: Simulation, rows: slice = EVERYBODY) -> None:
    """Offenders move into the area of another team at a rate."""
    if len(simulation.teams) < 2:
        return
    rate = simulation.plan.rate(lambda scenario: scenario.register.moves_between_teams_per_year)
    draw_of_teams = _teams_by_offenders(simulation)
    for row, time, of_team in _first_of_each(simulation, streams.MOVE, rate, rows):
        simulation.start(moves_between_teams(simulation, row, time, of_team, rate, draw_of_teams))


def moves_between_teams(
    simulation: Simulation,
    row: int,
    time: float,
    of_team: float,
    rate: YearlyRate,
    another_team: Callable[[int, float], int],
) -> Process:
    """One offender moves, and perhaps again; `another_team`: to which team, by that of today and a uniform."""
    for nth in itertools.count(1):
        yield time - simulation.env.now
        now = simulation.today()
        simulation.reallocate(moves.move_team, row, another_team(int(simulation.offenders["team"][row]), of_team), now)
        time, of_team = _next_date(simulation, streams.MOVE, row, nth, rate)
        if time >= simulation.end:
            return


def _teams_by_offenders(simulation: Simulation) -> Callable[[int, float], int]:
    """Draws another team than the one of today: the more offenders it has on the first day, the likelier."""
    names = [team.name for team in simulation.scenario.teams]
    in_turn = sorted(range(len(names)), key=names.__getitem__)  # their order in the file must not matter
    offenders = [simulation.headcounts[team][1] or 1 for team in in_turn]

    @cache
    def added_up(here: int) -> list[int]:
        weights = [0 if team == here else weight for team, weight in zip(in_turn, offenders, strict=True)]
        return list(itertools.accumulate(weights))

    def another(here: int, uniform: float) -> int:
        reached = added_up(here)
        return in_turn[bisect_right(reached, uniform * reached[-1])]

    return another


def _first_of_each(
    simulation: Simulation, kind: int, rate: YearlyRate, rows: slice
) -> Iterable[tuple[int, float, float]]:
    """Rows of the offenders to whom something happens at a rate within the horizon; the first dates on which, and luck.

    A date is the midnight after the rate is used up.
    """
    if not rate.per_day.any():
        return []
    offenders = simulation.offenders[rows]
    uniforms = streams.uniforms_of_many(
        simulation.clock.seed, simulation.clock.replication, kind, offenders["stream"], offenders["index"]
    )
    dates = np.ceil(rate.used_up(np.maximum(offenders["registered"], 0.0), -np.log(uniforms[0])))
    within = np.flatnonzero((dates < simulation.end) & (dates < offenders["leaves"]))
    numbers = within + (rows.start or 0)
    return zip(numbers.tolist(), dates[within].tolist(), uniforms[1, within].tolist(), strict=True)


def _next_date(simulation: Simulation, kind: int, row: int, nth: int, rate: YearlyRate) -> tuple[float, float]:
    """When something happens to one offender for the nth time after the first, and the luck that goes with it."""
    stream, index = int(simulation.offenders["stream"][row]), int(simulation.offenders["index"][row])
    until, what, _, _ = simulation.uniforms(kind, stream, index, nth)
    time = rate.used_up_once(simulation.now, -math.log(until))
    return math.ceil(time) if time < NEVER else NEVER, what
