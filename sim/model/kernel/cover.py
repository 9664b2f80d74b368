"""Caseloads between officers: evened out when posts change, and covered while an officer is away or gone.

Each function returns False when a caseload has outgrown its table; nothing is lost, widen the table and call again.
"""

from __future__ import annotations

from sim.model.codes import COMMUNITY, COVER_HIGH_RISK, COVER_NONE, COVER_REALLOCATE, HIGH, MISSING, REALLOCATED
from sim.model.kernel.caseload import has_room, place_in_team, release, settle, workload_of
from sim.model.kernel.compiling import compiled, entry_point, f8, i8
from sim.model.kernel.count import context_of, count_until
from sim.model.kernel.natural_history import catch_up

CLOSE = 1e-9
"""Workloads nearer than this are equal: rounding must not send an offender to and fro."""


@entry_point(i8, f8)
def even_out(team_row, time, tables):
    """Deal out the offenders who have no officer and wait for none, and level the workloads of the team."""
    return deal_to_the_team(team_row, time, tables) and level(team_row, time, tables)


@compiled
def deal_to_the_team(team_row, time, tables):
    """Offenders without an officer who wait for none to come back, and for no successor, go to the smallest caseload.

    So do the caseloads of posts that are no more. Under `reallocate` nobody waits once a colleague is there.
    """
    policy, caseloads, officers = tables.policies[0], tables.caseloads, tables.officers
    for row in range(tables.clocks[0].next_registration):
        offender = tables.offenders[row]
        if offender.team != team_row or not (offender.state == COMMUNITY or offender.state == MISSING):
            continue
        if offender.home_caseload >= 0 and officers[caseloads[offender.home_caseload].officer].post == 0:
            offender.home_caseload = -1
        if offender.caseload >= 0:
            if officers[caseloads[offender.caseload].officer].post == 1:
                continue
        elif offender.home_caseload >= 0 and policy.cover != COVER_REALLOCATE:
            continue
        smallest, fits = place_in_team(team_row, tables)
        if not fits:
            return False
        if smallest >= 0 and policy.cover == COVER_REALLOCATE:
            offender.home_caseload = -1
        _reallocate(offender, smallest, time, tables)
    return True


@entry_point(i8, f8)
def level(team_row, time, tables):
    """Offenders go from the largest workload of the team to the smallest as long as that brings the two nearer."""
    policy, team, caseloads, members = tables.policies[0], tables.teams[team_row], tables.caseloads, tables.members
    while True:
        smallest, fits = place_in_team(team_row, tables)
        largest = _largest_caseload(team, policy, caseloads)
        if smallest < 0 or largest == smallest:
            return True
        high, low = workload_of(caseloads[largest], policy), workload_of(caseloads[smallest], policy)
        slot = caseloads[largest].held - 1
        while slot >= 0:
            weight = policy.workload_weights[tables.offenders[members[largest, slot]].risk]
            if weight > 0.0 and low + weight / caseloads[smallest].hours_share < high - CLOSE:
                break
            slot -= 1
        if slot < 0:
            return True
        if not fits:
            return False
        _reallocate(tables.offenders[members[largest, slot]], smallest, time, tables)


@compiled
def _largest_caseload(team, policy, caseloads):
    """The open caseload of the team with the highest workload, the first of equals; or -1."""
    best, highest = -1, -1.0
    for caseload_row in range(team.first_caseload, team.first_caseload + team.caseloads):
        caseload = caseloads[caseload_row]
        if caseload.open == 1:
            workload = workload_of(caseload, policy)
            if workload > highest:
                best, highest = caseload_row, workload
    return best


@compiled
def _reallocate(offender, caseload_row, time, tables):
    """Move an offender to another caseload, or to nobody's (-1)."""
    if offender.caseload < 0 and caseload_row < 0:
        return
    context = context_of(tables)
    then = max(time, offender.counted_until)  # not before work under way is done
    catch_up(offender, then, context)
    count_until(offender, then, context)
    release(offender, tables)
    settle(REALLOCATED, offender, then, caseload_row, tables)


@entry_point(i8, i8, f8)
def cover(caseload_row, gone, time, tables):
    """The officer of a caseload is away for long, or gone: what the scenario's rule says happens to it."""
    policy, caseload = tables.policies[0], tables.caseloads[caseload_row]
    rule = policy.cover
    if rule == COVER_NONE and gone == 0:
        return True
    caseload.open = 0
    for slot in range(caseload.held - 1, -1, -1):
        offender = tables.offenders[tables.members[caseload_row, slot]]
        taken_over = rule == COVER_REALLOCATE or (rule == COVER_HIGH_RISK and offender.risk >= HIGH)
        to, fits = place_in_team(caseload.team, tables) if taken_over else (-1, True)
        if to < 0 and rule == COVER_HIGH_RISK and gone == 0:
            continue  # waits for the officer
        if not fits:
            return False
        if to >= 0 and rule == COVER_REALLOCATE:
            offender.home_caseload = -1
        elif offender.home_caseload < 0:  # an offender who is here on loan goes back to where they came from
            offender.home_caseload = caseload_row
        _reallocate(offender, to, time, tables)
    return True


@entry_point(i8, f8)
def uncover(caseload_row, time, tables):
    """The officer is back, or a successor has come: the caseload returns, and who has no officer is dealt out."""
    caseload = tables.caseloads[caseload_row]
    caseload.open = 1
    for row in range(tables.clocks[0].next_registration):
        offender = tables.offenders[row]
        if offender.home_caseload != caseload_row or not (offender.state == COMMUNITY or offender.state == MISSING):
            continue
        if not has_room(caseload_row, tables):
            return False
        offender.home_caseload = -1
        if offender.caseload != caseload_row:
            _reallocate(offender, caseload_row, time, tables)
    if not deal_to_the_team(caseload.team, time, tables):
        return False
    return tables.policies[0].cover != COVER_REALLOCATE or level(caseload.team, time, tables)
