"""Looking through the register for what has dropped out of sight: audits, and the checks of supervisors."""

from __future__ import annotations

from sim.model.codes import AT_AUDIT, AT_CHECK, COMMUNITY, RECORDS_CHECKED, SUPERVISOR_HOURS
from sim.model.kernel.caseload import requeue
from sim.model.kernel.compiling import entry_point, f8, i8
from sim.model.kernel.count import add_flow, context_of, count_until
from sim.model.kernel.natural_history import catch_up
from sim.model.kernel.streams import CHECK, uniforms_of
from sim.model.kernel.work import find_record, notice_risk


@entry_point(f8)
def audit(time, tables):
    """An audit of the register finds every lost record."""
    context = context_of(tables)
    for row in range(context.clock.next_registration):
        offender = tables.offenders[row]
        if offender.record_lost == 1 and offender.state == COMMUNITY:
            found = max(time, offender.counted_until)  # not before work under way is done
            catch_up(offender, found, context)
            find_record(offender, found, AT_AUDIT, context)
            if offender.caseload >= 0:
                requeue(offender, context.policy, tables.queues)


@entry_point(i8, i8, f8)
def check_records(team_row, checks, time, tables):
    """Supervisors of a team check so many plans and records, going on with the offender after the last one.

    `tables.checked_in_turn`: all rows in the order of the checks.
    """
    context, team, in_turn = context_of(tables), tables.teams[team_row], tables.checked_in_turn
    policy = context.policy
    looked_at = 0
    while checks > 0 and looked_at < len(in_turn):
        offender = tables.offenders[in_turn[team.next_check]]
        team.next_check = (team.next_check + 1) % len(in_turn)
        looked_at += 1
        if offender.team != team_row or offender.state != COMMUNITY or offender.reactive == 1:
            continue
        checks -= 1
        of_record, of_risk, _, _ = uniforms_of(offender, CHECK, offender.checks, context.clock)
        offender.checks += 1
        now = max(time, offender.counted_until)  # not before work under way is done
        catch_up(offender, now, context)
        add_flow(RECORDS_CHECKED, offender.risk, now, 1.0, context)
        add_flow(SUPERVISOR_HOURS, offender.risk, now, policy.check_hours, context)
        if offender.record_lost == 1 and of_record < policy.check_finds_record:
            find_record(offender, now, AT_CHECK, context)
        if offender.true_risk > offender.risk and of_risk < policy.check_notices_risk:
            count_until(offender, now, context)
            notice_risk(offender, now, AT_CHECK, context)
        if offender.caseload >= 0:
            requeue(offender, policy, tables.queues)
