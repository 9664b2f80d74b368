"""What all kinds of work share: when they end, the next visit, a lost record found, and risk that is noticed."""

from __future__ import annotations

from sim.model.codes import HOURS_PER_DAY, RECORD_FOUND, RISK_NOTICED
from sim.model.kernel import compiled
from sim.model.kernel.count import count_until, write_event
from sim.model.kernel.draws import draw
from sim.model.kernel.natural_history import bring_review_forward, catch_up, date_of, end_reactive


@compiled
def finish(offender, row, start, hours, clock, policy, tally, log):
    """When the work ends; until then nobody else takes it, and the offender's life and count are brought up to then."""
    end = start + hours / HOURS_PER_DAY
    offender.busy_until = end
    catch_up(offender, row, end, clock, policy, tally, log)
    count_until(offender, end, clock, tally)
    return end


@compiled
def next_visit_due(offender, seen, uniform, clock, policy):
    """When the next visit falls due after the offender was seen."""
    return date_of(
        date_of(seen, clock) + draw(policy.interval_days[offender.risk], uniform) * offender.plan_factor, clock
    )


@compiled
def desk_factor(trained, policy):
    """How much longer the lead takes at the desk than a trained officer would."""
    return 1.0 if trained == 1 else policy.untrained_hours_factor


@compiled
def find_record(offender, row, time, how, clock, policy, tally, log):
    """A lost record is found: the visit is due when it should have been. Counts the offender first."""
    count_until(offender, time, clock, tally)
    offender.record_lost = 0
    offender.visit_due = next_visit_due(offender, offender.last_seen, 0.5, clock, policy)
    write_event(log, clock, RECORD_FOUND, row, offender, time, 0.0, offender.visit_due, how, 0, -1, -1)


@compiled
def notice_risk(offender, row, time, how, clock, policy, log):
    """True risk is noticed to be above the level on record: a review is due at once. Count the offender first."""
    end_reactive(offender, row, time, clock, policy, log)
    bring_review_forward(offender, time, 0.0, clock)
    write_event(log, clock, RISK_NOTICED, row, offender, time, 0.0, offender.visit_due, how, 0, -1, -1)
