"""What is done about offenders beside seeing them: reviews, notifications, intakes, enquiries, desk checks, meetings.

The arguments and what is returned are those of `visits`.
"""

from __future__ import annotations

import math

from sim.model.codes import (
    AT_DESK_CHECK,
    AT_MEETING,
    AT_NOTIFICATION,
    CHARGE,
    DESK_CHECK,
    DESK_CHECKS_COMPLETED,
    DONE,
    ENQUIRIES_COMPLETED,
    ENQUIRY,
    GONE,
    INITIAL_ASSESSMENT,
    INITIAL_ASSESSMENTS_COMPLETED,
    LEAST_HOURS,
    LOW,
    MEETING,
    MEETINGS_HELD,
    MISSED,
    NEVER,
    NONE,
    NOTIFICATION,
    NOTIFICATIONS_COMPLETED,
    REVIEW,
    REVIEWS_COMPLETED,
    TO_PRISON,
    TO_REACTIVE,
    WARNING,
)
from sim.model.kernel import compiled, inlined, streams
from sim.model.kernel.count import add_flow, write_event
from sim.model.kernel.draws import draw
from sim.model.kernel.natural_history import date_of, find_breaches, follow_up_breach, meeting_due_after
from sim.model.kernel.visits import go_missing
from sim.model.kernel.work import desk_factor, find_record, finish, next_visit_due, notice_risk


@inlined
def do_review(offender, row, start, crew, officer, colleague, trained, clock, policy, tally, log):
    """A risk assessment: the record follows the truth, with error, and the visit date follows the record."""
    of_hours, of_error, of_interval, _ = streams.uniforms(
        clock.seed, clock.replication, streams.REVIEW, offender.stream, offender.index, offender.reviews
    )
    of_place, of_passing = 1.0, 1.0
    if policy.review_results_vary == 1:
        of_place, of_passing, _, _ = streams.uniforms(
            clock.seed, clock.replication, streams.REVIEW_RESULT, offender.stream, offender.index, offender.reviews
        )
    at_desk = of_place < policy.desk_review_share[offender.risk]
    needed = draw(policy.desk_review_hours, of_hours) if at_desk else draw(policy.review_hours, of_hours)
    error_share = policy.desk_review_error_share if at_desk else policy.review_error_share
    hours = max(needed * desk_factor(trained, policy), LEAST_HOURS)
    end = finish(offender, row, start, hours, clock, policy, tally, log)
    offender.reviews += 1
    add_flow(tally, clock, REVIEWS_COMPLETED, offender.risk, end, 1.0)
    offender.review_due = date_of(end, clock) + policy.review_interval_days

    before = offender.risk
    recorded = before if of_error < error_share else offender.true_risk
    offender.risk = recorded
    if recorded != before:
        offender.meeting_due = meeting_due_after(offender, offender.meeting_due, end, clock, policy)
    if offender.record_lost == 1:
        pass  # a record without a date stays without one
    elif recorded > before:  # from now on the shorter interval holds
        offender.visit_due = min(offender.visit_due, next_visit_due(offender, end, of_interval, clock, policy))
    elif recorded < before:  # the longer interval counts from when the offender was last seen
        due = next_visit_due(offender, offender.last_seen, of_interval, clock, policy)
        offender.visit_due = max(offender.visit_due, due)
    write_event(
        log, clock, REVIEW, row, offender, end, 60.0 * crew * hours, offender.visit_due, DONE, 0, officer, colleague
    )
    may_pass = recorded == LOW and policy.reactive_after_days < NEVER and of_passing < policy.reactive_passed
    if may_pass and end - offender.quiet_since >= policy.reactive_after_days:
        _begin_reactive(offender, row, end, clock, policy, log)
    return hours, 0.0


@compiled
def _begin_reactive(offender, row, time, clock, policy, log):
    """Reactive management begins: no visits and reviews from now on, only desk checks."""
    if offender.record_lost == 1 or offender.gone == 1 or offender.enquiry_due < NEVER or offender.warrant_due < NEVER:
        return
    offender.reactive = 1
    offender.visit_due = NEVER
    offender.review_due = NEVER
    offender.meeting_due = NEVER
    offender.failed_in_a_row = 0
    offender.desk_check_due = date_of(time, clock) + policy.desk_check_interval_days
    write_event(log, clock, TO_REACTIVE, row, offender, time, 0.0, NEVER, NONE, 0, -1, -1)


