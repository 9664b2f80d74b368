"""Every date rule at its boundary: due today, overdue tomorrow, seen in the afternoon; weekly counts; short horizons.

The first day, 2 September 2024, is a Monday.
"""

import numpy as np
import pandas as pd
import pytest

from sim.measure import tabulate
from sim.model import simulate
from sim.scenario import Scenario

HOUR = 1 / 24


def scenario(days: int, officers: int = 1, offenders: int = 1, **changes) -> Scenario:
    """One lone officer and one offender, whose visits fall due a day after the last; sections change key by key."""
    end = pd.Timestamp("2024-09-02") + pd.Timedelta(days=days - 1)
    written = {
        "name": "A few days",
        "start": "2024-09-02",
        "end": end.date().isoformat(),
        "teams": [{"name": "One", "officers": officers, "offenders": offenders}],
        "caseload": {"risk_mix": {"low": 1, "medium": 0, "high": 0, "very_high": 0}},
        "visits": {"interval_days": 1, "visit_hours": 1, "crew": 1},
    }
    for section, keys in changes.items():
        written[section] = {**written.get(section, {}), **keys}
    return Scenario.model_validate(written)


def table(days: int, **changes) -> pd.DataFrame:
    chosen = scenario(days, **changes)
    return tabulate(chosen, simulate(chosen, 0))


def value(metric: str, statistic: str, days: int, **changes) -> float:
    """A metric of the total."""
    rows = table(days, **changes)
    return float(rows.value[(rows.metric == metric) & (rows.statistic == statistic) & (rows.group == "total")].iloc[0])


def events(days: int, **changes) -> pd.DataFrame:
    shown = simulate(scenario(days, **changes), 0, log_events=True).events
    assert shown is not None
    return shown[shown.day >= 0].reset_index(drop=True)


OVERDUE = {"overdue_at_start": 1, "overdue_days_at_start": 1}
"""The visit fell due on the day before the first."""


# -- due and overdue -------------------------------------------------------------------------------------------------


def test_due_today_is_not_overdue_today_but_tomorrow():
    # With an interval of a day, the first visit is due on day 0. Nobody makes it.
    assert events(1, officers=0).due.iloc[0] == 0
    assert value("overdue_visits", "average", 1, officers=0) == 0
    # Overdue from midnight, the horizon of the first day, on.
    assert value("overdue_visits", "at_end", 1, officers=0) == 1
    assert value("overdue_visits", "average", 2, officers=0) == pytest.approx(1 / 2)
    assert value("overdue_visits", "average", 4, officers=0) == pytest.approx(3 / 4)


def test_what_fell_due_yesterday_is_overdue_from_the_first_midnight():
    rows = table(7, officers=0, caseload=OVERDUE).query("metric == 'overdue_visits' and group == 'total'")
    assert rows.value[rows.statistic == "week"].tolist() == [1, 1]
    assert value("overdue_visits", "average", 7, officers=0, caseload=OVERDUE) == pytest.approx(1)


def test_seen_on_the_day_it_is_due_is_never_overdue():
    assert value("overdue_visits", "average", 1) == 0
    assert value("overdue_visits", "at_end", 1) == 0
    assert value("visits_completed", "at_end", 1) == 1


def test_seen_at_four_in_the_afternoon_it_was_overdue_for_sixteen_hours():
    long_visit = {"interval_days": 100, "visit_hours": 7}
    assert events(1, visits=long_visit, caseload=OVERDUE).day.iloc[-1] == pytest.approx(16 * HOUR)
    assert value("overdue_visits", "average", 1, visits=long_visit, caseload=OVERDUE) == pytest.approx(16 * HOUR)
    assert value("overdue_visits", "at_end", 1, visits=long_visit, caseload=OVERDUE) == 0


def test_a_failed_attempt_does_not_stop_the_clock():
    shut = {"no_contact": {"announced": 1, "unannounced": 1}, "retry_days": 2}
    shown = events(5, visits=shut, caseload=OVERDUE)
    assert np.floor(shown.day[shown.event == "visit"]).tolist() == [0, 2, 4]
    assert (shown.due == -1).all()
    assert value("overdue_visits", "average", 5, visits=shut, caseload=OVERDUE) == pytest.approx(1)
    assert value("oldest_overdue_visit_days", "at_end", 5, visits=shut, caseload=OVERDUE) == 6


def test_what_falls_due_on_a_weekend_is_overdue_until_monday():
    # Seen on Friday, day 4, due on Saturday: overdue on Sunday, and on Monday until ten, when the visit ends.
    shown = events(8)
    assert np.floor(shown.day[shown.event == "visit"]).tolist() == [0, 1, 2, 3, 4, 7]
    assert value("overdue_visits", "average", 8) == pytest.approx((1 + 10 * HOUR) / 8)


def test_the_lead_time_lets_a_visit_be_made_so_many_days_early():
    shown = events(14, visits={"interval_days": 4, "lead_days": 3}, calendar={"work": "every_day"})
    visits = shown[shown.event == "visit"]
    assert (visits.due == np.floor(visits.day) + 4).all()
    assert (np.diff(np.floor(visits.day)) == 1).all()


def test_the_next_visit_is_counted_from_the_date_of_the_last():
    # However late in the day.
    late = events(1, visits={"interval_days": 30, "visit_hours": 7}, caseload=OVERDUE)
    assert late.due.iloc[-1] == 30
    # A day and a half is at the latest the date on which it begins.
    assert events(1, visits={"interval_days": 1.5}).due.iloc[-1] == 1


