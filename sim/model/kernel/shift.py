"""Working days of the whole force, event by event: who is free first chooses next.

Within a team the officer who looks for work earliest goes first. Where nobody needs a colleague or shares a caseload
the order makes no difference, and each officer's day is worked to its end before the next one's. Work that needs two
starts when both are free. Work once begun is finished; what runs beyond the shift and the overtime allowed is time off
in lieu, taken from the next shifts. What falls due at noon is not done at nine: an officer with nothing to do looks
again when the next of the caseload needs someone.
"""

from __future__ import annotations

import numpy as np

from sim.model.codes import HOURS_IDLE, HOURS_PER_DAY, HOURS_VISIT, HOURS_WAITING, NEVER
from sim.model.kernel.attendance import begin_shift, end_shift, idle_hours
from sim.model.kernel.caseload import most_urgent, most_urgent_of_team, requeue
from sim.model.kernel.compiling import compiled, entry_point, i1, i8, inlined, pasted
from sim.model.kernel.count import context_of, week_of
from sim.model.kernel.desk_work import do_work
from sim.model.kernel.natural_history import catch_up
from sim.model.kernel.register_moves import midnight


@entry_point(i8[::1], i1[:, ::1])
def work_days(days, away, tables):
    """Day by day bring the register up to date and let every team work its shift; returns how many days are done.

    `away`: on each of the `days`, for which officers a day of leave, at court or abstraction falls due (bits of
    `codes.ABSENCES`), else 0. It stops after a day that leaves `followups` to SimPy, and before one on which a caseload
    would outgrow its table: nothing is lost, widen the table and go on from there.
    """
    context = context_of(tables)
    clock, policy = context.clock, context.policy
    clock.followups = 0
    for number in range(len(days)):
        today = float(days[number])
        if not midnight(today, tables):
            return number
        hours = tables.tally[week_of(today, clock)].hours
        for team_row in range(len(tables.teams)):
            team = tables.teams[team_row]
            here, dependent = begin_shift(today, team, away[number], hours, policy, tables)
            _work_shift(team, here, dependent, hours, context, tables)
            end_shift(here, hours, policy, tables)
        if clock.followups > 0:
            return number + 1
    return len(days)


@pasted
def _work_shift(team, here, dependent, hours, context, tables):
    """Until nobody on shift looks for work any more: choose, do, and book what it took."""
    clock, policy = context.clock, context.policy
    officers, caseloads, queues = tables.officers, tables.caseloads, tables.queues
    next_decision_at, on_shift = tables.next_decision_at, tables.on_shift
    work = tables.work[0]
    turn = np.uint64(0)
    while True:
        turn = (
            _earliest(next_decision_at, on_shift, here) if dependent else _next(turn, next_decision_at, on_shift, here)
        )
        if turn == here:
            break
        lead_row = on_shift[turn]
        lead = officers[lead_row]
        now = next_decision_at[lead_row]
        colleague_row = -1
        start = now
        alone = False
        while True:
            row, kind, next_ready_at = _choose(lead, team, now, alone, context, tables)
            if row < 0 or policy.crew[kind, tables.offenders[row].risk] == 1:
                break
            colleague_row = _free_first(lead_row, now, officers, on_shift, here)
            if colleague_row >= 0:
                start = max(now, officers[colleague_row].free_at)
                break
            alone = True
        if row < 0:
            later = next_ready_at if next_ready_at > now else NEVER  # what waits now waits for a colleague of tomorrow
            next_decision_at[lead_row] = later if later < lead.shift_end else NEVER
            continue

        offender = tables.offenders[row]
        risk = offender.risk
        work.start = start
        work.crew = policy.crew[kind, risk]
        work.officer = lead_row
        work.colleague = colleague_row
        work.trained = lead.trained
        work.announced = 0
        work.write_up_hours = 0.0
        catch_up(offender, start, context)
        do_work(kind, offender, work, context, tables.followups)
        clock.tasks += 1
        ready_at = requeue(offender, policy, queues)
        if offender.risk != risk:
            held = caseloads[offender.caseload].held_by_risk
            held[risk] -= 1
            held[offender.risk] += 1

        end = work.end
        done = end + work.write_up_hours / HOURS_PER_DAY
        if done <= clock.end:
            hours[HOURS_VISIT + kind] += work.crew * work.hours + work.write_up_hours
            hours[HOURS_WAITING] += (start - now) * HOURS_PER_DAY
            hours[HOURS_IDLE] += idle_hours(lead, now)
        else:
            hours[HOURS_VISIT + kind] += _hours_before_horizon(start, done, lead, clock)
            hours[HOURS_WAITING] += _hours_before_horizon(now, start, lead, clock)
            hours[HOURS_IDLE] += _hours_before_horizon(lead.free_at, now, lead, clock)
        lead.free_at = done
        next_decision_at[lead_row] = _next_decision(lead, queues)
        if colleague_row >= 0:
            colleague = officers[colleague_row]
            if done <= clock.end:
                hours[HOURS_IDLE] += idle_hours(colleague, start)
            else:
                hours[HOURS_VISIT + kind] += _hours_before_horizon(start, end, colleague, clock)
                hours[HOURS_IDLE] += _hours_before_horizon(colleague.free_at, start, colleague, clock)
            colleague.free_at = end
            next_decision_at[colleague_row] = _next_decision(colleague, queues)
        if caseloads[offender.caseload].officer < 0:
            _call_idle_officers(now, ready_at, officers, next_decision_at, on_shift, here)


