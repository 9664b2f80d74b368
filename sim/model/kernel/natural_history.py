"""The natural history of offenders: true risk drifts, breaches begin and come to light, some leave home.

None of it depends on how the force works, so it is the same in every scenario. `catch_up` brings an offender up to
date whenever the model needs it, and books everything at its true time.
"""

from __future__ import annotations

import math

import numpy as np

from sim.model.codes import (
    BREACH,
    BREACH_BEGAN,
    BREACH_FOUND,
    BREACHES_BEGUN,
    BREACHES_FOUND,
    BY_INTELLIGENCE,
    COMMUNITY,
    DAYS_PER_YEAR,
    DETECTION_DAYS,
    DRIFT,
    DRIFTED,
    LEAVING,
    LEFT_HOME,
    NATURAL_EVENTS,
    NEVER,
    NONE,
    REPORT,
    REPORTED,
    REPORTS_RECEIVED,
    TO_VISITS,
)
from sim.model.kernel.compiling import compiled, entry_point, f8, inlined
from sim.model.kernel.count import add_flow, context_of, count_until
from sim.model.kernel.draws import CONSTANT
from sim.model.kernel.event_log import log_event
from sim.model.kernel.streams import NATURAL_EVENT, uniforms_of


@compiled
def date_of(time, clock):
    """The date of a time where things are due on dates; the time itself around the clock."""
    return np.floor(time) if clock.on_dates == 1 else time


@compiled
def _draw_natural_event(kind, offender, clock):
    """Two uniforms for the next event of a kind: how long until then, and how."""
    until, how, _, _ = uniforms_of(offender, NATURAL_EVENT[kind], offender.natural_events_drawn[kind], clock)
    return until, how


@compiled
def _set_next(offender):
    """Note when the next natural event of this offender is."""
    times = offender.next_natural_events
    offender.next_natural_event = min(
        min(min(times[DRIFT], times[BREACH]), min(times[LEAVING], offender.next_intelligence)), times[REPORT]
    )


@compiled
def _start(kind, offender, now, exposure, policy):
    """From `now` on, an exposure runs down at the rate of the offender's true risk."""
    per_year = policy.natural_events_per_year[kind, offender.true_risk]
    offender.exposure[kind] = exposure
    offender.next_natural_events[kind] = now + exposure / per_year * DAYS_PER_YEAR if per_year > 0.0 else NEVER


@compiled
def _stop(kind, offender, now, risk, policy):
    """The exposure that is left `now`, at the rate of the true risk so far."""
    per_year = policy.natural_events_per_year[kind, risk]
    if per_year > 0.0:
        return (offender.next_natural_events[kind] - now) * per_year / DAYS_PER_YEAR
    return offender.exposure[kind]


@compiled
def begin_natural_history(offender, drift_from, breaches_from, leaving_from, clock, policy):
    """Draw the first event of each kind, each counted from a time on."""
    for kind in range(NATURAL_EVENTS):
        exposure = 0.0
        if clock.natural_events_happen[kind] == 1:
            until, _ = _draw_natural_event(kind, offender, clock)
            exposure = -math.log(until)
        begins = leaving_from
        if kind == DRIFT:
            begins = drift_from
        elif kind == BREACH:
            begins = breaches_from
        _start(kind, offender, begins, exposure, policy)
    offender.next_intelligence = NEVER
    _set_next(offender)


@compiled
def change_rates(offender, time, old, new):
    """Carry what is left of the waiting times over to a new policy."""
    for kind in range(NATURAL_EVENTS):
        if kind == LEAVING and offender.gone == 1:
            continue
        if offender.next_natural_events[kind] < NEVER or old.natural_events_per_year[kind, offender.true_risk] == 0.0:
            _start(kind, offender, time, _stop(kind, offender, time, offender.true_risk, old), new)
    _set_next(offender)


@compiled
def pause_natural_history(offender, time, policy):
    """In custody nothing drifts and no breach begins; what was latent no longer matters."""
    for kind in range(NATURAL_EVENTS):
        offender.exposure[kind] = _stop(kind, offender, time, offender.true_risk, policy)
        offender.next_natural_events[kind] = NEVER
    offender.next_intelligence = NEVER
    offender.latent_breaches = 0
    offender.latent_since_sum = 0.0
    _set_next(offender)


