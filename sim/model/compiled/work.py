"""What each kind of work takes and what it leads to: a visit, a review, a notification, an intake, an enquiry.

Each function is told when the work starts and returns the hours of the whole crew together and the hours
of the lead officer afterwards; it leaves the offender with the next due dates.
"""

from __future__ import annotations

import math

from sim.model.compiled import compiled, streams
from sim.model.compiled.count import add_flow, count_until, write_event
from sim.model.compiled.draws import draw
from sim.model.compiled.nature import date_of, find_breaches, follow_up_breach, live_until
from sim.model.state import (
    AT_NOTIFICATION,
    AT_VISIT,
    CHARGE,
    DONE,
    ENQUIRIES_COMPLETED,
    ENQUIRY,
    FAILED_ATTEMPTS,
    HOURS_PER_DAY,
    INTAKE,
    INTAKES_COMPLETED,
    LEAST_HOURS,
    MISSED,
    NEVER,
    NO_CONTACT,
    NOTIFICATION,
    NOTIFICATIONS_COMPLETED,
    REVIEW,
    REVIEWS_COMPLETED,
    SEEN,
    TO_PRISON,
    UNANNOUNCED_ATTEMPTS,
    VISIT,
    VISIT_ATTEMPTS,
    VISITS_COMPLETED,
    WARNING,
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
def do_visit(offender, row, start, crew, officer, colleague, world, policy, tally, log):
    """A home visit: announced or not, answered or not; what was latent may be found."""
    of_announcing, of_contact, of_home, of_travel = streams.uniforms(
        world.seed, world.replication, streams.VISIT, offender.origin, offender.serial, offender.visits
    )
    risk = offender.risk
    announced = 1 if of_announcing < policy.announced_share[risk] else 0
    travel_hours = draw(policy.travel_hours, of_travel)
    if of_contact < policy.no_contact[announced]:
        hours = max(travel_hours + draw(policy.failed_attempt_hours, of_home), LEAST_HOURS)
        end = _finish(offender, row, start, hours, world, policy, tally, log)
        offender.visits += 1
        offender.failed_in_a_row += 1
        offender.barred_until = date_of(end, world) + policy.retry_days
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
    of_finding, of_write_up, of_interval = 0.5, 0.5, 0.5
    if policy.visit_results_vary == 1 or offender.latent_breaches > 0:
        of_finding, of_write_up, of_interval, _ = streams.uniforms(
            world.seed, world.replication, streams.VISIT_RESULT, offender.origin, offender.serial, offender.visits
        )
    offender.visits += 1
    offender.failed_in_a_row = 0
    offender.last_seen = end
    if announced == 0:
        offender.last_seen_unannounced = end
    offender.visit_due = next_visit_due(offender, end, of_interval, world, policy)
    write_up_hours = draw(policy.write_up_hours, of_write_up)
    add_flow(tally, world, VISITS_COMPLETED, risk, end, 1.0)
    _book_attempt(tally, world, risk, end, announced)
    minutes = 60.0 * (crew * hours + write_up_hours)
    write_event(log, world, VISIT, row, offender, end, minutes, offender.visit_due, SEEN, announced, officer, colleague)
    if offender.latent_breaches > 0 and of_finding < policy.found_at_visit[announced]:
        find_breaches(offender, row, end, AT_VISIT, world, policy, tally, log)
    return hours, write_up_hours


@compiled
def _book_attempt(tally, world, risk, end, announced):
    add_flow(tally, world, VISIT_ATTEMPTS, risk, end, 1.0)
    if announced == 0:
        add_flow(tally, world, UNANNOUNCED_ATTEMPTS, risk, end, 1.0)


@compiled
def do_review(offender, row, start, crew, officer, colleague, world, policy, tally, log):
    """A risk assessment: the record follows the truth, with error, and the visit date follows the record."""
    of_hours, of_error, of_interval, _ = streams.uniforms(
        world.seed, world.replication, streams.REVIEW, offender.origin, offender.serial, offender.reviews
    )
    hours = max(draw(policy.review_hours, of_hours), LEAST_HOURS)
    end = _finish(offender, row, start, hours, world, policy, tally, log)
    offender.reviews += 1
    add_flow(tally, world, REVIEWS_COMPLETED, offender.risk, end, 1.0)
    offender.review_due = date_of(end, world) + policy.review_interval_days

    before = offender.risk
    recorded = before if of_error < policy.review_error_share else offender.true_risk
    offender.risk = recorded
    if recorded > before:  # from now on the shorter interval holds
        offender.visit_due = min(offender.visit_due, next_visit_due(offender, end, of_interval, world, policy))
    elif recorded < before:  # the longer interval counts from when the offender was last seen
        due = next_visit_due(offender, offender.last_seen, of_interval, world, policy)
        offender.visit_due = max(offender.visit_due, due)
    write_event(
        log, world, REVIEW, row, offender, end, 60.0 * crew * hours, offender.visit_due, DONE, 0, officer, colleague
    )
    return hours, 0.0


@compiled
def do_notification(offender, row, start, crew, officer, colleague, world, policy, tally, log):
    """The yearly confirmation at a station: attended, or missed, which is a breach."""
    of_hours, of_missing, of_finding, _ = streams.uniforms(
        world.seed, world.replication, streams.NOTIFICATION, offender.origin, offender.serial, offender.notifications
    )
    hours = max(draw(policy.notification_hours, of_hours), LEAST_HOURS)
    end = _finish(offender, row, start, hours, world, policy, tally, log)
    offender.notifications += 1
    # The anniversary stays where it is, however late the desk was.
    years_late = math.floor((end - offender.notification_due) / policy.notification_interval_days)
    offender.notification_due += (1.0 + max(years_late, 0.0)) * policy.notification_interval_days
    add_flow(tally, world, NOTIFICATIONS_COMPLETED, offender.risk, end, 1.0)
    missed = of_missing < policy.notification_missed_share
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
    if not missed and offender.latent_breaches > 0 and of_finding < policy.found_at_notification:
        find_breaches(offender, row, end, AT_NOTIFICATION, world, policy, tally, log)
    return hours, 0.0


@compiled
def do_intake(offender, row, start, crew, officer, colleague, world, policy, tally, log):
    """What a new offender needs before visits and reviews begin."""
    of_hours, _, _, _ = streams.uniforms(
        world.seed, world.replication, streams.INTAKE, offender.origin, offender.serial, 0
    )
    hours = max(draw(policy.intake_hours, of_hours), LEAST_HOURS)
    end = _finish(offender, row, start, hours, world, policy, tally, log)
    offender.intake_due = NEVER
    add_flow(tally, world, INTAKES_COMPLETED, offender.risk, end, 1.0)
    write_event(
        log, world, INTAKE, row, offender, end, 60.0 * crew * hours, offender.visit_due, DONE, 0, officer, colleague
    )
    return hours, 0.0


@compiled
def do_enquiry(offender, row, start, crew, officer, colleague, world, policy, tally, log, followups):
    """The enquiry into a breach: a warning, a charge, or custody, which is handed back to SimPy."""
    of_hours, of_outcome, of_custody, _ = streams.uniforms(
        world.seed, world.replication, streams.ENQUIRY, offender.origin, offender.serial, offender.enquiries
    )
    hours = max(draw(policy.enquiry_hours, of_hours), LEAST_HOURS)
    end = _finish(offender, row, start, hours, world, policy, tally, log)
    offender.enquiries += 1
    offender.enquiry_due = NEVER
    add_flow(tally, world, ENQUIRIES_COMPLETED, offender.risk, end, 1.0)
    outcome = WARNING
    if of_outcome >= policy.custody_from:
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
