"""Work beside seeing offenders: reviews, notifications, initial assessments, enquiries, desk checks, meetings.

The arguments are those of `visits`.
"""

from __future__ import annotations

import math

from sim.model import codes
from sim.model.kernel import streams
from sim.model.kernel.compiling import compiled, pasted
from sim.model.kernel.count import add_flow
from sim.model.kernel.draws import draw
from sim.model.kernel.event_log import log_event, log_work
from sim.model.kernel.natural_history import date_of, find_breaches, follow_up_breach, meeting_due_after
from sim.model.kernel.streams import uniforms_of
from sim.model.kernel.visits import do_tracing, do_visit, do_warrant, go_missing
from sim.model.kernel.work import find_record, finish, next_visit_due, notice_risk, untrained_factor


@pasted
def do_review(offender, work, context):
    """A risk assessment: the record follows the truth, with error, and the visit date follows the record."""
    clock, policy = context.clock, context.policy
    of_hours, of_error, of_interval, _ = uniforms_of(offender, streams.OF_WORK[codes.REVIEW], offender.reviews, clock)
    of_place, of_passing = 1.0, 1.0
    if policy.review_results_vary == 1:
        of_place, of_passing, _, _ = uniforms_of(offender, streams.REVIEW_RESULT, offender.reviews, clock)
    is_desk_review = of_place < policy.desk_review_share[offender.risk]
    hours = draw(policy.desk_review_hours, of_hours) if is_desk_review else draw(policy.review_hours, of_hours)
    error_share = policy.desk_review_error_share if is_desk_review else policy.review_error_share
    end = finish(offender, work, hours * untrained_factor(work, policy), context)
    offender.reviews += 1
    add_flow(codes.COMPLETED + codes.REVIEW, offender.risk, end, 1.0, context)
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
    log_work(codes.REVIEW, offender, work, offender.visit_due, codes.DONE, context)
    may_pass = (
        recorded == codes.LOW and policy.reactive_after_days < codes.NEVER and of_passing < policy.reactive_passed
    )
    if may_pass and end - offender.quiet_since >= policy.reactive_after_days:
        _begin_reactive(offender, end, context)


@compiled
def _begin_reactive(offender, time, context):
    """Reactive management begins: no visits and reviews from now on, only desk checks."""
    if (
        offender.record_lost == 1
        or offender.gone == 1
        or offender.enquiry_due < codes.NEVER
        or offender.warrant_due < codes.NEVER
    ):
        return
    offender.reactive = 1
    offender.visit_due = codes.NEVER
    offender.review_due = codes.NEVER
    offender.meeting_due = codes.NEVER
    offender.failed_in_a_row = 0
    offender.desk_check_due = date_of(time, context.clock) + context.policy.desk_check_interval_days
    log_event(codes.TO_REACTIVE, offender, time, codes.NEVER, codes.NONE, -1, context)


@compiled
def do_notification(offender, work, context):
    """The yearly confirmation at a station: attended, or missed, which is a breach."""
    clock, policy = context.clock, context.policy
    of_hours, of_missing, of_finding, of_record = uniforms_of(
        offender, streams.OF_WORK[codes.NOTIFICATION], offender.notifications, clock
    )
    end = finish(offender, work, draw(policy.notification_hours, of_hours) * untrained_factor(work, policy), context)
    offender.notifications += 1
    # The anniversary stays where it is, however late it was recorded.
    years_late = math.floor((end - offender.notification_due) / policy.notification_interval_days)
    offender.notification_due += (1.0 + max(years_late, 0.0)) * policy.notification_interval_days
    add_flow(codes.COMPLETED + codes.NOTIFICATION, offender.risk, end, 1.0, context)
    if offender.gone == 1 or of_missing < policy.notification_missed_share:
        follow_up_breach(offender, end, context)
        log_work(codes.NOTIFICATION, offender, work, offender.notification_due, codes.MISSED, context)
        return
    log_work(codes.NOTIFICATION, offender, work, offender.notification_due, codes.DONE, context)
    if offender.record_lost == 1 and of_record < policy.record_found_at_notification:
        find_record(offender, end, codes.AT_NOTIFICATION, context)
    if offender.latent_breaches > 0 and of_finding < policy.found_at_notification:
        find_breaches(offender, end, codes.AT_NOTIFICATION, context)


