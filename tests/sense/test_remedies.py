"""What a force may do about backlog, blindness and lost records: each remedy against the same force without it.

Paired replications; a lease holds when the 95% interval of the difference leaves out 0.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.measure import tabulate
from sim.model import simulate
from sim.runs.intervals import interval
from tests.support.force import PAIRS, QUIET, change, falls, force, outcomes, rises, simulate_force

LOSING = (
    "officers.total=12",
    "officers.trained_share=0",
    "officers.untrained={lost_record_share: 0.1, detection_factor: 0.5, hours_factor: 1.2}",
    "notifications.interval_days=never",
)
"""Untrained officers lose records, and no notification brings them back."""

GONE = (
    "officers.total=12",
    "missing={leave_home_per_year: 0.1, tracing_interval_days: 14, tracing_hours: 2, found_by_tracing: 0.5}",
    "notifications.interval_days=never",
)
"""Offenders leave home and nobody is reported."""

ESCALATION = ("escalation={after_failed_attempts: 3, warrant_delay_days: 7, warrant_hours: 3}",)
AUDITS = ("records.audit_interval_days=60",)
SUPERVISORS = ("supervisors={hours_per_week: 2, check_hours: 0.25}",)
COURSES = ("officers.courses={interval_days: 30, seats: 3, days: 5}",)
SPARE = ("officers.total=20",)


def test_warrants_cut_the_longest_time_not_seen():
    assert falls(change("longest_unseen_days", ESCALATION, GONE))
    assert falls(change("longest_unseen_days", ESCALATION, GONE, statistic="at_end"))
    assert rises(change("warrants_executed", ESCALATION, GONE))


@pytest.mark.parametrize("remedy", [COURSES, SUPERVISORS, AUDITS, ("officers.trained_share=1",)])
def test_training_supervisors_and_audits_each_cut_lost_records(remedy):
    assert falls(change("lost_records", remedy, LOSING))
    assert falls(change("lost_records", remedy, LOSING, statistic="at_end"))


def test_supervisors_check_as_many_records_as_their_hours_allow():
    checks = outcomes(*SPARE, "supervisors={per_team: 1.5, hours_per_week: 2, check_hours: 0.4}")
    weeks = (force().horizon_days - 1) // 7
    teams = len(force().teams)
    assert (checks["at_end", "records_checked", "total"] == teams * int(weeks * 1.5 * 2 / 0.4 + 1e-9)).all()
    hours = checks["at_end", "supervisor_hours", "total"]
    assert np.allclose(hours, 0.4 * checks["at_end", "records_checked", "total"])


def test_supervisors_who_find_nothing_cut_no_lost_records():
    blind = ("supervisors={hours_per_week: 2, check_hours: 0.25, finds_lost_record: 0}",)
    assert rises(change("records_checked", blind, LOSING))
    assert change("lost_records", blind, LOSING).mean == 0


def test_supervisors_who_notice_risk_leave_less_of_it_hidden():
    noticing = ("supervisors={hours_per_week: 2, check_hours: 0.25, notices_risk: 0.6}",)
    assert falls(change("hidden_risk_days", noticing, SPARE))


def test_unannounced_visits_find_breaches_sooner_and_cost_more_for_each_contact():
    none, all_ = (f"visits.announced_share={share}" for share in (1, 0))
    assert falls(change("breach_detection_days", (all_,), (*SPARE, none)))
    assert falls(change("latent_breach_days", (all_,), (*SPARE, none)))
    assert rises(change("hours_per_contact", (all_,), (*SPARE, none)))


def test_reactive_management_frees_hours_and_hides_risk():
    reactive = ("reactive={after_quiet_years: 1, check_hours: 0.5}",)
    assert falls(change("hours_worked", reactive, SPARE))
    assert falls(change("workload_ratio", reactive, SPARE))
    assert rises(change("hidden_risk_days", reactive, SPARE))
    assert rises(change("latent_breach_days", reactive, SPARE))
    assert falls(change("overdue_visits", reactive))  # where hours are short


def test_who_comes_back_from_reactive_management_is_visited_reviewed_and_met_about_again():
    settings = ("officers.total=40", "reactive={after_quiet_years: 0.5, check_interval_days: 60}",
                "intelligence.reports_per_year=1", "mappa={level_2_share: 1, level_2_interval_days: 30, hours: 0.5}",
                "visits.no_contact={announced: 0, unannounced: 0}")  # fmt: skip
    events = simulate_force(*settings).events
    ends = events[events.event.isin(["left_register", "to_custody", "to_reactive"])]
    back = events[(events.event == "to_visits") & (events.day < events.day.max() - 80)]
    stayed = 0
    for offender, day in zip(back.offender, back.day, strict=True):
        if not ((ends.offender == offender) & (ends.day > day) & (ends.day < day + 80)).any():
            stayed += 1
            later = events[(events.offender == offender) & (events.day > day) & (events.day < day + 80)]
            assert {"visit", "review", "meeting"} <= set(later.event)
    assert stayed > 15


def weekly_change(metric: str, plan: tuple[str, ...], weeks: slice):
    """What a plan adds to a metric on average over some weekly observations: the interval over paired replications."""

    def means(*settings: str) -> np.ndarray:
        found = []
        for replication in range(PAIRS):
            table = tabulate(force(*settings), simulate(force(*settings), replication))
            table = table[(table.statistic == "week") & (table.metric == metric) & (table.group == "total")]
            found.append(table.value.to_numpy()[weeks].mean())
        return np.array(found)

    return interval(means(*plan) - means())


def test_a_surge_team_cuts_overdue_visits_while_it_is_there():
    surge = ("surge={officers: 3, from: 2025-01-06, to: 2025-03-30}",)  # weeks 18 to 29
    assert weekly_change("overdue_visits", surge, slice(0, 19)) == (0, 0, 0, PAIRS)  # not before it comes
    assert falls(weekly_change("overdue_visits", surge, slice(20, 31)))
    assert rises(weekly_change("hours_worked", surge, slice(18, 30)))  # the weeks in which it works


def test_a_surge_team_goes_to_every_offender_and_the_past_has_no_officer():
    force_of_ten = (*QUIET, "teams=[{name: North, officers: 1, offenders: 10}]", "visits.interval_days=2")
    events = simulate_force(*force_of_ten, "surge={officers: 2, from: 2024-09-02, to: 2026-01-11}").events
    own = events[events.event == "at_start"].officer.unique()
    assert len(own) == 1
    seen = events[(events.event == "visit") & (events.outcome == "seen") & ~events.officer.isin(own)]
    assert set(seen.offender) == set(range(10))
    assert set(events[events.event == "seen_before"].officer) == {-1}


def test_another_hour_of_the_day_cuts_failed_attempts():
    home_at_the_same_hours = ("visits.no_contact.same_hour_again=0.5", "visits.retry_hour=same")
    varied = ("visits.retry_hour=varied",)
    assert falls(change("failed_attempts_share", varied, home_at_the_same_hours))
    assert falls(change("hours_per_contact", varied, home_at_the_same_hours))


def test_desk_reviews_free_hours():
    desk_reviews = ("reviews.desk_review={share: 0.6, hours: 1.5, error_share: 0.1}",)
    assert falls(change("workload_ratio", desk_reviews))
    assert falls(change("hours_worked", desk_reviews, SPARE))
    assert falls(change("overdue_visits", desk_reviews))


def test_desk_reviews_that_err_more_hide_more():
    careful, careless = (f"reviews.desk_review={{share: 1, hours: 5, error_share: {share}}}" for share in (0, 0.8))
    assert rises(change("hidden_risk_days", (careless,), (*SPARE, careful)))


def test_meetings_cost_hours_and_bring_hidden_risk_to_light():
    meetings = ("mappa={level_2_share: 0.4, level_3_share: 0.1, level_2_interval_days: 60, level_3_interval_days: 30, "
                "hours: 1, notices_risk: 0.7}",)  # fmt: skip
    assert rises(change("hours_worked", meetings, SPARE))
    assert falls(change("hidden_risk_days", meetings, SPARE))
    assert rises(change("overdue_visits", meetings))  # where hours are short
    deaf = (meetings[0].replace("notices_risk: 0.7", "notices_risk: 0"),)
    assert rises(change("hidden_risk_days", deaf, (*SPARE, *meetings)))


def test_intelligence_brings_reviews_forward():
    reports = ("intelligence={reports_per_year: 0.5, review_within_days: 7}",)
    assert rises(change("reviews_completed", reports, SPARE))
    assert falls(change("hidden_risk_days", reports, SPARE))
    events = simulate_force(*SPARE, *reports).events
    shown = events[events.event == "reported"]
    assert len(shown) > 100
    assert (shown.review_due <= np.floor(shown.day) + 7).all()
    later = simulate_force(*SPARE, "intelligence={reports_per_year: 0.5, review_within_days: 60}").events
    waits = [days_to_review(log) for log in (events, later)]
    assert waits[0] < 14 < waits[1]


def days_to_review(events) -> float:
    """Median days from a report to the next review of the offender."""
    waits = []
    reviews = {offender: days.to_numpy() for offender, days in events[events.event == "review"].groupby("offender").day}
    for offender, day in events[events.event == "reported"][["offender", "day"]].itertuples(index=False):
        after = reviews.get(offender, np.empty(0))
        waits += [float(after[after > day][0] - day)] if (after > day).any() else []
    return float(np.median(waits))


YEARS = ("end=2028-08-31", *LOSING, GONE[1])


def test_lost_records_leave_a_high_risk_offender_not_seen_for_years_and_the_remedies_end_it():
    column = ("at_end", "longest_unseen_days", "high")
    without = outcomes(*YEARS, replications=3)[column]
    assert without.max() > 3 * 365
    remedies = (*AUDITS, *SUPERVISORS, *COURSES, *ESCALATION, "missing.found_by_tracing=0.8")
    assert outcomes(*YEARS, *remedies, replications=3)[column].max() < 365
