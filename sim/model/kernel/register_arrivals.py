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
from sim.model.kernel.caseload import allocate, has_room, officer_of, requeue, smallest_caseload
from sim.model.kernel.count import add_flow, count_until, write_event
from sim.model.kernel.natural_history import begin_natural_history, catch_up, find_breaches


@compiled
def join_register(row, time, clocks, policies, teams, caseloads, offenders, members, queues, tally, log):
    """A reserved row, filled in by now, joins the smallest caseload of its team.

    Returns False when that has outgrown its table; nothing is lost, widen the table and call again.
    """
    clock, policy, offender = clocks[0], policies[0], offenders[row]
    if offender.state != LEFT:
        return True
    caseload = smallest_caseload(teams[offender.team], policy, caseloads)
    if caseload >= 0 and not has_room(caseload, caseloads, members):
        return False
    begin_natural_history(offender, time, time, time, clock, policy)
    offender.state = COMMUNITY
    add_flow(tally, clock, REGISTRATIONS, offender.risk, time, 1.0)
    write_event(
        log,
        clock,
        REGISTERED,
        row,
        offender,
        time,
        0.0,
        offender.visit_due,
        NONE,
        0,
        officer_of(caseload, caseloads),
        -1,
    )
    if caseload >= 0:
        allocate(offender, row, caseload, policy, caseloads, members, queues)
    return True


@compiled
def turn_up(row, time, clocks, policies, caseloads, offenders, queues, tally, log):
    """An offender on the register is the suspect of another force's or the public's referral: a breach found.

    What they did is a breach that begins, as far as the register knows, where it is found; whatever else is latent
    comes to light with it.
    """
    clock, policy, offender = clocks[0], policies[0], offenders[row]
    if offender.state != COMMUNITY:
        return
    now = max(time, offender.counted_until)  # not out of the hands of an officer
    catch_up(offender, row, now, clock, policy, tally, log)
    count_until(offender, now, clock, tally)
    add_flow(tally, clock, BREACHES_BEGUN, offender.risk, now, 1.0)
    offender.latent_breaches += 1
    offender.latent_since_sum += now
    write_event(log, clock, BREACH_BEGAN, row, offender, now, 0.0, offender.visit_due, NONE, 0, -1, -1)
    find_breaches(offender, row, now, BY_INTELLIGENCE, clock, policy, tally, log)
    if offender.caseload >= 0:
        requeue(offender, row, policy, queues)
