"""What is counted while the model runs: spells of a condition, things that happen, extremes.

Nothing is ever scanned. Whenever an offender is about to change, `count_until` books the spell that ends
there. A spell adds +1 at the weekly mark where it begins and -1 where it ends, and the times themselves
likewise; running sums of both give, exactly, how many were in that condition at each mark and how many
offender-days had passed in it.
"""

from __future__ import annotations

import math

from sim.model.codes import (
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
    SEEN_UNANNOUNCED,
    UNALLOCATED,
    WAITING_INTAKE,
    WHEREABOUTS_UNKNOWN,
)
from sim.model.compiled import compiled

UNANNOUNCED_MEMORY_DAYS = 365.0
"""Unannounced coverage asks who was seen unannounced within this many days."""


@compiled
def mark_at_or_after(time, world):
    """Number of the first weekly mark that is not before `time`; one past the last after the horizon."""
    if time > world.end:
        return world.last_mark + 1
    return min(math.ceil(time / DAYS_PER_WEEK), world.last_mark)


@compiled
def add_spell(tally, world, stock, risk, begins, first, ends, last, weight):
    """Book that `weight` offenders were in a condition from `begins` until `ends`; `first`, `last`: their marks."""
    opening = tally[first]
    closing = tally[last]
    opening.count[risk, stock] += weight
    closing.count[risk, stock] -= weight
    opening.time[risk, stock] += weight * begins
    closing.time[risk, stock] -= weight * min(ends, world.end)


@compiled
def week_of(day, world):
    """Number of the week a day lies in, from 0."""
    return min(int(day / DAYS_PER_WEEK), world.last_mark - 1)


@compiled
def add_flow(tally, world, flow, risk, time, amount):
    """Book that something happened; what lies beyond the horizon is not counted."""
    if 0.0 <= time <= world.end:
        tally[week_of(time, world)].flow[risk, flow] += amount


@compiled
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
    if offender.state == CUSTODY:
        add_spell(tally, world, IN_CUSTODY, risk, begins, first, time, last, 1.0)
        return
    if offender.state == MISSING:
        add_spell(tally, world, WHEREABOUTS_UNKNOWN, risk, begins, first, time, last, 1.0)
        note_earliest(tally, EARLIEST_LAST_SEEN, risk, first, last, offender.last_seen)
        return
    if offender.state != COMMUNITY:
        return
    add_spell(tally, world, MANAGED, risk, begins, first, time, last, 1.0)
    if offender.desk < 0:
        add_spell(tally, world, UNALLOCATED, risk, begins, first, time, last, 1.0)
    if offender.intake_due < NEVER:
        add_spell(tally, world, WAITING_INTAKE, risk, begins, first, time, last, 1.0)
    if offender.reactive == 1:
        add_spell(tally, world, ON_REACTIVE, risk, begins, first, time, last, 1.0)
    if offender.record_lost == 1:
        add_spell(tally, world, LOST_RECORDS, risk, begins, first, time, last, 1.0)
        note_earliest(tally, EARLIEST_LAST_SEEN, risk, first, last, offender.last_seen)
    if offender.visit_due < NEVER:
        add_spell(tally, world, ON_VISIT_LIST, risk, begins, first, time, last, 1.0)
        note_earliest(tally, EARLIEST_LAST_SEEN, risk, first, last, offender.last_seen)
        overdue = max(begins, offender.visit_due + world.grace)
        if overdue < time:
            mark = mark_at_or_after(overdue, world)
            add_spell(tally, world, OVERDUE_VISITS, risk, overdue, mark, time, last, 1.0)
            note_earliest(tally, EARLIEST_OVERDUE_VISIT, risk, mark, last, offender.visit_due)
        remembered = min(time, offender.last_seen_unannounced + UNANNOUNCED_MEMORY_DAYS)
        if begins < remembered:
            mark = mark_at_or_after(remembered, world)
            add_spell(tally, world, SEEN_UNANNOUNCED, risk, begins, first, remembered, mark, 1.0)
    overdue = max(begins, offender.review_due + world.grace)
    if overdue < time:
        mark = mark_at_or_after(overdue, world)
        add_spell(tally, world, OVERDUE_REVIEWS, risk, overdue, mark, time, last, 1.0)
    if offender.true_risk > risk:
        add_spell(tally, world, HIDDEN_RISK, risk, begins, first, time, last, 1.0)
    if offender.latent_breaches > 0:
        latent = float(offender.latent_breaches)
        add_spell(tally, world, LATENT_BREACHES, risk, begins, first, time, last, latent)


@compiled
def write_event(log, world, kind, row, offender, time, minutes, due, outcome, announced, officer, colleague):
    """Add one line to the event log, if one is kept; rows beyond its end are only counted."""
    if world.keep_log == 0:
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
