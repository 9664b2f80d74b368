"""Working days of the whole force, event by event: who is free first chooses next.

Within a team the officer who looks for work earliest goes first. Where nobody needs a colleague or shares a caseload
the order makes no difference, and each officer's day is worked to its end before the next one's. Work that needs two
starts when both are free. Work once begun is finished; what runs beyond the shift and the overtime allowed is owed to
the officer and taken back from the next shifts. What falls due at noon is not done at nine: an officer with nothing to
do looks again when the next of the caseload needs someone.
"""

from __future__ import annotations

import numpy as np

from sim.model.codes import (
    DESK_CHECK,
    HOURS_IDLE,
    HOURS_PER_DAY,
    HOURS_VISIT,
    HOURS_WAITING,
    INITIAL_ASSESSMENT,
    MEETING,
    NEVER,
    NOTIFICATION,
    REVIEW,
    TRACING,
    VISIT,
    WARRANT,
)
from sim.model.kernel import compiled, inlined
from sim.model.kernel.attendance import begin_shift, end_shift, idle_hours
from sim.model.kernel.caseload import most_urgent, most_urgent_of_team, requeue
from sim.model.kernel.count import week_of
from sim.model.kernel.desk_work import (
    do_desk_check,
    do_enquiry,
    do_initial_assessment,
    do_meeting,
    do_notification,
    do_review,
)
from sim.model.kernel.natural_history import catch_up
from sim.model.kernel.register_moves import midnight
from sim.model.kernel.turns import call_idle_officers, earliest_turn, free_first, next_decision, next_turn
from sim.model.kernel.visits import do_tracing, do_visit, do_warrant


@compiled
def work_days(
    days,
    away,
    clocks,
    policies,
    teams,
    officers,
    next_decision_at,
    on_shift,
    caseloads,
    offenders,
    departures,
    members,
    queues,
    tally,
    log,
    followups,
):
    """Day by day bring the register up to date and let every team work its shift; returns how many days are done.

    `away`: on each of the `days`, for which officers a day of leave, at court or abstraction falls due (bits of
    `codes.ABSENCES`), else 0. `next_decision_at`: when each officer next looks for work; `on_shift`: rows of those of
    a team who are here. It stops after a day that returns `followups`, and before one on which a caseload would outgrow
    its table: nothing is lost, widen the table and go on from there.
    """
    clock, policy = clocks[0], policies[0]
    clock.followups = 0
    for number in range(len(days)):
        today = float(days[number])
        if not midnight(today, clocks, policies, teams, caseloads, offenders, departures, members, queues, tally, log):
            return number
        hours = tally[week_of(today, clock)].hours
        for team_row in range(len(teams)):
            team = teams[team_row]
            here, dependent = begin_shift(
                today, team, clock, policy, officers, next_decision_at, on_shift, caseloads, queues, away[number], hours
            )
            _work_shift(
                team,
                here,
                dependent,
                clock,
                policy,
                officers,
                next_decision_at,
                on_shift,
                caseloads,
                offenders,
                queues,
                tally,
                log,
                followups,
                hours,
            )
            end_shift(policy.overtime_hours, clock.end, officers, on_shift, here, hours)
        if clock.followups > 0:
            return number + 1
    return len(days)


