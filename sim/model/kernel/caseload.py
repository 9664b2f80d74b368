"""Who holds which offenders, and in which order the offenders of a caseload next need someone.

`members[caseload, slot]` says who is in a caseload. `queues[caseload, place]` has the same offenders in order of the
earliest time at which anything can be done for them, and says what that will be. A shift reads the beginning of a
queue, compares what stands there, and touches an offender only when more than one kind of work may be due.
"""

from __future__ import annotations

import numpy as np

from sim.model import codes
from sim.model.kernel.compiling import compiled, entry_point, i8, inlined
from sim.model.kernel.count import context_of
from sim.model.kernel.event_log import log_event
from sim.model.kernel.natural_history import catch_up

# Places in a queue have no sign: for an index that may be negative, compiled code must ask each time.
_FRONT, _ONE = np.uint64(0), np.uint64(1)


@compiled
def due_for(kind, offender):
    """When a kind of work is due: the initial assessment comes before the routine, and the missing are only traced."""
    if kind == codes.TRACING:
        return offender.tracing_due
    if offender.state != codes.COMMUNITY:
        return codes.NEVER
    if kind == codes.INITIAL_ASSESSMENT:
        return offender.initial_assessment_due
    if kind == codes.ENQUIRY:
        return offender.enquiry_due
    if kind == codes.WARRANT:
        return offender.warrant_due
    if offender.initial_assessment_due < codes.NEVER:
        return codes.NEVER
    if kind == codes.VISIT:
        return offender.visit_due
    if kind == codes.REVIEW:
        return offender.review_due
    if kind == codes.NOTIFICATION:
        return offender.notification_due
    if kind == codes.DESK_CHECK:
        return offender.desk_check_due
    return offender.meeting_due


@compiled
def start_of(kind, offender, policy):
    """From when on a kind of work can be done for an offender."""
    due = due_for(kind, offender)
    return max(due - policy.lead_days, offender.barred_until) if kind == codes.VISIT else due


@inlined
def requeue(offender, policy, queues):
    """Put an offender where they belong in the queue: when they next need someone, and for what; returns that time."""
    row = offender.row
    first = second = codes.NEVER
    first_kind = 0
    for kind in range(len(codes.WORK_KINDS)):
        start = start_of(kind, offender, policy)
        if start < first:
            second = first
            first = start
            first_kind = kind
        elif start < second:
            second = start
    natural_event = offender.next_natural_event
    ready_at = max(min(first, natural_event) if policy.intelligence_raises_work == 1 else first, offender.busy_until)
    queue = queues[offender.caseload]
    place = _place_of(row, queue)
    queued = _free(_place_for(ready_at, place, queue), place, queue)
    queued.ready_at = ready_at
    queued.row = row
    queued.kind = first_kind
    queued.risk = offender.risk
    queued.due = due_for(first_kind, offender)
    queued.nothing_else_until = min(second, natural_event)
    return ready_at


@inlined
def _place_of(row, queue):
    """Where an offender stands in a queue."""
    place = _FRONT
    while queue[place].row != row:
        place += _ONE
    return place


@inlined
def _place_for(ready_at, place, queue):
    """Where in a queue somebody belongs who has stood at a place and will need someone at `ready_at`."""
    to, last = place, np.uint64(len(queue) - 1)
    while to < last and queue[to + _ONE].ready_at < ready_at:
        to += _ONE
    while to > _FRONT and queue[to - _ONE].ready_at > ready_at:
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
def allocate(offender, caseload_row, tables):
    """Put an offender into a caseload. The offender's time so far must have been counted."""
    caseload = tables.caseloads[caseload_row]
    offender.caseload = caseload_row
    offender.slot = caseload.held
    tables.members[caseload_row, caseload.held] = offender.row
    tables.queues[caseload_row, caseload.held].row = offender.row
    caseload.held += 1
    caseload.held_by_risk[offender.risk] += 1
    requeue(offender, tables.policies[0], tables.queues)


@compiled
def settle(kind, offender, time, caseload_row, tables):
    """Put an offender, if into any (-1), into a caseload, and log why."""
    officer = officer_of(caseload_row, tables.caseloads)
    log_event(kind, offender, time, offender.visit_due, codes.NONE, officer, context_of(tables))
    if caseload_row >= 0:
        allocate(offender, caseload_row, tables)


@compiled
def release(offender, tables):
    """Take an offender out of a caseload; the last in the caseload moves into the gap, and the queue moves up."""
    caseload_row = offender.caseload
    if caseload_row < 0:
        return
    caseload, members, queue = tables.caseloads[caseload_row], tables.members[caseload_row], tables.queues[caseload_row]
    caseload.held -= 1
    caseload.held_by_risk[offender.risk] -= 1
    last = members[caseload.held]
    members[offender.slot] = last
    tables.offenders[last].slot = offender.slot
    _free(np.uint64(caseload.held), _place_of(offender.row, queue), queue).ready_at = codes.NEVER
    offender.caseload = -1


@compiled
def workload_of(caseload, policy):
    """A caseload's size, each offender weighted by recorded risk, for the hours its officer works."""
    workload = 0.0
    for risk in range(codes.RISKS):
        workload += caseload.held_by_risk[risk] * policy.workload_weights[risk]
    return workload / caseload.hours_share


