"""Looking through the register for what has dropped out of sight: audits, and the checks of supervisors."""

from __future__ import annotations

from sim.model.codes import AT_AUDIT, AT_CHECK, COMMUNITY, RECORDS_CHECKED, SUPERVISOR_HOURS
from sim.model.kernel import compiled
from sim.model.kernel.caseload import set_wake
from sim.model.kernel.count import add_flow, count_until
from sim.model.kernel.natural_history import live_until
from sim.model.kernel.streams import CHECK, uniforms
from sim.model.kernel.work import find_record, notice_risk


@compiled
def audit(time, worlds, policies, desks, offenders, queues, tally, log):
    """An audit of the register finds every lost record."""
    world, policy = worlds[0], policies[0]
    for row in range(world.next_registration):
        offender = offenders[row]
        if offender.record_lost == 1 and offender.state == COMMUNITY:
            found = max(time, offender.counted_until)  # not before work in hand is done
            live_until(offender, row, found, world, policy, tally, log)
            find_record(offender, row, found, AT_AUDIT, world, policy, tally, log)
            if offender.desk >= 0:
                set_wake(offender, row, policy, queues)


@compiled
def check_records(
    team_row, checks, time, worlds, policies, teams, desks, offenders, queues, checked_in_turn, tally, log
):
    """Supervisors of a team check so many plans and records, going on with the offender after the last one.

    `checked_in_turn`: everybody's rows in the order of the checks.
    """
    world, policy, team = worlds[0], policies[0], teams[team_row]
    looked_at = 0
    while checks > 0 and looked_at < len(checked_in_turn):
        row = checked_in_turn[team.next_check]
        team.next_check = (team.next_check + 1) % len(checked_in_turn)
        looked_at += 1
        offender = offenders[row]
        if offender.team != team_row or offender.state != COMMUNITY or offender.reactive == 1:
            continue
        checks -= 1
        of_record, of_risk, _, _ = uniforms(
            world.seed, world.replication, CHECK, offender.origin, offender.serial, offender.checks
        )
        offender.checks += 1
        now = max(time, offender.counted_until)  # not before work in hand is done
        live_until(offender, row, now, world, policy, tally, log)
        add_flow(tally, world, RECORDS_CHECKED, offender.risk, now, 1.0)
        add_flow(tally, world, SUPERVISOR_HOURS, offender.risk, now, policy.check_hours)
        if offender.record_lost == 1 and of_record < policy.check_finds_record:
            find_record(offender, row, now, AT_CHECK, world, policy, tally, log)
        if offender.true_risk > offender.risk and of_risk < policy.check_notices_risk:
            count_until(offender, now, world, tally)
            notice_risk(offender, row, now, AT_CHECK, world, policy, log)
        if offender.desk >= 0:
            set_wake(offender, row, policy, queues)
