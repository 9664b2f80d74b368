"""One working day of the whole force, event by event: who is free first chooses next.

Within a team the officer who looks for work earliest goes first. Work that needs two starts when both
are free. Work once begun is finished; what runs beyond the shift is owed to the officer and taken back
from the next shifts. What falls due at noon is not done at nine: an officer with nothing to do looks
again when the next of the caseload needs someone.
"""

from __future__ import annotations

from sim.model.compiled import compiled
from sim.model.compiled.caseload import most_urgent, set_wake
from sim.model.compiled.count import week_of
from sim.model.compiled.nature import live_until
from sim.model.compiled.work import (
    do_enquiry,
    do_intake,
    do_notification,
    do_review,
    do_tracing,
    do_visit,
    do_warrant,
)
from sim.model.state import (
    HOURS_AVAILABLE,
    HOURS_IDLE,
    HOURS_OWED,
    HOURS_PER_DAY,
    HOURS_REPAID,
    HOURS_VISIT,
    HOURS_WAITING,
    INTAKE,
    NEVER,
    NOTIFICATION,
    REVIEW,
    TRACING,
    VISIT,
    WARRANT,
)


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
    caseload_rows,
    caseload_wakes,
    tally,
    log,
    followups,
):
    """Let every team work the shift of `today`.

    `away`: which officers are on leave, at court or on a course. `looks_at`: when each officer next looks for work.
    """
    world, policy = worlds[0], policies[0]
    hours = tally[week_of(today, world)].hours
    for team_row in range(len(teams)):
        team = teams[team_row]
        first = team.first_officer
        beyond = first + team.officers
        _begin_shift(today, first, beyond, policy, officers, looks_at, desks, away, hours)
        while True:
            lead_row = _looks_first(first, beyond, looks_at)
            if lead_row < 0:
                break
            lead = officers[lead_row]
            now = looks_at[lead_row]
            row, kind, next_wake = most_urgent(
                lead.desk, now, False, world, policy, desks, offenders, caseload_rows, caseload_wakes, tally, log
            )
            colleague_row = -1
            start = now
            if row >= 0 and policy.crew[kind, offenders[row].risk] == 2:
                colleague_row = _free_first(first, beyond, lead_row, lead.shift_end, officers)
                if colleague_row >= 0:
                    start = max(now, officers[colleague_row].free_at)
                else:
                    row, kind, next_wake = most_urgent(
                        lead.desk, now, True, world, policy, desks, offenders, caseload_rows, caseload_wakes, tally, log
                    )
            desks[lead.desk].wake = next_wake
            if row < 0:
                later = next_wake if next_wake > now else NEVER  # what waits now waits for a colleague of tomorrow
                looks_at[lead_row] = later if later < lead.shift_end else NEVER
                continue

            offender = offenders[row]
            crew = policy.crew[kind, offender.risk]
            trained = lead.trained
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
            wake = set_wake(offender, policy, desks, caseload_wakes)

            end = start + together / HOURS_PER_DAY
            hours[HOURS_VISIT + kind] += crew * together + after
            hours[HOURS_WAITING] += (start - now) * HOURS_PER_DAY
            hours[HOURS_IDLE] += _idle_hours(lead, now)
            lead.free_at = end + after / HOURS_PER_DAY
            look = max(lead.free_at, desks[lead.desk].wake)
            looks_at[lead_row] = look if look < lead.shift_end else NEVER
            if colleague_row >= 0:
                colleague = officers[colleague_row]
                hours[HOURS_IDLE] += _idle_hours(colleague, start)
                colleague.free_at = end
                look = max(end, desks[colleague.desk].wake)
                looks_at[colleague_row] = look if look < colleague.shift_end else NEVER
            if desks[lead.desk].officer < 0:
                _call_idle_officers(first, beyond, now, wake, officers, looks_at)
        _end_shift(first, beyond, officers, hours)


@compiled
def _begin_shift(today, first, beyond, policy, officers, looks_at, desks, away, hours):
    """Put the officers who are here on shift, less the hours they are owed."""
    start = today + policy.shift_start
    available = 0.0
    repaid = 0.0
    for officer_row in range(first, beyond):
        officer = officers[officer_row]
        officer.on_shift = 0
        looks_at[officer_row] = NEVER
        if officer.in_post == 0 or officer.absent > 0 or away[officer_row]:
            continue
        owed = officer.owed_hours
        available += policy.shift_hours
        repaid += min(owed, policy.shift_hours)
        if owed >= policy.shift_hours:
            officer.owed_hours = owed - policy.shift_hours
            continue
        officer.owed_hours = 0.0
        officer.on_shift = 1
        officer.free_at = start + owed / HOURS_PER_DAY
        officer.shift_end = start + policy.shift_hours / HOURS_PER_DAY
        first_look = max(officer.free_at, desks[officer.desk].wake)
        if first_look < officer.shift_end:
            looks_at[officer_row] = first_look
    hours[HOURS_AVAILABLE] += available
    hours[HOURS_REPAID] += repaid


@compiled
def _looks_first(first, beyond, looks_at):
    """The officer who looks for work earliest, the first of equals; -1 if nobody will today."""
    best = -1
    earliest = NEVER
    for officer_row in range(first, beyond):
        if looks_at[officer_row] < earliest:
            earliest = looks_at[officer_row]
            best = officer_row
    return best


@compiled
def _free_first(first, beyond, lead_row, latest, officers):
    """The colleague on shift who is free earliest and before both shifts end; -1 if there is none."""
    best = -1
    earliest = latest
    for officer_row in range(first, beyond):
        officer = officers[officer_row]
        if officer_row == lead_row or officer.on_shift == 0 or officer.free_at >= officer.shift_end:
            continue
        if officer.free_at < earliest:
            earliest = officer.free_at
            best = officer_row
    return best


@compiled
def _call_idle_officers(first, beyond, now, wake, officers, looks_at):
    """In a pooled team, work that comes up earlier than expected calls whoever is idle."""
    for officer_row in range(first, beyond):
        officer = officers[officer_row]
        if officer.on_shift == 1 and looks_at[officer_row] > wake and officer.free_at < officer.shift_end:
            look = max(wake, officer.free_at, now)
            looks_at[officer_row] = look if look < officer.shift_end else NEVER


@compiled
def _idle_hours(officer, until):
    """Hours an officer had nothing to do between the last work and a time."""
    return max(until - officer.free_at, 0.0) * HOURS_PER_DAY


@compiled
def _end_shift(first, beyond, officers, hours):
    """Book idle ends of the shift, and what was worked beyond it."""
    idle = 0.0
    for officer_row in range(first, beyond):
        officer = officers[officer_row]
        if officer.on_shift == 0:
            continue
        idle += _idle_hours(officer, officer.shift_end)
        if officer.free_at > officer.shift_end:
            officer.owed_hours = (officer.free_at - officer.shift_end) * HOURS_PER_DAY
            hours[HOURS_OWED] += officer.owed_hours
    hours[HOURS_IDLE] += idle
