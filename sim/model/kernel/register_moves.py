"""The register as it moves: who joins and leaves, custody and return, and what a change of policy means for everybody.

Called from SimPy between shifts; compiled because it touches every offender or every day.
"""

from __future__ import annotations

from sim.model.codes import (
    AT_START,
    COMMUNITY,
    CUSTODY,
    DEPARTURES,
    LEFT,
    LEFT_REGISTER,
    MOVED,
    NEVER,
    NONE,
    NOT_YET,
    REGISTERED,
    REGISTRATIONS,
    RELEASED,
    RESCHEDULED,
    SEEN,
    SEEN_BEFORE,
    TO_CUSTODY,
)
from sim.model.kernel import compiled
from sim.model.kernel.caseload import allocate, has_room, officer_of, release, smallest_caseload
from sim.model.kernel.count import add_flow, count_in_team, count_until, write_event
from sim.model.kernel.draws import CONSTANT, draw
from sim.model.kernel.natural_history import (
    change_rates,
    come_home,
    date_of,
    end_reactive,
    live_until,
    meeting_due_after,
    meeting_interval,
    pause_life,
    resume_life,
    visits_scheduled,
)


@compiled
def raise_first_work(offender, since, policy):
    """First visit, review and notification of an offender who is new, or back, since a date."""
    offender.record_lost = 0
    offender.visit_due = since + policy.first_visit_days if visits_scheduled(offender.risk, policy) else NEVER
    offender.review_due = since + policy.first_review_days if policy.review_interval_days < NEVER else NEVER
    offender.notification_due = since + policy.notification_interval_days
    offender.meeting_due = since + meeting_interval(offender, policy)


@compiled
def _expect_newcomer(offender, policy):
    """What a newcomer will need, by the policy of today."""
    raise_first_work(offender, offender.registered, policy)
    offender.initial_assessment_due = offender.registered if policy.initial_assessment_needed == 1 else NEVER


@compiled
def first_intervals(rows, policies, uniform, of_visits, of_meetings):
    """Days between visits to each offender, and between the MAPPA meetings, by the first of `policies`."""
    policy = policies[0]
    for row in range(len(rows)):
        offender = rows[row]
        of_visits[row] = draw(policy.interval_days[offender.risk], uniform[row]) * offender.plan_factor
        of_meetings[row] = meeting_interval(offender, policy)


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
def midnight(today, worlds, policies, teams, desks, offenders, departures, caseloads, queues, tally, log):
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
            _leave(offenders[leaver], leaver, world, policy, desks, offenders, caseloads, queues, tally, log)
        else:
            row = world.next_registration
            offender = offenders[row]
            desk = smallest_caseload(teams[offender.team], policy, desks)
            if desk >= 0 and not has_room(desk, desks, caseloads):
                return False
            world.next_registration += 1
            offender.state = COMMUNITY
            add_flow(tally, world, REGISTRATIONS, offender.risk, joins, 1.0)
            officer = officer_of(desk, desks)
            write_event(log, world, REGISTERED, row, offender, joins, 0.0, offender.visit_due, NONE, 0, officer, -1)
            if desk >= 0:
                allocate(offender, row, desk, policy, desks, caseloads, queues)


@compiled
def _leave(offender, row, world, policy, desks, offenders, caseloads, queues, tally, log):
    """The notification period ends, or the offender dies or moves away."""
    time = max(offender.leaves, offender.counted_until)  # not out of the hands of an officer
    live_until(offender, row, time, world, policy, tally, log)
    count_until(offender, time, world, tally)
    release(offender, offenders, desks, caseloads, queues)
    offender.state = LEFT
    count_until(offender, NEVER, world, tally)
    offender.home_desk = -1
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
def take_into_custody(row, time, why, worlds, policies, desks, offenders, caseloads, queues, tally, log):
    """An enquiry ended in custody, or the offender is recalled: nobody visits until release.

    Whoever had left home without telling is found by that. Returns False for one who is not in the community.
    """
    world, policy, offender = worlds[0], policies[0], offenders[row]
    if offender.state != COMMUNITY:
        return False
    time = max(time, offender.counted_until)  # not out of the hands of an officer
    live_until(offender, row, time, world, policy, tally, log)
    count_until(offender, time, world, tally)
    release(offender, offenders, desks, caseloads, queues)
    offender.state = CUSTODY
    offender.home_desk = -1
    offender.enquiry_due = NEVER
    offender.warrant_due = NEVER
    offender.reactive = 0
    offender.desk_check_due = NEVER
    if offender.gone == 1:
        come_home(offender, time, world, policy)
    pause_life(offender, time, policy)
    write_event(log, world, TO_CUSTODY, row, offender, time, 0.0, NEVER, why, 0, -1, -1)
    return True


