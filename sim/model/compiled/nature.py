"""What offenders do by themselves: true risk drifts, breaches begin, intelligence brings some to light.

None of it depends on how the force works, so an offender has the same history in every scenario. It is
told lazily: `live_until` catches up whenever somebody looks, and books everything at its true time.
"""

from __future__ import annotations

import math

import numpy as np

from sim.model.compiled import compiled
from sim.model.compiled.count import add_flow, count_until, write_event
from sim.model.compiled.streams import BREACH, DRIFT, uniforms
from sim.model.state import (
    BREACH_BEGAN,
    BREACH_FOUND,
    BREACHES_BEGUN,
    BREACHES_FOUND,
    BY_INTELLIGENCE,
    DAYS_PER_YEAR,
    DETECTION_DAYS,
    DRIFTED,
    NEVER,
    NONE,
)


@compiled
def date_of(time, world):
    """The date of a time where things are due on dates; the time itself around the clock."""
    return np.floor(time) if world.on_dates == 1 else time


@compiled
def drift_per_year(true_risk, policy):
    """Rate at which this level changes, up or down."""
    return policy.drift_up_per_year[true_risk] + policy.drift_down_per_year[true_risk]


@compiled
def _time_of(now, exposure, per_year):
    """When a unit-exponential exposure is used up at a yearly rate."""
    return now + exposure / per_year * DAYS_PER_YEAR if per_year > 0.0 else NEVER


@compiled
def _exposure_left(now, planned, exposure, per_year):
    return (planned - now) * per_year / DAYS_PER_YEAR if per_year > 0.0 else exposure


@compiled
def begin_nature(offender, drift_from, breaches_from, world, policy):
    """Draw an offender's first change of true risk and first breach, each counted from a time on."""
    u, _, _, _ = uniforms(world.seed, world.replication, DRIFT, offender.origin, offender.serial, 0)
    offender.drift_exposure = -math.log(u)
    offender.next_drift = _time_of(drift_from, offender.drift_exposure, drift_per_year(offender.true_risk, policy))
    u, _, _, _ = uniforms(world.seed, world.replication, BREACH, offender.origin, offender.serial, 0)
    offender.breach_exposure = -math.log(u)
    offender.next_breach = _time_of(
        breaches_from, offender.breach_exposure, policy.breaches_per_year[offender.true_risk]
    )
    offender.next_intelligence = NEVER


@compiled
def change_rates(offender, time, old, new):
    """Carry what is left of the waiting times over to a new policy."""
    risk = offender.true_risk
    left = _exposure_left(time, offender.next_drift, offender.drift_exposure, drift_per_year(risk, old))
    offender.drift_exposure = left
    offender.next_drift = _time_of(time, left, drift_per_year(risk, new))
    left = _exposure_left(time, offender.next_breach, offender.breach_exposure, old.breaches_per_year[risk])
    offender.breach_exposure = left
    offender.next_breach = _time_of(time, left, new.breaches_per_year[risk])


@compiled
def pause_life(offender, time, policy):
    """In custody nothing drifts and no breach begins; what was latent no longer matters."""
    risk = offender.true_risk
    offender.drift_exposure = _exposure_left(
        time, offender.next_drift, offender.drift_exposure, drift_per_year(risk, policy)
    )
    offender.breach_exposure = _exposure_left(
        time, offender.next_breach, offender.breach_exposure, policy.breaches_per_year[risk]
    )
    offender.next_drift = NEVER
    offender.next_breach = NEVER
    offender.next_intelligence = NEVER
    offender.latent_breaches = 0
    offender.latent_since_sum = 0.0


@compiled
def resume_life(offender, time, policy):
    """Back in the community, drift and breaches go on where they stopped."""
    risk = offender.true_risk
    offender.next_drift = _time_of(time, offender.drift_exposure, drift_per_year(risk, policy))
    offender.next_breach = _time_of(time, offender.breach_exposure, policy.breaches_per_year[risk])


@compiled
def find_breaches(offender, row, time, how, world, policy, tally, log):
    """All that is latent comes to light: an enquiry and a review follow."""
    found = offender.latent_breaches
    count_until(offender, time, world, tally)
    add_flow(tally, world, BREACHES_FOUND, offender.risk, time, float(found))
    add_flow(tally, world, DETECTION_DAYS, offender.risk, time, found * time - offender.latent_since_sum)
    offender.latent_breaches = 0
    offender.latent_since_sum = 0.0
    offender.next_intelligence = NEVER
    if time >= 0.0:  # what was found before the first day has been followed up
        follow_up_breach(offender, time, world, policy)
    write_event(log, world, BREACH_FOUND, row, offender, time, 0.0, offender.enquiry_due, how, 0, -1, -1)


