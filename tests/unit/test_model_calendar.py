"""Days worked, bank holidays, and leave taken in weeks as it accrues."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.model.calendar import COURT_BLOCK_DAYS, LEAVE_BLOCK_DAYS, away_in_blocks, bank_holidays, days_worked
from sim.model.codes import DAYS_PER_YEAR
from sim.model.exposure import YearlyRate
from sim.scenario import Scenario


def scenario(start: str, end: str, **calendar) -> Scenario:
    return Scenario.model_validate(
        {
            "name": "A calendar",
            "start": start,
            "end": end,
            "teams": [{"name": "One", "officers": 1, "offenders": 1}],
            "calendar": calendar,
            "caseload": {"risk_mix": 0.25},
            "visits": {"interval_days": 100, "visit_hours": 1},
        }
    )


def dates(start: str, end: str) -> list[str]:
    return [day.isoformat() for day in bank_holidays(dt.date.fromisoformat(start), dt.date.fromisoformat(end))]


# Gazetted dates, as published by the government for England and Wales.
BANK_HOLIDAYS = {
    2020: "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28",  # VE day moved; Boxing Day on a Saturday
    2021: "01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28",  # Christmas on a Saturday
    2022: "01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27",  # jubilee, funeral, two substitute days
    2023: "01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26",  # New Year's Day on a Sunday; coronation
    2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
    2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
    2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28",
    2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28",
}


@pytest.mark.parametrize("year", BANK_HOLIDAYS)
def test_bank_holidays_of_england_and_wales_and_their_substitute_days(year):
    weekdays = [day for day in dates(f"{year}-01-01", f"{year}-12-31") if dt.date.fromisoformat(day).weekday() < 5]
    assert weekdays == [f"{year}-{day}" for day in BANK_HOLIDAYS[year].split()]


def test_bank_holidays_include_both_ends_and_span_years():
    assert dates("2024-12-26", "2025-01-01") == ["2024-12-26", "2025-01-01"]
    assert dates("2024-12-27", "2024-12-31") == []


def test_days_worked_are_monday_to_friday_without_bank_holidays():
    # From Friday 20 December 2024 to Thursday 2 January 2025.
    worked = days_worked(scenario("2024-12-20", "2025-01-02"))
    assert worked.tolist() == [0, 3, 4, 7, 10, 11, 13]


@pytest.mark.parametrize(("calendar", "worked"), [
    ({"bank_holidays": False}, [0, 3, 4, 5, 6, 7, 10, 11, 12, 13]),
    ({"work": "every_day"}, list(range(14))),
    ({"work": "around_the_clock"}, list(range(14))),
])  # fmt: skip
def test_days_worked_on_other_calendars(calendar, worked):
    assert days_worked(scenario("2024-12-20", "2025-01-02", **calendar)).tolist() == worked


def test_a_horizon_without_a_day_worked_is_empty():
    assert days_worked(scenario("2024-12-25", "2024-12-26")).tolist() == []
    assert days_worked(scenario("2024-09-07", "2024-09-07")).tolist() == []


def weekdays_until(day: int) -> np.ndarray:
    return np.array([today for today in range(day) if today % 7 < 5])


WEEKDAYS = weekdays_until(6 * 365)
PHASES = (np.arange(50) + 0.5) / 50


@settings(max_examples=60, deadline=None, derandomize=True)
@given(per_year=st.floats(0, 80), years=st.integers(1, 6), block=st.sampled_from([LEAVE_BLOCK_DAYS, COURT_BLOCK_DAYS]))
def test_everybody_takes_what_is_due_to_within_a_block(per_year, years, block):
    days = weekdays_until(365 * years)
    taken = away_in_blocks(days, YearlyRate([0], [per_year]), block, PHASES).sum(axis=0)
    due = per_year * 365 * years / DAYS_PER_YEAR
    # Within a block, and what accrues over a weekend at either end.
    assert np.abs(taken - due).max() <= block + per_year * 4 / DAYS_PER_YEAR + 1e-9
    assert taken.mean() == pytest.approx(due, abs=0.05 * block + per_year * 4 / DAYS_PER_YEAR)


def test_leave_is_taken_a_week_at_a_time():
    away = away_in_blocks(WEEKDAYS, YearlyRate([0], [25]), LEAVE_BLOCK_DAYS, PHASES)
    for officer in away.T:
        edges = np.flatnonzero(np.diff(np.concatenate([[0], officer, [0]])))
        lengths = edges[1::2] - edges[::2]
        assert set(lengths[1:-1]) == {LEAVE_BLOCK_DAYS}


def test_leave_does_not_fall_on_the_same_days_for_everybody():
    away = away_in_blocks(WEEKDAYS, YearlyRate([0], [27]), LEAVE_BLOCK_DAYS, PHASES)
    assert away.mean(axis=1).max() < 0.2
    # As much on the first days as later: a horizon does not begin with everybody back from leave.
    assert away[:20].mean() == pytest.approx(away.mean(), rel=0.15)


def test_no_entitlement_is_no_leave():
    assert not away_in_blocks(WEEKDAYS, YearlyRate([0], [0]), LEAVE_BLOCK_DAYS, PHASES).any()
    assert away_in_blocks(WEEKDAYS, YearlyRate([0], [27]), LEAVE_BLOCK_DAYS, np.empty(0)).shape == (len(WEEKDAYS), 0)


@pytest.mark.parametrize("date", [1, 100, 101, 365])
@pytest.mark.parametrize("after", [0, 10, 60])
def test_a_lever_on_leave_changes_nothing_before_its_date(date, after):
    before, changed = (
        away_in_blocks(WEEKDAYS, rate, LEAVE_BLOCK_DAYS, PHASES)
        for rate in (YearlyRate([0], [27]), YearlyRate([0, date], [27, after]))
    )
    until = len(weekdays_until(date))
    assert (before[:until] == changed[:until]).all()
    assert (before != changed).any()


def test_after_a_lever_leave_comes_at_its_new_rate():
    rate = YearlyRate([0, 730], [27, 54])
    taken = away_in_blocks(WEEKDAYS, rate, LEAVE_BLOCK_DAYS, PHASES)
    until = len(weekdays_until(730))
    assert taken[:until].sum(axis=0).mean() == pytest.approx(2 * 27, abs=1)
    assert taken[until:].sum(axis=0).mean() == pytest.approx(4 * 54, abs=2)


@pytest.mark.parametrize("days", [1, 2, 4, 5, 6])
def test_horizons_shorter_than_a_week_have_their_part_of_leave(days):
    away = away_in_blocks(WEEKDAYS[:days], YearlyRate([0], [52.18]), LEAVE_BLOCK_DAYS, PHASES)
    assert away.shape == (days, len(PHASES))
    # Five days in five weeks: of every day a fifth.
    assert away.mean() == pytest.approx(0.2, abs=0.03)
