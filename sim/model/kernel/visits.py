"""Getting to see an offender: a visit, a warrant after failed ones, tracing whoever is gone.

Each kind of work is told when it starts, by whom, and whether the lead is trained; it returns the hours of the whole
crew together and the hours of the lead officer afterwards, and leaves the offender with the next due dates.
"""

from __future__ import annotations

from sim.model.codes import (
    AT_VISIT,
    COMMUNITY,
    FAILED_ATTEMPTS,
    GONE,
    LEAST_HOURS,
    MISSING,
    NEVER,
    NO_CONTACT,
    NONE,
    RECORD_LOST,
    SEEN,
    TRACING,
    TRACINGS_COMPLETED,
    UNANNOUNCED_ATTEMPTS,
    VISIT,
    VISIT_ATTEMPTS,
    VISITS_COMPLETED,
    WARRANT,
    WARRANTS_EXECUTED,
)
from sim.model.kernel import compiled, inlined, streams
from sim.model.kernel.count import add_flow, write_event
from sim.model.kernel.draws import draw
from sim.model.kernel.natural_history import come_home, date_of, find_breaches, follow_up_breach
from sim.model.kernel.work import desk_factor, finish, next_visit_due


@inlined
def do_visit(offender, row, start, crew, officer, colleague, trained, clock, policy, tally, log):
    """A home visit: announced or not, answered or not; what was latent may be found."""
    of_announcing, of_contact, of_home, of_travel = streams.uniforms(
        clock.seed, clock.replication, streams.VISIT, offender.stream, offender.index, offender.visits
    )
    risk = offender.risk
    announced = 1 if of_announcing < policy.announced_share[risk] else 0
    travel_hours = draw(policy.travel_hours, of_travel)
    no_contact = policy.no_contact[announced]
    if offender.failed_in_a_row > 0:
        no_contact += (1.0 - no_contact) * policy.out_again
    if offender.gone == 1 or of_contact < no_contact:
        hours = max(travel_hours + draw(policy.failed_attempt_hours, of_home), LEAST_HOURS)
        end = finish(offender, row, start, hours, clock, policy, tally, log)
        offender.visits += 1
        offender.failed_in_a_row += 1
        offender.barred_until = date_of(end, clock) + policy.retry_days
        if offender.failed_in_a_row >= policy.escalate_after:
            offender.warrant_due = date_of(end, clock) + policy.warrant_delay_days
            offender.barred_until = NEVER  # no more visits until the warrant is executed
        add_flow(tally, clock, FAILED_ATTEMPTS, risk, end, 1.0)
        _book_attempt(tally, clock, risk, end, announced)
        minutes = 60.0 * crew * hours
        write_event(
            log,
            clock,
            VISIT,
            row,
            offender,
            end,
            minutes,
            offender.visit_due,
            NO_CONTACT,
            announced,
            officer,
            colleague,
        )
        return hours, 0.0

    hours = max(travel_hours + draw(policy.visit_hours, of_home), LEAST_HOURS)
    end = finish(offender, row, start, hours, clock, policy, tally, log)
    of_finding, of_write_up, of_interval, of_record = 0.5, 0.5, 0.5, 0.5
    if policy.visit_results_vary == 1 or offender.latent_breaches > 0:
        of_finding, of_write_up, of_interval, of_record = streams.uniforms(
            clock.seed, clock.replication, streams.VISIT_RESULT, offender.stream, offender.index, offender.visits
        )
    offender.visits += 1
    offender.failed_in_a_row = 0
    offender.last_seen = end
    if announced == 0:
        offender.last_seen_unannounced = end
    offender.visit_due = next_visit_due(offender, end, of_interval, clock, policy)
    write_up_hours = draw(policy.write_up_hours, of_write_up) * desk_factor(trained, policy)
    add_flow(tally, clock, VISITS_COMPLETED, risk, end, 1.0)
    _book_attempt(tally, clock, risk, end, announced)
    minutes = 60.0 * (crew * hours + write_up_hours)
    write_event(log, clock, VISIT, row, offender, end, minutes, offender.visit_due, SEEN, announced, officer, colleague)
    found = policy.found_at_visit[announced]
    if trained == 0:
        found *= policy.untrained_detection_factor
    if offender.latent_breaches > 0 and of_finding < found:
        find_breaches(offender, row, end, AT_VISIT, clock, policy, tally, log)
    if trained == 0 and of_record < policy.lost_record_share:
        offender.record_lost = 1
        offender.visit_due = NEVER
        write_event(log, clock, RECORD_LOST, row, offender, end, 0.0, NEVER, NONE, 0, officer, -1)
    return hours, write_up_hours