@compiled
def smallest_caseload(team, policy, caseloads):
    """The open caseload of the team with the lowest workload, the first of equals; or -1."""
    best = -1
    lowest = codes.NEVER
    for caseload_row in range(team.first_caseload, team.first_caseload + team.caseloads):
        caseload = caseloads[caseload_row]
        if caseload.open == 1:
            workload = workload_of(caseload, policy)
            if workload < lowest:
                lowest = workload
                best = caseload_row
    return best


@compiled
def officer_of(caseload_row, caseloads):
    """Whose caseload it is; -1 for a team's common one, or none at all."""
    return caseloads[caseload_row].officer if caseload_row >= 0 else -1


@compiled
def has_room(caseload_row, tables):
    """Is there a free slot in the table for this caseload?"""
    return tables.caseloads[caseload_row].held < tables.members.shape[1]


@compiled
def place_in_team(team_row, tables):
    """The smallest caseload of a team (-1: none is open), and whether its table has room for one offender more."""
    caseload_row = smallest_caseload(tables.teams[team_row], tables.policies[0], tables.caseloads)
    return caseload_row, caseload_row < 0 or has_room(caseload_row, tables)


@entry_point(i8[::1])
def deal_out(turns, tables):
    """Give today's offenders, the first rows, to the officers whose turn it is, or to the team's common caseload.

    In a team without officers nobody gets them; a turn of -1 leaves the offender unallocated.
    """
    for row in range(len(turns)):
        team = tables.teams[tables.offenders[row].team]
        caseload_row = team.first_caseload + turns[row]
        if 0 <= turns[row] < team.caseloads and tables.caseloads[caseload_row].open == 1:
            allocate(tables.offenders[row], caseload_row, tables)


@entry_point()
def requeue_all(tables):
    """Put everybody in order anew, after a change of policy."""
    for row in range(len(tables.offenders)):
        if tables.offenders[row].caseload >= 0:
            requeue(tables.offenders[row], tables.policies[0], tables.queues)


@inlined
def _priority(kind, risk, due, now, alone, late_only, clock, policy):
    """How urgent work is that can be done now; below everything if it must wait for a colleague or until it is late."""
    if (late_only and due + clock.grace > now) or (alone and policy.crew[kind, risk] == 2):
        return -codes.NEVER
    return policy.priority_base[kind, risk] + policy.priority_slope[kind, risk] * (
        now - due + policy.priority_offset[kind]
    )


@compiled
def _most_urgent_of(offender, now, alone, late_only, clock, policy):
    """What is most urgent of all that is due for one offender: its priority and kind."""
    best, best_kind = -codes.NEVER, -1
    for kind in range(len(codes.WORK_KINDS)):
        if start_of(kind, offender, policy) <= now:
            due = due_for(kind, offender)
            priority = _priority(kind, offender.risk, due, now, alone, late_only, clock, policy)
            if priority > best:
                best, best_kind = priority, kind
    return best, best_kind


@inlined
def most_urgent(caseload_row, now, alone, late_only, context, tables):
    """The waiting work of a caseload with the highest priority.

    Returns the offender's row (-1 if there is nothing to do), the kind of work, the earliest time at which any other
    offender here may need someone, and the priority. `alone`: no colleague is free today for work that needs two.
    `late_only`: only what is overdue.
    """
    clock, policy = context.clock, context.policy
    best_row, best_kind, best = -1, -1, -codes.NEVER
    queue = tables.queues[caseload_row]
    held = np.uint64(tables.caseloads[caseload_row].held)
    waiting = _FRONT
    while waiting < held and queue[waiting].ready_at <= now:
        queued = queue[waiting]
        row = queued.row
        kind = np.int64(queued.kind)
        if now < queued.nothing_else_until:
            priority = _priority(kind, queued.risk, queued.due, now, alone, late_only, clock, policy)
        else:
            offender = tables.offenders[row]
            if offender.next_natural_event <= now:
                catch_up(offender, now, context)
                requeue(offender, policy, tables.queues)
                best_row, best_kind, best, waiting = -1, -1, -codes.NEVER, _FRONT  # the queue may have changed
                continue
            priority, kind = _most_urgent_of(offender, now, alone, late_only, clock, policy)
        waiting += _ONE
        if priority > best or (priority == best and row < best_row):
            best = priority
            best_row = row
            best_kind = kind
    next_ready_at = queue[waiting].ready_at if waiting < held else codes.NEVER
    if waiting > (_ONE if best_row >= 0 else _FRONT):
        next_ready_at = now
    return best_row, best_kind, next_ready_at, best


@compiled
def most_urgent_of_team(team, now, alone, context, tables):
    """The most urgent overdue work in all caseloads of a team: the offender's row or -1, and its kind."""
    best_row, best_kind, best = -1, -1, -codes.NEVER
    for caseload_row in range(team.first_caseload, team.first_caseload + team.caseloads):
        if tables.queues[caseload_row, 0].ready_at > now:
            continue
        row, kind, _, priority = most_urgent(caseload_row, now, alone, True, context, tables)
        if row >= 0 and (priority > best or (priority == best and row < best_row)):
            best_row, best_kind, best = row, kind, priority
    return best_row, best_kind