@compiled
def _hours_before_horizon(begins, ends, officer, clock):
    """Hours of an officer from a time to another, without those after the horizon. A shift counts as a whole."""
    return max(min(ends, max(clock.end, officer.shift_end)) - begins, 0.0) * HOURS_PER_DAY


@pasted
def _choose(lead, team, now, alone, context, tables):
    """What an officer does next: the most urgent in the own caseload, or for a surge team the most overdue of all."""
    if lead.caseload < 0:
        row, kind = most_urgent_of_team(team, now, alone, context, tables)
        next_ready_at = NEVER
    else:
        row, kind, next_ready_at, _ = most_urgent(lead.caseload, now, alone, False, context, tables)
    return row, kind, next_ready_at


@inlined
def _next_decision(officer, queues):
    """When an officer looks for work again: as soon as free, if anything waits by then; NEVER if not today.

    After the shift only who is still at work goes on, in overtime, with what is waiting already.
    """
    look = officer.free_at
    if officer.caseload >= 0:
        look = max(look, queues[officer.caseload, 0].ready_at)
    if look < officer.shift_end or (look == officer.free_at and look < officer.overtime_end):
        return look
    return NEVER


@pasted
def _earliest(next_decision_at, on_shift, here):
    """Whose turn it is where officers depend on each other: who looks for work earliest, the first of equals.

    The place among the `here` who are on shift, or `here` if nobody looks for work any more.
    """
    best = here
    earliest = NEVER
    for turn in range(here):
        if next_decision_at[on_shift[turn]] < earliest:
            earliest = next_decision_at[on_shift[turn]]
            best = turn
    return best


@pasted
def _next(turn, next_decision_at, on_shift, here):
    """Whose turn it is where nobody depends on another: one officer's until done for today, then the next's."""
    while turn < here and next_decision_at[on_shift[turn]] == NEVER:
        turn += np.uint64(1)
    return turn


@compiled
def _free_first(lead_row, now, officers, on_shift, here):
    """The colleague on shift who is free earliest and before work may no longer begin; -1 if there is none."""
    best = -1
    earliest = _latest_start(officers[lead_row], now)
    for turn in range(here):
        officer = officers[on_shift[turn]]
        if on_shift[turn] == lead_row or officer.free_at >= _latest_start(officer, now):
            continue
        if officer.free_at < earliest:
            earliest = officer.free_at
            best = on_shift[turn]
    return best


@compiled
def _latest_start(officer, now):
    """Until when an officer may begin something: the end of the shift, or of overtime if still at work then."""
    at_work = officer.free_at > officer.shift_end or now <= officer.shift_end
    return officer.overtime_end if at_work else -NEVER


@compiled
def _call_idle_officers(now, ready_at, officers, next_decision_at, on_shift, here):
    """In a pooled team, work that comes up earlier than expected calls officers who are idle."""
    for turn in range(here):
        officer = officers[on_shift[turn]]
        if next_decision_at[on_shift[turn]] > ready_at and officer.free_at < officer.shift_end:
            look = max(ready_at, officer.free_at, now)
            next_decision_at[on_shift[turn]] = look if look < officer.shift_end else NEVER
