"""What is counted while the model runs: spells of a condition, things that happen, extremes.

Nothing is ever scanned. Whenever an offender is about to change, `count_until` books which conditions began
and ended since it last looked. A spell adds +1 at the weekly observation where it begins and -1 where it ends, and
the times themselves likewise; running sums of both give, exactly, how many were in that condition at each
observation and how many offender-days had passed in it. What an offender stays in is not touched.
"""

from __future__ import annotations

import math

from sim.model.codes import (
    AWAITING_INITIAL_ASSESSMENT,
    COMMUNITY,
    CUSTODY,
    DAYS_PER_WEEK,
    EARLIEST_LAST_SEEN,
    EARLIEST_OVERDUE_VISIT,
    HIDDEN_RISK,
    IN_CUSTODY,
    LATENT_BREACHES,
    LOST_RECORDS,
    MANAGED,
    MISSING,
    NEVER,
    ON_REACTIVE,
    ON_VISIT_LIST,
    OVERDUE_REVIEWS,
    OVERDUE_VISITS,
    RISKS,
    SEEN_UNANNOUNCED,
    STOCKS_BY_TEAM,
    UNALLOCATED,
    WHEREABOUTS_UNKNOWN,
)
from sim.model.kernel.compiling import compiled, inlined, pasted
from sim.model.records import Context

UNANNOUNCED_MEMORY_DAYS = 365.0
"""Unannounced coverage asks who was seen unannounced within this many days."""


@pasted
def context_of(tables):
    """What every function needs of the tables of a replication (`records.Context`)."""
    return Context(tables.clocks[0], tables.policies[0], tables.tally, tables.log)


@inlined
def observation_at_or_after(time, clock):
    """Number of the first weekly observation that is not before `time`; one past the last after the horizon."""
    if time > clock.end:
        return clock.last_observation + 1
    return min(math.ceil(time / DAYS_PER_WEEK), clock.last_observation)


@inlined
def _book(tally, clock, stock, risk, time, observation, weight):
    """Book that from `time` on so many more, or fewer, are in a condition; `observation`: that of the time."""
    booked = tally[observation].spells
    booked[risk, stock, 0] += weight
    booked[risk, stock, 1] += weight * min(time, clock.end)


