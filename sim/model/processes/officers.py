"""The officers: sickness, who leaves a post and who comes after, and the course that trains them."""

from __future__ import annotations

import itertools
import math

import numpy as np

from sim.model.codes import (
    DAYS_PER_YEAR,
    NEVER,
    NONE,
    OFFICER_AWAY,
    OFFICER_BACK,
    OFFICER_JOINED,
    OFFICER_LEFT,
    OFFICER_TRAINED,
    ON_COURSE,
    SICK,
)
from sim.model.exposure import YearlyRate
from sim.model.kernel import cover, streams
from sim.model.policy import drawn
from sim.model.processes.pacing import every
from sim.model.world import Process, Simulation
from sim.scenario import Scenario


def tell(world: Simulation, kind: int, row: int, why: int = NONE) -> None:
    """Write into the log what happens to the officer of a post, if there is such a post today."""
    if len(world.log) and world.officers["post"][row]:
        world.tell_officer(kind, row, why)


def cover_caseload(world: Simulation, row: int, gone: bool) -> None:
    """The officer of a post is away for long, or gone: the scenario's rule says what happens to the caseload."""
    if world.own and world.officers["post"][row]:
        world.reallocate(cover.cover, int(world.officers["desk"][row]), gone, world.today())


def uncover_caseload(world: Simulation, row: int) -> None:
    """The officer is back, or a successor has come."""
    if world.own and world.officers["post"][row]:
        world.reallocate(cover.uncover, int(world.officers["desk"][row]), world.today())


# --- sickness -----------------------------------------------------------------------------------------------------


def begin_sickness(world: Simulation) -> None:
    """Officers fall sick, if they ever do in this scenario."""
    spells = world.plan.rate(lambda scenario: scenario.officers.sickness.spells_per_year)
    if spells.per_day.any():
        for officer in np.flatnonzero(~world.staff.is_surge).tolist():
            world.start(sickness(world, officer, spells))


def sickness(world: Simulation, row: int, spells: YearlyRate) -> Process:
    """An officer falls sick at a rate while well, and is away for some days each time."""
    officers, staff = world.officers, world.staff
    origin, serial = int(officers["origin"][row]), int(officers["serial"][row])
    for nth in itertools.count():
        of_onset, of_length, _, _ = world.luck(streams.SICKNESS, origin, serial, nth)
        onset = spells.used_up_once(world.now, -math.log(of_onset))
        if onset >= world.end:
            return
        yield onset - world.env.now
        length = drawn(world.stage.officers.sickness.days, of_length)
        covered_after = world.stage.caseload.cover.after_days
        if not officers["in_post"][row]:
            yield length
            continue
        holder = int(officers["holder"][row])
        officers["absent"][row] += 1
        tell(world, OFFICER_AWAY, row, SICK)
        yield min(length, covered_after)
        if length > covered_after:
            if staff.holds(row, holder):
                staff.long_away[row] = True
                cover_caseload(world, row, False)
            yield length - covered_after
        if staff.holds(row, holder):
            officers["absent"][row] -= 1
            tell(world, OFFICER_BACK, row, SICK)
            if staff.long_away[row]:
                staff.long_away[row] = False
                uncover_caseload(world, row)


# --- posts --------------------------------------------------------------------------------------------------------


def begin_posts(world: Simulation) -> None:
    """Officers leave, and successors come, in the posts of the first day and in those that levers add.

    Posts that are vacant on the first day are being recruited for.
    """
    turnover = world.scenario.turnover
    rates = [regime.scenario.turnover.leaving_per_year.model_dump().values() for regime in world.plan.regimes]
    if not turnover.vacant_at_start and not any(max(bands) > 0 for bands in rates):
        return
    for row in world.staff.new_posts():
        *_, of_vacancy, of_progress = world.staff.of_post[:, row]
        if of_vacancy < turnover.vacant_at_start:
            leave(world, row)
            days = recruitment_days(world, row) * (1.0 - of_progress)
            world.start(post(world, row, days_vacant=days))
        else:
            world.start(post(world, row, began=float(world.staff.began[row])))

    def begin_new() -> None:
        for row in world.staff.new_posts():
            world.start(post(world, row, began=world.now))

    world.after_lever.append(begin_new)


def post(world: Simulation, row: int, began: float = 0.0, days_vacant: float | None = None) -> Process:
    """A post: an officer leaves in time, it is vacant until a successor comes, and so on.

    `began`: when the officer of today did. `days_vacant`: of a post that is vacant, how much longer.
    """
    while True:
        if days_vacant is None:
            leaves = leaving_rate(world, began).used_up_once(world.now, -math.log(world.staff.of_holder[0, row]))
            if leaves >= world.end:
                return
            yield leaves - world.env.now
            leave(world, row)
            days_vacant = recruitment_days(world, row)
        if days_vacant == NEVER:
            return
        yield days_vacant
        days_vacant = None
        join(world, row)
        began = world.now


def leave(world: Simulation, row: int) -> None:
    """The officer in a post leaves now; the caseload is covered."""
    world.count_staff()
    world.staff.leave(row)
    tell(world, OFFICER_LEFT, row)
    cover_caseload(world, row, True)


def join(world: Simulation, row: int) -> None:
    """A successor begins in a vacant post now, and gets the caseload that waits."""
    world.count_staff()
    world.staff.join(row, world.stage, world.now)
    world.desks["hours_share"][world.officers["desk"][row]] = world.officers["hours_share"][row] if world.own else 1.0
    tell(world, OFFICER_JOINED, row)
    uncover_caseload(world, row)


def recruitment_days(world: Simulation, row: int) -> float:
    """How long the post stays vacant after its present or last holder."""
    return drawn(world.stage.turnover.recruitment_days, world.staff.of_holder[1, row])


def leaving_rate(world: Simulation, began: float) -> YearlyRate:
    """Rate of leaving over time of an officer who began on a day: by service, and as levers change it."""
    bounds = [began + 2 * DAYS_PER_YEAR, began + 5 * DAYS_PER_YEAR]
    starts = sorted({0.0, *(float(regime.day) for regime in world.plan.regimes), *(day for day in bounds if day > 0)})
    rates = []
    for start in starts:
        leaving = [e for e in world.plan.regimes if e.day <= start][-1].scenario.turnover.leaving_per_year
        bands = (leaving.under_2_years, leaving.from_2_to_5_years, leaving.over_5_years)
        rates.append(bands[sum(start >= bound for bound in bounds)])
    return YearlyRate(starts, rates)


# --- the course ---------------------------------------------------------------------------------------------------


def begin_courses(world: Simulation) -> None:
    """Courses on dates: those who have waited longest take the seats."""
    world.start(every(world, _course_interval, lambda: _hold_course(world)))


def _course_interval(scenario: Scenario) -> float:
    return scenario.officers.courses.interval_days if scenario.officers.courses.seats else NEVER


def _hold_course(world: Simulation) -> None:
    courses = world.stage.officers.courses
    for row in world.staff.longest_waiting(courses.seats):
        world.start(course(world, row, courses.days))


def course(world: Simulation, row: int, days: float) -> Process:
    """An officer is away on the course and comes back trained."""
    holder = int(world.officers[row].holder)
    world.officers["on_course"][row] = 1
    tell(world, OFFICER_AWAY, row, ON_COURSE)
    yield days
    if world.staff.holds(row, holder):
        world.count_staff()
        world.officers["on_course"][row] = 0
        world.staff.taught(row)
        tell(world, OFFICER_TRAINED, row)
