"""Caseloads between officers: evened out when posts change, and covered while an officer is away or gone.

Each function returns False when a caseload has outgrown its table; nothing is lost, widen the table and call again.
"""

from __future__ import annotations

from sim.model.codes import COMMUNITY, COVER_HIGH_RISK, COVER_NONE, COVER_REALLOCATE, HIGH, MISSING, NONE, REALLOCATED
from sim.model.kernel import compiled
from sim.model.kernel.caseload import allocate, has_room, officer_of, release, smallest_caseload, workload_of
from sim.model.kernel.count import count_until, write_event
from sim.model.kernel.natural_history import catch_up

CLOSE = 1e-9
"""Workloads nearer than this are equal: rounding must not send an offender to and fro."""


@compiled
def even_out(team_row, time, clocks, policies, teams, officers, caseloads, offenders, members, queues, tally, log):
    """Deal out whoever has no officer and waits for none, and level the workloads of the team."""
    if not deal_to_the_team(
        team_row, time, clocks, policies, teams, officers, caseloads, offenders, members, queues, tally, log
    ):
        return False
    return level(team_row, time, clocks, policies, teams, caseloads, offenders, members, queues, tally, log)


@compiled
def deal_to_the_team(
    team_row, time, clocks, policies, teams, officers, caseloads, offenders, members, queues, tally, log
):
    """Whoever has no officer, and does not wait for one to come back or for a successor, goes to the smallest caseload.

    So do the caseloads of posts that are no more. Under `reallocate` nobody waits once a colleague is there.
    """
    clock, policy, team = clocks[0], policies[0], teams[team_row]
    for row in range(clock.next_registration):
        offender = offenders[row]
        if offender.team != team_row or not (offender.state == COMMUNITY or offender.state == MISSING):
            continue
        if offender.home_caseload >= 0 and officers[caseloads[offender.home_caseload].officer].post == 0:
            offender.home_caseload = -1
        if offender.caseload >= 0:
            if officers[caseloads[offender.caseload].officer].post == 1:
                continue
        elif offender.home_caseload >= 0 and policy.cover != COVER_REALLOCATE:
            continue
        smallest = smallest_caseload(team, policy, caseloads)
        if smallest >= 0:
            if not has_room(smallest, caseloads, members):
                return False
            if policy.cover == COVER_REALLOCATE:
                offender.home_caseload = -1
        _reallocate(offender, row, smallest, time, clock, policy, caseloads, offenders, members, queues, tally, log)
    return True


@compiled
def level(team_row, time, clocks, policies, teams, caseloads, offenders, members, queues, tally, log):
    """Offenders go from the largest workload of the team to the smallest as long as that brings the two nearer."""
    clock, policy, team = clocks[0], policies[0], teams[team_row]
    while True:
        smallest = smallest_caseload(team, policy, caseloads)
        largest = _largest_caseload(team, policy, caseloads)
        if smallest < 0 or largest == smallest:
            return True
        high, low = workload_of(caseloads[largest], policy), workload_of(caseloads[smallest], policy)
        slot = caseloads[largest].held - 1
        while slot >= 0:
            weight = policy.workload_weights[offenders[members[largest, slot]].risk]
            if weight > 0.0 and low + weight / caseloads[smallest].hours_share < high - CLOSE:
                break
            slot -= 1
        if slot < 0:
            return True
        if not has_room(smallest, caseloads, members):
            return False
        row = members[largest, slot]
        _reallocate(
            offenders[row], row, smallest, time, clock, policy, caseloads, offenders, members, queues, tally, log
        )


@compiled
def _largest_caseload(team, policy, caseloads):
    """The open caseload of the team with the highest workload, the first of equals; or -1."""
    best = -1
    highest = -1.0
    for caseload_row in range(team.first_caseload, team.first_caseload + team.caseloads):
        caseload = caseloads[caseload_row]
        if caseload.open == 1:
            workload = workload_of(caseload, policy)
            if workload > highest:
                highest = workload
                best = caseload_row
    return best


@compiled
def _reallocate(offender, row, caseload_row, time, clock, policy, caseloads, offenders, members, queues, tally, log):
    """Move an offender to another caseload, or to nobody's (-1)."""
    if offender.caseload < 0 and caseload_row < 0:
        return
    told = max(time, offender.counted_until)  # not before work in hand is done
    catch_up(offender, row, told, clock, policy, tally, log)
    count_until(offender, told, clock, tally)
    release(offender, offenders, caseloads, members, queues)
    if caseload_row >= 0:
        allocate(offender, row, caseload_row, policy, caseloads, members, queues)
    new_officer = officer_of(caseload_row, caseloads)
    write_event(log, clock, REALLOCATED, row, offender, told, 0.0, offender.visit_due, NONE, 0, new_officer, -1)


@compiled
def cover(caseload_row, gone, time, clocks, policies, teams, caseloads, offenders, members, queues, tally, log):
    """The officer of a caseload is away for long, or gone: what the scenario's rule says happens to it."""
    clock, policy, caseload = clocks[0], policies[0], caseloads[caseload_row]
    rule = policy.cover
    if rule == COVER_NONE and not gone:
        return True
    team = teams[caseload.team]
    caseload.open = 0
    for slot in range(caseload.held - 1, -1, -1):
        row = members[caseload_row, slot]
        offender = offenders[row]
        taken_over = rule == COVER_REALLOCATE or (rule == COVER_HIGH_RISK and offender.risk >= HIGH)
        to = smallest_caseload(team, policy, caseloads) if taken_over else -1
        if to < 0 and rule == COVER_HIGH_RISK and not gone:
            continue  # waits for the officer
        if to >= 0 and not has_room(to, caseloads, members):
            return False
        if to >= 0 and rule == COVER_REALLOCATE:
            offender.home_caseload = -1
        elif offender.home_caseload < 0:  # whoever is here on loan goes back to where they came from
            offender.home_caseload = caseload_row
        _reallocate(offender, row, to, time, clock, policy, caseloads, offenders, members, queues, tally, log)
    return True


@compiled
def uncover(caseload_row, time, clocks, policies, teams, officers, caseloads, offenders, members, queues, tally, log):
    """The officer is back, or a successor has come: the caseload returns, and whoever has no officer is dealt out."""
    clock, policy, caseload = clocks[0], policies[0], caseloads[caseload_row]
    caseload.open = 1
    for row in range(clock.next_registration):
        offender = offenders[row]
        if offender.home_caseload != caseload_row or not (offender.state == COMMUNITY or offender.state == MISSING):
            continue
        if not has_room(caseload_row, caseloads, members):
            return False
        offender.home_caseload = -1
        if offender.caseload != caseload_row:
            _reallocate(
                offender, row, caseload_row, time, clock, policy, caseloads, offenders, members, queues, tally, log
            )
    if not deal_to_the_team(
        caseload.team, time, clocks, policies, teams, officers, caseloads, offenders, members, queues, tally, log
    ):
        return False
    if policy.cover == COVER_REALLOCATE:
        return level(caseload.team, time, clocks, policies, teams, caseloads, offenders, members, queues, tally, log)
    return True
