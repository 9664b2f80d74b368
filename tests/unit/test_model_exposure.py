"""Waiting in exposure: what a rate adds up to, and when an amount of it is used up."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.codes import DAYS_PER_YEAR, NEVER
from sim.model.exposure import YearlyRate

YEAR = DAYS_PER_YEAR
same_every_time = settings(derandomize=True, deadline=None)


@st.composite
def rates(draw, least: float = 0.0):
    """Rates that change on some days, some of them to nothing."""
    days = [0, *sorted(draw(st.sets(st.integers(1, 2000), max_size=5)))]
    some = st.floats(max(least, 0.01), 50)
    per_year = draw(st.lists(some if least else st.just(0.0) | some, min_size=len(days), max_size=len(days)))
    return YearlyRate(days, per_year)


def test_one_rate_adds_up_evenly():
    rate = YearlyRate([0], [2])
    assert rate.exposure_at([0, YEAR / 2, YEAR]) == pytest.approx([0, 1, 2])
    assert rate.used_up(0, [0.5, 1, 4]) == pytest.approx([YEAR / 4, YEAR / 2, 2 * YEAR])


def test_before_the_first_day_the_first_rate_holds():
    assert YearlyRate([0, 10], [2, 5]).exposure_at(-YEAR) == pytest.approx(-2)


def test_a_rate_that_changes_on_a_day_counts_from_that_day():
    rate = YearlyRate([0, YEAR, 2 * YEAR], [1, 3, 0])
    assert rate.exposure_at([YEAR, 1.5 * YEAR, 2 * YEAR, 9 * YEAR]) == pytest.approx([1, 2.5, 4, 4])
    assert rate.used_up(0, [0.5, 1, 2.5, 4]) == pytest.approx([0.5 * YEAR, YEAR, 1.5 * YEAR, 2 * YEAR])
    assert rate.used_up(YEAR / 2, 1.0) == pytest.approx(YEAR + YEAR / 6)


def test_what_a_rate_of_nothing_never_uses_up():
    assert YearlyRate([0], [0]).used_up(0, 1) == NEVER
    ends = YearlyRate([0, 100], [1, 0])
    assert ends.used_up(0, 100 / YEAR) == pytest.approx(100)
    assert ends.used_up(0, 100 / YEAR + 1e-9) == NEVER


def test_waiting_rests_while_the_rate_is_nothing():
    rate = YearlyRate([0, 100, 200], [1, 0, 1])
    assert rate.used_up(0, [99 / YEAR, 101 / YEAR]) == pytest.approx([99, 201])
    assert rate.used_up(150, 1 / YEAR) == pytest.approx(201)
    assert YearlyRate([0, 100], [0, 1]).used_up(0, 1 / YEAR) == pytest.approx(101)


@same_every_time
@given(rate=rates(least=0.01), begins=st.floats(0, 3000), exposure=st.floats(0, 200))
def test_used_up_is_the_inverse_of_exposure(rate, begins, exposure):
    ends = float(rate.used_up(begins, exposure))
    assert ends >= begins - 1e-6
    assert rate.exposure_at(ends) - rate.exposure_at(begins) == pytest.approx(exposure, abs=1e-6)


@same_every_time
@given(rate=rates(least=0.01), begins=st.floats(0, 3000), lasts=st.floats(0, 3000))
def test_exposure_is_the_inverse_of_used_up(rate, begins, lasts):
    exposure = rate.exposure_at(begins + lasts) - rate.exposure_at(begins)
    assert rate.used_up(begins, exposure) == pytest.approx(begins + lasts, abs=1e-6)


@same_every_time
@given(rate=rates(), exposure=st.floats(1e-6, 200))
def test_with_pauses_it_is_used_up_at_the_first_moment_it_can_be_or_never(rate, exposure):
    ends = float(rate.used_up(0.0, exposure))
    if ends == NEVER:
        assert rate.per_day[-1] == 0
        assert rate.exposure_at(1e9) < exposure + 1e-9
    else:
        assert rate.exposure_at(ends) == pytest.approx(exposure, abs=1e-6)
        assert rate.exposure_at(ends - 1e-3) < exposure


@same_every_time
@given(rate=rates(), times=st.lists(st.floats(-1000, 5000), min_size=2, max_size=20))
def test_exposure_never_shrinks(rate, times):
    assert (np.diff(rate.exposure_at(np.sort(times))) >= -1e-9).all()


@same_every_time
@given(day=st.integers(1, 1000), before=st.floats(0, 20), after=st.floats(0, 20), exposure=st.floats(0.001, 50))
def test_a_lever_moves_nothing_that_was_used_up_before_it(day, before, after, exposure):
    plain, changed = (
        float(rate.used_up(0.0, exposure))
        for rate in (YearlyRate([0], [before]), YearlyRate([0, day], [before, after]))
    )
    if plain < day - 1e-6:
        assert changed == plain
    else:
        assert changed >= day - 1e-6
