"""Who holds which offenders: caseloads as rows of a table, with the time each offender next needs someone.

`caseload_wakes[desk, slot]` is the earliest time at which anything can be done for an offender, and
`caseload_slots[desk, slot]` says who it is and what will be due then. A shift reads the short, contiguous row of
wakes, compares what the slots say, and touches an offender only when more than one kind of work may be due.
"""

from __future__ import annotations

import numpy as np

from sim.model.codes import (
    COMMUNITY,
    DESK_CHECK,
    ENQUIRY,
    INTAKE,
    NEVER,
    NOTIFICATION,
    REVIEW,
    RISKS,
    TRACING,
    VISIT,
    WARRANT,
    WORK_KINDS,
)
from sim.model.compiled import compiled, inlined
from sim.model.compiled.nature import live_until


@compiled
def due_for(kind, offender):
    """When a kind of work is due for an offender: intake comes before the routine, and the missing are only traced."""
    if kind == TRACING:
        return offender.tracing_due
    if offender.state != COMMUNITY:
        return NEVER
    if kind == INTAKE:
        return offender.intake_due
    if kind == ENQUIRY:
        return offender.enquiry_due
    if kind == WARRANT:
        return offender.warrant_due
    if offender.intake_due < NEVER:
        return NEVER
    if kind == VISIT:
        return offender.visit_due
    if kind == REVIEW:
        return offender.review_due
    if kind == NOTIFICATION:
        return offender.notification_due
    if kind == DESK_CHECK:
        return offender.desk_check_due
    return offender.meeting_due


@compiled
def start_of(kind, offender, policy):
    """From when on a kind of work can be done for an offender."""
    due = due_for(kind, offender)
    return max(due - policy.lead_days, offender.barred_until) if kind == VISIT else due


@inlined
def set_wake(offender, policy, desks, caseload_slots, caseload_wakes):
    """Tell the desk when this offender next needs someone, and for what; returns that time."""
    first = second = NEVER
    first_kind = 0
    for kind in range(len(WORK_KINDS)):
        start = start_of(kind, offender, policy)
        if start < first:
            second = first
            first = start
            first_kind = kind
        elif start < second:
            second = start
    alive = offender.next_in_life
    wake = max(min(first, alive) if policy.life_is_heard_of == 1 else first, offender.busy_until)
    slot = caseload_slots[offender.desk, offender.slot]
    slot.kind = first_kind
    slot.risk = offender.risk
    slot.due = due_for(first_kind, offender)
    slot.nothing_else_until = min(second, alive)
    caseload_wakes[offender.desk, offender.slot] = wake
    desk = desks[offender.desk]
    desk.wake = min(desk.wake, wake)
    return wake


@compiled
def allocate(offender, row, desk_row, policy, desks, caseload_slots, caseload_wakes):
    """Put an offender into a caseload. The offender's time so far must have been counted."""
    desk = desks[desk_row]
    offender.desk = desk_row
    offender.slot = desk.held
    caseload_slots[desk_row, desk.held].row = row
    desk.held += 1
    desk.held_by_risk[offender.risk] += 1
    set_wake(offender, policy, desks, caseload_slots, caseload_wakes)


@compiled
def release(offender, offenders, desks, caseload_slots, caseload_wakes):
    """Take an offender out of a caseload; the last in the caseload moves into the gap."""
    desk_row = offender.desk
    if desk_row < 0:
        return
    desk = desks[desk_row]
    desk.held -= 1
    desk.held_by_risk[offender.risk] -= 1
    caseload_slots[desk_row, offender.slot] = caseload_slots[desk_row, desk.held]
    caseload_wakes[desk_row, offender.slot] = caseload_wakes[desk_row, desk.held]
    offenders[caseload_slots[desk_row, offender.slot].row].slot = offender.slot
    offender.desk = -1


@compiled
def workload_of(desk, policy):
    """A caseload's size, each offender weighted by recorded risk, for the hours its officer works."""
    workload = 0.0
    for risk in range(RISKS):
        workload += desk.held_by_risk[risk] * policy.workload_weights[risk]
    return workload / desk.hours_share


@compiled
def smallest_caseload(team, policy, desks):
    """The open caseload of the team with the lowest workload, the first of equals; or -1."""
    best = -1
    lowest = NEVER
    for desk_row in range(team.first_desk, team.first_desk + team.desks):
        desk = desks[desk_row]
        if desk.open == 1:
            workload = workload_of(desk, policy)
            if workload < lowest:
                lowest = workload
                best = desk_row
    return best


@compiled
def officer_of(desk_row, desks):
    """Whose caseload it is; -1 for a team's common one, or none at all."""
    return desks[desk_row].officer if desk_row >= 0 else -1


@compiled
def has_room(desk_row, desks, caseload_slots):
    """Is there a free slot in the table for this caseload?"""
    return desks[desk_row].held < caseload_slots.shape[1]


