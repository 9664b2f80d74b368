"""The force as a whole: its working days, levers, audits, supervisors and the surge team."""

from __future__ import annotations

import math
from bisect import bisect_left

from sim.model.codes import DAYS_PER_WEEK, HOURS_PER_DAY
from sim.model.kernel import checks
from sim.model.processes.offenders import custody
from sim.model.simulation import Process, Simulation
from sim.scenario import Scenario

_DAYS_AT_ONCE = 20
"""The most, so that an interrupt from the keyboard is noticed, and the event log grows in time."""


def working_days(simulation: Simulation) -> Process:
    """One event for all days worked until the next event; the shift does the work and returns what follows later."""
    days, shift_start = simulation.inputs.days_worked, simulation.scenario.calendar.shift_start_hour / HOURS_PER_DAY
    begins = (days + shift_start).tolist()
    yield 0.0  # investigations begin before the first shift
    number = 0
    while number < len(days):
        yield begins[number] - simulation.env.now
        beyond = max(number + 1, min(bisect_left(begins, simulation.env.peek()), number + _DAYS_AT_ONCE))
        done, followups = simulation.work(days[number:beyond], simulation.away[number:beyond])
        number += done
        for time, in_custody, offender in followups:
            simulation.start(custody(simulation, offender, time, in_custody))


def levers(simulation: Simulation) -> Process:
    """From its date on, each lever's values hold."""
    for regime in simulation.inputs.regimes[1:]:
        yield regime.day - simulation.env.now
        simulation.adopt(regime)


def begin_checks(simulation: Simulation) -> None:
    """Audits of the register, which find every lost record, and the checks of supervisors."""

    def audit() -> None:
        simulation.do(checks.audit, simulation.today())

    simulation.every(lambda scenario: scenario.records.audit_interval_days, audit)
    if any(_checks_per_week(regime.scenario) > 0 for regime in simulation.inputs.regimes):
        simulation.put_in_turn()
        simulation.start(supervision(simulation))


def supervision(simulation: Simulation) -> Process:
    """Every week the supervisors of each team check as many plans and records as their hours allow."""
    begun = 0.0
    while True:
        yield DAYS_PER_WEEK
        begun += _checks_per_week(simulation.in_force)
        whole = math.floor(begun)
        begun -= whole
        if whole:
            for team in range(len(simulation.teams)):
                simulation.do(checks.check_records, team, whole, simulation.today())


def _checks_per_week(scenario: Scenario) -> float:
    """Plans and records that the supervisors of a team check in a week."""
    supervisors = scenario.supervisors
    return supervisors.per_team * supervisors.hours_per_week / supervisors.check_hours


def surge(simulation: Simulation) -> Process:
    """The surge team, if there is one, works from its first day to its last."""
    section, start = simulation.scenario.surge, simulation.scenario.start
    if not section.officers:
        return
    first = (section.from_ - start).days if section.from_ else 0
    beyond = (section.to - start).days + 1 if section.to else simulation.scenario.horizon_days
    yield max(first, 0)
    simulation.staff.surge_team(True)
    yield max(beyond - simulation.env.now, 0)
    simulation.staff.surge_team(False)
