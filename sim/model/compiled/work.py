"""What each kind of work takes and what it leads to: visit, review, notification, intake, enquiry, warrant, tracing.

Each function is told when the work starts, by whom, and whether the lead is trained; it returns the hours of the
whole crew together and the hours of the lead officer afterwards, and leaves the offender with the next due dates.
"""

from __future__ import annotations

import math

from sim.model.compiled import compiled, streams
from sim.model.compiled.count import add_flow, count_until, write_event
from sim.model.compiled.draws import draw
from sim.model.compiled.nature import come_home, date_of, find_breaches, follow_up_breach, live_until
from sim.model.state import (
    AT_NOTIFICATION,
    AT_VISIT,
    CHARGE,
    COMMUNITY,
    DONE,
    ENQUIRIES_COMPLETED,
    ENQUIRY,
    FAILED_ATTEMPTS,
    GONE,
    HOURS_PER_DAY,
    INTAKE,
    INTAKES_COMPLETED,
    LEAST_HOURS,
    MISSED,
    MISSING,
    NEVER,
    NO_CONTACT,
    NONE,
    NOTIFICATION,
    NOTIFICATIONS_COMPLETED,
    RECORD_FOUND,
    RECORD_LOST,
    REVIEW,
    REVIEWS_COMPLETED,
    SEEN,
    TO_PRISON,
    TRACING,
    TRACINGS_COMPLETED,
    UNANNOUNCED_ATTEMPTS,
    VISIT,
    VISIT_ATTEMPTS,
    VISITS_COMPLETED,
    WARNING,
    WARRANT,
    WARRANTS_EXECUTED,
)


@compiled
def _finish(offender, row, start, hours, world, policy, tally, log):
    """When the work ends; until then nobody else takes it, and the offender's life and count are brought up to then."""
    end = start + hours / HOURS_PER_DAY
    offender.busy_until = end
    live_until(offender, row, end, world, policy, tally, log)
    count_until(offender, end, world, tally)
    return end


@compiled
def next_visit_due(offender, seen, uniform, world, policy):
    """When the next visit falls due after the offender was seen."""
    return date_of(date_of(seen, world) + draw(policy.interval_days[offender.risk], uniform), world)


