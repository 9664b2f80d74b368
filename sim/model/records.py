"""What the model remembers: one row per offender, officer, caseload and team, each field documented once.

Times are days since midnight of the first day (0.5 is noon of that day); `NEVER` is a time that does not
come. Rows are NumPy records: `offender.visit_due` reads the same compiled and as plain Python.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from sim.model.codes import (
    ABSENCES,
    EXTREME_LEVELS,
    EXTREMES,
    FLOWS,
    HOUR_USES,
    NATURAL_EVENTS,
    RISKS,
    STOCKS,
    WORK_KINDS,
)
from sim.scenario.domain import KINDS
from sim.scenario.keys import Key
from sim.scenario.schema import scenario_keys

_CACHE_LINE_BYTES = 64


def _whole_lines(packed: np.dtype) -> np.dtype:
    """The same record, so long that it takes whole lines of the processor's cache and shares none."""
    fields = [packed.fields[name][:2] for name in packed.names]  # type: ignore[index, union-attr]
    whole = -(-packed.itemsize // _CACHE_LINE_BYTES) * _CACHE_LINE_BYTES
    formats, offsets = zip(*fields, strict=True)
    laid_out = {"names": packed.names, "formats": formats, "offsets": offsets, "itemsize": whole, "aligned": True}
    return np.dtype(laid_out)  # type: ignore[call-overload, no-any-return]


TALLY = np.dtype(
    [
        # A pair: spells that begin by an observation count +1 there, those that end -1; and the same with times.
        ("spells", "f8", (RISKS, STOCKS, 2)),
        ("flow", "f8", (RISKS, FLOWS)),  # in the week that begins at this observation time
        ("hours", "f8", (HOUR_USES,)),
        # Of a run of 2 ** level observation times that begins here.
        ("earliest", "f8", (EXTREMES, RISKS, EXTREME_LEVELS)),
    ],
    align=True,
)
"""The tally has one record for each observation time: every week from the first midnight, the horizon, and one beyond.

After those of the force come as many for the first four teams, in place of the four risk levels, and so on; with one
team, or more than `codes.MOST_TEAMS_COUNTED`, there are none.
"""

SPREAD = np.dtype([("family", "i8"), ("a", "f8"), ("b", "f8"), ("c", "f8")], align=True)
"""A distribution: constant (a); exponential (a = mean); lognormal (a = mean, b = deviation of the logarithm);
gamma (a = shape, b = scale, c = logarithm of the gamma function at the shape); uniform (a = low, b = high)."""

OFFENDER = _whole_lines(
    np.dtype(
        [
            # What a visit looks at comes first and fits three lines of the processor's cache.
            *((kind.due, "f8") for kind in KINDS),
            ("barred_until", "f8"),  # no visit before: after a failed attempt
            ("busy_until", "f8"),  # nothing before: somebody is at work on this offender
            ("next_natural_event", "f8"),  # the earliest of `next_natural_events` and `next_intelligence`
            ("counted_until", "f8"),  # the tally knows everything up to here
            ("last_seen", "f8"),
            ("last_seen_unannounced", "f8"),
            ("plan_factor", "f8"),  # interval of the own plan, as a multiple of that of the risk level
            ("stream", "u4"),  # random numbers: the team of the start, hashed, or the register
            ("index", "u4"),  # and the number within it
            ("caseload", "i4"),  # whose caseload; -1 is unallocated
            ("slot", "i4"),  # and where in it
            *((kind.plural, "u4") for kind in KINDS[:2]),  # how many have been drawn; those of other kinds below
            ("counted_in", "i4"),  # the conditions that the tally has the offender in, as bits
            ("latent_breaches", "i2"),
            ("counted_latent", "i2"),  # how many of these the tally knows
            ("failed_in_a_row", "i2"),
            ("state", "i1"),  # NOT_YET, COMMUNITY, CUSTODY, MISSING, LEFT
            ("record_lost", "i1"),  # no next due date on record: nobody visits
            ("gone", "i1"),  # has left home unannounced; the force may not know yet
            ("reactive", "i1"),  # no visits and reviews, only desk checks
            ("risk", "i1"),  # recorded
            ("true_risk", "i1"),
            ("counted_risk", "i1"),  # under which the tally has the offender
            # Here too, as passages over everybody look at them beside `state` and `caseload`.
            ("team", "i4"),
            ("home_caseload", "i4"),  # whose it will be again when the officer is back, or a successor; else -1
            ("row", "i4"),  # of this table
            # The rest is needed now and then.
            ("next_natural_events", "f8", (NATURAL_EVENTS,)),  # when each of DRIFT, BREACH, ... happens next
            ("next_intelligence", "f8"),  # when the earliest latent breach comes to light by itself
            ("exposure", "f8", (NATURAL_EVENTS,)),  # unit exponential left, while its rate is 0 or the offender is away
            ("latent_since_sum", "f8"),  # sum of the times at which they began
            ("registered", "f8"),
            ("leaves", "f8"),
            ("quiet_since", "f8"),  # no breach found and no report since
            ("mappa_uniform", "f8"),  # at or below the share of a MAPPA level: managed at that level
            # How many decisions of each kind have been drawn.
            *((kind.plural, "u2") for kind in KINDS[2:]),
            ("checks", "u2"),  # by supervisors
            ("natural_events_drawn", "u2", (NATURAL_EVENTS,)),  # how often it has been drawn
        ],
        align=True,
    )
)

OFFICER = np.dtype(
    [
        ("stream", "u4"),  # random numbers: the team, hashed
        ("index", "u4"),
        ("team", "i4"),
        ("caseload", "i4"),  # -1: of a surge team, without a caseload
        ("post", "i1"),  # is there such a post today?
        ("in_post", "i1"),
        ("trained", "i1"),
        ("on_course", "i1"),
        ("absent", "i4"),  # for how many spells of sickness the officer is away
        ("holder", "u4"),  # the how-many-th officer in this post, from 0
        ("days_due", "i4", (len(ABSENCES),)),  # of leave, court and abstraction, still to be taken
        ("any_days_due", "i4"),  # and all of them together
        ("hours_share", "f8"),  # part of the contracted hours
        ("toil_hours", "f8"),  # worked beyond a shift, taken back from the next ones
        ("free_at", "f8"),  # when the present work ends
        ("shift_end", "f8"),
        ("overtime_end", "f8"),  # work may begin until then, if the officer is still at work
    ],
    align=True,
)

CASELOAD = np.dtype(
    [
        ("held", "i4"),
        ("held_by_risk", "i4", (RISKS,)),
        ("officer", "i4"),  # -1: of a pooled team
        ("team", "i4"),
        ("hours_share", "f8"),  # of the contracted hours that its officer works
        ("open", "i1"),  # may get offenders: the officer is in post and not away for long
    ],
    align=True,
)
"""A caseload: of one officer, or of a pooled team."""

QUEUED = np.dtype(
    [
        ("ready_at", "f8"),  # nothing can be done before; NEVER behind the last in the queue
        ("due", "f8"),  # when what can be done first is due
        ("nothing_else_until", "f8"),  # until then nothing else can be done for this offender
        ("row", "i4"),  # whose place it is
        ("kind", "i1"),  # of the work that can be done first
        ("risk", "i1"),  # recorded
    ],
    align=True,
)
"""A place in the queue of a caseload: what a choice must know of an offender for whom only one kind of work is due."""

TEAM = np.dtype(
    [
        ("first_officer", "i4"),
        ("officers", "i4"),  # posts, and after them the officers of the surge team
        ("first_caseload", "i4"),
        ("caseloads", "i4"),
        ("next_check", "i4"),  # whose turn it is next when the supervisors go on
    ],
    align=True,
)

CLOCK = np.dtype(
    [
        ("seed", "u4"),
        ("replication", "u4"),
        ("end", "f8"),  # midnight after the last day
        ("last_observation", "i8"),  # observation times are midnights a week apart, 0 the first, and `end` the last
        ("by_team", "i8"),  # does the tally know teams?
        ("on_dates", "i8"),  # due on dates (1) or at instants (0)
        ("crews_of_two", "i8"),  # may any work at any time need two officers?
        ("natural_events_happen", "i8", (NATURAL_EVENTS,)),  # does any risk level ever have a rate?
        ("grace", "f8"),  # days from a due date until it counts as overdue
        ("next_registration", "i8"),  # rows before this one are registered
        ("next_departure", "i8"),
        ("tasks", "i8"),
        ("log_events", "i8"),
        ("log_rows", "i8"),
        ("followups", "i8"),
    ],
    align=True,
)

POLICY_KEYS = {key.kernel: key for key in scenario_keys().all() if key.kernel}
"""The fields of the policy that have the value of a key of the scenario, and that key."""


def _format_of(key: Key) -> tuple:
    """The format of a field that has the value of a key: a number, a distribution, or one of them by risk."""
    by_risk = key.kind == "by_risk"
    value = key.each if by_risk and key.each else key
    return (SPREAD if value.kind == "distribution" else "f8", *([(RISKS,)] if by_risk else []))


POLICY = np.dtype(
    [
        *((field, *_format_of(key)) for field, key in POLICY_KEYS.items()),
        ("shift_start", "f8"),  # fraction of a day
        ("contracted_hours", "f8"),  # of a shift
        ("shift_hours", "f8"),  # of these, available for the caseload
        ("overtime_hours", "f8"),  # at most, after a shift
        ("cover", "i8"),
        ("crew", "i8", (len(WORK_KINDS), RISKS)),
        ("no_contact", "f8", (2,)),  # unannounced, announced
        ("out_again", "f8"),  # chance that who was out at the last attempt is out at the same hour again
        ("found_at_visit", "f8", (2, 2, RISKS)),  # by an untrained or a trained lead; unannounced, announced
        ("visit_results_vary", "i8"),  # must the second block of a visit's uniforms be drawn?
        ("review_results_vary", "i8"),  # must the second block of a review's uniforms be drawn?
        ("initial_assessment_needed", "i8"),
        ("enquiry_needed", "i8"),
        ("custody_from", "f8"),  # of the uniform of an enquiry: a warning, from `charge_from` a charge, then custody
        ("reactive_after_days", "f8"),  # NEVER is no reactive management
        ("mappa_share", "f8", (2, RISKS)),  # at level 3, and at level 2 or 3
        ("mappa_interval_days", "f8", (2,)),  # of levels 3 and 2
        ("intelligence_raises_work", "i8"),  # may intelligence raise work by itself?
        # Rates of DRIFT, BREACH, LEAVING and REPORT by true risk.
        ("natural_events_per_year", "f8", (NATURAL_EVENTS, RISKS)),
        ("drift_up_share", "f8", (RISKS,)),  # of the changes of a level, those that rise
        # Priority = base + slope * (days past due + offset), a table for each rule.
        ("priority_base", "f8", (len(WORK_KINDS), RISKS)),
        ("priority_slope", "f8", (len(WORK_KINDS), RISKS)),
        ("priority_offset", "f8", (len(WORK_KINDS),)),
    ],
    align=True,
)

EVENT = np.dtype(
    [
        ("time", "f8"),  # when it is finished; before 0 lies what was so already on the first day
        ("minutes", "f8"),  # of work, all officers together
        ("due", "f8"),  # the next visit; after a notification the next one, after a breach found the enquiry
        ("review_due", "f8"),
        ("kind", "i1"),
        ("outcome", "i1"),
        ("risk", "i1"),  # recorded, after the event
        ("true_risk", "i1"),
        ("announced", "i1"),
        ("team", "i2"),
        ("offender", "i4"),
        ("officer", "i4"),  # who did it, or to whose caseload the offender now belongs
        ("colleague", "i4"),
    ],
    align=True,
)

FOLLOWUP = np.dtype([("time", "f8"), ("days", "f8"), ("offender", "i4")], align=True)
"""What the shift cannot finish by itself: an offender goes into custody at `time` for `days`."""

WORK = np.dtype(
    [
        ("start", "f8"),
        ("end", "f8"),
        ("hours", "f8"),  # of each of the crew
        ("write_up_hours", "f8"),  # of the officer afterwards
        ("crew", "i8"),  # how many officers
        ("officer", "i8"),  # who leads
        ("colleague", "i8"),  # -1 if none
        ("trained", "i8"),  # is the officer?
        ("announced", "i8"),  # is the visit?
    ],
    align=True,
)
"""A piece of work, from its beginning to its end."""


def table(dtype: np.dtype, rows: int | tuple[int, ...], make: Callable[..., np.ndarray] = np.zeros) -> np.ndarray:
    """An empty table of records whose rows read like objects, and which begins where a line of the cache does.

    Not a `np.recarray`, whose columns take ten times as long to get at. `make`: `np.empty` where every row will be
    written before it is read.
    """
    record = np.dtype((np.record, dtype))
    size = int(np.prod(rows)) * record.itemsize
    memory = make(size + _CACHE_LINE_BYTES, np.uint8)
    begin = -memory.ctypes.data % _CACHE_LINE_BYTES
    return memory[begin : begin + size].view(record).reshape(rows)


def as_words(rows: np.ndarray) -> np.ndarray:
    """The same memory as rows of whole words, which are copied ten times as fast as records."""
    return rows.view(np.uint64).reshape(len(rows), rows.dtype.itemsize // 8)


class Tables(NamedTuple):
    """What entry points are given of a replication; a table that has grown makes a new tuple."""

    clocks: np.ndarray
    policies: np.ndarray
    """The values in force, the first of one."""
    teams: np.ndarray
    officers: np.ndarray
    next_decision_at: np.ndarray
    """When each officer next looks for work."""
    on_shift: np.ndarray
    """Rows of the officers of a team who are here."""
    caseloads: np.ndarray
    offenders: np.ndarray
    departures: np.ndarray
    """Rows of those who leave the register within the horizon, by date."""
    members: np.ndarray
    """Rows of the offenders of each caseload, shape (caseloads, slots)."""
    queues: np.ndarray
    """The same offenders in the order in which they need someone, shape (caseloads, slots)."""
    checked_in_turn: np.ndarray
    """Rows of all offenders in the order in which supervisors check them."""
    tally: np.ndarray
    log: np.ndarray
    followups: np.ndarray
    work: np.ndarray
    """The present work, the first of one."""


class Context(NamedTuple):
    """What functions about one offender are given beside the offender: the rules, and where all is counted."""

    clock: np.record
    policy: np.record
    tally: np.ndarray
    log: np.ndarray


def empty_tables() -> Tables:
    """Tables without rows, which compiled functions are compiled for."""
    rows = np.empty(0, np.int64)
    return Tables(
        clocks=table(CLOCK, 1),
        policies=table(POLICY, 1),
        teams=table(TEAM, 0),
        officers=table(OFFICER, 0),
        next_decision_at=np.empty(0),
        on_shift=rows,
        caseloads=table(CASELOAD, 0),
        offenders=table(OFFENDER, 0),
        departures=rows,
        members=np.empty((0, 0), np.int32),
        queues=table(QUEUED, (0, 0)),
        checked_in_turn=rows,
        tally=table(TALLY, 0),
        log=table(EVENT, 0),
        followups=table(FOLLOWUP, 0),
        work=table(WORK, 1),
    )
