"""What all kinds of work share: when they end, the next visit, a lost record found, and risk that is noticed."""

from __future__ import annotations

from sim.model.codes import HOURS_PER_DAY, LEAST_HOURS, RECORD_FOUND, RISK_NOTICED
from sim.model.kernel.compiling import compiled, pasted
from sim.model.kernel.count import count_until
from sim.model.kernel.draws import draw
from sim.model.kernel.event_log import log_event
from sim.model.kernel.natural_history import bring_review_forward, catch_up, date_of, end_reactive


@pasted
def finish_visit(offender, work, hours, context):
    """When the work ends; until then nobody else takes it, and the offender and the counts are brought up to then."""
    work.hours = max(hours, LEAST_HOURS)
    end = work.start + work.hours / HOURS_PER_DAY
    work.end = end
    offender.busy_until = end
    catch_up(offender, end, context)
    count_until(offender, end, context)
    return end


@compiled
def finish(offender, work, hours, context):
    """The same for what is done less often than visits: by a call, so that it is compiled once."""
    return finish_visit(offender, work, hours, context)


@compiled
def next_visit_due(offender, seen, uniform, clock, policy):
    """When the next visit falls due after the offender was seen."""
    return date_of(
        date_of(seen, clock) + draw(policy.interval_days[offender.risk], uniform) * offender.plan_factor, clock
    )


@compiled
def untrained_factor(work, policy):
    """How much longer the lead takes over records than a trained officer would."""
    return 1.0 if work.trained == 1 else policy.untrained_hours_factor


@compiled
def find_record(offender, time, how, context):
    """A lost record is found: the visit is due when it should have been. Counts the offender first."""
    count_until(offender, time, context)
    offender.record_lost = 0
    offender.visit_due = next_visit_due(offender, offender.last_seen, 0.5, context.clock, context.policy)
    log_event(RECORD_FOUND, offender, time, offender.visit_due, how, -1, context)


@compiled
def notice_risk(offender, time, how, context):
    """True risk is noticed to be above the level on record: a review is due at once. Count the offender first."""
    end_reactive(offender, time, context)
    bring_review_forward(offender, time, 0.0, context.clock)
    log_event(RISK_NOTICED, offender, time, offender.visit_due, how, -1, context)
