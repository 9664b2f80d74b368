"""Caseloads between officers: evened out when posts change, and covered while an officer is away or gone.

Each function returns False when a caseload has outgrown its table; nothing is lost, widen the table and call again.
"""

from __future__ import annotations

from sim.model.codes import COMMUNITY, COVER_HIGH_RISK, COVER_NONE, COVER_REALLOCATE, HIGH, MISSING, NONE, REALLOCATED
from sim.model.kernel import compiled
from sim.model.kernel.caseload import allocate, has_room, officer_of, release, smallest_caseload, workload_of
from sim.model.kernel.count import count_until, write_event
from sim.model.kernel.natural_history import live_until

CLOSE = 1e-9
"""Workloads nearer than this are equal: rounding must not send an offender to and fro."""


@compiled
def even_out(team_row, time, worlds, policies, teams, officers, desks, offenders, caseloads, queues, tally, log):
    """Deal out whoever has no officer and waits for none, and level the workloads of the team."""
    if not deal_to_the_team(
        team_row, time, worlds, policies, teams, officers, desks, offenders, caseloads, queues, tally, log
    ):
        return False
    return level(team_row, time, worlds, policies, teams, desks, offenders, caseloads, queues, tally, log)


@compiled
def deal_to_the_team(
    team_row, time, worlds, policies, teams, officers, desks, offenders, caseloads, queues, tally, log
):
    """Whoever has no officer, and does not wait for one to come back or for a successor, goes to the smallest caseload.

    So do the caseloads of posts that are no more. Under `reallocate` nobody waits once a colleague is there.
    """
    world, policy, team = worlds[0], policies[0], teams[team_row]
    for row in range(world.next_registration):
        offender = offenders[row]
        if offender.team != team_row or not (offender.state == COMMUNITY or offender.state == MISSING):
            continue
        if offender.home_desk >= 0 and officers[desks[offender.home_desk].officer].post == 0:
            offender.home_desk = -1
        if offender.desk >= 0:
            if officers[desks[offender.desk].officer].post == 1:
                continue
        elif offender.home_desk >= 0 and policy.cover != COVER_REALLOCATE:
            continue
        smallest = smallest_caseload(team, policy, desks)
        if smallest >= 0:
            if not has_room(smallest, desks, caseloads):
                return False
            if policy.cover == COVER_REALLOCATE:
                offender.home_desk = -1
        _reallocate(offender, row, smallest, time, world, policy, desks, offenders, caseloads, queues, tally, log)
    return True


@compiled
def level(team_row, time, worlds, policies, teams, desks, offenders, caseloads, queues, tally, log):
    """Offenders go from the largest workload of the team to the smallest as long as that brings the two nearer."""
    world, policy, team = worlds[0], policies[0], teams[team_row]
    while True:
        smallest = smallest_caseload(team, policy, desks)
        largest = _largest_caseload(team, policy, desks)
        if smallest < 0 or largest == smallest:
            return True
        high, low = workload_of(desks[largest], policy), workload_of(desks[smallest], policy)
        slot = desks[largest].held - 1
        while slot >= 0:
            weight = policy.workload_weights[offenders[caseloads[largest, slot]].risk]
            if weight > 0.0 and low + weight / desks[smallest].hours_share < high - CLOSE:
                break
            slot -= 1
        if slot < 0:
            return True
        if not has_room(smallest, desks, caseloads):
            return False
        row = caseloads[largest, slot]
        _reallocate(offenders[row], row, smallest, time, world, policy, desks, offenders, caseloads, queues, tally, log)


@compiled
def _largest_caseload(team, policy, desks):
    """The open caseload of the team with the highest workload, the first of equals; or -1."""
    best = -1
    highest = -1.0
    for desk_row in range(team.first_desk, team.first_desk + team.desks):
        desk = desks[desk_row]
        if desk.open == 1:
            workload = workload_of(desk, policy)
            if workload > highest:
                highest = workload
                best = desk_row
    return best


@compiled
def _reallocate(offender, row, desk_row, time, world, policy, desks, offenders, caseloads, queues, tally, log):
    """Move an offender to another caseload, or to nobody's (-1)."""
    if offender.desk < 0 and desk_row < 0:
        return
    told = max(time, offender.counted_until)  # not before work in hand is done
    live_until(offender, row, told, world, policy, tally, log)
    count_until(offender, told, world, tally)
    release(offender, offenders, desks, caseloads, queues)
    if desk_row >= 0:
        allocate(offender, row, desk_row, policy, desks, caseloads, queues)
    new_officer = officer_of(desk_row, desks)
    write_event(log, world, REALLOCATED, row, offender, told, 0.0, offender.visit_due, NONE, 0, new_officer, -1)


@compiled
def cover(desk_row, gone, time, worlds, policies, teams, desks, offenders, caseloads, queues, tally, log):
    """The officer of a caseload is away for long, or gone: what the scenario's rule says happens to it."""
    world, policy, desk = worlds[0], policies[0], desks[desk_row]
    rule = policy.cover
    if rule == COVER_NONE and not gone:
        return True
    team = teams[desk.team]
    desk.open = 0
    for slot in range(desk.held - 1, -1, -1):
        row = caseloads[desk_row, slot]
        offender = offenders[row]
        taken_over = rule == COVER_REALLOCATE or (rule == COVER_HIGH_RISK and offender.risk >= HIGH)
        to = smallest_caseload(team, policy, desks) if taken_over else -1
        if to < 0 and rule == COVER_HIGH_RISK and not gone:
            continue  # waits for the officer
        if to >= 0 and not has_room(to, desks, caseloads):
            return False
        if to >= 0 and rule == COVER_REALLOCATE:
            offender.home_desk = -1
        elif offender.home_desk < 0:  # whoever is here on loan goes back to where they came from
            offender.home_desk = desk_row
        _reallocate(offender, row, to, time, world, policy, desks, offenders, caseloads, queues, tally, log)
    return True


@compiled
def uncover(desk_row, time, worlds, policies, teams, officers, desks, offenders, caseloads, queues, tally, log):
    """The officer is back, or a successor has come: the caseload returns, and whoever has no officer is dealt out."""
    world, policy, desk = worlds[0], policies[0], desks[desk_row]
    desk.open = 1
    for row in range(world.next_registration):
        offender = offenders[row]
        if offender.home_desk != desk_row or not (offender.state == COMMUNITY or offender.state == MISSING):
            continue
        if not has_room(desk_row, desks, caseloads):
            return False
        offender.home_desk = -1
        if offender.desk != desk_row:
            _reallocate(offender, row, desk_row, time, world, policy, desks, offenders, caseloads, queues, tally, log)
    if not deal_to_the_team(
        desk.team, time, worlds, policies, teams, officers, desks, offenders, caseloads, queues, tally, log
    ):
        return False
    if policy.cover == COVER_REALLOCATE:
        return level(desk.team, time, worlds, policies, teams, desks, offenders, caseloads, queues, tally, log)
    return True
