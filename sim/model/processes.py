"""What happens at its own time, as SimPy processes: days, levers, sickness, custody."""

from __future__ import annotations

import math
from collections.abc import Generator

from simpy import Event

from sim.model.compiled import streams
from sim.model.compiled.draws import draw
from sim.model.exposure import YearlyRate
from sim.model.state import COMMUNITY, CUSTODY, HOURS_PER_DAY, NEVER
from sim.model.world import World

Process = Generator[Event, object, None]


def begin(world: World) -> None:
    """Start every process of a replication. Levers come first, so that on its date a lever acts before the shift."""
    world.env.process(levers(world))
    spells = world.plan.rate(lambda scenario: scenario.officers.sickness.spells_per_year)
    if spells.per_day.any():
        for officer in range(len(world.officers)):
            world.env.process(sickness(world, officer, spells))
    world.env.process(audits(world))
    world.env.process(working_days(world))


def working_days(world: World) -> Process:
    """One event for each day worked; the compiled shift does the rest and hands back what follows."""
    shift_start = world.scenario.calendar.shift_start_hour / HOURS_PER_DAY
    for day, away in zip(world.plan.days_worked.tolist(), world.away, strict=True):
        yield world.env.timeout(day + shift_start - world.env.now)
        for followup in world.work(day, away):
            world.env.process(custody(world, int(followup.offender), float(followup.time), float(followup.days)))


def levers(world: World) -> Process:
    """From its date on, each lever's values hold."""
    for epoch in world.plan.epochs[1:]:
        yield world.env.timeout(epoch.day - world.env.now)
        world.adopt(epoch)


def sickness(world: World, row: int, spells: YearlyRate) -> Process:
    """An officer falls sick at a rate while well, and is away for some days each time."""
    officer = world.officers[row]
    while True:
        of_onset, of_length, _, _ = streams.uniforms(
            world.world.seed, world.world.replication, streams.SICKNESS, officer.origin, officer.serial, officer.spells
        )
        officer.spells += 1
        onset = float(spells.used_up(world.env.now, -math.log(of_onset)))
        if onset == NEVER:
            return
        yield world.env.timeout(onset - world.env.now)
        officer.absent += 1
        yield world.env.timeout(draw(world.policy.sickness_days, of_length))
        officer.absent -= 1


def custody(world: World, row: int, time: float, days: float) -> Process:
    """From the end of an enquiry an offender is in custody, and then back in the community."""
    yield world.env.timeout(max(time - world.env.now, 0.0))
    if world.offenders[row].state != COMMUNITY:
        return
    world.take_into_custody(row)
    yield world.env.timeout(days)
    if world.offenders[row].state == CUSTODY:
        world.return_to_community(row)


def audits(world: World) -> Process:
    """Every so often an audit of the register finds the records that have no next due date."""
    last = 0.0
    while True:
        # A lever may change the interval at any time: look again when it does.
        due = last + world.stage.records.audit_interval_days
        changes = [epoch.day for epoch in world.plan.epochs if epoch.day > world.env.now]
        until = min([due, *changes])
        if until == NEVER:
            return
        yield world.env.timeout(max(until - world.env.now, 0.0))
        if last + world.stage.records.audit_interval_days <= world.env.now:
            world.audit()
            last = world.env.now
