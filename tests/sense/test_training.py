"""Untrained officers lose records, find less and take longer at desk work; training and audits fix it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.measure import tabulate
from sim.model import simulate
from sim.scenario import read

SMALL = Path(__file__).parents[2] / "scenarios" / "small.yaml"
LOSING = (
    "end=2027-08-31",
    "officers.untrained={hours_factor: 1.3, detection_factor: 0.2, lost_record_share: 0.05}",
    "notifications.interval_days=never",
    "missing.leave_home_per_year=0",
    "visits.no_contact={announced: 0, unannounced: 0}",
    "officers.total=20",
    "breaches.outcome={warning: 1, charge: 0, custody: 0}",  # who comes back from custody has a new record
    "register.recalls_per_year=0",
    "register.moves_between_teams_per_year=0",
    "turnover.leaving_per_year={under_2_years: 0, from_2_to_5_years: 0, over_5_years: 0}",  # no successors
    "turnover.vacant_at_start=0",
    "officers.courses.interval_days=never",
)


def simulated(*settings: str, replications: int = 3):
    scenario = read(SMALL, (*LOSING, *settings)).scenario
    for replication in range(replications):
        result = simulate(scenario, replication, log_events=True)
        table = tabulate(scenario, result)
        total = table[table.group == "total"].set_index(["metric", "statistic"]).value
        yield total, result.events


def test_trained_officers_lose_no_record():
    for total, events in simulated("officers.trained_share=1"):
        assert total["lost_records", "average"] == 0
        assert not (events.event == "record_lost").any()


def test_training_cuts_lost_records_and_finds_breaches_sooner():
    none, half, all_ = ([total for total, _ in simulated(f"officers.trained_share={share}")] for share in (0, 0.5, 1))
    for metric in ("lost_records", "breach_detection_days"):
        means = [sum(total[metric, "average"] for total in totals) for totals in (none, half, all_)]
        assert means[0] > means[1] > means[2]
    # A single lost record is enough for years unseen: half of the officers trained do not help the worst case.
    for nobody, some, everybody in zip(none, half, all_, strict=True):
        worst = [total["longest_unseen_days", "average"] for total in (nobody, some, everybody)]
        assert worst[2] < 0.7 * min(worst[:2])


def test_a_lost_record_leaves_an_offender_not_seen_until_the_end():
    for total, events in simulated("officers.trained_share=0"):
        lost = events[events.event == "record_lost"].groupby("offender").day.max()
        visits = events[events.event == "visit"]
        for offender, day in lost.items():
            assert not ((visits.offender == offender) & (visits.day > day + 1)).any()
        assert total["longest_unseen_days", "at_end"] > 2 * 365


@pytest.mark.parametrize("days", [30, 182])
def test_an_audit_finds_every_lost_record(days):
    for _, events in simulated("officers.trained_share=0", f"records.audit_interval_days={days}"):
        found = events[events.event == "record_found"]
        assert set(found.outcome) == {"at_audit"}
        assert set(found.day // 1 % days) == {0}  # at midnight, or when work under way then is done
        lost = events[events.event == "record_lost"]
        assert len(lost[lost.day < events.day.max() // days * days - 1]) <= len(found) + (
            events[events.event == "left_register"].offender.isin(lost.offender).sum()
            + (events.event == "to_custody").sum()
        )


def test_a_lever_can_begin_audits():
    begin = "levers=[{from: 2026-01-01, set: {records.audit_interval_days: 30}}]"
    for _, events in simulated("officers.trained_share=0", begin):
        found = events[events.event == "record_found"]
        assert found.day.min() >= 486
        assert len(found) > 10


def test_a_notification_finds_lost_records():
    settings = ("officers.trained_share=0", "notifications.interval_days=365", "notifications.missed_share=0")
    always = [total for total, _ in simulated(*settings, "records.found_at_notification=1")]
    never = [total for total, _ in simulated(*settings, "records.found_at_notification=0")]
    assert sum(t["lost_records", "at_end"] for t in always) < 0.6 * sum(t["lost_records", "at_end"] for t in never)


def test_untrained_officers_take_longer_at_desk_work():
    def minutes(share: int) -> float:
        (_, events), *_ = simulated(f"officers.trained_share={share}", replications=1)
        return float(events[events.event == "review"].minutes.mean())

    assert minutes(0) == pytest.approx(1.3 * minutes(1), rel=0.05)
