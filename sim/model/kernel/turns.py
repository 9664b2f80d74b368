"""Whose turn it is: who on shift looks for work next, and which colleague can come along."""

from __future__ import annotations

import numpy as np

from sim.model.codes import NEVER
from sim.model.kernel import compiled, inlined


@inlined
def next_decision(officer, queues):
    """When an officer looks for work again: as soon as free, if anything waits by then; NEVER if not today.

    After the shift only who is still at work goes on, in overtime, with what is waiting already.
    """
    look = officer.free_at
    if officer.caseload >= 0:
        look = max(look, queues[officer.caseload, 0].ready_at)
    if look < officer.shift_end or (look == officer.free_at and look < officer.overtime_end):
        return look
    return NEVER


@inlined
def earliest_turn(next_decision_at, on_shift, here):
    """Whose turn it is where officers depend on each other: who looks for work earliest, the first of equals.

    The place among the `here` who are on shift, or `here` if nobody looks for work any more.
    """
    best = here
    earliest = NEVER
    for turn in range(here):
        if next_decision_at[on_shift[turn]] < earliest:
            earliest = next_decision_at[on_shift[turn]]
            best = turn
    return best


@inlined
def next_turn(turn, next_decision_at, on_shift, here):
    """Whose turn it is where nobody depends on another: one officer's until done for today, then the next's."""
    while turn < here and next_decision_at[on_shift[turn]] == NEVER:
        turn += np.uint64(1)
    return turn


@compiled
def free_first(lead_row, now, officers, on_shift, here):
    """The colleague on shift who is free earliest and before work may no longer begin; -1 if there is none."""
    best = -1
    earliest = _latest_start(officers[lead_row], now)
    for turn in range(here):
        officer = officers[on_shift[turn]]
        if on_shift[turn] == lead_row or officer.free_at >= _latest_start(officer, now):
            continue
        if officer.free_at < earliest:
            earliest = officer.free_at
            best = on_shift[turn]
    return best


@compiled
def _latest_start(officer, now):
    """Until when an officer may begin something: the end of the shift, or of overtime if still at work then."""
    at_work = officer.free_at > officer.shift_end or now <= officer.shift_end
    return officer.overtime_end if at_work else -NEVER


@compiled
def call_idle_officers(now, ready_at, officers, next_decision_at, on_shift, here):
    """In a pooled team, work that comes up earlier than expected calls whoever is idle."""
    for turn in range(here):
        officer = officers[on_shift[turn]]
        if next_decision_at[on_shift[turn]] > ready_at and officer.free_at < officer.shift_end:
            look = max(ready_at, officer.free_at, now)
            next_decision_at[on_shift[turn]] = look if look < officer.shift_end else NEVER