@compiled
def resume_natural_history(offender, time, policy):
    """Back in the community, the waiting times go on where they stopped."""
    for kind in range(NATURAL_EVENTS):
        _start(kind, offender, time, offender.exposure[kind], policy)
    _set_next(offender)


@compiled
def come_home(offender, time, clock, policy):
    """An offender who had left home is found, and may leave again."""
    offender.gone = 0
    until, _ = _draw_natural_event(LEAVING, offender, clock)
    _start(LEAVING, offender, time, -math.log(until), policy)
    _set_next(offender)


@compiled
def find_breaches(offender, time, how, context):
    """All that is latent comes to light: an enquiry and a review follow."""
    found = offender.latent_breaches
    count_until(offender, time, context)
    add_flow(BREACHES_FOUND, offender.risk, time, float(found), context)
    add_flow(DETECTION_DAYS, offender.risk, time, found * time - offender.latent_since_sum, context)
    offender.latent_breaches = 0
    offender.latent_since_sum = 0.0
    offender.next_intelligence = NEVER
    _set_next(offender)
    if time >= 0.0:  # what was found before the first day has been followed up
        follow_up_breach(offender, time, context)
    log_event(BREACH_FOUND, offender, time, offender.enquiry_due, how, -1, context)


@compiled
def follow_up_breach(offender, time, context):
    """A breach is known: raise the enquiry and bring the review forward. Count the offender first."""
    clock, policy = context.clock, context.policy
    offender.quiet_since = time
    end_reactive(offender, time, context)
    if policy.enquiry_needed == 1:
        offender.enquiry_due = min(offender.enquiry_due, date_of(time, clock))
    bring_review_forward(offender, time, policy.review_after_breach_days, clock)


@compiled
def bring_review_forward(offender, time, within_days, clock):
    """The next review is due within some days, where there are reviews. Count the offender first."""
    if offender.review_due < NEVER:
        offender.review_due = min(offender.review_due, date_of(time, clock) + within_days)


@compiled
def end_reactive(offender, time, context):
    """Reactive management ends: a first visit and a review are due again, and meetings. Count the offender first."""
    if offender.reactive == 0:
        return
    clock, policy = context.clock, context.policy
    offender.reactive = 0
    offender.desk_check_due = NEVER
    today = date_of(time, clock)
    offender.visit_due = today + policy.first_visit_days if visits_scheduled(offender.risk, policy) else NEVER
    offender.review_due = today + policy.first_review_days if policy.review_interval_days < NEVER else NEVER
    offender.meeting_due = meeting_due_after(offender, NEVER, time, clock, policy)
    log_event(TO_VISITS, offender, time, offender.visit_due, NONE, -1, context)


@compiled
def meeting_interval(offender, policy):
    """Days between the MAPPA meetings on an offender of this recorded risk; NEVER at level 1."""
    if offender.mappa_uniform < policy.mappa_share[0, offender.risk]:
        return policy.mappa_interval_days[0]
    if offender.mappa_uniform < policy.mappa_share[1, offender.risk]:
        return policy.mappa_interval_days[1]
    return NEVER


@compiled
def meeting_due_after(offender, due, time, clock, policy):
    """When the next MAPPA meeting is due after a change of the offender's level at a time, or of none."""
    interval = meeting_interval(offender, policy)
    return NEVER if interval == NEVER else min(due, date_of(time, clock) + interval)


@compiled
def visits_scheduled(risk, policy):
    """Are offenders of this recorded risk visited at all?"""
    interval = policy.interval_days[risk]
    return interval.family != CONSTANT or interval.a < NEVER


@inlined
def catch_up(offender, time, context):
    """Catch up with everything that happened to this offender, in order, up to `time`."""
    if offender.next_natural_event <= time:
        _catch_up(offender, time, context)


