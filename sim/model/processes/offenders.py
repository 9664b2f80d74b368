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
from sim.model.world import Process, Simulation

EVERYBODY = slice(None)


def custody(world: Simulation, row: int, time: float, days: float, why: int = NONE) -> Process:
    """From a time on an offender is in custody for some days, and then back in the community."""
    yield max(time - world.env.now, 0.0)
    if world.do(moves.take_into_custody, row, world.today(), why):
        yield days
        world.reallocate(moves.return_to_community, row, world.today())


def begin_recalls(world: Simulation, rows: slice = EVERYBODY) -> None:
    """Offenders are recalled to custody at a rate, whatever the police do."""
    rate = world.plan.rate(lambda scenario: scenario.register.recalls_per_year)
    for row, time, of_days in _first_of_each(world, streams.RECALL, rate, rows):
        world.start(recalls(world, row, time, of_days, rate))


def recalls(world: Simulation, row: int, time: float, of_days: float, rate: YearlyRate) -> Process:
    """One offender is recalled, released, and perhaps recalled again."""
    for nth in itertools.count(1):
        yield time - world.env.now
        days = drawn(world.stage.register.recall_days, of_days)
        yield from custody(world, row, world.now, days, RECALLED)
        time, of_days = _next_date(world, streams.RECALL, row, nth, rate)
        if time >= world.end:
            return


def begin_moves(world: Simulation, rows: slice = EVERYBODY) -> None:
    """Offenders move into the area of another team at a rate."""
    if len(world.teams) < 2:
        return
    rate = world.plan.rate(lambda scenario: scenario.register.moves_between_teams_per_year)
    draw_of_teams = _teams_by_offenders(world)
    for row, time, of_team in _first_of_each(world, streams.MOVE, rate, rows):
        world.start(moves_between_teams(world, row, time, of_team, rate, draw_of_teams))


def moves_between_teams(
    world: Simulation,
    row: int,
    time: float,
    of_team: float,
    rate: YearlyRate,
    another_team: Callable[[int, float], int],
) -> Process:
    """One offender moves, and perhaps again; `another_team`: to which team, by that of today and a uniform."""
    for nth in itertools.count(1):
        yield time - world.env.now
        now = world.today()
        world.reallocate(moves.move_team, row, another_team(int(world.offenders["team"][row]), of_team), now)
        time, of_team = _next_date(world, streams.MOVE, row, nth, rate)
        if time >= world.end:
            return


def _teams_by_offenders(world: Simulation) -> Callable[[int, float], int]:
    """Draws another team than the one of today: the more offenders it has on the first day, the likelier."""
    names = [team.name for team in world.scenario.teams]
    in_turn = sorted(range(len(names)), key=names.__getitem__)  # their order in the file must not matter
    offenders = [world.headcounts[team][1] or 1 for team in in_turn]

    @cache
    def added_up(here: int) -> list[int]:
        weights = [0 if team == here else weight for team, weight in zip(in_turn, offenders, strict=True)]
        return list(itertools.accumulate(weights))

    def another(here: int, uniform: float) -> int:
        reached = added_up(here)
        return in_turn[bisect_right(reached, uniform * reached[-1])]

    return another


def _first_of_each(world: Simulation, kind: int, rate: YearlyRate, rows: slice) -> Iterable[tuple[int, float, float]]:
    """Rows of the offenders to whom something happens at a rate within the horizon; the first dates on which, and luck.

    A date is the midnight after the rate is used up.
    """
    if not rate.per_day.any():
        return []
    offenders = world.offenders[rows]
    luck = streams.uniforms_of_many(
        world.world.seed, world.world.replication, kind, offenders["origin"], offenders["serial"]
    )
    dates = np.ceil(rate.used_up(np.maximum(offenders["registered"], 0.0), -np.log(luck[0])))
    within = np.flatnonzero((dates < world.end) & (dates < offenders["leaves"]))
    numbers = within + (rows.start or 0)
    return zip(numbers.tolist(), dates[within].tolist(), luck[1, within].tolist(), strict=True)


def _next_date(world: Simulation, kind: int, row: int, nth: int, rate: YearlyRate) -> tuple[float, float]:
    """When something happens to one offender for the nth time after the first, and the luck that goes with it."""
    origin, serial = int(world.offenders["origin"][row]), int(world.offenders["serial"][row])
    until, what, _, _ = world.luck(kind, origin, serial, nth)
    time = rate.used_up_once(world.now, -math.log(until))
    return math.ceil(time) if time < NEVER else NEVER, what