@compiled
def deal_out(turns, policies, teams, desks, offenders, caseload_slots, caseload_wakes):
    """Give today's offenders, the first rows, to the officers whose turn it is, or to the team's common caseload.

    In a team without officers nobody gets them; a turn of -1 leaves the offender unallocated.
    """
    policy = policies[0]
    for row in range(len(turns)):
        offender = offenders[row]
        team = teams[offender.team]
        desk_row = team.first_desk + turns[row]
        if 0 <= turns[row] < team.desks and desks[desk_row].open == 1:
            allocate(offender, row, desk_row, policy, desks, caseload_slots, caseload_wakes)


@compiled
def wake_all(offenders, policies, desks, caseload_slots, caseload_wakes):
    """Set every wake anew, after a change of policy."""
    policy = policies[0]
    for desk_row in range(len(desks)):
        desks[desk_row].wake = NEVER
    for row in range(len(offenders)):
        offender = offenders[row]
        if offender.desk >= 0:
            set_wake(offender, policy, desks, caseload_slots, caseload_wakes)


@inlined
def _priority(kind, risk, due, now, alone, late_only, world, policy):
    """How urgent work is that can be done now; below everything if it must wait for a colleague or until it is late."""
    if (late_only and due + world.grace > now) or (alone and policy.crew[kind, risk] == 2):
        return -NEVER
    return policy.priority_base[kind, risk] + policy.priority_slope[kind, risk] * (
        now - due + policy.priority_offset[kind]
    )


@compiled
def _most_urgent_of(offender, now, alone, late_only, world, policy):
    """What is most urgent of all that is due for one offender: its priority and kind."""
    best, best_kind = -NEVER, -1
    for kind in range(len(WORK_KINDS)):
        if start_of(kind, offender, policy) <= now:
            due = due_for(kind, offender)
            priority = _priority(kind, offender.risk, due, now, alone, late_only, world, policy)
            if priority > best:
                best, best_kind = priority, kind
    return best, best_kind


@inlined
def _find_waiting(wakes, now, waiting_slots):
    """Write down the slots of a caseload whose offenders need someone by now; returns how many, and the next wake.

    Without a branch, which a processor would guess wrong at every find; and it counts without a sign, as an index that
    may be negative takes longer to look up.
    """
    found = np.uint64(0)
    next_wake = NEVER
    for place in range(len(wakes)):
        wake = wakes[place]
        waits = wake <= now
        waiting_slots[found] = place
        found += np.uint64(waits)
        next_wake = min(next_wake, NEVER if waits else wake)
    return found, next_wake


@inlined
def most_urgent(
    desk_row,
    now,
    alone,
    late_only,
    world,
    policy,
    desks,
    offenders,
    caseload_slots,
    caseload_wakes,
    waiting_slots,
    tally,
    log,
):
    """The waiting work of a desk with the highest priority.

    Returns the offender's row (-1 if there is nothing to do), the kind of work, the earliest time at which any other
    offender of this desk may need someone, and the priority. `alone`: no colleague is free today for work that needs
    two. `late_only`: only what is overdue.
    """
    best_row = -1
    best_kind = -1
    best = -NEVER
    waiting = 0
    wakes = caseload_wakes[desk_row, : desks[desk_row].held]
    found, next_wake = _find_waiting(wakes, now, waiting_slots)
    for number in range(found):
        slot = caseload_slots[desk_row, waiting_slots[number]]
        row = slot.row
        kind = np.int64(slot.kind)
        if now < slot.nothing_else_until:
            priority = _priority(kind, slot.risk, slot.due, now, alone, late_only, world, policy)
        else:
            offender = offenders[row]
            if offender.next_in_life <= now:
                live_until(offender, row, now, world, policy, tally, log)
                wake = set_wake(offender, policy, desks, caseload_slots, caseload_wakes)
                if wake > now:
                    next_wake = min(next_wake, wake)
                    continue
            priority, kind = _most_urgent_of(offender, now, alone, late_only, world, policy)
        waiting += 1
        if priority > best or (priority == best and row < best_row):
            best = priority
            best_row = row
            best_kind = kind
    if waiting > (1 if best_row >= 0 else 0):
        next_wake = now
    return best_row, best_kind, next_wake, best


@compiled
def most_urgent_of_team(
    team, now, alone, world, policy, desks, offenders, caseload_slots, caseload_wakes, waiting_slots, tally, log
):
    """The most urgent overdue work in all caseloads of a team: the offender's row or -1, and its kind."""
    best_row = -1
    best_kind = -1
    best = -NEVER
    for desk_row in range(team.first_desk, team.first_desk + team.desks):
        if desks[desk_row].wake > now:
            continue
        row, kind, _, priority = most_urgent(
            desk_row,
            now,
            alone,
            True,
            world,
            policy,
            desks,
            offenders,
            caseload_slots,
            caseload_wakes,
            waiting_slots,
            tally,
            log,
        )
        if row >= 0 and (priority > best or (priority == best and row < best_row)):
            best_row = row
            best_kind = kind
            best = priority
    return best_row, best_kind
