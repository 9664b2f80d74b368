"""Who holds which offenders: caseloads as rows of a table, with the time each offender next needs someone.

`caseload_rows[desk, slot]` is an offender's row; `caseload_wakes[desk, slot]` is the earliest time at which
anything can be done for that offender. A shift reads the short, contiguous row of wakes and touches an
offender only when there may be work.
"""

from __future__ import annotations

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
from sim.model.compiled import compiled
from sim.model.compiled.nature import live_until, next_in_life


@compiled
def wake_of(offender, policy):
    """The earliest time at which anything can be done for this offender, or may be, once intelligence has come in."""
    if offender.state != COMMUNITY:
        wake = offender.tracing_due
    elif offender.intake_due < NEVER:
        wake = min(offender.intake_due, offender.enquiry_due, offender.warrant_due)
    else:
        wake = min(
            offender.enquiry_due,
            offender.warrant_due,
            max(offender.visit_due - policy.lead_days, offender.barred_until),
            offender.review_due,
            offender.notification_due,
            offender.desk_check_due,
            offender.meeting_due,
        )
    if policy.life_is_heard_of == 1:
        wake = min(wake, next_in_life(offender))
    return max(wake, offender.busy_until)


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
def set_wake(offender, policy, desks, caseload_wakes):
    """Tell the desk when this offender next needs someone; returns that time."""
    wake = wake_of(offender, policy)
    caseload_wakes[offender.desk, offender.slot] = wake
    desk = desks[offender.desk]
    desk.wake = min(desk.wake, wake)
    return wake


@compiled
def allocate(offender, row, desk_row, policy, desks, caseload_rows, caseload_wakes):
    """Put an offender into a caseload. The offender's time so far must have been counted."""
    desk = desks[desk_row]
    offender.desk = desk_row
    offender.slot = desk.held
    caseload_rows[desk_row, desk.held] = row
    desk.held += 1
    desk.held_by_risk[offender.risk] += 1
    set_wake(offender, policy, desks, caseload_wakes)


@compiled
def release(offender, offenders, desks, caseload_rows, caseload_wakes):
    """Take an offender out of a caseload; the last in the caseload moves into the gap."""
    desk_row = offender.desk
    if desk_row < 0:
        return
    desk = desks[desk_row]
    desk.held -= 1
    desk.held_by_risk[offender.risk] -= 1
    last_row = caseload_rows[desk_row, desk.held]
    caseload_rows[desk_row, offender.slot] = last_row
    caseload_wakes[desk_row, offender.slot] = caseload_wakes[desk_row, desk.held]
    offenders[last_row].slot = offender.slot
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
def has_room(desk_row, desks, caseload_rows):
    """Is there a free slot in the table for this caseload?"""
    return desks[desk_row].held < caseload_rows.shape[1]


@compiled
def deal_out(turns, policies, teams, desks, offenders, caseload_rows, caseload_wakes):
    """Give today's offenders, the first rows, to the officers whose turn it is, or to the team's common caseload.

    In a team without officers nobody gets them; a turn of -1 leaves the offender unallocated.
    """
    policy = policies[0]
    for row in range(len(turns)):
        offender = offenders[row]
        team = teams[offender.team]
        desk_row = team.first_desk + turns[row]
        if 0 <= turns[row] < team.desks and desks[desk_row].open == 1:
            allocate(offender, row, desk_row, policy, desks, caseload_rows, caseload_wakes)


@compiled
def wake_all(offenders, policies, desks, caseload_wakes):
    """Set every wake anew, after a change of policy."""
    policy = policies[0]
    for desk_row in range(len(desks)):
        desks[desk_row].wake = NEVER
    for row in range(len(offenders)):
        offender = offenders[row]
        if offender.desk >= 0:
            set_wake(offender, policy, desks, caseload_wakes)


@compiled
def most_urgent(
    desk_row, now, alone, late_only, world, policy, desks, offenders, caseload_rows, caseload_wakes, tally, log
):
    """The waiting work of a desk with the highest priority.

    Returns the offender's row (-1 if there is nothing to do), the kind of work, the earliest time at which any other
    offender of this desk may need someone, and the priority. `alone`: no colleague is free today for work that needs
    two. `late_only`: only what is overdue.
    """
    best_row = -1
    best_kind = -1
    best = -NEVER
    next_wake = NEVER
    waiting = 0
    for slot in range(desks[desk_row].held):
        wake = caseload_wakes[desk_row, slot]
        if wake > now:
            if wake < next_wake:
                next_wake = wake
            continue
        row = caseload_rows[desk_row, slot]
        offender = offenders[row]
        if next_in_life(offender) <= now:
            live_until(offender, row, now, world, policy, tally, log)
            wake = set_wake(offender, policy, desks, caseload_wakes)
            if wake > now:
                next_wake = min(next_wake, wake)
                continue
        waiting += 1
        risk = offender.risk
        for kind in range(len(WORK_KINDS)):
            due = due_for(kind, offender)
            if due - (policy.lead_days if kind == VISIT else 0.0) > now:
                continue
            if kind == VISIT and offender.barred_until > now:
                continue
            if late_only and due + world.grace > now:
                continue
            if alone and policy.crew[kind, risk] == 2:
                continue
            priority = policy.priority_base[kind, risk] + policy.priority_slope[kind, risk] * (
                now - due + policy.priority_offset[kind]
            )
            if priority > best or (priority == best and row < best_row):
                best = priority
                best_row = row
                best_kind = kind
    if waiting > (1 if best_row >= 0 else 0):
        next_wake = now
    return best_row, best_kind, next_wake, best


@compiled
def most_urgent_of_team(team, now, alone, world, policy, desks, offenders, caseload_rows, caseload_wakes, tally, log):
    """The most urgent overdue work in all caseloads of a team: the offender's row or -1, and its kind."""
    best_row = -1
    best_kind = -1
    best = -NEVER
    for desk_row in range(team.first_desk, team.first_desk + team.desks):
        if desks[desk_row].wake > now:
            continue
        row, kind, _, priority = most_urgent(
            desk_row, now, alone, True, world, policy, desks, offenders, caseload_rows, caseload_wakes, tally, log
        )
        if row >= 0 and (priority > best or (priority == best and row < best_row)):
            best_row = row
            best_kind = kind
            best = priority
    return best_row, best_kind