@compiled
def _catch_up(offender, time, context):
    while offender.next_natural_event <= time:
        now = offender.next_natural_event
        if now == offender.next_intelligence:
            find_breaches(offender, now, BY_INTELLIGENCE, context)
        elif now == offender.next_natural_events[DRIFT]:
            _drift(offender, now, context)
        elif now == offender.next_natural_events[BREACH]:
            _breach(offender, now, context)
        elif now == offender.next_natural_events[LEAVING]:
            _leave_home(offender, now, context)
        else:
            _report(offender, now, context)
        _set_next(offender)


@compiled
def _drift(offender, now, context):
    """True risk rises or falls by a level; the record does not know."""
    clock, policy = context.clock, context.policy
    count_until(offender, now, context)
    before = offender.true_risk
    _, direction = _draw_natural_event(DRIFT, offender, clock)
    if direction < policy.drift_up_share[before]:
        offender.true_risk += 1
    else:
        offender.true_risk -= 1
    offender.natural_events_drawn[DRIFT] += 1
    until, _ = _draw_natural_event(DRIFT, offender, clock)
    _start(DRIFT, offender, now, -math.log(until), policy)
    for kind in range(BREACH, NATURAL_EVENTS):
        if kind != LEAVING or offender.gone == 0:
            _start(kind, offender, now, _stop(kind, offender, now, before, policy), policy)
    if now >= 0.0:
        log_event(DRIFTED, offender, now, NEVER, NONE, -1, context)


@compiled
def _breach(offender, now, context):
    """A breach begins and stays latent until somebody finds it."""
    clock, policy = context.clock, context.policy
    count_until(offender, now, context)
    _, until_intelligence = _draw_natural_event(BREACH, offender, clock)
    add_flow(BREACHES_BEGUN, offender.risk, now, 1.0, context)
    offender.latent_breaches += 1
    offender.latent_since_sum += now
    if policy.found_by_intelligence_per_year > 0.0:
        hidden_days = -math.log(until_intelligence) / policy.found_by_intelligence_per_year * DAYS_PER_YEAR
        offender.next_intelligence = min(offender.next_intelligence, now + hidden_days)
    offender.natural_events_drawn[BREACH] += 1
    until, _ = _draw_natural_event(BREACH, offender, clock)
    _start(BREACH, offender, now, -math.log(until), policy)
    log_event(BREACH_BEGAN, offender, now, NEVER, NONE, -1, context)


@compiled
def _leave_home(offender, now, context):
    """The offender leaves home without notice: from now on no visit succeeds, and the force does not know why."""
    offender.gone = 1
    offender.natural_events_drawn[LEAVING] += 1
    offender.next_natural_events[LEAVING] = NEVER
    log_event(LEFT_HOME, offender, now, NEVER, NONE, -1, context)


@compiled
def _report(offender, now, context):
    """Somebody reports about the offender: a review is due soon, and reactive management ends."""
    clock, policy = context.clock, context.policy
    offender.natural_events_drawn[REPORT] += 1
    until, _ = _draw_natural_event(REPORT, offender, clock)
    _start(REPORT, offender, now, -math.log(until), policy)
    count_until(offender, now, context)
    add_flow(REPORTS_RECEIVED, offender.risk, now, 1.0, context)
    offender.quiet_since = now
    if offender.state == COMMUNITY:
        end_reactive(offender, now, context)
    bring_review_forward(offender, now, policy.report_review_days, clock)
    log_event(REPORTED, offender, now, offender.visit_due, NONE, -1, context)


@entry_point(f8[::1], f8[::1])
def begin_natural_histories(drift_from, breaches_from, tables):
    """Begin all natural histories, and bring today's offenders, the first rows, up to the first day."""
    context = context_of(tables)
    clock, policy = context.clock, context.policy
    for row in range(len(tables.offenders)):
        offender = tables.offenders[row]
        if row < len(drift_from):
            begin_natural_history(offender, drift_from[row], breaches_from[row], 0.0, clock, policy)
            catch_up(offender, 0.0, context)
        else:
            begin_natural_history(
                offender, offender.registered, offender.registered, offender.registered, clock, policy
            )
