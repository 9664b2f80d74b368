"""Getting to see an offender: a visit, a warrant after failed ones, tracing an offender who is gone.

Each kind of work is a function of the offender, the `work` as it begins (`records.WORK`), and the context. It
notes in `work` when it ends and what it takes, and leaves the offender with the next due dates.
"""

from __future__ import annotations

from sim.model import codes
from sim.model.kernel import streams
from sim.model.kernel.compiling import compiled, pasted
from sim.model.kernel.count import add_flow
from sim.model.kernel.draws import draw
from sim.model.kernel.event_log import log_event, log_work
from sim.model.kernel.natural_history import come_home, date_of, find_breaches, follow_up_breach
from sim.model.kernel.streams import uniforms_of
from sim.model.kernel.work import finish, finish_visit, next_visit_due, untrained_factor


@pasted
def do_visit(offender, work, context):
    """A home visit: announced or not, answered or not; what was latent may be found."""
    clock, policy = context.clock, context.policy
    of_announcing, of_contact, of_home, of_travel = uniforms_of(
        offender, streams.OF_WORK[codes.VISIT], offender.visits, clock
    )
    risk = offender.risk
    announced = 1 if of_announcing < policy.announced_share[risk] else 0
    work.announced = announced
    travel_hours = draw(policy.travel_hours, of_travel)
    no_contact = policy.no_contact[announced]
    if offender.failed_in_a_row > 0:
        no_contact += (1.0 - no_contact) * policy.out_again
    seen = offender.gone == 0 and of_contact >= no_contact
    hours_there = draw(policy.visit_hours, of_home) if seen else draw(policy.failed_attempt_hours, of_home)
    end = finish_visit(offender, work, travel_hours + hours_there, context)
    offender.visits += 1
    add_flow(codes.VISIT_ATTEMPTS, risk, end, 1.0, context)
    if announced == 0:
        add_flow(codes.UNANNOUNCED_ATTEMPTS, risk, end, 1.0, context)
    if seen:
        _see(offender, work, context)
    else:
        offender.failed_in_a_row += 1
        offender.barred_until = date_of(end, clock) + policy.retry_days
        if offender.failed_in_a_row >= policy.escalate_after:
            offender.warrant_due = date_of(end, clock) + policy.warrant_delay_days
            offender.barred_until = codes.NEVER  # no more visits until the warrant is executed
        add_flow(codes.FAILED_ATTEMPTS, risk, end, 1.0, context)
        log_work(codes.VISIT, offender, work, offender.visit_due, codes.NO_CONTACT, context)


@pasted
def chance_found(offender, work, policy):
    """Chance that a visit finds the latent breaches; the dates of the offender are still those before it."""
    return policy.found_at_visit[work.trained, work.announced, offender.risk]


@pasted
def _see(offender, work, context):
    """The offender is at home; `visits` counts this one already."""
    clock, policy, end = context.clock, context.policy, work.end
    found = chance_found(offender, work, policy)
    of_finding, of_write_up, of_interval, of_record = 0.5, 0.5, 0.5, 0.5
    if policy.visit_results_vary == 1 or offender.latent_breaches > 0:
        of_finding, of_write_up, of_interval, of_record = uniforms_of(
            offender, streams.VISIT_RESULT, offender.visits - 1, clock
        )
    offender.failed_in_a_row = 0
    offender.last_seen = end
    if work.announced == 0:
        offender.last_seen_unannounced = end
    offender.visit_due = next_visit_due(offender, end, of_interval, clock, policy)
    work.write_up_hours = draw(policy.write_up_hours, of_write_up) * untrained_factor(work, policy)
    add_flow(codes.COMPLETED + codes.VISIT, offender.risk, end, 1.0, context)
    log_work(codes.VISIT, offender, work, offender.visit_due, codes.SEEN, context)
    if offender.latent_breaches > 0 and of_finding < found:
        find_breaches(offender, end, codes.AT_VISIT, context)
    if work.trained == 0 and of_record < policy.lost_record_share:
        offender.record_lost = 1
        offender.visit_due = codes.NEVER
        log_event(codes.RECORD_LOST, offender, end, codes.NEVER, codes.NONE, work.officer, context)


@compiled
def do_warrant(offender, work, context):
    """Entry by warrant after failed attempts: the offender is seen, or is gone and from now on missing."""
    clock, policy = context.clock, context.policy
    of_hours, _, _, _ = uniforms_of(offender, streams.OF_WORK[codes.WARRANT], offender.warrants, clock)
    end = finish(offender, work, draw(policy.warrant_hours, of_hours), context)
    offender.warrants += 1
    offender.warrant_due = codes.NEVER
    offender.failed_in_a_row = 0
    offender.barred_until = end
    add_flow(codes.COMPLETED + codes.WARRANT, offender.risk, end, 1.0, context)
    if offender.gone == 1:
        go_missing(offender, end, clock, policy)
        log_work(codes.WARRANT, offender, work, codes.NEVER, codes.GONE, context)
        return
    offender.last_seen = end
    offender.last_seen_unannounced = end
    offender.record_lost = 0
    offender.visit_due = next_visit_due(offender, end, of_hours, clock, policy)
    log_work(codes.WARRANT, offender, work, offender.visit_due, codes.SEEN, context)
    if offender.latent_breaches > 0:  # a search finds what is there
        find_breaches(offender, end, codes.AT_VISIT, context)


@compiled
def go_missing(offender, time, clock, policy):
    """Whereabouts unknown: nobody visits; tracing begins. Count the offender first."""
    offender.state = codes.MISSING
    offender.enquiry_due = codes.NEVER
    offender.warrant_due = codes.NEVER
    offender.tracing_due = date_of(time, clock) + policy.tracing_interval_days


@compiled
def do_tracing(offender, work, context):
    """An officer looks for a missing offender: found and seen, or to be tried again."""
    clock, policy = context.clock, context.policy
    of_hours, of_finding, _, _ = uniforms_of(offender, streams.OF_WORK[codes.TRACING], offender.tracings, clock)
    end = finish(offender, work, draw(policy.tracing_hours, of_hours), context)
    offender.tracings += 1
    add_flow(codes.COMPLETED + codes.TRACING, offender.risk, end, 1.0, context)
    if of_finding >= policy.found_by_tracing:
        offender.tracing_due = date_of(end, clock) + policy.tracing_interval_days
        log_work(codes.TRACING, offender, work, codes.NEVER, codes.NO_CONTACT, context)
        return
    come_home(offender, end, clock, policy)
    offender.state = codes.COMMUNITY
    offender.tracing_due = codes.NEVER
    offender.record_lost = 0
    offender.last_seen = end
    offender.failed_in_a_row = 0
    offender.barred_until = end
    offender.visit_due = next_visit_due(offender, end, of_hours, clock, policy)
    if offender.latent_breaches > 0:
        find_breaches(offender, end, codes.AT_VISIT, context)
    follow_up_breach(offender, end, context)  # leaving unannounced is itself a breach
    log_work(codes.TRACING, offender, work, offender.visit_due, codes.SEEN, context)