@compiled
def do_visit(offender, row, start, crew, officer, colleague, trained, world, policy, tally, log):
    """A home visit: announced or not, answered or not; what was latent may be found."""
    of_announcing, of_contact, of_home, of_travel = streams.uniforms(
        world.seed, world.replication, streams.VISIT, offender.origin, offender.serial, offender.visits
    )
    risk = offender.risk
    announced = 1 if of_announcing < policy.announced_share[risk] else 0
    travel_hours = draw(policy.travel_hours, of_travel)
    if offender.gone == 1 or of_contact < policy.no_contact[announced]:
        hours = max(travel_hours + draw(policy.failed_attempt_hours, of_home), LEAST_HOURS)
        end = _finish(offender, row, start, hours, world, policy, tally, log)
        offender.visits += 1
        offender.failed_in_a_row += 1
        offender.barred_until = date_of(end, world) + policy.retry_days
        if offender.failed_in_a_row >= policy.escalate_after:
            offender.warrant_due = date_of(end, world) + policy.warrant_delay_days
            offender.barred_until = NEVER  # no more visits until the warrant is executed
        add_flow(tally, world, FAILED_ATTEMPTS, risk, end, 1.0)
        _book_attempt(tally, world, risk, end, announced)
        minutes = 60.0 * crew * hours
        write_event(
            log,
            world,
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
    end = _finish(offender, row, start, hours, world, policy, tally, log)
    of_finding, of_write_up, of_interval, of_record = 0.5, 0.5, 0.5, 0.5
    if policy.visit_results_vary == 1 or offender.latent_breaches > 0:
        of_finding, of_write_up, of_interval, of_record = streams.uniforms(
            world.seed, world.replication, streams.VISIT_RESULT, offender.origin, offender.serial, offender.visits
        )
    offender.visits += 1
    offender.failed_in_a_row = 0
    offender.last_seen = end
    if announced == 0:
        offender.last_seen_unannounced = end
    offender.visit_due = next_visit_due(offender, end, of_interval, world, policy)
    write_up_hours = draw(policy.write_up_hours, of_write_up) * desk_factor(trained, policy)
    add_flow(tally, world, VISITS_COMPLETED, risk, end, 1.0)
    _book_attempt(tally, world, risk, end, announced)
    minutes = 60.0 * (crew * hours + write_up_hours)
    write_event(log, world, VISIT, row, offender, end, minutes, offender.visit_due, SEEN, announced, officer, colleague)
    found = policy.found_at_visit[announced]
    if trained == 0:
        found *= policy.untrained_detection_factor
    if offender.latent_breaches > 0 and of_finding < found:
        find_breaches(offender, row, end, AT_VISIT, world, policy, tally, log)
    if trained == 0 and of_record < policy.lost_record_share:
        offender.record_lost = 1
        offender.visit_due = NEVER
        write_event(log, world, RECORD_LOST, row, offender, end, 0.0, NEVER, NONE, 0, officer, -1)
    return hours, write_up_hours


@compiled
def desk_factor(trained, policy):
    """How much longer the lead takes at the desk than a trained officer would."""
    return 1.0 if trained == 1 else policy.untrained_hours_factor


@compiled
def find_record(offender, row, time, how, world, policy, tally, log):
    """A lost record is found: the visit is due when it should have been. Counts the offender first."""
    count_until(offender, time, world, tally)
    offender.record_lost = 0
    offender.visit_due = next_visit_due(offender, offender.last_seen, 0.5, world, policy)
    write_event(log, world, RECORD_FOUND, row, offender, time, 0.0, offender.visit_due, how, 0, -1, -1)


@compiled
def _book_attempt(tally, world, risk, end, announced):
    add_flow(tally, world, VISIT_ATTEMPTS, risk, end, 1.0)
    if announced == 0:
        add_flow(tally, world, UNANNOUNCED_ATTEMPTS, risk, end, 1.0)


@compiled
def do_review(offender, row, start, crew, officer, colleague, trained, world, policy, tally, log):
    """A risk assessment: the record follows the truth, with error, and the visit date follows the record."""
    of_hours, of_error, of_interval, _ = streams.uniforms(
        world.seed, world.replication, streams.REVIEW, offender.origin, offender.serial, offender.reviews
    )
    hours = max(draw(policy.review_hours, of_hours) * desk_factor(trained, policy), LEAST_HOURS)
    end = _finish(offender, row, start, hours, world, policy, tally, log)
    offender.reviews += 1
    add_flow(tally, world, REVIEWS_COMPLETED, offender.risk, end, 1.0)
    offender.review_due = date_of(end, world) + policy.review_interval_days

    before = offender.risk
    recorded = before if of_error < policy.review_error_share else offender.true_risk
    offender.risk = recorded
    if offender.record_lost == 1:
        pass  # a record without a date stays without one
    elif recorded > before:  # from now on the shorter interval holds
        offender.visit_due = min(offender.visit_due, next_visit_due(offender, end, of_interval, world, policy))
    elif recorded < before:  # the longer interval counts from when the offender was last seen
        due = next_visit_due(offender, offender.last_seen, of_interval, world, policy)
        offender.visit_due = max(offender.visit_due, due)
    write_event(
        log, world, REVIEW, row, offender, end, 60.0 * crew * hours, offender.visit_due, DONE, 0, officer, colleague
    )
    return hours, 0.0


@compiled
def do_notification(offender, row, start, crew, officer, colleague, trained, world, policy, tally, log):
    """The yearly confirmation at a station: attended, or missed, which is a breach."""
    of_hours, of_missing, of_finding, of_record = streams.uniforms(
        world.seed, world.replication, streams.NOTIFICATION, offender.origin, offender.serial, offender.notifications
    )
    hours = max(draw(policy.notification_hours, of_hours) * desk_factor(trained, policy), LEAST_HOURS)
    end = _finish(offender, row, start, hours, world, policy, tally, log)
    offender.notifications += 1
    # The anniversary stays where it is, however late the desk was.
    years_late = math.floor((end - offender.notification_due) / policy.notification_interval_days)
    offender.notification_due += (1.0 + max(years_late, 0.0)) * policy.notification_interval_days
    add_flow(tally, world, NOTIFICATIONS_COMPLETED, offender.risk, end, 1.0)
    missed = offender.gone == 1 or of_missing < policy.notification_missed_share
    if missed:
        follow_up_breach(offender, end, world, policy)
    write_event(
        log,
        world,
        NOTIFICATION,
        row,
        offender,
        end,
        60.0 * crew * hours,
        offender.notification_due,
        MISSED if missed else DONE,
        0,
        officer,
        colleague,
    )
    if not missed and offender.record_lost == 1 and of_record < policy.record_found_at_notification:
        find_record(offender, row, end, AT_NOTIFICATION, world, policy, tally, log)
    if not missed and offender.latent_breaches > 0 and of_finding < policy.found_at_notification:
        find_breaches(offender, row, end, AT_NOTIFICATION, world, policy, tally, log)
    return hours, 0.0


@compiled
def do_intake(offender, row, start, crew, officer, colleague, trained, world, policy, tally, log):
    """What a new offender needs before visits and reviews begin."""
    of_hours, _, _, _ = streams.uniforms(
        world.seed, world.replication, streams.INTAKE, offender.origin, offender.serial, 0
    )
    hours = max(draw(policy.intake_hours, of_hours) * desk_factor(trained, policy), LEAST_HOURS)
    end = _finish(offender, row, start, hours, world, policy, tally, log)
    offender.intake_due = NEVER
    add_flow(tally, world, INTAKES_COMPLETED, offender.risk, end, 1.0)
    write_event(
        log, world, INTAKE, row, offender, end, 60.0 * crew * hours, offender.visit_due, DONE, 0, officer, colleague
    )
    return hours, 0.0


@compiled
def do_enquiry(offender, row, start, crew, officer, colleague, trained, world, policy, tally, log, followups):
    """The enquiry into a breach: a warning, a charge, or custody, which is handed back to SimPy."""
    of_hours, of_outcome, of_custody, _ = streams.uniforms(
        world.seed, world.replication, streams.ENQUIRY, offender.origin, offender.serial, offender.enquiries
    )
    hours = max(draw(policy.enquiry_hours, of_hours) * desk_factor(trained, policy), LEAST_HOURS)
    end = _finish(offender, row, start, hours, world, policy, tally, log)
    offender.enquiries += 1
    offender.enquiry_due = NEVER
    add_flow(tally, world, ENQUIRIES_COMPLETED, offender.risk, end, 1.0)
    outcome = WARNING
    if offender.gone == 1:
        outcome = GONE
        go_missing(offender, end, world, policy)
    elif of_outcome >= policy.custody_from:
        outcome = TO_PRISON
        offender.busy_until = NEVER  # nobody visits until SimPy has taken the offender into custody
        followup = followups[world.followups]
        followup.time = end
        followup.days = draw(policy.custody_days, of_custody)
        followup.offender = row
        world.followups += 1
    elif of_outcome >= policy.charge_from:
        outcome = CHARGE
    write_event(log, world, ENQUIRY, row, offender, end, 60.0 * crew * hours, NEVER, outcome, 0, officer, colleague)
    return hours, 0.0


@compiled
def do_warrant(offender, row, start, crew, officer, colleague, trained, world, policy, tally, log):
    """Entry by warrant after failed attempts: the offender is seen, or is gone and from now on missing."""
    of_hours, _, _, _ = streams.uniforms(
        world.seed, world.replication, streams.WARRANT, offender.origin, offender.serial, offender.warrants
    )
    hours = max(draw(policy.warrant_hours, of_hours), LEAST_HOURS)
    end = _finish(offender, row, start, hours, world, policy, tally, log)
    offender.warrants += 1
    offender.warrant_due = NEVER
    offender.failed_in_a_row = 0
    offender.barred_until = end
    add_flow(tally, world, WARRANTS_EXECUTED, offender.risk, end, 1.0)
    minutes = 60.0 * crew * hours
    if offender.gone == 1:
        go_missing(offender, end, world, policy)
        write_event(log, world, WARRANT, row, offender, end, minutes, NEVER, GONE, 0, officer, colleague)
        return hours, 0.0
    offender.last_seen = end
    offender.last_seen_unannounced = end
    offender.visit_due = next_visit_due(offender, end, of_hours, world, policy)
    write_event(log, world, WARRANT, row, offender, end, minutes, offender.visit_due, SEEN, 0, officer, colleague)
    if offender.latent_breaches > 0:  # a search finds what is there
        find_breaches(offender, row, end, AT_VISIT, world, policy, tally, log)
    return hours, 0.0


@compiled
def go_missing(offender, time, world, policy):
    """Whereabouts unknown: nobody visits; tracing begins. Count the offender first."""
    offender.state = MISSING
    offender.enquiry_due = NEVER
    offender.warrant_due = NEVER
    offender.tracing_due = date_of(time, world) + policy.tracing_interval_days


@compiled
def do_tracing(offender, row, start, crew, officer, colleague, trained, world, policy, tally, log):
    """An officer looks for a missing offender: found and seen, or to be tried again."""
    of_hours, of_finding, _, _ = streams.uniforms(
        world.seed, world.replication, streams.TRACING, offender.origin, offender.serial, offender.tracings
    )
    hours = max(draw(policy.tracing_hours, of_hours), LEAST_HOURS)
    end = _finish(offender, row, start, hours, world, policy, tally, log)
    offender.tracings += 1
    add_flow(tally, world, TRACINGS_COMPLETED, offender.risk, end, 1.0)
    found = of_finding < policy.found_by_tracing
    if found:
        come_home(offender, end, world, policy)
        offender.state = COMMUNITY
        offender.tracing_due = NEVER
        offender.last_seen = end
        offender.failed_in_a_row = 0
        offender.barred_until = end
        offender.visit_due = next_visit_due(offender, end, of_hours, world, policy)
        if offender.latent_breaches > 0:
            find_breaches(offender, row, end, AT_VISIT, world, policy, tally, log)
        follow_up_breach(offender, end, world, policy)  # leaving without telling is itself a breach
    else:
        offender.tracing_due = date_of(end, world) + policy.tracing_interval_days
    write_event(
        log,
        world,
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
