"""The register as it moves: who joins and leaves, custody and return, and what a change of policy means for everybody.

Called from SimPy between shifts; compiled because it touches every offender or every day.
"""

from __future__ import annotations

from sim.model.compiled import compiled
from sim.model.compiled.caseload import allocate, has_room, officer_of, release, set_wake, smallest_caseload
from sim.model.compiled.count import add_flow, count_until, write_event
from sim.model.compiled.draws import CONSTANT
from sim.model.compiled.nature import change_rates, date_of, live_until, pause_life, resume_life
from sim.model.compiled.work import find_record
from sim.model.state import (
    AT_AUDIT,
    AT_START,
    COMMUNITY,
    CUSTODY,
    DEPARTURES,
    LEFT,
    LEFT_REGISTER,
    MISSING,
    NEVER,
    NONE,
    NOT_YET,
    REALLOCATED,
    REGISTERED,
    REGISTRATIONS,
    RELEASED,
    RESCHEDULED,
    SEEN,
    SEEN_BEFORE,
    TO_CUSTODY,
)


@compiled
def raise_first_work(offender, since, policy):
    """First visit, review and notification of an offender who is new, or back, since a date."""
    offender.record_lost = 0
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
def tell_start(today, worlds, desks, offenders, log):
    """Write into the log how today's offenders, the first rows, stand, and when they were last seen."""
    world = worlds[0]
    for row in range(today):
        offender = offenders[row]
        due, officer = offender.visit_due, officer_of(offender.desk, desks)
        seen, unannounced = offender.last_seen, offender.last_seen_unannounced
        if unannounced > -NEVER:
            write_event(log, world, SEEN_BEFORE, row, offender, unannounced, 0.0, due, SEEN, 0, -1, -1)
        if seen > unannounced:
            write_event(log, world, SEEN_BEFORE, row, offender, seen, 0.0, due, SEEN, 1, -1, -1)
        write_event(log, world, AT_START, row, offender, 0.0, 0.0, due, NONE, 0, officer, -1)


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
            officer = officer_of(desk, desks)
            write_event(log, world, REGISTERED, row, offender, joins, 0.0, offender.visit_due, NONE, 0, officer, -1)
            if desk >= 0:
                allocate(offender, row, desk, policy, desks, caseload_rows, caseload_wakes)


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
    officer = officer_of(desk, desks)
    write_event(log, world, RELEASED, row, offender, time, 0.0, offender.visit_due, NONE, 0, officer, -1)
    if desk >= 0:
        allocate(offender, row, desk, policy, desks, caseload_rows, caseload_wakes)


@compiled
def change_policy(time, worlds, old_policies, new_policies, offenders, log):
    """From `time` on other values hold: due dates move with their intervals, and waiting times with their rates.

    Everybody must have been counted up to `time`.
    """
    world, old, new = worlds[0], old_policies[0], new_policies[0]
    for row in range(len(offenders)):
        offender = offenders[row]
        if offender.state == LEFT:
            continue
        if offender.state != CUSTODY:  # there, waiting times rest
            change_rates(offender, max(time, offender.registered), old, new)
        if offender.state == NOT_YET:
            _expect_newcomer(offender, new)
            continue
        visit_due, review_due = offender.visit_due, offender.review_due
        before, after = old.interval_days[offender.risk], new.interval_days[offender.risk]
        if offender.record_lost == 0 and before.family == CONSTANT and after.family == CONSTANT and before.a != after.a:
            if before.a < NEVER and after.a < NEVER:
                offender.visit_due = date_of(offender.visit_due + after.a - before.a, world)
            else:
                offender.visit_due = date_of(offender.last_seen + after.a, world)
        offender.review_due = _moved(offender.review_due, time, old.review_interval_days, new.review_interval_days)
        offender.notification_due = _moved(
            offender.notification_due, time, old.notification_interval_days, new.notification_interval_days
        )
        moved = offender.visit_due != visit_due or offender.review_due != review_due
        if moved and offender.state == COMMUNITY:
            told = max(time, offender.counted_until)  # not before work in hand is done
            write_event(log, world, RESCHEDULED, row, offender, told, 0.0, offender.visit_due, NONE, 0, -1, -1)


@compiled
def _moved(due, time, before, after):
    """A due date whose interval changes: by the difference, or an interval from now where there was none."""
    if before == after:
        return due
    if before < NEVER and after < NEVER:
        return due + after - before
    return time + after


@compiled
def even_out(team_row, time, worlds, policies, teams, officers, desks, offenders, caseload_rows, caseload_wakes, log):
    """Empty the caseloads of officers who have gone, and level the others to within one offender.

    Everybody must have been counted up to `time`. Returns False when a caseload has outgrown its table; nothing is
    lost, widen the table and call again.
    """
    world, policy, team = worlds[0], policies[0], teams[team_row]
    for row in range(world.next_registration):
        offender = offenders[row]
        if offender.team != team_row or not (offender.state == COMMUNITY or offender.state == MISSING):
            continue
        if offender.desk >= 0 and officers[desks[offender.desk].officer].in_post == 1:
            continue
        smallest = smallest_caseload(team, desks, officers)
        if smallest >= 0 and not has_room(smallest, desks, caseload_rows):
            return False
        _reallocate(offender, row, smallest, time, world, policy, desks, offenders, caseload_rows, caseload_wakes, log)
    while True:
        smallest = smallest_caseload(team, desks, officers)
        largest = _largest_caseload(team, desks)
        if smallest < 0 or desks[largest].held <= desks[smallest].held + 1:
            return True
        row = caseload_rows[largest, desks[largest].held - 1]
        _reallocate(
            offenders[row], row, smallest, time, world, policy, desks, offenders, caseload_rows, caseload_wakes, log
        )


@compiled
def _largest_caseload(team, desks):
    best = team.first_desk
    for desk_row in range(team.first_desk, team.first_desk + team.desks):
        if desks[desk_row].held > desks[best].held:
            best = desk_row
    return best


@compiled
def _reallocate(offender, row, desk_row, time, world, policy, desks, offenders, caseload_rows, caseload_wakes, log):
    """Move an offender to another caseload, or to nobody's (-1)."""
    if offender.desk < 0 and desk_row < 0:
        return
    release(offender, offenders, desks, caseload_rows, caseload_wakes)
    if desk_row >= 0:
        allocate(offender, row, desk_row, policy, desks, caseload_rows, caseload_wakes)
    new_officer = officer_of(desk_row, desks)
    told = max(time, offender.counted_until)  # not before work in hand is done
    write_event(log, world, REALLOCATED, row, offender, told, 0.0, offender.visit_due, NONE, 0, new_officer, -1)


@compiled
def audit(time, worlds, policies, desks, offenders, caseload_wakes, tally, log):
    """An audit of the register finds every lost record."""
    world, policy = worlds[0], policies[0]
    for row in range(world.next_registration):
        offender = offenders[row]
        if offender.record_lost == 1 and offender.state == COMMUNITY:
            found = max(time, offender.counted_until)  # not before work in hand is done
            live_until(offender, row, found, world, policy, tally, log)
            find_record(offender, row, found, AT_AUDIT, world, policy, tally, log)
            if offender.desk >= 0:
                set_wake(offender, policy, desks, caseload_wakes)
