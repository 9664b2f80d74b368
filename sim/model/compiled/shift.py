"""One working day of the whole force, event by event: who is free first chooses next.

Within a team the officer who looks for work earliest goes first. Where nobody needs a colleague or shares a caseload
the order makes no difference, and each officer's day is lived to its end before the next one's. Work that needs two
starts when both are free. Work once begun is finished; what runs beyond the shift and the overtime allowed is owed to
the officer and taken back from the next shifts. What falls due at noon is not done at nine: an officer with nothing to
do looks again when the next of the caseload needs someone.
"""

from __future__ import annotations

from sim.model.codes import (
    DESK_CHECK,
    HOURS_IDLE,
    HOURS_PER_DAY,
    HOURS_VISIT,
    HOURS_WAITING,
    INTAKE,
    MEETING,
    NEVER,
    NOTIFICATION,
    REVIEW,
    TRACING,
    VISIT,
    WARRANT,
)
from sim.model.compiled import compiled, inlined
from sim.model.compiled.attendance import begin_shift, end_shift, idle_hours
from sim.model.compiled.caseload import most_urgent, most_urgent_of_team, set_wake
from sim.model.compiled.count import week_of
from sim.model.compiled.desk_work import do_desk_check, do_enquiry, do_intake, do_meeting, do_notification, do_review
from sim.model.compiled.moves import midnight
from sim.model.compiled.nature import live_until
from sim.model.compiled.visits import do_tracing, do_visit, do_warrant


@compiled
def work_day(
    today,
    away,
    worlds,
    policies,
    teams,
    officers,
    looks_at,
    desks,
    offenders,
    departures,
    caseload_slots,
    caseload_wakes,
    waiting_slots,
    tally,
    log,
    followups,
):
    """Bring the register up to `today` and let every team work its shift.

    `away`: which officers are on leave, at court or lent (`codes.ON_LEAVE`, ...), else 0. `looks_at`: when each
    officer next looks for work. Returns how many `followups` it hands back; or -1 when a caseload has outgrown its
    table: nothing is lost, widen the table and call again.
    """
    if not midnight(
        today, worlds, policies, teams, desks, offenders, departures, caseload_slots, caseload_wakes, tally, log
    ):
        return -1
    world, policy = worlds[0], policies[0]
    world.followups = 0
    hours = tally[week_of(today, world)].hours
    for team_row in range(len(teams)):
        team = teams[team_row]
        first = team.first_officer
        beyond = first + team.officers
        staff, looks = officers[first:beyond], looks_at[first:beyond]
        dependent = begin_shift(today, world, policy, staff, looks, desks, away[first:beyond], hours)
        turn = 0
        while True:
            turn = _looks_first(looks) if dependent else _looks_on(turn, looks)
            if turn < 0:
                break
            lead_row = first + turn
            lead = officers[lead_row]
            now = looks_at[lead_row]
            colleague_row = -1
            start = now
            alone = False
            while True:
                row, kind, next_wake = _choose(
                    lead,
                    team,
                    now,
                    alone,
                    world,
                    policy,
                    desks,
                    offenders,
                    caseload_slots,
                    caseload_wakes,
                    waiting_slots,
                    tally,
                    log,
                )
                if row < 0 or policy.crew[kind, offenders[row].risk] == 1:
                    break
                colleague_row = _free_first(first, beyond, lead_row, now, officers)
                if colleague_row >= 0:
                    start = max(now, officers[colleague_row].free_at)
                    break
                alone = True
            if lead.desk >= 0:
                desks[lead.desk].wake = next_wake
            if row < 0:
                later = next_wake if next_wake > now else NEVER  # what waits now waits for a colleague of tomorrow
                looks_at[lead_row] = later if later < lead.shift_end else NEVER
                continue

            offender = offenders[row]
            crew = policy.crew[kind, offender.risk]
            trained = lead.trained
            risk = offender.risk
            live_until(offender, row, start, world, policy, tally, log)
            if kind == VISIT:
                together, after = do_visit(
                    offender, row, start, crew, lead_row, colleague_row, trained, world, policy, tally, log
                )
            elif kind == REVIEW:
                together, after = do_review(
                    offender, row, start, crew, lead_row, colleague_row, trained, world, policy, tally, log
                )
            elif kind == NOTIFICATION:
                together, after = do_notification(
                    offender, row, start, crew, lead_row, colleague_row, trained, world, policy, tally, log
                )
            elif kind == INTAKE:
                together, after = do_intake(
                    offender, row, start, crew, lead_row, colleague_row, trained, world, policy, tally, log
                )
            elif kind == WARRANT:
                together, after = do_warrant(
                    offender, row, start, crew, lead_row, colleague_row, trained, world, policy, tally, log
                )
            elif kind == TRACING:
                together, after = do_tracing(
                    offender, row, start, crew, lead_row, colleague_row, trained, world, policy, tally, log
                )
            elif kind == DESK_CHECK:
                together, after = do_desk_check(
                    offender, row, start, crew, lead_row, colleague_row, trained, world, policy, tally, log
                )
            elif kind == MEETING:
                together, after = do_meeting(
                    offender, row, start, crew, lead_row, colleague_row, trained, world, policy, tally, log
                )
            else:
                together, after = do_enquiry(
                    offender,
                    row,
                    start,
                    crew,
                    lead_row,
                    colleague_row,
                    trained,
                    world,
                    policy,
                    tally,
                    log,
                    followups,
                )
            world.tasks += 1
            wake = set_wake(offender, policy, desks, caseload_slots, caseload_wakes)
            if offender.risk != risk:
                held = desks[offender.desk].held_by_risk
                held[risk] -= 1
                held[offender.risk] += 1

            end = start + together / HOURS_PER_DAY
            hours[HOURS_VISIT + kind] += crew * together + after
            hours[HOURS_WAITING] += (start - now) * HOURS_PER_DAY
            hours[HOURS_IDLE] += idle_hours(lead, now)
            lead.free_at = end + after / HOURS_PER_DAY
            looks_at[lead_row] = _next_look(lead, now, desks)
            if colleague_row >= 0:
                colleague = officers[colleague_row]
                hours[HOURS_IDLE] += idle_hours(colleague, start)
                colleague.free_at = end
                looks_at[colleague_row] = _next_look(colleague, now, desks)
            if desks[offender.desk].officer < 0:
                _call_idle_officers(first, beyond, now, wake, officers, looks_at)
        end_shift(policy.overtime_hours, staff, hours)
    return world.followups


