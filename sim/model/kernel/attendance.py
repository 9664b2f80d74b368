"""Who is on shift and until when, what becomes of every hour not worked on an offender, and officers in post."""

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
    OFFICERS_IN_POST,
    RISKS,
    UNTRAINED_OFFICERS,
    VACANT_POSTS,
)
from sim.model.kernel.compiling import boolean, compiled, entry_point, f8, inlined, pasted
from sim.model.kernel.count import add_spell, observations_of_team


@pasted
def begin_shift(today, team, away, hours, policy, tables):
    """Put the officers of a team who are here on shift, less the time off in lieu they have earned.

    Returns how many of them stand in `on_shift`, and whether they depend on each other: on a colleague for work that
    needs two, or on what others have taken from a common caseload. An officer who takes time off in lieu for
    the whole shift is not here.
    """
    officers, on_shift, queues = tables.officers, tables.on_shift, tables.queues
    here = np.uint64(0)
    dependent = tables.clocks[0].crews_of_two == 1
    start = today + policy.shift_start
    shift_hours, contracted_hours = policy.shift_hours, policy.contracted_hours
    overtime = policy.overtime_hours / HOURS_PER_DAY
    all_contracted = other_duties = available = toil_taken = 0.0
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
        toil = officer.toil_hours
        other_duties += contracted - free_for_caseload
        available += free_for_caseload
        toil_taken += min(toil, free_for_caseload)
        officer.toil_hours = max(toil - free_for_caseload, 0.0)
        officer.free_at = start + toil / HOURS_PER_DAY
        officer.shift_end = shift_end
        officer.overtime_end = shift_end + overtime
        first_decision_at = officer.free_at
        if officer.caseload < 0:
            dependent = True
        else:
            first_decision_at = max(first_decision_at, queues[officer.caseload, 0].ready_at)
            if tables.caseloads[officer.caseload].officer < 0:
                dependent = True
        tables.next_decision_at[row] = first_decision_at if first_decision_at < shift_end else NEVER
        on_shift[here] = row  # without a branch: how much toil each has no processor would guess
        here += np.uint64(toil < free_for_caseload)
    hours[HOURS_CONTRACTED] += all_contracted
    hours[HOURS_OTHER_DUTIES] += other_duties
    hours[HOURS_AVAILABLE] += available
    hours[HOURS_TOIL_TAKEN] += toil_taken
    return here, dependent


@compiled
def _fall_due(officer, planned):
    """Days of leave, court or abstraction fall due today; `planned`: bits of `codes.ABSENCES`."""
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


@pasted
def end_shift(here, hours, policy, tables):
    """Book idle ends of the shift, and what was worked beyond it: overtime as far as it goes, the rest is toil.

    What would be worked after the horizon does not count.
    """
    idle, horizon = 0.0, tables.clocks[0].end
    for turn in range(here):
        officer = tables.officers[tables.on_shift[turn]]
        idle += idle_hours(officer, officer.shift_end)
        if officer.free_at > officer.shift_end:
            beyond_shift = (min(officer.free_at, max(horizon, officer.shift_end)) - officer.shift_end) * HOURS_PER_DAY
            overtime = min(beyond_shift, policy.overtime_hours)
            officer.toil_hours = beyond_shift - overtime
            hours[HOURS_OVERTIME] += overtime
            hours[HOURS_TOIL_EARNED] += officer.toil_hours
    hours[HOURS_IDLE] += idle


@entry_point(f8, f8, boolean[::1])
def count_staff(since, time, is_surge, tables):
    """Book the officers in post and untrained, and posts vacant, since the last change, without the surge team.

    What lasts to the horizon is open.
    """
    clock, tally, officers = tables.clocks[0], tables.tally, tables.officers
    until = time if time < clock.end else NEVER
    in_post = vacant = untrained = of_team = 0.0
    for row in range(len(officers)):
        officer = officers[row]
        if officer.in_post == 0:
            vacant += officer.post
        else:
            of_team += not is_surge[row]
            untrained += officer.trained == 0
        if row + 1 == len(officers) or officers[row + 1].team != officer.team:
            in_post += of_team
            if clock.by_team == 1:
                at = observations_of_team(officer.team, clock)
                add_spell(OFFICERS_IN_POST, np.int64(officer.team % RISKS), since, until, of_team, at, clock, tally)
            of_team = 0.0
    add_spell(OFFICERS_IN_POST, 0, since, until, in_post, 0, clock, tally)
    add_spell(VACANT_POSTS, 0, since, until, vacant, 0, clock, tally)
    add_spell(UNTRAINED_OFFICERS, 0, since, until, untrained, 0, clock, tally)