@compiled
def follow_up_breach(offender, time, world, policy):
    """A breach is known: raise the enquiry and bring the review forward. Count the offender first."""
    if policy.enquiry_needed == 1:
        offender.enquiry_due = min(offender.enquiry_due, date_of(time, world))
    if offender.review_due < NEVER:
        offender.review_due = min(offender.review_due, date_of(time, world) + policy.review_after_breach_days)


@compiled
def next_in_life(offender):
    """When the next thing happens to an offender that nobody sees: a drift, a breach, or intelligence of one."""
    return min(offender.next_drift, offender.next_breach, offender.next_intelligence)


@compiled
def live_until(offender, row, time, world, policy, tally, log):
    """Catch up with everything that happened to this offender, in order, up to `time`."""
    while True:
        now = next_in_life(offender)
        if now > time:
            return
        if now == offender.next_intelligence:
            find_breaches(offender, row, now, BY_INTELLIGENCE, world, policy, tally, log)
        elif now == offender.next_drift:
            _drift(offender, row, now, world, policy, tally, log)
        else:
            _breach(offender, row, now, world, policy, tally, log)


@compiled
def _drift(offender, row, now, world, policy, tally, log):
    """True risk rises or falls by a level; the record does not know."""
    count_until(offender, now, world, tally)
    _, direction, _, _ = uniforms(
        world.seed, world.replication, DRIFT, offender.origin, offender.serial, offender.drifts
    )
    old_breaches_per_year = policy.breaches_per_year[offender.true_risk]
    up = policy.drift_up_per_year[offender.true_risk]
    if direction * drift_per_year(offender.true_risk, policy) < up:
        offender.true_risk += 1
    else:
        offender.true_risk -= 1
    offender.drifts += 1
    u, _, _, _ = uniforms(world.seed, world.replication, DRIFT, offender.origin, offender.serial, offender.drifts)
    offender.drift_exposure = -math.log(u)
    offender.next_drift = _time_of(now, offender.drift_exposure, drift_per_year(offender.true_risk, policy))
    left = _exposure_left(now, offender.next_breach, offender.breach_exposure, old_breaches_per_year)
    offender.breach_exposure = left
    offender.next_breach = _time_of(now, left, policy.breaches_per_year[offender.true_risk])
    if now >= 0.0:
        write_event(log, world, DRIFTED, row, offender, now, 0.0, NEVER, NONE, 0, -1, -1)


@compiled
def _breach(offender, row, now, world, policy, tally, log):
    """A breach begins and stays latent until somebody finds it."""
    count_until(offender, now, world, tally)
    _, until_intelligence, _, _ = uniforms(
        world.seed, world.replication, BREACH, offender.origin, offender.serial, offender.breaches
    )
    add_flow(tally, world, BREACHES_BEGUN, offender.risk, now, 1.0)
    offender.latent_breaches += 1
    offender.latent_since_sum += now
    comes_to_light = _time_of(now, -math.log(until_intelligence), policy.found_by_intelligence_per_year)
    offender.next_intelligence = min(offender.next_intelligence, comes_to_light)
    offender.breaches += 1
    u, _, _, _ = uniforms(world.seed, world.replication, BREACH, offender.origin, offender.serial, offender.breaches)
    offender.breach_exposure = -math.log(u)
    offender.next_breach = _time_of(now, offender.breach_exposure, policy.breaches_per_year[offender.true_risk])
    write_event(log, world, BREACH_BEGAN, row, offender, now, 0.0, NEVER, NONE, 0, -1, -1)


@compiled
def begin_lives(offenders, drift_from, breaches_from, worlds, policies, tally, log):
    """Begin everybody's own history, and bring today's offenders, the first rows, up to the first day."""
    world, policy = worlds[0], policies[0]
    for row in range(len(offenders)):
        offender = offenders[row]
        if row < len(drift_from):
            begin_nature(offender, drift_from[row], breaches_from[row], world, policy)
            live_until(offender, row, 0.0, world, policy, tally, log)
        else:
            begin_nature(offender, offender.registered, offender.registered, world, policy)
