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
    catch_up,
    change_rates,
    come_home,
    date_of,
    end_reactive,
    meeting_due_after,
    meeting_interval,
    pause_natural_history,
    resume_natural_history,
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
def log_start(today, clocks, caseloads, offenders, log):
    """Write into the log how today's offenders, the first rows, stand, and when they were last seen."""
    clock = clocks[0]
    for row in range(today):
        offender = offenders[row]
        due, officer = offender.visit_due, officer_of(offender.caseload, caseloads)
        seen, unannounced = offender.last_seen, offender.last_seen_unannounced
        if unannounced > -NEVER:
            write_event(log, clock, SEEN_BEFORE, row, offender, unannounced, 0.0, due, SEEN, 0, -1, -1)
        if seen > unannounced:
            write_event(log, clock, SEEN_BEFORE, row, offender, seen, 0.0, due, SEEN, 1, -1, -1)
        write_event(log, clock, AT_START, row, offender, 0.0, 0.0, due, NONE, 0, officer, -1)


@compiled
def midnight(today, clocks, policies, teams, caseloads, offenders, departures, members, queues, tally, log):
    """Bring the register up to today: who leaves goes first, then new offenders join the smallest caseload.

    Returns False when a caseload has outgrown its table; nothing is lost, widen the table and call again.
    """
    clock, policy = clocks[0], policies[0]
    while True:
        leaver = departures[clock.next_departure] if clock.next_departure < len(departures) else -1
        leaves = offenders[leaver].leaves if leaver >= 0 else NEVER
        joins = offenders[clock.next_registration].registered if clock.next_registration < len(offenders) else NEVER
        if min(leaves, joins) > today:
            return True
        if leaves <= joins:
            clock.next_departure += 1
            _leave(offenders[leaver], leaver, clock, policy, caseloads, offenders, members, queues, tally, log)
        else:
            row = clock.next_registration
            offender = offenders[row]
            caseload = smallest_caseload(teams[offender.team], policy, caseloads)
            if caseload >= 0 and not has_room(caseload, caseloads, members):
                return False
            clock.next_registration += 1
            offender.state = COMMUNITY
            add_flow(tally, clock, REGISTRATIONS, offender.risk, joins, 1.0)
            officer = officer_of(caseload, caseloads)
            write_event(log, clock, REGISTERED, row, offender, joins, 0.0, offender.visit_due, NONE, 0, officer, -1)
            if caseload >= 0:
                allocate(offender, row, caseload, policy, caseloads, members, queues)


@compiled
def _leave(offender, row, clock, policy, caseloads, offenders, members, queues, tally, log):
    """The notification period ends, or the offender dies or moves away."""
    time = max(offender.leaves, offender.counted_until)  # not out of the hands of an officer
    catch_up(offender, row, time, clock, policy, tally, log)
    count_until(offender, time, clock, tally)
    release(offender, offenders, caseloads, members, queues)
    offender.state = LEFT
    count_until(offender, NEVER, clock, tally)
    offender.home_caseload = -1
    add_flow(tally, clock, DEPARTURES, offender.risk, time, 1.0)
    write_event(log, clock, LEFT_REGISTER, row, offender, time, 0.0, NEVER, NONE, 0, -1, -1)


@compiled
def count_everybody(time, clocks, policies, offenders, tally, log):
    """Bring every offender's life and count up to `time`, before a change of policy, and at the horizon.

    Whoever is in some condition at the horizon stays in it: those spells are booked as open.
    """
    clock, policy = clocks[0], policies[0]
    counted = NEVER if time >= clock.end else time
    for row in range(clock.next_registration):
        offender = offenders[row]
        if offender.state == LEFT:
            continue
        catch_up(offender, row, time, clock, policy, tally, log)
        count_until(offender, counted, clock, tally)


@compiled
def take_into_custody(row, time, why, clocks, policies, caseloads, offenders, members, queues, tally, log):
    """An enquiry ended in custody, or the offender is recalled: nobody visits until release.

    Whoever had left home without telling is found by that. Returns False for one who is not in the community.
    """
    clock, policy, offender = clocks[0], policies[0], offenders[row]
    if offender.state != COMMUNITY:
        return False
    time = max(time, offender.counted_until)  # not out of the hands of an officer
    catch_up(offender, row, time, clock, policy, tally, log)
    count_until(offender, time, clock, tally)
    release(offender, offenders, caseloads, members, queues)
    offender.state = CUSTODY
    offender.home_caseload = -1
    offender.enquiry_due = NEVER
    offender.warrant_due = NEVER
    offender.reactive = 0
    offender.desk_check_due = NEVER
    if offender.gone == 1:
        come_home(offender, time, clock, policy)
    pause_natural_history(offender, time, policy)
    write_event(log, clock, TO_CUSTODY, row, offender, time, 0.0, NEVER, why, 0, -1, -1)
    return True


