"""Who holds which offenders, and in which order the offenders of a caseload next need someone.

`caseloads[desk, slot]` says who is in a caseload. `queues[desk, place]` has the same offenders in the order of the
earliest time at which anything can be done for them, and says what that will be. A shift reads the beginning of a
queue, compares what stands there, and touches an offender only when more than one kind of work may be due.
"""

from __future__ import annotations

import numpy as np

from sim.model.codes import (
    COMMUNITY,
    DESK_CHECK,
    ENQUIRY,
    INITIAL_ASSESSMENT,
    NEVER,
    NOTIFICATION,
    REVIEW,
    RISKS,
    TRACING,
    VISIT,
    WARRANT,
    WORK_KINDS,
)
from sim.model.kernel import compiled, inlined
from sim.model.kernel.natural_history import live_until

# Places in a queue have no sign: for an index that may be negative, compiled code must ask each time.
_FRONT, _ONE = np.uint64(0), np.uint64(1)


@compiled
def due_for(kind, offender):
    """When a kind of work is due for an offender: intake comes before the routine, and the missing are only traced."""
    if kind == TRACING:
        return offender.tracing_due
    if offender.state != COMMUNITY:
        return NEVER
    if kind == INITIAL_ASSESSMENT:
        return offender.initial_assessment_due
    if kind == ENQUIRY:
        return offender.enquiry_due
    if kind == WARRANT:
        return offender.warrant_due
    if offender.initial_assessment_due < NEVER:
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
def set_wake(offender, row, policy, queues):
    """Put an offender where they belong in the queue: when they next need someone, and for what; returns that time."""
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
    queue = queues[offender.desk]
    place = _place_of(row, queue)
    queued = _free(_place_for(wake, place, queue), place, queue)
    queued.wake = wake
    queued.row = row
    queued.kind = first_kind
    queued.risk = offender.risk
    queued.due = due_for(first_kind, offender)
    queued.nothing_else_until = min(second, alive)
    return wake


@inlined
def _place_of(row, queue):
    """Where an offender stands in a queue."""
    place = _FRONT
    while queue[place].row != row:
        place += _ONE
    return place


@inlined
def _place_for(wake, place, queue):
    """Where in a queue somebody belongs who has stood at a place and will need someone at `wake`."""
    to, last = place, np.uint64(len(queue) - 1)
    while to < last and queue[to + _ONE].wake < wake:
        to += _ONE
    while to > _FRONT and queue[to - _ONE].wake > wake:
        to -= _ONE
    return to


@inlined
def _free(to, place, queue):
    """Free a place in a queue by giving up another: those between move by one. Returns the place that is free."""
    while place < to:
        queue[place] = queue[place + _ONE]
        place += _ONE
    while place > to:
        queue[place] = queue[place - _ONE]
        place -= _ONE
    return queue[to]


@compiled
def allocate(offender, row, desk_row, policy, desks, caseloads, queues):
    """Put an offender into a caseload. The offender's time so far must have been counted."""
    desk = desks[desk_row]
    offender.desk = desk_row
    offender.slot = desk.held
    caseloads[desk_row, desk.held] = row
    queues[desk_row, desk.held].row = row
    desk.held += 1
    desk.held_by_risk[offender.risk] += 1
    set_wake(offender, row, policy, queues)


@compiled
def release(offender, offenders, desks, caseloads, queues):
    """Take an offender out of a caseload; the last in the caseload moves into the gap, and the queue moves up."""
    desk_row = offender.desk
    if desk_row < 0:
        return
    desk, queue = desks[desk_row], queues[desk_row]
    row = caseloads[desk_row, offender.slot]
    desk.held -= 1
    desk.held_by_risk[offender.risk] -= 1
    last = caseloads[desk_row, desk.held]
    caseloads[desk_row, offender.slot] = last
    offenders[last].slot = offender.slot
    _free(np.uint64(desk.held), _place_of(row, queue), queue).wake = NEVER
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
def has_room(desk_row, desks, caseloads):
    """Is there a free slot in the table for this caseload?"""
    return desks[desk_row].held < caseloads.shape[1]


@compiled
def deal_out(turns, policies, teams, desks, offenders, caseloads, queues):
    """Give today's offenders, the first rows, to the officers whose turn it is, or to the team's common caseload.

    In a team without officers nobody gets them; a turn of -1 leaves the offender unallocated.
    """
    policy = policies[0]
    for row in range(len(turns)):
        offender = offenders[row]
        team = teams[offender.team]
        desk_row = team.first_desk + turns[row]
        if 0 <= turns[row] < team.desks and desks[desk_row].open == 1:
            allocate(offender, row, desk_row, policy, desks, caseloads, queues)


@compiled
def wake_all(offenders, policies, queues):
    """Set every wake anew, after a change of policy."""
    policy = policies[0]
    for row in range(len(offenders)):
        offender = offenders[row]
        if offender.desk >= 0:
            set_wake(offender, row, policy, queues)


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
def most_urgent(desk_row, now, alone, late_only, world, policy, desks, offenders, queues, tally, log):
    """The waiting work of a desk with the highest priority.

    Returns the offender's row (-1 if there is nothing to do), the kind of work, the earliest time at which any other
    offender of this desk may need someone, and the priority. `alone`: no colleague is free today for work that needs
    two. `late_only`: only what is overdue.
    """
    best_row, best_kind, best = -1, -1, -NEVER
    queue = queues[desk_row]
    held = np.uint64(desks[desk_row].held)
    waiting = _FRONT
    while waiting < held and queue[waiting].wake <= now:
        queued = queue[waiting]
        row = queued.row
        kind = np.int64(queued.kind)
        if now < queued.nothing_else_until:
            priority = _priority(kind, queued.risk, queued.due, now, alone, late_only, world, policy)
        else:
            offender = offenders[row]
            if offender.next_in_life <= now:
                live_until(offender, row, now, world, policy, tally, log)
                set_wake(offender, row, policy, queues)
                best_row, best_kind, best, waiting = -1, -1, -NEVER, _FRONT  # the queue may have changed
                continue
            priority, kind = _most_urgent_of(offender, now, alone, late_only, world, policy)
        waiting += _ONE
        if priority > best or (priority == best and row < best_row):
            best = priority
            best_row = row
            best_kind = kind
    next_wake = queue[waiting].wake if waiting < held else NEVER
    if waiting > (_ONE if best_row >= 0 else _FRONT):
        next_wake = now
    return best_row, best_kind, next_wake, best


@compiled
def most_urgent_of_team(team, now, alone, world, policy, desks, offenders, queues, tally, log):
    """The most urgent overdue work in all caseloads of a team: the offender's row or -1, and its kind."""
    best_row = -1
    best_kind = -1
    best = -NEVER
    for desk_row in range(team.first_desk, team.first_desk + team.desks):
        if queues[desk_row, 0].wake > now:
            continue
        row, kind, _, priority = most_urgent(
            desk_row, now, alone, True, world, policy, desks, offenders, queues, tally, log
        )
        if row >= 0 and (priority > best or (priority == best and row < best_row)):
            best_row = row
            best_kind = kind
            best = priority
    return best_row, best_kind