@compiled
def return_to_community(row, time, worlds, policies, teams, desks, offenders, caseloads, queues, tally, log):
    """Released: back in the smallest caseload of the team, with a first visit and review due.

    Returns False when that has outgrown its table; nothing is lost, widen the table and call again.
    """
    world, policy, offender = worlds[0], policies[0], offenders[row]
    if offender.state != CUSTODY:
        return True
    desk = smallest_caseload(teams[offender.team], policy, desks)
    if desk >= 0 and not has_room(desk, desks, caseloads):
        return False
    time = max(time, offender.counted_until)
    count_until(offender, time, world, tally)
    offender.state = COMMUNITY
    offender.busy_until = time
    offender.barred_until = time
    offender.failed_in_a_row = 0
    offender.quiet_since = time
    resume_life(offender, time, policy)
    raise_first_work(offender, date_of(time, world), policy)
    officer = officer_of(desk, desks)
    write_event(log, world, RELEASED, row, offender, time, 0.0, offender.visit_due, NONE, 0, officer, -1)
    if desk >= 0:
        allocate(offender, row, desk, policy, desks, caseloads, queues)
    return True


@compiled
def move_team(row, team_row, time, worlds, policies, teams, desks, offenders, caseloads, queues, tally, log):
    """The offender moves into the area of another team: its smallest caseload, and a first visit at the new home.

    Not who has left home without telling: of them nobody knows where they live. Returns False when the caseload has
    outgrown its table; nothing is lost, widen the table and call again.
    """
    world, policy, offender = worlds[0], policies[0], offenders[row]
    if offender.state != COMMUNITY or offender.team == team_row:
        return True
    desk = smallest_caseload(teams[team_row], policy, desks)
    if desk >= 0 and not has_room(desk, desks, caseloads):
        return False
    time = max(time, offender.counted_until)  # not out of the hands of an officer
    live_until(offender, row, time, world, policy, tally, log)
    if offender.gone == 1:
        return True
    count_until(offender, time, world, tally)
    release(offender, offenders, desks, caseloads, queues)
    count_in_team(offender, team_row, time, world, tally)
    offender.home_desk = -1
    if offender.visit_due < NEVER:
        offender.visit_due = min(offender.visit_due, date_of(time, world) + policy.first_visit_days)
    write_event(log, world, MOVED, row, offender, time, 0.0, offender.visit_due, NONE, 0, officer_of(desk, desks), -1)
    if desk >= 0:
        allocate(offender, row, desk, policy, desks, caseloads, queues)
    return True


@compiled
def change_policy(time, old_policies, new_policies, worlds, offenders, log):
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
        offender.meeting_due = _meeting_moved(offender, time, world, old, new)
        if offender.reactive == 1:
            offender.desk_check_due = _moved(
                offender.desk_check_due, time, old.desk_check_interval_days, new.desk_check_interval_days
            )
            offender.notification_due = _moved(
                offender.notification_due, time, old.notification_interval_days, new.notification_interval_days
            )
            if new.reactive_after_days == NEVER:
                end_reactive(offender, row, max(time, offender.counted_until), world, new, log)
            continue
        before, after = old.interval_days[offender.risk], new.interval_days[offender.risk]
        if offender.record_lost == 0 and before.family == CONSTANT and after.family == CONSTANT and before.a != after.a:
            if before.a < NEVER and after.a < NEVER:
                later = (after.a - before.a) * offender.plan_factor
                offender.visit_due = date_of(offender.visit_due + later, world)
            else:
                offender.visit_due = date_of(offender.last_seen + after.a * offender.plan_factor, world)
        offender.review_due = _moved(offender.review_due, time, old.review_interval_days, new.review_interval_days)
        offender.notification_due = _moved(
            offender.notification_due, time, old.notification_interval_days, new.notification_interval_days
        )
        moved = offender.visit_due != visit_due or offender.review_due != review_due
        if moved and offender.state == COMMUNITY:
            told = max(time, offender.counted_until)  # not before work in hand is done
            write_event(log, world, RESCHEDULED, row, offender, told, 0.0, offender.visit_due, NONE, 0, -1, -1)


@compiled
def _meeting_moved(offender, time, world, old, new):
    """The next MAPPA meeting when levels or intervals change."""
    before, after = meeting_interval(offender, old), meeting_interval(offender, new)
    if before == after or offender.reactive == 1:
        return offender.meeting_due
    if before < NEVER and after < NEVER:
        return date_of(offender.meeting_due + after - before, world)
    return meeting_due_after(offender, NEVER, time, world, new)


@compiled
def _moved(due, time, before, after):
    """A due date whose interval changes: by the difference, or an interval from now where there was none."""
    if before == after:
        return due
    if before < NEVER and after < NEVER:
        return due + after - before
    return time + after