@compiled
def do_initial_assessment(offender, work, context):
    """What a new offender needs before visits and reviews begin."""
    policy = context.policy
    of_hours, _, _, _ = uniforms_of(offender, streams.OF_WORK[codes.INITIAL_ASSESSMENT], 0, context.clock)
    end = finish(
        offender, work, draw(policy.initial_assessment_hours, of_hours) * untrained_factor(work, policy), context
    )
    offender.initial_assessment_due = codes.NEVER
    add_flow(codes.COMPLETED + codes.INITIAL_ASSESSMENT, offender.risk, end, 1.0, context)
    log_work(codes.INITIAL_ASSESSMENT, offender, work, offender.visit_due, codes.DONE, context)


@compiled
def do_enquiry(offender, work, context, followups):
    """The enquiry into a breach: a warning, a charge, or custody, which is left to SimPy."""
    clock, policy = context.clock, context.policy
    of_hours, of_outcome, of_custody, _ = uniforms_of(
        offender, streams.OF_WORK[codes.ENQUIRY], offender.enquiries, clock
    )
    end = finish(offender, work, draw(policy.enquiry_hours, of_hours) * untrained_factor(work, policy), context)
    offender.enquiries += 1
    offender.enquiry_due = codes.NEVER
    add_flow(codes.COMPLETED + codes.ENQUIRY, offender.risk, end, 1.0, context)
    outcome = codes.WARNING
    if offender.gone == 1:
        outcome = codes.GONE
        go_missing(offender, end, clock, policy)
    elif of_outcome >= policy.custody_from:
        outcome = codes.TO_PRISON
        offender.busy_until = codes.NEVER  # nobody visits until SimPy has taken the offender into custody
        followup = followups[clock.followups]
        followup.time = end
        followup.days = draw(policy.custody_days, of_custody)
        followup.offender = offender.row
        clock.followups += 1
    elif of_outcome >= policy.charge_from:
        outcome = codes.CHARGE
    log_work(codes.ENQUIRY, offender, work, codes.NEVER, outcome, context)


@compiled
def do_desk_check(offender, work, context):
    """The yearly check of an offender in reactive management, from the desk."""
    clock, policy = context.clock, context.policy
    of_hours, of_finding, of_noticing, _ = uniforms_of(
        offender, streams.OF_WORK[codes.DESK_CHECK], offender.desk_checks, clock
    )
    end = finish(offender, work, draw(policy.desk_check_hours, of_hours) * untrained_factor(work, policy), context)
    offender.desk_checks += 1
    add_flow(codes.COMPLETED + codes.DESK_CHECK, offender.risk, end, 1.0, context)
    if offender.reactive == 1:  # a report may have come in meanwhile
        offender.desk_check_due = date_of(end, clock) + policy.desk_check_interval_days
    log_work(codes.DESK_CHECK, offender, work, codes.NEVER, codes.DONE, context)
    if offender.latent_breaches > 0 and of_finding < policy.found_at_desk_check:
        find_breaches(offender, end, codes.AT_DESK_CHECK, context)
    if offender.true_risk > offender.risk and of_noticing < policy.desk_check_notices_risk:
        notice_risk(offender, end, codes.AT_DESK_CHECK, context)


@compiled
def do_meeting(offender, work, context):
    """A multi-agency meeting on the offender, prepared and attended by the officer."""
    clock, policy = context.clock, context.policy
    of_hours, of_noticing, _, _ = uniforms_of(offender, streams.OF_WORK[codes.MEETING], offender.meetings, clock)
    end = finish(offender, work, draw(policy.meeting_hours, of_hours), context)
    offender.meetings += 1
    offender.meeting_due = meeting_due_after(offender, codes.NEVER, end, clock, policy)
    add_flow(codes.COMPLETED + codes.MEETING, offender.risk, end, 1.0, context)
    log_work(codes.MEETING, offender, work, offender.visit_due, codes.DONE, context)
    if offender.true_risk > offender.risk and of_noticing < policy.meeting_notices_risk:
        notice_risk(offender, end, codes.AT_MEETING, context)


@pasted
def do_work(kind, offender, work, context, followups):
    """One piece of work of the kind that an officer has chosen."""
    if kind == codes.VISIT:
        do_visit(offender, work, context)
    elif kind == codes.REVIEW:
        do_review(offender, work, context)
    elif kind == codes.NOTIFICATION:
        do_notification(offender, work, context)
    elif kind == codes.INITIAL_ASSESSMENT:
        do_initial_assessment(offender, work, context)
    elif kind == codes.WARRANT:
        do_warrant(offender, work, context)
    elif kind == codes.TRACING:
        do_tracing(offender, work, context)
    elif kind == codes.DESK_CHECK:
        do_desk_check(offender, work, context)
    elif kind == codes.MEETING:
        do_meeting(offender, work, context)
    else:
        do_enquiry(offender, work, context, followups)
