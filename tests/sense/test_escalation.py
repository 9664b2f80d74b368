"""What follows failed visits: without escalation an offender can be attempted often and seen never."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.measure import tabulate
from sim.model import simulate
from sim.scenario import read

SMALL = Path(__file__).parents[2] / "scenarios" / "small.yaml"
GONE = (
    "end=2028-08-31",
    "missing.leave_home_per_year=0.03",
    "missing.found_by_tracing=0.5",
    "notifications.interval_days=never",
    "visits.no_contact.unannounced=0.1",
    "officers.trained_share=1",  # who goes unseen has left home: no record is lost
    "turnover.leaving_per_year={under_2_years: 0, from_2_to_5_years: 0, over_5_years: 0}",
    "turnover.vacant_at_start=0",
    "register.recalls_per_year=0",
    "breaches.outcome={warning: 1, charge: 0, custody: 0}",
)
ESCALATION = ("escalation.after_failed_attempts=3", "escalation.warrant_delay_days=14")


def simulated(*settings: str, replications: int = 2):
    scenario = read(SMALL, (*GONE, *settings)).scenario
    for replication in range(replications):
        result = simulate(scenario, replication, log_events=True)
        table = tabulate(scenario, result)
        total = table[(table.group == "total") & (table.statistic == "at_end")].set_index("metric").value
        yield total, result.events


def test_escalation_ends_the_years_not_seen():
    for (never, _), (escalated, _) in zip(simulated(), simulated(*ESCALATION), strict=True):
        assert never.longest_unseen_days > 3 * 365
        assert escalated.longest_unseen_days < 0.6 * never.longest_unseen_days
        assert never.warrants_executed == 0
        assert escalated.warrants_executed > 10


def test_who_has_left_home_is_never_seen_at_a_visit():
    for _, events in simulated(*ESCALATION):
        left = events[events.event == "left_home"].groupby("offender").day.min()
        found = events[(events.event == "tracing") & (events.outcome == "seen")].groupby("offender").day.min()
        seen = events[(events.event == "visit") & (events.outcome == "seen")]
        for offender, day in left.items():
            back = found.get(offender, float("inf"))
            assert not seen[(seen.offender == offender) & (seen.day > day + 1) & (seen.day < back)].size


def test_a_warrant_comes_after_the_third_failed_visit_in_a_row_and_not_before_its_delay():
    for _, events in simulated(*ESCALATION):
        warrants = events[events.event == "warrant"]
        assert len(warrants) > 10
        for offender, until in zip(warrants.offender, warrants.day, strict=True):
            before = events[(events.offender == offender) & (events.day < until)]
            before = before[before.event.isin(["visit", "warrant", "tracing"])].tail(3)
            assert list(before.outcome) == ["no_contact"] * 3
            assert until >= before.day.iloc[-1] // 1 + 14


def test_the_missing_are_traced_or_stay_missing():
    for total, events in simulated(*ESCALATION):
        unknown = events[events.outcome == "whereabouts_unknown"]
        found = events[(events.event == "tracing") & (events.outcome == "seen")]
        left = events[events.event == "left_register"].offender
        still = len(unknown) - len(found) - unknown.offender.isin(set(left) - set(found.offender)).sum()
        assert total.offenders_missing == still


@pytest.mark.parametrize("after", [1, 2, 5])
def test_earlier_escalation_finds_the_gone_earlier(after):
    sooner = [total for total, _ in simulated(f"escalation.after_failed_attempts={after}")]
    later = [total for total, _ in simulated(f"escalation.after_failed_attempts={after + 4}")]
    assert sum(total.warrants_executed for total in sooner) > sum(total.warrants_executed for total in later)


def test_anyone_is_recalled_to_custody_has_been_found():
    settings = ("missing.leave_home_per_year=1", "register.recalls_per_year=1", "officers.total=20", "end=2026-08-31",
                "visits.no_contact={announced: 0, unannounced: 0}")  # fmt: skip
    back = 0
    for _, events in simulated(*settings):
        gone: set[int] = set()
        recalled: set[int] = set()
        for event, outcome, offender in events[["event", "outcome", "offender"]].itertuples(index=False):
            if event == "left_home":
                gone.add(offender)
            elif event == "to_custody" and offender in gone:
                gone.remove(offender)
                recalled.add(offender)
            elif outcome == "whereabouts_unknown":
                gone.discard(offender)  # and traced from now on
            elif event == "visit" and offender not in gone and offender in recalled:
                assert outcome == "seen"
                back += 1
    assert back > 50