@compiled
def do_notification(offender, row, start, crew, officer, colleague, trained, clock, policy, tally, log):
    """The yearly confirmation at a station: attended, or missed, which is a breach."""
    of_hours, of_missing, of_finding, of_record = streams.uniforms(
        clock.seed, clock.replication, streams.NOTIFICATION, offender.stream, offender.index, offender.notifications
    )
    hours = max(draw(policy.notification_hours, of_hours) * desk_factor(trained, policy), LEAST_HOURS)
    end = finish(offender, row, start, hours, clock, policy, tally, log)
    offender.notifications += 1
    # The anniversary stays where it is, however late the desk was.
    years_late = math.floor((end - offender.notification_due) / policy.notification_interval_days)
    offender.notification_due += (1.0 + max(years_late, 0.0)) * policy.notification_interval_days
    add_flow(tally, clock, NOTIFICATIONS_COMPLETED, offender.risk, end, 1.0)
    missed = offender.gone == 1 or of_missing < policy.notification_missed_share
    if missed:
        follow_up_breach(offender, row, end, clock, policy, log)
    write_event(
        log,
        clock,
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
        find_record(offender, row, end, AT_NOTIFICATION, clock, policy, tally, log)
    if not missed and offender.latent_breaches > 0 and of_finding < policy.found_at_notification:
        find_breaches(offender, row, end, AT_NOTIFICATION, clock, policy, tally, log)
    return hours, 0.0


@compiled
def do_initial_assessment(offender, row, start, crew, officer, colleague, trained, clock, policy, tally, log):
    """What a new offender needs before visits and reviews begin."""
    of_hours, _, _, _ = streams.uniforms(
        clock.seed, clock.replication, streams.INITIAL_ASSESSMENT, offender.stream, offender.index, 0
    )
    hours = max(draw(policy.initial_assessment_hours, of_hours) * desk_factor(trained, policy), LEAST_HOURS)
    end = finish(offender, row, start, hours, clock, policy, tally, log)
    offender.initial_assessment_due = NEVER
    add_flow(tally, clock, INITIAL_ASSESSMENTS_COMPLETED, offender.risk, end, 1.0)
    write_event(
        log,
        clock,
        INITIAL_ASSESSMENT,
        row,
        offender,
        end,
        60.0 * crew * hours,
        offender.visit_due,
        DONE,
        0,
        officer,
        colleague,
    )
    return hours, 0.0


@compiled
def do_enquiry(offender, row, start, crew, officer, colleague, trained, clock, policy, tally, log, followups):
    """The enquiry into a breach: a warning, a charge, or custody, which is handed back to SimPy."""
    of_hours, of_outcome, of_custody, _ = streams.uniforms(
        clock.seed, clock.replication, streams.ENQUIRY, offender.stream, offender.index, offender.enquiries
    )
    hours = max(draw(policy.enquiry_hours, of_hours) * desk_factor(trained, policy), LEAST_HOURS)
    end = finish(offender, row, start, hours, clock, policy, tally, log)
    offender.enquiries += 1
    offender.enquiry_due = NEVER
    add_flow(tally, clock, ENQUIRIES_COMPLETED, offender.risk, end, 1.0)
    outcome = WARNING
    if offender.gone == 1:
        outcome = GONE
        go_missing(offender, end, clock, policy)
    elif of_outcome >= policy.custody_from:
        outcome = TO_PRISON
        offender.busy_until = NEVER  # nobody visits until SimPy has taken the offender into custody
        followup = followups[clock.followups]
        followup.time = end
        followup.days = draw(policy.custody_days, of_custody)
        followup.offender = row
        clock.followups += 1
    elif of_outcome >= policy.charge_from:
        outcome = CHARGE
    write_event(log, clock, ENQUIRY, row, offender, end, 60.0 * crew * hours, NEVER, outcome, 0, officer, colleague)
    return hours, 0.0


@compiled
def do_desk_check(offender, row, start, crew, officer, colleague, trained, clock, policy, tally, log):
    """The yearly check of an offender in reactive management, from the desk."""
    of_hours, of_finding, of_noticing, _ = streams.uniforms(
        clock.seed, clock.replication, streams.DESK_CHECK, offender.stream, offender.index, offender.desk_checks
    )
    hours = max(draw(policy.desk_check_hours, of_hours) * desk_factor(trained, policy), LEAST_HOURS)
    end = finish(offender, row, start, hours, clock, policy, tally, log)
    offender.desk_checks += 1
    add_flow(tally, clock, DESK_CHECKS_COMPLETED, offender.risk, end, 1.0)
    minutes = 60.0 * crew * hours
    if offender.reactive == 1:  # a report may have come in meanwhile
        offender.desk_check_due = date_of(end, clock) + policy.desk_check_interval_days
    write_event(log, clock, DESK_CHECK, row, offender, end, minutes, NEVER, DONE, 0, officer, colleague)
    if offender.latent_breaches > 0 and of_finding < policy.found_at_desk_check:
        find_breaches(offender, row, end, AT_DESK_CHECK, clock, policy, tally, log)
    if offender.true_risk > offender.risk and of_noticing < policy.desk_check_notices_risk:
        notice_risk(offender, row, end, AT_DESK_CHECK, clock, policy, log)
    return hours, 0.0


@compiled
def do_meeting(offender, row, start, crew, officer, colleague, trained, clock, policy, tally, log):
    """A multi-agency meeting on the offender, prepared and attended by the officer."""
    of_hours, of_noticing, _, _ = streams.uniforms(
        clock.seed, clock.replication, streams.MEETING, offender.stream, offender.index, offender.meetings
    )
    hours = max(draw(policy.meeting_hours, of_hours), LEAST_HOURS)
    end = finish(offender, row, start, hours, clock, policy, tally, log)
    offender.meetings += 1
    offender.meeting_due = meeting_due_after(offender, NEVER, end, clock, policy)
    add_flow(tally, clock, MEETINGS_HELD, offender.risk, end, 1.0)
    write_event(
        log, clock, MEETING, row, offender, end, 60.0 * crew * hours, offender.visit_due, DONE, 0, officer, colleague
    )
    if offender.true_risk > offender.risk and of_noticing < policy.meeting_notices_risk:
        notice_risk(offender, row, end, AT_MEETING, clock, policy, log)
    return hours, 0.0
