"""Levers: nothing changes before their date, something does after it, and a lever to what already holds is no lever."""

import numpy as np
import pandas as pd
import pytest

from tests.support.force import force, simulate_force

DATE = "2025-03-03"
DAY = 182
CUSTODY = ("breaches.per_year=1",)
"""So many breaches that on any day somebody is in custody."""


def with_lever(date: str, change: str, settings: tuple[str, ...] = ()) -> pd.DataFrame:
    """The event log of the force when from a date on some value differs."""
    return simulate_force(*settings, f"levers=[{{from: {date}, set: {{{change}}}}}]").events


def happened(events: pd.DataFrame, before: float = np.inf) -> pd.DataFrame:
    """What happened to offenders until a day, in an order that does not depend on who was counted when."""
    shown = events[(events.day < before) & (events.event != "rescheduled")]
    return shown.sort_values(["day", "offender", "event"]).reset_index(drop=True)


@pytest.mark.parametrize(
    "what_holds",
    ["officers.available_share: 0.65", "visits.retry_days: 5", "drift.up_per_year.low: 0.3", "officers.total: 8"],
)
def test_a_lever_to_what_already_holds_changes_nothing(what_holds):
    pd.testing.assert_frame_equal(
        happened(with_lever(DATE, what_holds, settings=CUSTODY)), happened(simulate_force(*CUSTODY).events)
    )


def test_officers_who_go_leave_their_caseloads_to_their_colleagues():
    events = with_lever(DATE, "officers.total: 5")
    moved = events[events.event == "reallocated"]
    assert (moved.day == DAY).all()
    after = events[(events.day > DAY) & (events.event == "visit")]
    in_post = {0, 1, 2, 5, 6}  # three of five in the north, two of three in the south
    assert set(after.officer) <= in_post
    assert set(moved.officer) <= in_post
    # Level to within one, whatever they were before.
    belongs = events[events.officer.ge(0) & events.event.isin(["at_start", "registered", "released", "reallocated"])]
    held = belongs[belongs.day <= DAY].groupby("offender").officer.last()
    gone = events[(events.day <= DAY) & events.event.isin(["left_register", "to_custody"])]
    back = belongs[belongs.day <= DAY].groupby("offender").day.last()
    gone = gone[gone.day > back.reindex(gone.offender).to_numpy()]
    sizes = held.drop(gone.offender.unique()).value_counts()
    assert sizes[[0, 1, 2]].max() - sizes[[0, 1, 2]].min() <= 1
    assert sizes[[5, 6]].max() - sizes[[5, 6]].min() <= 1


def test_the_first_officers_of_a_team_take_on_those_without_an_officer():
    nobody = ("teams=[{name: North, officers: 0, offenders: 30}, {name: South, officers: 4, offenders: 30}]",)
    events = simulate_force(*nobody, f"levers=[{{from: {DATE}, set: {{officers.total: 4}}}}]").events
    assert not (events[events.team == "North"].event == "visit").any()
    teams = "{name: North, officers_share: 0.2, offenders: 30}, {name: South, officers_share: 0.8, offenders: 30}"
    lever = f"levers=[{{from: {DATE}, set: {{officers.total: 10}}}}]"
    events = simulate_force(f"teams=[{teams}]", "officers.total=0", lever).events
    visits = events[events.event == "visit"]
    assert visits.day.min() > DAY
    assert set(visits.team) == {"North", "South"}
    community = events[(events.day == 0) & (events.event == "at_start")]
    assert len(events[events.event == "reallocated"].offender.unique()) >= 0.8 * len(community)


def test_rates_that_a_lever_raises_go_on_from_the_random_numbers_so_far():
    """Twice the rate from a day on: every first breach after it comes after half the time that was left."""
    settings = ("officers.total=0", "drift={up_per_year: 0, down_per_year: 0}", "breaches.per_year=0.4",
                "register.new_per_year=0", "breaches.found_by_intelligence_per_year=0")  # fmt: skip
    plain, doubled = (
        events[(events.event == "breach_began") & (events.day >= DAY)].groupby("offender").day.first()
        for events in (
            simulate_force(*settings).events,
            with_lever(DATE, "breaches.per_year: 0.8", settings=settings),
        )
    )
    both = plain.index.intersection(doubled.index)
    assert len(both) > 50
    assert (doubled[both] - DAY).to_numpy() == pytest.approx((plain[both] - DAY).to_numpy() / 2)


def test_a_shorter_interval_brings_the_next_visit_forward_by_the_difference():
    settings = ("officers.total=0", "visits.interval_days=200", "register.new_per_year=0")
    events = with_lever(DATE, "visits.interval_days: 150", settings=settings)
    moved = events[events.event == "rescheduled"].set_index("offender").due
    before = events[events.event == "at_start"].set_index("offender").due
    assert len(moved) > 200
    assert (before[moved.index] - moved == 50).all()


def test_what_a_lever_makes_due_is_done_within_weeks_and_not_when_it_was_due_before():
    spare = ("officers.total=60", "visits.interval_days=300", "visits.no_contact={announced: 0, unannounced: 0}")
    events = with_lever(DATE, "visits.interval_days: 100", settings=spare)
    moved = events[(events.event == "rescheduled") & (events.due <= DAY)].offender
    soon = events[(events.event == "visit") & (events.day > DAY) & (events.day < DAY + 21)].offender
    assert len(moved) > 50
    assert moved.isin(soon).mean() > 0.9


def test_levers_on_the_first_and_on_the_last_day():
    first = with_lever(force().start.isoformat(), "visits.crew: 1")
    pd.testing.assert_frame_equal(happened(first), happened(simulate_force("visits.crew=1").events))
    last = with_lever(force().end.isoformat(), "visits.crew: 1")
    end = force().horizon_days - 1
    pd.testing.assert_frame_equal(happened(last, before=end), happened(simulate_force().events, before=end))