@compiled
def _book_attempt(tally, clock, risk, end, announced):
    add_flow(tally, clock, VISIT_ATTEMPTS, risk, end, 1.0)
    if announced == 0:
        add_flow(tally, clock, UNANNOUNCED_ATTEMPTS, risk, end, 1.0)


@compiled
def do_warrant(offender, row, start, crew, officer, colleague, trained, clock, policy, tally, log):
    """Entry by warrant after failed attempts: the offender is seen, or is gone and from now on missing."""
    of_hours, _, _, _ = streams.uniforms(
        clock.seed, clock.replication, streams.WARRANT, offender.stream, offender.index, offender.warrants
    )
    hours = max(draw(policy.warrant_hours, of_hours), LEAST_HOURS)
    end = finish(offender, row, start, hours, clock, policy, tally, log)
    offender.warrants += 1
    offender.warrant_due = NEVER
    offender.failed_in_a_row = 0
    offender.barred_until = end
    add_flow(tally, clock, WARRANTS_EXECUTED, offender.risk, end, 1.0)
    minutes = 60.0 * crew * hours
    if offender.gone == 1:
        go_missing(offender, end, clock, policy)
        write_event(log, clock, WARRANT, row, offender, end, minutes, NEVER, GONE, 0, officer, colleague)
        return hours, 0.0
    offender.last_seen = end
    offender.last_seen_unannounced = end
    offender.record_lost = 0
    offender.visit_due = next_visit_due(offender, end, of_hours, clock, policy)
    write_event(log, clock, WARRANT, row, offender, end, minutes, offender.visit_due, SEEN, 0, officer, colleague)
    if offender.latent_breaches > 0:  # a search finds what is there
        find_breaches(offender, row, end, AT_VISIT, clock, policy, tally, log)
    return hours, 0.0


@compiled
def go_missing(offender, time, clock, policy):
    """Whereabouts unknown: nobody visits; tracing begins. Count the offender first."""
    offender.state = MISSING
    offender.enquiry_due = NEVER
    offender.warrant_due = NEVER
    offender.tracing_due = date_of(time, clock) + policy.tracing_interval_days


@compiled
def do_tracing(offender, row, start, crew, officer, colleague, trained, clock, policy, tally, log):
    """An officer looks for a missing offender: found and seen, or to be tried again."""
    of_hours, of_finding, _, _ = streams.uniforms(
        clock.seed, clock.replication, streams.TRACING, offender.stream, offender.index, offender.tracings
    )
    hours = max(draw(policy.tracing_hours, of_hours), LEAST_HOURS)
    end = finish(offender, row, start, hours, clock, policy, tally, log)
    offender.tracings += 1
    add_flow(tally, clock, TRACINGS_COMPLETED, offender.risk, end, 1.0)
    found = of_finding < policy.found_by_tracing
    if found:
        come_home(offender, end, clock, policy)
        offender.state = COMMUNITY
        offender.tracing_due = NEVER
        offender.record_lost = 0
        offender.last_seen = end
        offender.failed_in_a_row = 0
        offender.barred_until = end
        offender.visit_due = next_visit_due(offender, end, of_hours, clock, policy)
        if offender.latent_breaches > 0:
            find_breaches(offender, row, end, AT_VISIT, clock, policy, tally, log)
        follow_up_breach(offender, row, end, clock, policy, log)  # leaving without telling is itself a breach
    else:
        offender.tracing_due = date_of(end, clock) + policy.tracing_interval_days
    write_event(
        log,
        clock,
        TRACING,
        row,
        offender,
        end,
        60.0 * crew * hours,
        offender.visit_due if found else NEVER,
        SEEN if found else NO_CONTACT,
        0,
        officer,
        colleague,
    )
    return hours, 0.0
