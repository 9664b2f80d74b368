"""The force as a whole: its working days, levers, audits, supervisors and the surge team."""

from __future__ import annotations

import math
from bisect import bisect_left

from sim.model.codes import DAYS_PER_WEEK, HOURS_PER_DAY
from sim.model.kernel import checks
from sim.model.processes.offenders import custody
from sim.model.processes.pacing import every
from sim.model.world import Process, Simulation
from sim.scenario import Scenario

_DAYS_AT_ONCE = 20
"""At most, so that a key pressed to stop is noticed, and the event log grows in time."""


def working_days(world: Simulation) -> Process:
    """One event for all days worked until something else happens; the shift does the rest and says what follows."""
    days, shift_start = world.plan.days_worked, world.scenario.calendar.shift_start_hour / HOURS_PER_DAY
    begins = (days + shift_start).tolist()
    yield 0.0  # investigations begin before the first shift
    number = 0
    while number < len(days):
        yield begins[number] - world.env.now
        beyond = max(number + 1, min(bisect_left(begins, world.env.peek()), number + _DAYS_AT_ONCE))
        done, handed_back = world.work(days[number:beyond], world.away[number:beyond])
        number += done
        for time, in_custody, offender in handed_back:
            world.start(custody(world, offender, time, in_custody))


def levers(world: Simulation) -> Process:
    """From its date on, each lever's values hold."""
    for regime in world.plan.regimes[1:]:
        yield regime.day - world.env.now
        world.adopt(regime)


def begin_checks(world: Simulation) -> None:
    """Audits of the register, and the checks of supervisors."""
    world.start(every(world, lambda stage: stage.records.audit_interval_days, lambda: audit(world)))
    if any(_checks_per_week(regime.scenario) > 0 for regime in world.plan.regimes):
        world.put_in_turn()
        world.start(supervision(world))


def audit(world: Simulation) -> None:
    """An audit of the register finds every lost record now."""
    world.do(checks.audit, world.today())


def supervision(world: Simulation) -> Process:
    """Every week the supervisors of each team check as many plans and records as their hours allow."""
    begun = 0.0
    while True:
        yield DAYS_PER_WEEK
        begun += _checks_per_week(world.stage)
        whole = math.floor(begun)
        begun -= whole
        if whole:
            for team in range(len(world.teams)):
                world.do(checks.check_records, team, whole, world.today())


def _checks_per_week(scenario: Scenario) -> float:
    """Plans and records that the supervisors of a team check in a week."""
    supervisors = scenario.supervisors
    return supervisors.per_team * supervisors.hours_per_week / supervisors.check_hours


def begin_surge(world: Simulation) -> None:
    """The surge team, if there is one."""
    if world.scenario.surge.officers:
        world.start(surge(world))


def surge(world: Simulation) -> Process:
    """The surge team works from its first day to its last."""
    scenario = world.scenario
    first = (scenario.surge.from_ - scenario.start).days if scenario.surge.from_ else 0
    beyond = (scenario.surge.to - scenario.start).days + 1 if scenario.surge.to else scenario.horizon_days
    yield max(first, 0)
    world.staff.surge_team(True)
    yield max(beyond - world.env.now, 0)
    world.staff.surge_team(False)
