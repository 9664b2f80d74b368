"""The event log: a row for each piece of work, and for whatever else happens to offenders and officers.

Rows beyond the end of the table are only counted. Work begun on the last day may end after the horizon: that is no
event any more.
"""

from __future__ import annotations

from sim.model.codes import NEVER
from sim.model.kernel.compiling import compiled, entry_point, f8, i8, inlined


@inlined
def _next_place(time, clock, log):
    """The place of the next event in the log; -1 if it is full, or the time is beyond the horizon."""
    if time > clock.end:
        return -1
    clock.log_rows += 1
    return clock.log_rows - 1 if clock.log_rows <= len(log) else -1


@inlined
def _describe(event, kind, offender, time, due, outcome):
    event.time = time
    event.due = due
    event.review_due = offender.review_due
    event.kind = kind
    event.outcome = outcome
    event.risk = offender.risk
    event.true_risk = offender.true_risk
    event.team = offender.team
    event.offender = offender.row


@inlined
def log_event(kind, offender, time, due, outcome, officer, context):
    """What happens to an offender without any work; `officer`: whose the offender now is, or -1."""
    if context.clock.log_events == 1:
        _log_event(kind, offender, time, due, outcome, officer, context.clock, context.log)


@compiled
def _log_event(kind, offender, time, due, outcome, officer, clock, log):
    place = _next_place(time, clock, log)
    if place >= 0:
        event = log[place]
        _describe(event, kind, offender, time, due, outcome)
        event.minutes = 0.0
        event.announced = 0
        event.officer = officer
        event.colleague = -1


@inlined
def log_work(kind, offender, work, due, outcome, context):
    """A piece of work, by whom and for how long; `due`: when the next of its kind is."""
    if context.clock.log_events == 1:
        _log_work(kind, offender, work, due, outcome, context.clock, context.log)


@compiled
def _log_work(kind, offender, work, due, outcome, clock, log):
    place = _next_place(work.end, clock, log)
    if place >= 0:
        event = log[place]
        _describe(event, kind, offender, work.end, due, outcome)
        event.minutes = 60.0 * (work.crew * work.hours + work.write_up_hours)
        event.announced = work.announced
        event.officer = work.officer
        event.colleague = work.colleague


@entry_point(i8, i8, i8, f8)
def log_officer(kind, row, why, time, tables):
    """What happens to an officer; such a row has no offender."""
    place = _next_place(time, tables.clocks[0], tables.log)
    if place >= 0:
        event = tables.log[place]
        event.time = time
        event.minutes = 0.0
        event.due = NEVER
        event.review_due = NEVER
        event.kind = kind
        event.outcome = why
        event.risk = -1
        event.true_risk = -1
        event.announced = 0
        event.team = tables.officers[row].team
        event.offender = -1
        event.officer = row
        event.colleague = -1
