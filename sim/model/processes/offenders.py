"""Offenders: custody and release, recalls, and moves from one team's area to another's."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Callable

import numpy as np

from sim.model.codes import NEVER, NONE, RECALLED
from sim.model.compiled import moves, streams
from sim.model.exposure import YearlyRate
from sim.model.policy import drawn
from sim.model.world import Process, World

EVERYBODY = slice(None)


def custody(world: World, row: int, time: float, days: float, why: int = NONE) -> Process:
    """From a time on an offender is in custody for some days, and then back in the community."""
    yield world.env.timeout(max(time - world.env.now, 0.0))
    if world.do(moves.take_into_custody, row, world.today(), why):
        yield world.env.timeout(days)
        now = world.today()
        world.make_room()
        world.do(moves.return_to_community, row, now)


def begin_recalls(world: World, rows: slice = EVERYBODY) -> None:
    """Offenders are recalled to custody at a rate, whatever the police do."""
    rate = world.plan.rate(lambda scenario: scenario.register.recalls_per_year)
    for row, time in _first_of_each(world, streams.RECALL, rate, rows):
        world.env.process(recalls(world, row, time, rate))


def recalls(world: World, row: int, time: float, rate: YearlyRate) -> Process:
    """One offender is recalled, released, and perhaps recalled again."""
    for nth in itertools.count(1):
        yield world.env.timeout(time - world.env.now)
        _, of_days = _luck(world, streams.RECALL, row, nth - 1)
        days = drawn(world.stage.register.recall_days, of_days)
        yield world.env.process(custody(world, row, world.now, days, RECALLED))
        until, _ = _luck(world, streams.RECALL, row, nth)
        time = _date_after(rate.used_up_once(world.now, -math.log(until)))
        if time >= world.world.end:
            return


def begin_moves(world: World, rows: slice = EVERYBODY) -> None:
    """Offenders move into the area of another team at a rate."""
    if len(world.teams) < 2:
        return
    rate = world.plan.rate(lambda scenario: scenario.register.moves_between_teams_per_year)
    draw_of_teams = _teams_by_offenders(world)
    for row, time in _first_of_each(world, streams.MOVE, rate, rows):
        world.env.process(moves_between_teams(world, row, time, rate, draw_of_teams))


def moves_between_teams(
    world: World, row: int, time: float, rate: YearlyRate, another_team: Callable[[int, float], int]
) -> Process:
    """One offender moves, and perhaps again; `another_team`: to which team, by that of today and a uniform."""
    for nth in itertools.count(1):
        yield world.env.timeout(time - world.env.now)
        _, of_team = _luck(world, streams.MOVE, row, nth - 1)
        now = world.today()
        world.make_room()
        world.do(moves.move_team, row, another_team(int(world.offenders["team"][row]), of_team), now)
        until, _ = _luck(world, streams.MOVE, row, nth)
        time = _date_after(rate.used_up_once(world.now, -math.log(until)))
        if time >= world.world.end:
            return


def _teams_by_offenders(world: World) -> Callable[[int, float], int]:
    """Draws another team than the one of today: the more offenders it has on the first day, the likelier."""
    names = [team.name for team in world.scenario.teams]
    in_turn = sorted(range(len(names)), key=names.__getitem__)  # their order in the file must not matter
    offenders = [world.headcounts[team][1] or 1 for team in in_turn]

    def another(here: int, uniform: float) -> int:
        weights = [0 if team == here else weight for team, weight in zip(in_turn, offenders, strict=True)]
        reached = list(itertools.accumulate(weights))
        return in_turn[bisect_right(reached, uniform * reached[-1])]

    return another


def _date_after(time: float) -> float:
    """The midnight after a time, or NEVER."""
    return math.ceil(time) if time < NEVER else NEVER


def _first_of_each(world: World, kind: int, rate: YearlyRate, rows: slice) -> list[tuple[int, float]]:
    """Rows of the offenders to whom something happens at a rate within the horizon, and the first dates on which."""
    if not rate.per_day.any():
        return []
    offenders = world.offenders[rows]
    luck = np.empty((len(offenders), 4))
    streams.fill_uniforms(
        world.world.seed, world.world.replication, kind, offenders["origin"], offenders["serial"], 0, luck
    )
    dates = np.ceil(rate.used_up(np.maximum(offenders["registered"], 0.0), -np.log(luck[:, 0])))
    within = np.flatnonzero((dates < world.world.end) & (dates < offenders["leaves"]))
    return [(int(row) + (rows.start or 0), float(dates[row])) for row in within]


def _luck(world: World, kind: int, row: int, nth: int) -> tuple[float, float]:
    """Two uniforms for the nth decision of a kind by one offender."""
    origin, serial = int(world.offenders["origin"][row]), int(world.offenders["serial"][row])
    first, second, _, _ = world.luck(kind, origin, serial, nth)
    return first, second
