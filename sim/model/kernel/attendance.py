"""Who is on shift and until when, and what becomes of every hour that nobody works on an offender."""

from __future__ import annotations

import numpy as np

from sim.model.codes import (
    ABSENCES,
    HOURS_AVAILABLE,
    HOURS_CONTRACTED,
    HOURS_COURSE,
    HOURS_IDLE,
    HOURS_LEAVE,
    HOURS_OTHER_DUTIES,
    HOURS_OVERTIME,
    HOURS_PER_DAY,
    HOURS_SICK,
    HOURS_TOIL_EARNED,
    HOURS_TOIL_TAKEN,
    HOURS_VACANT,
    NEVER,
)
from sim.model.kernel import compiled, inlined


@inlined
def begin_shift(today, team, clock, policy, officers, next_decision_at, on_shift, caseloads, queues, away, hours):
    """Put the officers of a team who are here on shift, less the hours they are owed.

    Returns how many of them stand in `on_shift`, and whether they depend on each other: on a colleague for work that
    needs two, or on what others have taken from a common caseload. Whoever is owed the whole shift is not here.
    """
    here = np.uint64(0)
    dependent = clock.crews_of_two == 1
    start = today + policy.shift_start
    shift_hours, contracted_hours = policy.shift_hours, policy.contracted_hours
    overtime = policy.overtime_hours / HOURS_PER_DAY
    all_contracted = other_duties = available = repaid = 0.0
    share = contracted = free_for_caseload = shift_end = -1.0
    for row in range(team.first_officer, team.first_officer + team.officers):
        officer = officers[row]
        if officer.post == 0:
            continue
        if officer.hours_share != share:  # most officers work as long as the one before
            share = officer.hours_share
            contracted = contracted_hours * share
            free_for_caseload = shift_hours * share
            shift_end = start + free_for_caseload / HOURS_PER_DAY
        all_contracted += contracted
        if officer.in_post == 0:
            hours[HOURS_VACANT] += contracted
            continue
        if away[row] > 0:
            _fall_due(officer, away[row])
        if officer.absent > 0:
            hours[HOURS_SICK] += contracted
            continue
        if officer.on_course == 1:
            hours[HOURS_COURSE] += contracted
            continue
        if officer.any_days_due > 0:
            hours[HOURS_LEAVE + _take_a_day(officer)] += contracted
            continue
        owed = officer.toil_hours
        other_duties += contracted - free_for_caseload
        available += free_for_caseload
        repaid += min(owed, free_for_caseload)
        officer.toil_hours = max(owed - free_for_caseload, 0.0)
        officer.free_at = start + owed / HOURS_PER_DAY
        officer.shift_end = shift_end
        officer.overtime_end = shift_end + overtime
        first_look = officer.free_at
        if officer.caseload < 0:
            dependent = True
        else:
            first_look = max(first_look, queues[officer.caseload, 0].ready_at)
            if caseloads[officer.caseload].officer < 0:
                dependent = True
        next_decision_at[row] = first_look if first_look < shift_end else NEVER
        on_shift[here] = row  # without a branch: who is owed how much no processor would guess
        here += np.uint64(owed < free_for_caseload)
    hours[HOURS_CONTRACTED] += all_contracted
    hours[HOURS_OTHER_DUTIES] += other_duties
    hours[HOURS_AVAILABLE] += available
    hours[HOURS_TOIL_TAKEN] += repaid
    return here, dependent


@compiled
def _fall_due(officer, planned):
    """Days of leave, court or lending fall due today; `planned`: bits of `codes.ABSENCES`."""
    for kind in range(len(ABSENCES)):
        if planned & ABSENCES[kind]:
            officer.days_due[kind] += 1
            officer.any_days_due += 1


@compiled
def _take_a_day(officer):
    """The officer takes a day off that has fallen due: of which kind, in the order of `codes.ABSENCES`."""
    officer.any_days_due -= 1
    for kind in range(len(ABSENCES)):
        if officer.days_due[kind] > 0:
            officer.days_due[kind] -= 1
            return kind
    return 0


@inlined
def idle_hours(officer, until):
    """Hours an officer had nothing to do between the last work and a time."""
    return max(until - officer.free_at, 0.0) * HOURS_PER_DAY


@inlined
def end_shift(overtime_hours, horizon, officers, on_shift, here, hours):
    """Book idle ends of the shift, and what was worked beyond it: overtime as far as it goes, the rest is owed.

    What would be worked after the horizon is nobody's hours any more.
    """
    idle = 0.0
    for turn in range(here):
        officer = officers[on_shift[turn]]
        idle += idle_hours(officer, officer.shift_end)
        if officer.free_at > officer.shift_end:
            beyond_shift = (min(officer.free_at, max(horizon, officer.shift_end)) - officer.shift_end) * HOURS_PER_DAY
            overtime = min(beyond_shift, overtime_hours)
            officer.toil_hours = beyond_shift - overtime
            hours[HOURS_OVERTIME] += overtime
            hours[HOURS_TOIL_EARNED] += officer.toil_hours
    hours[HOURS_IDLE] += idle
