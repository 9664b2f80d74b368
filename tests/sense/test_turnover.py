"""Officers come and go: how long they stay and posts stay vacant, who is trained, and whose hours there are."""

from __future__ import annotations

from functools import cache
from math import sqrt

import numpy as np
import pandas as pd
import pytest

from sim.measure.counts import Counts
from sim.model import codes, simulate
from sim.model.codes import DAYS_PER_YEAR
from sim.runs.intervals import interval
from tests.support.force import PAIRS, QUIET, average, change, falls, force, outcomes, rises, simulate_force

POSTS = 400
IDLE = (
    *QUIET,
    f"teams=[{{name: North, officers: {POSTS}, offenders: 0}}]",
    "turnover.service_years_at_start=0",
)
"""Many officers with nothing to do but come and go."""
YEARS = "end=2034-09-01"
SUCCEEDED = ("turnover.recruitment_days=60",)


def leaving(under_2: float, from_2_to_5: float, over_5: float) -> str:
    return (
        f"turnover.leaving_per_year={{under_2_years: {under_2}, from_2_to_5_years: {from_2_to_5}, "
        f"over_5_years: {over_5}}}"
    )


@cache
def shown(*settings: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What happens to idle officers: every stay in a post (`began`, `ended`, the horizon if it lasts; `left`), and
    every vacancy (`began`, `ended`, `filled`)."""
    events, horizon = simulate_force(*IDLE, *settings).events, force(*IDLE, *settings).horizon_days
    stays, vacancies = [], []
    changes_of = events[events.event.isin(["officer_left", "officer_joined"])]
    by_post = dict(iter(changes_of.groupby("officer")))
    for post in range(POSTS):
        since, is_filled = 0.0, True
        changes = by_post.get(post, changes_of[:0])
        for event, day in zip(changes.event, changes.day, strict=True):
            assert is_filled == (event == "officer_left")
            (stays if is_filled else vacancies).append((since, day, True))
            since, is_filled = day, not is_filled
        (stays if is_filled else vacancies).append((since, horizon, False))
    return pd.DataFrame(stays, columns=["began", "ended", "left"]), pd.DataFrame(
        vacancies, columns=["began", "ended", "filled"]
    )


def years_in_band(stays: pd.DataFrame, least: float, most: float) -> float:
    """Officer-years of service between two lengths of service."""
    service = (stays.ended - stays.began) / DAYS_PER_YEAR
    return float((service.clip(upper=most) - least).clip(lower=0).sum())


def left_in_band(stays: pd.DataFrame, least: float, most: float) -> int:
    service = (stays.ended - stays.began) / DAYS_PER_YEAR
    return int((stays.left & (service >= least) & (service < most)).sum())


def agrees(count: int, expected: float) -> bool:
    """Is a Poisson count within its 95% interval?"""
    return abs(count - expected) <= 1.96 * sqrt(expected)


def test_officers_stay_as_long_on_average_as_the_rate_of_leaving_says():
    stays, _ = shown(YEARS, leaving(0.5, 0.5, 0.5), *SUCCEEDED)
    years, left = years_in_band(stays, 0, np.inf), int(stays.left.sum())
    assert agrees(left, 0.5 * years), f"a mean stay of {years / left:.3f} years"
    for wrong in (0.9, 1.1):  # a rate a tenth off would show
        assert not agrees(left, wrong * 0.5 * years)


def test_who_leaves_when_depends_on_service():
    stays, _ = shown(YEARS, leaving(0.3, 0.5, 0.8), *SUCCEEDED)
    for rate, least, most in ((0.3, 0, 2), (0.5, 2, 5), (0.8, 5, np.inf)):
        left, years = left_in_band(stays, least, most), years_in_band(stays, least, most)
        assert agrees(left, rate * years), f"{left / years:.3f} a year after {least} years"
        for wrong in (2 / 3, 3 / 2):
            assert not agrees(left, wrong * rate * years)


def test_those_long_in_post_today_leave_as_those_do():
    stays, _ = shown("turnover.service_years_at_start=6", leaving(0, 0, 0.8), "turnover.recruitment_days=never")
    assert agrees(int(stays.left.sum()), 0.8 * years_in_band(stays, 0, np.inf))
    young, _ = shown(leaving(0, 0, 0.8), "turnover.recruitment_days=never")
    assert not young.left.any()


def test_a_post_is_vacant_for_as_long_as_recruitment_takes():
    _, vacancies = shown(YEARS, leaving(0.5, 0.5, 0.5), *SUCCEEDED)
    filled = vacancies[vacancies.filled]
    assert len(filled) > 1000
    assert (filled.ended - filled.began).to_numpy() == pytest.approx(60)
    assert (vacancies.ended - vacancies.began)[~vacancies.filled].max() < 60


def test_recruitment_takes_as_long_on_average_as_the_scenario_says():
    _, vacancies = shown(
        YEARS, leaving(0.5, 0.5, 0.5), "turnover.recruitment_days={distribution: gamma, mean: 90, cv: 1}"
    )
    early = vacancies[vacancies.began < vacancies.ended.max() - 900]
    assert early.filled.all()
    days = early.ended - early.began
    found = interval(days)
    assert found.low <= 90 <= found.high
    assert found.low > 0.9 * 90
    assert found.high < 1.1 * 90
    assert days.std() == pytest.approx(90, rel=0.05)


def test_without_recruitment_posts_stay_empty_for_good():
    never = (leaving(0.5, 0.5, 0.5), "turnover.recruitment_days=never")
    stays, vacancies = shown(*never)
    assert not vacancies.filled.any()
    counts = Counts(simulate_force(*IDLE, *never))
    vacant = counts.stock(codes.VACANT_POSTS)[0]
    assert (np.diff(vacant) >= 0).all()
    assert vacant[-1] == stays.left.sum() > 0.4 * POSTS
    assert (vacant + counts.stock(codes.OFFICERS_IN_POST)[0] == POSTS).all()
    days_empty = (vacancies.ended - vacancies.began).sum()
    assert counts.stock_days(codes.VACANT_POSTS)[0, -1] == pytest.approx(days_empty)


def test_in_the_long_run_the_share_of_posts_vacant_follows_little_s_law():
    # Each post is in turn held for 1/rate and vacant for the recruitment: begun in balance, it stays there.
    rate, recruitment = 0.8, 120 / DAYS_PER_YEAR
    expected = rate * recruitment / (1 + rate * recruitment)
    settings = (*IDLE, leaving(rate, rate, rate), "end=2028-09-01", "turnover.recruitment_days=120",
                f"turnover.vacant_at_start={expected}")  # fmt: skip
    shares, arrivals = [], []
    for replication in range(PAIRS):
        counts = Counts(simulate(force(*settings), replication))
        shares.append(counts.stock_days(codes.VACANT_POSTS)[0, -1] / counts.horizon / POSTS)
        arrivals.append(counts.stock_days(codes.OFFICERS_IN_POST)[0, -1] / counts.horizon / POSTS * rate * recruitment)
    found = interval(shares)
    assert found.low <= expected <= found.high
    assert found.low > 0.95 * expected
    assert found.high < 1.05 * expected
    # As many are vacant as posts fall vacant a year times the years of a vacancy.
    assert np.mean(shares) == pytest.approx(np.mean(arrivals), rel=0.02)


def test_posts_vacant_today_are_filled_within_one_recruitment():
    settings = ("turnover.vacant_at_start=0.3", *SUCCEEDED)
    events = simulate_force(*IDLE, *settings).events
    left, joined = (events[events.event == kind] for kind in ("officer_left", "officer_joined"))
    assert (left.day == 0).all()
    assert len(left) == pytest.approx(0.3 * POSTS, abs=2 * sqrt(POSTS * 0.3 * 0.7))
    assert len(joined) == len(left)
    assert joined.day.max() < 60
    assert joined.day.mean() == pytest.approx(30, abs=2 * 60 / sqrt(12 * len(joined)))  # at any point of it, evenly


def test_successors_are_untrained_until_they_have_been_on_a_course():
    no_course = (leaving(0.5, 0.5, 0.5), "turnover.successors_trained_share=0", *SUCCEEDED)
    counts = Counts(simulate_force(*IDLE, *no_course))
    stays, _ = shown(*no_course)
    untrained = counts.stock(codes.UNTRAINED_OFFICERS)[0]
    assert untrained[0] == 0
    assert untrained[-1] == (~stays.left & (stays.began > 0)).sum()

    courses = (*no_course, "officers.courses={interval_days: 28, seats: 400, days: 5}")
    events = simulate_force(*IDLE, *courses).events
    trained = events[events.event == "officer_trained"]
    assert len(trained) > 100
    went = events[events.outcome == "on_course"].groupby("officer").day.apply(np.array).to_dict()
    joined = events[events.event == "officer_joined"].groupby("officer").day.apply(np.array).to_dict()
    for officer, day in zip(trained.officer, trained.day, strict=True):
        assert day - 5 in went[officer]
        assert joined[officer][joined[officer] < day - 5].size  # nobody of today needs one
    assert set(events[events.outcome == "on_course"].day % 28) == {0}


def test_trained_successors_need_no_course():
    settings = (leaving(0.5, 0.5, 0.5), "turnover.successors_trained_share=0.7", *SUCCEEDED)
    stays, _ = shown(*settings)
    successors = int((~stays.left & (stays.began > 0)).sum())
    untrained = Counts(simulate_force(*IDLE, *settings)).stock(codes.UNTRAINED_OFFICERS)[0, -1]
    assert untrained == pytest.approx(0.3 * successors, abs=2 * sqrt(successors * 0.21))


@pytest.mark.parametrize("seats", [1, 10])
def test_seats_limit_how_many_are_trained(seats):
    courses = ("officers.trained_share=0.5", f"officers.courses={{interval_days: 28, seats: {seats}, days: 5}}")
    events = simulate_force(*IDLE, *courses).events
    on_course = events[events.outcome == "on_course"].day.value_counts()
    assert set(on_course) == {seats}
    assert len(on_course) == (force(*IDLE).horizon_days - 1) // 28
    untrained = Counts(simulate_force(*IDLE, *courses)).stock(codes.UNTRAINED_OFFICERS)[0]
    assert untrained[0] - untrained[-1] == seats * len(on_course)


def test_who_has_waited_longest_goes_on_the_course_first():
    courses = (leaving(0.5, 0.5, 0.5), "turnover.successors_trained_share=0", *SUCCEEDED,
               "officers.courses={interval_days: 28, seats: 5, days: 5}")  # fmt: skip
    events = simulate_force(*IDLE, *courses).events
    joined: dict[int, float] = {}
    waited = []
    for event, outcome, officer, day in events[["event", "outcome", "officer", "day"]].itertuples(index=False):
        if event == "officer_joined":
            joined[officer] = day
        elif outcome == "on_course":
            waited.append(joined[officer])
    assert waited == sorted(waited)
    assert len(waited) > 50


def hours_each_week(use: int, *settings: str) -> np.ndarray:
    return np.diff(Counts(simulate_force(*IDLE, *settings)).hours(use)[0])


def test_part_timers_work_their_share_of_the_hours():
    full, half, some = (
        hours_each_week(codes.HOURS_AVAILABLE, f"officers.part_time={{share: {share}, hours_share: {hours}}}").sum()
        for share, hours in ((0, 1), (1, 0.5), (0.3, 0.6))
    )
    assert half == pytest.approx(0.5 * full)
    assert some / full == pytest.approx(1 - 0.3 * 0.4, abs=2 * 0.4 * sqrt(0.21 / POSTS))


def test_the_share_of_days_abstracted_is_the_share_asked_for_and_surges_come_on_their_dates_only():
    surge = "{from: 2025-01-06, to: 2025-01-24, share: 0.5}"
    abstraction = hours_each_week(codes.HOURS_ABSTRACTION, f"officers.abstraction={{share: 0.08, surges: [{surge}]}}")
    share = abstraction / hours_each_week(codes.HOURS_CONTRACTED)
    weeks = slice(18, 21)  # the three that begin on 6 January
    assert share[weeks] == pytest.approx(0.5, abs=0.02)
    assert np.delete(share, np.r_[weeks]) == pytest.approx(0.08, abs=0.02)
    assert np.delete(share, np.r_[weeks]).mean() == pytest.approx(0.08, rel=0.01)
    only_then = hours_each_week(codes.HOURS_ABSTRACTION, f"officers.abstraction.surges=[{surge}]")
    assert (only_then > 0).nonzero()[0].tolist() == [18, 19, 20]


def test_the_surge_team_is_there_from_its_first_day_to_its_last():
    without, surge = (
        hours_each_week(codes.HOURS_CONTRACTED, f"surge={{officers: {officers}, from: 2025-01-07, to: 2025-01-17}}")
        for officers in (0, 3)
    )
    extra = surge - without
    assert extra[18:20] == pytest.approx([3 * 4 * 8, 3 * 5 * 8])  # from a Tuesday to the Friday of the next week
    assert not np.delete(extra, [18, 19]).any()


SHORT = ("officers.total=6",)


def test_overtime_stays_within_its_limit_and_cuts_the_backlog():
    limit = 5.0
    allowed = (*SHORT, f"officers.overtime_hours_per_week={limit}")
    assert falls(change("overdue_visits", allowed, SHORT))
    assert rises(change("visits_completed", allowed, SHORT))
    for replication in range(2):
        counts = Counts(simulate(force(*allowed), replication))
        overtime = np.diff(counts.hours(codes.HOURS_OVERTIME)[0])
        shifts = np.diff(counts.hours(codes.HOURS_AVAILABLE)[0]) / (8 * 0.65)
        assert (overtime <= limit / 5 * shifts + 1e-9).all()
        assert overtime.sum() > 0.5 * limit / 5 * shifts.sum()  # where so much is waiting, most of it is worked


def test_nobody_works_overtime_where_nothing_waits():
    assert hours_each_week(codes.HOURS_OVERTIME, "officers.overtime_hours_per_week=10").sum() == 0
    # All that an officer of this force can have to do in a day is done in five hours.
    plenty = (*QUIET, "officers.total=60", "officers.overtime_hours_per_week=10", "visits.crew=1",
              "visits.visit_hours=0.5", "visits.travel_hours=0.25", "visits.write_up_hours=0",
              "visits.failed_attempt_hours=0")  # fmt: skip
    assert average("hours_worked", *plenty) > 0
    assert (outcomes(*plenty)["at_end", "overtime_hours", "total"] == 0).all()


def test_vacant_posts_cost_visits_and_quick_recruitment_brings_them_back():
    leavers = (leaving(0.5, 0.5, 0.5),)
    slow, quick = ((*leavers, f"turnover.recruitment_days={days}") for days in (180, 10))
    assert rises(change("overdue_visits", slow))
    assert falls(change("overdue_visits", quick, slow))
