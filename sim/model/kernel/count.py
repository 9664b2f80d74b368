"""What is counted while the model runs: spells of a condition, things that happen, extremes.

Nothing is ever scanned. Whenever an offender is about to change, `count_until` books which conditions began
and ended since it last looked. A spell adds +1 at the weekly mark where it begins and -1 where it ends, and the
times themselves likewise; running sums of both give, exactly, how many were in that condition at each mark and how
many offender-days had passed in it. What an offender stays in is not touched.
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
from sim.model.kernel import compiled, inlined

UNANNOUNCED_MEMORY_DAYS = 365.0
"""Unannounced coverage asks who was seen unannounced within this many days."""


@inlined
def mark_at_or_after(time, world):
    """Number of the first weekly mark that is not before `time`; one past the last after the horizon."""
    if time > world.end:
        return world.last_mark + 1
    return min(math.ceil(time / DAYS_PER_WEEK), world.last_mark)


@inlined
def _book(tally, world, stock, risk, time, mark, weight):
    """Book that from `time` on so many more, or fewer, are in a condition; `mark`: that of the time."""
    booked = tally[mark].spells
    booked[risk, stock, 0] += weight
    booked[risk, stock, 1] += weight * min(time, world.end)


@inlined
def marks_of_team(team, world):
    """Where the marks of a team begin in the tally."""
    return (1 + team // RISKS) * (world.last_mark + 2)


@inlined
def _book_team(tally, world, stock, team, time, mark, weight):
    """Book for a team, too, what is counted by team."""
    if world.by_team == 1 and stock < STOCKS_BY_TEAM:
        _book(tally, world, stock, team % RISKS, time, marks_of_team(team, world) + mark, weight)


@compiled
def add_spell(tally, world, stock, risk, begins, first, ends, last, weight):
    """Book that `weight` offenders were in a condition from `begins` until `ends`; `first`, `last`: their marks."""
    _book(tally, world, stock, risk, begins, first, weight)
    _book(tally, world, stock, risk, ends, last, -weight)


@compiled
def week_of(day, world):
    """Number of the week a day lies in, from 0."""
    return min(int(day / DAYS_PER_WEEK), world.last_mark - 1)


@compiled
def add_flow(tally, world, flow, risk, time, amount):
    """Book that something happened; what lies beyond the horizon is not counted."""
    if 0.0 <= time <= world.end:
        tally[week_of(time, world)].flow[risk, flow] += amount


@inlined
def note_earliest(tally, extreme, risk, first, last, time):
    """Keep the earliest time of all who share a condition, at each mark from `first` to before `last`.

    Two runs of a power of two marks, which may overlap, cover them all; `spread_earliest` hands them down.
    """
    marks = last - first
    if marks <= 0:
        return
    level = 0
    while marks >> (level + 1):
        level += 1
    begin = tally[first].earliest
    end = tally[last - (1 << level)].earliest
    begin[extreme, risk, level] = min(begin[extreme, risk, level], time)
    end[extreme, risk, level] = min(end[extreme, risk, level], time)


@compiled
def _conditions_of(offender, time, world):
    """The conditions that an offender is in from `time` on, as bits."""
    if offender.state == CUSTODY:
        return 1 << IN_CUSTODY
    if offender.state == MISSING:
        return 1 << WHEREABOUTS_UNKNOWN
    if offender.state != COMMUNITY:
        return 0
    conditions = 1 << MANAGED
    if offender.desk < 0:
        conditions |= 1 << UNALLOCATED
    if offender.initial_assessment_due < NEVER:
        conditions |= 1 << AWAITING_INITIAL_ASSESSMENT
    if offender.reactive == 1:
        conditions |= 1 << ON_REACTIVE
    if offender.record_lost == 1:
        conditions |= 1 << LOST_RECORDS
    if offender.visit_due < NEVER:
        conditions |= 1 << ON_VISIT_LIST
        if offender.visit_due + world.grace <= time:
            conditions |= 1 << OVERDUE_VISITS
        if offender.last_seen_unannounced + UNANNOUNCED_MEMORY_DAYS > time:
            conditions |= 1 << SEEN_UNANNOUNCED
    if offender.review_due + world.grace <= time:
        conditions |= 1 << OVERDUE_REVIEWS
    if offender.true_risk > offender.risk:
        conditions |= 1 << HIDDEN_RISK
    return conditions


@inlined
def _latent_breaches_of(offender):
    """Latent breaches are counted while there is a team to find them."""
    return offender.latent_breaches if offender.state == COMMUNITY else 0


@compiled
def _book_changes(offender, conditions, time, mark, world, tally):
    """Book the conditions that the offender has left and entered since the tally last looked."""
    before, risk_before, latent_before = offender.counted_in, offender.counted_risk, offender.counted_latent
    risk, latent = offender.risk, _latent_breaches_of(offender)
    ended, begun = before & ~conditions, conditions & ~before
    if risk != risk_before:
        ended, begun = before, conditions
    stock = 0
    while ended | begun:
        if ended & 1:
            _book(tally, world, stock, risk_before, time, mark, -1.0)
            _book_team(tally, world, stock, offender.team, time, mark, -1.0)
        if begun & 1:
            _book(tally, world, stock, risk, time, mark, 1.0)
            _book_team(tally, world, stock, offender.team, time, mark, 1.0)
        ended >>= 1
        begun >>= 1
        stock += 1
    if latent != latent_before or risk != risk_before:
        _book(tally, world, LATENT_BREACHES, risk_before, time, mark, -float(latent_before))
        _book(tally, world, LATENT_BREACHES, risk, time, mark, float(latent))
    offender.counted_risk = risk
    offender.counted_latent = latent


@compiled
def count_until(offender, time, world, tally):
    """Book what this offender has been from where the tally stands up to `time`; call before any change."""
    begins = offender.counted_until
    if time <= begins:
        return
    offender.counted_until = time
    if begins > world.end:
        return
    risk = offender.risk
    first = mark_at_or_after(begins, world)
    last = mark_at_or_after(time, world)
    conditions = _conditions_of(offender, begins, world)
    if (
        conditions != offender.counted_in
        or risk != offender.counted_risk
        or _latent_breaches_of(offender) != offender.counted_latent
    ):
        _book_changes(offender, conditions, begins, first, world, tally)
    if offender.state == MISSING:
        note_earliest(tally, EARLIEST_LAST_SEEN, risk, first, last, offender.last_seen)
    elif offender.state == COMMUNITY:
        conditions = _book_what_falls_due(offender, conditions, begins, first, time, last, world, tally)
    offender.counted_in = conditions


@compiled
def _book_what_falls_due(offender, conditions, begins, first, time, last, world, tally):
    """Book what begins or ends by itself before `time`: a date passes. Returns the conditions that then hold."""
    risk = offender.risk
    if offender.visit_due < NEVER:
        note_earliest(tally, EARLIEST_LAST_SEEN, risk, first, last, offender.last_seen)
        overdue = offender.visit_due + world.grace
        if overdue < time:
            mark = first
            if overdue > begins:
                mark = mark_at_or_after(overdue, world)
                _book(tally, world, OVERDUE_VISITS, risk, overdue, mark, 1.0)
                _book_team(tally, world, OVERDUE_VISITS, offender.team, overdue, mark, 1.0)
                conditions |= 1 << OVERDUE_VISITS
            note_earliest(tally, EARLIEST_OVERDUE_VISIT, risk, mark, last, offender.visit_due)
            if world.by_team == 1:
                team, at = offender.team % RISKS, marks_of_team(offender.team, world)
                note_earliest(tally, EARLIEST_OVERDUE_VISIT, team, at + mark, at + last, offender.visit_due)
        forgotten = offender.last_seen_unannounced + UNANNOUNCED_MEMORY_DAYS
        if begins < forgotten < time:
            _book(tally, world, SEEN_UNANNOUNCED, risk, forgotten, mark_at_or_after(forgotten, world), -1.0)
            conditions &= ~(1 << SEEN_UNANNOUNCED)
    elif offender.record_lost == 1:
        note_earliest(tally, EARLIEST_LAST_SEEN, risk, first, last, offender.last_seen)
    overdue = offender.review_due + world.grace
    if begins < overdue < time:
        mark = mark_at_or_after(overdue, world)
        _book(tally, world, OVERDUE_REVIEWS, risk, overdue, mark, 1.0)
        _book_team(tally, world, OVERDUE_REVIEWS, offender.team, overdue, mark, 1.0)
        conditions |= 1 << OVERDUE_REVIEWS
    return conditions


@compiled
def count_in_team(offender, team, time, world, tally):
    """From `time` on what the tally knows of the offender counts for another team. Count the offender first."""
    if world.by_team == 1:
        mark = mark_at_or_after(time, world)
        for stock in range(STOCKS_BY_TEAM):
            if (offender.counted_in >> stock) & 1:
                _book_team(tally, world, stock, offender.team, time, mark, -1.0)
                _book_team(tally, world, stock, team, time, mark, 1.0)
    offender.team = team


@compiled
def write_event(log, world, kind, row, offender, time, minutes, due, outcome, announced, officer, colleague):
    """Add one line to the event log, if one is kept; rows beyond its end are only counted.

    Work begun on the last day may end after the horizon: that is no event any more.
    """
    if world.keep_log == 0 or time > world.end:
        return
    world.log_rows += 1
    if world.log_rows > len(log):
        return
    event = log[world.log_rows - 1]
    event.time = time
    event.minutes = minutes
    event.due = due
    event.review_due = offender.review_due
    event.kind = kind
    event.outcome = outcome
    event.risk = offender.risk
    event.true_risk = offender.true_risk
    event.announced = announced
    event.team = offender.team
    event.offender = row
    event.officer = officer
    event.colleague = colleague


@compiled
def tell_officer(kind, row, why, time, worlds, officers, log):
    """Write into the log what happens to an officer; such a row has no offender."""
    world = worlds[0]
    world.log_rows += 1
    if world.log_rows > len(log):
        return
    event = log[world.log_rows - 1]
    event.time = time
    event.minutes = 0.0
    event.due = NEVER
    event.review_due = NEVER
    event.kind = kind
    event.outcome = why
    event.risk = -1
    event.true_risk = -1
    event.announced = 0
    event.team = officers[row].team
    event.offender = -1
    event.officer = row
    event.colleague = -1
