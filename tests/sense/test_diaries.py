"""What officers do hour by hour, put together again from the event log, and held against the rules they work by."""

import datetime as dt
from functools import cache
from unittest import mock

import numpy as np
import pandas as pd
import pytest

from sim.model import simulate
from sim.model.simulation import Simulation
from tests.support.force import force, simulate_force

WRITE_UP_HOURS = 1
"""The same for every visit, so that minutes of work show when it began."""

FORCES = {
    "own": (),
    "pooled": ("caseload.allocation=pooled",),
    "not a minute to spare": ("officers.total=5", "caseload.priority=earliest_due", "breaches.enquiry_hours=30"),
    "every day": ("calendar.work=every_day", "visits.lead_days=0", "caseload.priority=quick_wins"),
}
TWO_OFFICERS = ("visit", "initial_assessment", "enquiry")
SECOND = 1 / 86_400


@cache
def events_and_shifts(kind: str) -> tuple[pd.DataFrame, dict[int, np.ndarray]]:
    """The event log of a force, and who was at work on each day worked: bool by officer.

    The log has for each piece of work when it began, and until when the lead had the record to write.
    """
    at_work = {}
    really_work = Simulation.work

    def work(simulation: Simulation, days: np.ndarray, away: np.ndarray):
        done, handed_back = really_work(simulation, days, away)
        for day, away_on_it in zip(days[:done], away[:done], strict=True):  # between them nobody joins or falls sick
            at_work[day] = (
                (simulation.officers["in_post"] == 1) & (simulation.officers["absent"] == 0) & (away_on_it == 0)
            )
        return done, handed_back

    with mock.patch.object(Simulation, "work", work):
        scenario = force(f"visits.write_up_hours={WRITE_UP_HOURS}", *FORCES[kind])
        events = simulate(scenario, 0, log_events=True).events
    crew = 1 + (events.colleague >= 0)
    write_up = np.where((events.event == "visit") & (events.outcome == "seen"), WRITE_UP_HOURS, 0)
    events["began"] = events.day - (events.minutes / 60 - write_up) / crew / 24
    events["lead_until"] = events.day + write_up / 24
    return events, at_work


@pytest.fixture(params=FORCES)
def kind(request) -> str:
    return request.param


def work_of(events: pd.DataFrame) -> pd.DataFrame:
    return events[events.minutes > 0]


def entries(events: pd.DataFrame) -> pd.DataFrame:
    """A row for every officer at every piece of work: officer, from, until."""
    work = work_of(events)
    lead = pd.DataFrame({"officer": work.officer, "began": work.began, "until": work.lead_until})
    second = work[work.colleague >= 0]
    colleague = pd.DataFrame({"officer": second.colleague, "began": second.began, "until": second.day})
    return pd.concat([lead, colleague]).sort_values(["officer", "began"])


def assert_apart(spans: pd.DataFrame, by: str) -> None:
    """Nobody's spans overlap."""
    ended = spans.groupby(by).until.shift()
    overlapping = spans[spans.began < ended - SECOND]
    assert overlapping.empty, f"{len(overlapping)} overlap, the first {overlapping.iloc[0].to_dict()}"


def test_no_officer_is_in_two_places_at_once(kind):
    events, _ = events_and_shifts(kind)
    assert_apart(entries(events), by="officer")


def test_nobody_is_called_on_by_two_at_once(kind):
    events, _ = events_and_shifts(kind)
    work = work_of(events).assign(until=lambda work: work.day).sort_values(["offender", "began"])
    assert_apart(work[["offender", "began", "until"]], by="offender")


def test_work_for_two_is_done_by_two_officers_of_the_offender_s_team(kind):
    events, _ = events_and_shifts(kind)
    scenario = force(*FORCES[kind])
    teams = np.repeat([team.name for team in scenario.teams], [officers for officers, _ in scenario.headcounts])
    work = work_of(events)
    for_two = work.event.isin(TWO_OFFICERS)
    assert (work.colleague[for_two] >= 0).all()
    assert (work.colleague[~for_two] == -1).all()
    assert (work.officer != work.colleague).all()
    assert (teams[work.officer] == work.team).all()
    assert (teams[work.colleague[for_two]] == work.team[for_two]).all()


def test_a_lone_visit_is_made_alone():
    events = simulate_force("visits.crew={low: 1, medium: 2, high: 1, very_high: 2}").events
    visits = events[events.event == "visit"]
    assert (visits.colleague.ge(0) == visits.risk.isin(["medium", "very_high"])).all()


def test_work_begins_within_the_shift_of_officers_who_are_there(kind):
    events, at_work = events_and_shifts(kind)
    assert np.mean(list(at_work.values())) < 0.9  # often enough, somebody is not there
    scenario = force(*FORCES[kind])
    shift_start, hours = (
        scenario.calendar.shift_start_hour / 24,
        scenario.shift_hours * scenario.officers.available_share,
    )
    began = entries(events)
    day = np.floor(began.began).astype(int)
    assert (began.began - day >= shift_start - SECOND).all()
    assert (began.began - day < shift_start + hours / 24).all()
    assert all(today in at_work and at_work[today][officer] for today, officer in zip(day, began.officer, strict=True))


