"""Who holds which offenders: caseloads as rows of a table, with the time each offender next needs someone.

`caseload_rows[desk, slot]` is an offender's row; `caseload_wakes[desk, slot]` is the earliest time at which
anything can be done for that offender. A shift reads the short, contiguous row of wakes and touches an
offender only when there may be work.
"""

from __future__ import annotations

from sim.model.compiled import compiled
from sim.model.compiled.nature import live_until
from sim.model.state import COMMUNITY, INTAKE, NEVER, NOTIFICATION, REVIEW, VISIT, WORK_KINDS


@compiled
def wake_of(offender, policy):
    """The earliest time at which anything can be done for this offender; intelligence counts as something."""
    wake = min(offender.enquiry_due, offender.next_intelligence)
    if offender.intake_due < NEVER:
        wake = min(wake, offender.intake_due)
    else:
        wake = min(
            wake,
            max(offender.visit_due - policy.lead_days, offender.barred_until),
            offender.review_due,
            offender.notification_due,
        )
    return max(wake, offender.busy_until)


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
    set_wake(offender, policy, desks, caseload_wakes)


@compiled
def release(offender, offenders, desks, caseload_rows, caseload_wakes):
    """Take an offender out of a caseload; the last in the caseload moves into the gap."""
    desk_row = offender.desk
    if desk_row < 0:
        return
    desk = desks[desk_row]
    desk.held -= 1
    last_row = caseload_rows[desk_row, desk.held]
    caseload_rows[desk_row, offender.slot] = last_row
    caseload_wakes[desk_row, offender.slot] = caseload_wakes[desk_row, desk.held]
    offenders[last_row].slot = offender.slot
    offender.desk = -1


@compiled
def smallest_caseload(team, desks, officers):
    """The desk of the team with the fewest offenders whose officer is in post, the first of equals; or -1."""
    best = -1
    for desk_row in range(team.first_desk, team.first_desk + team.desks):
        desk = desks[desk_row]
        if desk.officer >= 0 and officers[desk.officer].in_post == 0:
            continue
        if best < 0 or desk.held < desks[best].held:
            best = desk_row
    return best


@compiled
def has_room(desk_row, desks, caseload_rows):
    """Is there a free slot in the table for this caseload?"""
    return desks[desk_row].held < caseload_rows.shape[1]


@compiled
def deal_out(turns, own, policies, teams, officers, desks, offenders, caseload_rows, caseload_wakes):
    """Give today's offenders, the first rows, to the officers whose turn it is, or to the team's common caseload.

    A turn of -1 leaves the offender unallocated.
    """
    policy = policies[0]
    for row in range(len(turns)):
        offender = offenders[row]
        if turns[row] < 0:
            continue
        team = teams[offender.team]
        desk_row = team.first_desk
        if own:
            in_post = 0
            for officer_row in range(team.first_officer, team.first_officer + team.officers):
                in_post += officers[officer_row].in_post
            if in_post == 0:
                continue
            desk_row += turns[row]
        allocate(offender, row, desk_row, policy, desks, caseload_rows, caseload_wakes)


@compiled
def wake_all(offenders, policies, desks, caseload_wakes):
    """Set every wake anew, after a change of policy."""
    policy = policies[0]
    for desk_row in range(len(desks)):
        desks[desk_row].wake = NEVER
    for row in range(len(offenders)):
        offender = offenders[row]
        if offender.state == COMMUNITY and offender.desk >= 0:
            set_wake(offender, policy, desks, caseload_wakes)


@compiled
def most_urgent(desk_row, now, alone, world, policy, desks, offenders, caseload_rows, caseload_wakes, tally, log):
    """The waiting work of a desk with the highest priority.

    Returns the offender's row (-1 if there is nothing to do), the kind of work, and the earliest time at which
    any other offender of this desk may need someone. `alone`: no colleague is free today for work that needs two.
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
        waiting += 1
        row = caseload_rows[desk_row, slot]
        offender = offenders[row]
        if offender.next_intelligence <= now:
            live_until(offender, row, now, world, policy, tally, log)
            set_wake(offender, policy, desks, caseload_wakes)
        risk = offender.risk
        intake = offender.intake_due < NEVER
        for kind in range(len(WORK_KINDS)):
            if kind == VISIT:
                due = offender.visit_due
                if intake or max(due - policy.lead_days, offender.barred_until) > now:
                    continue
            else:
                if kind == REVIEW:
                    due = NEVER if intake else offender.review_due
                elif kind == NOTIFICATION:
                    due = NEVER if intake else offender.notification_due
                elif kind == INTAKE:
                    due = offender.intake_due
                else:
                    due = offender.enquiry_due
                if due > now:
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
    return best_row, best_kind, next_wake
