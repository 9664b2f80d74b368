"""The register as it moves: who joins and leaves, custody and return, and what a change of policy means for everybody.

Called from SimPy between shifts; compiled because it touches every offender or every day.
"""

from __future__ import annotations

from sim.model.compiled import compiled
from sim.model.compiled.caseload import allocate, has_room, release, smallest_caseload
from sim.model.compiled.count import add_flow, count_until, write_event
from sim.model.compiled.draws import CONSTANT
from sim.model.compiled.nature import change_rates, date_of, live_until, pause_life, resume_life
from sim.model.state import (
    COMMUNITY,
    CUSTODY,
    DEPARTURES,
    LEFT,
    LEFT_REGISTER,
    NEVER,
    NONE,
    NOT_YET,
    REGISTERED,
    REGISTRATIONS,
    RELEASED,
    TO_CUSTODY,
)


@compiled
def raise_first_work(offender, since, policy):
    """First visit, review and notification of an offender who is new, or back, since a date."""
    scheduled = policy.interval_days[offender.risk].family != CONSTANT or policy.interval_days[offender.risk].a < NEVER
    offender.visit_due = since + policy.first_visit_days if scheduled else NEVER
    offender.review_due = since + policy.first_review_days if policy.review_interval_days < NEVER else NEVER
    offender.notification_due = since + policy.notification_interval_days


@compiled
def _expect_newcomer(offender, policy):
    """What a newcomer will need, by the policy of today."""
    raise_first_work(offender, offender.registered, policy)
    offender.intake_due = offender.registered if policy.intake_needed == 1 else NEVER


@compiled
def expect_newcomers(newcomers, policies):
    """What each newcomer will need, by the first of `policies`."""
    for row in range(len(newcomers)):
        _expect_newcomer(newcomers[row], policies[0])


@compiled
def midnight(
    today, worlds, policies, teams, officers, desks, offenders, departures, caseload_rows, caseload_wakes, tally, log
):
    """Bring the register up to today: who leaves goes first, then new offenders join the smallest caseload.

    Returns False when a caseload has outgrown its table; nothing is lost, widen the table and call again.
    """
    world, policy = worlds[0], policies[0]
    while True:
        leaver = departures[world.next_departure] if world.next_departure < len(departures) else -1
        leaves = offenders[leaver].leaves if leaver >= 0 else NEVER
        joins = offenders[world.next_registration].registered if world.next_registration < len(offenders) else NEVER
        if min(leaves, joins) > today:
            return True
        if leaves <= joins:
            world.next_departure += 1
            _leave(
                offenders[leaver], leaver, world, policy, desks, offenders, caseload_rows, caseload_wakes, tally, log
            )
        else:
            row = world.next_registration
            offender = offenders[row]
            desk = smallest_caseload(teams[offender.team], desks, officers)
            if desk >= 0 and not has_room(desk, desks, caseload_rows):
                return False
            world.next_registration += 1
            offender.state = COMMUNITY
            add_flow(tally, world, REGISTRATIONS, offender.risk, joins, 1.0)
            if desk >= 0:
                allocate(offender, row, desk, policy, desks, caseload_rows, caseload_wakes)
            write_event(log, world, REGISTERED, row, offender, joins, 0.0, offender.visit_due, NONE, 0, -1, -1)


@compiled
def _leave(offender, row, world, policy, desks, offenders, caseload_rows, caseload_wakes, tally, log):
    """The notification period ends, or the offender dies or moves away."""
    time = max(offender.leaves, offender.counted_until)  # not out of the hands of an officer
    live_until(offender, row, time, world, policy, tally, log)
    count_until(offender, time, world, tally)
    release(offender, offenders, desks, caseload_rows, caseload_wakes)
    offender.state = LEFT
    add_flow(tally, world, DEPARTURES, offender.risk, time, 1.0)
    write_event(log, world, LEFT_REGISTER, row, offender, time, 0.0, NEVER, NONE, 0, -1, -1)


@compiled
def count_everybody(time, worlds, policies, offenders, tally, log):
    """Bring every offender's life and count up to `time`, before a change of policy, and at the horizon.

    Whoever is in some condition at the horizon stays in it: those spells are booked as open.
    """
    world, policy = worlds[0], policies[0]
    counted = NEVER if time >= world.end else time
    for row in range(world.next_registration):
        offender = offenders[row]
        if offender.state == LEFT:
            continue
        live_until(offender, row, time, world, policy, tally, log)
        count_until(offender, counted, world, tally)


@compiled
def take_into_custody(row, time, worlds, policies, desks, offenders, caseload_rows, caseload_wakes, tally, log):
    """An enquiry ended in custody: nobody visits until release."""
    world, policy, offender = worlds[0], policies[0], offenders[row]
    live_until(offender, row, time, world, policy, tally, log)
    count_until(offender, time, world, tally)
    release(offender, offenders, desks, caseload_rows, caseload_wakes)
    offender.state = CUSTODY
    offender.enquiry_due = NEVER
    pause_life(offender, time, policy)
    write_event(log, world, TO_CUSTODY, row, offender, time, 0.0, NEVER, NONE, 0, -1, -1)


@compiled
def return_to_community(
    row, time, worlds, policies, teams, officers, desks, offenders, caseload_rows, caseload_wakes, tally, log
):
    """Released: back in the smallest caseload of the team, with a first visit and review due."""
    world, policy, offender = worlds[0], policies[0], offenders[row]
    count_until(offender, time, world, tally)
    offender.state = COMMUNITY
    offender.busy_until = time
    offender.barred_until = time
    resume_life(offender, time, policy)
    raise_first_work(offender, date_of(time, world), policy)
    desk = smallest_caseload(teams[offender.team], desks, officers)
    if desk >= 0:
        allocate(offender, row, desk, policy, desks, caseload_rows, caseload_wakes)
    write_event(log, world, RELEASED, row, offender, time, 0.0, offender.visit_due, NONE, 0, -1, -1)


@compiled
def change_policy(time, worlds, old_policies, new_policies, offenders):
    """From `time` on other values hold: due dates move with their intervals, and waiting times with their rates.

    Everybody must have been counted up to `time`.
    """
    world, old, new = worlds[0], old_policies[0], new_policies[0]
    for row in range(len(offenders)):
        offender = offenders[row]
        if offender.state == LEFT:
            continue
        change_rates(offender, max(time, offender.registered), old, new)
        if offender.state == NOT_YET:
            _expect_newcomer(offender, new)
            continue
        before, after = old.interval_days[offender.risk], new.interval_days[offender.risk]
        if before.family == CONSTANT and after.family == CONSTANT and before.a != after.a:
            if before.a < NEVER and after.a < NEVER:
                offender.visit_due = date_of(offender.visit_due + after.a - before.a, world)
            else:
                offender.visit_due = date_of(offender.last_seen + after.a, world)
        offender.review_due = _moved(offender.review_due, time, old.review_interval_days, new.review_interval_days)
        offender.notification_due = _moved(
            offender.notification_due, time, old.notification_interval_days, new.notification_interval_days
        )


@compiled
def _moved(due, time, before, after):
    """A due date whose interval changes: by the difference, or an interval from now where there was none."""
    if before == after:
        return due
    if before < NEVER and after < NEVER:
        return due + after - before
    return time + after