BANK_HOLIDAYS = ["2024-12-25", "2024-12-26", "2025-01-01", "2025-04-18", "2025-04-21", "2025-05-05", "2025-05-26",
                 "2025-08-25", "2025-12-25", "2025-12-26", "2026-01-01"]  # fmt: skip


def test_nobody_works_on_weekends_and_bank_holidays():
    events, _ = events_and_shifts("own")
    dates = pd.to_datetime(force().start) + pd.to_timedelta(np.floor(work_of(events).began), unit="D")
    assert (dates.dt.day_of_week < 5).all()
    assert not dates.isin(pd.to_datetime(BANK_HOLIDAYS)).any()
    # On every other weekday, somebody does, unless nothing happens to be due.
    weekdays = pd.bdate_range(force().start, force().end).difference(pd.to_datetime(BANK_HOLIDAYS))
    assert set(dates) <= set(weekdays)
    assert len(set(dates)) >= len(weekdays) - 2


def test_where_every_day_is_worked_so_are_sundays_and_christmas():
    events, _ = events_and_shifts("every day")
    dates = {force().start + dt.timedelta(days=int(day)) for day in np.floor(work_of(events).began)}
    assert {dt.date(2024, 12, 25), dt.date(2024, 12, 29), dt.date(2025, 4, 20)} <= dates


def test_bank_holidays_are_worked_where_the_scenario_says_so():
    events = simulate_force("calendar.bank_holidays=false").events
    assert dt.date(2024, 12, 25) in {force().start + dt.timedelta(days=int(day)) for day in events.day}


def visits_with_what_went_before(events: pd.DataFrame) -> pd.DataFrame:
    """Every visit, with the due date that stood and the day before which it was barred after a failed attempt."""
    setting = ["at_start", "registered", "released", "visit", "review"]
    logged = events[events.event.isin(setting) & (events.day >= 0)].copy()
    failed = logged.outcome == "no_contact"
    logged["barred"] = np.where(failed, np.floor(logged.day) + force().visits.retry_days, -np.inf)
    logged["stood"] = logged.groupby("offender").due.shift()
    logged["barred"] = logged[~logged.event.isin(["review"])].groupby("offender").barred.shift()
    return logged[logged.event == "visit"]


def test_nobody_is_visited_before_the_lead_time_nor_too_soon_after_a_failed_attempt(kind):
    events, _ = events_and_shifts(kind)
    visits = visits_with_what_went_before(events)
    lead_days = force(*FORCES[kind]).visits.lead_days
    assert visits.stood.notna().all()
    assert (visits.began >= visits.stood - lead_days - SECOND).all()
    assert (visits.began >= visits.barred - SECOND).all()


def test_with_officers_to_spare_visits_are_made_as_soon_as_they_may_be():
    events = simulate_force("officers.total=40", "visits.write_up_hours=1", "calendar.work=every_day").events
    visits = visits_with_what_went_before(events)
    may_begin = np.maximum(visits.stood - force().visits.lead_days, visits.barred.fillna(-np.inf)).clip(lower=0)
    assert (np.floor(visits.day) == may_begin).mean() > 0.8


def test_a_failed_attempt_leaves_the_due_date_and_a_contact_sets_the_next():
    events, _ = events_and_shifts("own")
    visits = visits_with_what_went_before(events)
    failed = visits.outcome == "no_contact"
    assert (visits.due[failed] == visits.stood[failed]).all()
    high = visits[~failed & (visits.risk == "high")]
    assert (high.due == np.floor(high.day) + 91).all()


def test_other_work_is_not_begun_before_it_is_due(kind):
    events, _ = events_and_shifts(kind)
    reviews = events[
        events.event.isin(["at_start", "registered", "released", "review", "breach_found", "notification"])
    ]
    reviews = reviews[reviews.day >= 0].assign(stood=lambda logged: logged.groupby("offender").review_due.shift())
    reviews = reviews[reviews.event == "review"]
    assert (reviews.began >= reviews.stood - SECOND).all()
    registered = events[events.event == "registered"].set_index("offender").day
    initial_assessments = events[events.event == "initial_assessment"].set_index("offender")
    assert (initial_assessments.began >= registered[initial_assessments.index]).all()
    # Until the initial assessment is done, nothing else is.
    for event in ("visit", "review", "notification"):
        first = events[(events.event == event) & events.offender.isin(registered.index)].groupby("offender").began.min()
        assert (first >= initial_assessments.day.reindex(first.index)).all(), event


def test_work_takes_the_hours_that_the_scenario_says():
    work = work_of(events_and_shifts("own")[0])
    scenario = force()
    visits = scenario.visits
    hours = (work.day - work.began) * 24
    expected = {
        "seen": visits.travel_hours.expected + visits.visit_hours.expected,
        "no_contact": visits.travel_hours.expected + visits.failed_attempt_hours.expected,
        "review": scenario.reviews.hours.expected,
        "notification": scenario.notifications.hours.expected,
        "initial_assessment": scenario.initial_assessment.hours.expected,
        "enquiry": scenario.breaches.enquiry_hours.expected,
    }
    for what, mean in expected.items():
        taken = hours[(work.event == what) | (work.outcome == what)]
        assert taken.mean() == pytest.approx(mean, abs=4 * taken.std() / np.sqrt(len(taken))), what