@inlined
def observations_of_team(team, clock):
    """Where the observations of a team begin in the tally."""
    return (1 + team // RISKS) * (clock.last_observation + 2)


@inlined
def _book_team(tally, clock, stock, team, time, observation, weight):
    """Book for a team, too, what is counted by team."""
    if clock.by_team == 1 and stock < STOCKS_BY_TEAM:
        _book(tally, clock, stock, team % RISKS, time, observations_of_team(team, clock) + observation, weight)


@compiled
def add_spell(stock, risk, begins, ends, weight, at, clock, tally):
    """Book that `weight` offenders were in a condition; `at`: where the observations begin, 0 for the force."""
    _book(tally, clock, stock, risk, begins, at + observation_at_or_after(begins, clock), weight)
    _book(tally, clock, stock, risk, ends, at + observation_at_or_after(ends, clock), -weight)


@compiled
def week_of(day, clock):
    """Number of the week a day lies in, from 0."""
    return min(int(day / DAYS_PER_WEEK), clock.last_observation - 1)


@inlined
def add_flow(flow, risk, time, amount, context):
    """Book that something happened; what lies beyond the horizon is not counted."""
    if 0.0 <= time <= context.clock.end:
        context.tally[week_of(time, context.clock)].flow[risk, flow] += amount


@inlined
def note_earliest(tally, extreme, risk, first, last, time):
    """Keep the earliest time of all who share a condition, at each observation from `first` to before `last`.

    Two runs of a power of two observations, which may overlap, cover them all; `spread_earliest` hands them down.
    """
    observations = last - first
    if observations <= 0:
        return
    level = 0
    while observations >> (level + 1):
        level += 1
    begin = tally[first].earliest
    end = tally[last - (1 << level)].earliest
    begin[extreme, risk, level] = min(begin[extreme, risk, level], time)
    end[extreme, risk, level] = min(end[extreme, risk, level], time)


@compiled
def _conditions_of(offender, time, clock):
    """The conditions that an offender is in from `time` on, as bits."""
    if offender.state == CUSTODY:
        return 1 << IN_CUSTODY
    if offender.state == MISSING:
        return 1 << WHEREABOUTS_UNKNOWN
    if offender.state != COMMUNITY:
        return 0
    conditions = 1 << MANAGED
    if offender.caseload < 0:
        conditions |= 1 << UNALLOCATED
    if offender.initial_assessment_due < NEVER:
        conditions |= 1 << AWAITING_INITIAL_ASSESSMENT
    if offender.reactive == 1:
        conditions |= 1 << ON_REACTIVE
    if offender.record_lost == 1:
        conditions |= 1 << LOST_RECORDS
    if offender.visit_due < NEVER:
        conditions |= 1 << ON_VISIT_LIST
        if offender.visit_due + clock.grace <= time:
            conditions |= 1 << OVERDUE_VISITS
        if offender.last_seen_unannounced + UNANNOUNCED_MEMORY_DAYS > time:
            conditions |= 1 << SEEN_UNANNOUNCED
    if offender.review_due + clock.grace <= time:
        conditions |= 1 << OVERDUE_REVIEWS
    if offender.true_risk > offender.risk:
        conditions |= 1 << HIDDEN_RISK
    return conditions


@inlined
def _latent_breaches_of(offender):
    """Latent breaches are counted while there is a team to find them."""
    return offender.latent_breaches if offender.state == COMMUNITY else 0


@compiled
def _book_changes(offender, conditions, time, observation, clock, tally):
    """Book the conditions that the offender has left and entered since the tally last looked."""
    before, risk_before, latent_before = offender.counted_in, offender.counted_risk, offender.counted_latent
    risk, latent = offender.risk, _latent_breaches_of(offender)
    ended, begun = before & ~conditions, conditions & ~before
    if risk != risk_before:
        ended, begun = before, conditions
    stock = 0
    while ended | begun:
        if ended & 1:
            _book(tally, clock, stock, risk_before, time, observation, -1.0)
            _book_team(tally, clock, stock, offender.team, time, observation, -1.0)
        if begun & 1:
            _book(tally, clock, stock, risk, time, observation, 1.0)
            _book_team(tally, clock, stock, offender.team, time, observation, 1.0)
        ended >>= 1
        begun >>= 1
        stock += 1
    if latent != latent_before or risk != risk_before:
        _book(tally, clock, LATENT_BREACHES, risk_before, time, observation, -float(latent_before))
        _book(tally, clock, LATENT_BREACHES, risk, time, observation, float(latent))
    offender.counted_risk = risk
    offender.counted_latent = latent


@inlined
def count_until(offender, time, context):
    """Book what this offender has been from where the tally stands up to `time`; call before any change."""
    if time > offender.counted_until:
        _count_until(offender, time, context.clock, context.tally)


@compiled
def _count_until(offender, time, clock, tally):
    begins = offender.counted_until
    offender.counted_until = time
    if begins > clock.end:
        return
    risk = offender.risk
    first = observation_at_or_after(begins, clock)
    last = observation_at_or_after(time, clock)
    conditions = _conditions_of(offender, begins, clock)
    if (
        conditions != offender.counted_in
        or risk != offender.counted_risk
        or _latent_breaches_of(offender) != offender.counted_latent
    ):
        _book_changes(offender, conditions, begins, first, clock, tally)
    if offender.state == MISSING:
        note_earliest(tally, EARLIEST_LAST_SEEN, risk, first, last, offender.last_seen)
    elif offender.state == COMMUNITY:
        conditions = _book_what_falls_due(offender, conditions, begins, first, time, last, clock, tally)
    offender.counted_in = conditions


@compiled
def _book_what_falls_due(offender, conditions, begins, first, time, last, clock, tally):
    """Book what begins or ends by itself before `time`: a date passes. Returns the conditions that then hold."""
    risk = offender.risk
    if offender.visit_due < NEVER:
        note_earliest(tally, EARLIEST_LAST_SEEN, risk, first, last, offender.last_seen)
        overdue = offender.visit_due + clock.grace
        if overdue < time:
            observation = first
            if overdue > begins:
                observation = observation_at_or_after(overdue, clock)
                _book(tally, clock, OVERDUE_VISITS, risk, overdue, observation, 1.0)
                _book_team(tally, clock, OVERDUE_VISITS, offender.team, overdue, observation, 1.0)
                conditions |= 1 << OVERDUE_VISITS
            note_earliest(tally, EARLIEST_OVERDUE_VISIT, risk, observation, last, offender.visit_due)
            if clock.by_team == 1:
                team, at = offender.team % RISKS, observations_of_team(offender.team, clock)
                note_earliest(tally, EARLIEST_OVERDUE_VISIT, team, at + observation, at + last, offender.visit_due)
        forgotten = offender.last_seen_unannounced + UNANNOUNCED_MEMORY_DAYS
        if begins < forgotten < time:
            _book(tally, clock, SEEN_UNANNOUNCED, risk, forgotten, observation_at_or_after(forgotten, clock), -1.0)
            conditions &= ~(1 << SEEN_UNANNOUNCED)
    elif offender.record_lost == 1:
        note_earliest(tally, EARLIEST_LAST_SEEN, risk, first, last, offender.last_seen)
    overdue = offender.review_due + clock.grace
    if begins < overdue < time:
        observation = observation_at_or_after(overdue, clock)
        _book(tally, clock, OVERDUE_REVIEWS, risk, overdue, observation, 1.0)
        _book_team(tally, clock, OVERDUE_REVIEWS, offender.team, overdue, observation, 1.0)
        conditions |= 1 << OVERDUE_REVIEWS
    return conditions


@compiled
def count_in_team(offender, team, time, context):
    """From `time` on what the tally knows of the offender counts for another team. Count the offender first."""
    clock, tally = context.clock, context.tally
    if clock.by_team == 1:
        observation = observation_at_or_after(time, clock)
        for stock in range(STOCKS_BY_TEAM):
            if (offender.counted_in >> stock) & 1:
                _book_team(tally, clock, stock, offender.team, time, observation, -1.0)
                _book_team(tally, clock, stock, team, time, observation, 1.0)
    offender.team = team
