"""The officers: sickness, leaving and recruitment, and the course that trains them."""

from __future__ import annotations

import itertools
import math

import numpy as np

from sim.model import codes
from sim.model.codes import DAYS_PER_YEAR, NEVER, NONE
from sim.model.exposure import YearlyRate
from sim.model.kernel import cover, streams
from sim.model.policy import drawn
from sim.model.simulation import Process, Simulation
from sim.scenario import Scenario


def log_officer(simulation: Simulation, kind: int, row: int, why: int = NONE) -> None:
    """Write into the log what happens to the officer of a post, if there is such a post today."""
    if len(simulation.tables.log) and simulation.officers["post"][row]:
        simulation.log_officer(kind, row, why)


def cover_caseload(simulation: Simulation, row: int, gone: bool) -> None:
    """The officer of a post is away for long, or gone: the scenario's rule says what happens to the caseload."""
    if simulation.own and simulation.officers["post"][row]:
        simulation.reallocate(cover.cover, int(simulation.officers["caseload"][row]), gone, simulation.today())


def uncover_caseload(simulation: Simulation, row: int) -> None:
    """The officer is back, or a successor has come."""
    if simulation.own and simulation.officers["post"][row]:
        simulation.reallocate(cover.uncover, int(simulation.officers["caseload"][row]), simulation.today())


def begin_sickness(simulation: Simulation) -> None:
    """Officers fall sick, if they ever do in this scenario."""
    spells = simulation.inputs.rate(lambda scenario: scenario.officers.sickness.spells_per_year)
    if spells.per_day.any():
        for officer in np.flatnonzero(~simulation.staff.is_surge).tolist():
            simulation.start(sickness(simulation, officer, spells))


def sickness(simulation: Simulation, row: int, spells: YearlyRate) -> Process:
    """An officer falls sick at a rate while well, and is away for some days each time."""
    officers, staff = simulation.officers, simulation.staff
    stream, index = int(officers["stream"][row]), int(officers["index"][row])
    for nth in itertools.count():
        of_onset, of_length, _, _ = simulation.uniforms(streams.SICKNESS, stream, index, nth)
        onset = spells.used_up_once(simulation.now, -math.log(of_onset))
        if onset >= simulation.end:
            return
        yield onset - simulation.env.now
        length = drawn(simulation.in_force.officers.sickness.days, of_length)
        covered_after = simulation.in_force.caseload.cover.after_days
        if not officers["in_post"][row]:
            yield length
            continue
        holder = int(officers["holder"][row])
        officers["absent"][row] += 1
        log_officer(simulation, codes.OFFICER_AWAY, row, codes.SICK)
        yield min(length, covered_after)
        if length > covered_after:
            if staff.holds(row, holder):
                staff.long_away[row] = True
                cover_caseload(simulation, row, False)
            yield length - covered_after
        if staff.holds(row, holder):
            officers["absent"][row] -= 1
            log_officer(simulation, codes.OFFICER_BACK, row, codes.SICK)
            if staff.long_away[row]:
                staff.long_away[row] = False
                uncover_caseload(simulation, row)


def begin_posts(simulation: Simulation) -> None:
    """Officers leave, and successors come, in the posts of the first day and in those that levers add.

    Posts that are vacant on the first day are being recruited for.
    """
    vacant_at_start = simulation.scenario.turnover.vacant_at_start
    rates = [regime.scenario.turnover.leaving_per_year.model_dump().values() for regime in simulation.inputs.regimes]
    if not vacant_at_start and not any(max(bands) > 0 for bands in rates):
        return
    for row in simulation.staff.new_posts():
        *_, of_vacancy, of_progress = simulation.staff.of_post[:, row]
        if of_vacancy < vacant_at_start:
            leave(simulation, row)
            days = recruitment_days(simulation, row) * (1.0 - of_progress)
            simulation.start(post(simulation, row, days_vacant=days))
        else:
            simulation.start(post(simulation, row, began=float(simulation.staff.began[row])))

    def begin_new() -> None:
        for row in simulation.staff.new_posts():
            simulation.start(post(simulation, row, began=simulation.now))

    simulation.after_lever.append(begin_new)


