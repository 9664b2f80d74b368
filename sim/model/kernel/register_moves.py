"""The register as it moves: registration, departure, custody and return, a change of policy; and its first day.

Called before the first shift and between shifts; compiled because it touches every offender or every day. Functions
that put an offender into a caseload return False when that has outgrown its table; nothing is lost, widen the table
and call again.
"""

from __future__ import annotations

from sim.model.codes import (
    AT_START,
    BREACH_BEGAN,
    BREACHES_BEGUN,
    BY_INTELLIGENCE,
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
from sim.model.kernel.caseload import officer_of, place_in_team, release, requeue, settle
from sim.model.kernel.compiling import compiled, entry_point, entry_point_without_tables, f8, i8, rows_of
from sim.model.kernel.count import add_flow, context_of, count_in_team, count_until
from sim.model.kernel.draws import CONSTANT, draw
from sim.model.kernel.event_log import log_event
from sim.model.kernel.natural_history import (
    begin_natural_history,
    catch_up,
    change_rates,
    come_home,
    date_of,
    end_reactive,
    find_breaches,
    meeting_due_after,
    meeting_interval,
    pause_natural_history,
    resume_natural_history,
    visits_scheduled,
)
from sim.model.records import OFFENDER, POLICY, Context


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


@entry_point_without_tables(rows_of(OFFENDER), rows_of(POLICY), f8[::1], f8[::1], f8[::1])
def first_intervals(rows, policies, uniform, of_visits, of_meetings):
    """Days between visits to each offender, and between the MAPPA meetings, by the first of `policies`."""
    policy = policies[0]
    for row in range(len(rows)):
        offender = rows[row]
        of_visits[row] = draw(policy.interval_days[offender.risk], uniform[row]) * offender.plan_factor
        of_meetings[row] = meeting_interval(offender, policy)


@entry_point_without_tables(rows_of(OFFENDER), rows_of(POLICY))
def expect_newcomers(newcomers, policies):
    """What each newcomer will need, by the first of `policies`."""
    for row in range(len(newcomers)):
        _expect_newcomer(newcomers[row], policies[0])


@entry_point(i8)
def log_start(today, tables):
    """Write into the log how today's offenders, the first rows, stand, and when they were last seen."""
    context = context_of(tables)
    clock = context.clock
    for row in range(today):
        offender = tables.offenders[row]
        due, officer = offender.visit_due, officer_of(offender.caseload, tables.caseloads)
        seen, unannounced = offender.last_seen, offender.last_seen_unannounced
        if unannounced > -NEVER:
            log_event(SEEN_BEFORE, offender, unannounced, due, SEEN, -1, context)
        if seen > unannounced:
            log_event(SEEN_BEFORE, offender, seen, due, SEEN, -1, context)
            if clock.log_rows <= len(tables.log):
                tables.log[clock.log_rows - 1].announced = 1
        log_event(AT_START, offender, 0.0, due, NONE, officer, context)


@entry_point(f8)
def midnight(today, tables):
    """Bring the register up to today: first who leaves, then new offenders, each into the smallest caseload."""
    clock, offenders, departures = tables.clocks[0], tables.offenders, tables.departures
    while True:
        leaver = departures[clock.next_departure] if clock.next_departure < len(departures) else -1
        leaves = offenders[leaver].leaves if leaver >= 0 else NEVER
        registered = (
            offenders[clock.next_registration].registered if clock.next_registration < len(offenders) else NEVER
        )
        if min(leaves, registered) > today:
            return True
        if leaves <= registered:
            clock.next_departure += 1
            _leave(offenders[leaver], tables)
        else:
            if not _register(offenders[clock.next_registration], registered, tables):
                return False
            clock.next_registration += 1


@compiled
def _register(offender, time, tables):
    """An offender is registered."""
    caseload_row, fits = place_in_team(offender.team, tables)
    if fits:
        offender.state = COMMUNITY
        add_flow(REGISTRATIONS, offender.risk, time, 1.0, context_of(tables))
        settle(REGISTERED, offender, time, caseload_row, tables)
    return fits


@compiled
def _leave(offender, tables):
    """The notification period ends, or the offender dies or moves away."""
    context = context_of(tables)
    time = max(offender.leaves, offender.counted_until)  # not out of the hands of an officer
    catch_up(offender, time, context)
    count_until(offender, time, context)
    release(offender, tables)
    offender.state = LEFT
    count_until(offender, NEVER, context)
    offender.home_caseload = -1
    add_flow(DEPARTURES, offender.risk, time, 1.0, context)
    log_event(LEFT_REGISTER, offender, time, NEVER, NONE, -1, context)


@entry_point(i8, f8)
def register_convicted(row, time, tables):
    """An offender convicted after an investigation, in a reserved row that is filled in by now, is registered."""
    offender = tables.offenders[row]
    if offender.state != LEFT:
        return True
    begin_natural_history(offender, time, time, time, tables.clocks[0], tables.policies[0])
    return _register(offender, time, tables)


@entry_point(i8, f8)
def suspect_on_register(row, time, tables):
    """An offender on the register is the suspect of another force's or the public's referral: a breach found.

    What they did is a breach that begins, as far as the register knows, where it is found; whatever else is latent
    comes to light with it.
    """
    offender, context = tables.offenders[row], context_of(tables)
    if offender.state != COMMUNITY:
        return
    now = max(time, offender.counted_until)  # not out of the hands of an officer
    catch_up(offender, now, context)
    count_until(offender, now, context)
    add_flow(BREACHES_BEGUN, offender.risk, now, 1.0, context)
    offender.latent_breaches += 1
    offender.latent_since_sum += now
    log_event(BREACH_BEGAN, offender, now, offender.visit_due, NONE, -1, context)
    find_breaches(offender, now, BY_INTELLIGENCE, context)
    if offender.caseload >= 0:
        requeue(offender, context.policy, tables.queues)


@entry_point(f8)
def count_everybody(time, tables):
    """Bring every offender and the counts up to `time`, before a change of policy, and at the horizon.

    A condition that holds at the horizon goes on: those spells are booked as open.
    """
    context = context_of(tables)
    until = NEVER if time >= context.clock.end else time
    for row in range(context.clock.next_registration):
        offender = tables.offenders[row]
        if offender.state != LEFT:
            catch_up(offender, time, context)
            count_until(offender, until, context)


@entry_point(i8, f8, i8)
def take_into_custody(row, time, why, tables):
    """An enquiry ended in custody, or the offender is recalled: nobody visits until release.

    An offender who had left home without notice is found by that. Returns False for one who is not in the community.
    """
    offender, context = tables.offenders[row], context_of(tables)
    if offender.state != COMMUNITY:
        return False
    time = max(time, offender.counted_until)  # not out of the hands of an officer
    catch_up(offender, time, context)
    count_until(offender, time, context)
    release(offender, tables)
    offender.state = CUSTODY
    offender.home_caseload = -1
    offender.enquiry_due = NEVER
    offender.warrant_due = NEVER
    offender.reactive = 0
    offender.desk_check_due = NEVER
    if offender.gone == 1:
        come_home(offender, time, context.clock, context.policy)
    pause_natural_history(offender, time, context.policy)
    log_event(TO_CUSTODY, offender, time, NEVER, why, -1, context)
    return True


@entry_point(i8, f8)
def return_to_community(row, time, tables):
    """Released: back in the smallest caseload of the team, with a first visit and review due."""
    offender, context = tables.offenders[row], context_of(tables)
    if offender.state != CUSTODY:
        return True
    caseload_row, fits = place_in_team(offender.team, tables)
    if not fits:
        return False
    time = max(time, offender.counted_until)
    count_until(offender, time, context)
    offender.state = COMMUNITY
    offender.busy_until = time
    offender.barred_until = time
    offender.failed_in_a_row = 0
    offender.quiet_since = time
    resume_natural_history(offender, time, context.policy)
    raise_first_work(offender, date_of(time, context.clock), context.policy)
    settle(RELEASED, offender, time, caseload_row, tables)
    return True


@entry_point(i8, i8, f8)
def move_team(row, team_row, time, tables):
    """The offender moves into the area of another team: its smallest caseload, and a first visit at the new home.

    Not one who has left home without notice: their address is not known.
    """
    offender, context = tables.offenders[row], context_of(tables)
    if offender.state != COMMUNITY or offender.team == team_row:
        return True
    caseload_row, fits = place_in_team(team_row, tables)
    if not fits:
        return False
    time = max(time, offender.counted_until)  # not out of the hands of an officer
    catch_up(offender, time, context)
    if offender.gone == 1:
        return True
    count_until(offender, time, context)
    release(offender, tables)
    count_in_team(offender, team_row, time, context)
    offender.home_caseload = -1
    if offender.visit_due < NEVER:
        first_visit_due = date_of(time, context.clock) + context.policy.first_visit_days
        offender.visit_due = min(offender.visit_due, first_visit_due)
    settle(MOVED, offender, time, caseload_row, tables)
    return True


@entry_point(f8, rows_of(POLICY))
def change_policy(time, new_policies, tables):
    """From `time` on other values hold: due dates move with their intervals, and waiting times with their rates.

    Everybody must have been counted up to `time`. Other routine work than reviews has moved already.
    """
    clock, old, new = tables.clocks[0], tables.policies[0], new_policies[0]
    changed = Context(clock, new, tables.tally, tables.log)
    for row in range(len(tables.offenders)):
        offender = tables.offenders[row]
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
            if new.reactive_after_days == NEVER:
                end_reactive(offender, max(time, offender.counted_until), changed)
            continue
        before, after = old.interval_days[offender.risk], new.interval_days[offender.risk]
        if offender.record_lost == 0 and before.family == CONSTANT and after.family == CONSTANT and before.a != after.a:
            if before.a < NEVER and after.a < NEVER:
                later = (after.a - before.a) * offender.plan_factor
                offender.visit_due = date_of(offender.visit_due + later, clock)
            else:
                offender.visit_due = date_of(offender.last_seen + after.a * offender.plan_factor, clock)
        offender.review_due = _moved(offender.review_due, time, old.review_interval_days, new.review_interval_days)
        moved = offender.visit_due != visit_due or offender.review_due != review_due
        if moved and offender.state == COMMUNITY:
            then = max(time, offender.counted_until)  # not before work under way is done
            log_event(RESCHEDULED, offender, then, offender.visit_due, NONE, -1, changed)


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
