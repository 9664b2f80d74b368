"""Looking through the register for what has dropped out of sight: audits, and the checks of supervisors."""

from __future__ import annotations

from sim.model.codes import AT_AUDIT, AT_CHECK, COMMUNITY, RECORDS_CHECKED, SUPERVISOR_HOURS
from sim.model.kernel import compiled
from sim.model.kernel.caseload import requeue
from sim.model.kernel.count import add_flow, count_until
from sim.model.kernel.natural_history import catch_up
from sim.model.kernel.streams import CHECK, uniforms
from sim.model.kernel.work import find_record, notice_risk


@compiled
def audit(time, clocks, policies, caseloads, offenders, queues, tally, log):
    """An audit of the register finds every lost record."""
    clock, policy = clocks[0], policies[0]
    for row in range(clock.next_registration):
        offender = offenders[row]
        if offender.record_lost == 1 and offender.state == COMMUNITY:
            found = max(time, offender.counted_until)  # not before work in hand is done
            catch_up(offender, row, found, clock, policy, tally, log)
            find_record(offender, row, found, AT_AUDIT, clock, policy, tally, log)
            if offender.caseload >= 0:
                requeue(offender, row, policy, queues)


@compiled
def check_records(
    team_row, checks, time, clocks, policies, teams, caseloads, offenders, queues, checked_in_turn, tally, log
):
    """Supervisors of a team check so many plans and records, going on with the offender after the last one.

    `checked_in_turn`: everybody's rows in the order of the checks.
    """
    clock, policy, team = clocks[0], policies[0], teams[team_row]
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
            clock.seed, clock.replication, CHECK, offender.stream, offender.index, offender.checks
        )
        offender.checks += 1
        now = max(time, offender.counted_until)  # not before work in hand is done
        catch_up(offender, row, now, clock, policy, tally, log)
        add_flow(tally, clock, RECORDS_CHECKED, offender.risk, now, 1.0)
        add_flow(tally, clock, SUPERVISOR_HOURS, offender.risk, now, policy.check_hours)
        if offender.record_lost == 1 and of_record < policy.check_finds_record:
            find_record(offender, row, now, AT_CHECK, clock, policy, tally, log)
        if offender.true_risk > offender.risk and of_risk < policy.check_notices_risk:
            count_until(offender, now, clock, tally)
            notice_risk(offender, row, now, AT_CHECK, clock, policy, log)
        if offender.caseload >= 0:
            requeue(offender, row, policy, queues)