def post(simulation: Simulation, row: int, began: float = 0.0, days_vacant: float | None = None) -> Process:
    """A post: its officer leaves, it is vacant until a successor joins, and so on.

    `began`: when the officer of today joined. `days_vacant`: how much longer a vacant post stays vacant.
    """
    while True:
        if days_vacant is None:
            exposure = -math.log(simulation.staff.of_holder[0, row])
            leaves = leaving_rate(simulation, began).used_up_once(simulation.now, exposure)
            if leaves >= simulation.end:
                return
            yield leaves - simulation.env.now
            leave(simulation, row)
            days_vacant = recruitment_days(simulation, row)
        if days_vacant == NEVER:
            return
        yield days_vacant
        days_vacant = None
        join(simulation, row)
        began = simulation.now


def leave(simulation: Simulation, row: int) -> None:
    """The officer in a post leaves now, and the caseload is covered."""
    simulation.count_staff()
    simulation.staff.leave(row)
    log_officer(simulation, codes.OFFICER_LEFT, row)
    cover_caseload(simulation, row, True)


def join(simulation: Simulation, row: int) -> None:
    """A successor joins in a vacant post now, and takes over its caseload."""
    simulation.count_staff()
    simulation.staff.join(row, simulation.in_force, simulation.now)
    hours_share = simulation.officers["hours_share"][row] if simulation.own else 1.0
    simulation.caseloads["hours_share"][simulation.officers["caseload"][row]] = hours_share
    log_officer(simulation, codes.OFFICER_JOINED, row)
    uncover_caseload(simulation, row)


def recruitment_days(simulation: Simulation, row: int) -> float:
    """How long the post stays vacant after its present or last holder."""
    return drawn(simulation.in_force.turnover.recruitment_days, simulation.staff.of_holder[1, row])


def leaving_rate(simulation: Simulation, began: float) -> YearlyRate:
    """Rate of leaving over time of an officer who began on a day: by service, and as levers change it."""
    bounds = [began + 2 * DAYS_PER_YEAR, began + 5 * DAYS_PER_YEAR]
    regimes = simulation.inputs.regimes
    starts = sorted({0.0, *(float(regime.day) for regime in regimes), *(day for day in bounds if day > 0)})
    rates = []
    for start in starts:
        regime = [regime for regime in regimes if regime.day <= start][-1]
        leaving = regime.scenario.turnover.leaving_per_year
        bands = (leaving.under_2_years, leaving.from_2_to_5_years, leaving.over_5_years)
        rates.append(bands[sum(start >= bound for bound in bounds)])
    return YearlyRate(starts, rates)


def begin_courses(simulation: Simulation) -> None:
    """Courses at intervals: the untrained officers longest in post take the seats."""

    def interval_days(scenario: Scenario) -> float:
        return scenario.officers.courses.interval_days if scenario.officers.courses.seats else NEVER

    def hold_course() -> None:
        courses = simulation.in_force.officers.courses
        for row in simulation.staff.longest_in_post_untrained(courses.seats):
            simulation.start(course(simulation, row, courses.days))

    simulation.every(interval_days, hold_course)


def course(simulation: Simulation, row: int, days: float) -> Process:
    """An officer is away on the course and returns trained."""
    holder = int(simulation.officers[row].holder)
    simulation.officers["on_course"][row] = 1
    log_officer(simulation, codes.OFFICER_AWAY, row, codes.ON_COURSE)
    yield days
    if simulation.staff.holds(row, holder):
        simulation.count_staff()
        simulation.officers["on_course"][row] = 0
        simulation.staff.taught(row)
        log_officer(simulation, codes.OFFICER_TRAINED, row)
