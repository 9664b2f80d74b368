"""Investigations and the register: who is convicted joins it, and who is on it may turn up as a suspect.

Called from SimPy. The rows of those who may be convicted are reserved before the first day and stand empty (`LEFT`)
until then.
"""

from __future__ import annotations

from sim.model.codes import (
    BREACH_BEGAN,
    BREACHES_BEGUN,
    BY_INTELLIGENCE,
    COMMUNITY,
    LEFT,
    NONE,
    REGISTERED,
    REGISTRATIONS,
)
from sim.model.kernel import compiled
from sim.model.kernel.caseload import allocate, has_room, officer_of, set_wake, smallest_caseload
from sim.model.kernel.count import add_flow, count_until, write_event
from sim.model.kernel.natural_history import begin_life, find_breaches, live_until


@compiled
def join_register(row, time, worlds, policies, teams, desks, offenders, caseloads, queues, tally, log):
    """A reserved row, filled in by now, joins the smallest caseload of its team.

    Returns False when that has outgrown its table; nothing is lost, widen the table and call again.
    """
    world, policy, offender = worlds[0], policies[0], offenders[row]
    if offender.state != LEFT:
        return True
    desk = smallest_caseload(teams[offender.team], policy, desks)
    if desk >= 0 and not has_room(desk, desks, caseloads):
        return False
    begin_life(offender, time, time, time, world, policy)
    offender.state = COMMUNITY
    add_flow(tally, world, REGISTRATIONS, offender.risk, time, 1.0)
    write_event(
        log, world, REGISTERED, row, offender, time, 0.0, offender.visit_due, NONE, 0, officer_of(desk, desks), -1
    )
    if desk >= 0:
        allocate(offender, row, desk, policy, desks, caseloads, queues)
    return True


@compiled
def turn_up(row, time, worlds, policies, desks, offenders, queues, tally, log):
    """An offender on the register is the suspect of another force's or the public's referral: a breach found.

    What they did is a breach that begins, as far as the register knows, where it is found; whatever else is latent
    comes to light with it.
    """
    world, policy, offender = worlds[0], policies[0], offenders[row]
    if offender.state != COMMUNITY:
        return
    now = max(time, offender.counted_until)  # not out of the hands of an officer
    live_until(offender, row, now, world, policy, tally, log)
    count_until(offender, now, world, tally)
    add_flow(tally, world, BREACHES_BEGUN, offender.risk, now, 1.0)
    offender.latent_breaches += 1
    offender.latent_since_sum += now
    write_event(log, world, BREACH_BEGAN, row, offender, now, 0.0, offender.visit_due, NONE, 0, -1, -1)
    find_breaches(offender, row, now, BY_INTELLIGENCE, world, policy, tally, log)
    if offender.desk >= 0:
        set_wake(offender, row, policy, queues)
