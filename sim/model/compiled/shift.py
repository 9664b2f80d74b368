"""One working day of the whole force, event by event: who is free first chooses next.

Within a team the officer who looks for work earliest goes first. Where nobody needs a colleague or shares a caseload
the order makes no difference, and each officer's day is lived to its end before the next one's. Work that needs two
starts when both are free. Work once begun is finished; what runs beyond the shift and the overtime allowed is owed to
the officer and taken back from the next shifts. What falls due at noon is not done at nine: an officer with nothing to
do looks again when the next of the caseload needs someone.
"""

from __future__ import annotations

from sim.model.codes import (
    AT_COURT,
    DESK_CHECK,
    HOURS_AVAILABLE,
    HOURS_CONTRACTED,
    HOURS_COURSE,
    HOURS_COURT,
    HOURS_IDLE,
    HOURS_LEAVE,
    HOURS_LENT,
    HOURS_OTHER_DUTIES,
    HOURS_OVERTIME,
    HOURS_OWED,
    HOURS_PER_DAY,
    HOURS_REPAID,
    HOURS_SICK,
    HOURS_VACANT,
    HOURS_VISIT,
    HOURS_WAITING,
    INTAKE,
    MEETING,
    NEVER,
    NOTIFICATION,
    ON_LEAVE,
    REVIEW,
    TRACING,
    VISIT,
    WARRANT,
)
from sim.model.compiled import compiled, inlined
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
    waiting_places,
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
        dependent = _begin_shift(today, world, policy, staff, looks, desks, away[first:beyond], hours)
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
                    waiting_places,
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
                    lead.trained,
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
            hours[HOURS_IDLE] += _idle_hours(lead, now)
            lead.free_at = end + after / HOURS_PER_DAY
            looks_at[lead_row] = _next_look(lead, now, desks)
            if colleague_row >= 0:
                colleague = officers[colleague_row]
                hours[HOURS_IDLE] += _idle_hours(colleague, start)
                colleague.free_at = end
                looks_at[colleague_row] = _next_look(colleague, now, desks)
            if desks[offender.desk].officer < 0:
                _call_idle_officers(first, beyond, now, wake, officers, looks_at)
        _end_shift(policy.overtime_hours, staff, hours)
    return world.followups


@inlined
def _choose(
    lead, team, now, alone, world, policy, desks, offenders, caseload_slots, caseload_wakes, waiting_places, tally, log
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
            waiting_places,
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
        waiting_places,
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
def _begin_shift(today, world, policy, officers, looks_at, desks, away, hours):
    """Put the officers of a team who are here on shift, less the hours they are owed.

    Returns whether they depend on each other: on a colleague for work that needs two, or on what others have taken
    from a common caseload.
    """
    dependent = world.crews_of_two == 1
    start = today + policy.shift_start
    shift_hours, contracted_hours = policy.shift_hours, policy.contracted_hours
    overtime = policy.overtime_hours / HOURS_PER_DAY
    all_contracted = other_duties = available = repaid = 0.0
    share = contracted = free_for_caseload = shift_end = -1.0
    for turn in range(len(officers)):
        officer = officers[turn]
        officer.on_shift = 0
        looks_at[turn] = NEVER
        if officer.post == 0:
            continue
        if officer.hours_share != share:  # most officers work as long as the one before
            share = officer.hours_share
            contracted = contracted_hours * share
            free_for_caseload = shift_hours * share
            shift_end = start + free_for_caseload / HOURS_PER_DAY
        all_contracted += contracted
        if officer.in_post == 0:
            hours[HOURS_VACANT] += contracted
            continue
        if officer.absent > 0:
            hours[HOURS_SICK] += contracted
            continue
        if officer.on_course == 1:
            hours[HOURS_COURSE] += contracted
            continue
        if away[turn] > 0:
            hours[_use_of_absence(away[turn])] += contracted
            continue
        owed = officer.owed_hours
        other_duties += contracted - free_for_caseload
        available += free_for_caseload
        repaid += min(owed, free_for_caseload)
        if owed >= free_for_caseload:
            officer.owed_hours = owed - free_for_caseload
            continue
        officer.owed_hours = 0.0
        officer.on_shift = 1
        officer.free_at = start + owed / HOURS_PER_DAY if owed > 0.0 else start
        officer.shift_end = shift_end
        officer.overtime_end = shift_end + overtime
        first_look = officer.free_at
        if officer.desk < 0:
            dependent = True
        else:
            desk = desks[officer.desk]
            first_look = max(first_look, desk.wake)
            if desk.officer < 0:
                dependent = True
        if first_look < shift_end:
            looks_at[turn] = first_look
    hours[HOURS_CONTRACTED] += all_contracted
    hours[HOURS_OTHER_DUTIES] += other_duties
    hours[HOURS_AVAILABLE] += available
    hours[HOURS_REPAID] += repaid
    return dependent


@compiled
def _use_of_absence(reason):
    """Under which use the hours of a planned absence are booked."""
    if reason == ON_LEAVE:
        return HOURS_LEAVE
    return HOURS_COURT if reason == AT_COURT else HOURS_LENT


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


@inlined
def _idle_hours(officer, until):
    """Hours an officer had nothing to do between the last work and a time."""
    return max(until - officer.free_at, 0.0) * HOURS_PER_DAY


@inlined
def _end_shift(overtime_hours, officers, hours):
    """Book idle ends of the shift, and what was worked beyond it: overtime as far as it goes, the rest is owed."""
    idle = 0.0
    for turn in range(len(officers)):
        officer = officers[turn]
        if officer.on_shift == 0:
            continue
        idle += _idle_hours(officer, officer.shift_end)
        if officer.free_at > officer.shift_end:
            beyond_shift = (officer.free_at - officer.shift_end) * HOURS_PER_DAY
            overtime = min(beyond_shift, overtime_hours)
            officer.owed_hours = beyond_shift - overtime
            hours[HOURS_OVERTIME] += overtime
            hours[HOURS_OWED] += officer.owed_hours
    hours[HOURS_IDLE] += idle
