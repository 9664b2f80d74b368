"""Reading the tally: who is in what condition at each observation, for how long, how often, since when."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from sim.measure.counts import Counts
from sim.model import codes
from sim.model.codes import (
    COMMUNITY,
    CUSTODY,
    HIGH,
    LEFT,
    LOW,
    MANAGED,
    NEVER,
    NOT_YET,
    OVERDUE_VISITS,
    RISK_LEVELS,
    VISITS_COMPLETED,
)
from sim.model.kernel.count import add_flow, add_spell, count_until, note_earliest
from sim.model.records import CLOCK, EVENT, OFFENDER, POLICY, TALLY, Context, table

MEDIUM = RISK_LEVELS.index("medium")


class Ledger:
    """A tally of so many days and what may be written into it."""

    def __init__(self, days: int, grace: float = 1.0) -> None:
        self.clock = table(CLOCK, 1)[0]
        self.clock.end = days
        self.clock.last_observation = -(-days // 7)
        self.clock.grace = grace
        self.tally = table(TALLY, int(self.clock.last_observation) + 2)
        self.tally["earliest"] = NEVER
        self.context = Context(self.clock, table(POLICY, 1)[0], self.tally, table(EVENT, 0))
        self.times = np.append(np.arange(0.0, days, 7.0), float(days))

    def spell(self, begins: float, ends: float, risk: int = LOW, stock: int = MANAGED, weight: float = 1.0) -> None:
        add_spell(stock, risk, begins, ends, weight, 0, self.clock, self.tally)

    def counts(self) -> Counts:
        """What is read from it."""
        plan = SimpleNamespace(scenario=None, regimes=())
        return Counts(SimpleNamespace(observation_times=self.times, tally=self.tally, inputs=plan, investigated=None))


@pytest.mark.parametrize(
    ("begins", "ends", "observed", "days"),
    [
        (7, 14, [0, 1, 0, 0, 0], [0, 0, 7, 7, 7]),
        (7.5, 14.5, [0, 0, 1, 0, 0], [0, 0, 6.5, 7, 7]),
        (8, 13, [0, 0, 0, 0, 0], [0, 0, 5, 5, 5]),
        (0, 24, [1, 1, 1, 1, 0], [0, 7, 14, 21, 24]),
        (0, NEVER, [1, 1, 1, 1, 1], [0, 7, 14, 21, 24]),
        (22, 30, [0, 0, 0, 0, 1], [0, 0, 0, 0, 2]),
        (24, NEVER, [0, 0, 0, 0, 1], [0, 0, 0, 0, 0]),
    ],
)
def test_a_spell_counts_from_where_it_begins_to_before_it_ends(begins, ends, observed, days):
    ledger = Ledger(24)
    ledger.spell(begins, ends, risk=HIGH)
    counts = ledger.counts()
    assert counts.days.tolist() == [0, 7, 14, 21, 24]
    for group in (0, 1 + HIGH):
        assert counts.stock(MANAGED)[group].tolist() == observed
        assert counts.stock_days(MANAGED)[group].tolist() == days
    assert not counts.stock(MANAGED)[1 + LOW].any()


def test_the_total_is_the_sum_of_the_levels():
    ledger = Ledger(14)
    ledger.spell(0, NEVER, LOW, weight=3)
    ledger.spell(0, 8, MEDIUM)
    assert ledger.counts().stock(MANAGED).tolist() == [[4, 4, 3], [3, 3, 3], [1, 1, 0], [0, 0, 0], [0, 0, 0]]
    assert ledger.counts().stock_days(MANAGED)[0].tolist() == [0, 28, 50]


def test_what_happens_belongs_to_the_week_it_happens_in():
    ledger = Ledger(17)
    for day in (-0.5, 0, 6.99, 7, 13.5, 14, 16.9, 17, 17.01):
        add_flow(VISITS_COMPLETED, LOW, float(day), 1.0, ledger.context)
    # Two before day 7, two before day 14, three until the horizon; not what was before it all or came after.
    assert ledger.counts().flow(VISITS_COMPLETED)[0].tolist() == [0, 2, 4, 7]


@pytest.mark.parametrize("weeks", [1, 2, 3, 8, 9, 57])
def test_the_earliest_date_at_each_observation_is_that_of_all_who_share_it(weeks: int):
    ledger = Ledger(7 * weeks)
    rng = np.random.default_rng(weeks)
    expected = np.full((2, weeks + 1), NEVER)
    for _ in range(2 * weeks):
        risk = int(rng.integers(2))
        first, last = sorted(rng.integers(0, weeks + 2, size=2).tolist())
        since = float(rng.normal())
        note_earliest(ledger.tally, codes.EARLIEST_LAST_SEEN, risk, first, last, since)
        expected[risk, first:last] = np.minimum(expected[risk, first:last], since)
    earliest = ledger.counts().earliest(codes.EARLIEST_LAST_SEEN)
    assert earliest[1:3].tolist() == expected.tolist()
    assert earliest[0].tolist() == expected.min(axis=0).tolist()
    assert np.isinf(earliest[3:]).all()


# --- what an offender counts as -----------------------------------------------------------------------------------


def usual_offender(**fields: float) -> np.record:
    """One with an officer, in the community, with nothing due for long."""
    offender = table(OFFENDER, 1)[0]
    usual = {"state": COMMUNITY, "visit_due": 100.0, "review_due": 100.0, "last_seen_unannounced": -NEVER}
    for field, value in (usual | fields).items():
        setattr(offender, field, value)
    return offender


def days_of(*changes: tuple[float, dict[str, float]], grace: float = 1.0, **fields: float) -> dict[str, list[float]]:
    """Days that an offender spends in each condition, by names of stocks, after 1, 2 and 3 weeks of 28 days.

    `changes`: on which days which fields change.
    """
    ledger = Ledger(28, grace)
    offender = usual_offender(**fields)
    for day, change in changes:
        count_until(offender, day, ledger.context)
        for field, value in change.items():
            setattr(offender, field, value)
    count_until(offender, NEVER, ledger.context)
    counts = ledger.counts()
    names = ("MANAGED", "ON_VISIT_LIST", "OVERDUE_VISITS", "OVERDUE_REVIEWS", "UNALLOCATED", "SEEN_UNANNOUNCED")
    names += ("HIDDEN_RISK", "LATENT_BREACHES", "IN_CUSTODY")
    days = {name: counts.stock_days(getattr(codes, name))[0, 1:4].tolist() for name in names}
    return {name: spent for name, spent in days.items() if any(spent)}


ON_THE_LIST = {"MANAGED": [7, 14, 21], "ON_VISIT_LIST": [7, 14, 21]}


@pytest.mark.parametrize(
    ("fields", "besides"),
    [
        ({}, {}),
        ({"visit_due": 10.0}, {"OVERDUE_VISITS": [0, 3, 10]}),
        ({"visit_due": 10.0, "grace": 0.0}, {"OVERDUE_VISITS": [0, 4, 11]}),
        ({"visit_due": -40.0}, {"OVERDUE_VISITS": [7, 14, 21]}),
        ({"review_due": 10.0}, {"OVERDUE_REVIEWS": [0, 3, 10]}),
        ({"caseload": -1}, {"UNALLOCATED": [7, 14, 21]}),
        ({"last_seen_unannounced": -355.0}, {"SEEN_UNANNOUNCED": [7, 10, 10]}),
        ({"last_seen_unannounced": -400.0}, {}),
        ({"true_risk": HIGH, "risk": MEDIUM}, {"HIDDEN_RISK": [7, 14, 21]}),
        ({"true_risk": MEDIUM, "risk": HIGH}, {}),
        ({"latent_breaches": 3}, {"LATENT_BREACHES": [21, 42, 63]}),
    ],
    ids=str,
)
def test_an_offender_is_counted_in_every_condition_that_holds(fields, besides):
    assert days_of(**fields) == ON_THE_LIST | besides


def test_an_offender_never_due_is_not_on_the_visit_list():
    assert days_of(visit_due=NEVER, last_seen_unannounced=0.0) == {"MANAGED": [7, 14, 21]}


def test_in_custody_nothing_is_overdue():
    assert days_of(state=CUSTODY, visit_due=-40.0, latent_breaches=1) == {"IN_CUSTODY": [7, 14, 21]}


@pytest.mark.parametrize("where", [NOT_YET, LEFT])
def test_an_offender_off_the_register_is_not_counted(where: int):
    assert days_of(state=where, visit_due=-40.0) == {}


OVERDUE_WITH_BREACHES = {"visit_due": 5.0, "latent_breaches": 2}


def test_what_an_offender_is_in_ends_where_it_changes():
    until_then = {"MANAGED": [7, 9.5, 9.5], "ON_VISIT_LIST": [7, 9.5, 9.5], "OVERDUE_VISITS": [1, 3.5, 3.5]}
    until_then["LATENT_BREACHES"] = [14, 19, 19]
    into_custody = days_of((9.5, {"state": CUSTODY}), **OVERDUE_WITH_BREACHES)
    assert into_custody == until_then | {"IN_CUSTODY": [0, 4.5, 11.5]}
    assert days_of((9.5, {"state": LEFT}), **OVERDUE_WITH_BREACHES) == until_then


def test_what_an_offender_stays_in_goes_on():
    visited = {"MANAGED": [7, 14, 21], "ON_VISIT_LIST": [7, 14, 21], "OVERDUE_VISITS": [1, 3.5, 3.5]}
    after_a_visit = days_of((9.5, {"visit_due": 60.0}), **OVERDUE_WITH_BREACHES)
    assert after_a_visit == visited | {"LATENT_BREACHES": [14, 28, 42]}
    one_found = days_of((9.5, {"visit_due": 60.0, "latent_breaches": 1}), **OVERDUE_WITH_BREACHES)
    assert one_found == visited | {"LATENT_BREACHES": [14, 23.5, 30.5]}


def test_a_change_of_risk_moves_what_an_offender_is_in():
    ledger, offender = Ledger(28), usual_offender(visit_due=5.0, risk=LOW)
    count_until(offender, 9.5, ledger.context)
    offender.risk = HIGH
    count_until(offender, NEVER, ledger.context)
    overdue = ledger.counts().stock_days(OVERDUE_VISITS)
    assert overdue[1 + LOW].tolist() == [0, 1, 3.5, 3.5, 3.5]
    assert overdue[1 + HIGH].tolist() == [0, 0, 4.5, 11.5, 18.5]


def test_counting_up_to_the_same_time_again_changes_nothing():
    ledger, offender = Ledger(28), usual_offender(visit_due=5.0)
    count_until(offender, 9.5, ledger.context)
    before = ledger.tally.copy()
    offender.visit_due = 60.0
    count_until(offender, 9.5, ledger.context)
    assert (ledger.tally == before).all()


def test_nobody_is_counted_before_joining():
    assert days_of(counted_until=9.5) == {"MANAGED": [0, 4.5, 11.5], "ON_VISIT_LIST": [0, 4.5, 11.5]}


def test_due_dates_at_the_boundary():
    """Due on the day of the observation is in date; due the day before is overdue."""
    for due, overdue in ((13.0, 1), (14.0, 0)):
        ledger = Ledger(28)
        offender = table(OFFENDER, 1)[0]
        offender.state, offender.visit_due, offender.review_due = COMMUNITY, due, NEVER
        count_until(offender, NEVER, ledger.context)
        assert ledger.counts().stock(OVERDUE_VISITS)[0, 2] == overdue
