"""The smallest forces: no officers, no offenders, one day, one of each. All are result to the end."""

import numpy as np
import pytest

from sim.measure import METRICS, tabulate
from sim.model import codes
from tests.support.force import force, hours, simulate_force

SMALL_FORCES = {
    "no officers": ("officers.total=0",),
    "no officers in a pool": ("officers.total=0", "caseload.allocation=pooled"),
    "no offenders": ("caseload.total=0",),
    "no offenders, ever": ("caseload.total=0", "register.new_per_year=0"),
    "nobody at all": ("teams=[{name: Nobody, officers: 0, offenders: 0}]", "register.new_per_year=0"),
    "one day": ("end=2024-09-02",),
    "one day off": ("start=2024-09-01", "end=2024-09-01"),
    "eight days": ("end=2024-09-09",),
    "one of each": ("teams=[{name: Pair, officers: 1, offenders: 1}]", "visits.crew=1", "register.new_per_year=0"),
    "one alone in a team for two": ("teams=[{name: Pair, officers: 1, offenders: 20}]",),
    "work that takes no time": ("visits.visit_hours=0", "visits.travel_hours=0", "visits.write_up_hours=0",
                                "visits.failed_attempt_hours=0", "reviews.hours=0", "notifications.hours=0"),
    "no time for the caseload": ("officers.available_share=0",),
    "due again at once": ("visits.interval_days=1", "end=2024-09-15"),
    "nothing to do": ("visits.interval_days=never", "reviews.interval_days=never", "notifications.interval_days=never",
                      "breaches.per_year=0", "register.new_per_year=0"),
    "everybody sick": ("officers.sickness={spells_per_year: 366, days: 300}",),
    "all in custody at once": ("breaches.per_year=366", "breaches.outcome={warning: 0, charge: 0, custody: 1}",
                               "end=2024-12-31"),
    "everybody dies": ("register.deaths_and_moves_per_year=366",),
}  # fmt: skip


@pytest.mark.parametrize("small_force", SMALL_FORCES)
def test_the_smallest_forces_run_to_the_end(small_force):
    settings = SMALL_FORCES[small_force]
    table = tabulate(force(*settings), simulate_force(*settings))
    assert set(table.metric) == {name for name, metric in METRICS.items() if metric.part == "caseload"}
    assert not np.isinf(table.value).any()
    assert table.day.max() == force(*settings).horizon_days


def value(metric: str, statistic: str, *settings: str) -> float:
    table = tabulate(force(*settings), simulate_force(*settings))
    chosen = (table.metric == metric) & (table.statistic == statistic) & (table.group == "total")
    return float(table.value[chosen].iloc[0])


def test_without_officers_nothing_is_done_and_everybody_is_unallocated():
    result = simulate_force("officers.total=0")
    assert result.tasks == 0
    assert hours(result, codes.HOURS_AVAILABLE) == 0
    managed = value("offenders_managed", "at_end", "officers.total=0")
    assert value("unallocated_offenders", "at_end", "officers.total=0") == managed > 0
    assert np.isnan(value("caseload_per_officer", "at_end", "officers.total=0"))
    assert np.isnan(value("workload_ratio", "average", "officers.total=0"))


def test_without_offenders_every_hour_is_idle():
    result = simulate_force(*SMALL_FORCES["no offenders, ever"])
    available = hours(result, codes.HOURS_AVAILABLE)
    assert available > 0
    assert hours(result, codes.HOURS_IDLE) == pytest.approx(available)
    assert value("utilisation", "average", *SMALL_FORCES["no offenders, ever"]) == pytest.approx(0, abs=1e-12)


def test_a_lone_officer_cannot_make_visits_for_two_but_does_the_rest():
    events = simulate_force(*SMALL_FORCES["one alone in a team for two"]).events
    assert not events.event.isin(["visit", "initial_assessment", "enquiry"]).any()
    assert {"review", "notification"} <= set(events.event)


def test_one_officer_and_one_offender_meet_at_every_interval():
    settings = (*SMALL_FORCES["one of each"], "visits.interval_days=60", "visits.no_contact.announced=0",
                "visits.no_contact.unannounced=0", "reviews.interval_days=never", "breaches.per_year=0",
                "register.deaths_and_moves_per_year=0", "register.periods=[{years: indefinite, share: 1}]",
                "officers.leave_days=0", "officers.sickness.spells_per_year=0",
                "officers.court_and_training_days=0")  # fmt: skip
    visits = simulate_force(*settings).events.query("event == 'visit'")
    gaps = np.diff(np.floor(visits.day))
    # 7 days early at the soonest; on a bank holiday or a weekend, some days later.
    assert len(gaps) >= 8
    assert ((gaps >= 53) & (gaps <= 57)).all()


def test_where_everybody_leaves_nobody_is_left():
    assert value("offenders_managed", "at_end", *SMALL_FORCES["everybody dies"]) <= 1