@compiled
def return_to_community(row, time, clocks, policies, teams, caseloads, offenders, members, queues, tally, log):
    """Released: back in the smallest caseload of the team, with a first visit and review due.

    Returns False when that has outgrown its table; nothing is lost, widen the table and call again.
    """
    clock, policy, offender = clocks[0], policies[0], offenders[row]
    if offender.state != CUSTODY:
        return True
    caseload = smallest_caseload(teams[offender.team], policy, caseloads)
    if caseload >= 0 and not has_room(caseload, caseloads, members):
        return False
    time = max(time, offender.counted_until)
    count_until(offender, time, clock, tally)
    offender.state = COMMUNITY
    offender.busy_until = time
    offender.barred_until = time
    offender.failed_in_a_row = 0
    offender.quiet_since = time
    resume_natural_history(offender, time, policy)
    raise_first_work(offender, date_of(time, clock), policy)
    officer = officer_of(caseload, caseloads)
    write_event(log, clock, RELEASED, row, offender, time, 0.0, offender.visit_due, NONE, 0, officer, -1)
    if caseload >= 0:
        allocate(offender, row, caseload, policy, caseloads, members, queues)
    return True


@compiled
def move_team(row, team_row, time, clocks, policies, teams, caseloads, offenders, members, queues, tally, log):
    """The offender moves into the area of another team: its smallest caseload, and a first visit at the new home.

    Not who has left home without telling: of them nobody knows where they live. Returns False when the caseload has
    outgrown its table; nothing is lost, widen the table and call again.
    """
    clock, policy, offender = clocks[0], policies[0], offenders[row]
    if offender.state != COMMUNITY or offender.team == team_row:
        return True
    caseload = smallest_caseload(teams[team_row], policy, caseloads)
    if caseload >= 0 and not has_room(caseload, caseloads, members):
        return False
    time = max(time, offender.counted_until)  # not out of the hands of an officer
    catch_up(offender, row, time, clock, policy, tally, log)
    if offender.gone == 1:
        return True
    count_until(offender, time, clock, tally)
    release(offender, offenders, caseloads, members, queues)
    count_in_team(offender, team_row, time, clock, tally)
    offender.home_caseload = -1
    if offender.visit_due < NEVER:
        offender.visit_due = min(offender.visit_due, date_of(time, clock) + policy.first_visit_days)
    write_event(
        log, clock, MOVED, row, offender, time, 0.0, offender.visit_due, NONE, 0, officer_of(caseload, caseloads), -1
    )
    if caseload >= 0:
        allocate(offender, row, caseload, policy, caseloads, members, queues)
    return True


@compiled
def change_policy(time, old_policies, new_policies, clocks, offenders, log):
    """From `time` on other values hold: due dates move with their intervals, and waiting times with their rates.

    Everybody must have been counted up to `time`.
    """
    clock, old, new = clocks[0], old_policies[0], new_policies[0]
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
        offender.meeting_due = _meeting_moved(offender, time, clock, old, new)
        if offender.reactive == 1:
            offender.desk_check_due = _moved(
                offender.desk_check_due, time, old.desk_check_interval_days, new.desk_check_interval_days
            )
            offender.notification_due = _moved(
                offender.notification_due, time, old.notification_interval_days, new.notification_interval_days
            )
            if new.reactive_after_days == NEVER:
                end_reactive(offender, row, max(time, offender.counted_until), clock, new, log)
            continue
        before, after = old.interval_days[offender.risk], new.interval_days[offender.risk]
        if offender.record_lost == 0 and before.family == CONSTANT and after.family == CONSTANT and before.a != after.a:
            if before.a < NEVER and after.a < NEVER:
                later = (after.a - before.a) * offender.plan_factor
                offender.visit_due = date_of(offender.visit_due + later, clock)
            else:
                offender.visit_due = date_of(offender.last_seen + after.a * offender.plan_factor, clock)
        offender.review_due = _moved(offender.review_due, time, old.review_interval_days, new.review_interval_days)
        offender.notification_due = _moved(
            offender.notification_due, time, old.notification_interval_days, new.notification_interval_days
        )
        moved = offender.visit_due != visit_due or offender.review_due != review_due
        if moved and offender.state == COMMUNITY:
            told = max(time, offender.counted_until)  # not before work in hand is done
            write_event(log, clock, RESCHEDULED, row, offender, told, 0.0, offender.visit_due, NONE, 0, -1, -1)


@compiled
def _meeting_moved(offender, time, clock, old, new):
    """The next MAPPA meeting when levels or intervals change."""
    before, after = meeting_interval(offender, old), meeting_interval(offender, new)
    if before == after or offender.reactive == 1:
        return offender.meeting_due
    if before < NEVER and after < NEVER:
        return date_of(offender.meeting_due + after - before, clock)
    return meeting_due_after(offender, NEVER, time, clock, new)


@compiled
def _moved(due, time, before, after):
    """A due date whose interval changes: by the difference, or an interval from now where there was none."""
    if before == after:
        return due
    if before < NEVER and after < NEVER:
        return due + after - before
    return time + after