@inlined
def _choose(
    lead, team, now, alone, world, policy, desks, offenders, caseload_slots, caseload_wakes, waiting_slots, tally, log
):
    """What an officer does next: the most urgent in the own caseload, or for a surge team the most overdue of all."""
    if lead.desk < 0:
        row, kind = most_urgent_of_team(
            team,
            now,
            alone,
            world,
            policy,
            desks,
            offenders,
            caseload_slots,
            caseload_wakes,
            waiting_slots,
            tally,
            log,
        )
        return row, kind, NEVER
    row, kind, next_wake, _ = most_urgent(
        lead.desk,
        now,
        alone,
        False,
        world,
        policy,
        desks,
        offenders,
        caseload_slots,
        caseload_wakes,
        waiting_slots,
        tally,
        log,
    )
    return row, kind, next_wake


@inlined
def _next_look(officer, now, desks):
    """When an officer looks for work again: as soon as free, if anything waits by then; NEVER if not today.

    After the shift only who is still at work goes on, in overtime, with what is waiting already.
    """
    look = officer.free_at
    if officer.desk >= 0:
        look = max(look, desks[officer.desk].wake)
    if look < officer.shift_end or (look == officer.free_at and look < officer.overtime_end):
        return look
    return NEVER


@inlined
def _looks_first(looks_at):
    """Whose turn it is where officers depend on each other: who looks for work earliest, the first of equals; or -1."""
    best = -1
    earliest = NEVER
    for turn in range(len(looks_at)):
        if looks_at[turn] < earliest:
            earliest = looks_at[turn]
            best = turn
    return best


@inlined
def _looks_on(turn, looks_at):
    """Whose turn it is where nobody depends on another: one officer's until done for today, then the next; or -1."""
    while turn < len(looks_at):
        if looks_at[turn] < NEVER:
            return turn
        turn += 1
    return -1


@compiled
def _free_first(first, beyond, lead_row, now, officers):
    """The colleague on shift who is free earliest and before work may no longer begin; -1 if there is none."""
    best = -1
    earliest = _latest_start(officers[lead_row], now)
    for officer_row in range(first, beyond):
        officer = officers[officer_row]
        if officer_row == lead_row or officer.on_shift == 0 or officer.free_at >= _latest_start(officer, now):
            continue
        if officer.free_at < earliest:
            earliest = officer.free_at
            best = officer_row
    return best


@compiled
def _latest_start(officer, now):
    """Until when an officer may begin something: the end of the shift, or of overtime if still at work then."""
    at_work = officer.free_at > officer.shift_end or now <= officer.shift_end
    return officer.overtime_end if at_work else -NEVER


@compiled
def _call_idle_officers(first, beyond, now, wake, officers, looks_at):
    """In a pooled team, work that comes up earlier than expected calls whoever is idle."""
    for officer_row in range(first, beyond):
        officer = officers[officer_row]
        if officer.on_shift == 1 and looks_at[officer_row] > wake and officer.free_at < officer.shift_end:
            look = max(wake, officer.free_at, now)
            looks_at[officer_row] = look if look < officer.shift_end else NEVER