@inlined
def _work_shift(
    team,
    here,
    dependent,
    clock,
    policy,
    officers,
    next_decision_at,
    on_shift,
    caseloads,
    offenders,
    queues,
    tally,
    log,
    followups,
    hours,
):
    """Until nobody on shift looks for work any more: choose, do, and book what it took."""
    turn = np.uint64(0)
    while True:
        turn = (
            earliest_turn(next_decision_at, on_shift, here)
            if dependent
            else next_turn(turn, next_decision_at, on_shift, here)
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
            row, kind, next_ready_at = _choose(
                lead, team, now, alone, clock, policy, caseloads, offenders, queues, tally, log
            )
            if row < 0 or policy.crew[kind, offenders[row].risk] == 1:
                break
            colleague_row = free_first(lead_row, now, officers, on_shift, here)
            if colleague_row >= 0:
                start = max(now, officers[colleague_row].free_at)
                break
            alone = True
        if row < 0:
            later = next_ready_at if next_ready_at > now else NEVER  # what waits now waits for a colleague of tomorrow
            next_decision_at[lead_row] = later if later < lead.shift_end else NEVER
            continue

        offender = offenders[row]
        crew = policy.crew[kind, offender.risk]
        trained = lead.trained
        risk = offender.risk
        catch_up(offender, row, start, clock, policy, tally, log)
        if kind == VISIT:
            together, after = do_visit(
                offender, row, start, crew, lead_row, colleague_row, trained, clock, policy, tally, log
            )
        elif kind == REVIEW:
            together, after = do_review(
                offender, row, start, crew, lead_row, colleague_row, trained, clock, policy, tally, log
            )
        elif kind == NOTIFICATION:
            together, after = do_notification(
                offender, row, start, crew, lead_row, colleague_row, trained, clock, policy, tally, log
            )
        elif kind == INITIAL_ASSESSMENT:
            together, after = do_initial_assessment(
                offender, row, start, crew, lead_row, colleague_row, trained, clock, policy, tally, log
            )
        elif kind == WARRANT:
            together, after = do_warrant(
                offender, row, start, crew, lead_row, colleague_row, trained, clock, policy, tally, log
            )
        elif kind == TRACING:
            together, after = do_tracing(
                offender, row, start, crew, lead_row, colleague_row, trained, clock, policy, tally, log
            )
        elif kind == DESK_CHECK:
            together, after = do_desk_check(
                offender, row, start, crew, lead_row, colleague_row, trained, clock, policy, tally, log
            )
        elif kind == MEETING:
            together, after = do_meeting(
                offender, row, start, crew, lead_row, colleague_row, trained, clock, policy, tally, log
            )
        else:
            together, after = do_enquiry(
                offender, row, start, crew, lead_row, colleague_row, trained, clock, policy, tally, log, followups
            )
        clock.tasks += 1
        ready_at = requeue(offender, row, policy, queues)
        if offender.risk != risk:
            held = caseloads[offender.caseload].held_by_risk
            held[risk] -= 1
            held[offender.risk] += 1

        end = start + together / HOURS_PER_DAY
        done = end + after / HOURS_PER_DAY
        if done <= clock.end:
            hours[HOURS_VISIT + kind] += crew * together + after
            hours[HOURS_WAITING] += (start - now) * HOURS_PER_DAY
            hours[HOURS_IDLE] += idle_hours(lead, now)
        else:
            hours[HOURS_VISIT + kind] += _hours_before_horizon(start, done, lead, clock)
            hours[HOURS_WAITING] += _hours_before_horizon(now, start, lead, clock)
            hours[HOURS_IDLE] += _hours_before_horizon(lead.free_at, now, lead, clock)
        lead.free_at = done
        next_decision_at[lead_row] = next_decision(lead, queues)
        if colleague_row >= 0:
            colleague = officers[colleague_row]
            if done <= clock.end:
                hours[HOURS_IDLE] += idle_hours(colleague, start)
            else:
                hours[HOURS_VISIT + kind] += _hours_before_horizon(start, end, colleague, clock)
                hours[HOURS_IDLE] += _hours_before_horizon(colleague.free_at, start, colleague, clock)
            colleague.free_at = end
            next_decision_at[colleague_row] = next_decision(colleague, queues)
        if caseloads[offender.caseload].officer < 0:
            call_idle_officers(now, ready_at, officers, next_decision_at, on_shift, here)


@compiled
def _hours_before_horizon(begins, ends, officer, clock):
    """Hours of an officer from a time to another, without those after the horizon. A shift counts as a whole."""
    return max(min(ends, max(clock.end, officer.shift_end)) - begins, 0.0) * HOURS_PER_DAY


@inlined
def _choose(lead, team, now, alone, clock, policy, caseloads, offenders, queues, tally, log):
    """What an officer does next: the most urgent in the own caseload, or for a surge team the most overdue of all."""
    if lead.caseload < 0:
        row, kind = most_urgent_of_team(team, now, alone, clock, policy, caseloads, offenders, queues, tally, log)
        return row, kind, NEVER
    row, kind, next_ready_at, _ = most_urgent(
        lead.caseload, now, alone, False, clock, policy, caseloads, offenders, queues, tally, log
    )
    return row, kind, next_ready_at