def test_around_the_clock_a_visit_is_overdue_from_the_instant_it_is_due():
    clock = {"officers": 0, "visits": {"interval_days": 10}, "calendar": {"work": "around_the_clock"}}
    due = events(10, **clock).due.iloc[0]
    assert 0 < due < 10
    assert due != np.floor(due)
    assert value("overdue_visits", "average", 10, **clock) == pytest.approx((10 - due) / 10)


def test_a_review_is_overdue_from_the_day_after_too():
    reviews = {"reviews": {"interval_days": 1, "hours": 1}}
    assert value("overdue_reviews", "average", 1, officers=0, **reviews) == 0
    assert value("overdue_reviews", "average", 2, officers=0, **reviews) == pytest.approx(1 / 2)


def test_ages_count_from_the_due_date_and_the_last_contact():
    # Due on day 0 and not seen: on the morning of day 10, ten days late. Last seen a day before it was due.
    assert value("oldest_overdue_visit_days", "at_end", 10, officers=0) == 10
    assert value("longest_unseen_days", "at_end", 10, officers=0) == 11
    # Nothing overdue has no age.
    assert value("oldest_overdue_visit_days", "at_end", 1) == 0
    assert value("longest_unseen_days", "at_end", 1) == pytest.approx(14 * HOUR)


def test_unannounced_counts_for_365_days():
    # Seen at ten on the first day, and not in the thousand days before.
    once = {"visits": {"interval_days": 1000}, "caseload": OVERDUE}
    assert value("unannounced_coverage", "at_end", 365, **once) == 1
    assert value("unannounced_coverage", "at_end", 366, **once) == 0
    assert value("unannounced_coverage", "average", 100, **once) == pytest.approx((100 - 10 * HOUR) / 100)
    assert value("unannounced_coverage", "average", 400, **once) == pytest.approx(365 / 400)
    announced = {"visits": {"interval_days": 1000, "announced_share": 1}, "caseload": OVERDUE}
    assert value("unannounced_coverage", "average", 100, **announced) == 0


# -- observations and horizons ---------------------------------------------------------------------------------------


def observation_times(days: int) -> list[float]:
    rows = table(days)
    return rows.day[(rows.metric == "overdue_visits") & (rows.group == "total") & (rows.statistic == "week")].tolist()


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (1, [0, 1]),
        (6, [0, 6]),
        (7, [0, 7]),
        (8, [0, 7, 8]),
        (14, [0, 7, 14]),
        (20, [0, 7, 14, 20]),
    ],
)
def test_observations_are_every_seven_days_and_the_horizon(days, expected):
    assert observation_times(days) == expected


def weeks_of(metric: str, days: int, **changes) -> list[float]:
    rows = table(days, **changes)
    return rows.value[(rows.metric == metric) & (rows.group == "total") & (rows.statistic == "week")].tolist()


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (5, [1, 1, 1, 1]),
        (6, [1, 1, 1, 1]),
        (7, [1, 0, 1, 1]),
        (13, [1, 0, 1, 1]),
        (20, [1, 0, 0, 1]),
        (21, [1, 0, 0, 0]),
    ],
)
def test_what_begins_exactly_at_an_observation_is_counted_there(due, expected):
    # A visit due on day 6 is overdue from midnight of day 7, a time of observation.
    # A lever on day 1 moves the visit to its due date.
    late = scenario(21, officers=0, visits={"interval_days": 1000}, caseload=OVERDUE)
    lever = {"from": "2024-09-03", "set": {"visits.interval_days": 1001 + due}}
    moved = Scenario.model_validate({**late.model_dump(by_alias=True), "levers": [lever]})
    rows = tabulate(moved, simulate(moved, 0)).query("metric == 'overdue_visits' and group == 'total'")
    assert rows.value[rows.statistic == "week"].tolist() == expected


def test_what_happens_is_counted_in_its_week_and_the_last_week_may_be_short():
    # One visit on each weekday.
    assert weeks_of("visits_completed", 14) == [5, 5]
    assert weeks_of("visits_completed", 16) == [5, 5, 2]
    assert weeks_of("visits_completed", 1) == [1]
    assert value("visits_completed", "at_end", 16) == 12
    assert value("visits_completed", "average", 16) == pytest.approx(12 / (16 / 7))


def test_what_ends_after_the_horizon_is_outstanding_at_the_horizon():
    # A visit of sixteen hours that begins at nine ends after midnight.
    long_visit = {"interval_days": 100, "visit_hours": 16}
    assert value("visits_completed", "at_end", 1, visits=long_visit, caseload=OVERDUE) == 0
    assert value("overdue_visits", "at_end", 1, visits=long_visit, caseload=OVERDUE) == 1
    assert value("visits_completed", "at_end", 2, visits=long_visit, caseload=OVERDUE) == 1
    assert value("overdue_visits", "at_end", 2, visits=long_visit, caseload=OVERDUE) == 0


def test_a_longer_horizon_changes_nothing_before_it():
    short, long = events(20), events(30)
    pd.testing.assert_frame_equal(short, long[long.day < 20])


def test_the_first_day_is_worked():
    assert np.floor(events(3).day[events(3).event == "visit"]).tolist() == [0, 1, 2]


def test_the_last_day_is_worked_to_its_end():
    assert value("visits_completed", "at_end", 2) == 2
