"""Random numbers keyed by identity: every uniform is a pure function of who, what, which time, and of no order.

Philox 4x32-10 (Salmon, Moraes, Dror and Shaw, 2011) turns a counter and a key into four 32-bit words.
The key holds the seed and the replication; the counter holds whose random numbers they are (stream and index), the
how-many-th decision of its kind, and the kind. So the same offender has the same random numbers in every scenario,
and one offender more, or another order of visits, moves nobody else's draws.
"""

from __future__ import annotations

import numpy as np

from sim.model.codes import WORK_STREAMS
from sim.model.kernel.compiling import entry_point_without_tables, f8, i8, inlined, machine_code, u4

# Kinds of decision. The numbers are part of every result: add new ones, never renumber.
OF_WORK = WORK_STREAMS  # by kind of work; their table says what is drawn
VISIT_RESULT = 2  # breach found?, write-up hours, next interval, record lost?
# By kind of `codes.NATURAL_EVENTS`: time to the next change of true risk, up or down?; time to the next breach, time
# until intelligence finds it; time to leaving home; time to the next report.
NATURAL_EVENT = (7, 8, 16, 19)
ENTRY = 9  # of an offender: overdue visit?, its age, overdue review?, its age
ENTRY_DATES = 10  # of an offender: phase of visit, review and notification, first interval
STAY = 11  # of an offender: notification period, phase in it, death or move
REGISTRATION = 12  # of the force: time to the next new offender, team, risk
SICKNESS = 13  # of an officer: time to the next spell, its length
PLANNED_ABSENCE = 14  # of an officer: when leave, and court or training, first falls due; trained?
ENTRY_PAST = 15  # of an offender: visits since the last unannounced one, and since all was found; quiet years
REVIEW_RESULT = 20  # a desk review?, into reactive management?
CHECK = 23  # by a supervisor: lost record found?, risk noticed?
PLAN = 24  # of an offender: own plan?, its interval, MAPPA level, phase of its meetings
RECALL = 25  # time to the next recall, days in custody
MOVE = 26  # time to the next move, to which team
HOLDER = 27  # of an officer in a post: time to leaving, days of recruitment after, trained?, part time?
POST = 28  # of a post: whose turn for abstraction, service at the start, vacant at the start?, how far recruitment is

_ROUND_A = np.uint64(0xD2511F53)
_ROUND_B = np.uint64(0xCD9E8D57)
_KEY_A = np.uint64(0x9E3779B9)
_KEY_B = np.uint64(0xBB67AE85)
_WORD = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_TO_UNIT = 2.0**-32


@inlined
def philox(a, b, c, d, k, m):
    """Four 32-bit words from a counter (a to d) and a key (k, m), all as np.uint64: Philox 4x32 with ten rounds."""
    for _ in range(10):
        product_a = _ROUND_A * a
        product_b = _ROUND_B * c
        a, b, c, d = (
            (product_b >> _SHIFT) ^ b ^ k,
            product_b & _WORD,
            (product_a >> _SHIFT) ^ d ^ m,
            product_a & _WORD,
        )
        k = (k + _KEY_A) & _WORD
        m = (m + _KEY_B) & _WORD
    return a, b, c, d


@inlined
def _unit(word):
    return (np.float64(word) + 0.5) * _TO_UNIT


@inlined
def uniforms_of(offender, kind, nth, clock):
    """Four uniforms strictly between 0 and 1 for the nth decision of a kind about one offender."""
    a, b, c, d = philox(
        np.uint64(offender.index),
        np.uint64(offender.stream),
        np.uint64(nth),
        np.uint64(kind),
        np.uint64(clock.seed),
        np.uint64(clock.replication),
    )
    return _unit(a), _unit(b), _unit(c), _unit(d)


def uniforms(
    seed: int, replication: int, kind: int, stream: int, index: int, nth: int
) -> tuple[float, float, float, float]:
    """Four uniforms strictly between 0 and 1 for the nth decision of a kind by one person.

    `stream` and `index` name the person: the team the person started in (hashed), or the register for
    new offenders, and the number within it.
    """
    return machine_code(_uniforms)(seed, replication, kind, stream, index, nth)


def uniforms_of_many(seed, replication, kind, stream_numbers, indices, nth=0):
    """Four uniforms for the nth decision of a kind by each of many people, shape (4, people)."""
    columns = np.empty((4, len(indices)))
    stream_numbers, indices = np.ascontiguousarray(stream_numbers, np.uint32), np.ascontiguousarray(indices, np.uint32)
    machine_code(_fill_uniforms)(int(seed), int(replication), kind, stream_numbers, indices, int(nth), columns)
    return columns


@entry_point_without_tables(i8, i8, i8, i8, i8, i8)
def _uniforms(seed, replication, kind, stream, index, nth):
    a, b, c, d = philox(
        np.uint64(index), np.uint64(stream), np.uint64(nth), np.uint64(kind), np.uint64(seed), np.uint64(replication)
    )
    return _unit(a), _unit(b), _unit(c), _unit(d)


@entry_point_without_tables(i8, i8, i8, u4[::1], u4[::1], i8, f8[:, ::1])
def _fill_uniforms(seed, replication, kind, stream_numbers, indices, nth, columns):
    first, second, third, fourth = columns[0], columns[1], columns[2], columns[3]
    nth, kind, seed, replication = np.uint64(nth), np.uint64(kind), np.uint64(seed), np.uint64(replication)
    for row in range(len(indices)):  # plain enough for eight people at a time, in a processor that can do that
        a, b, c, d = philox(np.uint64(indices[row]), np.uint64(stream_numbers[row]), nth, kind, seed, replication)
        first[row] = _unit(a)
        second[row] = _unit(b)
        third[row] = _unit(c)
        fourth[row] = _unit(d)
